import { resolve } from 'node:path';
import { bytesOfText } from '../../core/format/encoding.ts';
import { visible } from '../../core/tree/path.ts';
import { readBytes } from '../../node/files.ts';
import { mergeAsText } from '../../node/git/driver.ts';
import type { Call, Run } from '../call.ts';
import { tellKeyLoss } from '../enckeys/loss.ts';
import { about, exit, Failure } from '../failure.ts';
import { replace } from '../files/output.ts';
import { describe } from '../words/words.ts';
import { isPlain, mergeSides, type Sides } from './sides.ts';
import { tellConflicts, tellJoining } from './telling.ts';

/**
 * What git calls to merge a file (gitattributes, "Defining a custom merge driver"): the common ancestor, ours, which is
 * replaced by the result, theirs, and the name of the file. 0 when it is merged, 1 for git to mark a conflict; a file that cannot be merged
 * is left as git made it. Any other exit code would stop git.
 */
export const mergeDriver: Run = async (call) => {
  const [base, ours, theirs, name] = call.args;
  if (base === undefined || ours === undefined || theirs === undefined || name === undefined)
    throw new Failure(exit.generic, 'git calls this with four names: %O %A %B %P.', 'lockstep git install sets it up.');
  try {
    return await merge(call, [base, ours, theirs], name);
  } catch (error) {
    for (const line of describe(error, call.flags.on('verbose')).lines) call.io.writeStderr(`lockstep: ${line}\n`);
    call.io.writeStderr(`lockstep: ${visible(name)}: Not merged: git keeps the conflict, and the file is ours.\n`);
    return exit.generic;
  }
};

async function merge(call: Call, names: readonly [string, string, string], name: string): Promise<number> {
  const { cwd } = call.io;
  const paths = names.map((one) => resolve(cwd, one)) as [string, string, string];
  const [base, ours, theirs] = await about(name, () => Promise.all(paths.map((path) => readBytes(path))), exit.generic);
  if (!base || !ours || !theirs) return exit.generic;
  const file = resolve(cwd, name);
  // Of a file that each side made git gives an empty ancestor.
  const sides: Sides = { base: base.bytes.length > 0 ? base.bytes : undefined, ours: ours.bytes, theirs: theirs.bytes };
  if (isPlain(file, sides)) return asText(call, name, paths);
  const merged = await mergeSides(call, name, file, sides);
  if (!merged.isOurs)
    await replace({ label: name, path: paths[1], name: file, content: ours }, bytesOfText(merged.text));
  await tellJoining(call, name, merged);
  for (const one of merged.lost) tellKeyLoss(call.io, name, one);
  if (merged.conflicts.length === 0) return 0;
  await tellConflicts(call, name, merged);
  return exit.generic;
}

/** A file that is not encrypted is merged as git would without us. */
async function asText({ io }: Call, name: string, [base, ours, theirs]: [string, string, string]): Promise<number> {
  const conflicts = await mergeAsText(io.cwd, [ours, base, theirs]);
  if (conflicts === undefined) throw new Failure(exit.generic, `${name}: git could not merge it as text.`);
  return conflicts === 0 ? 0 : exit.generic;
}
