import { LockstepError } from '../../core/errors.ts';
import type { Opened } from '../../core/sops/open.ts';
import { flatText } from '../../core/tree/flattext.ts';
import { about, exit, Failure } from '../failure.ts';
import { readFileOperand } from '../input.ts';
import type { Io } from '../io.ts';
import { openInput } from '../opening.ts';
import { commandOf, refuseUser, start, waitFor } from '../running.ts';
import type { Run } from '../verbs.ts';

/** Runs a program with the values of a flat file in its environment, and nowhere else. */
export const execEnv: Run = async (call) => {
  const { io, flags } = call;
  refuseUser(call);
  const background = flags.on('background');
  if (background && flags.on('same-process'))
    throw new Failure(
      exit.conflictingFlags,
      '--same-process and --background contradict each other.',
      'Keep one of the two.',
      'Error: The --same-process flag cannot be used with --background',
    );
  const command = commandOf(call);
  const input = await readFileOperand(call, exit.cannotRead);
  const opened = await openInput(call, input);
  const values = await about(
    input.label,
    () => variables(opened),
    () => exit.generic,
  ).finally(() => opened.dispose());
  const env = flags.on('pristine') ? values : joined(io, values);
  const child = start(call, command, env, background);
  if (!background) return waitFor(io, child, command.program);
  child.release();
  return 0;
};

/** Windows knows a variable in any case of its letters, and Node would give a program the wrong one of two. */
function joined({ env, platform }: Io, values: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const taken = new Set(Object.keys(values).map((name) => name.toUpperCase()));
  const kept = Object.entries(env).filter(([name]) => platform !== 'win32' || !taken.has(name.toUpperCase()));
  return { ...Object.fromEntries(kept), ...values };
}

/** The entries of the first document, as an environment holds them. Throws BAD_NAME, BAD_VALUE, NOT_A_MAP with the path. */
function variables(opened: Opened): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (const member of opened.sealed.doc.documents[0]?.members ?? []) {
    if (member.kind === 'comment') continue;
    const path = [member.key];
    if (/[=\0]/.test(member.key) || member.key === '') throw new LockstepError('BAD_NAME', { path, what: 'variable' });
    if (member.value.kind !== 'scalar') throw new LockstepError('BAD_VALUE', { path, what: 'variable' });
  }
  for (const leaf of opened.sealed.leaves) {
    const name = leaf.path[0];
    const value = opened.value(leaf.id);
    if (leaf.document > 0 || typeof name !== 'string' || !value) continue;
    const text = flatText(value);
    if (text === undefined || text.includes('\0'))
      throw new LockstepError('BAD_VALUE', { path: leaf.path, what: 'variable' });
    found[name] = text;
  }
  return found;
}
