import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { formatOfName, getFormat, recognise } from '../../../src/core/format/which.ts';

describe('which format', () => {
  it('goes by the end of the name, case-sensitive', () => {
    const names = {
      'a.yaml': 'yaml',
      'b/c.yml': 'yaml',
      'C:\\d\\e.json': 'json',
      '.env': 'dotenv',
      'x/prod.env': 'dotenv',
      '.env.local': 'dotenv',
      'a.ini': 'ini',
    };
    for (const [name, format] of Object.entries(names)) assert.equal(formatOfName(name), format, name);
    for (const name of ['a.JSON', 'a.txt', 'env', 'a.env.bak', '.environment', 'yaml', '.env/readme', '']) {
      assert.equal(formatOfName(name), 'binary', name);
    }
  });

  it('knows the envelope of the binary store behind a dotenv name', () => {
    const envelope = '{\n\t"data": "ENC[x]",\n\t"sops": {"version": "3.13.3"}\n}\n';
    assert.deepEqual(recognise('.env.local', envelope), 'binary');
    assert.deepEqual(recognise('.env', 'A={\n'), 'dotenv');
    assert.deepEqual(recognise('.env', '{"data": "x"}'), 'dotenv');
    assert.deepEqual(recognise('.env', '{"data": "x", "more": 1, "sops": {}}'), 'dotenv');
    assert.deepEqual(recognise('a.json', envelope), 'json');
  });

  it('gives the implementation', () => {
    for (const id of ['yaml', 'json', 'dotenv', 'ini', 'binary'] as const) assert.equal(getFormat(id).id, id);
  });

  it('names the conflict of a merge, and its line', () => {
    const marked = (one: string, two: string) => `<<<<<<< HEAD\n${one}=======\n${two}>>>>>>> their branch\n`;
    const texts: Record<string, string> = {
      yaml: `a: 1\n${marked('b: 2\n', 'b: 3\n')}`,
      json: `{\n${marked('"a": 1\n', '"a": 2\n')}}\n`,
      dotenv: `A=1\n${marked('B=2\n', 'B=3\n')}`,
      ini: `[a]\n${marked('b = 2\n', 'b = 3\n')}`,
      binary: `{\n${marked('"data": "x"\n', '"data": "y"\n')}}\n`,
    };
    for (const [format, text] of Object.entries(texts))
      for (const spelled of [
        text,
        text.replaceAll('\n', '\r\n'),
        text.replace('=======', '||||||| base\nold\n======='),
      ])
        assert.throws(
          () => getFormat(format as FormatId).parse(spelled),
          (error) =>
            error instanceof LockstepError &&
            error.code === 'SYNTAX' &&
            error.place.what === 'conflict' &&
            error.place.line === 2,
          format,
        );
  });

  it('takes no conflict for one where there is none', () => {
    const block = `a: |\n  <<<<<<< HEAD\n  =======\n  >>>>>>> x\n`;
    assert.equal(getFormat('yaml').parse(block).documents.length, 1);
    const plain = (error: unknown) => error instanceof LockstepError && error.place.what !== 'conflict';
    for (const text of ['<<<<<<< HEAD\na: 1\n', 'a: "\n', `${block}b: "\n`, '>>>>>>> x\n=======\n<<<<<<< y\n: [\n'])
      assert.throws(() => getFormat('yaml').parse(text), plain, text);
    // Each line could begin one: the search goes over the text once.
    const hostile = `A\n${'<<<<<<< x\n=======\n'.repeat(200_000)}`;
    const since = Date.now();
    assert.throws(() => getFormat('dotenv').parse(hostile), plain);
    assert.ok(Date.now() - since < 5000, `${Date.now() - since} ms`);
  });
});
