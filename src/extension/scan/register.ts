import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { secretFiles } from '../surface.ts';
import { quickFixes } from './actions.ts';
import { findInWorkspace } from './find.ts';
import { Known } from './known.ts';
import { findLeftOver } from './leftover.ts';
import { moveToSecrets } from './move.ts';
import { sayNotSecret } from './notsecret.ts';
import { Problems } from './problems.ts';

/** Secrets that stand in files as plaintext: found, moved to an encrypted file, or said to be none; and copies that were left behind. */
export function register(services: Services): Feature {
  const known = new Known(services);
  const problems = new Problems(services, known);
  return {
    commands: {
      [commands.findSecrets]: () => findInWorkspace(services, known, problems),
      [commands.moveToSecrets]: (...ids) => moveToSecrets(services, known, ids),
      [commands.notSecret]: (...ids) => sayNotSecret(services, known, ids),
      [commands.findLeftOver]: () => findLeftOver(services, known),
    },
    disposable: vscode.Disposable.from(
      known,
      problems,
      vscode.languages.registerCodeActionsProvider(secretFiles, quickFixes, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    ),
  };
}
