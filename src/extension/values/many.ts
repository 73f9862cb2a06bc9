import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import { planForRule } from '../../core/keys/updatekeys.ts';
import { changeMany } from '../batch/many.ts';
import type { Services } from '../services.ts';

const { t } = vscode.l10n;

/** Gives several files the readers that their rules name, all of them or none. */
export async function updateReadersOfMany(services: Services, files: readonly vscode.Uri[]): Promise<void> {
  await changeMany(services, {
    title: t('Update who can read {0} files', files.length),
    verb: t('Update Who Can Read Them'),
    intro: t('No value changes.'),
    onRemoval: t('Whoever is removed may have kept the data keys: rotate those afterwards.'),
    files,
    async wanted(file, { metadata }) {
      const rule = (await services.rules.find(file))?.rule;
      if (!rule) throw new LockstepError('NO_RULE');
      const { groups, threshold } = planForRule(metadata, rule);
      return { groups, threshold: threshold.after };
    },
  });
}

/** Gives several files new data keys, for the same people, all of them or none. */
export async function rotateMany(services: Services, files: readonly vscode.Uri[]): Promise<void> {
  await changeMany(services, {
    title: t('Rotate the data keys of {0} files', files.length),
    verb: t('Rotate Data Keys'),
    intro: t(
      'All values are encrypted anew, for the same people. The values stay the same: one that somebody has seen who should not must be replaced at its source. Old versions in git stay readable with the old data keys.',
    ),
    files,
    wanted: async (_, { metadata: { groups, shamirThreshold } }) => ({
      groups,
      threshold: shamirThreshold,
      rotate: true,
    }),
  });
}
