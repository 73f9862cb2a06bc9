import assert from 'node:assert/strict';
import { applyEdits, type Entry, type MapNode, type ScalarNode } from '../../../../src/core/format/document.ts';
import { getFormat } from '../../../../src/core/format/which.ts';
import { leafValue, plain, plainDocuments, plainValue, sampleMetadata, str } from '../tree.ts';

const dotenv = getFormat('dotenv');
const entryAt = (text: string, at: number) => dotenv.parse(text).documents[0]!.members[at] as Entry;
const parsed = (text: string) => plainDocuments(dotenv.parse(text), true)[0];

describe('dotenv', () => {
  it('trims, unquotes and expands nothing', () => {
    const text = 'A=b\n\n# c\n#\nexport B="x"\n F = g # h\n=empty\nA=l1\\nl2\nE=\nQ=a=b';
    const expected = [
      ['A', ['str', 'b']],
      ['comment', ' c'],
      ['comment', ''],
      ['export B', ['str', '"x"']],
      [' F ', ['str', ' g # h']],
      ['', ['str', 'empty']],
      ['A', ['str', 'l1\nl2']],
      ['E', ['str', '']],
      ['Q', ['str', 'a=b']],
    ];
    assert.deepEqual(parsed(text), { map: expected });
    for (const bad of ['A', ' ', ' # c', 'A=1\nB']) assert.throws(() => dotenv.parse(bad), { code: 'SYNTAX' }, bad);
    assert.deepEqual(parsed(''), { map: [] });
  });

  it('takes CR for a part of the line end only in a CRLF file', () => {
    assert.deepEqual(parsed('A=b\r\n# c\r\nB=d\r\n'), {
      map: [
        ['A', ['str', 'b']],
        ['comment', ' c'],
        ['B', ['str', 'd']],
      ],
    });
    assert.deepEqual(parsed('A=b\nB=d\r\n'), {
      map: [
        ['A', ['str', 'b']],
        ['B', ['str', 'd\r']],
      ],
    });
  });

  it('unflattens the metadata', () => {
    const text =
      'A=x\nsops_a__list_0__map_enc=l1\\nl2\nsops_a__list_0__map_r=1\nsops_a__list_1__map_r=2\nsops_version=3\nsops=data\n';
    const doc = dotenv.parse(text);
    const root = doc.metadata[0]?.root as MapNode;
    const a = {
      list: [
        {
          map: [
            ['enc', ['str', 'l1\nl2']],
            ['r', ['str', '1']],
          ],
        },
        { map: [['r', ['str', '2']]] },
      ],
    };
    assert.deepEqual(plain(root), {
      map: [
        ['a', a],
        ['version', ['str', '3']],
      ],
    });
    assert.equal(text.slice(doc.metadata[0]?.span.start, doc.metadata[0]?.span.end).split('\n').length, 4);
    assert.deepEqual(doc.documents[0]?.members.length, 2);
    for (const bad of [
      'sops_a=1\nsops_a=2',
      'sops_a=1\nsops_a__map_b=2',
      'sops_a__list_1=2',
      'sops_a__list_0=1\nsops_a__map_b=1',
    ]) {
      assert.throws(() => dotenv.parse(bad), { code: 'BAD_METADATA' }, bad);
    }
  });

  it('writes values that read back the same, or refuses them', () => {
    for (const text of ['A=x\nB=y\n', 'A=x\r\nB=y\r\n', 'A=x\nB=y']) {
      const doc = dotenv.parse(text);
      const node = entryAt(text, 1).value as ScalarNode;
      for (const value of [
        '',
        ' ',
        'a\nb',
        '"q"',
        '#',
        'a=b',
        'é😀\0\t',
        'a\rb',
        '\\',
        '\\\n',
        '\\\\n',
        '\\n',
        'x\r',
        '\ud800',
      ]) {
        let edits: ReturnType<typeof dotenv.writeScalar>;
        try {
          edits = dotenv.writeScalar(doc, node, str(value));
        } catch (error) {
          assert.equal((error as { code: string }).code, 'BAD_VALUE');
          assert.match(value, /\\n|\r$|[\ud800]/);
          continue;
        }
        const again = dotenv.parse(applyEdits(text, edits));
        assert.deepEqual((entryAt(again.text, 1).value as ScalarNode).scalar, str(value));
        assert.equal(again.documents[0]?.members.length, 2);
      }
      assert.throws(() => dotenv.writeScalar(doc, node, { type: 'int', value: 1n }), { code: 'BAD_VALUE' });
    }
  });

  it('edits lines', () => {
    const text = '# a\nA=1\nB=2\n# end\nsops_version=3\n';
    const doc = dotenv.parse(text);
    const map = doc.documents[0] as MapNode;
    assert.equal(
      applyEdits(text, dotenv.addEntry(doc, map, 'C', leafValue(str('x\ny')))),
      '# a\nA=1\nB=2\nC=x\\ny\n# end\nsops_version=3\n',
    );
    assert.equal(
      applyEdits(text, dotenv.removeEntry(doc, map, map.members[1] as Entry)),
      '# a\nB=2\n# end\nsops_version=3\n',
    );
    assert.equal(
      applyEdits(text, dotenv.renameEntry(doc, map, map.members[1] as Entry, 'Z')),
      text.replace('A=', 'Z='),
    );
    assert.equal(
      applyEdits(
        '',
        dotenv.addEntry(dotenv.parse(''), dotenv.parse('').documents[0] as MapNode, 'A', leafValue(str('x'))),
      ),
      'A=x\n',
    );
    const open = dotenv.parse('A=1');
    assert.equal(
      applyEdits('A=1', dotenv.addEntry(open, open.documents[0] as MapNode, 'B', leafValue(str('x')))),
      'A=1\nB=x\n',
    );
    assert.throws(() => dotenv.addEntry(doc, map, 'A', leafValue(str(''))), { code: 'ENTRY_EXISTS' });
    for (const name of ['a=b', 'a\nb', '#a', 'sops_x', 'a\r'])
      assert.throws(() => dotenv.addEntry(doc, map, name, leafValue(str(''))), { code: 'BAD_NAME' }, name);
    assert.throws(() => dotenv.addEntry(doc, map, 'M', { kind: 'map', members: [] }), { code: 'BAD_VALUE' });
  });

  it('puts the metadata last and takes it out again', () => {
    for (const [text, back] of [
      ['A=1\n', 'A=1\n'],
      ['A=1', 'A=1\n'],
      ['', ''],
      ['A=1\n\n# c\n', 'A=1\n\n# c\n'],
      ['A=1\r\nB=2\r\n', 'A=1\nB=2\n'],
    ] as const) {
      const sealed = applyEdits(text, dotenv.addMetadata(dotenv.parse(text), sampleMetadata));
      const doc = dotenv.parse(sealed);
      assert.deepEqual(plain(doc.metadata[0]?.root as MapNode), plainValue(sampleMetadata));
      assert.ok(!sealed.includes('\r'), 'sops reads a CR as part of the value');
      assert.equal(applyEdits(sealed, dotenv.removeMetadata(doc)), back);
    }
  });
});
