import { bytesOfText } from '../../core/format/encoding.ts';
import { keptThreshold, planKeys, updateKeys } from '../../core/keys/updatekeys.ts';
import { visible } from '../../core/tree/path.ts';
import { agreed } from '../agree.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { type Input, readFileOperand, requireFile } from '../files/input.ts';
import { openInput, readEncrypted } from '../files/opening.ts';
import { replace } from '../files/output.ts';
import { configPath, ruleFor } from '../files/rules.ts';
import { changeKeys, planLines, tellRemoved } from '../keys/changes.ts';
import { namesOf } from '../keys/names.ts';
import { tell } from '../words/telling.ts';
import { rotated } from './rotate.ts';

/** Gives files the keys of their creation rules. One that fails does not hold up the others. */
export const updatekeys: Run = async (call) => {
  if (configPath(call) === undefined)
    throw new Failure(
      exit.generic,
      'There is no .sops.yaml here or above.',
      'Write one, or name it with --config.',
      'config file not found',
    );
  requireFile(call);
  if (call.args.length === 1) return updateOne(call);
  let failed = 0;
  for (const file of call.args) {
    const code = await updateOne({ ...call, args: [file] }).catch((error) =>
      tell(call.io, error, 'updatekeys', call.flags.on('verbose')),
    );
    if (code !== 0) failed++;
  }
  if (failed > 0)
    throw new Failure(
      exit.generic,
      `${failed} of ${call.args.length} files were not updated.`,
      'The lines above say why, file by file.',
      `failed updating ${failed} key(s)`,
    );
  return 0;
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
    (now, key) => updateKeys(now, key, rule.groups, threshold),
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

/** In the words of sops, with its time before them, when started under that name. */
function say({ io }: Call, sops: string, ours?: string): void {
  const line = io.name === 'sops' ? `${logTime(io.clock.now())} ${sops}` : ours;
  if (line !== undefined) io.writeStderr(`${visible(line)}\n`);
}

/** As Go's log package: `2026/01/31 23:59:59`, in the time of the place. */
function logTime(now: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('/');
  return `${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(':')}`;
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
