import assert from 'node:assert/strict';
import {
  applyEdits,
  type Entry,
  type ListNode,
  type MapNode,
  type Node,
  type ScalarNode,
} from '../../../../src/core/format/document.ts';
import { getFormat } from '../../../../src/core/format/which.ts';
import type { Value } from '../../../../src/core/tree/value.ts';
import { leafValue, plain, plainDocuments, plainValue, sampleMetadata, str } from '../tree.ts';

const yaml = getFormat('yaml');
const x = leafValue(str('x'));

/** The node behind keys and item numbers. */
function at(text: string, path: (string | number)[]) {
  const doc = yaml.parse(text);
  let node: Node = doc.documents[0] as MapNode;
  let entry: Entry | undefined;
  let parent: MapNode | ListNode | undefined;
  for (const part of path) {
    parent = node as MapNode | ListNode;
    if (typeof part === 'number')
      node = (node as ListNode).items.filter((item) => item.kind !== 'comment')[part] as Node;
    else {
      entry = (node as MapNode).members.find((member) => member.kind === 'entry' && member.key === part) as Entry;
      node = entry.value;
    }
  }
  return { doc, node, parent, entry };
}

function add(text: string, path: (string | number)[], key: string, value: Value = x): string {
  const { doc, node } = at(text, path);
  const map: MapNode =
    node.kind === 'map' ? node : { kind: 'map', span: node.span, members: [], flow: (node as ScalarNode).flow };
  const out = applyEdits(text, yaml.addEntry(doc, map, key, value));
  const added = at(out, [...path, key]);
  assert.deepEqual(plain(added.node), plainValue(value), out);
  return out;
}

function remove(text: string, path: (string | number)[]): string {
  const { doc, node, parent, entry } = at(text, path);
  const edits =
    parent?.kind === 'list'
      ? yaml.removeItem(doc, parent, node)
      : yaml.removeEntry(doc, parent as MapNode, entry as Entry);
  const out = applyEdits(text, edits);
  yaml.parse(out);
  return out;
}

function rename(text: string, path: (string | number)[], key: string): string {
  const { doc, parent, entry } = at(text, path);
  return applyEdits(text, yaml.renameEntry(doc, parent as MapNode, entry as Entry, key));
}

describe('adding YAML entries', () => {
  const nested: Value = {
    kind: 'map',
    members: [
      {
        key: 'l',
        value: {
          kind: 'list',
          items: [
            x,
            {
              kind: 'map',
              members: [
                { key: 'p', value: x },
                { key: 'q', value: x },
              ],
            },
            { kind: 'list', items: [] },
          ],
        },
      },
      { key: 'e', value: { kind: 'map', members: [] } },
    ],
  };

  it('goes behind the last entry, before comments and blank lines that follow the map', () => {
    assert.equal(add('a: 1 # c\n\n# end\n', [], 'k'), 'a: 1 # c\nk: x\n\n# end\n');
    assert.equal(add('a: 1', [], 'k'), 'a: 1\nk: x');
    assert.equal(add('a:\n   b: 1\n   # c\n\n\nd: 2\n', ['a'], 'k'), 'a:\n   b: 1\n   k: x\n   # c\n\n\nd: 2\n');
    assert.equal(add('a:\n  b: 1\n    # inner\nd: 2\n', ['a'], 'k'), 'a:\n  b: 1\n    # inner\n  k: x\nd: 2\n');
    assert.equal(add('a: |\n  b\n\n# c\n', [], 'k'), 'a: |\n  b\nk: x\n\n# c\n');
    assert.equal(
      add('l:\n  - a: 1\n    b:\n      c: 1\n  - 2\n', ['l', 0], 'k'),
      'l:\n  - a: 1\n    b:\n      c: 1\n    k: x\n  - 2\n',
    );
    assert.equal(add('a: 1\r\nb: 2\r\n', [], 'k'), 'a: 1\r\nb: 2\r\nk: x\r\n');
    assert.equal(add('a: 1\nsops:\n  version: 3.13.3\n', [], 'k'), 'a: 1\nk: x\nsops:\n  version: 3.13.3\n');
    assert.equal(add('sops:\n  version: 3.13.3\n', [], 'k'), 'k: x\nsops:\n  version: 3.13.3\n');
    assert.equal(add('a: 1\n---\nb: 2\n', [], 'k'), 'a: 1\nk: x\n---\nb: 2\n');
  });

  it('does not change a block scalar that the end of the text cuts short', () => {
    assert.equal(add('a: |\n  b', [], 'k'), 'a: |-\n  b\nk: x');
  });

  it('goes into empty maps, nulls and documents', () => {
    assert.equal(add('a: {}\nb: 1\n', ['a'], 'k'), 'a:\n  k: x\nb: 1\n');
    // The comment belongs to the map: behind a key alone it would be another's, and sealed under another path.
    assert.equal(add('a: {} # c\n', ['a'], 'k'), 'a: {k: x} # c\n');
    assert.equal(add('a:\nb: 1\n', ['a'], 'k'), 'a:\n  k: x\nb: 1\n');
    assert.equal(add('a: # c\nb: 1\n', ['a'], 'k'), 'a: # c\n  k: x\nb: 1\n');
    assert.equal(
      add('a: ~\n', ['a'], 'k', nested),
      'a:\n  k:\n    l:\n      - x\n      - p: x\n        q: x\n      - []\n    e: {}\n',
    );
    assert.equal(add('l:\n- {}\n-\n', ['l', 0], 'k'), 'l:\n- k: x\n-\n');
    assert.equal(add('l:\n- {}\n-\n', ['l', 1], 'k'), 'l:\n- {}\n- k: x\n');
    assert.equal(add('{}\n', [], 'k'), 'k: x\n');
    assert.equal(add('---\n', [], 'k'), '---\nk: x\n');
    assert.equal(add('---', [], 'k'), '---\nk: x\n');
    assert.equal(add('--- # c\n# d\n', [], 'k'), '--- # c\nk: x\n# d\n');
    assert.equal(add('null', [], 'k'), 'k: x');
  });

  it('goes into flow maps on their line', () => {
    assert.equal(add('a: {b: 1}\n', ['a'], 'k'), 'a: {b: 1, k: x}\n');
    assert.equal(add('a: {b: 1,}\n', ['a'], 'k', nested), 'a: {b: 1, k: {l: [x, {p: x, q: x}, []], e: {}},}\n');
    assert.equal(add('a: [{}]\n', ['a', 0], 'k'), 'a: [{k: x}]\n');
    assert.equal(add('{a: 1}\n', [], 'k', leafValue(str('y: 1\n'))), '{a: 1, k: "y: 1\\n"}\n');
    assert.equal(add('a: {b: }\n', ['a'], 'k'), 'a: {b: , k: x }\n');
  });

  it('learns the indentation', () => {
    assert.equal(
      add('a:\n    b: 1\n', [], 'k', nested),
      'a:\n    b: 1\nk:\n    l:\n        - x\n        - p: x\n          q: x\n        - []\n    e: {}\n',
    );
    assert.equal(add('l:\n- 1\n', [], 'k', nested), 'l:\n- 1\nk:\n  l:\n  - x\n  - p: x\n    q: x\n  - []\n  e: {}\n');
  });

  it('quotes names, and refuses those that cannot be', () => {
    assert.equal(add('a: 1\n', [], 'no'), 'a: 1\n"no": x\n');
    assert.equal(add('a: 1\n', [], '1'), 'a: 1\n"1": x\n');
    assert.equal(add('a: 1\n', [], 'b: c'), "a: 1\n'b: c': x\n");
    assert.equal(add('a: 1\n', [], '<<'), 'a: 1\n"<<": x\n');
    assert.equal(add('a: 1\n', [], ''), 'a: 1\n"": x\n');
    assert.throws(() => add('a: 1\n', [], 'a'), { code: 'ENTRY_EXISTS' });
    assert.throws(() => add('a: 1\n', [], 'sops'), { code: 'BAD_NAME' });
    assert.throws(() => add('a: 1\n', [], 'x'.repeat(2000)), { code: 'BAD_NAME' });
    assert.equal(add('a:\n  b: 1\n', ['a'], 'sops'), 'a:\n  b: 1\n  sops: x\n');
  });
});

describe('removing and renaming in YAML', () => {
  it('removes entries with their lines', () => {
    const text = '# head\na: 1 # c\n# b\nb:\n  c: 1\n  # inner\nd: |\n  x\n\ne: 2\n';
    assert.equal(remove(text, ['a']), text.replace('a: 1 # c\n', ''));
    assert.equal(remove(text, ['b']), text.replace('b:\n  c: 1\n  # inner\n', ''));
    assert.equal(remove(text, ['d']), text.replace('d: |\n  x\n', ''));
    assert.equal(remove(text, ['e']), text.replace('e: 2\n', ''));
    assert.equal(remove('a: 1\r\nb: 2', ['b']), 'a: 1\r\n');
  });

  it('leaves {} and []', () => {
    assert.equal(remove('a:\n  b: 1\nc: 2\n', ['a', 'b']), 'a: {}\nc: 2\n');
    assert.equal(remove('a: # c\n  # d\n  b: 1\n', ['a', 'b']), 'a: {} # c\n  # d\n');
    assert.equal(remove('a: &x\n  b: 1\n', ['a', 'b']), 'a: &x {}\n');
    assert.equal(remove('l:\n- b: 1\n- 2\n', ['l', 0, 'b']), 'l:\n- {}\n- 2\n');
    assert.equal(remove('l:\n- 1\nm: 2\n', ['l', 0]), 'l: []\nm: 2\n');
    assert.equal(remove('l:\n  - - 1\n  - 2\n', ['l', 0, 0]), 'l:\n  - []\n  - 2\n');
    assert.equal(remove('a: 1 # c\n', ['a']), '{} # c\n');
    assert.equal(remove('a: {b: 1}\n', ['a', 'b']), 'a: {}\n');
    assert.equal(remove('a: [1]\n', ['a', 0]), 'a: []\n');
    assert.equal(remove('a: 1\nsops:\n  version: 3.13.3\n', ['a']), 'sops:\n  version: 3.13.3\n');
  });

  it('moves the rest up to a dash', () => {
    assert.equal(remove('l:\n  - a: 1\n    b: 2\n', ['l', 0, 'a']), 'l:\n  - b: 2\n');
    assert.equal(remove('l:\n  - a:\n      x: 1\n    # c\n    b: 2\n', ['l', 0, 'a']), 'l:\n  - # c\n    b: 2\n');
    assert.equal(remove('l:\n  - - 1\n    - 2\n', ['l', 0, 0]), 'l:\n  - - 2\n');
  });

  it('removes items and flow entries with a comma', () => {
    assert.equal(remove('l:\n  - 1 # c\n  # d\n  - 2\n', ['l', 0]), 'l:\n  # d\n  - 2\n');
    assert.equal(remove('a: [1, 2, 3]\n', ['a', 0]), 'a: [2, 3]\n');
    assert.equal(remove('a: [1, 2, 3]\n', ['a', 1]), 'a: [1, 3]\n');
    assert.equal(remove('a: {b: 1, c: 2}\n', ['a', 'c']), 'a: {b: 1}\n');
    assert.equal(remove('a: [1, # c\n  2]\n', ['a', 1]), 'a: [1 # c\n  ]\n');
  });

  it('renames, quotes kept', () => {
    assert.equal(rename('a: 1\n"b": 2\n', ['a'], 'c'), 'c: 1\n"b": 2\n');
    assert.equal(rename('a: 1\n"b": 2\n', ['b'], 'c'), 'a: 1\n"c": 2\n');
    assert.equal(rename("'a': 1\n", ['a'], "it's"), "'it''s': 1\n");
    assert.equal(rename('a: 1\n', ['a'], 'true'), '"true": 1\n');
    assert.equal(rename('a: 1\n', ['a'], 'a'), 'a: 1\n');
    assert.throws(() => rename('a: 1\nb: 2\n', ['a'], 'b'), { code: 'ENTRY_EXISTS' });
    assert.throws(() => rename('a: 1\n', ['a'], 'sops'), { code: 'BAD_NAME' });
  });
});

describe('YAML metadata', () => {
  const block = `sops:
    age:
        - enc: |
            -----BEGIN AGE ENCRYPTED FILE-----
            YWdl
            -----END AGE ENCRYPTED FILE-----
          recipient: age1test
    lastmodified: "2026-01-02T03:04:05Z"
    mac: ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]
    version: 3.13.3
`;

  it('looks as sops writes it', () => {
    assert.equal(applyEdits('a: 1\n', yaml.addMetadata(yaml.parse('a: 1\n'), sampleMetadata)), `a: 1\n${block}`);
  });

  it('stands last in every document, and goes without a trace', () => {
    const texts = [
      'a: 1\n',
      'a: 1\n# c\n\n',
      'a: 1\n---\nb: 2\n...\n---\nc: 3\n',
      '{a: 1}\n',
      '{}\n',
      '---\n',
      '\uFEFFa: 1\r\nb:\r\n- 1\r\n',
      ' a: 1\n b: 2\n',
      '{a: 1, }\n',
      'a: |\n  b',
      'a: |+\n  b\n\n',
      '# c\n{}\n',
    ];
    for (const text of texts) {
      const sealed = applyEdits(text, yaml.addMetadata(yaml.parse(text), sampleMetadata));
      const doc = yaml.parse(sealed);
      for (const found of doc.metadata)
        assert.deepEqual(found && plain(found.root), plainValue(sampleMetadata), sealed);
      assert.deepEqual(plainDocuments(doc), plainDocuments(yaml.parse(text)), sealed);
      assert.equal(applyEdits(sealed, yaml.removeMetadata(doc)), text, sealed);
      assert.equal(/[^\r]\n/.test(sealed), /[^\r]\n/.test(text) || !text.includes('\r'));
    }
    const open = applyEdits('a: 1', yaml.addMetadata(yaml.parse('a: 1'), sampleMetadata));
    assert.equal(open, `a: 1\n${block}`);
    assert.equal(applyEdits(open, yaml.removeMetadata(yaml.parse(open))), 'a: 1\n');
    assert.throws(() => yaml.addMetadata(yaml.parse(open), sampleMetadata), { code: 'ALREADY_ENCRYPTED' });
  });
});
