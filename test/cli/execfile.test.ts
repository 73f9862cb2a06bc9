import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { alice } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const text = 'A=1\nB=canary-7361\n';
const cat = "require('node:fs').readFileSync(process.argv[1], 'utf8')";

describe('exec-file', () => {
  let lab: Lab;
  let env: Record<string, string>;
  before(async () => {
    lab = new Lab();
    lab.write('.env', text);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, '.env'])).code, 0);
    lab.write('big.yaml', `a: ${'x'.repeat(300_000)}\n`);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'big.yaml'])).code, 0);
  });
  beforeEach(() => {
    // No memory-backed place of the machine: everything is in sight.
    env = { XDG_RUNTIME_DIR: lab.folder };
  });
  after(() => lab.dispose());

  const left = () => readdirSync(lab.folder).filter((name) => name.startsWith('lockstep-'));
  const program = (script: string) => ['--', process.execPath, '-e', script, '{}'];

  for (const flags of [[], ['--no-fifo']]) {
    const how = flags[0] ?? 'a pipe';

    it(`gives the text through ${how}, and leaves nothing`, async () => {
      const script = `process.stdout.write(${cat})`;
      const { code, out, err } = await lab.run(['exec-file', ...flags, '.env', ...program(script)], { env });
      assert.deepEqual({ code, out, err }, { code: 0, out: text, err: '' });
      assert.deepEqual(left(), []);
    });

    it(`means ${how} when it says so`, async function () {
      skipFor(this, windows);
      const script = "process.stdout.write(String(require('node:fs').statSync(process.argv[1]).isFIFO()))";
      const { out } = await lab.run(['exec-file', ...flags, '.env', ...program(script)], { env });
      assert.equal(out, String(flags.length === 0));
    });

    it(`gives a long text through ${how}`, async () => {
      const script = `process.stdout.write(String(${cat}.length))`;
      const { out } = await lab.run(['exec-file', ...flags, 'big.yaml', ...program(script)], { env });
      assert.equal(out, '300004');
    });

    it(`ends when nobody reads ${how}`, async () => {
      assert.equal((await lab.run(['exec-file', ...flags, 'big.yaml', 'exit 9'], { env })).code, 9);
      assert.deepEqual(left(), []);
    });

    it(`wipes ${how} when the program cannot start`, async () => {
      assert.equal((await lab.run(['exec-file', ...flags, '.env', '--', 'no-such-program'], { env })).code, 127);
      assert.deepEqual(left(), []);
    });
  }

  it('names the file', async () => {
    const script = 'process.stdout.write(process.argv[1])';
    const named = await lab.run(['exec-file', '--filename', 'key.json', '.env', ...program(script)], { env });
    assert.match(named.out, /[/\\]key\.json$/);
    assert.equal(existsSync(named.out), false);
    for (const name of ['../x', '/x', 'a/b', '..']) {
      assert.equal((await lab.run(['exec-file', '--filename', name, '.env', 'true'], { env })).code, 1);
    }
    // As Go says it: devices of Windows, and other streams of a file, which no wiping reaches.
    for (const [name, code] of [
      ['aux', 1],
      ['NUL.txt', 1],
      ['com1', 1],
      ['a:b', 1],
      ['auxiliary.env', 0],
    ] as const) {
      const args = ['exec-file', '--no-fifo', '--filename', name, '.env', 'x'];
      assert.equal((await lab.run(args, { env, platform: 'win32', program: () => 0 })).code, code, name);
    }
  });

  it('keeps others out', async function () {
    skipFor(this, windows);
    const script = `const {statSync} = require('node:fs'); const p = process.argv[1];
      process.stdout.write([statSync(p), statSync(require('node:path').dirname(p))].map((s) => (s.mode & 0o777).toString(8)).join())`;
    const { out } = await lab.run(['exec-file', '--no-fifo', '.env', ...program(script)], { env });
    assert.equal(out, '600,700');
  });

  it('puts the path into every {} of a line for the shell', async function () {
    skipFor(this, windows);
    const { out } = await lab.run(['exec-file', '--no-fifo', '.env', 'cat {} && test -f {}'], { env });
    assert.equal(out, text);
  });

  it('refuses the background', async () => {
    assert.equal((await lab.run(['exec-file', '--background', '.env', 'true'], { env })).code, 1);
  });

  it('does not use a place that others can look into', async () => {
    const script = 'process.stdout.write(process.argv[1])';
    const open = join(lab.folder, 'open');
    const { out } = await lab.run(['exec-file', '.env', ...program(script)], { env: { XDG_RUNTIME_DIR: open } });
    assert.ok(!out.startsWith(open));
  });
});
