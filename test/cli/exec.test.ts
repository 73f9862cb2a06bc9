import assert from 'node:assert/strict';
import { alice } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const node = JSON.stringify(process.execPath);
const show = `${node} -e "process.stdout.write(JSON.stringify(process.env))"`;

describe('exec-env', () => {
  let lab: Lab;
  before(async () => {
    lab = new Lab();
    for (const [name, text] of [
      ['.env', 'A=1\nTEXT=two words\nHOME=elsewhere\n'],
      ['flat.yaml', '# c\ni: 5\nf: 2.0\nb: true\nn: null\nt: 2024-01-02T03:04:05.6Z\nmany: |\n  x\n  y\n'],
      ['deep.yaml', 'a:\n  b: c\n'],
      ['equals.yaml', '"a=b": c\n'],
    ] as const) {
      lab.write(name, text);
      assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, name])).code, 0);
    }
  });
  after(() => lab.dispose());

  const env = async (...args: string[]) => JSON.parse((await lab.run(args)).out) as Record<string, string>;

  it('adds the values to the environment', async () => {
    const found = await env('exec-env', '.env', show);
    assert.deepEqual([found.A, found.TEXT, found.HOME], ['1', 'two words', 'elsewhere']);
    assert.equal(found.XDG_CONFIG_HOME, lab.folder);
  });

  it('gives nothing else with --pristine', async () => {
    const found = await env('exec-env', '--pristine', '.env', show);
    assert.deepEqual([found.A, found.XDG_CONFIG_HOME, found.SOPS_AGE_KEY], ['1', undefined, undefined]);
  });

  it('gives no key that opens other files, unless it is a value of the file', async () => {
    const names = ['KEY_FILE', 'KEY_CMD', 'SSH_PRIVATE_KEY_FILE', 'SSH_PRIVATE_KEY_CMD'].map(
      (name) => `SOPS_AGE_${name}`,
    );
    const more = { ...Object.fromEntries(names.map((name) => [name, 'none'])), SOPS_AGE_RECIPIENTS: 'public' };
    for (const args of [
      ['exec-env', '.env', show],
      ['exec-file', '--no-fifo', '.env', show],
      ['exec-file', '.env', show],
    ]) {
      const { out, code, err } = await lab.run(args, { env: more });
      assert.equal(code, 0, err);
      const found = Object.keys(JSON.parse(out)).filter((name) => name.startsWith('SOPS_AGE'));
      assert.deepEqual(found, ['SOPS_AGE_RECIPIENTS'], args[0]);
    }
    lab.write('keys.env', 'SOPS_AGE_KEY=of the file\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'keys.env'])).code, 0);
    assert.equal((await env('exec-env', 'keys.env', show)).SOPS_AGE_KEY, 'of the file');
  });

  it('starts a program without a shell behind --', async () => {
    const words = ['-e', 'process.stdout.write(JSON.stringify({ ...process.env, arg: process.argv[1] }))', '$A "b'];
    const found = await env('exec-env', '.env', '--', process.execPath, ...words);
    assert.deepEqual([found.A, found.arg], ['1', '$A "b']);
  });

  it('spells values as sops does', async () => {
    const found = await env('exec-env', 'flat.yaml', show);
    const { i, f, b, n, t, many } = found;
    assert.deepEqual(
      { i, f, b, n, t, many },
      { i: '5', f: '2.0', b: 'true', n: '<nil>', t: '2024-01-02T03:04:05Z', many: 'x\ny\n' },
    );
  });

  it('gives back the exit code', async () => {
    assert.equal((await lab.run(['exec-env', '.env', 'exit 7'])).code, 7);
    assert.equal((await lab.run(['exec-env', '.env', '--', 'no-such-program-here'])).code, 127);
  });

  it('gives back the signal', async function () {
    skipFor(this, windows);
    assert.equal((await lab.run(['exec-env', '.env', 'kill -TERM $$'])).code, 143);
  });

  it('refuses what is not flat, and what cannot be done', async () => {
    assert.match((await lab.run(['exec-env', 'deep.yaml', 'true'])).err, /deep\.yaml: a: /);
    assert.equal((await lab.run(['exec-env', 'deep.yaml', 'true'])).code, 1);
    assert.equal((await lab.run(['exec-env', 'equals.yaml', 'true'])).code, 1);
    assert.equal((await lab.run(['exec-env', '--user', 'x', '.env', 'true'])).code, 1);
    assert.equal((await lab.run(['exec-env', '--background', '--same-process', '.env', 'true'])).code, 8);
    assert.equal((await lab.run(['exec-env', '.env'])).code, 1);
  });
});
