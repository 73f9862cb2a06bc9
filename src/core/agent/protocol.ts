import type { Command } from '../age/plugin/stanzas.ts';
import { base64, fromBase64, utf8 } from '../bytes.ts';

/**
 * What a program asks of the process that holds the keys, and what it gets: data keys and file keys, never private keys. One JSON
 * object on a line each way; both ends read only what has this shape.
 */
const agentVersion = 1;

/** The variables by which a process is told of an agent. Neither is a secret. */
export const agentVariables = {
  /** The path of the socket. */
  socket: 'LOCKSTEP_AGENT',
  /** The id of the launch that a process was started for: it opens the files of that launch without a question. */
  launch: 'LOCKSTEP_LAUNCH',
} as const;

/** What is to be opened: a data key as a file holds it, or the header of an age file. */
export type WantedKey =
  | {
      /** An armored age file: the text of `enc`, byte for byte. Its plain bytes are wanted. */
      readonly enc: string;
      /** The recipient that the file names beside it, a label. */
      readonly recipient?: string | undefined;
      /** What shows that the program has this key already (`held.ts`): it only wants to know whether the agent opens it, too. */
      readonly held?: string | undefined;
    }
  | {
      /** The stanzas of an age file, whose file key is wanted. */
      readonly stanzas: readonly Command[];
    };

export interface AgentRequest {
  readonly keys: readonly WantedKey[];
  readonly launch?: string | undefined;
  /** What the program says of itself, which the agent trusts as far as it can see it for itself. */
  readonly pid?: number | undefined;
  readonly cwd?: string | undefined;
  /** It asks for the process that started it, such as age a plugin: that is the one that a person is asked about. */
  readonly forParent?: boolean | undefined;
}

/** Who asks, as far as that can be known. For the question to a person, and for what they allow; it protects nothing by itself. */
export interface AgentClient {
  readonly pid?: number | undefined;
  /** When the process began, by the system's count: tells it from a later one of the same number. */
  readonly began?: string | undefined;
  /** The file that it runs, by its path. */
  readonly program?: string | undefined;
  /** The script, where the program is one that runs scripts. */
  readonly script?: string | undefined;
  /** It is one that runs scripts, and runs none: what it does was said in its arguments, or typed. */
  readonly unscripted?: boolean | undefined;
  readonly cwd?: string | undefined;
  /** The processes that it comes from, the nearest first. */
  readonly parents?: readonly { readonly pid: number; readonly began: string; readonly program?: string | undefined }[];
}

/** A key that was opened. */
export interface OpenedKey {
  /** The data key or the file key, the caller's to wipe. */
  readonly key: Uint8Array;
  /** The public key of the private key that opened it. */
  readonly recipient: string;
}

/** Why there is no key. The first ones come from an agent, the last ones from looking for one. */
const agentCodes = [
  'DENIED', // the person said no, now or for good
  'NO_ANSWER', // nobody answered the question in time
  'LOCKED', // the keys are locked, or were while the question stood
  'CLOSED', // the window closes, or the agent ends
  'UNTRUSTED', // the workspace is in Restricted Mode
  'NOT_MINE', // no key here opens it; nobody was asked
  'BUSY', // too many others ask
  'BAD_MESSAGE', // the message is none, or too long, or of another version
  'FAILED', // the agent met an error of its own
  'NO_AGENT', // there is none
  'SILENT', // there is one, and it says nothing
  'FOREIGN', // the socket belongs to another user, or could
] as const;
export type AgentCode = (typeof agentCodes)[number];

/** The keys in the order of the request, undefined for one that no key here opens; or why there are none. */
export type AgentAnswer = { readonly keys: readonly (OpenedKey | undefined)[] } | { readonly code: AgentCode };

/** Answers one request. Never throws. */
export type Answering = (request: AgentRequest, client: AgentClient) => Promise<AgentAnswer>;

/** A message has at most this many bytes: the keys of a file that 700 people read. */
export const maxMessage = 1024 * 1024;
const most = { keys: 1024, enc: 64 * 1024, stanzas: 1024, args: 64, text: 4096 } as const;

/** How long a person has to answer, in milliseconds. */
export const patience = 60_000;

export function requestLine({ keys, launch, pid, cwd, forParent }: AgentRequest): string {
  const wanted = keys.map((one) =>
    'enc' in one ? one : { stanzas: one.stanzas.map(({ args, body }) => ({ args, body: base64(body) })) },
  );
  return `${JSON.stringify({ lockstep: agentVersion, keys: wanted, launch, pid, cwd, forParent })}\n`;
}

/** Undefined for anything that is no request of this version. */
export function readRequest(line: string): AgentRequest | undefined {
  const { keys, launch, pid, cwd, forParent } = messageOf(line) ?? {};
  if (!isList(keys, most.keys) || keys.length === 0) return undefined;
  const wanted = keys.map(wantedOf);
  const said = [launch, cwd].every((text) => text === undefined || isText(text, most.text));
  if (!said || !(pid === undefined || (Number.isSafeInteger(pid) && Number(pid) > 0))) return undefined;
  if (!wanted.every((one) => one !== undefined)) return undefined;
  return { keys: wanted, launch, pid, cwd, ...(forParent === true && { forParent }) } as AgentRequest;
}

function wantedOf(value: unknown): WantedKey | undefined {
  if (!isObject(value)) return undefined;
  const { enc, recipient, held, stanzas } = value;
  const said = [recipient, held].every((text) => text === undefined || isText(text, most.text));
  if (isText(enc, most.enc) && said) return { enc, recipient, held } as WantedKey;
  if (!isList(stanzas, most.stanzas) || stanzas.length === 0) return undefined;
  const read = stanzas.map(stanzaOf);
  return read.every((one) => one !== undefined) ? { stanzas: read } : undefined;
}

function stanzaOf(value: unknown): Command | undefined {
  if (!isObject(value)) return undefined;
  const { args, body } = value;
  if (!isList(args, most.args) || args.length === 0) return undefined;
  if (!args.every((arg): arg is string => isText(arg, most.enc) && /^[\x21-\x7e]+$/.test(arg))) return undefined;
  const bytes = isText(body, most.enc) ? fromBase64(body) : undefined;
  return bytes && { args, body: bytes };
}

export function answerLine(answer: AgentAnswer): string {
  if ('code' in answer) return `${JSON.stringify({ lockstep: agentVersion, code: answer.code })}\n`;
  const keys = answer.keys.map((one) => one && { recipient: one.recipient, key: base64(one.key) });
  return `${JSON.stringify({ lockstep: agentVersion, keys: keys.map((one) => one ?? null) })}\n`;
}

/** What tells a client that its request arrived, and a person is asked perhaps. */
export const waitLine = `${JSON.stringify({ lockstep: agentVersion, wait: true })}\n`;

/** `wait` for a `waitLine`. Undefined for anything that is no answer of this version to so many keys. */
export function readAnswer(line: string, count: number): AgentAnswer | 'wait' | undefined {
  const { wait, code, keys } = messageOf(line) ?? {};
  if (wait === true) return 'wait';
  const known = agentCodes.find((one) => one === code);
  if (known) return { code: known };
  if (!isList(keys, count) || keys.length !== count) return undefined;
  const opened = keys.map((one) => (one === null ? undefined : (openedOf(one) ?? 'bad')));
  return opened.every((one) => one !== 'bad') ? { keys: opened } : undefined;
}

function openedOf(value: unknown): OpenedKey | undefined {
  if (!isObject(value) || !isText(value.recipient, most.text) || !isText(value.key, most.text)) return undefined;
  const key = fromBase64(value.key);
  return key && { key, recipient: value.recipient };
}

function messageOf(line: string): Readonly<Record<string, unknown>> | undefined {
  if (line.length > maxMessage || utf8(line).length > maxMessage) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) && value.lockstep === agentVersion ? value : undefined;
  } catch {
    // Also a RangeError, for one that is nested too deep.
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown, length: number): value is readonly unknown[] =>
  Array.isArray(value) && value.length <= length;
const isText = (value: unknown, length: number): value is string => typeof value === 'string' && value.length <= length;
