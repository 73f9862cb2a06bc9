import * as vscode from 'vscode';
import { rotate } from '../../core/sops/rotate.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { groupLabel, groupsNeeded } from '../keygroups.ts';
import type { KeyInfo, Services } from '../services.ts';
import { applyChange, requireEditable } from '../session/apply.ts';
import { othersOf } from '../session/readers.ts';
import type { FileState } from '../session/state.ts';
import { findSecretFile } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../words.ts';

const { t } = vscode.l10n;

/** A new data key for the same people: every ciphertext changes, no value does. */
export async function rotateDataKey(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const file = await findSecretFile(services, ids);
  if (!file) return;
  await requireEditable(file.document, file.tracked.state);
  const sure = await services.ui.confirm(
    t('Give {0} a new data key?', fileName(file.document.uri)),
    `${readersOf(file.tracked.state, await services.vault.keys())}\n\n${t(
      'The values stay the same: one that somebody has seen who should not must be replaced at its source. Old versions in git stay readable with the old data key.',
    )}`,
    t('Rotate Data Key'),
  );
  if (sure) await applyChange(services, file.document, (opened) => rotate(opened, services.clock));
}

/** Whom the file says it is for: nothing seals that list, so it is named before a new key is given to everybody on it. */
function readersOf(state: FileState, keys: readonly KeyInfo[]): string {
  if (!('sealed' in state)) return '';
  const { metadata } = state.sealed;
  const needed = groupsNeeded(metadata);
  if (needed) {
    const own = new Set(keys.map((key) => key.recipient));
    const groups = metadata.groups.map((group, i) => t('Group {0}: {1}', i + 1, groupLabel(group, own)));
    return [t('All values are encrypted anew, for {0}.', needed), ...groups].join('\n');
  }
  const others = othersOf(
    metadata.recipients.map((one) => one.recipient),
    keys,
  );
  if (others.length === 0) return t('All values are encrypted anew, for you only.');
  return t('All values are encrypted anew, for you and {0}.', others.map(shortRecipient).join(', '));
}
