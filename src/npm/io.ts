import type { Io } from '../cli/io.ts';
import type { Environment } from '../core/env/environment.ts';
import { systemClock } from '../core/ports.ts';
import { startChild } from '../node/spawn.ts';
import { homeFolder } from '../node/user.ts';

/** Where the command line has a terminal, a program has nobody to ask. @param tell takes what is no error */
export function libraryIo(cwd: string, env: Environment, tell: (remark: string) => void): Io {
  const absent = () => {
    throw new Error('There is no terminal here.');
  };
  return {
    name: 'lockstep',
    env,
    cwd,
    home: homeFolder(),
    platform: process.platform,
    clock: systemClock,
    interactive: false,
    readStdin: absent,
    stdinPieces: absent,
    writeStdout: absent,
    writeStderr: tell,
    writerOf: absent,
    isTerminal: () => false,
    ask: async () => undefined,
    spawn: startChild,
    // Signals are the program's own affair.
    onSignals: () => () => undefined,
    onExit: () => () => undefined,
    endBy: absent,
  };
}
