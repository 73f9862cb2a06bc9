// Required before the command line: the process gets a signal at the n-th call into the file system that concerns a folder,
// before it (`-`) or after it (`+`). LOCKSTEP_DIE is `folder|moment|signal`, the moment as in `3+`, the signal SIGKILL unless it
// says so; each call is counted on descriptor 2.
const fs = require('node:fs/promises');
const { writeSync } = require('node:fs');

const [folder, moment, signal = 'SIGKILL'] = process.env.LOCKSTEP_DIE.split('|');
let calls = 0;

async function counted(call) {
  const n = ++calls;
  writeSync(2, `call ${n}\n`);
  if (moment === `${n}-`) await die();
  try {
    return await call();
  } finally {
    // Also after one that failed, such as the look for a key file that is not there.
    if (moment === `${n}+`) await die();
  }
}

/** A signal that can be caught is: nothing goes on until it was. */
function die() {
  process.kill(process.pid, signal);
  return new Promise((resolve) => setTimeout(resolve, 20_000));
}

const names = [
  'access',
  'chmod',
  'copyFile',
  'link',
  'lstat',
  'open',
  'readFile',
  'realpath',
  'rename',
  'stat',
  'unlink',
  'writeFile',
];
for (const name of names) {
  const real = fs[name];
  fs[name] = async (...args) => {
    if (!String(args[0]).startsWith(folder)) return real.apply(fs, args);
    const result = await counted(() => real.apply(fs, args));
    if (name === 'open') {
      for (const own of ['writeFile', 'write', 'chmod', 'chown', 'sync', 'close']) {
        const inner = result[own];
        if (inner) result[own] = (...more) => counted(() => inner.apply(result, more));
      }
    }
    return result;
  };
}
