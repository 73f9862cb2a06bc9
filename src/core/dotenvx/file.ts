import { assignments, readNpm } from '../env/npm.ts';
import { LockstepError } from '../errors.ts';
import type { Entry, SourceDocument } from '../format/document.ts';
import { dotenv } from '../format/dotenv/dotenv.ts';
import { formatOfName } from '../format/which.ts';
import type { Metadata } from '../sops/metadata.ts';
import { type Collected, collect, type Sealed } from '../sops/sealed.ts';
import { defaultSelector } from '../sops/selection.ts';
import { isDotenvx, isDotenvxKey } from '../tokens/dotenvx.ts';

/**
 * A `.env` of dotenvx: each value is encrypted by itself, for the public key that is in the file. It is taken apart line by line as a `.env`
 * of SOPS is, so that its entries can be moved, renamed and removed the same way; what stands behind the sign is read as dotenvx reads it.
 */

/** What dotenvx keeps for itself in such a file. */
export const isOwnName = (name: string): boolean => /^DOTENV_(?:PUBLIC|PRIVATE)_KEY(?:_|$)/.test(bareName(name));

/** A name without `export` and spaces. */
export const bareName = (key: string): string => key.trim().replace(/^export\s+/, '');

/** Whether dotenvx leaves the value of a name as it is. */
export const isLeftPlain = (key: string): boolean => bareName(key).endsWith('_PLAIN');

/** Whether a text under a name is such a file, seen without reading all of it. */
export function isDotenvxFile(path: string, text: string): boolean {
  return formatOfName(path) === 'dotenv' && /^[ \t]*(?:export[ \t]+)?DOTENV_PUBLIC_KEY\w*[ \t]*=/m.test(text);
}

/** An entry as the file has it behind the sign, with quotes and a comment. */
export function rawOf({ text }: SourceDocument, { value }: Pick<Entry, 'value'>): string {
  return text.slice(value.span.start, value.span.end);
}

/** The value in it: encrypted, or as it is. Nothing is expanded. */
export const valueIn = (raw: string): string => readNpm(`A=${raw}`).get('A') ?? '';

/** The same text with another spelling of the value; a comment behind it stays. */
export function withValue(raw: string, spelled: string): string {
  const [found] = assignments(`A=${raw}`);
  if (!found) return spelled;
  return raw.slice(0, found.valueStart - 2) + spelled + raw.slice(found.valueEnd - 2);
}

/** An encrypted value as the file has it. dotenvx runs `$(…)` and expands `$X` in what it decrypts, unless it stands in single quotes. */
export const dotenvxQuoted = (sealed: string, plain: string): string =>
  /[$\\]/.test(plain) ? `'${sealed}'` : `"${sealed}"`;

/** All lines of the file, its public key too. Throws what `parse` throws. */
export function linesOf(text: string): Collected {
  const collected = collect(dotenv.parse(text), defaultSelector);
  return { ...collected, comments: collected.comments.map((one) => ({ ...one, selected: false })) };
}

/**
 * The file without its public key, which is what it is sealed by. Throws SYNTAX where a line is no entry, and for a value of several lines;
 * BAD_METADATA for a public key that is none.
 */
export function readDotenvx(text: string): Sealed {
  const { doc, comments } = linesOf(text);
  const [root] = doc.documents;
  if (!root) throw new LockstepError('EMPTY_FILE');
  const isOwn = (member: (typeof root.members)[number]) => member.kind === 'entry' && isOwnName(member.key);
  const publicKey = keyIn(doc, root.members.filter(isOwn) as Entry[]);
  const shown: SourceDocument = {
    ...doc,
    documents: [{ ...root, members: root.members.filter((one) => !isOwn(one)) }],
  };
  const leaves = collect(shown, defaultSelector).leaves.map((leaf) => {
    const encrypted = isDotenvx(valueIn(rawOf(doc, { value: leaf.node })));
    return { ...leaf, selected: encrypted, encrypted };
  });
  return { format: 'dotenv', doc: shown, leaves, comments, metadata: readBy(publicKey), dotenvx: { publicKey } };
}

function keyIn(doc: SourceDocument, own: readonly Entry[]): string {
  const keys = own.map((one) => valueIn(rawOf(doc, one)).toLowerCase());
  const found = keys.find(isDotenvxKey);
  if (found === undefined) throw new LockstepError('BAD_METADATA', { field: 'DOTENV_PUBLIC_KEY' });
  return found;
}

/** For whom it is encrypted; nothing else is said of the whole file. */
const readBy = (publicKey: string): Metadata => ({
  groups: [],
  shamirThreshold: 0,
  recipients: [publicKey],
  foreign: [],
  lastModified: '',
  mac: undefined,
  version: '',
  selector: defaultSelector,
  macOnlyEncrypted: false,
});
