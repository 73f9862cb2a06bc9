import * as vscode from 'vscode';
import { isOurs } from '../../core/errors.ts';
import { commands } from '../ids.ts';
import { describeError } from '../log.ts';
import type { Services } from '../services.ts';
import { fileName, wordsOfAny } from './words.ts';

type Reporting = Pick<Services, 'ui' | 'log'>;

/** Tells a person about a failure, in plain words with the next step; the code goes to the log. Does not wait for an answer. */
export function report({ ui, log }: Reporting, error: unknown, uri?: vscode.Uri): void {
  log.error(describeError(error));
  const { message, next } = wordsOfAny(error, uri && fileName(uri));
  const step = stepFor(error);
  const details = vscode.l10n.t('Details');
  void ui.error(`${message} ${next}`, ...(step ? [step.verb] : []), details).then((verb) => {
    if (verb === undefined) return;
    if (verb === details) log.show(true);
    else if (verb === step?.verb) void vscode.commands.executeCommand(step.command);
  });
}

/** A button for errors whose next step is a command of ours. */
function stepFor(error: unknown): { verb: string; command: string } | undefined {
  if (!isOurs(error)) return undefined;
  switch (error.code) {
    case 'NO_RULE':
      return { verb: vscode.l10n.t('Set Up'), command: commands.setUp };
    case 'NO_IDENTITY':
      return { verb: vscode.l10n.t('Import Key'), command: commands.importKey };
    case 'NOT_A_RECIPIENT':
    case 'NO_AGE_RECIPIENT':
      return { verb: vscode.l10n.t('Copy My Public Key'), command: commands.copyPublicKey };
    case 'LOCKED':
      return { verb: vscode.l10n.t('Unlock'), command: commands.unlock };
    default:
      return undefined;
  }
}
