// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are what loaders put variables into.
import assert from 'node:assert/strict';
import { differencesOf, withoutQuotes } from '../../../src/core/env/differences.ts';
import { cpuTime } from '../shared.ts';

describe('what a loader of .env files reads differently', () => {
  for (const [name, value, expected] of [
    ['A', 'plain', []],
    ['A', '', []],
    ['A', 'two words', []],
    ['A', 'a=b', []],
    ['A', 'it"s', []],
    ['A', 'https://u:p@h/?a=b&c=%20', []],
    ['A', '"quoted"', ['quotes']],
    ['A', "'quoted'", ['quotes']],
    ['A', '`quoted`', ['quotes']],
    ['A', '"not closed', ['quotes']],
    ['export A', 'x', ['export']],
    ['export A', '"x"', ['quotes', 'export']],
    ['A', 'x # why', ['comment']],
    ['A', 'x#y', ['comment']],
    ['A', '"x" # why', ['quotes', 'comment']],
    ['A', '"x # y"', ['quotes']],
    ['A', 'one\ntwo', ['escape']],
    ['A', '"one\ntwo"', ['quotes']],
    ['A', "'one\ntwo'", ['quotes', 'escape']],
    ['A', '"a\\"b"', ['quotes', 'escape']],
    ['A', '${B}', ['interpolation']],
    ['A', 'pa$$word', ['interpolation']],
    ['A', "'pa$$word'", ['quotes']],
    ['A', ' x', ['space']],
    ['A ', 'x', ['space']],
    ['A B', 'x', ['name']],
  ] as const) {
    it(`${name}=${JSON.stringify(value)}: ${expected.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(differencesOf(name, value), expected);
    });
  }

  it('takes no time for hostile values', () => {
    const start = cpuTime();
    for (const part of ['"', '\\"', '${', '${A:-', '$', ' #', ' ', "'\\"]) {
      const value = part.repeat(Math.floor((64 * 1024) / part.length));
      differencesOf('A', value);
      differencesOf('A', `"${value}`);
      withoutQuotes(`"${value}"`);
    }
    assert.ok(cpuTime() - start < 4000);
  });

  it('knows the value without its quotes', () => {
    assert.equal(withoutQuotes('"a b"'), 'a b');
    assert.equal(withoutQuotes("'a' # c"), 'a');
    assert.equal(withoutQuotes('"one\ntwo"'), 'one\ntwo');
    for (const value of ['plain', 'a "b"', '"open', '', '"a" b']) assert.equal(withoutQuotes(value), undefined, value);
  });
});
