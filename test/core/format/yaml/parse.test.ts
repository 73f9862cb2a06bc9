import assert from 'node:assert/strict';
import type { AliasNode, Entry, ListNode, MapNode, Node, ScalarNode } from '../../../../src/core/format/document.ts';
import { getFormat } from '../../../../src/core/format/which.ts';
import { plain, plainDocuments } from '../tree.ts';

const yaml = getFormat('yaml');
const parsed = (text: string) => plainDocuments(yaml.parse(text));
const first = (text: string) => yaml.parse(text).documents[0] as MapNode;
const value = (text: string): Node => (first(text).members.find((member) => member.kind === 'entry') as Entry).value;

/** Every node's text, to see its span. */
function spans(text: string): string[] {
  const out: string[] = [];
  const visit = (node: Node): void => {
    out.push(text.slice(node.span.start, node.span.end));
    if (node.kind === 'map') for (const member of node.members) member.kind === 'entry' && visit(member.value);
    if (node.kind === 'list') for (const item of node.items) item.kind !== 'comment' && visit(item);
  };
  for (const member of first(text).members) if (member.kind === 'entry') visit(member.value);
  return out;
}

describe('YAML', () => {
  it('gives the span of every kind of leaf, tags and anchors included', () => {
    assert.deepEqual(spans('a: x y # c\nb: "q"\n'), ['x y', '"q"']);
    assert.deepEqual(spans('a: !!str &x 5\nb: &y\n'), ['!!str &x 5', '&y']);
    assert.deepEqual(spans('a: | # c\n  l1\n\n  l2\n\nb: 1\n'), ['| # c\n  l1\n\n  l2', '1']);
    assert.deepEqual(spans('a: |+\n  l1\n\n\nb: >-\n  x\n'), ['|+\n  l1\n\n', '>-\n  x']);
    assert.deepEqual(spans('a: x\n  y\nb: [1, {c: d}]\n'), ['x\n  y', '[1, {c: d}]', '1', '{c: d}', 'd']);
    assert.deepEqual(spans('a:\n  - 1\n  - b: 2\n    c: 3\n'), [
      '- 1\n  - b: 2\n    c: 3',
      '1',
      'b: 2\n    c: 3',
      '2',
      '3',
    ]);
  });

  it('gives a value that is not there an empty span behind its sign', () => {
    for (const text of ['a:\n', 'a: # c\n', 'a:']) {
      const node = value(text) as ScalarNode;
      assert.deepEqual([node.scalar.type, node.span], ['null', { start: 2, end: 2 }], text);
    }
    const list = value('a:\n  -\n  - 1\n') as ListNode;
    assert.deepEqual((list.items[0] as ScalarNode).span, { start: 6, end: 6 });
  });

  it('gives entries and keys their spans', () => {
    const text = '"a b": x\nc:\n  d: |\n    y\ne: 1\n';
    const entries = first(text).members as Entry[];
    assert.deepEqual(
      entries.map((one) => text.slice(one.keySpan.start, one.keySpan.end)),
      ['"a b"', 'c', 'e'],
    );
    assert.deepEqual(
      entries.map((one) => text.slice(one.span.start, one.span.end)),
      ['"a b": x', 'c:\n  d: |\n    y', 'e: 1'],
    );
  });

  it('reads several documents; empty ones are empty maps', () => {
    assert.deepEqual(parsed('a: 1\n---\nb: 2\n...\n---\n'), [
      { map: [['a', ['int', '1']]] },
      { map: [['b', ['int', '2']]] },
      { map: [] },
    ]);
    for (const text of ['---', '--- # c\n', '{}', 'null', '~\n', '--- {}\n'])
      assert.deepEqual(parsed(text), [{ map: [] }], text);
    for (const text of ['', '\n', '# c\n', '\uFEFF'])
      assert.throws(() => yaml.parse(text), { code: 'EMPTY_FILE' }, text);
    for (const text of ['- a\n', 'x\n', '[]', 'a: 1\n---\n- b\n', '5'])
      assert.throws(() => yaml.parse(text), { code: 'NOT_A_MAP' }, text);
  });

  it('expands aliases in place and keeps << as a key', () => {
    const text = 'x: &x {a: 1}\ny:\n  <<: *x\n  b: *x\n!!merge <<:\n  c: 2\n';
    const x = { map: [['a', ['int', '1']]] };
    assert.deepEqual(parsed(text), [
      {
        map: [
          ['x', x],
          [
            'y',
            {
              map: [
                ['<<', x],
                ['b', x],
              ],
            },
          ],
          ['<<', { map: [['c', ['int', '2']]] }],
        ],
      },
    ]);
    const alias = ((first(text).members[1] as Entry).value as MapNode).members[1] as Entry;
    assert.equal(text.slice(alias.value.span.start, alias.value.span.end), '*x');
    assert.equal((alias.value as AliasNode).target.kind, 'map');
    assert.throws(() => yaml.parse('a: *b\n'), { code: 'SYNTAX' });
    assert.throws(() => yaml.parse('a: &a\n  b: *a\n'), { code: 'ALIAS_BOMB' });
    assert.deepEqual(parsed('a: &a [&a x, *a]\n'), [
      {
        map: [
          [
            'a',
            {
              list: [
                ['str', 'x'],
                ['str', 'x'],
              ],
            },
          ],
        ],
      },
    ]);
    assert.throws(() => yaml.parse('<<: 5\n'), { code: 'SYNTAX' });
  });

  it('refuses duplicate keys in the first document only', () => {
    assert.throws(() => yaml.parse('a: 1\n"a": 2\n'), { code: 'DUPLICATE_KEY' });
    assert.throws(() => yaml.parse('a:\n  b: 1\n  b: 2\n'), { code: 'DUPLICATE_KEY' });
    assert.deepEqual(parsed('a: 1\n---\nb: 1\nb: 2\n')[1], {
      map: [
        ['b', ['int', '1']],
        ['b', ['int', '2']],
      ],
    });
  });

  it('refuses keys that SOPS cannot encrypt under', () => {
    for (const key of ['1', 'true', '~', '2024-01-01', '1.5', '[a]', '{a: b}', '? [a]\n']) {
      assert.throws(
        () => yaml.parse(`${key}: x\n`),
        (error) => ['UNSUPPORTED_VALUE', 'SYNTAX'].includes((error as { code: string }).code),
        key,
      );
    }
    assert.deepEqual(parsed('y: 1\n"1": 2\n"": 3\n'), [
      {
        map: [
          ['y', ['int', '1']],
          ['1', ['int', '2']],
          ['', ['int', '3']],
        ],
      },
    ]);
  });

  it('takes the metadata of each document out', () => {
    const text = 'sops:\n  version: 3.13.3\na: 1\n---\nb: 2\nsops:\n  x: y\n---\nc: 3\n';
    const doc = yaml.parse(text);
    assert.deepEqual(
      doc.metadata.map((block) => block && plain(block.root)),
      [{ map: [['version', ['str', '3.13.3']]] }, { map: [['x', ['str', 'y']]] }, undefined],
    );
    assert.deepEqual(plainDocuments(doc).length, 3);
    assert.equal(text.slice(doc.metadata[1]?.span.start, doc.metadata[1]?.span.end), 'sops:\n  x: y');
    assert.throws(() => yaml.parse('sops: 1\n'), { code: 'BAD_METADATA' });
    assert.deepEqual(parsed('a:\n  sops: 1\n'), [{ map: [['a', { map: [['sops', ['int', '1']]] }]] }]);
  });

  it('reads BOM, CRLF and texts without final line end', () => {
    assert.deepEqual(parsed('\uFEFFa: 1\r\nb: |\r\n  x\r\n  y\r\nc: "x\r\n  y"'), [
      {
        map: [
          ['a', ['int', '1']],
          ['b', ['str', 'x\ny\n']],
          ['c', ['str', 'x y']],
        ],
      },
    ]);
    assert.equal(yaml.parse('a: 1\r\nb: 2\n').eol, '\r\n');
  });

  it('tells comments at the end of a line from the others', () => {
    const comments = first('# one\na: 1 # two\n').members.filter((member) => member.kind === 'comment');
    assert.deepEqual(
      comments.map((one) => [one.text, one.inline]),
      [
        [' one', false],
        [' two', true],
      ],
    );
  });

  it('keeps comments that go-yaml loses', () => {
    const text = 'a: { # c1\n  b: 1}\nc: 2\n';
    assert.deepEqual(plain(value(text), true), {
      map: [
        ['comment', ' c1'],
        ['b', ['int', '1']],
      ],
    });
  });

  it('refuses what go-yaml refuses', () => {
    for (const text of [
      'a: b: c\n',
      'a: [1\n',
      'a: 1\n b: 2\n',
      '\ta: 1\n',
      'a:\n\t- b\n',
      'a: "x\n',
      'a: }\n',
      'a: 1\n- b\n',
      'a: @x\n',
      '%FOO\n---\na: 1\n',
      'a: !x!y z\n',
      'a: "\\q"\n',
      'a\n',
      'a: |0\n  x\n',
      '%YAML 1.2\n---\na: 1\n',
    ]) {
      assert.throws(
        () => yaml.parse(text),
        (error) => ['SYNTAX', 'NOT_A_MAP'].includes((error as { code: string }).code),
        JSON.stringify(text),
      );
    }
  });
});
