import { LockstepError } from '../../errors.ts';
import { PrivateKey } from './privatekey.ts';
import { isProtected, privateHeader } from './sshfile.ts';

/** A private key in a key file. */
export interface FoundKey {
  readonly key: PrivateKey;
  /** The first line of the comment above it that age-keygen does not write by itself, `#` taken off: its name. */
  readonly comment: string | undefined;
}

/** An SSH private key that needs a pass phrase (`unlockPrivateFile`). */
interface LockedKey {
  /** Its file, which is encrypted. */
  readonly text: string;
  readonly comment: string | undefined;
}

/** A comment that names somebody: not one of age-keygen's or a plugin's own, and not empty. */
const named = /^#\s*(?!(?:created|public key|recipient)\s*:)(\S.*)$/i;
/** The public key of the identity below, as age-keygen and plugins write it. */
const publicKey = /^#\s*(?:public key|recipient)\s*:\s*(age1\S+)$/i;

/** What a key file's text holds. */
interface KeyText {
  /** Keys that can be used as they are. */
  readonly keys: readonly FoundKey[];
  readonly locked: readonly LockedKey[];
}

/**
 * The text of an age key file: identities with white space between them (sops takes several a line in SOPS_AGE_KEY), blank
 * lines and lines that begin with `#` skipped. SSH private keys may be among them, or alone. Throws BAD_IDENTITY with the
 * line and `what` as `PrivateKey.of`, `public` (a public key) or `path` (the path of a file), or without a line when the text
 * has none of these (`none`).
 */
export function readKeyText(text: string): KeyText {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const found: Found = { keys: [], locked: [] };
  // Undefined: what follows an identity without a blank line is no name of the next one.
  let comments: string[] | undefined = [];
  let recipient: string | undefined;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '') comments = [];
    else if (line.startsWith('#')) {
      comments?.push(...(named.exec(line)?.slice(1) ?? []));
      recipient = publicKey.exec(line)?.[1] ?? recipient;
    } else {
      const first = i;
      i = lastLine(lines, i);
      sortAt(first + 1, lines.slice(first, i + 1), { comment: comments?.[0], recipient }, found);
      comments = undefined;
      recipient = undefined;
    }
  }
  if (Object.values(found).every((list) => list.length === 0))
    throw new LockstepError('BAD_IDENTITY', { what: 'none' });
  return found;
}

/**
 * The keys of a key file's text, none of which needs a pass phrase. Throws BAD_IDENTITY as `readKeyText`, and with `what`
 * `ssh-passphrase` when an SSH key among them is protected.
 */
export function parseIdentities(text: string): PrivateKey[] {
  const { keys, locked } = readKeyText(text);
  if (locked.length > 0) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-passphrase' });
  return keys.map(({ key }) => key);
}

interface Found {
  readonly keys: FoundKey[];
  readonly locked: LockedKey[];
}

/** What the comments above an identity say of it. */
interface About {
  readonly comment: string | undefined;
  readonly recipient: string | undefined;
}

/** The last line of what begins here: the line itself, or the end of a PEM block, or of the text when that does not end. */
function lastLine(lines: readonly string[], from: number): number {
  const type = privateHeader.exec(lines[from] ?? '')?.[1];
  if (!type) return from;
  const end = lines.indexOf(`-----END ${type}-----`, from);
  return end < 0 ? lines.length - 1 : end;
}

function sortAt(line: number, lines: readonly string[], about: About, found: Found): void {
  try {
    if (privateHeader.test(lines[0] ?? '')) sortFile(`${lines.join('\n')}\n`, about.comment, found);
    else for (const word of lines[0]?.split(/\s+/) ?? []) sortWord(word, about, found);
  } catch (error) {
    throw error instanceof LockstepError && error.code === 'BAD_IDENTITY'
      ? error.at({ line })
      : new LockstepError('BAD_IDENTITY', { line });
  }
}

function sortFile(text: string, comment: string | undefined, found: Found): void {
  if (isProtected(text)) found.locked.push({ text, comment });
  else found.keys.push({ key: PrivateKey.of(text), comment });
}

function sortWord(text: string, { comment, recipient }: About, found: Found): void {
  const what = mistaken(text);
  if (what) throw new LockstepError('BAD_IDENTITY', { what });
  found.keys.push({ key: PrivateKey.of(text, recipient), comment });
}

/** What people put where a private key should be. */
function mistaken(text: string): 'public' | 'path' | undefined {
  if (/^age1[a-z0-9]+$/.test(text) || /^(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+$/.test(text)) return 'public';
  return /^(?:~|\.{0,2}[\\/]|[A-Za-z]:[\\/])/.test(text) ? 'path' : undefined;
}
