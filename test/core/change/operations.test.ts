import assert from 'node:assert/strict';
import { applyEdits, type FormatId } from '../../../src/core/format/document.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import type { Change } from '../../../src/core/seal/sign.ts';
import { scalar, text, type Value } from '../../../src/core/tree/value.ts';
import { addNodes, duplicateEntry, moveNode, plainTextOf, removeNodes, renameNode, setPath } from '../changes.ts';
import { alice, clock, later, reopen } from '../support.ts';

const id = (...path: (string | number)[]) => JSON.stringify([0, ...path]);
const str = (value: string) => scalar(text(value));
const map = (members: Record<string, Value>): Value => ({
  kind: 'map',
  members: Object.entries(members).map(([key, value]) => ({ key, value })),
});
const tokens = (from: string) => from.match(/ENC\[[^\]]*\]/g) ?? [];

async function sealed(format: FormatId, source: string): Promise<Opened> {
  return reopen((await seal(source, format, { recipients: [alice.recipient] }, clock)).text, format);
}

/** The plain text after a change, which opens; `fresh` is how many ciphertexts are new, the MAC among them. */
async function changed(source: string, format: FormatId, change: (opened: Opened) => Promise<Change>, fresh?: number) {
  const opened = await sealed(format, source);
  const result = await change(opened);
  assert.equal(applyEdits(opened.sealed.doc.text, result.edits), result.text);
  const again = await reopen(result.text, format);
  assert.deepEqual(again.verdict, { ok: true });
  const old = new Set(tokens(opened.sealed.doc.text));
  if (fresh !== undefined) assert.equal(tokens(result.text).filter((token) => !old.has(token)).length, fresh);
  return plainTextOf(again);
}

const yaml = `# the database
database:
  # where
  host: h # end
  port: 1

# keys
keys:
  - one
  # second
  - two
  - name: nn
    value: v
other: |
  a
  b
last: {x: 1, y: 2}
`;

describe('changing the structure: YAML', () => {
  it('renames a group: all below is sealed at its new key path', async () => {
    const text = await changed(yaml, 'yaml', (opened) => renameNode(opened, id('database'), 'db', later), 5);
    assert.equal(text, yaml.replace('database:', 'db:'));
  });

  it('removes an entry, a group and an item with their own comments', async () => {
    const without = async (...path: (string | number)[]) =>
      changed(yaml, 'yaml', (opened) => removeNodes(opened, [id(...path)], later), 1);
    assert.equal(await without('database', 'host'), yaml.replace('  # where\n  host: h # end\n', ''));
    assert.equal(
      await without('database'),
      yaml.replace('# the database\ndatabase:\n  # where\n  host: h # end\n  port: 1\n', ''),
    );
    assert.equal(await without('keys', 1), yaml.replace('  # second\n  - two\n', ''));
    assert.equal(await without('last', 'x'), yaml.replace('{x: 1, y: 2}', '{y: 2}'));
  });

  it('removes several at once, and one that is within another', async () => {
    const ids = [id('keys', 0), id('keys', 2, 'name'), id('keys', 2), id('other'), id('database', 'port')];
    const text = await changed(yaml, 'yaml', (opened) => removeNodes(opened, ids, later), 1);
    assert.equal(
      text,
      yaml
        .replace('  - one\n', '')
        .replace('  - name: nn\n    value: v\n', '')
        .replace('other: |\n  a\n  b\n', '')
        .replace('  port: 1\n', ''),
    );
  });

  it('duplicates an entry right below it, and a group', async () => {
    const host = await changed(
      yaml,
      'yaml',
      (opened) => duplicateEntry(opened, id('database', 'host'), 'host2', later),
      2,
    );
    assert.equal(host, yaml.replace('# end\n', '# end\n  host2: h\n'));
    const group = await changed(yaml, 'yaml', (opened) => duplicateEntry(opened, id('database'), 'db', later));
    assert.ok(group.includes('  port: 1\ndb:\n  host: h\n  port: 1\n'));
    await assert.rejects(
      changed(yaml, 'yaml', (opened) => duplicateEntry(opened, id('database'), 'keys', later)),
      { code: 'ENTRY_EXISTS' },
    );
  });

  it('moves an entry before another and to the end, its comments with it', async () => {
    const before = await changed(
      yaml,
      'yaml',
      (opened) =>
        moveNode(opened, id('database', 'port'), { group: id('database'), before: id('database', 'host') }, later),
      1,
    );
    assert.equal(
      before,
      yaml.replace('  # where\n  host: h # end\n  port: 1\n', '  port: 1\n  # where\n  host: h # end\n'),
    );
    const end = await changed(
      yaml,
      'yaml',
      (opened) => moveNode(opened, id('database', 'host'), { group: id('database') }, later),
      1,
    );
    assert.equal(end, before);
  });

  it('moves an entry out of its map and a block into one, indented anew', async () => {
    const out = await changed(yaml, 'yaml', (opened) =>
      moveNode(opened, id('database', 'host'), { group: id(), before: id('other') }, later),
    );
    assert.equal(
      out,
      yaml.replace('  # where\n  host: h # end\n', '').replace('other:', '# where\nhost: h # end\nother:'),
    );
    const into = await changed(yaml, 'yaml', (opened) =>
      moveNode(opened, id('other'), { group: id('database'), before: id('database', 'port') }, later),
    );
    assert.equal(
      into,
      yaml.replace('other: |\n  a\n  b\n', '').replace('  port: 1', '  other: |\n    a\n    b\n  port: 1'),
    );
    const group = await changed(yaml, 'yaml', (opened) =>
      moveNode(opened, id('keys'), { group: id('database') }, later),
    );
    assert.ok(
      group.includes(
        '  port: 1\n  # keys\n  keys:\n    - one\n    # second\n    - two\n    - name: nn\n      value: v\n',
      ),
    );
  });

  it('moves items', async () => {
    const text = await changed(
      yaml,
      'yaml',
      (opened) => moveNode(opened, id('keys', 2), { group: id('keys'), before: id('keys', 1) }, later),
      1,
    );
    assert.equal(
      text,
      yaml.replace(
        '  # second\n  - two\n  - name: nn\n    value: v\n',
        '  - name: nn\n    value: v\n  # second\n  - two\n',
      ),
    );
    const entry = await changed(yaml, 'yaml', (opened) =>
      moveNode(opened, id('other'), { group: id('keys', 2), before: id('keys', 2, 'name') }, later),
    );
    assert.ok(entry.includes('  - other: |\n      a\n      b\n    name: nn\n'));
  });

  it('moves into flow maps and empty ones', async () => {
    const flow = await changed(yaml, 'yaml', (opened) =>
      moveNode(opened, id('keys', 2, 'value'), { group: id('last') }, later),
    );
    assert.ok(flow.includes('{x: 1, y: 2, value: "v"}'));
    const first = await changed(yaml, 'yaml', (opened) =>
      moveNode(opened, id('keys', 2, 'value'), { group: id('last'), before: id('last', 'x') }, later),
    );
    assert.ok(first.includes('{value: "v", x: 1, y: 2}'));
    const empty = await changed('a: {}\nb: x\nc: z\n', 'yaml', (opened) =>
      moveNode(opened, id('b'), { group: id('a') }, later),
    );
    assert.equal(empty, 'a:\n  b: x\nc: z\n');
  });

  it('refuses to move a group into itself, an entry into a list, and onto a key that is there', async () => {
    const move = (from: string, group: string) =>
      changed(yaml, 'yaml', (opened) => moveNode(opened, from, { group }, later));
    await assert.rejects(move(id('database'), id('database')), { code: 'NO_SUCH_ENTRY' });
    await assert.rejects(move(id('keys'), id('keys', 2)), { code: 'NO_SUCH_ENTRY' });
    await assert.rejects(move(id('other'), id('keys')), { code: 'BAD_VALUE' });
    await assert.rejects(
      changed('a:\n  x: 1\nx: 2\n', 'yaml', (opened) => moveNode(opened, id('x'), { group: id('a') }, later)),
      { code: 'ENTRY_EXISTS' },
    );
    await assert.rejects(move(id('nothing'), id()), { code: 'NO_SUCH_ENTRY' });
  });

  it('adds entries, groups, lists and items where they are wanted', async () => {
    const add = (group: string, before: string | undefined, key: string | undefined, value: Value) =>
      changed(yaml, 'yaml', (opened) => addNodes(opened, { group, before }, [{ key, value }], later));
    assert.equal(
      await add(id('database'), id('database', 'host'), 'user', str('u')),
      yaml.replace('  # where', '  user: u\n  # where'),
    );
    assert.equal(await add(id(), undefined, 'new', map({})), `${yaml}new: {}\n`);
    assert.equal(
      await add(id(), id('other'), 'new', map({ a: str('x\ny') })),
      yaml.replace('other:', 'new:\n  a: |-\n    x\n    y\nother:'),
    );
    assert.equal(
      await add(id('keys'), id('keys', 1), undefined, str('1.5')),
      yaml.replace('  # second', '  - 1.5\n  # second').replace('- 1.5', '- "1.5"'),
    );
    assert.equal(
      await add(id('keys'), undefined, undefined, map({ a: str('b') })),
      yaml.replace('    value: v\n', '    value: v\n  - a: b\n'),
    );
    assert.equal(
      await changed('l: []\n', 'yaml', (opened) =>
        addNodes(
          opened,
          { group: id('l') },
          [
            { key: undefined, value: str('x') },
            { key: undefined, value: str('y') },
          ],
          later,
        ),
      ),
      'l: ["x", "y"]\n',
    );
  });

  it('puts trees in the place of values', async () => {
    const set = (path: (string | number)[], json: string) =>
      changed(yaml, 'yaml', (opened) => setPath(opened, path, json, later));
    assert.equal(await set(['database'], '"x"'), yaml.replace(/database:\n(?: .*\n)+/, 'database: x\n'));
    assert.equal(await set(['database', 'host'], '{"a": "x"}'), yaml.replace('host: h # end', 'host: # end\n    a: x'));
    assert.equal(
      await set(['other'], '["x"]'),
      yaml.replace('|\n  a\n  b\n', '\n  - x\n').replace('other: \n', 'other:\n'),
    );
    assert.equal(await set(['keys', 2], '"x"'), yaml.replace('name: nn\n    value: v', 'x'));
    assert.equal(await set(['last', 'x'], '{}'), yaml.replace('x: 1', 'x: {}'));
  });

  it('leaves anchors and aliases alone', async () => {
    const opened = await sealed('yaml', 'a_unencrypted: {x: 1}\nb_unencrypted: {x: 1}\n');
    const named = await reopen(opened.sealed.doc.text.replace(': {x', ': &n {x').replace(': {x: 1}', ': *n'), 'yaml');
    assert.deepEqual(named.verdict, { ok: true });
    for (const path of [['a_unencrypted'], ['b_unencrypted'], ['b_unencrypted', 'x']])
      await assert.rejects(renameNode(named, id(...path), 'z_unencrypted', later), { code: 'UNSUPPORTED_VALUE' });
  });

  it('refuses what would take the encryption off', async () => {
    await assert.rejects(
      changed(yaml, 'yaml', (opened) => renameNode(opened, id('database'), 'd_unencrypted', later)),
      {
        code: 'NOT_SELECTED',
      },
    );
    const source = 'a: x\nb_unencrypted:\n  c: z\n';
    await assert.rejects(
      changed(source, 'yaml', (opened) => moveNode(opened, id('a'), { group: id('b_unencrypted') }, later)),
      {
        code: 'NOT_SELECTED',
      },
    );
    const add = (allowPlain: boolean) =>
      changed(source, 'yaml', (opened) =>
        addNodes(opened, { group: id('b_unencrypted') }, [{ key: 'd', value: str('z') }], later, { allowPlain }),
      );
    await assert.rejects(add(false), { code: 'NOT_SELECTED' });
    assert.equal(await add(true), `${source}  d: z\n`);
  });
});

describe('changing the structure: dotenv', () => {
  const source = '# all\n\n# one\nA=1\nB=2\n# three\nC=3\n';

  it('renames, removes, duplicates and moves with own comments', async () => {
    const done = (change: (opened: Opened) => Promise<Change>) => changed(source, 'dotenv', change);
    assert.equal(await done((opened) => renameNode(opened, id('B'), 'X', later)), source.replace('B=', 'X='));
    assert.equal(await done((opened) => removeNodes(opened, [id('A')], later)), source.replace('# one\nA=1\n', ''));
    assert.equal(
      await done((opened) => duplicateEntry(opened, id('A'), 'D', later)),
      source.replace('A=1\n', 'A=1\nD=1\n'),
    );
    assert.equal(
      await done((opened) => moveNode(opened, id('C'), { group: id(), before: id('A') }, later)),
      '# all\n\n# three\nC=3\n# one\nA=1\nB=2\n',
    );
    assert.equal(
      await done((opened) => moveNode(opened, id('A'), { group: id() }, later)),
      '# all\n\nB=2\n# three\nC=3\n# one\nA=1\n',
    );
  });

  it('adds many at once, and takes no groups', async () => {
    const members = Array.from({ length: 50 }, (_, i) => ({ key: `N${i}`, value: str(String(i)) }));
    const text = await changed(source, 'dotenv', (opened) =>
      addNodes(opened, { group: id(), before: id('B') }, members, later),
    );
    assert.ok(text.includes('A=1\nN0=0\nN1=1\n') && text.includes('N49=49\nB=2\n'));
    const add = (value: Value) =>
      changed(source, 'dotenv', (opened) => addNodes(opened, { group: id() }, [{ key: 'G', value }], later));
    await assert.rejects(add(map({})), { code: 'BAD_VALUE' });
    await assert.rejects(
      changed(source, 'dotenv', (opened) => addNodes(opened, { group: id() }, [...members, ...members], later)),
      {
        code: 'ENTRY_EXISTS',
      },
    );
  });
});

describe('changing the structure: INI', () => {
  const source = `; all
[s]
; one
A = 1
B = 2

[t]
C = 3
`;
  const done = (change: (opened: Opened) => Promise<Change>) => changed(source, 'ini', change);

  it('renames, removes, duplicates, moves and adds', async () => {
    assert.equal(await done((opened) => renameNode(opened, id('s', 'B'), 'X', later)), source.replace('B =', 'X ='));
    assert.equal(await done((opened) => renameNode(opened, id('s'), 'u', later)), source.replace('[s]', '[u]'));
    assert.equal(
      await done((opened) => removeNodes(opened, [id('s', 'A')], later)),
      source.replace('; one\nA = 1\n', ''),
    );
    assert.equal(
      await done((opened) => duplicateEntry(opened, id('s', 'A'), 'D', later)),
      source.replace('A = 1\n', 'A = 1\nD = 1\n'),
    );
    assert.equal(
      await done((opened) => moveNode(opened, id('s', 'B'), { group: id('s'), before: id('s', 'A') }, later)),
      source.replace('; one\nA = 1\nB = 2\n', 'B = 2\n; one\nA = 1\n'),
    );
    assert.equal(
      await done((opened) => moveNode(opened, id('s', 'B'), { group: id('t') }, later)),
      source.replace('B = 2\n', '').replace('C = 3\n', 'C = 3\nB = 2\n'),
    );
    const added = await done((opened) =>
      addNodes(opened, { group: id() }, [{ key: 'v', value: map({ D: str('4') }) }], later),
    );
    assert.match(added, /C = 3\n+\[v\]\nD = 4\n$/);
  });
});

describe('changing the structure: JSON', () => {
  const source = `{
  "a": {
    "b": "x",
    "c": [1, 2]
  },
  "d": "y",
  "e": {}
}
`;
  const done = (change: (opened: Opened) => Promise<Change>) => changed(source, 'json', change);

  it('renames, removes, duplicates and moves', async () => {
    assert.equal(await done((opened) => renameNode(opened, id('a'), 'z', later)), source.replace('"a"', '"z"'));
    assert.equal(await done((opened) => removeNodes(opened, [id('a')], later)), '{\n  "d": "y",\n  "e": {}\n}\n');
    assert.equal(
      await done((opened) => duplicateEntry(opened, id('d'), 'f', later)),
      source.replace('"y",', '"y",\n  "f": "y",'),
    );
    assert.equal(
      await done((opened) => moveNode(opened, id('d'), { group: id('a'), before: id('a', 'b') }, later)),
      source.replace('\n  "d": "y",', '').replace('"b"', '"d": "y",\n    "b"'),
    );
    assert.deepEqual(JSON.parse(await done((opened) => moveNode(opened, id('a'), { group: id('e') }, later))), {
      d: 'y',
      e: { a: { b: 'x', c: [1, 2] } },
    });
    assert.equal(
      await done((opened) =>
        moveNode(opened, id('a', 'c', 1), { group: id('a', 'c'), before: id('a', 'c', 0) }, later),
      ),
      source.replace('[1, 2]', '[2, 1]'),
    );
  });

  it('adds several entries to an empty map, and trees', async () => {
    const members = [
      { key: 'p', value: str('1') },
      { key: 'q', value: map({ r: str('2') }) },
    ];
    const text = await done((opened) => addNodes(opened, { group: id('e') }, members, later));
    assert.deepEqual(JSON.parse(text).e, { p: '1', q: { r: '2' } });
    const tree = await done((opened) => setPath(opened, ['d'], '[{"k": "v"}]', later));
    assert.ok(tree.includes('  "d": [\n    {\n      "k": "v"\n    }\n  ],\n'));
  });
});
