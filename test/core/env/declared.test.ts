import assert from 'node:assert/strict';
import { isFileBelow, readEnvironments, soundEnvironments } from '../../../src/core/env/declared.ts';
import { LockstepError } from '../../../src/core/errors.ts';

describe('environments that are written down', () => {
  const faults = (text: string) =>
    readEnvironments(text).faults.map(({ what, span, line }) =>
      [line, what, text.slice(span.start, span.end)].join(' '),
    );

  it('may be empty, or comments', () => {
    for (const text of ['', '# nothing\n', '{}', 'a:\n', '\ufeffa: {}\r\n'])
      assert.deepEqual(readEnvironments(text).faults, [], JSON.stringify(text));
  });

  it('are told each fault with its place', () => {
    const text = `# what is wrong with it
production:
  files: .env.production
  loader: go
  colour: red
  default: yes
staging: { files: [../a.env, /etc/passwd, "C:/x", 'a\\b', "a\\0b", a//b, ./a, a/, ok.env, ok.env, [x]], default: true }
STAGING: {}
qa: { default: true, variables: { a.b: PG-PASS, c: 1X, d: OK, e: OK, f: [x], "": Y } }
"bad name": {}
"a#b": {}
-x: {}
"": {}
list: [a]
"*": { files: [a], default: true, loader: [x] }
`;
    assert.deepEqual(faults(text), [
      '3 list .env.production',
      '4 loader go',
      '5 field colour',
      '6 kind yes',
      ...['../a.env', '/etc/passwd', '"C:/x"', "'a\\b'", '"a\\0b"', 'a//b', './a', 'a/'].map((one) => `7 path ${one}`),
      '7 twice ok.env',
      '7 kind [x]',
      '8 twice STAGING',
      ...['9 twice default', '9 variable PG-PASS', '9 variable 1X', '9 twice OK', '9 kind [x]'],
      ...['10 name "bad name"', '11 name "a#b"', '12 name -x', '13 name ""', '14 kind [a]'],
      ...['15 field files', '15 field default', '15 kind [x]'],
    ]);
    const { environments } = readEnvironments(text);
    assert.deepEqual([...environments.keys()], ['production', 'staging', 'qa', 'list', '*']);
    assert.deepEqual(environments.get('staging')?.files, ['ok.env']);
  });

  it('of a text that cannot be read are the line of it', () => {
    const bad: Record<string, string> = {
      'a: [\n': 'BAD_ENVIRONMENTS at line 2',
      'a: {}\nb: {}\na: {}\n': 'BAD_ENVIRONMENTS (twice) at line 3',
      '- a\n': 'BAD_ENVIRONMENTS at line 1',
      'a: {}\n---\nb: {}\n': 'BAD_ENVIRONMENTS at line 1',
      'a: &x [*x]\n': 'BAD_ENVIRONMENTS at line 1',
      'a: \0\n': 'BAD_ENVIRONMENTS at line 1',
    };
    for (const [text, message] of Object.entries(bad))
      assert.throws(
        () => readEnvironments(text),
        (error) => error instanceof LockstepError && error.message === message,
        `${text} ${message}`,
      );
  });

  it('share nothing by aliases, and take nothing from merge keys', () => {
    assert.deepEqual(faults('a: &a { files: [x.env] }\nb: *a\n'), ['2 kind *a']);
    assert.ok(faults('a: &a { files: [x.env] }\nb: { <<: *a }\n').length > 0);
    assert.deepEqual(faults('a: { files: &f [x.env] }\nb: { files: *f }\n'), ['2 list *f']);
  });

  it('are bounded, whatever a hostile text holds', () => {
    const files = Array.from({ length: 101 }, (_, i) => `f${i}.env`).join(', ');
    assert.deepEqual(
      readEnvironments(`a: { files: [${files}] }`).faults.map(({ what }) => what),
      ['many'],
    );
    const many = Array.from({ length: 15_000 }, (_, i) => `    "x${i}": 1`).join('\n');
    const started = performance.now();
    const { faults: found } = readEnvironments(`a:\n  variables:\n${many}\n`);
    assert.equal(found.length, 100);
    assert.ok(performance.now() - started < 2_000);
  });

  it('are refused with their first fault; a setting has no lines', () => {
    const message = (text: string, where?: 'setting') => {
      try {
        soundEnvironments(text, where);
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    assert.equal(message('a: {}\nb: { loader: canary-1 }\nc: x'), 'BAD_ENVIRONMENTS (loader) at line 2');
    assert.equal(message('{"b":{"loader":"canary-1"}}', 'setting'), 'BAD_ENVIRONMENTS (loader, setting)');
    assert.equal(message('{"b":{"loader":"compose"}}', 'setting'), '');
  });

  it('name files below their folder alone', () => {
    for (const good of ['.env', 'a/b.env', 'a b.env', '..a', 'ä.env']) assert.ok(isFileBelow(good), good);
    for (const bad of ['', '.', '..', '/a', 'a/../b', 'a/..', '\\a', 'a:b', 'a\nb', 'a'.repeat(1001)])
      assert.ok(!isFileBelow(bad), bad);
  });
});
