// A VS Code server on loopback, either as people run it (code-server) or in test mode (server-main.js).
import { mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, start, stop } from './child.mjs';
import { innerEnvironment } from './environment.mjs';
import { Stop } from './steps.mjs';

/**
 * @typedef {{ userData: string, extensions: string, home?: string, tmp?: string, env?: Readonly<Record<string, string>> }} Folders
 * @typedef {Folders & { log: string, port?: number, trust?: boolean, verbosity?: 'trace' }} ServerOptions `trust`: ask for workspace trust.
 * @typedef {{ url: string, port: number, child: import('node:child_process').ChildProcess, stop(): Promise<void> }} RunningServer
 */

/**
 * A port on loopback that nobody listens on.
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** The environment of a server: the folders given, and nothing of a VS Code that this may run inside. */
function environment({ home, tmp, env }) {
  const clean = Object.entries(innerEnvironment()).filter(
    ([name]) => !/^(VSCODE|CODE_SERVER|ELECTRON)_|^(PASSWORD|HASHED_PASSWORD)$/.test(name),
  );
  for (const folder of [home, tmp].filter(Boolean)) mkdirSync(folder, { recursive: true });
  return {
    ...Object.fromEntries(clean.filter(([name]) => home === undefined || !name.startsWith('XDG_'))),
    ...(home && { HOME: home }),
    ...(tmp && { TMPDIR: tmp }),
    ...env,
  };
}

const folders = ({ userData, extensions }) => ['--user-data-dir', userData, '--extensions-dir', extensions];

/** True when the address answers with 200. */
export async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function startServer(server, args, { port, log, ...options }) {
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, 'a');
  const child = start(server.node, args, { stdio: ['ignore', out, out], env: environment(options) });
  let failure;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('close', (code) => {
    failure ??= `exit code ${code}`;
  });
  const url = `http://127.0.0.1:${port}/`;
  for (const end = Date.now() + 60_000; !(await answers(url)); await sleep(100)) {
    if (failure || Date.now() > end) {
      await stop(child);
      throw new Stop(`The VS Code server did not start (${failure ?? 'no answer in a minute'}); see ${log}`);
    }
  }
  return { url, port, child, stop: () => stop(child) };
}

/**
 * code-server: full fidelity, user data and secrets persist in its folders.
 * @param {ServerOptions} options
 * @returns {Promise<RunningServer>}
 */
export async function startCodeServer(server, options) {
  const port = options.port ?? (await freePort());
  const args = [server.codeServer, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, ...folders(options)];
  args.push('--disable-telemetry', '--disable-update-check', '--disable-getting-started-override');
  if (!options.trust) args.push('--disable-workspace-trust');
  if (options.verbosity) args.push('--log', options.verbosity);
  return startServer(server, args, { ...options, port });
}

/**
 * VS Code's own server with the driver that test mode needs.
 * @param {ServerOptions} options
 * @returns {Promise<RunningServer>}
 */
export async function startTestServer(server, options) {
  const port = options.port ?? (await freePort());
  const args = [server.serverMain, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  args.push('--accept-server-license-terms', '--enable-smoke-test-driver', '--disable-telemetry');
  args.push('--disable-workspace-trust', '--server-data-dir', options.userData, '--extensions-dir', options.extensions);
  return startServer(server, args, { ...options, port });
}

/** Installs VSIX files into an extensions folder. */
export async function installExtensions(server, files, options) {
  const each = files.flatMap((file) => ['--install-extension', file]);
  await run(server.node, [server.codeServer, ...folders(options), ...each, '--force'], { env: environment(options) });
}

/** The installed extensions, as `publisher.name`. */
export async function listExtensions(server, options) {
  const args = [server.codeServer, ...folders(options), '--list-extensions'];
  return (await run(server.node, args, { env: environment(options) }))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.includes('.') && !line.includes(' '));
}

/** The address of a workspace folder in a running server. */
export const addressOf = (server, folder) => `${server.url}?folder=${encodeURIComponent(folder.replaceAll('\\', '/'))}`;

/** Where the settings of a user data folder are; for test mode's server below `data`. */
export const settingsFile = (userData, test = false) =>
  join(userData, ...(test ? ['data'] : []), 'User', 'settings.json');
