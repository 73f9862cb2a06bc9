import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LockstepError } from '../../../src/core/errors.ts';
import {
  applyEdits,
  type Entry,
  type FormatId,
  type MapNode,
  type ScalarNode,
} from '../../../src/core/format/document.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import type { Scalar, Value } from '../../../src/core/tree/value.ts';
import { plain, plainDocuments, plainScalar, plainValue, sampleMetadata } from './tree.ts';

const settings = { numRuns: 400 };
const piece = fc.constantFrom(
  '\n',
  '\r',
  ' ',
  '\t',
  ': ',
  ' #',
  '- ',
  '"',
  "'",
  '\\',
  '{',
  ']',
  ',',
  '0',
  '1_',
  'é',
  '😀',
  '\u2028',
  '\0',
  '\ufeff',
  'a',
  'ENC[',
  '|',
  '~',
  '---',
  '\\n',
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.constantFrom('', 'yes', '017', '2024-01-01', '<<'),
);
const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  { arbitrary: text.map((value): Scalar => ({ type: 'str', value })), weight: 4 },
  {
    arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): Scalar => ({ type: 'int', value })),
    weight: 1,
  },
  { arbitrary: fc.double().map((value): Scalar => ({ type: 'float', value })), weight: 1 },
  { arbitrary: fc.boolean().map((value): Scalar => ({ type: 'bool', value })), weight: 1 },
);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar.map((one): Value => ({ kind: 'scalar', scalar: one })),
    fc
      .uniqueArray(fc.tuple(text, tie('value')), { selector: ([key]) => key, maxLength: 3 })
      .map((members): Value => ({ kind: 'map', members: members.map(([key, one]) => ({ key, value: one })) })),
    fc.array(tie('value'), { maxLength: 3 }).map((items): Value => ({ kind: 'list', items })),
  ),
})).value;

/** What `run` gives, undefined if it refuses with one of these codes. */
function allowed<T>(codes: string[], run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    assert.ok(error instanceof LockstepError && codes.includes(error.code), String(error));
    return undefined;
  }
}

const places: [FormatId, string][] = [
  ['yaml', 'k: x # c\nm: 1\n'],
  ['yaml', 'k: "x"'],
  ['yaml', "k: 'x'\r\nm: 1\r\n"],
  ['yaml', 'k: |+\n    x\n\nm: 1\n'],
  ['yaml', 'k: {a: 1}\n'],
  ['json', '{\n  "k": "x",\n  "m": 1\n}\n'],
  ['dotenv', 'k=x\nm=1\n'],
];

describe('whatever is written reads back the same', () => {
  for (const [id, source] of places) {
    it(`a scalar in ${JSON.stringify(source)}`, () => {
      const format = getFormat(id);
      const doc = format.parse(source);
      const entry =
        doc.documents[0]?.members[0]?.kind === 'comment' ? doc.documents[0].members[1] : doc.documents[0]?.members[0];
      let node = (entry as Entry).value;
      if (node.kind === 'map') node = (node.members[0] as Entry).value;
      fc.assert(
        fc.property(scalar, (one) => {
          const edits = allowed(['BAD_VALUE'], () => format.writeScalar(doc, node as ScalarNode, one));
          if (!edits) return id !== 'yaml' || !(one.type === 'str');
          const again = format.parse(applyEdits(source, edits));
          assert.deepEqual(
            JSON.stringify(plainDocuments(again)),
            JSON.stringify(plainDocuments(doc)).replace(JSON.stringify(plain(node)), () =>
              JSON.stringify(plainScalar(one)),
            ),
          );
        }),
        settings,
      );
    });
  }

  it('an entry added to YAML, and removed again', () => {
    const yaml = getFormat('yaml');
    const sources = ['a: 1\n', 'a:\n    b: 1\n# c\n', 'l:\n- a: 1\n- 2\n', '{a: 1}\n', 'a: 1\r\nb: |\r\n  x', '---\n'];
    fc.assert(
      fc.property(fc.constantFrom(...sources), text, value, (source, key, one) => {
        const doc = yaml.parse(source);
        const map = doc.documents[0] as MapNode;
        const edits = allowed(['ENTRY_EXISTS', 'BAD_NAME'], () => yaml.addEntry(doc, map, key, one));
        if (!edits) return;
        const out = applyEdits(source, edits);
        const again = yaml.parse(out);
        const root = again.documents[0] as MapNode;
        const entry = root.members.filter((member) => member.kind === 'entry').at(-1) as Entry;
        assert.deepEqual([entry.key, plain(entry.value)], [key, plainValue(one)]);
        const back = applyEdits(out, yaml.removeEntry(again, root, entry));
        assert.deepEqual(plainDocuments(yaml.parse(back)), plainDocuments(doc));
      }),
      settings,
    );
  });

  it('metadata added and removed', () => {
    for (const id of ['yaml', 'json'] as const) {
      const format = getFormat(id);
      fc.assert(
        fc.property(value, (one) => {
          const empty = format.parse('{}\n');
          const edits = allowed(['BAD_VALUE', 'BAD_NAME'], () =>
            format.addEntry(empty, empty.documents[0] as MapNode, 'k', one),
          );
          if (!edits) return;
          const source = applyEdits('{}\n', edits);
          const sealed = applyEdits(source, format.addMetadata(format.parse(source), sampleMetadata));
          const doc = format.parse(sealed);
          assert.deepEqual(plainDocuments(doc), plainDocuments(format.parse(source)));
          assert.equal(applyEdits(sealed, format.removeMetadata(doc)), source);
        }),
        settings,
      );
    }
  });

  it('no text makes a parser fail in another way than by a LockstepError', () => {
    const soup = fc.array(
      fc.oneof(
        piece,
        fc.constantFrom('a:', 'b: c\n', '  ', '\n- ', '&a ', '*a', '!!int ', '? ', '=', '{"a":', '}', '['),
      ),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(fc.constantFrom<FormatId>('yaml', 'json', 'dotenv', 'ini', 'binary'), soup, (id, parts) => {
        try {
          getFormat(id).parse(parts.join(''));
        } catch (error) {
          assert.ok(error instanceof LockstepError, String(error));
        }
      }),
      { ...settings, numRuns: 5000 },
    );
  });
});
