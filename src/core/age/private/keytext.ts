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

/** A comment that names somebody: not one of age-keygen's own, and not empty. */
const named = /^#\s*(?!(?:created|public key):)(\S.*)$/;

/** What a key file's text holds. */
interface KeyText {
  /** Keys that can be used as they are. */
  readonly keys: readonly FoundKey[];
  readonly locked: readonly LockedKey[];
  /** The lines with identities of age plugins, which are not handled. */
  readonly plugins: readonly number[];
}

/**
 * The text of an age key file: identities with white space between them (sops takes several a line in SOPS_AGE_KEY), blank
 * lines and lines that begin with `#` skipped. SSH private keys may be among them, or alone. Throws BAD_IDENTITY with the
 * line and `what` as `PrivateKey.of`, `public` (a public key) or `path` (the path of a file), or without a line when the text
 * has none of these (`none`).
 */
export function readKeyText(text: string): KeyText {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const found: Found = { keys: [], locked: [], plugins: [] };
  // Undefined: what follows an identity without a blank line is no comment on the next one.
  let comments: string[] | undefined = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '') comments = [];
    else if (line.startsWith('#')) comments?.push(...(named.exec(line)?.slice(1) ?? []));
    else {
      const first = i;
      i = lastLine(lines, i);
      sortAt(first + 1, lines.slice(first, i + 1), comments?.[0], found);
      comments = undefined;
    }
  }
  if (Object.values(found).every((list) => list.length === 0))
    throw new LockstepError('BAD_IDENTITY', { what: 'none' });
  return found;
}

/**
 * The keys of a key file's text, none of which needs a pass phrase. Throws BAD_IDENTITY as `readKeyText`, and with `what`:
 * `ssh-passphrase` (an SSH key among them is protected), `plugin` (identities of age plugins alone).
 */
export function parseIdentities(text: string): PrivateKey[] {
  const { keys, locked } = readKeyText(text);
  if (locked.length > 0) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-passphrase' });
  if (keys.length === 0) throw new LockstepError('BAD_IDENTITY', { what: 'plugin' });
  return keys.map(({ key }) => key);
}

interface Found {
  readonly keys: FoundKey[];
  readonly locked: LockedKey[];
  readonly plugins: number[];
}

/** The last line of what begins here: the line itself, or the end of a PEM block, or of the text when that does not end. */
function lastLine(lines: readonly string[], from: number): number {
  const type = privateHeader.exec(lines[from] ?? '')?.[1];
  if (!type) return from;
  const end = lines.indexOf(`-----END ${type}-----`, from);
  return end < 0 ? lines.length - 1 : end;
}

function sortAt(line: number, lines: readonly string[], comment: string | undefined, found: Found): void {
  try {
    if (privateHeader.test(lines[0] ?? '')) sortFile(`${lines.join('\n')}\n`, comment, found);
    else for (const word of lines[0]?.split(/\s+/) ?? []) sortWord(word, line, comment, found);
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

function sortWord(text: string, line: number, comment: string | undefined, found: Found): void {
  if (/^AGE-PLUGIN-[A-Z0-9-]+1[A-Z0-9]+$/.test(text)) found.plugins.push(line);
  else {
    const what = mistaken(text);
    if (what) throw new LockstepError('BAD_IDENTITY', { what });
    found.keys.push({ key: PrivateKey.of(text), comment });
  }
}

/** What people put where a private key should be. */
function mistaken(text: string): 'public' | 'path' | undefined {
  if (/^age1[a-z0-9]+$/.test(text) || /^(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+$/.test(text)) return 'public';
  return /^(?:~|\.{0,2}[\\/]|[A-Za-z]:[\\/])/.test(text) ? 'path' : undefined;
}
