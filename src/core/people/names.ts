import { bareRecipient } from '../age/sshkey.ts';
import { LockstepError } from '../errors.ts';
import { kindNames } from '../sops/kinds.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { visible } from '../tree/path.ts';
import { shortRecipient } from '../view/hover.ts';

/**
 * The names of people are comments in `.sops.yaml`, which sops passes over and git reviews. They are read line by line, so
 * that a file that does not parse still names everybody.
 */

/** Recipient, as `bareRecipient` gives it → name. The name is as it stands in the file: show it through `namedKey`. */
export type Names = ReadonlyMap<string, string>;

/** One place that names a recipient. */
export interface Naming {
  readonly recipient: string;
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  /**
   * Of what a person wrote down as a name: behind the recipient, as `# Maria: age1…`, or alone on the line above. Of what serves as
   * one where there is no such comment: the anchor of the recipient, and the comment of an SSH key itself.
   */
  readonly kind: (typeof kinds)[number];
}

/** The first kind that names a recipient counts. */
const kinds = ['behind', 'written', 'above', 'anchor', 'ssh'] as const;

const keys = String.raw`\b(?:age1[a-z0-9]{20,}|ssh-(?:ed25519|rsa) +[A-Za-z0-9+/=]{40,}|[0-9A-F]{40}\b|arn:aws[\w:/.-]{10,}[\w-])`;
const anyKey = new RegExp(keys, 'g');
/** `Maria: age1…`, as the whole of a comment. */
const writtenKey = new RegExp(String.raw`^(.*[^\s:=])\s*[:=]\s*(${keys})(?:\s+\S+)?$`);

/** Longer ones are remarks about the key: they are cut. */
const longest = 60;

/** Every naming in a `.sops.yaml`, in the order of its lines. */
export function namingsIn(configText: string): Naming[] {
  const lines = configText.split(/\r\n|[\n\r]/).map(partsOf);
  return lines.flatMap((_, i) => namingsAt(lines, i));
}

/** The one name of each recipient that has any. */
export function namesIn(configText: string): Names {
  const found = namingsIn(configText);
  const best = [...found].sort((a, b) => kinds.indexOf(b.kind) - kinds.indexOf(a.kind) || b.line - a.line);
  return new Map(best.map(({ recipient, name }) => [recipient, name]));
}

/** What two names share that are one to a person. */
export const foldedName = (name: string): string => name.normalize('NFKC').toLowerCase();

/** The words for a recipient wherever one is shown: the name with the short recipient, or that alone. Nothing invisible is in it. */
export function namedRecipient(names: Names, recipient: string): string {
  const name = names.get(bareRecipient(recipient));
  return name === undefined ? shortRecipient(recipient) : `${visible(name)} (${shortRecipient(recipient)})`;
}

/** The same for a key of any kind, which is said of one that is not of age. */
export function namedKey(names: Names, { kind, name }: KeyName): string {
  return kind === 'age' ? namedRecipient(names, name) : `${kindNames[kind]} ${namedRecipient(names, name)}`;
}

interface Line {
  /** Without the comment. */
  readonly code: string;
  /** Without its signs. Undefined for a line without one. */
  readonly comment: string | undefined;
  /** The recipients before the comment. */
  readonly keys: readonly string[];
}

function partsOf(line: string): Line {
  const at = /(?:^|\s)#/.exec(line);
  const code = at ? line.slice(0, at.index) : line;
  const comment = at ? said(line.slice(at.index)) : undefined;
  return { code, comment, keys: code.match(anyKey) ?? [] };
}

/** What a comment says, in one line. No name and no key needs more of it. */
const said = (comment: string) =>
  comment
    .slice(0, 5000)
    .replace(/^[\s#]+/, '')
    .replace(/\s+/g, ' ')
    .trim();

function cut(name: string): string {
  const points = [...name];
  return points.length > longest ? `${points.slice(0, longest - 1).join('')}…` : name;
}

function namingsAt(lines: readonly Line[], i: number): Naming[] {
  const { code, comment, keys } = lines[i] as Line;
  const named = (recipient: string, name: string | undefined, kind: Naming['kind']): Naming[] =>
    name && /[\p{L}\p{N}]/u.test(name) ? [{ recipient: bare(recipient), name: cut(name), line: i + 1, kind }] : [];
  const written = comment ? writtenKey.exec(comment) : null;
  if (written) return named(written[2] ?? '', written[1], 'written');
  const [key] = keys;
  if (key === undefined || keys.length > 1) return [];
  const own = comment !== undefined && !hasKey(comment) ? comment : undefined;
  return [
    ...named(key, own, 'behind'),
    ...named(key, nameAbove(lines, i), 'above'),
    ...named(key, /&([^\s,\]}[{*&]+)\s+['"]?$/.exec(code.slice(0, code.indexOf(key)))?.[1], 'anchor'),
    ...named(key, /^\s+([^\s'",]+)/.exec(code.slice(code.indexOf(key) + key.length))?.[1], 'ssh').filter(() =>
      key.startsWith('ssh-'),
    ),
  ];
}

/**
 * A comment alone on the line above. One above several recipients without comments of their own is the heading of a list, and the last
 * of several lines is the end of a text: neither is anybody's name.
 */
function nameAbove(lines: readonly Line[], i: number): string | undefined {
  const [before, above, next] = [lines[i - 2], lines[i - 1], lines[i + 1]];
  const alone = (line: Line | undefined) => line?.comment !== undefined && line.code.trim() === '';
  if (!above?.comment || !alone(above) || alone(before) || hasKey(above.comment) || above.comment.endsWith(':'))
    return undefined;
  return next?.keys.length && next.comment === undefined ? undefined : above.comment;
}

/**
 * A name as it can be written behind a recipient: in one line, without anything invisible. Throws BAD_NAME for one that is empty, longer
 * than 60 characters, or would be read as something else.
 */
export function personName(text: string): string {
  const name = text.trim().replace(/\s+/g, ' ').normalize('NFC');
  const fits = /[\p{L}\p{N}]/u.test(name) && visible(name) === name && [...name].length <= longest;
  if (!fits || name.startsWith('#') || hasKey(name)) throw new LockstepError('BAD_NAME', { what: 'person' });
  return name;
}

/** The recipients in a text, each as `bareRecipient` gives it. */
export const keysIn = (text: string): string[] => (text.match(anyKey) ?? []).map(bare);

const hasKey = (text: string) => text.search(anyKey) !== -1;

/** SSH keys with one space, as `bareRecipient` gives them. */
const bare = (key: string) => bareRecipient(key.replace(/ +/g, ' '));
