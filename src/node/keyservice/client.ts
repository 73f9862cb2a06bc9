import { equal, tryUtf8, utf8, wipe } from '../../core/bytes.ts';
import { LockstepError, type Word } from '../../core/errors.ts';
import type { NamedKeys } from '../../core/keys/others.ts';
import type { StopSignal } from '../../core/platform/keyservices.ts';
import { keyParts } from '../../core/sops/keyparts.ts';
import { type ForeignKind, isAge, type KeyKind } from '../../core/sops/kinds.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import { writeRequest } from './messages.ts';
import type { Answered } from './port.ts';

/** A key service at a place that the user named, or that was started for this process. */
export interface Service {
  /** `unix:///path` or `tcp://host:port`. Rejects with a KEY_SERVICE fault of `kind`: it could not be started. */
  readonly uri: (kind: ForeignKind) => Promise<string>;
}

/** Milliseconds for an answer: a cloud asks for a sign-in, a service asks a person. */
const patience = 60_000;

/**
 * The keys of the services, each asked in turn until one does it, as sops does. Throws KEY_SERVICE with what the one did that got furthest.
 * @param signal ends what waits for an answer
 */
export function serviceKeys(
  services: readonly Service[],
  signal: (() => StopSignal) | undefined,
  wait = patience,
): NamedKeys {
  const ask = (method: 'Encrypt' | 'Decrypt', key: KeyName, bytes: Uint8Array) =>
    askEach(services, { method, key, bytes, signal: signal?.(), wait });
  return {
    unwrap: async (wrapped) => fitting(wrapped.kind, await ask('Decrypt', wrapped, utf8(wrapped.enc))),
    async wrap(dataKey, key) {
      requireVersion(key);
      const enc = wrapText(key.kind, await ask('Encrypt', key, dataKey));
      await requireSame(dataKey, key, () => ask('Decrypt', key, utf8(enc)));
      return enc;
    },
  };
}

/** What is stored without the version opens only until the key is rotated; sops asks Azure for it, a key service does not say. */
function requireVersion({ kind, name }: KeyName): void {
  if (kind === 'azure_kv' && name.endsWith('/')) throw new LockstepError('BAD_RECIPIENT', { what: 'azure-version' });
}

/**
 * What a service has wrapped it has to open as the same key again: else the file would be lost with it. One that may wrap only, as in a
 * build, says so, and is taken at its word.
 */
async function requireSame(dataKey: Uint8Array, { kind }: KeyName, again: () => Promise<Uint8Array>): Promise<void> {
  const opened = await again().catch((error) => {
    if (error instanceof LockstepError && error.code === 'KEY_SERVICE' && unable.has(error.place.what))
      return undefined;
    throw error;
  });
  if (!opened) return;
  const same = equal(opened, dataKey);
  wipe(opened);
  if (!same) throw fault(kind, 'answer');
}

const unable = new Set<Word<'KEY_SERVICE'>>(['denied', 'failed']);

interface Question {
  readonly method: 'Encrypt' | 'Decrypt';
  readonly key: KeyName;
  readonly bytes: Uint8Array;
  readonly signal: StopSignal | undefined;
  readonly wait: number;
}

/** How far a service got: of several the one counts that got furthest. */
const steps: readonly Word<'KEY_SERVICE'>[] = [
  'unreachable',
  'unsupported',
  'version',
  'ended',
  'silent',
  'answer',
  'failed',
  'denied',
];

async function askEach(services: readonly Service[], question: Question): Promise<Uint8Array> {
  const { key } = question;
  let [furthest, step]: [LockstepError | undefined, number] = [undefined, -1];
  for (const service of services) {
    try {
      return await askOne(service, question);
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'KEY_SERVICE') throw error;
      if (error.place.what === 'stopped') throw error;
      const reached = steps.indexOf(error.place.what);
      if (reached > step) [furthest, step] = [error, reached];
    }
  }
  throw furthest ?? fault(key.kind, 'unreachable');
}

async function askOne({ uri }: Service, { method, key, bytes, signal, wait }: Question): Promise<Uint8Array> {
  const kind = foreign(key.kind);
  const request = writeRequest(kind, keyParts(key), bytes);
  try {
    const at = await uri(kind);
    const { askService } = await import('./grpc.ts');
    const answer: Answered = await askService(at, method, request, wait, signal);
    if (answer instanceof Uint8Array) return answer;
    throw fault(kind, answer.what, reasonOf(answer.text, bytes));
  } finally {
    // It holds the data key, when that is to be wrapped.
    request.fill(0);
  }
}

/** A data key, or a part of one with its coordinate behind it. */
function fitting(kind: KeyKind, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 32 || bytes.length === 33) return bytes;
  wipe(bytes);
  throw fault(kind, 'answer');
}

/** What stands in a file: one line of text. */
function wrapText(kind: KeyKind, bytes: Uint8Array): string {
  const text = tryUtf8(bytes);
  if (text === undefined || !/^[!-~]+$/.test(text)) throw fault(kind, 'answer');
  return text;
}

const longest = 300;

/** A service's own words in one line; none when the key that it was given is in them, in any of its usual spellings. */
function reasonOf(text: string | undefined, secret: Uint8Array): string | undefined {
  const line = text?.replace(/\s+/g, ' ').trim();
  if (!text || !line) return undefined;
  const bytes = Buffer.from(secret);
  const spellings = [
    ...[bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')],
    ...[bytes.toString('latin1'), bytes.toString(), secret.join(' '), secret.join(',')],
  ];
  const told = text.toLowerCase();
  if (spellings.some((spelling) => told.includes(spelling.toLowerCase()))) return undefined;
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** A fault of a key service. */
export function fault(kind: KeyKind, what: Word<'KEY_SERVICE'>, reason?: string): LockstepError {
  return new LockstepError('KEY_SERVICE', { kind: foreign(kind), what, ...(reason !== undefined && { reason }) });
}

function foreign(kind: KeyKind): ForeignKind {
  if (isAge(kind)) throw new TypeError('age keys are opened here');
  return kind;
}
