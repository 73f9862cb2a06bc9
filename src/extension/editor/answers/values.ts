import * as vscode from 'vscode';
import { base64 } from '../../../core/bytes.ts';
import { lostKey } from '../../../core/enckeys/keys.ts';
import { LockstepError } from '../../../core/errors.ts';
import type { Leaf } from '../../../core/sops/sealed.ts';
import { goFloat } from '../../../core/sops/value.ts';
import { showPath } from '../../../core/tree/path.ts';
import { scalarIn, textOfScalar } from '../../../core/tree/typed.ts';
import type { Scalar } from '../../../core/tree/value.ts';
import type { RowId } from '../../../protocol/messages.ts';
import type { Done, Requests, Results } from '../../../protocol/requests.ts';
import { fetchSecret } from '../../person/fetched.ts';
import { mayReplaceKey } from '../../person/lostkeys.ts';
import { type Asked, editable, step } from './asked.ts';

/** The entry behind a row. Throws NO_SUCH_ENTRY, also for a row that is no entry. */
function leafOf({ page, revision }: Asked, row: RowId): Leaf {
  const target = page.sheet.target(row, revision);
  if (target.kind !== 'entry') throw new LockstepError('NO_SUCH_ENTRY');
  return target.leaf;
}

/** The value of an entry. Throws LOCKED while locked, VALUE_DAMAGED for one that does not open. */
function openValue(asked: Asked, row: RowId): { leaf: Leaf; value: Scalar } {
  const opened = asked.page.sheet.opened();
  const leaf = leafOf(asked, row);
  const value = opened.value(leaf.id);
  if (!value) throw new LockstepError(opened.sealed.dotenvx ? 'NOT_A_RECIPIENT' : 'VALUE_DAMAGED', { path: leaf.path });
  return { leaf, value };
}

/** A number in the digits that SOPS stores, other values as a program would get them. Throws BAD_VALUE for bytes that are no text. */
function textOf(leaf: Leaf, value: Scalar): string {
  const text = value.type === 'float' ? goFloat(value.value) : textOfScalar(value);
  if (text === undefined) throw new LockstepError('BAD_VALUE', { path: leaf.path, what: 'unshown' });
  return text;
}

export async function reveal({ row }: Requests['reveal'], asked: Asked): Promise<Results['reveal']> {
  const { leaf, value } = openValue(asked, row);
  const { services, page } = asked;
  const stored = { path: leaf.path, value: textOf(leaf, value) };
  return { text: await fetchSecret(services, stored, page.sheet.document.uri) };
}

export async function edit({ row }: Requests['edit'], asked: Asked): Promise<Results['edit']> {
  const { leaf, value } = openValue(asked, row);
  return { text: textOf(leaf, value), type: value.type };
}

/** Bytes that are no text come as base64. */
export async function copy({ row }: Requests['copy'], asked: Asked): Promise<null> {
  const { leaf, value } = openValue(asked, row);
  const bytes = value.type === 'str' && typeof value.value !== 'string' ? value.value : undefined;
  await asked.services.clipboard.copy(bytes ? base64(bytes) : textOf(leaf, value), showPath(leaf.path));
  return null;
}

/** Null when the person keeps the named encryption key that is there. */
export async function set({ row, text, as }: Requests['set'], asked: Asked): Promise<Done | null> {
  const { sheet } = asked.page;
  const value = scalarIn(text, as, sheet.format);
  if (!(await mayTake(asked, row, text))) return null;
  await step(asked, vscode.l10n.t('Set Value'), () => ({ kind: 'set', id: leafOf(asked, row).id, value }));
  return { revision: sheet.revision, focus: row };
}

/** Only another key takes the place of a named encryption key, after a question. Throws BAD_ENCRYPTION_KEY. */
async function mayTake(asked: Asked, row: RowId, text: string): Promise<boolean> {
  const { sheet } = asked.page;
  if (!sheet.table.rows.some(({ id, encryptionKey }) => id === row && encryptionKey)) return true;
  const { uri } = editable(asked);
  const lost = await sheet.document.settled(async () => lostKey(sheet.opened(), leafOf(asked, row), text));
  return mayReplaceKey(asked.services, uri, lost);
}

/** The rows whose value holds a text: the search runs here, so that the page need not have the values. */
export async function findValues(
  { text, matchCase }: Requests['findValues'],
  { page: { sheet } }: Asked,
): Promise<Results['findValues']> {
  const opened = sheet.opened();
  const fold = (one: string) => (matchCase ? one : one.toLowerCase());
  const wanted = fold(text);
  if (wanted === '') return { rows: [] };
  const rows = [...sheet.table.targets].filter(([, target]) => {
    const value = target.kind === 'entry' ? opened.value(target.leaf.id) : undefined;
    return value !== undefined && fold(textOfScalar(value) ?? '').includes(wanted);
  });
  return { rows: rows.map(([row]) => row) };
}
