import assert from 'node:assert/strict';
import { spell } from '../../src/cli/argv.ts';
import { Failure } from '../../src/cli/failure.ts';
import { isVerb } from '../../src/cli/verbs.ts';

const spelled = (...argv: string[]) => spell(argv, isVerb);

describe('the command line', () => {
  it('finds the verb, and flags before and behind it', () => {
    assert.deepEqual(spelled('decrypt', 'a.yaml'), { verb: ['decrypt'], rest: ['a.yaml'] });
    assert.deepEqual(spelled('--config', 'x', 'decrypt', 'a.yaml', '--extract', '["a"]'), {
      verb: ['decrypt'],
      rest: ['--config=x', 'a.yaml', '--extract=["a"]'],
    });
    assert.deepEqual(spelled('--indent=2', '--verbose', 'encrypt', '-a', 'age1x', 'f'), {
      verb: ['encrypt'],
      rest: ['--indent=2', '--verbose', '--age=age1x', 'f'],
    });
  });

  it('has no verb where a file stands', () => {
    assert.deepEqual(spelled('-d', 'a.yaml'), { verb: [], rest: ['--decrypt', 'a.yaml'] });
    assert.deepEqual(spelled('a.yaml', 'decrypt'), { verb: [], rest: ['a.yaml', 'decrypt'] });
  });

  it('takes the spellings of Go', () => {
    assert.deepEqual(spelled('decrypt', '-in-place', '-output=x', 'f').rest, ['--in-place', '--output=x', 'f']);
    assert.deepEqual(spelled('decrypt', '--in-place=true', '--ignore-mac=false', 'f').rest, ['--in-place', 'f']);
    assert.deepEqual(spelled('--enable-local-keyservice=1', 'decrypt', 'f').rest, ['--enable-local-keyservice', 'f']);
  });

  it('takes switches of one letter together', () => {
    assert.deepEqual(spelled('-di', 'f').rest, ['--decrypt', '--in-place', 'f']);
  });

  it('leaves values alone that look like flags or verbs', () => {
    assert.deepEqual(spelled('decrypt', 'f', '["a"]', '-5').rest, ['f', '["a"]', '-5']);
    assert.deepEqual(spelled('--config', 'encrypt', 'decrypt', 'f'), {
      verb: ['decrypt'],
      rest: ['--config=encrypt', 'f'],
    });
    assert.deepEqual(spelled('decrypt', '--output', '-i', 'f').rest, ['--output=-i', 'f']);
  });

  it('leaves everything behind -- as it is', () => {
    assert.deepEqual(spelled('exec-env', 'f', '--', 'x', '-output', '--', 'y').rest, [
      'f',
      '--',
      'x',
      '-output',
      '--',
      'y',
    ]);
  });

  it('refuses what sops passes over', () => {
    assert.throws(() => spelled('-i', 'decrypt', 'f'), Failure);
    assert.throws(() => spelled('--enable-local-keyservice=false', 'decrypt', 'f'), Failure);
    assert.throws(() => spelled('decrypt', '--in-place=perhaps', 'f'), Failure);
  });
});
