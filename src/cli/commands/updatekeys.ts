import { bytesOfText } from '../../core/format/encoding.ts';
import { keptThreshold, planKeys, updateKeys } from '../../core/keys/updatekeys.ts';
import { agreed } from '../agree.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { type Input, readFileOperand, requireFile } from '../files/input.ts';
import { openInput, readEncrypted } from '../files/opening.ts';
import { replace } from '../files/output.ts';
import { configPath, ruleFor } from '../files/rules.ts';
import { changeKeys, planLines, tellRemoved } from '../keys/changes.ts';
import { namesOf } from '../keys/names.ts';
import { say } from '../keys/say.ts';
import { rotated } from './rotate.ts';

/** Gives files the keys of their creation rules: several of them in one change. */
export const updatekeys: Run = async (call) => {
  const at = configPath(call);
  if (at === undefined)
    throw new Failure(
      exit.generic,
      'There is no .sops.yaml here or above.',
      'Write one, or name it with --config.',
      'config file not found',
    );
  requireFile(call);
  return call.args.length === 1 ? updateOne(call) : (await import('../keys/many.ts')).updateMany(call, at);
};

async function updateOne(call: Call): Promise<number> {
  const { io, flags } = call;
  const input = await readFileOperand(call, exit.generic);
  const sealed = await readEncrypted(call, input);
  say(call, `Syncing keys for file ${input.path}`);
  const rule = await ruleFor(call, input.path);
  if (!rule) throw new Failure(exit.generic, '.sops.yaml has no creation rules.', 'Add one for this file.');
  const threshold = keptThreshold(sealed.metadata, rule.groups.length);
  const plan = await about(input.label, () => planKeys(sealed.metadata, rule.groups, threshold), exit.generic);
  if (!plan.changed && !flags.on('rotate')) {
    say(call, `File ${input.path} already up to date`, `${input.label}: The keys are those of the rule already.`);
    return 0;
  }
  const lines = planLines(plan, await namesOf(call));
  await io.writeStdout(`The following changes will be made to the file's groups:\n${lines}`);
  if (!flags.on('yes') && !(await agreed(call, 'Is this okay?', '-y does not ask.'))) {
    say(call, `File ${input.path} left unchanged`, `${input.label}: Left as it was.`);
    return 0;
  }
  const changed = await changeKeys(
    call,
    input,
    (now, key) => updateKeys(now, key, rule.groups, threshold, call.io.clock),
    rule.groups.flat(),
    sealed,
  );
  const text = changed?.text ?? sealed.doc.text;
  if (flags.on('rotate')) await rotateToo(call, input, text);
  else if (changed) await replace(input, bytesOfText(text));
  say(call, `File ${input.path} synced with new keys`, `${input.label}: The keys are those of the rule now.`);
  tellRemoved(call, input, plan, flags.on('rotate'));
  return 0;
}

/** A new data key on top of the new readers, in one step: whoever was removed knows none that the file ever had. */
async function rotateToo(call: Call, input: Input & { readonly path: string }, text: string): Promise<void> {
  const opened = await openInput(call, { ...input, content: { ...input.content, bytes: bytesOfText(text) } });
  try {
    await replace(input, bytesOfText((await rotated(call, input, opened)).text));
  } finally {
    opened.dispose();
  }
}
