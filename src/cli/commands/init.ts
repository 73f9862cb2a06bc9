import { dirname, join } from 'node:path';
import { sameRecipient } from '../../core/age/sshkey.ts';
import type { BatchFile } from '../../core/batch/file.ts';
import { matchRule, rulePath } from '../../core/rules/rules.ts';
import { visible } from '../../core/tree/path.ts';
import { configName } from '../../core/view/names.ts';
import { readIfThere } from '../../node/files.ts';
import { workTreeOf } from '../../node/git.ts';
import { agreed } from '../agree.ts';
import type { Call, Run } from '../call.ts';
import { AboutFile, about, exit, Failure } from '../failure.ts';
import { noneWritten, requireQuietGit, writeMany } from '../files/many.ts';
import { listed } from '../files/namedkeys.ts';
import { configPath } from '../files/rules.ts';
import { planRules, type Rules, ruleOf } from '../init/config.ts';
import { type Chosen, chooseFiles } from '../init/files.ts';
import { chooseReaders } from '../init/readers.ts';
import { readersOfRules } from '../init/ruled.ts';
import { nextText, planText } from '../init/telling.ts';
import { requireOwnAccess } from '../keys/readers.ts';
import { tellLeft } from '../words/clearnote.ts';
import { tell } from '../words/telling.ts';
import { sealInput } from './encrypt.ts';

/**
 * From nothing to encrypted files: a key, the files, `.sops.yaml`, encryption, a look whether one's key opens the result, and what to do next. What is
 * done already is said and left as it is. Everything is written at the end, all or nothing, but for a new key, which comes first.
 */
export const init: Run = async (call) => {
  const { io, flags } = call;
  if (!io.interactive && !flags.on('yes'))
    throw new Failure(exit.generic, 'There is no terminal to ask on.', '--yes goes on without questions.');
  const at = configPath(call) ?? join((await workTreeOf(join(io.cwd, configName))) ?? io.cwd, configName);
  const root = dirname(at);
  await requireQuietGit(call, root);
  const before = await about(at, () => readIfThere(at), exit.generic);
  const files = await chooseFiles(call, at);
  const readers = (await readersOfRules(call, at, before, files)) ?? (await chooseReaders(call));
  const rules = await planRules(at, before, files, readers);
  requireNamed(call, rules, files);
  const sealed = await sealAll(call, rules, files);
  const changes: BatchFile[] = [
    ...(rules.text === undefined ? [] : [{ path: at, before, config: rules.text }]),
    ...sealed,
  ];
  io.writeStderr(planText(io.cwd, readers, rules, files));
  if (changes.length > 0) {
    if (!flags.on('yes') && !(await agreed(call, 'Write this?', '--yes does not ask.')))
      throw new Failure(exit.generic, 'Left as it was.');
    await writeMany(call, root, 'init', changes, 'init');
  }
  await io.writeStdout(await nextText(call, readers, rules, files));
  return 0;
};

/** A rule that is there decides for whom a file is: nobody may believe that `--recipient` let somebody in where it did not. */
function requireNamed({ flags }: Call, rules: Rules, files: readonly Chosen[]): void {
  const wanted = listed(flags, 'recipient').filter((one) => one !== '');
  for (const file of files) {
    const named = matchRule(rules.config, rulePath(dirname(rules.path), file.path))?.groups.flat();
    const missing = named && wanted.find((one) => !named.some(({ name }) => sameRecipient(name, one)));
    if (missing !== undefined)
      throw new Failure(
        exit.generic,
        `${visible(file.label)}: Its rule in .sops.yaml does not name ${visible(missing)}. Nothing was written.`,
        'Leave --recipient out to go by the rule. lockstep people grant lets a key read its files.',
      );
  }
}

/** Each file encrypted, and opened again with one's own key. Throws Failure when one of them cannot be; each reason is told. */
async function sealAll(call: Call, rules: Rules, files: readonly Chosen[]): Promise<BatchFile[]> {
  const plain = files.filter(({ done }) => !done);
  const sealed: BatchFile[] = [];
  let failed = 0;
  for (const file of plain) {
    try {
      const { groups, shamirThreshold, selector, macOnlyEncrypted } = ruleOf(rules, file);
      const recipe = { recipients: [], groups, shamirThreshold, selector, macOnlyEncrypted };
      const { bytes, text, sealed: read } = await sealInput(call, file, recipe);
      await requireOwnAccess(call, file.label, { text, read }, read.format);
      tellLeft(call.io, file.label, read);
      sealed.push({ path: file.path, before: file.content, sealed: bytes, wasPlain: true });
    } catch (error) {
      if (!(error instanceof AboutFile)) throw error;
      failed++;
      await tell(call.io, error, 'init', call.flags.on('verbose'));
    }
  }
  if (failed > 0) throw noneWritten(failed, plain.length);
  return sealed;
}
