import { LockstepError } from '../../core/errors.ts';
import { addEntry, removeEntry, renameEntry } from '../../core/sops/change.ts';
import type { Path } from '../../core/tree/path.ts';
import type { Place, Requests, Results, RowId } from '../../protocol/editor.ts';
import type { Asked } from './answers.ts';
import { editable, labels, scalarIn } from './changing.ts';
import { leafOf } from './values.ts';

/** The map or list that a place names. Throws NO_SUCH_ENTRY. */
function groupOf({ page, revision }: Asked, { group }: Place): { document: number; path: Path } {
  if (group === undefined) return { document: 0, path: [] };
  const target = page.sheet.target(group, revision);
  if (target.kind !== 'group') throw new LockstepError('NO_SUCH_ENTRY');
  return target;
}

const idAt = (document: number, path: Path): RowId => JSON.stringify([document, ...path]);

export async function add({ place, name, text, as }: Requests['add'], asked: Asked): Promise<Results['add']> {
  const { sheet } = asked.page;
  const value = scalarIn(text, as, sheet.format);
  let focus = '';
  await editable(asked).change(labels.add(), (opened) => {
    const { document, path } = groupOf(asked, place);
    focus = idAt(document, [...path, name]);
    return addEntry(opened, document, path, name, value, asked.services.clock);
  });
  return { revision: sheet.revision, focus };
}

export async function rename({ row, name }: Requests['rename'], asked: Asked): Promise<Results['rename']> {
  const { sheet } = asked.page;
  let focus = row;
  await editable(asked).change(labels.rename(), (opened) => {
    const { id, document, path } = leafOf(asked, row);
    focus = idAt(document, [...path.slice(0, -1), name]);
    return renameEntry(opened, id, name, asked.services.clock);
  });
  return { revision: sheet.revision, focus };
}

export async function remove({ rows }: Requests['remove'], asked: Asked): Promise<Results['remove']> {
  const { sheet } = asked.page;
  const [row, ...more] = rows;
  if (row === undefined || more.length > 0) throw new LockstepError('NO_SUCH_ENTRY');
  await editable(asked).change(labels.remove(), (opened) =>
    removeEntry(opened, leafOf(asked, row).id, asked.services.clock),
  );
  return { revision: sheet.revision };
}
