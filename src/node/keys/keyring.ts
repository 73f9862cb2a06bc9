import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../core/env/environment.ts';

const basic = /^\s*"password-store"\s*:\s*"basic(?:_text)?"/m;

/**
 * Whether the VS Code that this process belongs to was told to use no keyring: in its `argv.json`, or where it was started. Only Linux has
 * that choice. What cannot be read says nothing.
 */
export async function isKeyringOff(
  appRoot: string,
  env: Environment,
  home: string,
  platform: NodeJS.Platform,
): Promise<boolean> {
  if (platform !== 'linux') return false;
  const settings = await textOf(join(env.VSCODE_PORTABLE ?? join(home, await dataFolder(appRoot)), 'argv.json'));
  if (basic.test(settings)) return true;
  const command = /^\d+$/.test(env.VSCODE_PID ?? '') ? await textOf(`/proc/${env.VSCODE_PID}/cmdline`) : '';
  return command.split('\0').some((word) => /^--password-store=basic(?:_text)?$/.test(word));
}

/** The folder of this kind of VS Code in the home folder: `.vscode`, `.vscode-insiders`, `.vscodium`. */
async function dataFolder(appRoot: string): Promise<string> {
  const found = /"dataFolderName"\s*:\s*"(\.[\w.-]+)"/.exec(await textOf(join(appRoot, 'product.json')));
  return found?.[1] ?? '.vscode';
}

const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');
