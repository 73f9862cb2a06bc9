import { LockstepError } from '../errors.ts';
import { checkIdentity } from './kinds.ts';
import { isProtected, privateHeader } from './sshfile.ts';

/** One identity in a key file. */
export interface KeyItem {
  /** `AGE-SECRET-KEY-…`, or a private key file's text. */
  readonly text: string;
  /** The first line of the comment above it, `#` taken off: its name in our own backups. */
  readonly comment: string | undefined;
}

/** What stands in a key file's text. */
export interface KeyText {
  /** Identities that can be used as they are. */
  readonly identities: readonly KeyItem[];
  /** SSH private keys that need a pass phrase (`unlockPrivateFile`). */
  readonly locked: readonly KeyItem[];
  /** The lines with identities of age plugins, which are not handled. */
  readonly plugins: readonly number[];
}

/**
 * The text of an age key file: identities with white space between them (sops takes several a line in SOPS_AGE_KEY), blank
 * lines and lines that begin with `#` skipped. SSH private keys may stand among them, or alone. Throws BAD_IDENTITY with the
 * line and `what` as `readPrivateFile`, `public` (a public key stands there) or `path` (the path of a file), or without a line
 * when nothing of all this stands there (`none`).
 */
export function readKeyText(text: string): KeyText {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const found: Found = { identities: [], locked: [], plugins: [] };
  // Undefined: what follows an identity without a blank line is no comment on the next one.
  let comments: string[] | undefined = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '') comments = [];
    else if (line.startsWith('#')) comments?.push(line.replace(/^#\s*/, ''));
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

interface Found {
  readonly identities: KeyItem[];
  readonly locked: KeyItem[];
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
  const locked = isProtected(text);
  if (!locked) checkIdentity(text);
  found[locked ? 'locked' : 'identities'].push({ text, comment });
}

function sortWord(text: string, line: number, comment: string | undefined, found: Found): void {
  if (/^AGE-PLUGIN-[A-Z0-9-]+1[A-Z0-9]+$/.test(text)) found.plugins.push(line);
  else {
    const what = mistaken(text);
    if (what) throw new LockstepError('BAD_IDENTITY', { what });
    checkIdentity(text);
    found.identities.push({ text, comment });
  }
}

/** What people put where a private key should be. */
function mistaken(text: string): 'public' | 'path' | undefined {
  if (/^age1[a-z0-9]+$/.test(text) || /^(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+$/.test(text)) return 'public';
  return /^(?:~|\.{0,2}[\\/]|[A-Za-z]:[\\/])/.test(text) ? 'path' : undefined;
}
