import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { verbs } from '../../src/cli/verbs.ts';
import { missing, skipFor } from '../skip.ts';
import { Lab } from './lab.ts';

describe('help and completion', () => {
  let lab: Lab;
  before(() => {
    lab = new Lab();
  });
  after(() => lab.dispose());

  it('know every verb', async () => {
    const heads = [...new Set(Object.keys(verbs).map((name) => name.split(' ')[0] ?? ''))];
    for (const args of [
      ['--help'],
      ['help'],
      ['completion', 'bash'],
      ['completion', 'zsh'],
      ['completion', 'fish'],
      ['completion', 'powershell'],
    ]) {
      const { code, out } = await lab.run(args);
      assert.equal(code, 0);
      for (const head of heads) assert.match(out, new RegExp(`\\b${head}\\b`), `${args.join(' ')}: ${head}`);
    }
  });

  it('tell each verb', async () => {
    for (const name of Object.keys(verbs)) {
      const { code, out } = await lab.run([...name.split(' '), '--help']);
      assert.equal(code, 0);
      assert.ok(out.startsWith(`Usage: lockstep ${name} [flags]`), out);
    }
  });

  it('suggest a verb for a slip of the finger', async () => {
    const { code, err } = await lab.run(['decypt', 'a.yaml']);
    assert.equal(code, 1);
    assert.match(err, /Did you mean decrypt\?/);
  });

  it('complete in bash', async function () {
    skipFor(this, missing('bash', spawnSync('bash', ['--version']).status === 0));
    const script = (await lab.run(['completion', 'bash'])).out;
    const complete = (...words: string[]) => {
      const given = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _lockstep; echo "\${COMPREPLY[*]}"`;
      const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', given], { encoding: 'utf8' });
      assert.equal(stderr, '');
      return stdout.trim().split(' ');
    };
    assert.deepEqual(complete('lockstep', 'dec'), ['decrypt']);
    assert.deepEqual(complete('lockstep', 'decrypt', '--ext'), ['--extract']);
    assert.deepEqual(complete('lockstep', 'groups', ''), ['add', 'delete']);
    assert.deepEqual(complete('lockstep', 'decrypt', 'a'), ['']);
  });
});
