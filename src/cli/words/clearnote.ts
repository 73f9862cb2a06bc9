import { inClear } from '../../core/sops/clear.ts';
import { readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { selectorText } from '../../core/sops/selection.ts';
import { keyOf } from '../../core/sops/value.ts';
import { showPath, visible } from '../../core/tree/path.ts';
import type { Io } from '../io.ts';

/**
 * Tells which values of a changed file are new as plaintext. That is what the file's own rules say, as with sops; but nothing
 * seals those rules, and whoever can change the file can change them.
 */
export function tellClear(io: Io, label: string, before: Sealed, text: string): void {
  const inClear = ({ leaves }: Sealed) =>
    leaves.filter(({ selected, node: { scalar } }) => !selected && scalar.type !== 'null' && scalar.value !== '');
  const mark = ({ id, node }: Sealed['leaves'][number]) => `${id} ${keyOf(node.scalar)}`;
  const known = new Set(inClear(before).map(mark));
  const fresh = inClear(readSealed(text, before.format)).filter((leaf) => !known.has(mark(leaf)));
  if (fresh.length === 0) return;
  const names = listed(
    fresh.map(({ path }) => showPath(path)),
    5,
  );
  io.writeStderr(`lockstep: ${label}: Plaintext by the file's own rules: ${names}\n`);
}

/**
 * Tells which values and comments of a file that was just encrypted stay as plaintext. Names that say so themselves, by their
 * suffix, are counted only; what looks like a secret is named in any case.
 */
export function tellLeft(io: Io, label: string, sealed: Sealed): void {
  const { selector } = sealed.metadata;
  const { entries, suspicious, comments, named } = inClear(sealed, selector);
  const tell = (words: string) => io.writeStderr(`lockstep: ${visible(`${label}: ${words}`)}\n`);
  const by = `by ${selector.kind} ${selectorText(selector)}`;
  if (entries.length > 0 && !sealed.leaves.some((leaf) => leaf.encrypted))
    tell(`Warning: no value is encrypted: all stay plaintext ${by}`);
  const [secrets, rest] = [entries.slice(0, suspicious), entries.slice(suspicious)];
  const though = secrets.length === 1 ? 'though it looks secret' : 'though they look secret';
  if (secrets.length > 0) tell(`Warning: plaintext ${by}, ${though}: ${listed(secrets.map(showPath))}`);
  if (rest.length > 0 && named)
    tell(
      rest.length === 1
        ? `1 value stays plaintext by its suffix ${selectorText(selector)}.`
        : `${rest.length} values stay plaintext by their suffix ${selectorText(selector)}.`,
    );
  else if (rest.length > 0) tell(`Plaintext ${by}: ${listed(rest.map(showPath))}${commentsToo(comments)}`);
}

/** The first names, and how many more there are. */
export function listed(names: readonly string[], most = 10): string {
  return names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '');
}

const commentsToo = (count: number) => (count === 0 ? '' : ` and ${count} comment${count === 1 ? '' : 's'}`);
