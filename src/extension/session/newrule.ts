import * as vscode from 'vscode';
import { recipientsWithRecovery } from '../../core/backup/recovery.ts';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { publicMode } from '../../core/platform/disk.ts';
import { addRecipient, addRule } from '../../core/rules/edit.ts';
import { scopesOf } from '../../core/rules/scopes.ts';
import { visible } from '../../core/tree/path.ts';
import { diskOf } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { fileName } from '../ui/words.ts';
import { chooseIdentity } from '../vault/ownkey.ts';
import { pathFrom } from './rules.ts';
import { documentOf } from './tabs.ts';

const { t } = vscode.l10n;

/**
 * Asks what a new rule for some files is to cover, and writes it: as the last one of the nearest `.sops.yaml`, so that no file gets
 * another rule than before. @param recipients one's own key by default. Resolves to whether every file has a rule now. Throws BAD_CONFIG and what writing throws.
 */
export async function offerRule(
  services: Services,
  files: readonly vscode.Uri[],
  title: string,
  recipients?: readonly string[],
): Promise<boolean> {
  const key = recipients ? undefined : await chooseIdentity(services, title, files[0]);
  if (!recipients && !key) return false;
  for (const { config, paths, files: own } of await byConfig(services, files)) {
    const items = scopesOf(paths).map(({ kind, name, pathRegex }) => ({
      ...scopeWords(kind, visible(name)),
      pathRegex,
    }));
    const placeholder = t('No rule covers it yet. Write one to {0} for:', fileName(config));
    const chosen = await services.ui.pick(items, { title, placeholder });
    const readers = chosen && (recipients ?? (key && (await chooseReaders(services, own[0], key.recipient, title))));
    if (!readers) return false;
    await changeConfig(services, config, (text) =>
      addRule(
        text,
        { pathRegex: chosen.pathRegex, recipients: recipientsWithRecovery(text, readers) },
        Number.POSITIVE_INFINITY,
      ),
    );
  }
  return true;
}

/** One's own key, or the people whom one shares another rule with: asked only where there is such a rule. */
export async function chooseReaders(
  { rules, ui }: Services,
  file: vscode.Uri | undefined,
  own: string,
  title: string,
): Promise<readonly string[] | undefined> {
  const shared = ((file && (await rules.around(file))) ?? []).filter(
    ({ groups, recipients, foreign }) =>
      groups.length === 1 && foreign.length === 0 && recipients.length > 1 && recipients.includes(own),
  );
  // The same people by several rules are one choice.
  const teams = [...new Map(shared.toReversed().map((rule) => [[...rule.recipients].sort().join(), rule])).values()];
  if (teams.length === 0) return [own];
  const items = [
    { id: 'own', icon: 'person', label: t('Only Me'), recipients: [own] as readonly string[] },
    ...teams.toReversed().map(({ recipients, pathRegex }, i) => ({
      id: `team${i}`,
      icon: 'organization',
      label: t('The {0} People of {1}', recipients.length, visible(pathRegex ?? t('the rule for every file'))),
      recipients,
    })),
  ];
  return (await ui.pick(items, { title, placeholder: t('Who can read it?') }))?.recipients;
}

function scopeWords(kind: ReturnType<typeof scopesOf>[number]['kind'], name: string) {
  switch (kind) {
    case 'files':
      return { id: kind, icon: 'file', label: t('Only {0}', name) };
    case 'ending':
      return { id: kind, icon: 'files', label: t('Every {0} File', name) };
    case 'name':
      return { id: kind, icon: 'files', label: t('Every File Named {0}', name) };
    case 'folder':
      return { id: kind, icon: 'folder', label: t('Every File in {0}', name) };
  }
}

/** Some files of the workspace by the `.sops.yaml` that is or will be theirs, with their paths as it sees them. */
export async function byConfig(
  { rules }: Services,
  files: readonly vscode.Uri[],
): Promise<
  readonly { readonly config: vscode.Uri; readonly files: readonly vscode.Uri[]; readonly paths: readonly string[] }[]
> {
  const found = new Map<string, { config: vscode.Uri; files: vscode.Uri[]; paths: string[] }>();
  for (const file of files) {
    const config = await rules.placeFor(file);
    if (!config) continue;
    const known = found.get(config.toString()) ?? { config, files: [], paths: [] };
    known.files.push(file);
    known.paths.push(pathFrom(config, file));
    found.set(config.toString(), known);
  }
  return [...found.values()];
}

/** Adds one of one's own keys to the rule of a file that names nobody. Resolves to whether it did. Throws as `offerRule`. */
export async function addOwnKey(services: Services, file: vscode.Uri): Promise<boolean> {
  const found = await services.rules.find(file);
  const key = found && (await chooseIdentity(services, t('Encrypt {0}', fileName(file)), file));
  if (!key) return false;
  await changeConfig(
    services,
    found.config,
    (text = '') => addRecipient(text, { rule: found.rule.index }, key.recipient).text,
  );
  return true;
}

/**
 * Writes a `.sops.yaml`. @param change of its text, undefined where there is none; the same text or undefined for no change.
 * Resolves to whether it wrote. Throws CHANGED_ON_DISK, NOT_A_FILE, BAD_CONFIG and what writing throws.
 */
export async function changeConfig(
  { rules, platform }: Services,
  uri: vscode.Uri,
  change: (text: string | undefined) => string | undefined,
): Promise<boolean> {
  if (documentOf(uri)?.isDirty) throw new LockstepError('CHANGED_ON_DISK', { what: 'unsaved' });
  const disk = diskOf(platform, uri);
  if (!disk) throw new LockstepError('NOT_A_FILE', { what: 'scheme' });
  // It came with the repository, and may lead to any file of this user.
  if (await disk.isLink(uri.fsPath)) throw new LockstepError('NOT_A_FILE', { what: 'link' });
  const found = await disk.readIfThere(uri.fsPath);
  const text = found && fromUtf8(found.bytes);
  const next = change(text);
  if (next === undefined || next === text) return false;
  await disk.write(uri.fsPath, utf8(next), found?.hash, { newMode: publicMode });
  rules.forget();
  return true;
}
