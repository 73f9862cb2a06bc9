import { checkRecipient, isOtherKind, isPrivateKey } from '../age/recipient.ts';
import { bareRecipient } from '../age/sshkey.ts';
import { LockstepError } from '../errors.ts';
import { hashOf } from '../hash.ts';
import { keysIn, personName } from './names.ts';

/** What somebody asks for: that a key can read files. */
export interface AccessRequest {
  /** As the person wants to be called; undefined where only a key was sent. */
  readonly name: string | undefined;
  readonly recipient: string;
  /** The path of the file that they want to read, from the root of the repository. */
  readonly file: string | undefined;
}

const fields = { name: 'Name', recipient: 'Public key', file: 'For', checksum: 'Checksum' } as const;
const head = 'Request for access';

/**
 * A request as a text to send, or a file for a pull request. Its checksum shows when a chat or somebody changed it on the way; who
 * changes it on purpose can make a new one, so the words of the key are compared by voice, and are not in it.
 * @param note sentences for whoever gets it. Throws BAD_NAME, BAD_RECIPIENT.
 */
export function writeRequest(request: AccessRequest & { readonly name: string }, note: readonly string[]): string {
  const made = { ...request, name: personName(request.name), recipient: keyOf(request.recipient) };
  const lines = (['name', 'recipient', 'file'] as const).flatMap((field) =>
    made[field] === undefined ? [] : [`${fields[field]}: ${made[field]}`],
  );
  return `${[head, '', ...lines, `${fields.checksum}: ${checksumOf(made)}`, '', ...note].join('\n')}\n`;
}

/** Longer texts are no requests. A post-quantum key has 2,000 characters. */
const longest = 10_000;

/**
 * Reads a request as it was pasted, with whatever a chat or a mail put around it; or a public key, alone or as the only one in a text.
 * Throws BAD_RECIPIENT: `private-key` wherever one is in the text; and as `checkRecipient`. BAD_REQUEST: `altered` when the
 * checksum is another one or gone, `several` keys, or nothing of the kind.
 */
export function readRequest(text: string): AccessRequest {
  if (text.length > longest) throw new LockstepError('BAD_REQUEST');
  requireNoPrivateKey(text);
  const found = Object.fromEntries(
    Object.entries(fields).map(([field, title]) => [field, fieldIn(text, title)]),
  ) as Partial<Record<keyof typeof fields, string>>;
  const isRequest = found.checksum !== undefined || text.includes(head);
  return isRequest ? checked(found) : bareKey(text);
}

function checked({ name, recipient, file, checksum }: Partial<Record<keyof typeof fields, string>>): AccessRequest {
  if (name === undefined || recipient === undefined || checksum === undefined)
    throw new LockstepError('BAD_REQUEST', { what: 'altered' });
  const request = { name, recipient: bareRecipient(recipient), file };
  if (checksum.toLowerCase().replace(/[^0-9a-f]/g, '') !== checksumOf(request).replaceAll('-', ''))
    throw new LockstepError('BAD_REQUEST', { what: 'altered' });
  return { name: personName(name), recipient: keyOf(recipient), file };
}

function bareKey(text: string): AccessRequest {
  const found = new Set(keysIn(text));
  if (found.size > 1) throw new LockstepError('BAD_REQUEST', { what: 'several' });
  const [key] = found;
  // What is no key of a known form is checked as a whole, for its own error.
  if (key === undefined && !isOtherKind(text) && !/^\s*(?:age1|ssh-|ecdsa-|sk-)/i.test(text))
    throw new LockstepError('BAD_REQUEST');
  return { name: undefined, recipient: keyOf(key ?? text), file: undefined };
}

const keyOf = (recipient: string) => bareRecipient(checkRecipient(recipient));

/** Anywhere in the text, in any case: whoever sends one has to hear of it. */
function requireNoPrivateKey(text: string): void {
  if (isPrivateKey(text) || /AGE-SECRET-KEY-|AGE-PLUGIN-|PRIVATE KEY-----/i.test(text))
    throw new LockstepError('BAD_RECIPIENT', { what: 'private-key' });
}

/** A line of a field, with the signs before and behind it that quote it or make it bold. */
function fieldIn(text: string, title: string): string | undefined {
  const line = new RegExp(`^[ \\t>*_\`|-]*${title}[*_\`]*:[*_\` \\t]*(\\S.*)$`, 'm').exec(text)?.[1];
  return line
    ?.replace(/\s+/g, ' ')
    .replace(/[ *_`|]+$/, '')
    .normalize('NFC');
}

/** 64 bits, which tell one request from another. */
function checksumOf({ name, recipient, file }: AccessRequest): string {
  const hash = hashOf(JSON.stringify(['lockstep access request 1', name, recipient, file ?? '']));
  return hash.slice(0, 16).replace(/(.{4})(?=.)/g, '$1-');
}
