// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are what loaders put variables into.
import assert from 'node:assert/strict';
import { parse } from 'dotenv';
import { joinLines, severalLines } from '../../../src/core/env/lines.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { editText, setValue } from '../changes.ts';
import { alice, clock, reopen } from '../support.ts';

const key = 'A=1\n# c\nKEY="-----BEGIN\nMIIB\nAA==\n-----END"\nB=\'x\ny\' # why\nC=3\n';

describe('values of several lines in a .env', () => {
  it('are found by name and lines', () => {
    assert.deepEqual(severalLines(key), [
      { name: 'KEY', line: 3, lastLine: 6 },
      { name: 'B', line: 7, lastLine: 8 },
    ]);
    for (const text of ['A="x"\nB="y"\n', 'A="open\nB=2\n', "A='it\nB='s'\n", '', 'A=don"t\nB=won"t\n'])
      assert.deepEqual(severalLines(text), [], text);
  });

  it('are named where the format cannot read them', () => {
    for (const text of [key, key.replaceAll('\n', '\r\n')])
      assert.throws(() => getFormat('dotenv').parse(text), {
        code: 'SYNTAX',
        place: { path: ['KEY'], line: 3, lastLine: 6, what: 'several-lines' },
      });
    assert.throws(() => getFormat('dotenv').parse('A="x\ny"\nno sign\n'.slice(7)), { code: 'SYNTAX' });
  });

  it('are refused where the format would make names of them, which stand in clear text', async () => {
    const options = { recipients: [alice.recipient] };
    await assert.rejects(seal('A="one=\ncanary=two"\n', 'dotenv', options, clock), {
      code: 'SYNTAX',
      place: { path: ['A'], line: 1, lastLine: 2, what: 'several-lines' },
    });
  });

  it('are refused in an edit, but for what was so before', async () => {
    const odd = 'A=1\nB="=\n=canary"\n';
    // As sops would have encrypted it: a text that nobody wrote for a loader.
    const { text } = await seal('A=1\nB=x\nC=y\n', 'dotenv', { recipients: [alice.recipient] }, clock);
    const opened = await reopen(text, 'dotenv');
    await assert.rejects(editText(opened, odd, clock), {
      code: 'SYNTAX',
      place: { path: ['B'], line: 2, lastLine: 3, what: 'several-lines' },
    });
    const b = await setValue(opened, opened.sealed.leaves[1]?.id ?? '', { type: 'str', value: '"=' }, clock);
    const c = await reopen(b.text, 'dotenv');
    const both = await setValue(c, c.sealed.leaves[2]?.id ?? '', { type: 'str', value: 'y"' }, clock);
    const literal = await reopen(both.text, 'dotenv');
    const edited = await editText(literal, 'A=2\nB="=\nC=y"\n', clock);
    assert.notEqual(edited.text, both.text);
  });

  it('come on one line, and a loader reads the same', () => {
    for (const text of [key, key.replaceAll('\n', '\r\n'), 'A=\'say "x"\nno\'\n', 'A=`a\nb`\nB="c\\nd\ne"\n']) {
      const joined = joinLines(text);
      assert.deepEqual(severalLines(joined), []);
      assert.deepEqual(parse(joined), parse(text));
      getFormat('dotenv').parse(joined);
    }
    assert.equal(joinLines('A=1\r\n'), 'A=1\r\n');
    assert.equal(joinLines('A="x\r\ny"\r\nB=2\r\n'), 'A="x\\ny"\r\nB=2\r\n');
  });

  it('are refused where one line would mean something else', () => {
    assert.throws(() => joinLines("A='literal \\n\nx'\n"), {
      code: 'BAD_VALUE',
      place: { path: ['A'], what: 'lines' },
    });
    assert.throws(() => joinLines(`A='a"b # c\nd'\n`), { code: 'BAD_VALUE' });
  });
});
