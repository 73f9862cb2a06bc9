import './early.ts';
import { useNative } from '../core/platform/native.ts';
import { nodeNative } from '../node/native.ts';
import { closeStdout, leave, processIo, writeStderr } from './process.ts';
import { main } from './program.ts';

/** The message of a foreign error might hold what it stumbled over, and Node would print it with a line of the source. */
function fail(error: unknown): never {
  const name = error instanceof Error ? error.name : 'Error';
  writeStderr(`lockstep: ${name}, which should not happen.\n`);
  leave(1);
}

process.on('uncaughtException', fail);
useNative(nodeNative);
main(process.argv.slice(2), processIo()).then((code) => leave(closeStdout(code)), fail);
