import { readSealed, type Sealed } from '../core/sops/sealed.ts';
import { keyOf } from '../core/sops/value.ts';
import { showPath } from '../core/tree/path.ts';
import type { Io } from './io.ts';

/** Names at most. */
const most = 5;

/**
 * Tells which values of a changed file are new in clear text. That is what the file's own rules say, as with sops; but nothing
 * seals those rules, and whoever can change the file can change them.
 */
export function tellClear(io: Io, label: string, before: Sealed, text: string): void {
  const inClear = ({ leaves }: Sealed) =>
    leaves.filter(({ selected, node: { scalar } }) => !selected && scalar.type !== 'null' && scalar.value !== '');
  const mark = ({ id, node }: Sealed['leaves'][number]) => `${id} ${keyOf(node.scalar)}`;
  const known = new Set(inClear(before).map(mark));
  const fresh = inClear(readSealed(text, before.format)).filter((leaf) => !known.has(mark(leaf)));
  if (fresh.length === 0) return;
  const names = fresh.slice(0, most).map(({ path }) => showPath(path));
  const rest = fresh.length > most ? ` and ${fresh.length - most} more` : '';
  io.writeStderr(`lockstep: ${label}: In clear text by the file's own rules: ${names.join(', ')}${rest}\n`);
}
