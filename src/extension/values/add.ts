import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { idOfPath } from '../../core/change/locate.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Tracked } from '../../core/session/state.ts';
import { maps } from '../../core/sops/find.ts';
import type { Sealed } from '../../core/sops/sealed.ts';
import { type Path, samePath, showPath } from '../../core/tree/path.ts';
import { scalar } from '../../core/tree/value.ts';
import type { Services } from '../services.ts';
import { applyChange, requireEditable } from '../session/apply.ts';
import { findSecretFile } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { editorsOf, leafAtCursor } from '../surface.ts';
import { askValue } from './ask.ts';
import { checkName } from './names.ts';

const { t } = vscode.l10n;

interface Where {
  readonly document: number;
  readonly path: Path;
}

/** Adds an entry: where, its name, its value. */
export async function addSecret(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const file = await findSecretFile(services, ids);
  if (!file) return;
  const { document, tracked } = file;
  const { sealed } = await requireEditable(services, document, tracked.state);
  if (sealed.format === 'binary') throw new LockstepError('BAD_VALUE', { what: 'binary-file' });
  const where = await pickWhere(services, document, tracked, sealed);
  if (!where) return;
  const taken = sealed.leaves.filter((leaf) => leaf.document === where.document);
  const name = await services.ui.input({
    title: t('Add Secret'),
    prompt:
      where.path.length > 0 ? t('Name of the new secret in {0}', showPath(where.path)) : t('Name of the new secret'),
    validate: (text) =>
      checkName(text, sealed.format, (key) =>
        taken.some((leaf) => samePath(leaf.path.slice(0, where.path.length + 1), [...where.path, key])),
      ),
  });
  if (name === undefined) return;
  const path = [...where.path, name];
  const given = await askValue(services, t('Value of {0}', showPath(path)), 'str', sealed.format);
  if (!given) return;
  const to = { group: idOfPath(where.document, where.path) };
  const members = [{ key: name, value: scalar(given.value) }];
  await applyChange(services, document, (opened) => change(opened, { kind: 'add', to, members }, services.clock));
  await select(services, document, where.document, path);
}

/** The map under the cursor comes first; where there is only one, nobody is asked. */
async function pickWhere(
  services: Services,
  document: vscode.TextDocument,
  tracked: Tracked,
  sealed: Sealed,
): Promise<Where | undefined> {
  // The top level of an INI file holds sections only.
  const all = maps(sealed).filter(({ path }) => sealed.format !== 'ini' || path.length > 0);
  if (all.length === 1) return all[0];
  const at = cursorMap(document, tracked);
  const first = at && all.find((map) => map.document === at.document && samePath(map.path, at.path));
  const ordered = first ? [first, ...all.filter((map) => map !== first)] : all;
  const items = ordered.map((where) => ({ label: nameOf(where, sealed), where }));
  return (await services.ui.pick(items, { title: t('Add Secret'), placeholder: t('Where?') }))?.where;
}

function nameOf({ document, path }: Where, sealed: Sealed): string {
  const name = path.length > 0 ? showPath(path) : t('Top level');
  return sealed.doc.documents.length > 1 ? t('Document {0}: {1}', document + 1, name) : name;
}

function cursorMap(document: vscode.TextDocument, tracked: Tracked): Where | undefined {
  const editor = editorsOf(document.uri)[0];
  const leaf = editor && leafAtCursor(editor, tracked);
  if (!leaf) return undefined;
  // Out of the entry, and of the lists that it is in.
  let { length } = leaf.path;
  do length--;
  while (length > 0 && typeof leaf.path[length] === 'number');
  return { document: leaf.document, path: leaf.path.slice(0, length) };
}

/** The cursor goes to the new entry, where its lenses are. */
async function select({ sessions }: Services, document: vscode.TextDocument, index: number, path: Path): Promise<void> {
  const editor = editorsOf(document.uri)[0];
  const { state } = await sessions.ready(document);
  if (!editor || !('sealed' in state)) return;
  const leaf = state.sealed.leaves.find((one) => one.document === index && samePath(one.path, path));
  if (!leaf) return;
  const position = document.positionAt((leaf.keySpan ?? leaf.node.span).start);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
