import * as vscode from 'vscode';
import { isForeign } from '../../core/keys/others.ts';
import { kindsOf } from '../../core/keys/withoutage.ts';
import { visible } from '../../core/tree/path.ts';
import { configName } from '../../core/view/names.ts';
import { commands } from '../ids.ts';
import type { KeyInfo } from '../services.ts';
import { encryptAll, hasKeysFor } from '../session/encrypting.ts';
import { addIdentity, chooseIdentity } from '../vault/ownkey.ts';
import { chooseFiles, chosenFiles, decided } from './choice.ts';
import { commit, committed } from './commit.ts';
import { ensureRules, uncovered } from './config.ts';
import { type Desk, type Step, type StepId, stepIds } from './desk.ts';
import { verified, verify } from './verify.ts';
import { requireRuleKeys, rulesWithoutAge } from './withoutage.ts';

const { t } = vscode.l10n;

/** The question of a step, with its number. */
function titleOf(id: StepId, words: string): string {
  return t('Set Up Secrets ({0} of {1}): {2}', stepIds.indexOf(id) + 1, stepIds.length, words);
}

const key: Step = {
  id: 'key',
  label: t('Create or import your key'),
  what: t('The private key stays in SecretStorage; files are encrypted for its public half.'),
  async done(desk) {
    const keys = await desk.services.vault.keys();
    if (keys.length === 0) {
      const rules = await rulesWithoutAge(desk);
      const missing = rules?.some(({ foreign }) => foreign.some(isForeign)) ?? true;
      return rules && !missing ? t('not needed, the rules name {0}', kindsOf(rules)) : undefined;
    }
    return keys.length === 1 ? visible(keys[0]?.label ?? '') : t('{0} keys', keys.length);
  },
  async run(desk, alone) {
    const title = titleOf('key', t('Your Key'));
    // An age key would not help: what is missing for the keys of the rules is said instead.
    if (!alone && (await desk.services.vault.keys()).length === 0) {
      const rules = await rulesWithoutAge(desk);
      if (rules) {
        await requireRuleKeys(rules);
        return 'done';
      }
    }
    const made = alone ? await addIdentity(desk.services, title) : await chooseIdentity(desk.services, title);
    desk.key = made;
    return made ? 'done' : 'left';
  },
};

const files: Step = {
  id: 'files',
  label: t('Choose the files'),
  what: t('Lists files with plaintext secrets. You tick those to encrypt; nothing is written.'),
  async done(desk) {
    const found = await decided(desk);
    if (!found) return undefined;
    if (found.chosen + found.left === 0) return t('no plaintext file is left');
    return found.left === 0 ? t('{0} chosen', found.chosen) : t('{0} chosen, {1} left', found.chosen, found.left);
  },
  async run(desk, alone) {
    const outcome = await chooseFiles(desk, titleOf('files', t('Files to Encrypt')));
    if (alone && outcome === 'done' && (await decided(desk))?.chosen === 0) offerAnother(desk);
    return outcome;
  },
};

const rules: Step = {
  id: 'rules',
  label: t('Write {0}', configName),
  what: t('Says which files are encrypted, and for whom. Rules that are there stay.'),
  async done(desk) {
    const secret = (await desk.secret()).map(({ uri }) => uri);
    return (await areCovered(desk, [...secret, ...(await chosenFiles(desk))])) ? t('every file has a rule') : undefined;
  },
  async run(desk, alone) {
    const { services, folder } = desk;
    const chosen = await chosenFiles(desk);
    if (!(await hasKeysFor(services, chosen))) return 'left';
    const covered = await areCovered(desk, chosen);
    const own = covered ? undefined : await keyFor(desk);
    if (!covered && !own) return 'left';
    const wrote = own ? await ensureRules(services, folder, chosen, own.recipient) : false;
    if (wrote === undefined) return 'left';
    desk.wrote ||= wrote;
    if (alone) void services.ui.info(wrote ? wroteWords() : t('Every file has a rule in {0} already.', configName));
    return 'done';
  },
};

const encrypt: Step = {
  id: 'encrypt',
  label: t('Encrypt'),
  what: t('In place: names and order stay, values and comments become ciphertext.'),
  async done(desk) {
    const secret = await desk.secret();
    if (secret.length === 0 || (await chosenFiles(desk)).length > 0) return undefined;
    return secret.length === 1 ? t('1 file is encrypted') : t('{0} files are encrypted', secret.length);
  },
  async run(desk, alone) {
    const chosen = await chosenFiles(desk);
    if (!(await hasKeysFor(desk.services, chosen))) return 'left';
    desk.encrypted.push(...(await encryptAll(desk.services, chosen)));
    if (alone && chosen.length === 0) offerAnother(desk);
    return desk.encrypted.length > 0 ? 'done' : 'left';
  },
};

const verifying: Step = {
  id: 'verify',
  label: t('Verify by decrypting'),
  what: t('Every file is decrypted once in memory, and its MAC checked. Nothing is shown.'),
  async done(desk) {
    const count = await verified(desk);
    return count === undefined ? undefined : t('nothing changed since');
  },
  run: verify,
};

const backUp: Step = {
  id: 'backUp',
  label: t('Back up your key'),
  what: t('One small file under a pass phrase, and a sheet to print if you like.'),
  async done(desk) {
    const { services } = desk;
    const keys = await services.vault.keys();
    if (keys.length === 0) return (await rulesWithoutAge(desk)) ? t('there is none of age') : undefined;
    if ((await services.backUps.missing()).length > 0) return undefined;
    return t('all keys are backed up');
  },
  async run({ services }) {
    await vscode.commands.executeCommand(commands.backUpKey);
    return (await services.backUps.missing()).length === 0 ? 'done' : 'left';
  },
};

const committing: Step = {
  id: 'commit',
  label: t('Commit'),
  what: t('The encrypted files and {0}, nothing else. Plaintext is refused.', configName),
  async done(desk) {
    return (await committed(desk)) === undefined ? undefined : t('all is committed');
  },
  run: (desk) => commit(desk, titleOf('commit', t('Commit'))),
};

/** The steps of the wizard, in their order. */
export const steps: readonly Step[] = [key, files, rules, encrypt, verifying, backUp, committing];

/** What to say where a `.sops.yaml` was written. */
export const wroteWords = () =>
  t('{0} now says which files are encrypted, and for whom; it holds no secret and belongs in git.', configName);

/** Whether there are rules, and one of them is for each of these files. */
async function areCovered({ services, folder }: Desk, files: readonly vscode.Uri[]): Promise<boolean> {
  const there = (await services.rules.around(vscode.Uri.joinPath(folder.uri, 'x'))).length > 0;
  return there && (await uncovered(services, files)).length === 0;
}

/** The key for new rules: asked for once in a run, if there are several. */
async function keyFor(desk: Desk): Promise<KeyInfo | undefined> {
  desk.key ??= await chooseIdentity(desk.services, titleOf('rules', t('For Which Key')));
  return desk.key;
}

/** Every secret file is encrypted: what else there is, only the person knows. */
export function offerAnother({ services: { ui } }: Desk, ...more: readonly string[]): Promise<string | undefined> {
  const another = t('Encrypt Another File…');
  const message = t('Every file that looks like it holds secrets is encrypted already.');
  return ui.info(message, another, ...more).then(async (verb) => {
    if (verb !== another) return verb;
    const chosen = await ui.openFile({ title: t('Choose the File to Encrypt') });
    if (chosen) await vscode.commands.executeCommand(commands.encryptFile, chosen);
    return undefined;
  });
}
