import { spawn } from 'node:child_process';
import { LockstepError } from '../core/errors.ts';
import { endsWithUs, programCommand } from './spawn.ts';

/** More than any key file. */
const maxOutput = 16 * 1024 * 1024;

/**
 * What a program writes to its standard output. No shell is between; it gets no input, and what it writes to its error
 * output goes nowhere, as with sops. Throws BAD_IDENTITY with `what` `command` when it cannot be started, ends with anything
 * but 0, or writes too much.
 */
export function outputOf(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Uint8Array> {
  const failed = () => new LockstepError('BAD_IDENTITY', { what: 'command' });
  return new Promise((resolve, reject) => {
    const found = programCommand({ platform: process.platform, cwd: process.cwd(), env }, command);
    if (!found?.program) return reject(failed());
    const child = spawn(found.program, found.args, {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: false,
      windowsHide: true,
      windowsVerbatimArguments: found.verbatim,
    });
    endsWithUs(child);
    const pieces: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (piece: Buffer) => {
      pieces.push(piece);
      size += piece.length;
      if (size > maxOutput) child.kill();
    });
    child.on('error', () => reject(failed()));
    child.on('close', (code) => {
      if (code !== 0 || size > maxOutput) reject(failed());
      else resolve(Buffer.concat(pieces));
      for (const piece of pieces) piece.fill(0);
    });
  });
}
