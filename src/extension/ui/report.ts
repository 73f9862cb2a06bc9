import * as vscode from 'vscode';
import { isOurs } from '../../core/errors.ts';
import { type CommandId, commands } from '../ids.ts';
import { describeError } from '../log.ts';
import type { Services } from '../services.ts';
import { fileName, wordsOfAny } from './words.ts';

type Reporting = Pick<Services, 'ui' | 'log'>;

/** A button that takes the next step. */
export interface Step {
  readonly verb: string;
  readonly run: () => Thenable<unknown>;
}

/**
 * Shows a failure in plain words with the next step; the code goes to the log. Does not wait for an answer.
 * @param own the button where the caller knows a better one
 */
export function report(services: Reporting, error: unknown, uri?: vscode.Uri, own?: Step): void {
  const { ui, log } = services;
  log.error(describeError(error));
  const { message, next } = wordsOfAny(error, uri && fileName(uri));
  const step = own ?? stepFor(error);
  const details = vscode.l10n.t('Details');
  void ui.error(`${message} ${next}`, ...(step ? [step.verb] : []), details).then((verb) => {
    if (verb === undefined) return;
    if (verb === details) log.show(true);
    else if (verb === step?.verb) Promise.resolve(step.run()).catch((failed) => report(services, failed, uri));
  });
}

/** A button for errors whose next step is a command of ours. */
function stepFor(error: unknown): Step | undefined {
  if (!isOurs(error)) return undefined;
  const step = (verb: string, id: CommandId): Step => ({ verb, run: () => vscode.commands.executeCommand(id) });
  switch (error.code) {
    case 'NO_IDENTITY':
      return step(vscode.l10n.t('Import Key'), commands.importKey);
    case 'NOT_A_RECIPIENT':
    case 'NO_AGE_RECIPIENT':
      return step(vscode.l10n.t('Copy My Public Key'), commands.copyPublicKey);
    case 'LOCKED':
      return step(vscode.l10n.t('Unlock'), commands.unlock);
    default:
      return undefined;
  }
}
