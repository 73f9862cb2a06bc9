import * as vscode from 'vscode';
import { printReference } from '../../core/env/references.ts';
import { isOurs } from '../../core/errors.ts';
import type { Services } from '../services.ts';
import { environmentsOf, type RunDefinition, wantedBy } from './definition.ts';

/**
 * How a program is started with secrets: our command line, which decrypts, starts it, and hides values in its output. It is given names. What
 * is wrong with those it says itself, in the terminal where somebody looks for the program's output. Throws what `cli.command` throws,
 * and BAD_REFERENCE.
 */
export async function executionOf(
  services: Services,
  folder: vscode.Uri,
  definition: RunDefinition,
  env: Readonly<Record<string, string>> = {},
): Promise<vscode.ProcessExecution> {
  const { command, args = [], cwd, redact = true } = definition;
  const words = [
    ...(await flagsOf(services, folder, definition)),
    // On a screen that others see nothing is left alone.
    ...(redact || services.presentation.on ? [] : ['--no-redact']),
  ];
  const start = await services.cli.command(['run', ...words, '--', command, ...args], { folder });
  return new vscode.ProcessExecution(start.program, [...start.args], {
    cwd: cwd === undefined ? folder.fsPath : placeOf(folder, cwd),
    env: { ...env, ...start.env },
  });
}

async function flagsOf({ environments }: Services, folder: vscode.Uri, definition: RunDefinition): Promise<string[]> {
  const wanted = wantedBy(definition);
  const secrets = (active: string | undefined) =>
    wanted.flatMap(([variable, from]) => {
      const isHere = from.environment === undefined || from.environment === active;
      return ['--secret', `${variable}=${isHere ? from.name : printReference(from)}`];
    });
  const [named] = environmentsOf(definition);
  try {
    const found = await environments.find(folder, named);
    return [...environments.flags(found), ...secrets(found.name)];
  } catch (error) {
    if (!isOurs(error)) throw error;
    // There is none of the name: the command line says so, and which there are.
    return [...(named === undefined ? [] : ['--env-name', named]), '--env-from', folder.fsPath, ...secrets(named)];
  }
}

/** VS Code puts in what stands for `${workspaceFolder}` itself. */
const placeOf = (folder: vscode.Uri, cwd: string): string =>
  /^(?:\$\{|[/\\~]|[A-Za-z]:[/\\])/.test(cwd) ? cwd : vscode.Uri.joinPath(folder, cwd).fsPath;
