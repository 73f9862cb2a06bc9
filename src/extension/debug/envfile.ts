import * as vscode from 'vscode';
import type { Configuration } from '../../core/debug/configuration.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { isSealed } from '../../core/sops/sealed.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';

/** The Python extension reads this file where no other is named. */
const byItself = new Set(['python', 'debugpy']);

/**
 * Without an `envFile` that is encrypted: a debugger, or its extension, would give the program the ciphertext and the metadata as variables. The
 * names that we are asked for take its place.
 */
export async function withoutSealedEnvFile(
  { platform }: Services,
  folder: vscode.Uri | undefined,
  configuration: Configuration,
): Promise<Configuration> {
  const { type, envFile } = configuration;
  const name = envFile === undefined && byItself.has(type) ? '.env' : envFile;
  if (!folder || typeof name !== 'string' || name === '') return configuration;
  const path = name.replace(/^\$\{workspaceFolder\}[\\/]/, '');
  // What another variable stands for is not known yet.
  if (path.includes('${')) return configuration;
  const file = /^(?:[\\/]|[A-Za-z]:)/.test(path) ? vscode.Uri.file(path) : vscode.Uri.joinPath(folder, path);
  return (await isEncrypted(platform, file)) ? { ...configuration, envFile: '' } : configuration;
}

async function isEncrypted(platform: Services['platform'], file: vscode.Uri): Promise<boolean> {
  try {
    const { format, text } = formatOfBytes(file.path, await readAnywhere(platform, file));
    return isSealed(text, format);
  } catch {
    // There is none, or nothing that could be one.
    return false;
  }
}
