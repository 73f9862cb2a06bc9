import { LockstepError } from '../errors.ts';
import { entriesOf } from '../format/place.ts';
import type { Opened } from '../open/open.ts';
import type { Clock } from '../ports.ts';
import type { Change } from '../seal/sign.ts';
import { collect } from '../sops/sealed.ts';
import type { Scalar } from '../tree/value.ts';
import { scalar } from '../tree/value.ts';
import { changeTree, type Draft } from './draft.ts';
import { idOfPath, locate } from './locate.ts';
import { put, replace } from './operations.ts';

export interface NamedValue {
  readonly name: string;
  readonly value: Scalar;
}

/**
 * Give the top level of the first document these entries: values of names that are there are replaced, the others come at
 * the end. Throws what `addNodes` throws; ENTRY_EXISTS for a name that is a group; NOT_SELECTED for one that stands in clear
 * text, or would.
 */
export function putEntries(opened: Opened, entries: readonly NamedValue[], clock: Clock): Promise<Change> {
  return changeTree(opened, (draft) => putAll(opened, draft, entries), false, clock);
}

function putAll({ sealed }: Opened, draft: Draft, entries: readonly NamedValue[]): void {
  const fresh: NamedValue[] = [];
  for (const entry of entries) {
    if (!names(draft).has(entry.name)) fresh.push(entry);
    else {
      const place = locate(draft.doc, idOfPath(0, [entry.name]));
      if (place.node.kind !== 'scalar') throw new LockstepError('ENTRY_EXISTS', { path: [entry.name] });
      replace(draft, place, scalar(entry.value));
    }
  }
  const root = draft.doc.documents[0];
  if (!root) throw new LockstepError('EMPTY_FILE');
  const members = fresh.map(({ name, value }) => ({ key: name, value: scalar(value) }));
  put(draft, 0, [], root, entriesOf(root).length, members);
  const given = new Set(entries.map(({ name }) => idOfPath(0, [name])));
  for (const leaf of collect(draft.doc, sealed.metadata.selector).leaves)
    if (given.has(leaf.id) && !leaf.selected) throw new LockstepError('NOT_SELECTED', { path: leaf.path });
}

const names = (draft: Draft): ReadonlySet<string> => {
  const root = draft.doc.documents[0];
  return new Set(root ? entriesOf(root).map((entry) => entry.key) : []);
};
