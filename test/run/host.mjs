// The tests of test/host in a real extension host. Usage: node test/run/host.mjs [--grep text] [--counts file]
// [--extension folder] [test file …]. A desktop VS Code where there is one, else a server and a headless browser.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { launchBrowser } from './browser.mjs';
import { kill, start } from './child.mjs';
import { findDesktop } from './desktop.mjs';
import { settingsFile, startTestServer } from './server.mjs';
import { cache, ensureServer, root } from './setup.mjs';
import { filesOf, stages } from './stages.mjs';
import { Stop } from './steps.mjs';
import { forbidden } from './strict.cjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: 'string', short: 'g' },
    counts: { type: 'string' },
    extension: { type: 'string', default: root },
  },
});
const marker = '[[host test]] ';
const limit = 15 * 60_000;
const hosts = join(cache, 'host');
const lab = join(hosts, `run-${process.pid}`);
const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
let ended = false;

const settings = {
  'files.autoSave': 'off',
  'workbench.startupEditor': 'none',
  'extensions.autoUpdate': false,
  'telemetry.telemetryLevel': 'off',
  'git.openRepositoryInParentFolders': 'never',
  // Nobody looks: what is drawn beside the text and at each tick costs more than the tests.
  'chat.disableAIFeatures': true,
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'breadcrumbs.enabled': false,
  'window.commandCenter': false,
  'workbench.editor.showTabs': 'none',
  'workbench.layoutControl.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

/** Bundles the tests and what runs them into the lab; mocha itself is found in node_modules. */
async function bundleTests() {
  const files = positionals.length > 0 ? positionals : filesOf(stages.find((stage) => stage.name === 'host'));
  await build({
    absWorkingDir: root,
    entryPoints: ['test/host/index.ts', ...files],
    outdir: join(lab, 'tests'),
    outbase: 'test/host',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'error',
  });
  const built = files.map((file) => file.replace(/^test\/host\//, '').replace(/\.ts$/, '.js'));
  const data = { files: built, grep: options.grep, marker, timeout: 180_000 };
  writeFileSync(join(lab, 'tests', 'options.json'), JSON.stringify(data));
}

/** A test that was left out where it may not be has failed. */
function judged(event) {
  const error = event.kind === 'skipped' && forbidden(event.title);
  return error ? { ...event, kind: 'failed', error } : event;
}

/** Takes a line that the host printed. */
function hear(line) {
  const at = line.indexOf(marker);
  appendFileSync(join(lab, 'console.log'), `${line}\n`);
  if (at < 0) return;
  const event = judged(JSON.parse(line.slice(at + marker.length)));
  if (event.kind === 'end') {
    ended = true;
    return;
  }
  counts[event.kind]++;
  const mark = { passed: '✓', failed: '✗', skipped: '-' }[event.kind];
  console.log(`  ${mark} ${event.title}${event.ms > 200 ? ` (${event.ms} ms)` : ''}`);
  if (event.kind === 'failed') failures.push(event);
}

async function runOnDesktop(program) {
  console.log(`  host: desktop VS Code, ${program}`);
  const userData = join(lab, 'user-data');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(settingsFile(userData), JSON.stringify(settings));
  const child = start(program, [
    ...[join(lab, 'workspace'), `--extensionDevelopmentPath=${options.extension}`],
    ...[`--extensionTestsPath=${join(lab, 'tests', 'index')}`, `--user-data-dir=${userData}`],
    ...[`--extensions-dir=${join(lab, 'extensions')}`, '--disable-workspace-trust', '--disable-telemetry'],
    ...['--skip-welcome', '--skip-release-notes', '--disable-updates', '--no-cached-data', '--disable-gpu'],
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ]);
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear);
  const timer = setTimeout(() => kill(child, 'SIGKILL'), limit);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return code;
}

async function runOnServer() {
  const installed = await ensureServer();
  console.log('  host: VS Code server (code-server) and headless Chromium');
  const userData = join(lab, 'server-data');
  mkdirSync(join(userData, 'data', 'User'), { recursive: true });
  writeFileSync(settingsFile(userData, true), JSON.stringify(settings));
  const inner = (name) => join(lab, name);
  const server = await startTestServer(installed, {
    userData,
    extensions: inner('extensions'),
    home: inner('home'),
    tmp: inner('tmp'),
    log: inner('server.log'),
  });
  const browser = await launchBrowser(inner('profile'));
  let timer;
  try {
    const page = browser.pages()[0];
    await page.exposeFunction('codeAutomationLog', (_type, args) => hear(args.map(String).join(' ')));
    const done = new Promise((resolve) => {
      page.exposeFunction('codeAutomationExit', resolve);
      timer = setTimeout(() => resolve('no end in time'), limit);
    });
    const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${path}`;
    const payload = [
      ['extensionDevelopmentPath', remote(options.extension)],
      ['extensionTestsPath', remote(inner('tests/index'))],
      ['enableProposedApi', ''],
      ['skipWelcome', 'true'],
    ];
    const query = new URLSearchParams({ folder: inner('workspace'), payload: JSON.stringify(payload) });
    await page.goto(`${server.url}?${query}`);
    return await done;
  } finally {
    clearTimeout(timer);
    await browser.close();
    await server.stop();
  }
}

/** An empty lab; those of runs that have ended are removed. */
function makeLab() {
  mkdirSync(hosts, { recursive: true });
  for (const name of readdirSync(hosts)) {
    try {
      process.kill(Number(name.split('-')[1]), 0);
    } catch {
      rmSync(join(hosts, name), { recursive: true, force: true });
    }
  }
  for (const name of ['workspace', 'home', 'tmp', 'extensions']) mkdirSync(join(lab, name), { recursive: true });
  writeFileSync(join(lab, 'home', '.gitconfig'), '[user]\n\tname = Test\n\temail = test@localhost\n');
}

async function main() {
  makeLab();
  await bundleTests();
  const desktop = await findDesktop();
  const code = desktop ? await runOnDesktop(desktop) : await runOnServer();
  for (const [index, { title, error }] of failures.entries()) {
    console.log(`\n  ${index + 1}) ${title}\n     ${error.replaceAll('\n', '\n     ')}`);
  }
  if (!ended) {
    const log = join(lab, 'console.log');
    console.log(`The host ended (${code}) before the tests did. Its last words:`);
    console.log(existsSync(log) ? readFileSync(log, 'utf8').slice(-3000) : '(none)');
  }
  if (options.counts) writeFileSync(options.counts, JSON.stringify({ ...counts, failures }));
  process.exitCode = ended && code === 0 && counts.failed === 0 ? 0 : 1;
}

main()
  .catch((error) => {
    console.log(error instanceof Stop ? error.message : error);
    process.exitCode = 1;
  })
  // A timer somewhere in the browser's driver must not hold the process.
  .finally(() => process.exit());
