import assert from 'node:assert/strict';
import { applyEdits } from '../../../src/core/format/document.ts';
import { rotate } from '../../../src/core/keys/rotate.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { unseal } from '../../../src/core/open/unseal.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import type { Change } from '../../../src/core/seal/sign.ts';
import { maps } from '../../../src/core/sops/find.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import type { Selector } from '../../../src/core/sops/selection.ts';
import { showPath } from '../../../src/core/tree/path.ts';
import { type Scalar, text } from '../../../src/core/tree/value.ts';
import { addEntry, removeEntry, renameEntry, setValue } from '../changes.ts';
import { alice, bob, clock, later, reopen } from '../support.ts';

const plain = {
  yaml: `# service secrets
database:
    host: db.example.com # where it runs
    password: 'pa ss'
    ports:
        - 5432
        - 5433
tls_key: |
    -----BEGIN KEY-----
    abc
    -----END KEY-----
ratio: 0.5
on: true
since: 2024-01-01
nothing: null
empty: ""
note_unencrypted: open
`,
  json: `{
  "database": {
    "host": "db.example.com",
    "password": "pa ss",
    "ports": [5432, 5433]
  },
  "tls_key": "line 1\\nline 2\\n",
  "ratio": 0.5,
  "on": true,
  "nothing": null,
  "empty": "",
  "note_unencrypted": "open"
}
`,
  dotenv: `# service secrets
HOST=db.example.com
PASSWORD="pa ss"
EMPTY=
KEY=line 1\\nline 2
NOTE_unencrypted=open
`,
};
const formats = Object.keys(plain) as (keyof typeof plain)[];

async function sealed(format: keyof typeof plain, source = plain[format], selector?: Selector): Promise<Opened> {
  const result = await seal(source, format, { recipients: [alice.recipient], selector }, clock);
  return reopen(result.text, format);
}

const id = (opened: Opened, path: string) =>
  opened.sealed.leaves.find((leaf) => showPath(leaf.path) === path)?.id ?? assert.fail(path);
const values = (opened: Opened) =>
  opened.sealed.leaves.map((leaf) => [showPath(leaf.path), opened.value(leaf.id)] as const);

/** The change opens, its MAC holds, its edits are its text, and this many lines differ. */
async function checked(before: Opened, change: Change, lines: number): Promise<Opened> {
  assert.equal(applyEdits(before.sealed.doc.text, change.edits), change.text);
  const after = await reopen(change.text, before.sealed.format);
  assert.deepEqual(after.verdict, { ok: true });
  assert.equal(differing(before.sealed.doc.text, change.text), lines);
  return after;
}

function differing(a: string, b: string): number {
  const old = new Set(a.split('\n'));
  return b.split('\n').filter((line) => !old.has(line)).length;
}

for (const format of formats) {
  describe(`changing a file: ${format}`, () => {
    it('seals every value and nothing readable is left', async () => {
      const opened = await sealed(format);
      assert.deepEqual(opened.verdict, { ok: true });
      for (const word of ['db.example.com', 'pa ss', 'line 1', 'BEGIN KEY', 'service secrets']) {
        assert.ok(!opened.sealed.doc.text.includes(word), word);
      }
      assert.ok(opened.sealed.doc.text.includes('open'), 'the unencrypted suffix');
    });

    it('gives the plain file back, byte for byte, when it is decrypted in place', async () => {
      const opened = await sealed(format);
      const result = await unseal(opened);
      // What SOPS cannot keep is the spelling of a date and of a block scalar that is rewritten; everything else stays.
      assert.equal(result.text.replace('2024-01-01T00:00:00Z', '2024-01-01'), plain[format]);
    });

    it('keeps CRLF line ends', async () => {
      const opened = await sealed(format, plain[format].replaceAll('\n', '\r\n'));
      // sops takes the CR of a dotenv line for part of the value, so an encrypted dotenv file has LF.
      const bad = format === 'dotenv' ? /\r/ : /[^\r]\n/;
      assert.ok(!bad.test(opened.sealed.doc.text));
      assert.ok(!bad.test((await unseal(opened)).text));
    });

    it('sets one value: three lines change', async () => {
      const opened = await sealed(format);
      const path = format === 'dotenv' ? 'PASSWORD' : 'database.password';
      const after = await checked(opened, await setValue(opened, id(opened, path), text('n€w: #1'), later), 3);
      assert.deepEqual(after.value(id(after, path)), text('n€w: #1'));
      const others = (from: Opened) => values(from).filter(([name]) => name !== path);
      assert.deepEqual(others(after), others(opened));
    });

    it('changes nothing when the value is the same', async () => {
      const opened = await sealed(format);
      const leaf = opened.sealed.leaves[0] ?? assert.fail();
      const change = await setValue(opened, leaf.id, opened.value(leaf.id) ?? assert.fail(), later);
      assert.deepEqual(change.edits, []);
    });

    it('sets a value with line breaks, quotes and a value that looks like something else', async () => {
      const path = format === 'dotenv' ? 'HOST' : 'database.host';
      for (const value of ['a\nb\n', '  ', 'it\'s "x"', 'true', '017', '€\u2028\t', 'a\n', '#', '\\']) {
        const opened = await sealed(format);
        const after = await checked(opened, await setValue(opened, id(opened, path), text(value), later), 3);
        assert.deepEqual(after.value(id(after, path)), text(value));
        const again = await unseal(after);
        assert.ok(!again.text.includes('ENC['));
      }
    });

    it('adds an entry', async () => {
      const opened = await sealed(format);
      const parent = format === 'dotenv' ? [] : ['database'];
      const after = await checked(
        opened,
        await addEntry(opened, 0, parent, 'ADDED', text('v'), later),
        format === 'json' ? 4 : 3,
      );
      const name = format === 'dotenv' ? 'ADDED' : 'database.ADDED';
      assert.deepEqual(after.value(id(after, name)), text('v'));
    });

    it('refuses to add what would stay in clear text, what exists, and what cannot be a name', async () => {
      const opened = await sealed(format);
      await assert.rejects(addEntry(opened, 0, [], 'x_unencrypted', text('v'), later), { code: 'NOT_SELECTED' });
      const there = String(opened.sealed.leaves.at(-1)?.path[0]);
      await assert.rejects(addEntry(opened, 0, [], there, text('v'), later), { code: 'ENTRY_EXISTS' });
      await assert.rejects(addEntry(opened, 0, [], format === 'dotenv' ? 'a=b' : 'sops', text('v'), later), {
        code: 'BAD_NAME',
      });
      await assert.rejects(addEntry(opened, 0, ['missing'], 'x', text('v'), later), { code: 'NO_SUCH_ENTRY' });
    });

    it('renames an entry and seals it at its new key path', async () => {
      const opened = await sealed(format);
      const old = format === 'dotenv' ? 'PASSWORD' : 'database.password';
      const after = await checked(opened, await renameEntry(opened, id(opened, old), 'pass_phrase', later), 3);
      const name = format === 'dotenv' ? 'pass_phrase' : 'database.pass_phrase';
      assert.deepEqual(after.value(id(after, name)), opened.value(id(opened, old)));
      assert.equal(after.sealed.leaves.length, opened.sealed.leaves.length);
      await assert.rejects(renameEntry(opened, id(opened, old), 'x_unencrypted', later), { code: 'NOT_SELECTED' });
    });

    it('removes every entry, one after the other', async () => {
      let opened = await sealed(format);
      while (opened.sealed.leaves.length > 0) {
        const leaf = opened.sealed.leaves[Math.floor(opened.sealed.leaves.length / 2)] ?? assert.fail();
        const change = await removeEntry(opened, leaf.id, later);
        const after = await reopen(change.text, format);
        assert.deepEqual(after.verdict, { ok: true });
        assert.equal(after.sealed.leaves.length, opened.sealed.leaves.length - 1);
        opened = after;
      }
    });

    it('rotates the data key: every ciphertext new, every value the same', async () => {
      const opened = await sealed(format);
      const change = await rotate(opened, later);
      const after = await reopen(change.text, format);
      assert.deepEqual(after.verdict, { ok: true });
      assert.deepEqual(values(after), values(opened));
      assert.ok(!after.dataKey.equals(opened.dataKey));
      const tokens = (source: string) => source.match(/ENC\[[^\]]*\]/g) ?? [];
      const old = new Set(tokens(opened.sealed.doc.text));
      assert.ok(tokens(change.text).length > 3 && tokens(change.text).every((token) => !old.has(token)));
      assert.equal((await unseal(after)).text, (await unseal(opened)).text);
    });

    it('refuses to change a file whose MAC does not hold', async () => {
      const opened = await sealed(format);
      const tampered = opened.sealed.doc.text.replace(/open/, 'tampered');
      const broken = await reopen(tampered, format);
      assert.ok(!broken.verdict.ok && broken.verdict.code === 'MAC_MISMATCH');
      const leaf = broken.sealed.leaves[0] ?? assert.fail();
      await assert.rejects(setValue(broken, leaf.id, text('x'), later), { code: 'EDIT_LOCKED' });
      await assert.rejects(rotate(broken, later), { code: 'EDIT_LOCKED' });
      await assert.rejects(unseal(broken), { code: 'EDIT_LOCKED' });
    });

    it('names the entry that is damaged and still opens the others', async () => {
      const opened = await sealed(format);
      const [first, second] = opened.sealed.leaves.filter((leaf) => leaf.encrypted);
      const { doc } = opened.sealed;
      const swapped = applyEdits(doc.text, [
        { ...(first ?? assert.fail()).node.span, text: doc.text.slice(second?.node.span.start, second?.node.span.end) },
      ]);
      const broken = await reopen(swapped, format);
      assert.ok(!broken.verdict.ok && broken.verdict.code === 'VALUE_DAMAGED');
      assert.deepEqual(
        broken.verdict.failures.map((failure) => failure.leaf?.id),
        [first?.id],
      );
      assert.ok(broken.value(second?.id ?? ''));
    });

    it('is closed to someone who is no recipient, and to someone without a key', async () => {
      const opened = await sealed(format);
      await assert.rejects(reopen(opened.sealed.doc.text, format, bob.identity), { code: 'NOT_A_RECIPIENT' });
    });

    it('refuses to encrypt twice and to encrypt for nobody', async () => {
      const opened = await sealed(format);
      await assert.rejects(seal(opened.sealed.doc.text, format, { recipients: [alice.recipient] }, clock), {
        code: 'ALREADY_ENCRYPTED',
      });
      await assert.rejects(seal(plain[format], format, { recipients: [] }, clock), { code: 'NO_RECIPIENTS' });
      await assert.rejects(seal(plain[format], format, { recipients: ['age1nonsense'] }, clock), {
        code: 'BAD_RECIPIENT',
      });
    });

    it('opens for each of several recipients', async () => {
      const result = await seal(plain[format], format, { recipients: [alice.recipient, bob.recipient] }, clock);
      assert.equal((await reopen(result.text, format, bob.identity)).openedBy, bob.recipient);
      assert.equal((await reopen(result.text, format)).openedBy, alice.recipient);
    });

    it('forgets values and key when it is disposed', async () => {
      const opened = await sealed(format);
      const leaf = opened.sealed.leaves[0] ?? assert.fail();
      const { raw } = opened.dataKey;
      opened.dispose();
      assert.ok(
        raw.every((byte) => byte === 0),
        'the key is still in memory',
      );
      assert.equal(opened.value(leaf.id), undefined);
      await assert.rejects(opened.dataKey.seal(text('x') as Extract<Scalar, { type: 'str' }>, 'a:'), {
        code: 'BAD_DATA_KEY',
      });
      assert.throws(() => opened.dataKey.raw, { code: 'BAD_DATA_KEY' });
    });
  });
}

describe('changing a YAML file', () => {
  it('keeps types when a value is set', async () => {
    const opened = await sealed('yaml');
    const change = await setValue(opened, id(opened, 'database.ports[1]'), { type: 'int', value: 6432n }, later);
    const after = await checked(opened, change, 3);
    assert.deepEqual(after.value(id(after, 'database.ports[1]')), { type: 'int', value: 6432n });
    assert.match((await unseal(after)).text, /- 6432\n/);
  });

  it('offers the maps that can take an entry', async () => {
    const opened = await sealed('yaml');
    assert.deepEqual(
      maps(opened.sealed).map((map) => showPath(map.path)),
      ['', 'database'],
    );
  });

  it('changes mac and lastmodified in every document', async () => {
    const opened = await sealed('yaml', 'a: 1\n---\nb: two\n');
    const change = await setValue(opened, id(opened, 'b'), text('x'), later);
    assert.equal(change.text.match(/2026-11-22T01:02:03Z/g)?.length, 2);
    assert.deepEqual((await reopen(change.text, 'yaml')).verdict, { ok: true });
  });

  it('expands aliases, each copy sealed at its own place', async () => {
    const opened = await sealed(
      'yaml',
      'base: &b\n  user: x\n  pass: &p y\nother:\n  <<: *b\n  again: *p\nlist: [*p, *b]\n',
    );
    assert.deepEqual(opened.verdict, { ok: true });
    assert.ok(!/[*&]/.test(opened.sealed.doc.text.replace(/&b/, '')));
    assert.deepEqual(
      values(opened).map(([name, value]) => [name, value?.type === 'str' && value.value]),
      [
        ['base.user', 'x'],
        ['base.pass', 'y'],
        ['other["<<"].user', 'x'],
        ['other["<<"].pass', 'y'],
        ['other.again', 'y'],
        ['list[0]', 'y'],
        ['list[1].user', 'x'],
        ['list[1].pass', 'y'],
      ],
    );
  });

  it('lets no comment choose anew what is encrypted', async () => {
    for (const kind of ['encrypted_comment_regex', 'unencrypted_comment_regex'] as const) {
      const opened = await sealed('yaml', '# mark\nb: 1\na: two\n', makeSelector(kind, 'mark'));
      await assert.rejects(removeEntry(opened, id(opened, 'b'), later), { code: 'NOT_SELECTED' });
      const change = await removeEntry(opened, id(opened, 'a'), later);
      assert.deepEqual((await reopen(change.text, 'yaml')).verdict, { ok: true });
    }
  });

  it('takes no item of a list for a comment that does not open as one', async () => {
    const { sealed: file } = await sealed('yaml', 'l:\n  - x\nm_unencrypted:\n  - x\n');
    const bogus = '  - ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:comment]\n';
    for (const name of ['l', 'm_unencrypted']) {
      const after = await reopen(file.doc.text.replace(`${name}:\n`, `${name}:\n${bogus}`), 'yaml');
      assert.equal(after.verdict.ok, false, name);
    }
  });

  it('keeps values before lines of nothing but blanks', async () => {
    const opened = await sealed('yaml', 'a: >+\n    x\n     \nb_unencrypted: v\n      \n');
    const after = await seal((await unseal(opened)).text, 'yaml', { recipients: [alice.recipient] }, clock);
    assert.deepEqual(values(await reopen(after.text, 'yaml')), values(opened));
    const change = await setValue(opened, id(opened, 'b_unencrypted'), text('1\n2\n'), later);
    const set = await reopen(change.text, 'yaml');
    assert.deepEqual(set.verdict, { ok: true });
    assert.deepEqual(set.value(id(set, 'b_unencrypted')), text('1\n2\n'));
  });

  it('drops no anchor that an alias needs', async () => {
    const opened = await sealed('yaml', 'a_unencrypted: x\nb_unencrypted: y\n');
    const named = opened.sealed.doc.text.replace(': x', ': &n x').replace(': y', ': *n');
    const unsigned = await reopen(named, 'yaml');
    assert.equal(unsigned.verdict.ok, false);
    const again = await sealed('yaml', 'a_unencrypted: x\nb_unencrypted: x\n');
    const both = await reopen(again.sealed.doc.text.replace(': x', ': &n x').replace(': x', ': *n'), 'yaml');
    assert.deepEqual(both.verdict, { ok: true });
    await assert.rejects(setValue(both, id(both, 'a_unencrypted'), text('z'), later), { code: 'SYNTAX' });
  });

  it('rotates keys that stand in a group, and not while it is locked', async () => {
    const opened = await sealed('yaml', 'a: x # why\n');
    const grouped = opened.sealed.doc.text.replace(
      / {4}age:\n((?: {8}.*\n)+)/,
      (_, keys: string) =>
        `    age: []\n    key_groups:\n        - age:\n${keys.replace(/^/gm, '        ').trimEnd()}\n`,
    );
    const file = await reopen(grouped, 'yaml');
    const change = await rotate(file, later);
    assert.deepEqual((await reopen(change.text, 'yaml')).verdict, { ok: true });
    const running = rotate(file, later);
    file.dispose();
    await assert.rejects(running, { code: 'BAD_DATA_KEY' });
  });

  it('prefers the exact name of a metadata field', async () => {
    const { sealed: file } = await sealed('yaml', 'a: x\n');
    const after = await reopen(file.doc.text.replace('    mac:', '    MAC: other\n    mac:'), 'yaml');
    assert.deepEqual(after.verdict, { ok: true });
  });
});
