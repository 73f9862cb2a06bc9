import assert from 'node:assert/strict';
import type { FormatId } from '../../../src/core/format/document.ts';
import { emit } from '../../../src/core/format/emit/emit.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { plainTree, treeOf } from '../../../src/core/open/plaintree.ts';
import { unsealBytes } from '../../../src/core/open/unseal.ts';
import { sealTree } from '../../../src/core/seal/tree.ts';
import { alice, clock, reopen } from '../support.ts';

const tree = (source: string) => treeOf(getFormat('yaml').parse(source));
const options = { recipients: [alice.recipient] };

describe('a tree sealed in another format', () => {
  const sources: [FormatId, string][] = [
    ['yaml', 'a: [1, {b: x}]\nt: 2024-01-01\n'],
    ['json', 'a: [1, {b: x}, 1.5, 1e22]\nt: 2024-01-01\nn: null\n'],
    ['dotenv', '# c\nA: 1\nB: "x\\ny"\nC: true\nD: 2.0\n'],
    ['ini', 'DEFAULT:\n  a: x\ns:\n  #c\n  b: true\n  c: "x # y"\n'],
    ['binary', 'data: "x\\ny"\n'],
  ];
  for (const [format, source] of sources) {
    it(`opens as ${format}, with the same text`, async () => {
      const { text } = await sealTree(tree(source), format, options, clock);
      const opened = await reopen(text, format);
      assert.deepEqual(opened.verdict, { ok: true });
      const plain = Buffer.from(await unsealBytes(opened)).toString();
      assert.equal(plain, Buffer.from(emit(tree(source), format)).toString());
      assert.equal(Buffer.from(emit(await plainTree(opened), format)).toString(), plain);
    });
  }

  it('refuses a section that is the metadata in INI', async () => {
    const [inner] = tree('a: 1\n');
    const value = inner ?? assert.fail();
    const documents = [{ kind: 'map', members: [{ kind: 'entry', key: 'sops', value }] }] as const;
    await assert.rejects(sealTree(documents, 'ini', options, clock), { code: 'ALREADY_ENCRYPTED' });
  });

  it('refuses what would read as something else', async () => {
    const refused: [FormatId, string, string, unknown?][] = [
      ['dotenv', "A: 'x\\ny'\n", 'BAD_VALUE', ['A']],
      ['dotenv', 'sops_x: 1\n', 'ALREADY_ENCRYPTED'],
      ['ini', 'a: {b: "x\\n`\\"\\"\\"\\ny"}\n', 'BAD_VALUE', ['a', 'b']],
      ['ini', 'a: {"#b": x}\n', 'BAD_NAME'],
    ];
    for (const [format, source, code, path] of refused) {
      await assert.rejects(
        sealTree(tree(source), format, options, clock),
        (error: { code?: string; place?: { path?: unknown } }) => {
          assert.equal(error.code, code, source);
          if (path) assert.deepEqual(error.place?.path, path);
          return true;
        },
      );
    }
  });
});
