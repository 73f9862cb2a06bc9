import * as vscode from 'vscode';
import { rotate } from '../../core/sops/rotate.ts';
import type { Services } from '../services.ts';
import { applyChange, requireEditable } from '../session/apply.ts';
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
    t(
      'All values are encrypted anew, for the same people. The values stay the same: one that somebody has seen who should not must be replaced at its source. Old versions in git stay readable with the old data key.',
    ),
    t('Rotate Data Key'),
  );
  if (sure) await applyChange(services, file.document, (opened) => rotate(opened, services.clock));
}
