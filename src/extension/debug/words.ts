import * as vscode from 'vscode';
import type { WhyNot } from '../../core/debug/adapters.ts';
import { visible } from '../../core/tree/path.ts';

const { t } = vscode.l10n;

/** What is said of a configuration whose debugger gets no secrets. */
export const whyNot = (type: string, why: WhyNot): string =>
  ({
    attach: () => t('A program that runs already cannot be given secrets.'),
    elsewhere: () => t('This configuration has its program started elsewhere, so Lockstep cannot give it secrets.'),
    listens: () => t('This configuration starts no program, it waits for one. Lockstep cannot give that one secrets.'),
    windows: () => t('On Windows Lockstep cannot start programs for debuggers of the type “{0}”.', visible(type)),
    unknown: () =>
      t('Lockstep knows no way to give secrets to the programs of debuggers of the type “{0}”.', visible(type)),
  })[why]();

/** What helps then. */
export const attachHelp = (command: string): string =>
  t('Start the program with its secrets in a terminal, and attach the debugger to it: {0}', visible(command));

/** Before values are put where everybody can read them. */
export const whoCanRead = (): string =>
  t(
    'Lockstep can put the values into “env” of the debug configuration. Then they can be read by every extension of this window, by the debugger and its log, and by every program that you run. The output of the program stays in the Debug Console: a terminal would show the values as a part of its command line.',
  );

/** As the command line says it. */
export const sameVariable = (variable: string): string =>
  t(
    'Two entries would be the variable “{0}”. Name the one that you want in “secrets”, or give one of them another variable in .lockstep/environments.yaml.',
    visible(variable),
  );
