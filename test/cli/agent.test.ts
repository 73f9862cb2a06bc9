import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { sealIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { wrapKey } from '../../src/core/age/wrap.ts';
import { rememberWraps } from '../../src/core/agent/held.ts';
import { useNative } from '../../src/core/platform/native.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { askAgent } from '../../src/node/agent/client.ts';
import { nameOfFolder } from '../../src/node/agent/place.ts';
import { nodeNative } from '../../src/node/native.ts';
import { alice, bob, clock } from '../core/support.ts';
import { describeUnless, windows } from '../skip.ts';
import { Lab, type Ran } from './lab.ts';

const phrase = 'correct horse battery staple';

describeUnless(windows, 'lockstep agent', () => {
  let lab: Lab;
  let runtime: string;
  let armored: string;
  let running: Promise<Ran>;
  let send: (signal: NodeJS.Signals) => void;
  const env = () => ({ XDG_RUNTIME_DIR: runtime, TMPDIR: runtime, SOPS_AGE_KEY: undefined });
  const soon = () => new Promise((resolve) => setImmediate(resolve));

  before(async () => {
    useNative(nodeNative);
    armored = await sealIdentityFile(`${alice.identity}\n`, phrase, 10);
  });
  beforeEach(async () => {
    lab = new Lab();
    runtime = mkdtempSync(join(tmpdir(), 'lockstep-run-'));
    lab.write('keys.age', armored);
    for (const name of ['a', 'b']) lab.write(`${name}.yaml`, await sealed(`name: canary-${name}\n`));
  });
  afterEach(() => {
    lab.dispose();
    rmSync(runtime, { recursive: true, force: true });
  });

  /** A file that another process has encrypted. */
  const sealed = async (text: string) => {
    const { text: made } = await seal(text, 'yaml', { recipients: [alice.recipient] }, clock);
    rememberWraps(false);
    return made;
  };

  /** Starts it, and comes back when it answers. */
  const start = async (answers: readonly string[], ...flags: string[]) => {
    let heard = '';
    running = lab.run(['agent', 'keys.age', ...flags], {
      env: env(),
      answers,
      signals: (one) => {
        send = one;
      },
      heard: (text) => {
        heard += text;
      },
    });
    let over = false;
    void running.then(() => {
      over = true;
    });
    while (!over && !heard.includes('The agent answers')) await soon();
    assert.match(heard, /The agent answers at .*agent\.sock/);
  };
  const stop = async () => {
    send('SIGTERM');
    const { code, err } = await running;
    assert.equal(code, 0, err);
    assert.deepEqual(readdirSync(join(runtime, 'lockstep')), []);
    return err;
  };
  const decrypt = (name = 'a.yaml', given = {}) => lab.run(['decrypt', name], { env: env(), ...given });

  it('finds for a merge the agent of the folder that the file is in', async () => {
    await start([phrase, 'y', 'y', 'y']);
    mkdirSync(join(lab.folder, 'sub'));
    const sockets = join(runtime, 'lockstep');
    renameSync(join(sockets, 'agent.sock'), join(sockets, `${nameOfFolder(join(lab.folder, 'sub'))}.sock`));
    const base = lab.read('a.yaml');
    for (const name of ['O', 'A', 'B']) lab.write(name, base);
    const merge = (file: string) => lab.run(['merge-driver', '--', 'O', 'A', 'B', file], { env: env() });
    assert.equal((await merge('a.yaml')).code, 1);
    const { code, err } = await merge('sub/a.yaml');
    assert.equal(code, 0, err);
    renameSync(join(sockets, `${nameOfFolder(join(lab.folder, 'sub'))}.sock`), join(sockets, 'agent.sock'));
    await stop();
  });

  it('lets the command line decrypt after a question on its terminal, and records it', async () => {
    await start([phrase, 'o', 'y', '']);
    assert.match(lab.asked[0] ?? '', /^Pass phrase of .*keys\.age \(nothing is shown\): $/);
    assert.equal((await decrypt()).out, 'name: canary-a\n');
    assert.match(lab.asked[1] ?? '', /wants to decrypt:\n {2}.*a\.yaml\nAllow it\? \(o: once, .*Enter: no\) $/);
    assert.equal((await decrypt()).out, 'name: canary-a\n');
    const { code, out, err } = await decrypt('b.yaml');
    assert.deepEqual([code, out], [128, '']);
    assert.match(err, /agent of VS Code or lockstep agent: Lockstep was told not to open this\.\n/);
    assert.match(
      err,
      /^lockstep: b\.yaml: Lockstep was told not to open this\.\nRun the command again and allow it\. .+ or end lockstep agent and start it again\.$/m,
    );
    const said = await stop();
    const log = readFileSync(join(lab.state, 'lockstep', 'access.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const answers = log.filter(({ purpose }) => purpose === 'answer');
    assert.deepEqual(
      answers.map(({ file }) => file),
      Array(2).fill(join(lab.folder, 'a.yaml')),
    );
    assert.match(answers[0].by, /process \d+/);
    assert.doesNotMatch(
      `${said}${err}${JSON.stringify(log)}${lab.asked.join()}`,
      /AGE-SECRET-KEY|canary|correct horse/,
    );
  });

  it('is no source of keys under the name sops, and none when it has ended', async () => {
    await start([phrase], '--yes');
    assert.equal((await decrypt()).code, 0);
    assert.equal((await decrypt('a.yaml', { name: 'sops' })).code, 128);
    // A key at hand is used before anybody is asked.
    assert.equal((await decrypt('a.yaml', { env: { ...env(), SOPS_AGE_KEY: alice.identity } })).code, 0);
    await stop();
    const { code, err } = await decrypt();
    assert.equal(code, 128);
    assert.doesNotMatch(err, /agent of VS Code/);
  });

  it('with --yes gives what is below its folder, also at once, and nothing else', async () => {
    await start([phrase], '--yes');
    const all = await Promise.all(Array.from({ length: 30 }, (_, i) => decrypt(i % 2 ? 'a.yaml' : 'b.yaml')));
    assert.deepEqual(new Set(all.map(({ code }) => code)), new Set([0]));
    assert.deepEqual(new Set(all.map(({ out }) => out)), new Set(['name: canary-a\n', 'name: canary-b\n']));
    const elsewhere = mkdtempSync(join(tmpdir(), 'lockstep-else-'));
    writeFileSync(join(elsewhere, 'c.yaml'), await sealed('name: canary-c\n'));
    assert.equal((await decrypt('c.yaml', { cwd: elsewhere })).code, 128);
    rmSync(elsewhere, { recursive: true });
    // A file that comes later is known when somebody asks for it.
    lab.write('d.yaml', await sealed('name: canary-d\n'));
    assert.equal((await decrypt('d.yaml')).out, 'name: canary-d\n');
    await stop();
  });

  it('is asked once for a look at all files', async () => {
    await start([phrase, 'o']);
    for (const name of ['c', 'd', 'e']) lab.write(`${name}.yaml`, await sealed(`name: canary-${name}\n`));
    const { err } = await lab.run(['check'], { env: env() });
    assert.doesNotMatch(err, /opens/);
    await stop();
    const questions = lab.asked.filter((question) => question.includes('wants to decrypt'));
    assert.deepEqual([questions.length, questions[0]?.match(/\.yaml/g)?.length], [1, 5]);
  });

  it('is asked once for a change of keys, whose proof opens a file that is not there yet', async () => {
    for (const args of [
      ['rotate', '-i', 'a.yaml'],
      ['rotate', '-i', '--add-age', bob.recipient, '--yes', 'b.yaml'],
    ]) {
      await start([phrase, 'o']);
      const before = lab.read(args.at(-1) ?? '');
      const { code, err } = await lab.run(args, { env: env() });
      assert.equal(code, 0, err);
      assert.notEqual(lab.read(args.at(-1) ?? ''), before);
      await stop();
    }
    assert.equal(lab.asked.filter((question) => question.includes('wants to decrypt')).length, 2);
  });

  it('drops its keys when nobody has asked for a while', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      await start([phrase], '--yes', '--idle-minutes', '2');
      for (let n = 0; n < 2; n++) {
        mock.timers.tick(119_000);
        const answer = await askAgent(
          { keys: [{ enc: 'junk' }] },
          { env: env(), platform: process.platform, cwd: lab.folder },
        );
        assert.deepEqual(answer, { code: 'NOT_MINE' });
      }
      mock.timers.tick(120_000);
      const { code, err } = await running;
      assert.equal(code, 0);
      assert.match(err, /Nobody has asked for a while, so the agent has dropped its keys and ends\./);
    } finally {
      mock.timers.reset();
    }
    assert.equal((await decrypt()).code, 128);
  });

  it('does not begin without a key under a pass phrase, nor with a wrong one', async () => {
    const run = (args: readonly string[], answers: readonly string[] = [phrase]) =>
      lab.run(['agent', ...args], { env: env(), answers });
    lab.write('plain.txt', `${alice.identity}\n`);
    for (const [args, answers, code, words] of [
      [['plain.txt'], [], 1, /has no pass phrase/],
      [['gone.age'], [], 2, /gone\.age/],
      [[], [], 128, /There is no key file under a pass phrase/],
      [['keys.age'], ['1', '2', '3', '4', '5', phrase], 128, /does not open/],
      [['keys.age', '--idle-minutes', '0'], [phrase], 1, /--idle-minutes takes a number of minutes/],
    ] as const) {
      const ran = await run(args, answers);
      assert.equal(ran.code, code, ran.err);
      assert.match(ran.err, words);
      assert.doesNotMatch(ran.err, /AGE-SECRET-KEY/);
    }
    const alone = await lab.run(['agent', 'keys.age'], { env: env() });
    assert.match(alone.err, /nobody to ask for a pass phrase/);
    mkdirSync(join(lab.folder, 'sops', 'age'), { recursive: true });
    lab.write('sops/age/keys.txt', armored);
    assert.match((await run([], ['x', 'x', 'x', 'x', 'x'])).err, /sops.age.keys\.txt/);
  });

  it('gives one key of many, whatever stands beside it', async () => {
    await start([phrase], '--yes');
    const enc =
      /-----BEGIN AGE[\s\S]*?-----END AGE ENCRYPTED FILE-----/.exec(lab.read('a.yaml'))?.[0].replace(/^ +/gm, '') ?? '';
    const others = await wrapKey(new Uint8Array(32), 'age14zu526zc0fh7f2ungnenvezlkfajfr933mlhln3p4n86qy2fvedsjqhqft');
    const keys = [{ enc: others }, { enc: `${enc}\n` }, { enc: 'junk' }];
    const answer = await askAgent({ keys }, { env: env(), platform: process.platform, cwd: lab.folder });
    assert.ok('keys' in answer);
    assert.deepEqual(
      answer.keys.map((one) => one?.key.length),
      [undefined, 32, undefined],
    );
    await stop();
  });
});
