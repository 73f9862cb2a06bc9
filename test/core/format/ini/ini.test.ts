import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits, type Entry, type MapNode, type SourceDocument } from '../../../../src/core/format/document.ts';
import { bytesOfText, textOfBytes } from '../../../../src/core/format/encoding.ts';
import { ini } from '../../../../src/core/format/ini/ini.ts';
import { treeOf } from '../../../../src/core/open/plaintree.ts';
import type { PlainNode } from '../../../../src/core/tree/plain.ts';
import { type Scalar, scalar, text, type Value } from '../../../../src/core/tree/value.ts';

/** Sections as pairs, comments as `#text` in the order in which SOPS has them. */
function shape(source: string): unknown {
  const of = (node: PlainNode): unknown => {
    if (node.kind === 'scalar') return (node.scalar as { value: unknown }).value;
    if (node.kind === 'list') return assert.fail();
    return node.members.map((one) => (one.kind === 'comment' ? `#${one.text}` : [one.key, of(one.value)]));
  };
  return treeOf(ini.parse(source)).map(of)[0];
}

function section(doc: SourceDocument, name: string): { entry: Entry; map: MapNode } {
  const entry = doc.documents[0]?.members.find((one): one is Entry => one.kind === 'entry' && one.key === name);
  assert.ok(entry?.value.kind === 'map');
  return { entry, map: entry.value };
}

function keyOf(map: MapNode, key: string): Entry {
  return map.members.find((one): one is Entry => one.kind === 'entry' && one.key === key) ?? assert.fail();
}

function set(source: string, at: [string, string], value: Scalar): string {
  const doc = ini.parse(source);
  const { value: node } = keyOf(section(doc, at[0]).map, at[1]);
  assert.ok(node.kind === 'scalar');
  return applyEdits(source, ini.writeScalar(doc, node, value));
}

describe('INI', () => {
  it('reads sections, keys and comments as SOPS does', () => {
    assert.deepEqual(shape('; top\ng = 1\n[a] ; head\n# one\n; two\nk: v # in\n`x=y` = "q"\n[a]\n'), [
      ['DEFAULT', [['g', '1'], '#top']],
      ['a', ['#head', ['k', 'v'], '#one\n; two\n# in', ['x=y', 'q']]],
      ['a', []],
    ]);
  });

  it('reads every kind of value', () => {
    const values: [string, string][] = [
      ['v', 'v'],
      ['', ''],
      ['"a b"', 'a b'],
      ["'a'", 'a'],
      ['"a"b"', '"a"b"'],
      ['`a # b`', 'a # b'],
      ['"""a\n b ; c"""', 'a\n b ; c'],
      ['a \\\n  b', 'a b'],
      ['a#b', 'a'],
      ['"a # b"', '"a'],
      ['%(x)s', '%(x)s'],
    ];
    for (const [written, value] of values) {
      const [, [, members]] = shape(`[s]\nk = ${written}\n`) as [unknown, [string, [string, unknown][]]];
      assert.equal(members[0]?.[1], value, written);
    }
  });

  it('refuses what would be lost or could not be read back', () => {
    const refused: [string, string][] = [
      ['[s\n', 'SYNTAX'],
      ['[]\n', 'SYNTAX'],
      ['no delimiter\n', 'SYNTAX'],
      ['= v\n', 'SYNTAX'],
      ['k = `open\n', 'SYNTAX'],
      ['k = `a` b\n', 'SYNTAX'],
      ['[s] b\n', 'SYNTAX'],
      ['[s]\na = 1\na = 2\n', 'DUPLICATE_KEY'],
      ['- = v\n', 'UNSUPPORTED_VALUE'],
      [textOfBytes(Uint8Array.of(0x61, 0xff, 0x3d)), 'NOT_UTF8'],
      ['[sops]\n', 'BAD_METADATA'],
      ['[sops]\na = 1\n[sops]\nb = 1\n', 'DUPLICATE_KEY'],
    ];
    for (const [source, code] of refused) assert.throws(() => ini.parse(source), { code }, source);
  });

  it('writes values in quotes that hold them, the old ones where they can', () => {
    assert.equal(set('[s]\nk = "a" # c\n', ['s', 'k'], text('b')), '[s]\nk = "b" # c\n');
    assert.equal(set('[s]\nk=`a`\n', ['s', 'k'], text('b`c')), '[s]\nk="""b`c"""\n');
    assert.equal(set('[s]\nk = # c\n', ['s', 'k'], text('b')), '[s]\nk = b # c\n');
    assert.equal(set('[s]\nk =\n', ['s', 'k'], text('b')), '[s]\nk = b\n');
    assert.equal(set('[s]\nk = a \\\nb\nl = c\n', ['s', 'k'], text('d')), '[s]\nk = d\nl = c\n');
    assert.throws(() => set('[s]\nk = a\n', ['s', 'k'], text('`"""\n`"""\n')), { code: 'BAD_VALUE' });
    assert.throws(() => set('[s]\nk = a\n', ['s', 'k'], text('\ud800')), { code: 'BAD_VALUE' });
    assert.throws(() => set('[s]\nk = a\n', ['s', 'k'], { type: 'int', value: 1n }), { code: 'BAD_VALUE' });
  });

  it('writes no value that reads as another one', () => {
    const unit = fc.constantFrom(...'ab \t\n\r\\"\'`#;=:[]é\u0085\u00a0'.split(''), '"""', '\u{1F511}');
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 12 }),
        fc.constantFrom('a', '"a"', '`a`', '"""a"""', ''),
        (value, old) => {
          const source = `; x\n[s]\nk = ${old} ; c\nl = 1\n`;
          let after: string;
          try {
            after = set(source, ['s', 'k'], text(value));
          } catch (error) {
            assert.equal((error as { code?: string }).code, 'BAD_VALUE');
            return;
          }
          const { map } = section(ini.parse(after), 's');
          const { value: node } = keyOf(map, 'k');
          assert.ok(node.kind === 'scalar');
          assert.deepEqual(node.scalar, text(value));
          assert.equal(keyOf(map, 'l').key, 'l');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps bytes that are no UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        assert.deepEqual(bytesOfText(textOfBytes(bytes)), new Uint8Array(bytes));
      }),
    );
    const source = textOfBytes(Uint8Array.of(0x6b, 0x3d, 0x61, 0xff, 0x0a));
    const { value } = keyOf(section(ini.parse(source), 'DEFAULT').map, 'k');
    assert.ok(value.kind === 'scalar');
    assert.deepEqual(value.scalar, { type: 'str', value: Uint8Array.of(0x61, 0xff) });
    assert.equal(set(source, ['DEFAULT', 'k'], value.scalar), source);
  });

  it('adds entries where the others are, as they are set out', () => {
    const add = (source: string, where: string, key: string): string => {
      const doc = ini.parse(source);
      return applyEdits(source, ini.addEntry(doc, section(doc, where).map, key, scalar(text('v'))));
    };
    assert.equal(add('[s]\nlong  = 1\n\n[t]\na=1\n', 's', 'k'), '[s]\nlong  = 1\nk     = v\n\n[t]\na=1\n');
    assert.equal(add('[s]\n[t]\na:1', 't', 'k'), '[s]\n[t]\na:1\nk:v\n');
    assert.equal(add('[s]\n[t]\n', 's', 'k'), '[s]\nk = v\n[t]\n');
    assert.equal(add('; c\r\n[s]\r\n', 'DEFAULT', 'k'), 'k = v\r\n; c\r\n[s]\r\n');
    assert.equal(add('[s]\n', 's', 'a=b'), '[s]\n`a=b` = v\n');
    for (const key of ['#k', ';k', '[k', '-', ' k', '', 'a\nb', 'a`"b'])
      assert.throws(() => add('[s]\n', 's', key), { code: 'BAD_NAME' }, key);
    assert.throws(() => add('[s]\nk = 1\n', 's', 'k'), { code: 'ENTRY_EXISTS' });
  });

  it('adds, renames and removes sections', () => {
    const source = 'g = 1\n\n; c\n[s]\na = 1 ; d\n\n[sops]\nmac = x\nversion = 3.13.3\n';
    const doc = ini.parse(source);
    const root = doc.documents[0] ?? assert.fail();
    const inner: Value = { kind: 'map', members: [{ key: 'k', value: scalar(text('v')) }] };
    assert.ok(applyEdits(source, ini.addEntry(doc, root, 't', inner)).includes('a = 1 ; d\n\n[t]\nk = v\n\n[sops]\n'));
    const { entry } = section(doc, 's');
    assert.ok(applyEdits(source, ini.renameEntry(doc, root, entry, 'x y')).includes('; c\n[x y]\n'));
    assert.equal(
      applyEdits(source, ini.removeEntry(doc, root, entry)),
      'g = 1\n\n\n[sops]\nmac = x\nversion = 3.13.3\n',
    );
    assert.throws(() => ini.renameEntry(doc, root, entry, 'sops'), { code: 'BAD_NAME' });
    assert.throws(() => ini.renameEntry(doc, root, section(doc, 'DEFAULT').entry, 'x'), { code: 'BAD_NAME' });
    assert.throws(() => ini.addEntry(doc, root, 'x', scalar(text('v'))), { code: 'BAD_VALUE' });
  });

  it('removes a key with its comment, wherever that stands', () => {
    const source = '[s]\n; a\n\n# b\nk = """1\n2""" ; c\nl = 3\n; end\n';
    const doc = ini.parse(source);
    const { map } = section(doc, 's');
    assert.equal(applyEdits(source, ini.removeEntry(doc, map, keyOf(map, 'k'))), '[s]\n\nl = 3\n; end\n');
    assert.equal(
      applyEdits(source, ini.removeEntry(doc, map, keyOf(map, 'l'))),
      '[s]\n; a\n\n# b\nk = """1\n2""" ; c\n; end\n',
    );
  });

  it('takes the metadata away as it was put there', () => {
    const metadata: Value = {
      kind: 'map',
      members: [
        {
          key: 'age',
          value: { kind: 'list', items: [{ kind: 'map', members: [{ key: 'enc', value: scalar(text('a\nb\n')) }] }] },
        },
        { key: 'mac_only_encrypted', value: scalar({ type: 'bool', value: true }) },
      ],
    };
    for (const source of ['', 'k = v\n', '[s]\r\nk = v\r\n', '[s]\nk = v\n\n', '; c\n', 'k = """', 'k = a \\\n']) {
      const sealed = applyEdits(source, ini.addMetadata(ini.parse(source), metadata));
      const doc = ini.parse(sealed);
      assert.ok(doc.metadata[0], source);
      assert.match(sealed, /age__list_0__map_enc = a\\nb\\n\r?\nmac_only_encrypted {3}= true\r?\n$/);
      const plain = applyEdits(sealed, ini.removeMetadata(doc));
      assert.equal(plain, source === 'k = """' ? 'k = \'"""\'\n' : source);
    }
    const pattern: Value = { kind: 'map', members: [{ key: 'encrypted_regex', value: scalar(text('a\\nb')) }] };
    assert.throws(() => ini.addMetadata(ini.parse(''), pattern), { code: 'BAD_VALUE' });
  });

  it('never lets a comment become an entry', () => {
    const source = '[s] # head\n; a\nk = v # c\n';
    const texts = ['x\ninjected = 1', '\n[t]\ny = 1', '; #', '', ' ', 'a \\', '`', '"""', ']', '\r\nz = 1', '#\n# b'];
    for (const comment of texts) {
      const doc = ini.parse(source);
      const { map } = section(doc, 's');
      const edits = map.members.flatMap((one) => (one.kind === 'comment' ? ini.writeComment(doc, one, comment) : []));
      const after = section(ini.parse(applyEdits(source, edits)), 's');
      assert.deepEqual(
        after.map.members.flatMap((one) => (one.kind === 'entry' ? [one.key] : [])),
        ['k'],
        comment,
      );
      assert.equal(ini.parse(applyEdits(source, edits)).documents[0]?.members.length, 2);
    }
  });
});
