import { withoutQuotes } from '../env/differences.ts';
import { LockstepError } from '../errors.ts';
import type { Opened } from '../open/open.ts';
import type { Leaf } from '../sops/sealed.ts';
import type { Scalar } from '../tree/value.ts';
import type { Step } from './intent.ts';

/** The entries of a dotenv file whose quotes are a part of the value for sops, while loaders take them off. */
export function quotedLeaves(opened: Opened): Leaf[] {
  if (opened.sealed.format !== 'dotenv') return [];
  return opened.sealed.leaves.filter((leaf) => bareText(opened.value(leaf.id)) !== undefined);
}

/** The text of a dotenv value as loaders read it, without its quotes; undefined for one that has none. */
export function bareText(value: Scalar | undefined): string | undefined {
  return value?.type === 'str' && typeof value.value === 'string' ? withoutQuotes(value.value) : undefined;
}

/**
 * The steps that give entries of a dotenv file the value that a loader reads; what has no quotes stays. Throws BAD_VALUE with
 * the path of a value that sops could not hold.
 */
export function unquoting(opened: Opened, ids: ReadonlySet<string>): Step[] {
  return quotedLeaves(opened).flatMap(({ id, path }) => {
    const text = ids.has(id) ? bareText(opened.value(id)) : undefined;
    if (text === undefined) return [];
    // How sops spells a line break: it cannot be told from one.
    if (text.includes('\\n')) throw new LockstepError('BAD_VALUE', { path, what: 'backslash-n' });
    return [{ kind: 'set', id, value: { type: 'str', value: text } } as const];
  });
}
