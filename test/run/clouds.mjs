// A stand-in for AWS: moto, which speaks the protocol of KMS. Installed into .cache/clouds, pinned, for the stage `dropin`.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { cache, strict, which } from './setup.mjs';
import { Stop, step } from './steps.mjs';

const versions = ['moto==5.2.5', 'flask==3.1.3', 'flask-cors==6.0.5'];
const folder = join(cache, 'clouds');
const python = join(folder, 'venv', 'bin', 'python');

/** Its Python, as an environment variable of the tests; none, with a word about it, where it cannot be had. */
export async function ensureClouds() {
  if (process.platform === 'win32' || which('python3') === undefined) {
    const why = 'no python3 on this machine for a stand-in of AWS';
    if (strict) throw new Stop(why);
    console.log(`  - ${why}`);
    return {};
  }
  const stamp = join(folder, 'installed.json');
  const key = JSON.stringify(versions);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== key) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await step('a stand-in for AWS: moto', async () => {
      await run('python3', ['-m', 'venv', join(folder, 'venv')]);
      await run(python, ['-m', 'pip', '-q', '--disable-pip-version-check', 'install', ...versions]);
    });
    writeFileSync(stamp, key);
  }
  return { LOCKSTEP_MOTO: python };
}
