import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Redaction } from '../../src/cli/run/redacting.ts';
import { alice } from '../core/support.ts';
import { notLinux, skipFor, windows } from '../skip.ts';
import { builtCli, startCli } from './built.ts';
import { Lab } from './lab.ts';

describe('the output of run', () => {
  let lab: Lab;
  let cli: string;
  before(async function () {
    skipFor(this, windows);
    cli = await builtCli();
    lab = new Lab();
    lab.write('.env', 'TOKEN=canary-token-1\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, '.env'])).code, 0);
  });
  after(() => lab?.dispose());

  const words = (script: string) => [cli, 'run', '--', 'sh', '-c', script];

  it('comes whole to a reader that is slower, with every value hidden', async () => {
    const script = 'i=0; while [ $i -lt 4000 ]; do echo "$i $TOKEN and some more of the line"; i=$((i+1)); done';
    const child = spawn(process.execPath, words(script), { cwd: lab.folder, env: lab.env() });
    let out = '';
    // A piece may end in the middle of a sign.
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      out += chunk;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(
      out,
      Array.from({ length: 4000 }, (_, i) => `${i} ‹lockstep:TOKEN› and some more of the line\n`).join(''),
    );
  });

  it('of several at once goes to each its own', async () => {
    const runs = Array.from({ length: 12 }, (_, i) => {
      const { child } = startCli(cli, words(`echo ${i}; echo "error ${i} $TOKEN" >&2`).slice(1), lab.folder, lab.env());
      return Promise.all([text(child.stdout as Readable), text(child.stderr as Readable)]);
    });
    const told = await Promise.all(runs);
    assert.deepEqual(
      told,
      runs.map((_, i) => [`${i}\n`, `error ${i} ‹lockstep:TOKEN›\n`]),
    );
  });

  it('ends the program when nobody reads any more, as in any pipe', () => {
    const line = `${[process.execPath, ...words('yes "$TOKEN"; echo "yes $?" >&2')].map((word) => `'${word}'`).join(' ')} | head -1; echo done`;
    const bash = spawnSync('sh', ['-c', line], { cwd: lab.folder, env: lab.env(), encoding: 'utf8', timeout: 15_000 });
    assert.equal(bash.stdout, '‹lockstep:TOKEN›\ndone\n');
    assert.match(bash.stderr, /yes 141/);
  });

  it('that has no room is told, and not the program', function () {
    skipFor(this, notLinux);
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, words('echo "$TOKEN"; exit 0'), {
      cwd: lab.folder,
      env: lab.env(),
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    assert.notEqual(status, 0);
    assert.match(stderr, /Standard output: The disk is full/);
    assert.doesNotMatch(stderr, /canary/);
  });

  it('may be stuck: signals reach the program all the same', async () => {
    const script = "trap 'echo heard >&2; kill $!; exit 9' TERM; echo ready >&2; yes & wait";
    const child = spawn(process.execPath, words(script), { cwd: lab.folder, env: lab.env() });
    let errors = '';
    const heard = (text: string) =>
      new Promise<void>((resolve) => {
        child.stderr.on('data', (data: Buffer) => {
          errors += data;
          if (errors.includes(text)) resolve();
        });
      });
    await heard('ready');
    // Longer than the pipe takes to be full.
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGTERM');
    await heard('heard');
    child.stdout.resume();
    assert.equal(await new Promise((resolve) => child.once('close', resolve)), 9);
  });

  it('may be closed by the program, and held by another one that it leaves behind', async () => {
    const closing = startCli(cli, words('exec >&- 2>&-; exit 5').slice(1), lab.folder, lab.env());
    assert.equal(await closing.ended, 5);
    const leaving = startCli(cli, words('(sleep 2; echo "late $TOKEN") & exit 6').slice(1), lab.folder, lab.env());
    assert.equal(await leaving.ended, 6);
    assert.match(leaving.output(), /The program ended with 6\. Others that it started still write here/);
    assert.match(leaving.output(), /late ‹lockstep:TOKEN›/);
  });

  it('shows a prompt within 100 ms, though its last letters may be a value’s first', async () => {
    const redaction = new Redaction([{ name: 'TOKEN', value: 'canary-token-1' }], false);
    const waits: number[] = [];
    for (let n = 0; n < 5; n++) {
      const from = new PassThrough();
      let out = '';
      const start = performance.now();
      const copied = redaction.copy(from, async (bytes) => {
        out += Buffer.from(bytes).toString();
        if (out === 'Password: can') waits.push(performance.now() - start);
      });
      from.write('Password: can');
      await new Promise((resolve) => setTimeout(resolve, 200));
      from.end();
      await copied;
    }
    // The machine may be busy, but not each time.
    assert.equal(waits.length, 5);
    assert.ok(Math.min(...waits) < 100, waits.join(' '));
  });
});
