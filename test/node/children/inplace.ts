// Writes a file where it stands, because no rename works here, and dies at the n-th synchronous call into the file system, before it
// (`-`) or after it (`+`). argv: path, text, moment as in `3+`. Prints where a whole copy is, then how many calls there were.
import fsSync, { writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { writeAtomically } from '../../../src/node/files.ts';
import { listenToWrites } from '../../../src/node/inplace.ts';

const [path = '', text = '', moment = ''] = process.argv.slice(2);
let calls = 0;

type Loose = Record<string, (...args: unknown[]) => unknown>;

function patch(name: string, shortened: (args: unknown[]) => unknown[] = (args) => args): void {
  const loose = fsSync as unknown as Loose;
  const real = loose[name];
  loose[name] = (...args) => {
    const n = ++calls;
    if (moment === `${n}-`) process.kill(process.pid, 'SIGKILL');
    const result = real?.apply(fsSync, shortened(args));
    if (moment === `${n}+`) process.kill(process.pid, 'SIGKILL');
    return result;
  };
}

listenToWrites((note) => {
  if (note.kind === 'in-place') writeSync(1, `${note.copy}\n`);
  // From here on it counts. No write takes more than this, so that there is a middle.
  patch('writeSync', ([file, bytes, at, length, position]) => [
    file,
    bytes,
    at,
    Math.min(9000, Number(length)),
    position,
  ]);
  for (const name of ['fsyncSync', 'ftruncateSync', 'closeSync']) patch(name);
  syncBuiltinESMExports();
});
Object.assign(fs, { rename: () => Promise.reject(Object.assign(new Error(), { code: 'EXDEV' })) });
syncBuiltinESMExports();
const print = writeSync;

void writeAtomically(path, Buffer.from(text)).then(() => print(1, String(calls)));
