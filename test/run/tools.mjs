// The real sops and age that the tests compare with.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './child.mjs';
import { innerEnvironment } from './environment.mjs';
import { apt, cache, mayApt, which } from './setup.mjs';
import { step } from './steps.mjs';

/** The sops that the tests are written for: what it prints changes from one version to the next. */
export const sopsVersion = '3.13.3';

/** The first line that a program prints about its version, or undefined where it prints none. */
async function firstLine(program, ...args) {
  const options = { allowFailure: true, signal: AbortSignal.timeout(30_000) };
  const out = await run(program, ['--version', ...args], options).catch(() => '');
  return out.split('\n')[0].trim() || undefined;
}

/** True for a script that Node runs: a Lockstep that is installed as `sops` is one, whatever it says of itself. */
function runByNode(program) {
  try {
    return /^#!.*node/.test(readFileSync(program).subarray(0, 200).toString('latin1').split('\n')[0]);
  } catch {
    return false;
  }
}

/** What a program says of itself, if it is a sops; "(latest)" stands there when it has asked the network. */
async function versionOfSops(program) {
  if (runByNode(program)) return { line: 'a script for Node' };
  // Old ones do not know the flag, and print their help.
  const line = [await firstLine(program, '--disable-version-check'), await firstLine(program)].find((one) =>
    one?.startsWith('sops '),
  );
  return { version: /^sops (\d+\.\d+\.\d+)( \(latest\))?$/.exec(line ?? '')?.[1], line: line ?? 'no sops' };
}

/**
 * The path of sops: LOCKSTEP_SOPS, .cache/bin, PATH, or built there with Go. One of another version is named and passed over.
 * Undefined when there is no way.
 */
export async function findSops({ env = process.env, folder = join(cache, 'bin') } = {}) {
  const built = join(folder, process.platform === 'win32' ? 'sops.exe' : 'sops');
  const places = { LOCKSTEP_SOPS: env.LOCKSTEP_SOPS, '.cache/bin': existsSync(built) && built };
  for (const [place, path] of Object.entries({ ...places, PATH: which('sops', env.PATH) })) {
    if (!path) continue;
    const { version, line } = await versionOfSops(path);
    if (version === sopsVersion) return path;
    console.log(`  - ${path} (${place}) is not used: it is "${line}", and the tests want sops ${sopsVersion}`);
  }
  return buildSops(env, built);
}

async function buildSops(env, built) {
  const go = which('go', env.PATH);
  if (!go) return undefined;
  const source = `github.com/getsops/sops/v3/cmd/sops@v${sopsVersion}`;
  return await step(`sops ${sopsVersion}: go install (2 minutes the first time)`, async () => {
    // For this machine, whatever the person builds for.
    const own = { GOBIN: dirname(built), GOFLAGS: '-p=2', GOOS: undefined, GOARCH: undefined };
    await run(go, ['install', source], { env: innerEnvironment(own, env) });
    return built;
  }).catch((error) => {
    console.log(error.message);
    return undefined;
  });
}

/** The path of age 1: LOCKSTEP_AGE, PATH, or installed by apt-get where that is allowed. Undefined when there is no way. */
export async function findAge({ env = process.env } = {}) {
  for (const [place, path] of Object.entries({ LOCKSTEP_AGE: env.LOCKSTEP_AGE, PATH: which('age', env.PATH) })) {
    if (!path) continue;
    const line = await firstLine(path);
    if (/^v?1\.\d+/.test(line ?? '')) return path;
    console.log(`  - ${path} (${place}) is not used: it is "${line ?? 'no age'}", and the tests want age 1`);
  }
  if (!mayApt() || which('age', env.PATH)) return undefined;
  await apt('age').catch((error) => console.log(error.message));
  return which('age', env.PATH);
}
