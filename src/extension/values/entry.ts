import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { lostKey } from '../../core/enckeys/keys.ts';
import { LockstepError } from '../../core/errors.ts';
import { requireOpen } from '../../core/session/state.ts';
import { samePath, showPath } from '../../core/tree/path.ts';
import { mayRemoveKeys } from '../person/lostkeys.ts';
import type { Services } from '../services.ts';
import { applyChange } from '../session/apply.ts';
import { sameEntry } from '../session/target.ts';
import { openedOf } from '../surface.ts';
import { checkName } from './names.ts';
import { findEditable } from './set.ts';

const { t } = vscode.l10n;

/** Gives an entry another name. */
export async function renameSecret(services: Services, ids: readonly unknown[]): Promise<void> {
  const target = await findEditable(services, ids, t('Rename Secret'));
  if (!target) return;
  const { document, leaf } = target;
  const { sealed } = requireOpen(target.tracked.state);
  const old = leaf.path.at(-1);
  if (typeof old !== 'string') throw new LockstepError('BAD_NAME', { path: leaf.path, what: 'list' });
  const beside = (key: string) => [...leaf.path.slice(0, -1), key];
  const name = await services.ui.input({
    title: t('Rename {0}', showPath(leaf.path)),
    prompt: t('Programs that read the old name do not know the new one.'),
    value: old,
    validate: (text) =>
      text === old
        ? undefined
        : checkName(text, sealed.format, (key) =>
            sealed.leaves.some(
              (one) => one.document === leaf.document && samePath(one.path.slice(0, leaf.path.length), beside(key)),
            ),
          ),
  });
  if (name === undefined || name === old) return;
  await applyChange(services, document, (opened) =>
    change(opened, { kind: 'rename', id: sameEntry(opened.sealed, leaf).id, key: name }, services.clock),
  );
  services.policies.renamed(document.uri, { document: leaf.document, from: leaf.path, to: beside(name) });
}

/** Removes an entry, after one question; undo brings it back. */
export async function deleteSecret(services: Services, ids: readonly unknown[]): Promise<void> {
  const target = await findEditable(services, ids, t('Delete Secret'));
  if (!target) return;
  const { document, leaf } = target;
  const name = showPath(leaf.path);
  const opened = openedOf(target.tracked.state);
  const lost = opened && lostKey(opened, leaf, undefined);
  const sure =
    lost !== undefined
      ? await mayRemoveKeys(services, document.uri, [lost])
      : await services.ui.confirm(
          t('Delete {0}?', name),
          t('Undo brings it back. Git history keeps it readable for everybody who could read it.'),
          t('Delete Secret'),
        );
  if (sure)
    await applyChange(services, document, (opened) => {
      const ids = [sameEntry(opened.sealed, leaf).id];
      return change(opened, { kind: 'remove', ids, keepComments: true }, services.clock);
    });
}
