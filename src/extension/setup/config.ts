import * as vscode from 'vscode';
import { recipientsWithRecovery } from '../../core/backup/recovery.ts';
import { addRule } from '../../core/rules/edit.ts';
import { pathRegex } from '../../core/rules/scopes.ts';
import { configName } from '../../core/view/names.ts';
import type { Services } from '../services.ts';
import { byConfig, changeConfig, chooseReaders } from '../session/newrule.ts';

/** Those of some files that no rule covers. Throws BAD_CONFIG. */
export async function uncovered({ rules }: Services, files: readonly vscode.Uri[]): Promise<readonly vscode.Uri[]> {
  const covered = await Promise.all(files.map(async (file) => (await rules.find(file)) !== undefined));
  return files.filter((_, i) => !covered[i]);
}

/**
 * Sees to it that each of these files has a rule, in the `.sops.yaml` that counts for it: adds one rule for those that none covers
 * yet, and writes a file for the folder where there is none. Resolves to whether it wrote, and to undefined where the person left the
 * question for whom. Throws BAD_CONFIG and what writing throws.
 */
export async function ensureRules(
  services: Services,
  folder: vscode.WorkspaceFolder,
  files: readonly vscode.Uri[],
  recipient: string,
): Promise<boolean | undefined> {
  const bare = await uncovered(services, files);
  const top = vscode.Uri.joinPath(folder.uri, configName);
  const places = new Map((await byConfig(services, bare)).map((one) => [one.config.toString(), one]));
  if (!places.has(top.toString())) places.set(top.toString(), { config: top, files: [], paths: [] });
  let wrote = false;
  for (const { config, files: own, paths } of places.values()) {
    const recipients = await chooseReaders(services, own[0], recipient, vscode.l10n.t('Set Up Secrets'));
    if (!recipients) return undefined;
    const done = await changeConfig(services, config, (text) => {
      const alone = text === undefined || text.trim() === '';
      if (!alone && paths.length === 0) return undefined;
      const all = recipientsWithRecovery(text, recipients);
      return addRule(text, { pathRegex: pathRegex(paths, alone), recipients: all }, Number.POSITIVE_INFINITY);
    });
    wrote ||= done;
  }
  return wrote;
}
