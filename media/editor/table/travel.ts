import type { Row, RowId, RowsChanged } from '../../../src/protocol/messages.ts';

/**
 * Where in the new rows a change is that an undo or redo made: at what came, else at what looks otherwise, else where
 * something went. A group whose number of rows alone changed is not what a person looks for. `rows`: those before.
 */
export function changedAt(rows: readonly Row[], change: RowsChanged, current: RowId | undefined): number {
  const { at, remove } = change;
  const before = new Map(rows.slice(at, at + remove).map((row) => [row.id, row]));
  const after = new Set(change.rows.map(({ id }) => id));
  const first = (fits: (row: Row) => boolean) => {
    const index = change.rows.findIndex(fits);
    return index < 0 ? undefined : at + index;
  };
  const gone = rows.slice(at, at + remove).findIndex(({ id }) => !after.has(id));
  const looks = (row: Row | undefined) => JSON.stringify({ ...row, children: 0 });
  return (
    first(({ id }) => !before.has(id)) ??
    (gone < 0 ? undefined : at + gone) ??
    first((row) => looks(before.get(row.id)) !== looks(row)) ??
    // Only the order is another.
    first(({ id }) => id === current) ??
    at
  );
}
