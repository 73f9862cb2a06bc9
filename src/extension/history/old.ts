import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import type { Intent } from '../../core/change/intent.ts';
import { parsed } from '../../core/checklist/version.ts';
import { lostKey } from '../../core/enckeys/keys.ts';
import { LockstepError } from '../../core/errors.ts';
import type { FormatId } from '../../core/format/document.ts';
import type { Opened } from '../../core/open/open.ts';
import { abbreviated } from '../../core/platform/git.ts';
import { requireOpen } from '../../core/session/state.ts';
import { labelOf } from '../../core/sops/label.ts';
import { type Leaf, readSealed } from '../../core/sops/sealed.ts';
import { flatText } from '../../core/tree/flattext.ts';
import type { Scalar } from '../../core/tree/value.ts';
import { mayReplaceKey } from '../person/lostkeys.ts';
import type { Services } from '../services.ts';
import { isShown, openAt } from '../session/tabs.ts';
import { findOpenFile } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { textOf, withTexts } from '../versions/opening.ts';
import type { Change } from './list.ts';

const { t } = vscode.l10n;

/** Where the value is that a commit has: of one that took the entry away, the value before. */
function placeOf({ commit: { path, blob, before }, kind, entry }: Change) {
  const old = kind === 'removed' ? before.find((one) => one !== undefined) : undefined;
  return { path: old?.path ?? path, blob: old?.blob ?? blob, entry };
}

/** Whether there is one that can be shown: the file on the disk is what everybody looks at anyway. */
export const hasValue = (one: Change): boolean => one.commit.made !== undefined && placeOf(one).blob !== undefined;

/**
 * The value that a commit has. Throws NO_SUCH_VERSION, NO_SUCH_ENTRY, LOCKED, and why that version cannot be opened: a version whose MAC does
 * not hold gives no value.
 */
export async function oldValue(
  services: Services,
  one: Change,
): Promise<{ readonly leaf: Leaf; readonly value: Scalar }> {
  const { root, git } = one.subject;
  const { path, blob, entry } = placeOf(one);
  let bytes: Uint8Array | undefined;
  if (blob !== undefined)
    for await (const found of git.contents(root.fsPath, [blob])) bytes = Uint8Array.from(found.bytes);
  if (!bytes) throw new LockstepError('NO_SUCH_VERSION', { what: 'content' });
  const version = { uri: vscode.Uri.joinPath(root, path), bytes };
  const known = parsed({ path, bytes }, true);
  const leaf = known?.leaves.find((one) => labelOf(one) === entry);
  if (!leaf) throw new LockstepError('NO_SUCH_ENTRY');
  if (!known?.sealed) return { leaf, value: leaf.node.scalar };
  const text = textOf(version) ?? '';
  return withTexts(services, [{ uri: version.uri, text }], async ([session]) => {
    if (!session) throw new LockstepError('NO_SUCH_VERSION');
    const opened = requireOpen(session.state);
    const value = opened.value(leaf.id);
    if (!value) throw new LockstepError('VALUE_DAMAGED', { path: leaf.path });
    return { leaf, value };
  });
}

/**
 * Puts the value of a commit into the file as it is open now: an edit like any other, which can be undone. Only another key takes the place
 * of a named encryption key, after a question.
 */
export async function restoreValue(services: Services, one: Change): Promise<void> {
  const { ui, clock } = services;
  if (!hasValue(one) || !(await mayWrite(services))) return;
  const { uri, entry } = one.subject;
  if (!services.sessions.editors.has(uri.toString()) && !isShown(uri)) await openAt(uri);
  const file = await findOpenFile(services, [uri]);
  if (!file) return;
  const old = await oldValue(services, one);
  const state = await file.ready();
  if (state.kind === 'open') {
    const now = entryIn(state.opened, entry);
    const lost = now && lostKey(state.opened, now, flatText(old.value));
    if (!(await mayReplaceKey(services, uri, lost))) return;
  }
  let isSame = true;
  await file.change(t('Restore {0}', entry), async (opened) => {
    const made = await change(opened, intentOf(opened, entry, old), clock);
    requireEncrypted(made.text, opened.sealed.format, entry, old.leaf);
    isSame = made.edits.length === 0;
    return made;
  });
  const hash = abbreviated(one.commit.made?.hash ?? '');
  void ui.info(
    isSame
      ? t('{0} has this value already.', entry)
      : t('{0} has its value of {1} again. Undo takes it back.', entry, hash),
  );
}

/** What was a secret then may stand in clear text by its name of now, or by what the file encrypts now. Throws NOT_SELECTED. */
function requireEncrypted(text: string, format: FormatId, entry: string, { encrypted }: Leaf): void {
  const now = encrypted ? readSealed(text, format).leaves.find((one) => labelOf(one) === entry) : undefined;
  if (now && !now.encrypted) throw new LockstepError('NOT_SELECTED', { path: now.path });
}

const entryIn = ({ sealed }: Opened, entry: string): Leaf | undefined =>
  sealed.leaves.find((one) => labelOf(one) === entry);

/** Throws BAD_VALUE for a value that no longer has a place, and can be said only where it stands. */
function intentOf(opened: Opened, entry: string, { leaf, value }: { leaf: Leaf; value: Scalar }): Intent {
  const now = entryIn(opened, entry);
  if (now) return { kind: 'set', id: now.id, value };
  const json = jsonOf(value);
  if (leaf.document !== 0 || json === undefined) throw new LockstepError('NO_SUCH_ENTRY', { path: leaf.path });
  return { kind: 'setPath', path: leaf.path, json };
}

function jsonOf({ type, value }: Scalar & { value?: unknown }): string | undefined {
  if (type === 'str') return typeof value === 'string' ? JSON.stringify(value) : undefined;
  return type === 'time' ? undefined : String(type === 'null' ? null : value);
}
