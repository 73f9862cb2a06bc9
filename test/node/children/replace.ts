// Replaces a file and dies at the n-th call into the file system, before it (`-`) or after it (`+`).
// argv: path, text, moment as in `3+`. Prints how many calls there were, when it lives to tell.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname } from 'node:path';
import { writeAtomically } from '../../../src/node/files.ts';

const [path = '', text = '', moment = ''] = process.argv.slice(2);
let calls = 0;

async function counted<T>(call: () => Promise<T>): Promise<T> {
  const n = ++calls;
  if (moment === `${n}-`) process.kill(process.pid, 'SIGKILL');
  const result = await call();
  if (moment === `${n}+`) process.kill(process.pid, 'SIGKILL');
  return result;
}

type Loose = Record<string, (...args: unknown[]) => Promise<unknown>>;

// The loader that runs this file uses the file system too: only what concerns the folder counts.
const ours = (args: readonly unknown[]) => args.length === 0 || String(args[0]).startsWith(dirname(path));

function patch(target: Loose, names: readonly string[], always: boolean) {
  for (const name of names) {
    const real = target[name];
    if (!real) continue;
    target[name] = (...args) =>
      always || ours(args) ? counted(() => real.apply(target, args)) : real.apply(target, args);
  }
}

const loose = fs as unknown as Loose;
patch(loose, ['access', 'readFile', 'realpath', 'rename', 'stat', 'unlink'], false);
const open = loose.open;
loose.open = async (...args) => {
  if (!ours(args)) return open?.apply(fs, args);
  const handle = (await counted(async () => open?.apply(fs, args))) as Loose;
  patch(handle, ['writeFile', 'chmod', 'chown', 'stat', 'sync', 'close'], true);
  return handle;
};
syncBuiltinESMExports();

void writeAtomically(path, Buffer.from(text)).then(() => process.stdout.write(String(calls)));
