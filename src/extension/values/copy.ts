import * as vscode from 'vscode';
import { LockstepError, Refusal } from '../../core/errors.ts';
import { showPath } from '../../core/tree/path.ts';
import { textOfScalar } from '../../core/tree/typed.ts';
import { mayTell } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { again, findTarget, type Target } from '../session/target.ts';
import { openedOf } from '../surface.ts';
import { fileName } from '../ui/words.ts';

const { t } = vscode.l10n;

/** Copies a value; the clipboard is cleared after the set time. */
export async function copyValue(services: Services, ids: readonly unknown[]): Promise<void> {
  const target = await findTarget(services, ids, t('Copy Value'));
  if (!target) return;
  const name = showPath(target.leaf.path);
  const text = textOfScalar(scalarAt(target));
  if (text === undefined) {
    void services.ui.info(t('{0} holds bytes that are no text, so it cannot be copied. Use sops in a terminal.', name));
    return;
  }
  const { document, tracked } = target;
  const message = t('Copy the value of {0} in {1}?', name, fileName(document.uri));
  // A value of a plain file stands there for every extension to read.
  const plain = tracked.state.kind === 'plain';
  if (!plain && !(await mayTell(services, document, message, t('Copy Value')))) return;
  const now = plain ? text : textOfScalar(scalarAt(await again(services, target)));
  if (now === undefined) return;
  services.access.record({ purpose: 'copy', uri: document.uri, key: name, by: 'text editor' });
  await services.clipboard.copy(now, name);
}

/** Throws why there is none. */
function scalarAt({ tracked: { state }, leaf }: Target) {
  if (state.kind === 'plain') return leaf.node.scalar;
  if (state.kind === 'unreadable') throw state.error;
  const value = openedOf(state)?.value(leaf.id);
  if (!value)
    throw state.kind === 'locked'
      ? new Refusal('LOCKED', { path: leaf.path })
      : new LockstepError('VALUE_DAMAGED', { path: leaf.path });
  return value;
}
