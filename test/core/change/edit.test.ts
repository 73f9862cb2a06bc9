import assert from 'node:assert/strict';
import { applyEdits } from '../../../src/core/format/document.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { unsealBytes } from '../../../src/core/open/unseal.ts';
import { seal, sealBytes } from '../../../src/core/seal/seal.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import type { Selector } from '../../../src/core/sops/selection.ts';
import { showPath } from '../../../src/core/tree/path.ts';
import { editBytes, editText, plainTextOf } from '../changes.ts';
import { alice, clock, later, reopen } from '../support.ts';

const plain = {
  yaml: `# service secrets
database:
    host: db.example.com # where it runs
    password: 'pa ss'
    ports:
        - 5432
        - 5432
        # the last
        - 5433
tls_key: |
    -----BEGIN KEY-----
    abc
    -----END KEY-----
ratio: 0.5
on: true
nothing: null
empty: ""
note_unencrypted: open-now
`,
  json: `{
  "database": {
    "host": "db.example.com",
    "password": "pa ss",
    "ports": [5432, 5432, 5433]
  },
  "tls_key": "line 1\\nline 2\\n",
  "ratio": 0.5,
  "empty": "",
  "note_unencrypted": "open-now"
}
`,
  dotenv: `# service secrets
HOST=db.example.com
PASSWORD=pa ss

KEY=line 1\\nline 2
NOTE_unencrypted=open-now
`,
  ini: `; service secrets
[database]
HOST     = db.example.com
PASSWORD = pa ss

[keys]
; which one
KEY              = line
NOTE_unencrypted = open-now
`,
};
const formats = Object.keys(plain) as (keyof typeof plain)[];

async function sealed(format: keyof typeof plain, source = plain[format], selector?: Selector): Promise<Opened> {
  const result = await seal(source, format, { recipients: [alice.recipient], selector }, clock);
  return reopen(result.text, format);
}

/** The edited text opens and says what was written; its ciphertexts. */
async function edited(opened: Opened, text: string, allowPlain = false) {
  const change = await editText(opened, text, later, { allowPlain });
  assert.equal(applyEdits(opened.sealed.doc.text, change.edits), change.text);
  const after = await reopen(change.text, opened.sealed.format);
  assert.deepEqual(after.verdict, { ok: true });
  assert.equal(await plainTextOf(after), text);
  return { change, after };
}

const tokens = (text: string) => text.match(/ENC\[[^\]]*\]/g) ?? [];
const fresh = (before: Opened, after: Opened) => {
  const old = new Set(tokens(before.sealed.doc.text));
  return tokens(after.sealed.doc.text).filter((token) => !old.has(token));
};
const lineOf = (text: string, part: string) => text.split('\n').find((line) => line.includes(part));

for (const format of formats) {
  describe(`editing the whole text: ${format}`, () => {
    it('gives no edits for a text that did not change', async () => {
      const opened = await sealed(format);
      const change = await editText(opened, await plainTextOf(opened), later);
      assert.deepEqual(change.edits, []);
      assert.equal(change.text, opened.sealed.doc.text);
    });

    it('seals one changed value anew, and the MAC, and nothing else', async () => {
      const opened = await sealed(format);
      const text = (await plainTextOf(opened)).replace('pa ss', 'new one');
      const { after, change } = await edited(opened, text);
      assert.equal(fresh(opened, after).length, 2);
      assert.ok(change.edits.length <= 3, 'the value, lastmodified and mac');
    });

    it('keeps every ciphertext when only the spelling changes', async () => {
      const opened = await sealed(format);
      const text = (await plainTextOf(opened)).replace('open-now\n', 'open-now\n\n').replace('"note', ' "note');
      const { after } = await edited(opened, text);
      assert.equal(fresh(opened, after).length, 1);
    });

    it('adds, removes and moves entries: what stays at its key path keeps its ciphertext', async () => {
      const opened = await sealed(format);
      const lines = (await plainTextOf(opened)).split('\n');
      const at = lines.findIndex((line) => /KEY|tls_key/.test(line));
      const added = { yaml: 'added: x', json: '  "added": "x",', dotenv: 'ADDED=x', ini: 'ADDED = x' }[format];
      const host = lines.findIndex((line) => /host/i.test(line));
      const moved = lines.filter((_, i) => i !== host).toSpliced(at - 1, 0, added);
      const { after } = await edited(opened, moved.join('\n'));
      assert.equal(fresh(opened, after).length, 2);
    });

    it('refuses what would take the encryption off an entry, unless that is wanted', async () => {
      const opened = await sealed(format);
      const text = (await plainTextOf(opened)).replace(/(password)/i, '$1_unencrypted');
      await assert.rejects(editText(opened, text, later), (error: { code?: string; place?: { path?: string[] } }) => {
        assert.equal(error.code, 'NOT_SELECTED');
        assert.match(String(error.place?.path?.at(-1)), /_unencrypted$/);
        assert.ok(!JSON.stringify(error).includes('pa ss'));
        return true;
      });
      const { after } = await edited(opened, text, true);
      assert.ok(after.sealed.doc.text.includes('pa ss'));
    });

    it('seals an entry that was in clear text when its name says so', async () => {
      const opened = await sealed(format);
      const text = (await plainTextOf(opened)).replace(/note_unencrypted/i, 'note');
      const { after } = await edited(opened, text);
      assert.ok(!after.sealed.doc.text.includes('open-now'));
    });

    it('refuses an empty text, a broken one and one with metadata', async () => {
      const opened = await sealed(format);
      const text = await plainTextOf(opened);
      const bad = { yaml: 'a: [', json: '{"a":', dotenv: 'A', ini: '[a' }[format];
      await assert.rejects(editText(opened, bad, later), { code: 'SYNTAX' });
      if (format === 'yaml' || format === 'json')
        await assert.rejects(editText(opened, '', later), { code: 'EMPTY_FILE' });
      for (const value of {
        yaml: ['sops: x', 'sops: {a: 1}'],
        json: ['"sops": 1,', '"sops": {"a": 1},'],
        dotenv: ['sops_x=1'],
        ini: ['[sops]\nx = 1'],
      }[format]) {
        const source = format === 'json' ? text.replace('{', `{${value}`) : `${value}\n${text}`;
        await assert.rejects(editText(opened, source, later), { code: 'ALREADY_ENCRYPTED' });
      }
      await assert.rejects(editText(opened, opened.sealed.doc.text, later), { code: 'ALREADY_ENCRYPTED' });
    });

    it('keeps the metadata as it stands, with fields that nobody knows', async () => {
      const opened = await sealed(format);
      const more = opened.sealed.doc.text
        .replace('    version: ', '    unknown: {deep: [1, two]}\n    version: ')
        .replace('"version": ', '"unknown": {"deep": [1,   "two"]}, "version": ')
        .replace('sops_version=', 'sops_unknown=one\nsops_version=')
        .replace(/^version( *)= /m, 'unknown$1= one\nversion$1= ');
      const file = await reopen(more, format);
      assert.ok(more.length > opened.sealed.doc.text.length);
      const { after } = await edited(file, (await plainTextOf(file)).replace('pa ss', 'other'));
      const rest = (text: string) => text.slice(text.indexOf('sops')).replace(/ENC\[[^\]]*\]|2026-[^"\n]*/g, '');
      assert.equal(rest(after.sealed.doc.text), rest(more));
    });

    it('keeps CRLF line ends', async () => {
      const opened = await reopen((await sealed(format)).sealed.doc.text.replaceAll('\n', '\r\n'), format);
      assert.deepEqual(opened.verdict, { ok: true });
      const { after } = await edited(opened, (await plainTextOf(opened)).replace('pa ss', 'other'));
      assert.ok(!/[^\r]\n/.test(after.sealed.doc.text));
    });

    it('is closed to a file whose MAC does not hold, and once it is locked', async () => {
      const opened = await sealed(format);
      const broken = await reopen(opened.sealed.doc.text.replace('open-now', 'tampered'), format);
      await assert.rejects(editText(broken, plain[format], later), { code: 'EDIT_LOCKED' });
      const running = editText(opened, plain[format].replace('pa ss', 'x'), later);
      opened.dispose();
      await assert.rejects(running, (error: { name?: string }) => error.name === 'LockstepError');
    });
  });
}

describe('editing the bytes of a file', () => {
  it('takes those of a binary file, and of text that is not UTF-8', async () => {
    const bytes = Uint8Array.of(1, 0xff, 0, 0x80);
    const binary = await sealBytes(bytes, 'binary', { recipients: [alice.recipient] }, clock);
    const opened = await reopen(binary.text, 'binary');
    assert.deepEqual((await editBytes(opened, bytes, later)).edits, []);
    const other = await reopen((await editBytes(opened, Uint8Array.of(0xfe), later)).text, 'binary');
    assert.deepEqual([...(await unsealBytes(other))], [0xfe]);
    const env = await sealBytes(
      Uint8Array.of(65, 61, 0xff, 10, 66, 61, 66, 10),
      'dotenv',
      { recipients: [alice.recipient] },
      clock,
    );
    const file = await reopen(env.text, 'dotenv');
    const change = await editBytes(file, Uint8Array.of(65, 61, 0xff, 10, 66, 61, 67, 10), later);
    assert.equal(fresh(file, await reopen(change.text, 'dotenv')).length, 2);
    assert.deepEqual([...(await unsealBytes(await reopen(change.text, 'dotenv')))], [65, 61, 0xff, 10, 66, 61, 67, 10]);
  });
});

describe('editing the whole text of a YAML file', () => {
  const id = (opened: Opened, path: string) => opened.sealed.leaves.find((leaf) => showPath(leaf.path) === path);

  it('keeps each of two equal items its own ciphertext', async () => {
    const opened = await sealed('yaml');
    const ciphers = (from: Opened) =>
      ['[0]', '[1]'].map((i) => id(from, `database.ports${i}`)?.node.scalar) as unknown[];
    const text = (await plainTextOf(opened)).replace('- 5433', '- 5434');
    const { after } = await edited(opened, text);
    assert.deepEqual(ciphers(after), ciphers(opened));
    assert.notDeepEqual(ciphers(after)[0], ciphers(after)[1]);
  });

  it('keeps comments, and seals changed ones', async () => {
    const opened = await sealed('yaml');
    const text = (await plainTextOf(opened)).replace('where it runs', 'elsewhere');
    const { after } = await edited(opened, text);
    assert.equal(fresh(opened, after).length, 2);
    assert.equal(lineOf(after.sealed.doc.text, '#ENC'), lineOf(opened.sealed.doc.text, '#ENC'));
    assert.ok(!after.sealed.doc.text.includes('elsewhere'));
  });

  it('keeps the quotes that a ciphertext had, whatever its value needs', async () => {
    const opened = await sealed('yaml', 'a: "true"\nb: x\nc: \'y\'\n');
    const bare = opened.sealed.doc.text.replace(/^a: "(.*)"$/m, 'a: $1').replace(/^b: (.*)$/m, 'b: "$1"');
    const file = await reopen(bare, 'yaml');
    const { after } = await edited(file, (await plainTextOf(file)).replace('y', 'z'));
    for (const key of ['a: ', 'b: ']) assert.equal(lineOf(after.sealed.doc.text, key), lineOf(bare, key));
  });

  it('gives a new document a copy of the metadata, and takes it with one that goes', async () => {
    const opened = await sealed('yaml', 'a: 1\n---\nb: two\n');
    const { after } = await edited(opened, 'a: 1\n---\nb: two\n---\nc: three\n');
    assert.equal(after.sealed.doc.metadata.filter(Boolean).length, 3);
    const fewer = await edited(after, 'b: two\n');
    assert.equal(fewer.after.sealed.doc.metadata.length, 1);
  });

  it('leaves metadata that does not come last at its place', async () => {
    const opened = await sealed('yaml', 'a: one\nb: two\n');
    const text = opened.sealed.doc.text;
    const at = text.indexOf('sops:');
    const first = await reopen(text.slice(at) + text.slice(0, at), 'yaml');
    const { after } = await edited(first, 'a: one\nb: other\nc: x\n');
    assert.ok(after.sealed.doc.text.startsWith('sops:'));
  });

  it('keeps comments of lists as the items that sops makes of them', async () => {
    const opened = await sealed('yaml', 'l:\n    - a\n    # why\n    - b\nx: y\n');
    const source = opened.sealed.doc.text.replace(/^ {4}#(ENC.*)$/m, '    - $1');
    const file = await reopen(source, 'yaml');
    assert.deepEqual(file.verdict, { ok: true });
    const { after } = await edited(file, (await plainTextOf(file)).replace('x: y', 'x: z'));
    assert.equal(lineOf(after.sealed.doc.text, 'type:comment'), lineOf(source, 'type:comment'));
  });

  it('refuses an item that would be taken for an encrypted comment', async () => {
    const opened = await sealed('yaml', 'l:\n    - a\n');
    const text = 'l:\n    - ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:comment]\n';
    await assert.rejects(editText(opened, text, later), { code: 'UNSUPPORTED_VALUE' });
  });

  it('refuses to lose the comment that an entry is encrypted by', async () => {
    const opened = await sealed('yaml', '# mark\nb: secret\na: two\n', makeSelector('encrypted_comment_regex', 'mark'));
    await assert.rejects(editText(opened, 'b: changed\na: two\n', later), { code: 'NOT_SELECTED' });
    await assert.rejects(editText(opened, '# mark\nc: 1\na: secret\n', later), { code: 'NOT_SELECTED' });
    await edited(opened, '# mark\nb: changed\na: two\n');
  });

  it('tells a whole float from an integer', async () => {
    const opened = await sealed('yaml', 'a: 1.0\nb: x\n');
    const { after } = await edited(opened, 'a: 1\nb: x\n');
    assert.equal(id(after, 'a')?.type, 'int');
    assert.equal(fresh(opened, after).length, 2);
  });

  it('takes a text without a last line end', async () => {
    const opened = await sealed('yaml', 'a: x\n');
    for (const text of ['a: x', 'a: x\nb: |\n  y', 'a: y']) {
      const change = await editText(opened, text, later);
      const after = await reopen(change.text, 'yaml');
      assert.deepEqual(after.verdict, { ok: true });
    }
  });

  it('line ends that an editor made CRLF do not get into a dotenv file: sops would take CR for a part of values', async () => {
    const { text } = await seal('A=1\n# c\nB=2\n', 'dotenv', { recipients: [alice.recipient] }, clock);
    const opened = await reopen(text, 'dotenv');
    const after = (await editText(opened, 'A=1\r\n# c\r\nB=3\r\n', later)).text;
    assert.ok(!after.includes('\r'));
    assert.deepEqual((await reopen(after, 'dotenv')).value('[0,"B"]'), { type: 'str', value: '3' });
  });
});
