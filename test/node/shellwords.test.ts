import assert from 'node:assert/strict';
import { shellWords } from '../../src/node/shellwords.ts';

describe('shell words', () => {
  it('are taken apart as google/shlex does', () => {
    // The first is shlex's own test (shlex_test.go).
    const line =
      'one two "three four" "five \\"six\\"" seven#eight # nine # ten\n eleven \'twelve\\\' thirteen=13 fourteen/14';
    const words = [
      'one',
      'two',
      'three four',
      'five "six"',
      'seven#eight',
      'eleven',
      'twelve\\',
      'thirteen=13',
      'fourteen/14',
    ];
    assert.deepEqual(shellWords(line), words);
    assert.deepEqual(shellWords(''), []);
    assert.deepEqual(shellWords(' \t\r\n#x'), []);
    assert.deepEqual(shellWords(`a""b '' \\ c"d'e"'f"g'`), ['ab', '', ' cd\'ef"g']);
    assert.deepEqual(shellWords('"\\n" \\n $HOME `x` *;|&'), ['n', 'n', '$HOME', '`x`', '*;|&']);
  });

  it('are none where a quote does not end', () => {
    for (const line of ['"a', "'a", 'a\\', '"a\\"', 'b "']) assert.equal(shellWords(line), undefined);
  });
});
