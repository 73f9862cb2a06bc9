import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FormatId } from '../../../../src/core/format/document.ts';
import { emit, emitNode, emitScalar } from '../../../../src/core/format/emit/emit.ts';
import { nodeAt } from '../../../../src/core/format/place.ts';
import { formatOfName, getFormat } from '../../../../src/core/format/which.ts';
import { open } from '../../../../src/core/open/open.ts';
import { plainTree, treeOf } from '../../../../src/core/open/plaintree.ts';
import { readSealed } from '../../../../src/core/sops/sealed.ts';
import type { PlainMap, PlainNode } from '../../../../src/core/tree/plain.ts';
import type { Scalar } from '../../../../src/core/tree/value.ts';
import { parseIdentities } from '../../age/texts.ts';
import { fixtures } from '../../shared.ts';
import { keyringOf } from '../../support.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const tree = (source: string, format: FormatId = 'yaml') => treeOf(getFormat(format).parse(source));

describe('emitting what sops decrypts', () => {
  const read = (set: string, name: string) => readFileSync(join(fixtures, set, name), 'utf8');
  const cases = ['generated', 'earlier'].flatMap((set) =>
    readdirSync(join(fixtures, set))
      .filter((file) => /\.enc\.(?!bin|txt)/.test(file) && !/^(?:groups-|quoting)/.test(file))
      .map((file) => [set, file] as const),
  );
  for (const [set, file] of cases) {
    it(`${set}/${file}`, async () => {
      const format = formatOfName(file);
      const keys = file.startsWith('ssh-') ? 'ssh_ed25519_test_key' : 'identities.txt';
      const identities = parseIdentities(read('generated', keys));
      const opened = await open(readSealed(read(set, file), format), await keyringOf(...identities));
      const theirs = read(set, file.replace('.enc.', '.decrypted.'));
      assert.equal(text(emit(await plainTree(opened), format)), theirs);
    });
  }
});

describe('emitting', () => {
  it('prints a tree in every format', () => {
    const plain = '# top\na: 1 # one\nb:\n    # in b\n    c: [x, 2.0, null]\n    d: {}\n';
    assert.equal(
      text(emit(tree(plain), 'yaml')),
      '# top\n# one\na: 1\nb:\n    # in b\n    c:\n        - x\n        - 2\n        - null\n    d: {}\n'.replace(
        '# top\n# one\na: 1\n',
        '# top\na: 1 # one\n',
      ),
    );
    assert.equal(
      text(emit(tree(plain), 'json', { indent: 2 })),
      '{\n  "a": 1,\n  "b": {\n    "c": [\n      "x",\n      2,\n      null\n    ],\n    "d": {}\n  }\n}\n',
    );
    assert.equal(text(emit(tree('# x\nA: 1.0\nB: "a\\nb"\nC: true\n'), 'dotenv')), '# x\nA=1.0\nB=a\\nb\nC=true\n');
    assert.equal(text(emit(tree('s:\n  a: 1\n  long: "x#y"\n'), 'ini')), '[s]\na    = 1\nlong = `x#y`\n');
    assert.equal(text(emit(tree('data: "a\\nb"\n'), 'binary')), 'a\nb');
  });

  it('takes the steps of indentation that sops takes', () => {
    const nested = tree('a:\n  b:\n    - c\n');
    assert.equal(text(emit(nested, 'yaml', { indent: 2 })), 'a:\n  b:\n    - c\n');
    assert.equal(text(emit(nested, 'yaml', { indent: 10 })), 'a:\n  b:\n    - c\n');
    assert.equal(text(emit(nested, 'json', { indent: 0 })), '{\n"a": {\n"b": [\n"c"\n]\n}\n}\n');
    for (const indent of [-2, 0.5]) assert.throws(() => emit(nested, 'json', { indent }), { code: 'BAD_CONFIG' });
    assert.throws(() => emit(nested, 'yaml', { indent: -1 }), { code: 'BAD_CONFIG' });
  });

  it('refuses what a format cannot hold, and says where', () => {
    const refused: [string, FormatId, string, (string | number)[]?][] = [
      ['a:\n  b: 1\n', 'dotenv', 'BAD_VALUE', ['a']],
      ['a: null\n', 'dotenv', 'BAD_VALUE', ['a']],
      ['"a=b": x\n', 'dotenv', 'BAD_NAME', ['a=b']],
      ['a: 1\n', 'ini', 'BAD_VALUE', ['a']],
      ['a: {b: null}\n', 'ini', 'BAD_VALUE', ['a', 'b']],
      ['a: {"": x}\n', 'ini', 'BAD_NAME', ['a', '']],
      ['a: {"#b": x}\n', 'ini', 'BAD_NAME', ['a', '#b']],
      ['a: {b: [1]}\n', 'ini', 'BAD_VALUE', ['a', 'b']],
      ['a: {b: .nan}\n', 'json', 'BAD_VALUE', ['a', 'b']],
      ['a: [!!binary gA==]\n', 'json', 'BAD_VALUE', ['a', 0]],
      ['a: 1\n', 'binary', 'BAD_VALUE'],
      ['data: 1\n', 'binary', 'BAD_VALUE'],
    ];
    for (const [source, format, code, path] of refused) {
      assert.throws(
        () => emit(tree(source), format),
        (error: { code?: string; place?: { path?: unknown } }) => {
          assert.equal(error.code, code, source);
          if (path) assert.deepEqual(error.place?.path, path);
          return true;
        },
      );
    }
    assert.throws(() => emit([], 'yaml'), { code: 'EMPTY_FILE' });
  });

  it('prints one value as sops extracts it', () => {
    const [root] = tree('a: {b: 1, c: [x, {d: true}], s: "x y", n: null, f: 1.0}\n') as [PlainMap];
    const at = (...path: (string | number)[]): PlainNode => nodeAt<PlainNode>(root, path) ?? assert.fail();
    const cases: [PlainNode, FormatId, string][] = [
      [at('a', 's'), 'json', 'x y'],
      [at('a', 'b'), 'json', '1'],
      [at('a', 'b'), 'yaml', '1\n'],
      [at('a', 'n'), 'yaml', 'null\n'],
      [at('a', 'f'), 'json', '1'],
      [at('a', 'c'), 'json', '[\n\t"x",\n\t{\n\t\t"d": true\n\t}\n]'],
      [at('a', 'c'), 'yaml', '- x\n- d: true\n'],
      [at('a', 'c', 1), 'yaml', 'd: true\n'],
      [at('a', 'c', 1), 'json', '{\n\t"d": true\n}\n'],
      [at('a', 'c', 1), 'dotenv', 'd=true\n'],
    ];
    for (const [node, format, expected] of cases) assert.equal(text(emitNode(node, format)), expected);
    const one: Scalar = { type: 'int', value: 1n };
    assert.throws(() => emitScalar(one, 'dotenv'), { code: 'BAD_VALUE' });
    assert.throws(() => emitNode(at('a', 'c'), 'ini'), { code: 'BAD_VALUE' });
  });
});
