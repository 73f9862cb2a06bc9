import { lostKey } from '../enckeys/keys.ts';
import type { Opened } from '../open/open.ts';
import { flatText } from '../tree/flattext.ts';
import { samePath } from '../tree/path.ts';
import { written } from './apply.ts';
import type { Planned } from './plan.ts';

/** The named encryption keys of a file that a plan replaces. Throws BAD_ENCRYPTION_KEY for a value that cannot take the place of one. */
export function lostInPlan(opened: Opened, plan: readonly Planned[]): string[] {
  return written(plan).flatMap(({ path, value, fate }) => {
    const text = value?.kind === 'scalar' ? flatText(value.scalar) : undefined;
    const there = fate === 'replaced' ? opened.sealed.leaves : [];
    return there.flatMap((leaf) => {
      if (leaf.document > 0 || !samePath(leaf.path.slice(0, path.length), path)) return [];
      return lostKey(opened, leaf, leaf.path.length === path.length ? text : undefined) ?? [];
    });
  });
}
