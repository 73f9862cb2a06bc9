// `npm run bench`: the table of targets, measured in one run beside the real sops, as ratios (machines are noisy).
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { measure } from 'mitata';

import { type Opened, open } from '../../src/core/open/open.ts';
import { useNative } from '../../src/core/platform/native.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { text } from '../../src/core/tree/value.ts';
import { envelopes } from '../../src/core/view/envelopes.ts';
import { lensPlan } from '../../src/core/view/lenses.ts';
import { Lines } from '../../src/core/view/lines.ts';
import { nodeNative } from '../../src/node/native.ts';
import { editText, moveNode, plainTextOf, setValue } from '../core/changes.ts';
import { alice, bob, keyringOf, later } from '../core/support.ts';
import { loadBundle } from './extension.ts';
import { firstLineOf, linesOf, longHistory } from './history.ts';
import { manyFiles } from './many.ts';
import { runOnce } from './process.ts';

useNative(nodeNative);
const sops = process.env.LOCKSTEP_SOPS ?? 'sops';
const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
const env = { PATH: process.env.PATH, HOME: folder, SOPS_AGE_KEY: alice.identity };
type FormatId = keyof typeof names;
const names = { yaml: 'x.yaml', json: 'x.json', dotenv: 'x.env', ini: 'x.ini' };

function source(format: FormatId, entries: number, more = 0): string {
  const value = (i: number) => `value-${i}-${'x'.repeat((i % 40) + more)}`;
  const rows = Array.from({ length: entries }, (_, i) => [`KEY_${i}`, value(i)] as const);
  if (format === 'json') return JSON.stringify(Object.fromEntries(rows), null, 2);
  const head = format === 'ini' ? '[main]\n' : '';
  return (
    head + rows.map(([name, value]) => (format === 'yaml' ? `${name}: ${value}\n` : `${name}=${value}\n`)).join('')
  );
}

/** The middle of at least so many runs, in milliseconds. */
async function time(runs: number, work: () => unknown): Promise<number> {
  const { p50 } = await measure(work, { min_samples: runs, max_samples: runs * 4, min_cpu_time: 0, warmup_samples: 1 });
  return p50 / 1e6;
}

/** The same for two programs, run in turns so that a busy machine is as busy for both. */
async function inTurns(runs: number, ours: () => unknown, peer: () => unknown): Promise<[number, number]> {
  const taken: [number[], number[]] = [[], []];
  for (let i = 0; i < runs; i++) {
    for (const [n, work] of [ours, peer].entries()) {
      const start = performance.now();
      await work();
      taken[n]?.push(performance.now() - start);
    }
  }
  const [a, b] = taken.map((times) => times.sort((x, y) => x - y)[runs >> 1] ?? 0);
  return [a ?? 0, b ?? 0];
}

const rows: string[][] = [];
const row = (work: string, ours: number, peer: number | undefined, target: string, met: boolean) =>
  rows.push([
    work,
    `${ours.toFixed(1)} ms`,
    peer === undefined ? '' : `${peer.toFixed(1)} ms`,
    peer === undefined ? '' : (ours / peer).toFixed(2),
    target,
    met ? 'met' : 'NOT met',
  ]);

async function run(): Promise<void> {
  const keyring = await keyringOf(alice.identity);

  for (const entries of [100, 10_000]) {
    for (const format of Object.keys(names) as FormatId[]) {
      const path = join(folder, names[format]);
      writeFileSync(path, source(format, entries));
      const sealed = execFileSync(sops, ['encrypt', '--age', alice.recipient, path], { env, maxBuffer: 1 << 28 });
      writeFileSync(path, sealed);
      const ours = await time(7, async () => {
        const opened = await open(readSealed(readFileSync(path, 'utf8'), format), keyring);
        if (!opened.verdict.ok) throw new Error('the MAC does not hold');
      });
      const [whole, peer] = await inTurns(
        7,
        () => execFileSync(...command(['decrypt', path])),
        () => execFileSync(sops, ['decrypt', path], { env, maxBuffer: 1 << 28 }),
      );
      const target = entries === 100 ? 1 : format === 'dotenv' || format === 'ini' ? 1.2 : 0.6;
      row(`open + decrypt + MAC, ${entries} entries, ${format}`, ours, peer, `≤ ${target}`, ours / peer <= target);
      const bound = entries === 100 ? 2 : format === 'dotenv' ? 1.5 : 1;
      row(
        `lockstep decrypt as a process, ${entries} entries, ${format}`,
        whole,
        peer,
        `≤ ${bound}`,
        whole / peer <= bound,
      );
      if (entries === 100) continue;
      const opened = await open(readSealed(sealed.toString(), format), keyring);
      const id = opened.sealed.leaves[5_000]?.id ?? '';
      let n = 0;
      const set = await time(15, () => setValue(opened, id, text(`new ${n++}`), later));
      row(`set one value, ${entries} entries, ${format}`, set, undefined, '≤ 30 ms', set <= 30);
      const plain = await plainTextOf(opened);
      const edit = await time(7, () => editText(opened, plain.replace('value-5000', `new ${n++}`), later));
      row(`edit the whole text, ${entries} entries, ${format}`, edit, undefined, '≤ 300 ms', edit <= 300);
      const last = opened.sealed.leaves.at(-1)?.id ?? '';
      const move = await time(7, () =>
        moveNode(opened, id, { group: format === 'ini' ? '[0,"main"]' : '[0]', before: last }, later),
      );
      row(`move an entry, ${entries} entries, ${format}`, move, undefined, '≤ 300 ms', move <= 300);
      const shown = await time(7, () => surfaces(opened));
      row(`lenses and masks, ${entries} entries, ${format}`, shown, undefined, '≤ 100 ms', shown <= 100);
    }
  }
}

/** The verbs that write, as processes. */
async function writing(): Promise<void> {
  const rules = join(folder, '.sops.yaml');
  writeFileSync(rules, `creation_rules:\n  - age: ${alice.recipient}\n`);
  const configs = [[alice], [alice, bob]].map((people, i) => {
    const path = join(folder, `rules-${i}.yaml`);
    writeFileSync(path, `creation_rules:\n  - age: ${people.map(({ recipient }) => recipient).join(',')}\n`);
    return path;
  });
  const cli = resolve('dist', 'cli.js');
  const maxBuffer = 1 << 28;
  for (const format of Object.keys(names) as FormatId[]) {
    const [plain, sealed] = [join(folder, `plain-${names[format]}`), join(folder, names[format])];
    writeFileSync(plain, source(format, 5_000));
    writeFileSync(sealed, execFileSync(sops, ['encrypt', plain], { env, cwd: folder, maxBuffer }));
    const key = format === 'ini' ? '["main"]["KEY_7"]' : '["KEY_7"]';
    let n = 0;
    const verbs: Readonly<Record<string, () => string[]>> = {
      encrypt: () => ['encrypt', plain],
      // Another value each time, and other readers.
      set: () => ['set', sealed, key, `"another value ${n++}"`],
      rotate: () => ['rotate', sealed],
      updatekeys: () => ['--config', configs[n++ % 2] ?? '', 'updatekeys', '--yes', sealed],
    };
    for (const [verb, words] of Object.entries(verbs)) {
      const options = {
        env,
        cwd: folder,
        maxBuffer,
        stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'],
      };
      const [ours, peer] = await inTurns(
        7,
        () => execFileSync(process.execPath, [cli, ...words()], options),
        () => execFileSync(sops, words(), options),
      );
      row(`lockstep ${verb} as a process, 5000 entries, ${format}`, ours, peer, '≤ 1', ours / peer <= 1);
      const held = await runOnce(process.execPath, [cli, ...words()], env, folder);
      const holds = await runOnce(sops, words(), env, folder);
      if (held.memory !== undefined && holds.memory !== undefined)
        memoryRow(`${verb}, 5000 entries, ${format}`, held.memory, holds.memory);
    }
  }
}

/** A merge of three versions, where each side changed a value, beside the two decryptions that it needs. */
async function merging(): Promise<void> {
  for (const format of Object.keys(names) as FormatId[]) {
    const [name, path] = [names[format], join(folder, names[format])];
    const plain = source(format, 10_000);
    const base = (await seal(plain, format, { recipients: [alice.recipient] }, later)).text;
    const opened = await open(readSealed(base, format), await keyringOf(alice.identity));
    const changed = async (n: number) => {
      const id = opened.sealed.leaves[n]?.id ?? '';
      return (await setValue(opened, id, text('changed'), later)).text;
    };
    const [ours, theirs] = [await changed(7), await changed(9_000)];
    for (const [file, content] of Object.entries({ O: base, B: theirs, [name]: ours }))
      writeFileSync(join(folder, file), content);
    const [A, O, B] = ['A', 'O', 'B'].map((file) => join(folder, file)) as [string, string, string];
    const [merge, decrypts] = await inTurns(
      7,
      () => {
        writeFileSync(A, ours);
        execFileSync(...command(['merge-driver', O, A, B, path]));
      },
      () => {
        for (let i = 0; i < 2; i++) execFileSync(...command(['decrypt', path]));
      },
    );
    row(
      `merge of 10000 entries, beside two of our decryptions, ${format}`,
      merge,
      decrypts,
      '≤ 1.5',
      merge / decrypts <= 1.5,
    );
  }
}

/** What changed in 200 files of 20 entries, beside git's own diff of them. */
async function comparing(): Promise<void> {
  const repository = join(folder, 'compared');
  mkdirSync(repository);
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...words], { cwd: repository, env });
  git('init', '-q');
  const keyring = await keyringOf(alice.identity);
  const changed: [string, string][] = [];
  for (let i = 0; i < 200; i++) {
    const path = join(repository, `${i}.yaml`);
    const base = (await seal(source('yaml', 20), 'yaml', { recipients: [alice.recipient] }, later)).text;
    writeFileSync(path, base);
    const opened = await open(readSealed(base, 'yaml'), keyring);
    changed.push([path, (await setValue(opened, opened.sealed.leaves[i % 20]?.id ?? '', text('changed'), later)).text]);
    opened.dispose();
  }
  git('add', '-A');
  git('commit', '-q', '-m', 'one');
  for (const [path, content] of changed) writeFileSync(path, content);
  const options = { env, cwd: repository, maxBuffer: 1 << 28 };
  const [ours, peer] = await inTurns(
    7,
    () => execFileSync(process.execPath, [resolve('dist', 'cli.js'), 'diff', 'HEAD'], options),
    () => execFileSync('git', ['diff', 'HEAD'], options),
  );
  row('lockstep diff of 200 files of 20 entries, beside git diff of ciphertext', ours, peer, '≤ 2 s', ours <= 2000);
}

/** A gigabyte from a program, with 50 secrets to look for, beside Node that passes it on and looks for nothing. */
async function redaction(): Promise<void> {
  const path = join(folder, 'fifty.env');
  const secrets = Array.from({ length: 50 }, (_, i) => `S${i}=${randomBytes(12 + (i % 30)).toString('base64')}\n`);
  writeFileSync(path, (await seal(secrets.join(''), 'dotenv', { recipients: [alice.recipient] }, later)).text);
  const big = join(folder, 'big.log');
  const line = '2026-11-27T02:00:00Z INFO server listening on port 3000, request GET /api/users/42 took 12 ms\n';
  const part = Buffer.from(line.repeat(10_000));
  for (let size = 0; size < 1e9; size += part.length) appendFileSync(big, part);
  const pass = 'for await (const c of process.stdin) await new Promise((done) => process.stdout.write(c, done));';
  const through = (words: readonly string[]) =>
    execFileSync('sh', ['-c', '"$@" | cat > /dev/null', 'sh', ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const [ours, peer] = await inTurns(
    5,
    () => through([process.execPath, resolve('dist', 'cli.js'), 'run', '-f', path, '--', 'cat', big]),
    () => through(['sh', '-c', 'cat "$1" | "$2" --input-type=module -e "$3"', 'sh', big, process.execPath, pass]),
  );
  const speed = statSync(big).size / 1000 / ours;
  row(`lockstep run, 1 GB of output, 50 secrets (${speed.toFixed(0)} MB/s)`, ours, peer, '≤ 2', ours / peer <= 2);
  const [start, both] = await inTurns(
    60,
    () => execFileSync(...command(['run', '-f', path, '--', 'true'])),
    () => {
      execFileSync(sops, ['exec-env', path, 'true'], { env });
      // In the same environment: certificates that one of its variables names take longer to read than Node to start.
      execFileSync(process.execPath, ['-e', ''], { env });
    },
  );
  row('lockstep run as a process, beside exec-env of sops and Node alone', start, both, '≤ 1.3', start / both <= 1.3);
}

/** Another reader for 200 files of 12 people: in one run of each program, and with sops once for each file. */
async function many(): Promise<void> {
  const [own, theirs] = [await manyFiles(join(folder, 'ours'), env), await manyFiles(join(folder, 'peer'), env)];
  const cli = resolve('dist', 'cli.js');
  const [ours, peer] = await inTurns(
    7,
    () => own.update(process.execPath, cli),
    () => theirs.update(sops),
  );
  const [again, each] = await inTurns(
    1,
    () => own.update(process.execPath, cli),
    () => theirs.updateEach(sops),
  );
  row('re-wrap of 200 files for 12 people', ours, peer, '≤ 3 s, ≤ 0.5', ours <= 3_000 && ours / peer <= 0.5);
  row('the same, and sops once for each file', again, each, '≤ 0.5', again / each <= 0.5);
}

/** What the text editor draws: every mask, and lenses on every entry. */
function surfaces({ sealed: { doc, leaves } }: Opened): void {
  const none = new Set<string>();
  const lines = new Lines(doc.text);
  if (envelopes(doc.text).length < leaves.length) throw new Error('a mask is missing');
  const sets = { failed: none, several: none, quoted: none, binary: undefined };
  if (
    lensPlan({ leaves, lines, mode: 'all', current: undefined, comment: undefined, editable: true, ...sets }).length ===
    0
  )
    throw new Error('there are no lenses');
}

/** The built command line as a program of its own, as `execFileSync` takes it. */
function command(words: readonly string[]): [string, string[], { env: NodeJS.ProcessEnv; maxBuffer: number }] {
  return [process.execPath, [join('dist', 'cli.js'), ...words], { env, maxBuffer: 1 << 28 }];
}

/**
 * The most memory that both programs hold for files of 10,000 entries: short ones, and long ones that make 20 MB. Node alone
 * takes 40 MB before it does anything. The time for 20 MB is that of the same single run: sops takes a while there.
 */
async function memory(): Promise<void> {
  for (const more of [0, 1_400]) {
    for (const format of Object.keys(names) as FormatId[]) {
      const path = join(folder, names[format]);
      // Sealed here, because sops takes minutes for long texts in JSON.
      writeFileSync(
        path,
        (await seal(source(format, 10_000, more), format, { recipients: [alice.recipient] }, later)).text,
      );
      const what = `10000 entries, ${(statSync(path).size / 1e6).toFixed(0)} MB, ${format}`;
      const [program, args, options] = command(['decrypt', path]);
      const ours = await runOnce(program, args, options.env);
      const peer = await runOnce(sops, ['decrypt', path], env);
      const ratio = ours.milliseconds / peer.milliseconds;
      if (more > 0)
        row(`lockstep decrypt as a process, ${what}`, ours.milliseconds, peer.milliseconds, '≤ 1', ratio <= 1);
      if (ours.memory !== undefined && peer.memory !== undefined)
        memoryRow(`decrypt, ${what}`, ours.memory, peer.memory);
    }
  }
}

function memoryRow(what: string, ours: number, peer: number): void {
  const ratio = ours / peer;
  const cells = [`${ours.toFixed(0)} MB`, `${peer.toFixed(0)} MB`, ratio.toFixed(2)];
  rows.push([`memory of ${what}`, ...cells, '≤ 2.5', ratio <= 2.5 ? 'met' : 'NOT met']);
}

/** Looking for secrets in a hundred thousand files, beside gitleaks where that is on PATH. */
async function scanning(): Promise<void> {
  const place = join(folder, 'scanned');
  for (let i = 0; i < 100_000; i++) {
    const path = join(place, `${i % 300}`, `${i}.ts`);
    if (i < 300) mkdirSync(join(place, `${i}`), { recursive: true });
    const lines = Array.from(
      { length: 40 },
      (_, n) => `export const name${n} = lookUp('key-${(i * 31 + n) % 977}', token${n});\n`,
    );
    writeFileSync(path, i % 1000 === 0 ? `${lines.join('')}const apiKey = '${hex(i)}';\n` : lines.join(''));
  }
  const took = (program: string, words: readonly string[]) => {
    const start = performance.now();
    const { error, status } = spawnSync(program, words, { env, cwd: place, stdio: 'ignore' });
    return error || status === null ? undefined : performance.now() - start;
  };
  const ours = took(process.execPath, [resolve('dist', 'cli.js'), 'scan', '.']) ?? Number.NaN;
  const peer = took('gitleaks', ['dir', '.', '--no-banner', '--exit-code', '0']);
  row('scan of 100,000 files, beside gitleaks', ours, peer, '≤ 60 s', ours <= 60_000);
}

const hex = (n: number) => createHash('sha256').update(`${n}`).digest('hex').slice(0, 40);

/** How long a program takes that does nothing yet. */
async function start(): Promise<void> {
  const [ours, node] = await inTurns(
    15,
    () => execFileSync(...command(['--version'])),
    () => execFileSync(process.execPath, ['-e', '0'], { env }),
  );
  row('lockstep --version, beside Node alone', ours, node, '≤ 1.3', ours / node <= 1.3);
}

/** The first secret that a running program asks for, in either form, and all of them as variables. */
async function library(): Promise<void> {
  const at = join(folder, 'library');
  mkdirSync(join(at, '.git'), { recursive: true });
  const sealed = await seal(source('dotenv', 100), 'dotenv', { recipients: [alice.recipient] }, later);
  writeFileSync(join(at, '.env'), sealed.text);
  const [entry, config] = ['index.js', 'config.js'].map((name) => JSON.stringify(resolve('dist', 'npm', name)));
  const forms = {
    getSecret: `await require(${entry}).getSecret('KEY_7', { files: ['.env'] })`,
    getSecretSync: `require(${entry}).getSecretSync('KEY_7', { files: ['.env'] })`,
    'lockstep-secrets/config': `require(${config})`,
  };
  const once = (call: string) => {
    const program = `(async () => { const start = performance.now(); ${call}; console.log(performance.now() - start); })();`;
    return Number(execFileSync(process.execPath, ['-e', program], { env, cwd: at }));
  };
  const taken = Array.from({ length: 15 }, () => Object.values(forms).map(once));
  for (const [i, form] of Object.keys(forms).entries()) {
    const ours = taken.map((times) => times[i] ?? Number.NaN).sort((a, b) => a - b)[7] ?? Number.NaN;
    row(`${form}, first call in a running program`, ours, undefined, '≤ 60 ms', ours <= 60);
  }
}

/** A file of 1,000 entries with 10,000 commits: the first row of an entry, and all of them. */
async function history(): Promise<void> {
  const at = join(folder, 'history');
  await longHistory(at, 10_000, 1_000, env);
  const cli = resolve('dist', 'cli.js');
  const log = (...words: string[]) => linesOf(process.execPath, [cli, 'log', 'secrets.yaml', ...words], at, env);
  const { first, last, lines } = await log('KEY_995');
  if (lines !== 11) throw new Error(`the history of KEY_995 has ${lines} lines`);
  row('log of an entry, 10000 commits × 1000 entries, first row', first, undefined, '≤ 1000 ms', first <= 1000);
  row('the same, all of it', last, undefined, '≤ 15 s', last <= 15_000);
  const whole = await firstLineOf(process.execPath, [cli, 'log', 'secrets.yaml'], at, env);
  row('log of the whole file, first row', whole, undefined, '≤ 1000 ms', whole <= 1000);
}

/** What is loaded at activation; the rest of the 40 ms that activation may take is VS Code's own figure. */
async function activation(): Promise<void> {
  const ours = await time(15, () => loadBundle(join('dist', 'extension.js')));
  row('loading what activates', ours, undefined, '≤ 40 ms', ours <= 40);
}

/** What is built and packaged. */
function sizes(): void {
  for (const [what, path, limit] of [
    ['of what activates', join('dist', 'extension.js'), 150],
    ['of the package', process.env.LOCKSTEP_VSIX ?? '', 2048],
  ] as const) {
    if (!existsSync(path)) continue;
    const size = statSync(path).size / 1024;
    rows.push([`size ${what}`, `${size.toFixed(0)} KB`, '', '', `≤ ${limit} KB`, size <= limit ? 'met' : 'NOT met']);
  }
}

function print(): void {
  sizes();
  const table = [['work', 'Lockstep', 'sops', 'ratio', 'target', ''], ...rows];
  const widths = table[0]?.map((_, i) => Math.max(...table.map((line) => (line[i] ?? '').length))) ?? [];
  for (const line of table) process.stdout.write(`${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}\n`);
}

/** All of it, or the parts that are named: `npm run bench -- start writing`. */
async function bench(named: readonly string[]): Promise<void> {
  const parts: Readonly<Record<string, () => Promise<void>>> = {
    start,
    library,
    run,
    writing,
    many,
    merging,
    comparing,
    memory,
    redaction,
    history,
    activation,
    scanning,
  };
  const unknown = named.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) throw new Error(`no part of the bench: ${unknown}; there are ${Object.keys(parts)}`);
  for (const [name, part] of Object.entries(parts)) if (named.length === 0 || named.includes(name)) await part();
  print();
}

bench(process.argv.slice(2)).finally(() => rmSync(folder, { recursive: true, force: true }));
