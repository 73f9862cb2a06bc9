import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AboutFile, Failure } from '../../../src/cli/failure.ts';
import { describe as wordsOf } from '../../../src/cli/words/words.ts';
import { type ErrorCode, faults, LockstepError } from '../../../src/core/errors.ts';
import { root } from '../../core/shared.ts';

const source = (name: string) => readFileSync(join(root, name), 'utf8');
const codes = Object.keys(faults) as ErrorCode[];

describe('what the command line says of an error', () => {
  it('has words for every code there is', () => {
    assert.ok(codes.length >= 45, `${codes.length} codes`);
  });

  for (const code of codes)
    it(`${code}: what happened, where, and what to do next`, () => {
      for (const what of faults[code].cases) {
        const facts = {
          path: ['database', 'password'],
          missing: 1,
          kind: 'pgp',
          setting: 'path_regex',
          plugin: 'yubikey',
          manager: 'vault',
        };
        const error = new LockstepError(code, (what === '' ? facts : { ...facts, what }) as object);
        const { lines } = wordsOf(new AboutFile('secrets.yaml', error), false);
        const [first = '', next = ''] = lines;
        assert.match(first, /^secrets\.yaml: database\.password: [A-Z.].{10,}[.)]$/, `${what}`);
        if (code !== 'GONE' || what === '') assert.match(next, /^[A-Za-z-].{8,}[.…]|FILE$/, `${code} ${what}: ${next}`);
        assert.ok(lines.length <= 2);
        assert.doesNotMatch(lines.join(' '), /undefined|\bnull\b|LockstepError/);
      }
    });

  it('names the PGP key that nothing can be encrypted for', () => {
    for (const what of ['disabled', 'expired', 'no-public', 'revoked', 'several', 'sign-only'] as const) {
      const error = new LockstepError('PGP', { what, key: 'ABCDEF0123456789' });
      assert.match(wordsOf(error, false).lines[0] ?? '', /\bkey (ID )?ABCDEF0123456789\b/, what);
    }
  });

  it('counts the key groups that are needed', () => {
    for (const [missing, words] of [
      [1, 'one more is needed'],
      [2, '2 more are needed'],
    ] as const)
      assert.ok(wordsOf(new LockstepError('NOT_A_RECIPIENT', { missing }), false).lines[0]?.includes(words));
  });

  it('names the line where there is no path', () => {
    const { lines } = wordsOf(new AboutFile('a.yaml', new LockstepError('SYNTAX', { line: 7 })), false);
    assert.match(lines[0] ?? '', /^a\.yaml: line 7: /);
  });

  it('says what to do for every failure of a verb', () => {
    const files = [
      'files/input',
      'files/output',
      'files/emitting',
      'run/editor',
      'run/running',
      'files/recipe',
      'files/rules',
      'keys/keyring',
      'argv',
      'program',
      'flags',
    ];
    for (const file of files) {
      for (const [call] of source(`src/cli/${file}.ts`).matchAll(/new Failure\((?:[^()]|\([^()]*\))*\)/g)) {
        const words = call.match(/(?<=^|[\s(,])(['"`])(?:(?!\1).)+\1/g) ?? [];
        assert.ok(words.length >= 2, `${file}: ${call}`);
      }
    }
    const failure = new Failure(1, 'What.', 'Next.', 'as sops');
    assert.deepEqual(wordsOf(failure, false).lines, ['What.', 'Next.'], 'sops has its own line');
  });
});
