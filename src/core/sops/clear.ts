import type { FormatId } from '../format/document.ts';
import { getFormat } from '../format/which.ts';
import type { Path } from '../tree/path.ts';
import type { Scalar } from '../tree/value.ts';
import { type Collected, collect } from './sealed.ts';
import { defaultSelector, type Selector } from './selection.ts';

/** What a selector leaves as plaintext when a file is encrypted. Key paths only. */
interface InClear {
  /** Entries with a value, those that look like secrets first; in file order else. */
  readonly entries: readonly Path[];
  /** How many of them, from the first on, look like secrets by their names or values. */
  readonly suspicious: number;
  readonly comments: number;
  /** The names say themselves that they are meant to be read: they end in the suffix of the selector. */
  readonly named: boolean;
}

/** What stays plaintext in a file, encrypted or as `plainLeaves` judges it. @param selector that of the file. */
export function inClear({ leaves, comments }: Pick<Collected, 'leaves' | 'comments'>, selector: Selector): InClear {
  const open = leaves.filter(({ selected, node: { scalar } }) => !selected && holdsSomething(scalar));
  const marked = open.map(({ path, node }) => ({ path, secret: looksSecret(path, node.scalar) }));
  const secrets = marked.filter(({ secret }) => secret);
  return {
    entries: [...secrets, ...marked.filter(({ secret }) => !secret)].map(({ path }) => path),
    suspicious: secrets.length,
    comments: comments.filter(({ selected, node }) => !selected && 'text' in node && node.text.trim() !== '').length,
    named: selector.kind === 'unencrypted_suffix',
  };
}

/** The same of a plain file, before it is encrypted. Throws what `parse` throws, and TOO_LARGE. */
export function inClearOf(plain: string, format: FormatId, selector: Selector): InClear {
  return inClear(collect(getFormat(format).parse(plain), selector), selector);
}

/** Whether it is the setting that a file has when nobody chose one. */
export const isDefault = (selector: Selector) =>
  selector.kind === defaultSelector.kind && 'suffix' in selector && selector.suffix === '_unencrypted';

const holdsSomething = (scalar: Scalar) => scalar.type !== 'null' && scalar.value !== '';

const secretName =
  /(?:passw(?:or)?d|passphrase|passcode|pwd|secret|token|credentials?|(?:api|access|private|secret|signing|encryption|auth|master|service|account)key|dsn|connectionstring|webhook(?:url)?)s?$/;

/** Forms that hold a secret whatever their name is. */
const secretValues = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^AGE-SECRET-KEY-/i,
  /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i,
  /^(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|[sr]k_(?:live|test)_|AKIA|ASIA|npm_|pypi-|SG\.|hvs\.|dop_v1_|shpat_)[\w.-]{8}/,
  /^eyJ[\w-]{8,}\.[\w-]+\.[\w-]*$/,
];

/** Whether an entry holds a secret, by its name or its value. */
export function looksSecret(path: Path, scalar: Scalar): boolean {
  const name = path.findLast((part) => typeof part === 'string') ?? '';
  if (scalar.type === 'bool') return false;
  if (
    secretName.test(
      String(name)
        .toLowerCase()
        .replace(/[^a-z0-9]/g, ''),
    )
  )
    return true;
  if (scalar.type !== 'str' || typeof scalar.value !== 'string') return scalar.type === 'str';
  const { value } = scalar;
  return secretValues.some((form) => form.test(value.slice(0, 4_096))) || looksRandom(value);
}

/** Letters of both cases and digits, mixed, with few that come again: nobody's word, path or address. */
function looksRandom(text: string): boolean {
  if (!/^[\w+/=-]{20,200}$/.test(text) || !/[a-z]/.test(text) || !/[A-Z]/.test(text) || !/(?:\d\D*){3}/.test(text))
    return false;
  const changes = text.match(/[a-z](?=\d)|\d(?=[A-Za-z])|[a-z](?=[A-Z])|[A-Z](?=\d)/g)?.length ?? 0;
  return changes >= text.length / 6;
}
