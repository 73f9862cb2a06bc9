// `npm start`: a real VS Code with the packaged extension on a copy of the example workspace.
// Usage: node test/run/start.mjs [--fresh] [--check] [--port number] [--server]
//   --fresh   make the example workspace anew
//   --server  a server and a browser even where a desktop VS Code is on PATH
//   --check   start a server, see that it answers and has the extension, and stop again
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { run, start, stop } from './child.mjs';
import { packageExtension } from './package.mjs';
import { addressOf, answers, installExtensions, listExtensions, settingsFile, startCodeServer } from './server.mjs';
import { cache, ensureDependencies, ensureServer, root, which } from './setup.mjs';
import { Stop, step } from './steps.mjs';

const { values: options } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    server: { type: 'boolean', default: false },
    port: { type: 'string' },
  },
});
const extension = 'lockstep.lockstep-secrets';
const base = join(cache, options.check ? `start-check-${process.pid}` : 'start');
const workspace = join(base, 'workspace');
const place = { userData: join(base, 'user-data'), extensions: join(base, 'extensions'), home: join(base, 'home') };
const settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'files.autoSave': 'off',
  'extensions.autoUpdate': false,
  'telemetry.telemetryLevel': 'off',
};

async function makeWorkspace() {
  if (options.fresh) rmSync(workspace, { recursive: true, force: true });
  if (existsSync(workspace)) return;
  const { makeExample } = await import('../example/make.mjs');
  await step('example workspace', async () => {
    mkdirSync(base, { recursive: true });
    await makeExample(workspace);
  });
}

function writeSettings() {
  const file = settingsFile(place.userData);
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(settings, null, 2));
}

/** Shows an address in the person's browser, where there is a screen and somebody at it. */
function show(url) {
  const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!screen || !process.stdout.isTTY || process.env.CI) return;
  const [command, args] = { darwin: ['open', [url]], win32: ['cmd', ['/c', 'start', '', url]] }[process.platform] ?? [
    'xdg-open',
    [url],
  ];
  start(command, args, { stdio: 'ignore' }).on('error', () => undefined);
}

const ended = (child) => new Promise((resolve) => child.once('close', resolve));

/** A desktop VS Code of its own: its settings and extensions are not those of the person. */
async function startDesktop(code, vsix) {
  const own = ['--user-data-dir', place.userData, '--extensions-dir', place.extensions];
  await step('desktop VS Code: install the extension', () =>
    run(code, [...own, '--install-extension', vsix, '--force']),
  );
  console.log(`\nVS Code opens ${workspace}\nClose its window, or press Ctrl+C here, to end.`);
  await ended(
    start(code, [...own, '--disable-workspace-trust', '--new-window', '--wait', workspace], { stdio: 'inherit' }),
  );
}

async function startServer(vsix) {
  const installed = await ensureServer();
  await step('VS Code server: install the extension', () => installExtensions(installed, [vsix], place));
  const server = await step('VS Code server: start', () =>
    startCodeServer(installed, { ...place, log: join(base, 'server.log'), port: options.port && Number(options.port) }),
  );
  const url = addressOf(server, workspace);
  if (options.check) {
    const listed = await listExtensions(installed, place);
    const answered = await answers(url);
    await server.stop();
    if (!answered) throw new Stop(`${url} did not answer with 200`);
    if (!listed.includes(extension)) throw new Stop(`${extension} is not installed; there are: ${listed.join(', ')}`);
    console.log(`The workbench answered with 200 at ${url}, and ${extension} is installed.`);
    return;
  }
  console.log(`\nVS Code is at ${url}\nPress Ctrl+C here to end.`);
  show(url);
  await ended(server.child);
  await stop(server.child);
}

/** The desktop VS Code on PATH. In a terminal of a remote VS Code another program has its name, which opens files in that one. */
function desktopCode() {
  const found = which('code');
  return found && !/[/\\]remote-cli[/\\]/.test(found) ? found : undefined;
}

async function main() {
  process.chdir(root);
  await ensureDependencies();
  await makeWorkspace();
  const vsix = process.env.LOCKSTEP_VSIX ?? (await packageExtension(join(base, 'lockstep-secrets.vsix')));
  writeSettings();
  const code = options.check || options.server ? undefined : desktopCode();
  await (code ? startDesktop(code, vsix) : startServer(vsix));
}

main()
  .catch((error) => {
    console.error(error instanceof Stop ? error.message : error);
    process.exitCode = 1;
  })
  .finally(() => {
    if (options.check) rmSync(base, { recursive: true, force: true });
    process.exit();
  });
