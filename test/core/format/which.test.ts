import assert from 'node:assert/strict';

import { LockstepError } from '../../../src/core/errors.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { formatOf, formatOfBytes, formatOfName, getFormat } from '../../../src/core/format/which.ts';
import { cpuTime } from '../shared.ts';

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
    assert.deepEqual(formatOf('.env.local', envelope), 'binary');
    assert.deepEqual(formatOf('.env', 'A={\n'), 'dotenv');
    assert.deepEqual(formatOf('.env', '{"data": "x"}'), 'dotenv');
    assert.deepEqual(formatOf('.env', '{"data": "x", "more": 1, "sops": {}}'), 'dotenv');
    assert.deepEqual(formatOf('a.json', envelope), 'json');
  });

  describe('by what is in the file', () => {
    const mac = 'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]';
    const texts = {
      yaml: `a: ${mac}\nsops:\n    mac: ${mac}\n    version: 3.13.3\n`,
      json: `{"a": "${mac}", "sops": {"mac": "${mac}", "version": "3.13.3"}}`,
      dotenv: `a=${mac}\nsops_mac=${mac}\nsops_version=3.13.3\n`,
      ini: `[s]\na = ${mac}\n\n[sops]\nmac = ${mac}\nversion = 3.13.3\n`,
      binary: `{"data": "${mac}", "sops": {"mac": "${mac}", "version": "3.13.3"}}`,
    } as const;
    const silent = ['values.yaml.enc', 'secrets.json.enc', 'x.ini.enc', 'prod.env.encrypted', '.env.sops', 'x', ''];

    for (const [format, text] of Object.entries(texts)) {
      it(`${format}, where the name says nothing or something else`, () => {
        for (const name of silent) assert.equal(formatOf(name, text), format, name);
        assert.equal(formatOf('a.ini', text), format);
        assert.equal(formatOf('a.env', text), format);
      });
    }

    it('as the name says, where sops reads it so', () => {
      assert.equal(formatOf('a.yaml', texts.json), 'yaml');
      assert.equal(formatOf('a.yaml', texts.binary), 'yaml');
      assert.equal(formatOf('a.json', texts.binary), 'json');
      assert.equal(formatOf('a.json', texts.yaml), 'yaml');
      assert.equal(formatOf('a.yaml', texts.dotenv), 'dotenv');
    });

    it('as the name says, where it is not encrypted or only a part of the text is', () => {
      for (const name of silent) {
        const named = formatOfName(name);
        assert.equal(formatOf(name, 'a: b\n'), named);
        assert.equal(formatOf(name, `- See:\n\n${texts.yaml}`), named);
        assert.equal(formatOf(name, `{"data": "x", "sops": ${JSON.stringify(mac)}}`), named);
      }
    });

    it('with bytes that are no UTF-8 in clear values, and a byte order mark', () => {
      const bytes = Buffer.concat([Buffer.from(`b_unencrypted=\xff\n`, 'latin1'), Buffer.from(texts.dotenv)]);
      assert.equal(formatOfBytes('x.enc', bytes).format, 'dotenv');
      assert.deepEqual(formatOfBytes('x.enc', Buffer.from(`\ufeff${texts.yaml}`)), {
        format: 'yaml',
        text: texts.yaml,
      });
      assert.deepEqual(formatOfBytes('x.enc', Buffer.from([0xff, 0xfe])), { format: 'binary', text: '' });
      assert.throws(() => formatOfBytes('x.yaml', Buffer.from([0xff, 0xfe])), { code: 'NOT_UTF8' });
    });
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
    const since = cpuTime();
    assert.throws(() => getFormat('dotenv').parse(hostile), plain);
    assert.ok(cpuTime() - since < 5000, `${cpuTime() - since} ms`);
  });
});
