import * as vscode from 'vscode';
import { type Configuration, isRecord, wantedBy } from '../../core/debug/configuration.ts';
import { visible } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { pathLine } from '../ui/words.ts';

const { t } = vscode.l10n;

/** What decides which program runs, as the debuggers that we know call it. */
const deciding = [
  ...['request', 'program', 'module', 'code', 'command', 'script', 'mainClass', 'classPaths', 'modulePaths', 'args'],
  ...['programArgs', 'vmArgs', 'runtimeExecutable', 'runtimeArgs', 'python', 'pythonArgs', 'javaExec', 'dlvToolPath'],
  ...['miDebuggerPath', 'rdbgPath', 'preRunCommands', 'initCommands', 'setupCommands', 'buildFlags', 'preLaunchTask'],
];

/**
 * Whether a person wrote a configuration down, in launch.json or a workspace file: another extension may start whatever it likes, and its
 * program would have the secrets. Debuggers add what they take where nothing is written.
 */
export function isWritten(folder: vscode.Uri | undefined, configuration: Configuration): boolean {
  const written: unknown = vscode.workspace.getConfiguration('launch', folder).get('configurations');
  return Array.isArray(written) && written.some((one) => isRecord(one) && isSame(one as Configuration, configuration));
}

function isSame(written: Configuration, started: Configuration): boolean {
  if (written.name !== started.name || textOf(wantedBy(written)) !== textOf(wantedBy(started))) return false;
  if (deciding.some((name) => !isUsual(name, started[name]) && textOf(written[name]) !== textOf(started[name])))
    return false;
  const own = isRecord(written.env) ? written.env : {};
  return Object.entries(isRecord(started.env) ? started.env : {}).every(([name, value]) => own[name] === value);
}

/** What a debugger fills in by itself. */
const isUsual = (name: string, value: unknown): boolean =>
  value === undefined || isEmpty(value) || (name === 'runtimeExecutable' && value === 'node');

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';

/** Asks a person whether a program that nobody wrote down may have secrets. */
export function askToStart({ ui }: Services, configuration: Configuration): Promise<boolean> {
  const { environment, references = {} } = wantedBy(configuration) ?? {};
  const names = Object.entries(references).map(([variable, reference]) => `• ${visible(`${variable}: ${reference}`)}`);
  const every = environment
    ? t('• all secrets of the environment “{0}”', visible(environment))
    : t('• all secrets of the active environment');
  return ui.gesture(
    t('Debug “{0}” with secrets?', visible(String(configuration.name ?? ''))),
    [
      t('This configuration is not in launch.json as it is here: another extension may have made or changed it.'),
      t('Program: {0}', programOf(configuration)),
      ...(environment === undefined ? [] : [every]),
      ...names.slice(0, 12),
    ].join('\n'),
    t('Debug With Secrets'),
  );
}

function programOf({
  program,
  module,
  command,
  mainClass,
  runtimeExecutable,
  runtimeArgs,
  type,
}: Configuration): string {
  const words = [runtimeExecutable, ...(Array.isArray(runtimeArgs) ? runtimeArgs : [])].filter((one) => !isEmpty(one));
  const named = [program, module, command, mainClass, words.join(' '), type].find(
    (one) => one !== undefined && !isEmpty(one),
  );
  return pathLine(String(named));
}
