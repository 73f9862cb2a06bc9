import { formatOfName } from '../format/which.ts';
import type { Rule } from '../rules/rules.ts';
import { choosesFiles } from '../session/inspect.ts';
import { isConfigName, isKeyName, isStoreName } from '../view/names.ts';

/** Folders that a package manager or git fills: no file in them is anybody's secret file. */
export const unsurveyedFolders = ['node_modules', '.git', '.venv', '.lockstep'] as const;

const inFolder = new RegExp(`(?:^|[/\\\\])(?:${unsurveyedFolders.join('|').replaceAll('.', '\\.')})[/\\\\]`);
const otherNames = /\.(?:enc|sops|encrypted)$/;

/** Whether a file may be a secret file by its name alone, which is all that most files are asked for. */
export function mayHoldSecrets(path: string): boolean {
  if (isConfigName(path) || inFolder.test(path)) return false;
  return formatOfName(path) !== 'binary' || isKeyName(path) || isStoreName(path) || otherNames.test(path);
}

/** The same for every other name: those that a rule chooses. @param rule the one that covers it. */
export function isChosen(path: string, rule: Rule | undefined): boolean {
  return rule !== undefined && !isConfigName(path) && !inFolder.test(path) && choosesFiles(rule);
}

/** Whether a file may be encrypted although its name does not say so: sops encrypts any file. Only its bytes can tell. */
export function mayBeSealed(path: string): boolean {
  return !isConfigName(path) && !inFolder.test(path);
}
