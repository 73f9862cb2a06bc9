import assert from 'node:assert/strict';
import { type ErrorCode, faults, LockstepError } from '../../../src/core/errors.ts';
import { describeError } from '../../../src/extension/log.ts';
import { wordsOf, wordsOfAny } from '../../../src/extension/ui/words.ts';

const codes = Object.keys(faults) as ErrorCode[];
/** An error of a case, with what errors of some codes bring along. */
const errorOf = (code: ErrorCode, what: string, more: object = {}) =>
  new LockstepError(code, {
    ...{ missing: 2, kind: 'pgp', setting: 'path_regex', plugin: 'example', manager: 'vault', ...more },
    ...(what !== '' && { what }),
  } as object);

const entry = 'db["pass\\u{202e}word\\nx"]: ';
/** What is wrong in the environments is in a file of its own; what a person typed is one name. */
const places = new Map<string, string>([
  ['BAD_ENVIRONMENTS', `.lockstep/environments.yaml, line 3: ${entry}`],
  ['NO_ENVIRONMENT', 'db: '],
  ['NO_SUCH_SECRET', 'db: '],
]);

describe('words for errors', () => {
  it('are there for every code, plain and with a next step', () => {
    assert.ok(codes.length >= 45, `${codes.length} codes`);
    for (const code of codes) {
      for (const what of faults[code].cases) {
        const { message, next } = wordsOf(errorOf(code, what), 'a/.env');
        assert.match(message, /^a\/\.env: .+\.$/, code);
        assert.match(next, /^.+\.$/, code);
        const all = `${message} ${next}`.replace(/path_regex|shamir_threshold/, 'setting');
        assert.doesNotMatch(all, /undefined|\{\d\}|!|\b[A-Z]{2,}_[A-Z]+\b|success|oops/i, code);
      }
    }
  });

  it('hold no text that an error brings along, but for names', () => {
    for (const code of codes) {
      const error = errorOf(code, faults[code].cases[0], {
        ...{ errno: 'canary-what', field: 'canary-what', verdict: 'canary-what' },
        path: ['db', 'pass\u202eword\nx'],
        line: 3,
        offset: 5,
      });
      const { message, next } = wordsOf(error, 'a\u202eb/.env');
      assert.ok(!`${message}${next}`.includes('canary-what'), code);
      assert.ok(message.startsWith(`a\\u{202e}b/.env: ${places.get(code) ?? entry}`), message);
    }
  });

  it('name the line where no entry is known', () => {
    assert.match(wordsOf(new LockstepError('SYNTAX', { line: 7 }), 'x.yaml').message, /^x\.yaml: line 7: /);
  });

  it('say nothing of a foreign error', () => {
    const { message, next } = wordsOfAny(new Error('canary-message'), 'x.yaml');
    assert.match(message, /^x\.yaml: /);
    assert.ok(!`${message}${next}`.includes('canary'));
  });
});

describe('errors in the log', () => {
  it('are told by code and place', () => {
    const error = new LockstepError('VALUE_DAMAGED', { path: ['a', 'b'], offset: 9 });
    assert.equal(describeError(error), 'VALUE_DAMAGED, entry a.b, offset 9');
  });

  it('are told without their message when they are not ours', () => {
    const error = Object.assign(new TypeError('canary-1\n    at canary-2'), { code: 'EACCES', path: 'canary-3' });
    error.stack = `TypeError: canary-1\ncanary-4\n    at run (file.ts:1:2)`;
    const told = describeError(error);
    assert.ok(!told.includes('canary'), told);
    assert.match(told, /^TypeError EACCES\n\s+at run/);
    assert.equal(describeError('canary-5'), 'unknown failure');
    const lines = describeError(new Error('canary-6\n    at canary-7\n    at canary-8:1:2'));
    assert.ok(!lines.includes('canary') && /\n\s+at .*words\.test\.ts:\d+:\d+/.test(lines), lines);
  });
});
