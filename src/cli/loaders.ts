import type { Run } from './call.ts';
import type { shells as Shells } from './completion.ts';
import { type Verb, verbs } from './verbs.ts';

const completion = (shell: keyof typeof Shells) => async (): Promise<Run> => {
  const { shells } = await import('./completion.ts');
  return async ({ io }) => {
    await io.writeStdout(shells[shell](io.name));
    return 0;
  };
};

const loaders: Readonly<Record<string, () => Promise<Run>>> = {
  encrypt: async () => (await import('./commands/encrypt.ts')).encrypt,
  decrypt: async () => (await import('./commands/decrypt.ts')).decrypt,
  set: async () => (await import('./commands/set.ts')).set,
  unset: async () => (await import('./commands/set.ts')).unset,
  rotate: async () => (await import('./commands/rotate.ts')).rotate,
  updatekeys: async () => (await import('./commands/updatekeys.ts')).updatekeys,
  'recipients add': async () => (await import('./commands/recipients.ts')).addToFile,
  'recipients remove': async () => (await import('./commands/recipients.ts')).removeFromFile,
  'recipients list': async () => (await import('./commands/recipients.ts')).listRecipients,
  'groups add': async () => (await import('./commands/groups.ts')).addKeyGroup,
  'groups delete': async () => (await import('./commands/groups.ts')).deleteKeyGroup,
  backup: async () => (await import('./commands/keys/backup.ts')).backUp,
  restore: async () => (await import('./commands/keys/restore.ts')).restore,
  whoami: async () => (await import('./commands/keys/whoami.ts')).whoami,
  init: async () => (await import('./commands/init.ts')).init,
  keygen: async () => (await import('./commands/keys/keygen.ts')).keygen,
  why: async () => (await import('./commands/keys/why.ts')).why,
  'rules explain': async () => (await import('./commands/rules.ts')).explainRules,
  log: async () => (await import('./history/log.ts')).log,
  'log list': async () => (await import('./access/log.ts')).listLog,
  'log verify': async () => (await import('./access/log.ts')).verifyLog,
  'log export': async () => (await import('./access/log.ts')).exportLog,
  'people list': async () => (await import('./people/list.ts')).listPeople,
  'people check': async () => (await import('./people/check.ts')).checkPeople,
  'people request': async () => (await import('./people/request.ts')).requestAccess,
  'people grant': async () => (await import('./people/grant.ts')).grantAccess,
  'people revoke': async () => (await import('./people/revoke.ts')).revokeAccess,
  check: async () => (await import('./check/check.ts')).checkAll,
  stale: async () => (await import('./commands/stale.ts')).stale,
  scan: async () => (await import('./scan/scan.ts')).scan,
  'checklist list': async () => (await import('./commands/checklist.ts')).listChecklists,
  'checklist verify': async () => (await import('./commands/checklist.ts')).verifyChecklists,
  'checklist tick': async () => (await import('./commands/checklist.ts')).tickChecklists,
  diff: async () => (await import('./diff/diff.ts')).diff,
  textconv: async () => (await import('./diff/textconv.ts')).textconv,
  'git install': async () => (await import('./git/hook.ts')).installAll,
  'git uninstall': async () => (await import('./git/hook.ts')).uninstallAll,
  'git status': async () => (await import('./git/install.ts')).gitStatus,
  'git repair': async () => (await import('./git/repair.ts')).repairFile,
  'merge-driver': async () => (await import('./git/mergedriver.ts')).mergeDriver,
  import: async () => (await import('./import/import.ts')).importSecrets,
  edit: async () => (await import('./commands/edit.ts')).edit,
  filestatus: async () => (await import('./commands/filestatus.ts')).filestatus,
  'exec-env': async () => (await import('./commands/execenv.ts')).execEnv,
  'exec-file': async () => (await import('./commands/execfile.ts')).execFile,
  run: async () => (await import('./commands/run.ts')).run,
  export: async () => (await import('./foreign/export.ts')).exportSecrets,
  get: async () => (await import('./run/get.ts')).get,
  'encryption-key list': async () => (await import('./enckeys/list.ts')).listKeys,
  'encryption-key add': async () => (await import('./enckeys/change.ts')).addKey,
  'encryption-key generate': async () => (await import('./enckeys/change.ts')).generateKey,
  'encryption-key reset': async () => (await import('./enckeys/change.ts')).resetKey,
  'encryption-key remove': async () => (await import('./enckeys/change.ts')).removeKey,
  environments: async () => (await import('./commands/environments.ts')).listAll,
  'encrypt-string': async () => (await import('./tokens/encrypt.ts')).encryptString,
  'decrypt-string': async () => (await import('./tokens/decrypt.ts')).decryptString,
  agent: async () => (await import('./commands/agent.ts')).agent,
  'completion bash': completion('bash'),
  'completion zsh': completion('zsh'),
  'completion fish': completion('fish'),
  'completion powershell': completion('powershell'),
  publish: async () => (await import('./commands/publish.ts')).publish,
  keyservice: async () => (await import('./agent/keyservice.ts')).keyservice,
};

/** Loads what does a verb's work: only that verb's code is read. A verb of no name is the one where none stands (`sops -d FILE`). */
export async function load(verb: Verb): Promise<Run> {
  const name = Object.keys(verbs).find((one) => verbs[one] === verb);
  if (name !== undefined) return byName(name);
  return (await import('./commands/bare.ts')).bare(byName);
}

function byName(name: string): Promise<Run> {
  const found = loaders[name];
  if (!found) throw new TypeError('a verb without code');
  return found();
}
