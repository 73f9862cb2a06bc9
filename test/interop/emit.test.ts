import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { FormatId } from '../../src/core/format/document.ts';
import { emit } from '../../src/core/format/emit/emit.ts';
import { plainTree } from '../../src/core/open/plaintree.ts';
import { sealBytes } from '../../src/core/seal/seal.ts';
import { alice, clock, reopen } from '../core/support.ts';
import { Bench } from './tools.ts';

const runs = Number(process.env.LOCKSTEP_RUNS ?? 40);
const endings = { yaml: 'yaml', json: 'json', dotenv: 'env', ini: 'ini' } as const;

describe('what we print in another format, and what sops prints', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  const compare = async (source: string, from: keyof typeof endings, to: FormatId, indent?: number): Promise<void> => {
    const { bytes, text } = await sealBytes(Buffer.from(source), from, { recipients: [alice.recipient] }, clock);
    const name = `a.${endings[from]}`;
    bench.write(name, bytes);
    const global = indent === undefined ? [] : ['--indent', String(indent)];
    bench.sops([...global, 'decrypt', '--output-type', to, '--output', 'out', name]);
    const ours = emit(await plainTree(await reopen(text, from)), to, indent === undefined ? {} : { indent });
    assert.equal(Buffer.from(ours).toString(), readFileSync(join(bench.folder, 'out'), 'utf8'));
  };

  for (const to of ['yaml', 'json'] as const) {
    it(`${runs} generated trees as ${to}`, async () => {
      await fc.assert(
        fc.asyncProperty(tree, fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }), async (data, indent) => {
          await compare(JSON.stringify(data), 'json', to, indent);
        }),
        { numRuns: runs },
      );
    }).timeout(300_000);
  }

  it('generated flat maps as dotenv', async () => {
    const flat = fc.dictionary(name, fc.oneof(word, fc.integer(), fc.double({ noNaN: true }), fc.boolean()), {
      noNullPrototype: true,
      minKeys: 1,
    });
    await fc.assert(
      fc.asyncProperty(flat, (data) => compare(JSON.stringify(data), 'json', 'dotenv')),
      { numRuns: runs },
    );
  }).timeout(300_000);

  it('generated sections as INI', async () => {
    // What go-ini reads back; sops writes the rest without the quotes that it needs.
    const plain = word.map((text) => text.replace(/["'\\]/g, '').trim());
    const section = fc.dictionary(name, fc.oneof(plain, fc.integer(), fc.boolean()), { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, section, { minKeys: 1, noNullPrototype: true }), (data) =>
        compare(JSON.stringify(data), 'json', 'ini'),
      ),
      { numRuns: runs },
    );
  }).timeout(300_000);

  it('comments and documents of YAML, and those of dotenv and INI', async () => {
    const yaml = [
      '# a\n\n# b\na: 1 # c\nb_unencrypted: x # d\n# e\nm:\n  # f\n  n: 1\n  # g\n# h\nl:\n  # i\n  - x # j\n  # k\n  - y: 1\n    # l\n    z: 2\n# m\n',
      'a: 1\n---\n# x\nb: |\n  text\n\n---\n{}\n',
      'a:\n  - - b\n    - # c\n      - d\n  - {}\n  - []\n',
    ];
    for (const source of yaml) for (const to of ['yaml', 'json'] as const) await compare(source, 'yaml', to);
    for (const to of ['dotenv', 'yaml', 'json'] as const) await compare('# x\nA=b\n#y\nC=d\\ne\n', 'dotenv', to);
    for (const to of ['ini', 'yaml', 'json'] as const)
      await compare('; a\nb = 1\n[c]\n; d\n# e\nf = `#`\n; g\n[h]\ni = j\n', 'ini', to);
  });
});

const name = fc
  .string({ unit: fc.constantFrom(...'abXY019_. -'.split('')), minLength: 1, maxLength: 8 })
  .filter((text) => text.trim() === text && !/^(?:-|sops|default)$/i.test(text));
const word = fc
  .string({
    unit: fc.constantFrom(
      ...('abZ019 \t\n"\'#:-[]{},&*!|>%@`€\u{1F511}=~?<\u0001\u007f\u00a0\ufeff;.'.match(/./gsu) ?? []),
    ),
    maxLength: 10,
  })
  // What sops prints so that it cannot read it back.
  .filter((text) => !/^(?:<<|\t[\s\S]*\n[\s\S]*)$/.test(text));
const special = fc.constantFrom(
  'yes',
  'n',
  '017',
  '1_0',
  '2024-01-01',
  '1:30',
  '.5',
  '0x',
  '',
  '~',
  'null',
  '=',
  '- a',
  'a: b',
);
const leaf = fc.oneof(
  word,
  special,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const { node } = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf as fc.Arbitrary<Json>,
    fc.dictionary(name, tie('node'), { maxKeys: 3, noNullPrototype: true }),
    // A block that starts with a blank is printed with a wrong indentation inside of a list.
    fc.array(
      tie('node').filter((one) => typeof one !== 'string' || !/^[ \n]/.test(one)),
      { maxLength: 3 },
    ),
  ),
}));
const tree = fc.dictionary(name, node, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
