import * as vscode from 'vscode';
import { addRule } from '../../core/rules/edit.ts';
import { dotenvRegex, exactRegex } from '../../core/rules/scopes.ts';
import { baseOf, configName, isDotenvName } from '../../core/view/names.ts';
import type { Services } from '../services.ts';
import { byConfig, changeConfig } from '../session/newrule.ts';

/** The names that a new `.sops.yaml` covers besides dotenv files, wherever they are; what else is chosen is named exactly. */
const general = '(^|/)secrets[^/]*\\.(ya?ml|json)$';
const isGeneral = (path: string) => isDotenvName(path) || /^secrets.*\.(ya?ml|json)$/.test(baseOf(path));

/**
 * The `path_regex` of a rule for some files, by their paths from the folder of `.sops.yaml`. `alone`: it is the first
 * rule there is, so it may speak for files to come; beside other rules it names exactly these.
 */
export function pathRegex(paths: readonly string[], alone: boolean): string {
  if (!alone) return exactRegex(paths);
  const exact = paths.filter((path) => !isGeneral(path));
  return [dotenvRegex, general, ...(exact.length > 0 ? [exactRegex(exact)] : [])].join('|');
}

/**
 * Sees to it that each of these files has a rule, in the `.sops.yaml` that counts for it: adds one rule for those that none covers
 * yet, and writes a file for the folder where there is none. Resolves to whether it wrote. Throws BAD_CONFIG and what writing throws.
 */
export async function ensureRules(
  services: Services,
  folder: vscode.WorkspaceFolder,
  files: readonly vscode.Uri[],
  recipient: string,
): Promise<boolean> {
  const covered = await Promise.all(files.map(async (file) => (await services.rules.find(file)) !== undefined));
  const places = [
    ...(await byConfig(
      services,
      files.filter((_, i) => !covered[i]),
    )),
  ];
  const top = vscode.Uri.joinPath(folder.uri, configName);
  if (!places.some(({ config }) => config.toString() === top.toString()))
    places.push({ config: top, files: [], paths: [] });
  let wrote = false;
  for (const { config, paths } of places) {
    const done = await changeConfig(services, config, (text) => {
      const alone = text === undefined || text.trim() === '';
      if (!alone && paths.length === 0) return undefined;
      const rule = { pathRegex: pathRegex(paths, alone), recipients: [recipient] };
      return addRule(text, rule, Number.POSITIVE_INFINITY);
    });
    wrote ||= done;
  }
  return wrote;
}
