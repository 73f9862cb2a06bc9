import * as vscode from 'vscode';
import { checkRecipient, isPrivateKey } from '../../core/age/recipient.ts';
import { groupsWithRecovery, withRecovery } from '../../core/backup/recovery.ts';
import type { BatchFile } from '../../core/batch/file.ts';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { configName } from '../../core/view/names.ts';
import { changeMany } from '../batch/many.ts';
import { diskOf, everyFileIn, writeAnywhere } from '../elsewhere.ts';
import { commands } from '../ids.ts';
import { repositoryOf } from '../outside.ts';
import { askNewPassphrase } from '../person/passphrase.ts';
import type { Services } from '../services.ts';
import { mayWrite } from '../session/trust.ts';
import { fileName } from '../ui/words.ts';
import { findEverySecretFile } from '../vault/secretfiles.ts';
import { readBack } from './backup.ts';
import { folderForBackUps } from './place.ts';
import { offerSheet } from './sheet.ts';

const { t } = vscode.l10n;

/**
 * Puts one more key into every rule, and lets it read every file that a rule covers: one that is kept elsewhere, for the day on which all
 * others are lost. Rules and files change as one.
 */
export async function addRecoveryKey(services: Services): Promise<void> {
  if (!(await mayWrite(services))) return;
  // Every rule that is on the disk: of a new one the system may tell late.
  await services.rules.renew();
  const configs = await configsOf(services);
  if (configs.length === 0) return tellNoRules(services);
  const recipient = await chooseRecipient(services);
  if (recipient === undefined) return;
  await changeMany(services, {
    title: t('Add a recovery key'),
    verb: t('Add Recovery Key'),
    intro: t(
      'Every rule names {0} from then on, and new rules do too. Whoever has its private key can read these files.',
      shortRecipient(recipient),
    ),
    files: await coveredFiles(services),
    configs: configs.flatMap(({ path, before, text }): BatchFile[] => {
      const config = withRecovery(text, recipient);
      return config === text ? [] : [{ path, before, config }];
    }),
    wanted: async (_, { metadata }) => ({
      groups: groupsWithRecovery(metadata.groups, recipient),
      threshold: metadata.shamirThreshold,
    }),
  });
}

/** The `.sops.yaml` files of the workspace that name somebody, each once: a folder may be in another one, and a file behind a link. */
async function configsOf({ platform, rules }: Services) {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const all = (await Promise.all(folders.map(({ uri }) => everyFileIn(platform, uri)))).flat();
  const found = all.filter(({ path }) => path.endsWith(`/${configName}`));
  const read = found.map(async (uri) => {
    const before = await diskOf(platform, uri)?.readIfThere(uri.fsPath);
    const around = await rules.around(vscode.Uri.joinPath(uri, '..', 'x'));
    const named = around.some(({ groups }) => groups.some((keys) => keys.length > 0));
    const path = (await platform.journals?.real(uri.fsPath)) ?? uri.fsPath;
    return before && named ? [[path, { path, before, text: fromUtf8(before.bytes) }] as const] : [];
  });
  return [...new Map((await Promise.all(read)).flat()).values()];
}

/** The encrypted files that a rule covers. */
async function coveredFiles(services: Services): Promise<vscode.Uri[]> {
  const files: vscode.Uri[] = [];
  for (const { uri } of await findEverySecretFile(services)) if (await services.rules.find(uri)) files.push(uri);
  return files;
}

async function tellNoRules({ ui }: Services): Promise<void> {
  const setUp = t('Set Up');
  const answer = await ui.info(t('There is no {0} with a rule here yet.', configName), setUp);
  if (answer === setUp) await vscode.commands.executeCommand(commands.setUp);
}

async function chooseRecipient(services: Services): Promise<string | undefined> {
  const { ui } = services;
  const title = t('Add a Recovery Key');
  const items = [
    { id: 'create', icon: 'add', label: t('Create One…'), description: t('kept in a file under a pass phrase alone') },
    { id: 'public', icon: 'key', label: t('Use a Public Key…'), description: t('of a key that is kept elsewhere') },
  ];
  const chosen = await ui.pick(items, { title, placeholder: t('It opens every file if all other keys are lost.') });
  if (chosen?.id === 'create') return createKey(services);
  if (chosen?.id !== 'public') return undefined;
  const text = await ui.input({ title, prompt: t('The public key: age1… or ssh-…'), validate: judge });
  return text?.trim();
}

function judge(text: string): string | undefined {
  if (isPrivateKey(text))
    return t('This is a private key. Do not give it to anybody: paste its public key, which starts with age1.');
  try {
    checkRecipient(text);
    return undefined;
  } catch {
    return t('This is not a public key of age or SSH.');
  }
}

/** A new key that is only in its backup. Undefined when the person gives up. */
async function createKey(services: Services): Promise<string | undefined> {
  const { ui, platform, vault, access } = services;
  const passphrase = await askNewPassphrase(services, {
    title: t('Recovery Key (1 of 2): Pass Phrase'),
    prompt: t('Whoever has the file and the pass phrase can read every secret. Six random words are a good choice.'),
    titleAgain: t('Recovery Key (2 of 2): Pass Phrase Again'),
    promptAgain: t('Type or paste it. Without the pass phrase, nobody can use the recovery key, not even you.'),
  });
  if (passphrase === undefined) return undefined;
  const title = t('Save the Recovery Key');
  const file = await ui.saveFile({ title, name: 'lockstep-recovery.age', folder: await folderForBackUps(services) });
  if (!file || !(await isSure(services, file))) return undefined;
  const { key, armored } = await vault.backUpNew(t('Recovery'), passphrase);
  access.record({ purpose: 'back-up', key: key.recipient, by: 'Add a Recovery Key', to: file.fsPath });
  await writeAnywhere(platform, file, utf8(armored));
  if (!(await readBack(services, file, passphrase)).includes(key.recipient)) {
    void ui.error(t('{0} is damaged: it could not be opened again. Nothing was changed.', fileName(file)));
    return undefined;
  }
  const message = t('The recovery key is in {0}. Keep it apart from the pass phrase.', fileName(file));
  offerSheet(services, { keys: [key], armored }, message);
  return key.recipient;
}

/** Boxes can be filled in by a command; whoever did that would know the pass phrase. */
async function isSure({ ui }: Services, file: vscode.Uri): Promise<boolean> {
  const detail = [
    t('It is encrypted with the pass phrase that was just entered. If that was not you, it was another extension.'),
    ...((await repositoryOf(file)) ? [t('The folder is in a git repository: do not commit the file.')] : []),
  ];
  const question = t('Write a new recovery key to {0}?', fileName(file));
  return ui.gesture(question, detail.join('\n\n'), t('Create Recovery Key'));
}
