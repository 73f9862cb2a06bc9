import assert from 'node:assert/strict';
import {
  applyEdits,
  type Entry,
  type ListNode,
  type MapNode,
  type ScalarNode,
} from '../../../../src/core/format/document.ts';
import { getFormat } from '../../../../src/core/format/which.ts';
import type { Scalar } from '../../../../src/core/tree/value.ts';
import { leafValue, plainDocuments, sampleMetadata, str } from '../tree.ts';

const json = getFormat('json');
const parsed = (text: string) => plainDocuments(json.parse(text))[0];
const rootOf = (text: string) => json.parse(text).documents[0] as MapNode;
const entry = (map: MapNode, i: number) => map.members[i] as Entry;

describe('JSON', () => {
  it('tells int from float as sops does', () => {
    const cases: [string, string[]][] = [
      ['1', ['int', '1']],
      ['-0', ['int', '0']],
      ['-0.0', ['float', '-0']],
      ['1.0', ['float', '1']],
      ['1e3', ['float', '1000']],
      ['9223372036854775807', ['int', '9223372036854775807']],
      ['9223372036854775808', ['float', '9223372036854776000']],
      ['-9223372036854775808', ['int', '-9223372036854775808']],
    ];
    for (const [text, leaf] of cases) assert.deepEqual(parsed(`{"a": ${text}}`), { map: [['a', leaf]] }, text);
    assert.throws(() => json.parse('{"a": 1e400}'), { code: 'UNSUPPORTED_VALUE' });
  });

  it('keeps duplicates and order, and reads half surrogates as Go does', () => {
    const text = '{"b": "\\ud800x", "1": true, "b": null, "": []}';
    assert.deepEqual(parsed(text), {
      map: [
        ['b', ['str', '\ufffdx']],
        ['1', ['bool', 'true']],
        ['b', ['null']],
        ['', { list: [] }],
      ],
    });
  });

  it('is strict', () => {
    for (const text of [
      '{"a": 1,}',
      '{"a": [1,]}',
      '{/* c */}',
      '{"a": NaN}',
      '{"a": 01}',
      '{"a": .5}',
      "{'a': 1}",
      '{"a": "\n"}',
      '{"a": 1} x',
      '{"a" 1}',
      '{',
      '{"a": "\\x"}',
      '{a: 1}',
      '{"a": +1}',
    ]) {
      assert.throws(() => json.parse(text), { code: 'SYNTAX' }, text);
    }
    for (const text of ['[]', '1', '"x"', 'null']) assert.throws(() => json.parse(text), { code: 'NOT_A_MAP' }, text);
    for (const text of ['', ' \n']) assert.throws(() => json.parse(text), { code: 'EMPTY_FILE' }, text);
    assert.throws(() => json.parse('{"sops": {}, "sops": {}}'), { code: 'DUPLICATE_KEY' });
    assert.throws(() => json.parse('{"sops": 1}'), { code: 'BAD_METADATA' });
  });

  it('writes scalars that read back the same', () => {
    const doc = json.parse('{"a": "x"}');
    const node = entry(doc.documents[0] as MapNode, 0).value as ScalarNode;
    const scalars: Scalar[] = [
      str(''),
      str('"\\/\b\f\n\r\t\u0001\u2028\u007f é😀'),
      { type: 'int', value: 2n ** 62n },
      { type: 'float', value: 2 },
      { type: 'float', value: -0 },
      { type: 'float', value: 1e300 },
      { type: 'bool', value: true },
      { type: 'null' },
    ];
    for (const scalar of scalars) {
      const text = applyEdits(doc.text, json.writeScalar(doc, node, scalar));
      assert.deepEqual((entry(rootOf(text), 0).value as ScalarNode).scalar, scalar, text);
    }
    const refused: Scalar[] = [
      { type: 'float', value: Number.NaN },
      { type: 'float', value: Infinity },
      { type: 'time', value: '2026-01-01T00:00:00Z' },
      str('\ud800'),
      { type: 'str', value: new Uint8Array([255]) },
      { type: 'int', value: 2n ** 63n },
    ];
    for (const scalar of refused) assert.throws(() => json.writeScalar(doc, node, scalar), { code: 'BAD_VALUE' });
  });

  it('adds, renames and removes entries in the layout of the file', () => {
    const text = '{\n  "a": 1,\n  "b": {"x": 1},\n  "c": {}\n}\n';
    const doc = json.parse(text);
    const map = doc.documents[0] as MapNode;
    const edit = (edits: ReturnType<typeof json.addEntry>) => applyEdits(text, edits);
    assert.equal(
      edit(json.addEntry(doc, map, 'd', leafValue(str('e')))),
      '{\n  "a": 1,\n  "b": {"x": 1},\n  "c": {},\n  "d": "e"\n}\n',
    );
    assert.equal(
      edit(json.addEntry(doc, entry(map, 1).value as MapNode, 'y', { kind: 'list', items: [] })),
      text.replace('1}', '1, "y": []}'),
    );
    assert.equal(edit(json.renameEntry(doc, map, entry(map, 0), 'z"')), text.replace('"a"', '"z\\""'));
    assert.equal(edit(json.removeEntry(doc, map, entry(map, 0))), '{\n  "b": {"x": 1},\n  "c": {}\n}\n');
    assert.equal(edit(json.removeEntry(doc, map, entry(map, 2))), '{\n  "a": 1,\n  "b": {"x": 1}\n}\n');
    assert.equal(
      edit(json.removeEntry(doc, entry(map, 1).value as MapNode, entry(entry(map, 1).value as MapNode, 0))),
      text.replace('{"x": 1}', '{}'),
    );
    assert.throws(() => json.addEntry(doc, map, 'a', leafValue(str(''))), { code: 'ENTRY_EXISTS' });
    assert.throws(() => json.addEntry(doc, map, 'sops', leafValue(str(''))), { code: 'BAD_NAME' });
  });

  it('removes items', () => {
    const cases: [string, number, string][] = [
      ['{"l": [1, 2, 3]}', 0, '{"l": [2, 3]}'],
      ['{"l": [1, 2, 3]}', 2, '{"l": [1, 2]}'],
      ['{"l": [1]}', 0, '{"l": []}'],
      ['{"l": [\n 1,\n 2\n]}', 1, '{"l": [\n 1\n]}'],
    ];
    for (const [text, at, expected] of cases) {
      const doc = json.parse(text);
      const list = entry(doc.documents[0] as MapNode, 0).value as ListNode;
      assert.equal(applyEdits(text, json.removeItem(doc, list, list.items[at] as ScalarNode)), expected);
    }
  });

  it('puts the metadata last, and takes it out without a trace', () => {
    for (const text of [
      '{\n\t"a": 1\n}\n',
      '{"a": 1}',
      '{"a":1}',
      '{\r\n  "a": [\r\n    1\r\n  ]\r\n}',
      '{}',
      '\uFEFF{\n "a": "x"\n}\n',
    ]) {
      const sealed = applyEdits(text, json.addMetadata(json.parse(text), sampleMetadata));
      const doc = json.parse(sealed);
      assert.equal(doc.metadata[0]?.root.members.length, 4, sealed);
      assert.ok(JSON.parse(sealed.replace('\uFEFF', '')));
      assert.equal(applyEdits(sealed, json.removeMetadata(doc)), text);
      const added = applyEdits(sealed, json.addEntry(doc, doc.documents[0] as MapNode, 'new', leafValue(str('x'))));
      assert.deepEqual(Object.keys(JSON.parse(added.replace('\uFEFF', ''))).slice(-2), ['new', 'sops']);
    }
  });
});
