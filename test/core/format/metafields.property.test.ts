import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits, type FormatId } from '../../../src/core/format/document.ts';
import { fingerprint, nodeValue } from '../../../src/core/format/nodevalue.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { scalar, text, type Value } from '../../../src/core/tree/value.ts';
import { plain } from './tree.ts';

type Fields = Record<string, Value>;

const sources: Record<Exclude<FormatId, 'binary'>, readonly string[]> = {
  yaml: ['a: 1\n', 'a: 1\n---\nb:\n    - x # why\n', '{a: 1}\n', '# c\na: |\n  x\n'],
  json: ['{"a": 1}\n', '{\n  "a": [1]\n}\n', '{"a":1,"b":{"c":2}}'],
  dotenv: ['A=1\n', '# c\nA=1\n\nB=2'],
  ini: ['a = 1\n', '[s]\nlonger_name   = 2 ; c\n'],
};
const flat: readonly string[] = ['dotenv', 'ini'];

const word = fc.constantFrom('x', 'y z', 'a: b', '-----BEGIN\nabc\n-----END\n', "it's", '"q"', '# no', '017');
const item: fc.Arbitrary<Value> = fc.record({ enc: word, recipient: word }).map(({ enc, recipient }) => ({
  kind: 'map',
  members: [
    { key: 'enc', value: scalar(text(enc)) },
    { key: 'recipient', value: scalar(text(recipient)) },
  ],
}));
// A flattened list cannot be empty, nor can one of its items.
const list: fc.Arbitrary<Value> = fc
  .array(item, { minLength: 1, maxLength: 4 })
  .map((items) => ({ kind: 'list', items }));
const value = fc.oneof(
  list,
  word.map((one): Value => scalar(text(one))),
);
const names = ['age', 'key_groups', 'kms', 'pgp', 'shamir_threshold', 'zz'];
const fields: fc.Arbitrary<Fields> = fc.dictionary(fc.constantFrom(...names), value);

function map(members: Fields): Value {
  const keys = Object.keys(members).sort();
  return { kind: 'map', members: keys.map((key) => ({ key, value: members[key] as Value })) };
}

/** Fields by name; the order in which they stand does not count. */
function byName(root: Value): Map<string, string> {
  assert.equal(root.kind, 'map');
  return new Map(root.kind === 'map' ? root.members.map((one) => [one.key, fingerprint(one.value)]) : []);
}

for (const format of Object.keys(sources) as (keyof typeof sources)[]) {
  it(`metadata fields put one by one read as they were meant, and nothing else moves: ${format}`, () => {
    const writer = getFormat(format);
    fc.assert(
      fc.property(
        fc.constantFrom(...sources[format]),
        fields,
        fields,
        fc.subarray(names),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (source, before, changes, gone, eol, cut) => {
          const start = { ...before, mac: scalar(text('m')) };
          const doc = writer.parse(source.replaceAll('\n', eol));
          const whole = applyEdits(doc.text, writer.addMetadata(doc, map(start)));
          const at = writer.parse(cut ? whole.trimEnd() : whole);
          // Lists that are part old, part new.
          const mixed = Object.entries(changes).map(([name, now]): [string, Value] => {
            const old = before[name];
            if (old?.kind !== 'list' || now.kind !== 'list') return [name, now];
            return [name, { kind: 'list', items: [...old.items.filter((_, i) => i % 2 === 0), ...now.items] }];
          });
          const wanted = new Map<string, Value | undefined>(mixed);
          for (const name of gone) if (name in start) wanted.set(name, undefined);
          const edits = at.metadata.flatMap((block, i) => (block ? writer.writeMetadata(at, i, wanted) : []));
          const after = writer.parse(applyEdits(at.text, edits));
          for (const [i, block] of after.metadata.entries()) {
            const expected = byName(nodeValue(at.metadata[i]?.root ?? assert.fail()));
            for (const [name, one] of wanted) {
              if (one) expected.set(name, fingerprint(one));
              else expected.delete(name);
            }
            assert.deepEqual(byName(nodeValue(block?.root ?? assert.fail())), expected);
          }
          assert.deepEqual(
            after.documents.map((root) => plain(root, true)),
            at.documents.map((root) => plain(root, true)),
          );
          if (!flat.includes(format) && !cut) assert.ok(wanted.size > 0 || edits.length === 0);
        },
      ),
      { numRuns: 300 },
    );
  });
}

it('a field behind a list that ends the text without a line break, and gets another end', () => {
  const yaml = getFormat('yaml');
  const listOf = (...recipients: string[]): Value => ({
    kind: 'list',
    items: recipients.map((one) => ({ kind: 'map', members: [{ key: 'recipient', value: scalar(text(one)) }] })),
  });
  const at = yaml.parse('a: 1\nsops:\n    key_groups:\n        - recipient: x\n        - recipient: |\n            y');
  const put = (recipients: string[]) =>
    applyEdits(
      at.text,
      yaml.writeMetadata(
        at,
        0,
        new Map([
          ['key_groups', listOf(...recipients)],
          ['zz', scalar(text('1'))],
        ]),
      ),
    );
  const head = 'a: 1\nsops:\n    key_groups:\n        - recipient: x\n';
  assert.equal(put(['x', 'z']), `${head}        - recipient: z\n    zz: "1"\n`);
  assert.equal(put(['x']), `${head}    zz: "1"\n`);
  assert.equal(
    put(['x', 'y', 'z']),
    `${head}        - recipient: |-\n            y\n        - recipient: z\n    zz: "1"\n`,
  );
});
