import { programOnPath } from '../../node/onpath.ts';
import type { Command } from '../../node/windows.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { keyringOf } from '../keys/keyring.ts';
import { programNotThere } from './running.ts';

/**
 * Becomes the program: the same process, which a debugger follows. Nothing of ours is left that could hide values in its output.
 * Does not return where that works. Throws Failure where it does not.
 */
export function becomeProgram(call: Call, { program, args }: Command, env: NodeJS.ProcessEnv): never {
  const { io } = call;
  if (!io.become)
    throw new Failure(
      exit.generic,
      '--exec does not work here.',
      'It needs Node 22.15 or newer, and not Windows. Without it the program is a child of Lockstep.',
    );
  const path = program.includes('/') ? program : programOnPath(program, io.env.PATH);
  if (path === undefined) throw programNotThere(program);
  keyringOf(call).forget();
  io.become(path, [program, ...args], env);
  throw new Failure(126, 'The program could not be started.', 'Check its permissions.');
}
