import { chmod, mkdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { utf8 } from '../../core/bytes.ts';
import { checkCommand, hasHook, withoutHook } from '../../core/check/hooks.ts';
import { publicMode } from '../../core/platform/disk.ts';
import { visible } from '../../core/tree/path.ts';
import { writeAtomically } from '../../node/files.ts';
import { agreed } from '../agree.ts';
import type { Call, Run } from '../call.ts';
import { contradiction, exit, Failure } from '../failure.ts';
import { writing } from '../files/output.ts';
import { type Found, findHook, type Hook, shown } from './hookfile.ts';
import { installGit, uninstallGit } from './install.ts';

/** `git install`, which with `--hook` also has git check what is about to be committed. */
export const installAll: Run = async (call) => {
  if (call.flags.on('hook') && call.flags.on('global')) throw contradiction('hook', 'global', 'Error: cannot use both');
  const code = await installGit(call);
  return code === 0 && call.flags.on('hook') ? installHook(call) : code;
};

/** `git uninstall`, and the lines of a hook. */
export const uninstallAll: Run = async (call) => {
  const code = await uninstallGit(call);
  const found = code === 0 && !call.flags.on('global') ? await findHook(call) : undefined;
  if (!found || !hasHook(found.text ?? '')) return code;
  await show(call, found, '-');
  if (!(await isAgreed(call))) return exit.generic;
  await write(found, withoutHook(found.text ?? ''));
  return 0;
};

async function installHook(call: Call): Promise<number> {
  const found = await findHook(call);
  if (!found)
    throw new Failure(exit.generic, 'This folder is in no git repository, or git does not run here.', 'Go to one.');
  const { hook } = found;
  const text = hook.with(found.text);
  if (text === undefined) throw byHand(call, hook);
  if (text !== found.text) {
    await show(call, found, '+');
    if (!(await isAgreed(call))) return exit.generic;
    await write(found, text);
  }
  await tellNext(call, hook);
  return 0;
}

async function isAgreed(call: Call): Promise<boolean> {
  if (call.flags.on('yes') || (await agreed(call, 'Is this okay?', '-y does not ask.'))) return true;
  call.io.writeStderr('lockstep: The hook is as it was.\n');
  return false;
}

function byHand(call: Call, hook: Hook): Failure {
  const next =
    hook.by === 'git' || hook.by === 'husky'
      ? 'It is no script of the shell.'
      : `It is a list of ${hook.by} in a form that Lockstep does not change.`;
  return new Failure(exit.generic, `${shown(call, hook)}: ${next}`, `Add this to it yourself: ${checkCommand}`);
}

async function show(call: Call, { hook, text }: Found, sign: '+' | '-'): Promise<void> {
  const [long, short] = sign === '+' ? [hook.with(text) ?? '', text ?? ''] : [text ?? '', withoutHook(text ?? '')];
  const known = short.split('\n');
  const lines = long.split('\n').filter((line) => line.trim() !== '' && !known.includes(line));
  await call.io.writeStdout(
    `${shown(call, hook)}, which ${hook.by} runs before a commit\n${lines.map((line) => `  ${sign} ${visible(line)}\n`).join('')}`,
  );
}

/** A file that would be empty is one that we made. */
async function write({ hook, hash }: Found, text: string): Promise<void> {
  await writing(hook.path, async () => {
    if (text === '') return unlink(hook.path);
    await mkdir(dirname(hook.path), { recursive: true });
    const newMode = hook.by === 'git' || hook.by === 'husky' ? 0o755 : publicMode;
    await writeAtomically(hook.path, utf8(text), hash || undefined, { newMode });
    // What git would not run may be a sample that was never switched on: that is what we are asked for.
    if (hook.by === 'git') await chmod(hook.path, ((await stat(hook.path)).mode & 0o777) | 0o111);
  });
}

async function tellNext(call: Call, hook: Hook): Promise<void> {
  const { io } = call;
  const isList = hook.by === 'lefthook' || hook.by === 'pre-commit';
  const who = isList
    ? 'everybody who commits here needs lockstep on PATH'
    : 'it checks for everybody who has lockstep on PATH';
  if (hook.shared) io.writeStderr(`lockstep: Commit ${shown(call, hook)}: then ${who}.\n`);
  if (isList) io.writeStderr(`lockstep: It runs where ${hook.by} is installed: ${hook.by} install\n`);
}
