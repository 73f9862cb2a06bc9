import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FormatId } from '../../src/core/format/document.ts';
import { alice, bob, reopen } from '../core/support.ts';
import { describeUnless, windows } from '../skip.ts';
import { builtCli } from './built.ts';
import { Lab } from './lab.ts';

const canary = 'canary-8891-crash';
const plain = `A=1\nB=${canary}\n${Array.from({ length: 200 }, (_, i) => `KEY_${i}=value ${i}\n`).join('')}`;
/** What a write leaves beside the file when it is cut short: hidden, after the file's name, with a name nobody guesses. */
const stray = /^\.a\.env\.[0-9a-f]{16}\.tmp$/;

describeUnless(windows, 'a write of the command line that is cut short', function () {
  this.timeout(300_000);
  let cli: string;
  let lab: Lab;
  before(async () => {
    cli = await builtCli();
  });
  after(() => rmSync(cli));
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  // Looks for key files are not what is cut short here.
  const elsewhere = { HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' };
  const strays = () => readdirSync(lab.folder).filter((name) => stray.test(name));
  const run = (args: readonly string[], moment: string, signal = 'SIGKILL') =>
    spawnSync(process.execPath, ['--require', join(__dirname, 'dying.cjs'), cli, ...args], {
      cwd: lab.folder,
      env: lab.env({ ...elsewhere, LOCKSTEP_DIE: `${lab.folder}|${moment}|${signal}` }),
      encoding: 'utf8',
    });
  const format: FormatId = 'dotenv';
  const holds = async (text: string) => (await reopen(text, format)).verdict.ok;
  const encrypted = async () => {
    lab.write('a.env', plain);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.env'])).code, 0);
    return lab.read('a.env').toString();
  };

  /**
   * Dies at each of the calls of one command line, before and after it. `prepare` makes the folder and tells what the file
   * held; `isNew` whether what is found is a whole new file; `look` is shown each file that was left behind.
   */
  async function dieEverywhere(
    args: readonly string[],
    prepare: () => Promise<string> | string,
    isNew: (found: string) => Promise<boolean> | boolean,
    look: (path: string) => void,
  ): Promise<void> {
    let old = await prepare();
    const whole = run(args, '');
    assert.equal(whole.status, 0, whole.stderr);
    const calls = whole.stderr.split('\n').filter((line) => line.startsWith('call ')).length;
    assert.ok(calls >= 8, `${calls} calls`);
    assert.deepEqual(strays(), []);
    const seen = { old: 0, new: 0, strays: 0 };
    for (let n = 1; n <= calls; n++) {
      for (const side of ['-', '+']) {
        old = await prepare();
        const died = run(args, `${n}${side}`);
        assert.equal(died.signal, 'SIGKILL', `${n}${side}: ${died.stderr}`);
        const found = lab.read('a.env').toString();
        if (found === old) seen.old++;
        else {
          assert.ok(await isNew(found), `neither the old nor a whole new file after ${n}${side}`);
          seen.new++;
        }
        for (const name of strays()) {
          seen.strays++;
          look(join(lab.folder, name));
        }
      }
    }
    assert.ok(seen.old > 0 && seen.new > 0 && seen.strays > 0, JSON.stringify(seen));
    // What is left of all those is in nobody's way.
    await prepare();
    assert.equal(run(args, '').status, 0);
    assert.ok(await isNew(lab.read('a.env').toString()));
  }

  const verbs: readonly [args: readonly string[], before: () => Promise<string> | string][] = [
    [
      ['encrypt', '-i', '--age', alice.recipient, 'a.env'],
      () => {
        lab.write('a.env', plain);
        return plain;
      },
    ],
    [['set', 'a.env', '["B"]', '"other"'], encrypted],
    [['rotate', '-i', 'a.env'], encrypted],
    [
      ['updatekeys', '-y', 'a.env'],
      async () => {
        const text = await encrypted();
        lab.write('.sops.yaml', `creation_rules:\n  - age: [${alice.recipient}, ${bob.recipient}]\n`);
        return text;
      },
    ],
  ];
  for (const [args, prepare] of verbs) {
    it(`${args[0]}: the old file or the new one, whole, and beside it ciphertext at most`, () =>
      dieEverywhere(args, prepare, holds, (path) =>
        assert.ok(!readFileSync(path).includes(canary), `clear text in ${path}`),
      ));
  }

  it('decrypt -i: the old file or the clear text, whole', async () => {
    // Clear text in this folder is what was asked for, so what is left of it there is no leak; but nobody may read it who
    // could not read the file.
    const mode = 0o644;
    const shared = new Set<string>();
    const prepare = async () => {
      const text = await encrypted();
      chmodSync(join(lab.folder, 'a.env'), mode);
      return text;
    };
    await dieEverywhere(
      ['decrypt', '-i', 'a.env'],
      prepare,
      (found) => found === plain,
      (path) => {
        assert.ok(plain.startsWith(readFileSync(path, 'utf8')), 'something else than the clear text');
        if ((statSync(path).mode & 0o077) !== 0) shared.add(path);
      },
    );
    // It gets the mode of the file right before it takes its place: after that call, before and after it is closed, and before the next.
    assert.equal(shared.size, 4, 'moments in which somebody else could read it');
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    it(`${signal} in the middle of decrypt -i leaves the old file or the clear text, and nothing beside it`, async () => {
      const old = await encrypted();
      const calls = run(['decrypt', '-i', 'a.env'], '').stderr.match(/^call /gm)?.length ?? 0;
      let kept = 0;
      for (let n = 1; n <= calls; n++) {
        lab.write('a.env', old);
        const { signal: by, status, stderr } = run(['decrypt', '-i', 'a.env'], `${n}+`, signal);
        // A dump of its memory would hold the clear text, so it does not end by that signal.
        if (signal === 'SIGQUIT') assert.deepEqual([by, status], [null, 131], `${n}+: ${stderr}`);
        else assert.equal(by, signal, `${n}+: ${stderr}`);
        const found = lab.read('a.env').toString();
        assert.ok(found === old || found === plain, `neither the old nor the new file after ${n}+`);
        if (found === old) kept++;
        assert.deepEqual(strays(), [], `${n}+`);
      }
      assert.ok(kept >= 5 && kept < calls, `${kept} of ${calls}`);
    });
  }

  it('where there is no room for the new file the old one stays, and nothing is left', async () => {
    const old = await encrypted();
    const script = `trap '' XFSZ; ulimit -f 4; exec "$0" "$@"`;
    const args = ['-c', script, process.execPath, cli, 'set', 'a.env', '["B"]', '"other"'];
    const { status, stderr } = spawnSync('bash', args, { cwd: lab.folder, env: lab.env({}), encoding: 'utf8' });
    assert.equal(status, 3, stderr);
    assert.match(stderr, /The disk is full/);
    assert.equal(lab.read('a.env').toString(), old);
    assert.deepEqual(strays(), []);
  });

  it('a folder in which nothing may be written, and a file that may not', async () => {
    if (process.getuid?.() === 0) {
      // Root may write into any folder; the file's own protection holds even so.
      const old = await encrypted();
      chmodSync(join(lab.folder, 'a.env'), 0o444);
      const { code, err } = await lab.run(['rotate', '-i', 'a.env']);
      assert.notEqual(code, 0, err);
      assert.equal(lab.read('a.env').toString(), old);
      return;
    }
    const old = await encrypted();
    chmodSync(lab.folder, 0o555);
    try {
      const { code } = await lab.run(['rotate', '-i', 'a.env']);
      assert.notEqual(code, 0);
      assert.equal(lab.read('a.env').toString(), old);
    } finally {
      chmodSync(lab.folder, 0o755);
    }
  });
});
