// What a run needs and how it is had: npm packages, a VS Code server, a browser. tools.mjs has sops and age.
// Plain JavaScript with no packages: this runs on a machine with only Node and git.
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from './child.mjs';
import { innerEnvironment } from './environment.mjs';
import { npm } from './npm.mjs';
import { Stop, step } from './steps.mjs';
import { strict } from './strict.cjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const cache = join(root, '.cache');

const versions = { codeServer: '4.139.1', node: '24.21.0' };
const windows = process.platform === 'win32';

export { strict };

/** Says what this machine lacks, so that its tests are left out. Throws Stop where a run may leave none out. */
export function lacks(why) {
  if (strict) throw new Stop(why);
  console.log(`  - ${why}`);
}

/** The full path of a program on PATH, or undefined. */
export function which(name, path = process.env.PATH ?? '') {
  const endings = windows ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      try {
        accessSync(file, constants.X_OK);
        if (statSync(file).isFile()) return file;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

/** True where packages of Debian can be installed. */
export const mayApt = () => process.platform === 'linux' && process.getuid?.() === 0 && which('apt-get') !== undefined;

export async function apt(...packages) {
  const options = { env: innerEnvironment({ DEBIAN_FRONTEND: 'noninteractive' }) };
  const install = () => run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options);
  await step(`apt-get install ${packages.join(' ')}`, async () => {
    try {
      await install();
    } catch {
      await run('apt-get', ['update', '-q'], options);
      await install();
    }
  });
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** True when node_modules holds exactly what package-lock.json names (packages of other platforms aside). */
function dependenciesFresh() {
  try {
    const wanted = readJson(join(root, 'package-lock.json')).packages;
    const have = readJson(join(root, 'node_modules', '.package-lock.json')).packages;
    return Object.entries(wanted).every(
      ([path, entry]) => path === '' || (have[path] ? have[path].version === entry.version : entry.optional === true),
    );
  } catch {
    return false;
  }
}

/** Installs the project's npm packages when they are missing or older than the lock file. */
export async function ensureDependencies() {
  if (dependenciesFresh()) return;
  await alone('npm-ci', async () => {
    // Another run may have done it while this one waited.
    if (dependenciesFresh()) return;
    await step('npm ci (packages of the project)', () => npm(['ci'], root, { include: ['dev', 'optional'] }));
  });
}

/** Two runs in one folder must not install over each other: the second waits for the first. */
async function alone(name, work) {
  const lock = join(cache, `${name}.lock`);
  mkdirSync(cache, { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!alive(Number(readFileSync(lock, 'utf8')))) rmSync(lock, { force: true });
      else await sleep(500);
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * A VS Code server of its own in .cache/vscode, with the Node it wants. Returns their folders and files. Installed
 * by npm, pinned; a half-finished installation is thrown away.
 */
export async function ensureServer() {
  const folder = join(cache, 'vscode');
  const bin = join(folder, 'node_modules', '.bin');
  const stamp = join(folder, 'installed.json');
  const key = createHash('sha256')
    .update(JSON.stringify([versions, process.platform, process.arch]))
    .digest('hex');
  const server = {
    node: join(folder, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node'),
    codeServer: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
    serverMain: join(folder, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
  if (existsSync(stamp) && readJson(stamp).key === key && existsSync(server.serverMain)) return server;
  if (mayApt() && !existsSync('/usr/include/krb5.h')) await apt('libkrb5-dev');
  await step(`VS Code server: npm i code-server@${versions.codeServer} (620 MB, two minutes)`, async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const install = (name, added) => npm(['install', name], folder, { scripts: true, include: ['optional'], added });
    await install(`node@${versions.node}`);
    // node-gyp compiles with one core unless it is told.
    const own = { PATH: bin + delimiter + process.env.PATH, JOBS: 'max' };
    await install(`code-server@${versions.codeServer}`, own).catch((error) => {
      throw new Stop(`${error.message}\ncode-server could not be installed. It needs python3, make and a C++ compiler, and \
the headers of Kerberos (Debian: apt-get install libkrb5-dev; macOS has them). On Windows run in WSL, or set \
VSCODE_EXECUTABLE_PATH to a desktop VS Code.`);
    });
    writeFileSync(stamp, JSON.stringify({ key, ...versions }));
  });
  return server;
}

const browserPlaces = {
  linux: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

function findChromium() {
  const given = process.env.LOCKSTEP_CHROMIUM;
  if (given) return existsSync(given) ? given : undefined;
  for (const place of browserPlaces[process.platform] ?? []) {
    const found = /[/\\]/.test(place) ? existsSync(place) && place : which(place);
    if (found) return found;
  }
  return undefined;
}

/** The path of a Chromium, installed by apt-get where that is allowed. */
export async function ensureChromium() {
  if (!findChromium() && mayApt()) await apt('chromium');
  const found = findChromium();
  if (found) return found;
  throw new Stop(
    'No Chromium, Chrome or Edge was found. Install one (Debian: apt-get install chromium), or set LOCKSTEP_CHROMIUM to its path.',
  );
}
