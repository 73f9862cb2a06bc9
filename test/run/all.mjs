// `npm test`. Usage: node test/run/all.mjs [--only stage,stage] [--grep text] [--each] [--long] [part of a test file's path …]
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureAws } from './aws.mjs';
import { run } from './child.mjs';
import { ensureDebuggers } from './debuggers.mjs';
import { ensureHost } from './desktop.mjs';
import { installAll } from './installed.mjs';
import { leftSince, untracked } from './leftover.mjs';
import { ensureOthers } from './others.mjs';
import { packageExtension } from './package.mjs';
import { ensureRecipes } from './recipes.mjs';
import { ensureRuntimes } from './runtimes.mjs';
import { cache, ensureChromium, ensureDependencies, ensureServer, root, strict } from './setup.mjs';
import { filesOf, stages } from './stages.mjs';
import { Stop, step } from './steps.mjs';
import { ensureSystems } from './systems.mjs';
import { findAge, findSops } from './tools.mjs';

// What tests decrypt is no business of the access log of whoever runs them.
process.env.XDG_STATE_HOME = join(cache, 'state');

/** What is made for this run alone. */
const own = join(cache, 'run', String(process.pid));

const bin = (name) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const none = { passed: 0, failed: 0, skipped: 0, failures: [] };

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      grep: { type: 'string', short: 'g' },
      each: { type: 'boolean' },
      long: { type: 'boolean' },
    },
  });
  // Ten times as many generated cases (test/interop/differential) and mutated inputs (test/fuzz).
  if (values.long) process.env.LOCKSTEP_TIMES ??= '10';
  const usual = stages.filter(({ asked }) => !asked || process.env[asked] === '1').map((stage) => stage.name);
  const names = values.only?.split(',') ?? usual;
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    throw new Stop(`No stage is called ${unknown.join(', ')}. Stages: ${stages.map((stage) => stage.name).join(', ')}`);
  }
  const chosen = stages.filter((stage) => names.includes(stage.name));
  // Said at the end of a whole run: nothing is left out in silence.
  const isWhole = values.only === undefined && positionals.length === 0;
  const left = isWhole ? stages.filter(({ name }) => !names.includes(name)) : [];
  return { chosen, left, grep: values.grep, each: values.each, paths: positionals };
}

/** One that failed, told at once; the end of the run tells it again. */
function failure(title, error) {
  console.log(`  ✗ ${title}: ${error}`);
  return { ...none, failed: 1, failures: [{ title, error }] };
}

/** Runs a program with its output shown; one passed or one failed. */
async function single(title, command, args) {
  const code = await step(title, () => run(command, args, { cwd: root, inherit: true }));
  return code === 0 ? { ...none, passed: 1 } : failure(title, `ended with ${code}`);
}

async function check() {
  return add(
    await single('tsc, the project', bin('tsc'), ['--noEmit', '-p', '.']),
    await single('tsc, core alone', bin('tsc'), ['--noEmit', '-p', 'src/core']),
    await single('tsc, the pages', bin('tsc'), ['--noEmit', '-p', 'media/editor']),
    await single('tsc, its tests', bin('tsc'), ['--noEmit', '-p', 'test/webview']),
    await single('biome', bin('biome'), ['check', '--config-path=.ci', '--max-diagnostics=30', '.']),
  );
}

/** What a run left in its counts file; a run that left none has failed, whatever its exit code. */
function readCounts(file, code) {
  const there = existsSync(file);
  const counts = there ? { ...none, ...JSON.parse(readFileSync(file, 'utf8')) } : none;
  const failed = !there || (code !== 0 && counts.failed === 0);
  return failed
    ? add(counts, failure('the tests', `ended with ${code}${there ? '' : ', and nothing counted'}`))
    : counts;
}

let runs = 0;

async function counted(stage, command) {
  const file = join(cache, 'run', `${stage.name}-${process.pid}-${++runs}.json`);
  mkdirSync(join(cache, 'run'), { recursive: true });
  const code = await command(file);
  const counts = readCounts(file, code);
  rmSync(file, { force: true });
  return counts;
}

/** Those that take longest begin, so that none of them is the last: by the stage's word, then by how much is in them. */
function inOrder({ first }, files) {
  const rank = (file) => (first?.test(file) ? Number.POSITIVE_INFINITY : statSync(join(root, file)).size);
  return files.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
}

/** The files of a stage that has `jobs` are taken, one after the other, by as many processes; the lines of a file come together. */
function mocha(stage, files, { grep, each }, extra = []) {
  const jobs = Math.min(stage.jobs ?? 1, files.length);
  return counted(stage, (counts) =>
    run(
      process.execPath,
      [
        join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'),
        ...['--reporter', join('test', 'run', 'reporter.cjs'), '--reporter-option', `counts=${counts}`],
        ...(each || stage.each ? ['--reporter-option', 'each=1'] : []),
        ...['--timeout', String(stage.timeout ?? 20_000)],
        ...['--retries', String(stage.retries ?? 0)],
        ...(jobs > 1 ? ['--parallel', '--jobs', String(jobs)] : []),
        ...(grep === undefined ? [] : ['--grep', grep]),
        ...extra,
        ...(jobs > 1 ? inOrder(stage, files) : files),
      ],
      { cwd: root, inherit: true },
    ),
  );
}

/** Deals the files out to as many hosts as the stage has jobs. */
async function host(stage, files, options) {
  const jobs = Math.min(stage.jobs ?? 1, files.length);
  const ordered = inOrder(stage, files);
  const parts = Array.from({ length: jobs }, (_, job) => ordered.filter((_, at) => at % jobs === job));
  return add(...(await Promise.all(parts.map((part) => oneHost(stage, part, options)))));
}

const oneHost = (stage, files, { grep }) =>
  counted(stage, (counts) => {
    const args = [join('test', 'run', 'host.mjs'), '--counts', counts, ...(grep === undefined ? [] : ['--grep', grep])];
    return run(process.execPath, [...args, ...files], { cwd: root, inherit: true });
  });

/** Without sops and age the interop tests are counted as skipped; where they are required the run has failed before. */
async function interop(stage, files, options) {
  if (process.env.LOCKSTEP_SOPS && process.env.LOCKSTEP_AGE) return mocha(stage, files, options);
  const listed = await mocha(stage, files, options, ['--dry-run']);
  return { ...none, skipped: listed.passed + listed.skipped };
}

/** The real sops and age. Without them, tests that compare with them are left out, or the run fails where it is strict. */
async function provideTools() {
  process.env.LOCKSTEP_SOPS = (await findSops()) ?? '';
  process.env.LOCKSTEP_AGE = (await findAge()) ?? '';
  const missing = ['sops', 'age'].filter((name) => process.env[`LOCKSTEP_${name.toUpperCase()}`] === '');
  if (missing.length === 0) return;
  const why =
    `no ${missing.join(', no ')} on this machine that fits ` +
    '(Debian: apt-get install age; sops: install Go, or set LOCKSTEP_SOPS to its path)';
  if (strict) throw new Stop(why);
  console.log(`  - what compares with them is left out: ${why}`);
}

const provided = new Map();

/** Provides one need, once in a run. */
function provide(need) {
  const ways = {
    build: () => step('build', () => run(process.execPath, ['esbuild.mjs', '--production'], { cwd: root })),
    vsix: async () => {
      process.env.LOCKSTEP_VSIX ??= await packageExtension(join(own, 'lockstep-secrets.vsix'));
    },
    host: ensureHost,
    server: ensureServer,
    installed: async () => {
      process.env.LOCKSTEP_INSTALLED ??= await step('install the extension', () =>
        installAll(own, process.env.LOCKSTEP_VSIX),
      );
    },
    browser: async () => {
      process.env.LOCKSTEP_CHROMIUM = await ensureChromium();
    },
    debuggers: async () => {
      Object.assign(process.env, await ensureDebuggers());
    },
    aws: async () => {
      Object.assign(process.env, await ensureAws());
    },
    others: async () => {
      Object.assign(process.env, await ensureOthers());
      Object.assign(process.env, await ensureSystems(process.env.LOCKSTEP_PYTHON));
    },
    recipes: async () => {
      Object.assign(process.env, await ensureRecipes(process.env.LOCKSTEP_PYTHON));
    },
    runtimes: async () => {
      Object.assign(process.env, await ensureRuntimes());
    },
    tools: provideTools,
  };
  if (!provided.has(need)) provided.set(need, ways[need]());
  return provided.get(need);
}

async function runStage(stage, options) {
  if (stage.name === 'check') return options.grep || options.paths.length ? none : check();
  const all = filesOf(stage);
  const files = options.paths.length ? all.filter((file) => options.paths.some((part) => file.includes(part))) : all;
  if (all.length === 0) {
    if (options.grep || options.paths.length) return none;
    throw new Stop(`The stage ${stage.name} has no tests (${stage.files.join(', ')}).`);
  }
  if (files.length === 0) return none;
  for (const need of stage.needs ?? []) await provide(need);
  const way = { host, interop }[stage.name] ?? mocha;
  const counts = await way(stage, files, options);
  const any = counts.passed + counts.failed + counts.skipped > 0;
  if (!any && !options.grep) throw new Stop(`The stage ${stage.name} ran no test.`);
  return counts;
}

const add = (...counts) =>
  counts.reduce((sum, one) => ({
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    skipped: sum.skipped + one.skipped,
    failures: [...sum.failures, ...one.failures],
  }));

async function main() {
  const options = readArguments();
  await ensureDependencies();
  const table = [];
  const before = await untracked(root);
  for (const stage of options.chosen) {
    const start = Date.now();
    console.log(`\n== ${stage.name}`);
    let counts = await runStage(stage, options).catch((error) =>
      failure(stage.name, error instanceof Stop ? error.message : error.stack),
    );
    const left = await leftSince(before, root);
    for (const name of left) before.add(name);
    if (left.length > 0)
      counts = add(counts, failure(stage.name, `It left new files in the project: ${left.join(', ')}`));
    table.push({ name: stage.name, counts, seconds: (Date.now() - start) / 1000 });
  }
  for (const { name, asked } of options.left) console.log(`\n- the stage ${name} runs on request: ${asked}=1`);
  const total = add(none, ...table.map((row) => row.counts));
  if (total.passed + total.failed + total.skipped === 0) {
    console.log('\nNo test matches.');
    total.failed = 1;
  }
  // Told once more, since logs are often cut at their beginning.
  for (const { title, error } of total.failures) console.log(`\n✗ ${title}\n  ${error.replaceAll('\n', '\n  ')}`);
  console.log('');
  for (const { name, counts, seconds } of table) {
    console.log(
      `${name.padEnd(10)} ${String(counts.passed).padStart(5)} ok ${String(counts.failed).padStart(4)} failing ` +
        `${String(counts.skipped).padStart(4)} not run ${seconds.toFixed(1).padStart(7)} s`,
    );
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

main()
  .catch((error) => {
    console.error(error instanceof Stop ? error.message : error);
    console.log('\n0 passed, 1 failed, 0 skipped');
    process.exitCode = 1;
  })
  .finally(() => rmSync(own, { recursive: true, force: true }));
