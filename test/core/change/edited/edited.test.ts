import assert from 'node:assert/strict';
import { change } from '../../../../src/core/change/change.ts';
import { movedOut } from '../../../../src/core/change/edited.ts';
import { hasNewPlaintext, plainEntries, summarize, touchedEntry } from '../../../../src/core/change/looked.ts';
import { applyEdits } from '../../../../src/core/format/document.ts';
import type { Opened } from '../../../../src/core/open/open.ts';
import { seal } from '../../../../src/core/seal/seal.ts';
import { readSealed } from '../../../../src/core/sops/sealed.ts';
import { plainTextOf } from '../../changes.ts';
import { alice, clock, later, reopen } from '../../support.ts';

const plain = {
  yaml: '# head\ndb:\n    host: example.com # where\n    password: pa ss\n    ports:\n        - 5432\n        - 5433\nratio: 0.5\nnote_unencrypted: open\n',
  json: '{\n  "db": {\n    "host": "example.com",\n    "password": "pa ss"\n  },\n  "ratio": 0.5,\n  "note_unencrypted": "open"\n}\n',
  dotenv: '# head\nHOST=example.com\nPASSWORD=pa ss\nRATIO=0.5\nNOTE_unencrypted=open\n',
  ini: '[db]\n; where\nHOST     = example.com\nPASSWORD = pa ss\n\n[more]\nRATIO = 0.5\n',
};
type Format = keyof typeof plain;

async function opened(format: Format, source = plain[format]): Promise<Opened> {
  return reopen((await seal(source, format, { recipients: [alice.recipient] }, clock)).text, format);
}

/** The edited encrypted text, encrypted: it opens, and says this. */
async function becomes(file: Opened, edited: string, wanted: string, growing?: readonly string[]) {
  const { text, edits } = await change(
    file,
    { kind: 'edited', text: edited, ...(growing && { growing: new Set(growing) }) },
    later,
  );
  assert.equal(applyEdits(file.sealed.doc.text, edits), text);
  const after = await reopen(text, file.sealed.format);
  assert.deepEqual(after.verdict, { ok: true });
  assert.equal(await plainTextOf(after), wanted);
  return after;
}

const tokenOf = ({ sealed }: Opened, name: string) => {
  const leaf = sealed.leaves.find(({ path }) => path.at(-1) === name);
  assert.ok(leaf);
  return sealed.doc.text.slice(leaf.node.span.start, leaf.node.span.end);
};
const refused = (file: Opened, text: string, what: string) =>
  assert.rejects(
    change(file, { kind: 'edited', text }, later),
    (error: { code?: string; place?: { what?: string } }) => {
      assert.equal(error.code, 'FOREIGN_EDIT');
      assert.equal(error.place?.what, what);
      return true;
    },
  );

describe('an encrypted file edited as text', () => {
  it('takes a new entry of every format', async () => {
    const at: Record<Format, readonly [RegExp, string]> = {
      yaml: [/^ratio/m, '    fresh: "canary 1"\nother: canary 2\nratio'],
      json: [/"ratio"/, '"fresh": "canary",\n  "ratio"'],
      dotenv: [/^RATIO/m, 'FRESH=canary\nRATIO'],
      ini: [/^PASSWORD/m, 'FRESH = canary\nPASSWORD'],
    };
    for (const format of Object.keys(plain) as Format[]) {
      const file = await opened(format);
      const [where, text] = at[format];
      const before = file.sealed.doc.text;
      const after = await becomes(file, before.replace(where, text), plain[format].replace(where, text));
      assert.ok(!after.sealed.doc.text.includes('canary'), format);
      for (const name of ['HOST', 'PASSWORD', 'host', 'password'].filter((one) => before.includes(one)))
        assert.equal(tokenOf(after, name), tokenOf(file, name), 'what did not change keeps its ciphertext');
    }
  });

  it('keeps the line ends of a file, and takes several documents', async () => {
    const crlf = plain.yaml.replaceAll('\n', '\r\n');
    const file = await opened('yaml', crlf);
    const typed = (text: string) => text.replace('ratio:', 'fresh: canary\r\nratio:');
    const after = await becomes(file, typed(file.sealed.doc.text), typed(crlf));
    assert.ok(!/[^\r]\n/.test(after.sealed.doc.text));
    const two = 'a: 1\n---\nb: two\n';
    const both = await opened('yaml', two);
    await becomes(both, both.sealed.doc.text.replace(/^b: .*$/m, '$&\nc: canary'), `${two}c: canary\n`);
  });

  it('takes one that was typed behind the metadata', async () => {
    const file = await opened('dotenv');
    const after = await change(file, { kind: 'edited', text: `${file.sealed.doc.text}FRESH=canary\n` }, later);
    assert.ok(!after.text.includes('canary'));
    assert.equal((await reopen(after.text, 'dotenv')).value('[0,"FRESH"]')?.type, 'str');
  });

  it('takes a plaintext value in the place of a ciphertext, with its type', async () => {
    const file = await opened('yaml');
    await becomes(
      file,
      file.sealed.doc.text.replace(tokenOf(file, 'password'), 'other').replace(tokenOf(file, 'ratio'), '7'),
      plain.yaml.replace('pa ss', 'other').replace('0.5', '7'),
    );
  });

  it('takes renamed keys, groups and sections', async () => {
    for (const [format, from, to] of [
      ['yaml', 'password:', 'secret:'],
      ['yaml', 'db:', 'database:'],
      ['json', '"db"', '"database"'],
      ['dotenv', 'PASSWORD=', 'SECRET='],
      ['ini', '[db]', '[database]'],
    ] as const) {
      const file = await opened(format);
      await becomes(file, file.sealed.doc.text.replace(from, to), plain[format].replace(from, to));
    }
  });

  it('takes lines that moved, went, or stand twice', async () => {
    const file = await opened('dotenv');
    const lines = file.sealed.doc.text.split('\n');
    const [head, host, password, ratio, ...rest] = lines as [string, string, string, string, ...string[]];
    await becomes(
      file,
      [password, head, host, `COPY=${tokenOf(file, 'HOST')}`, ...rest].join('\n'),
      'PASSWORD=pa ss\n# head\nHOST=example.com\nCOPY=example.com\nNOTE_unencrypted=open\n',
    );
    assert.ok(ratio);
  });

  it('takes items of a list that moved', async () => {
    const file = await opened('yaml');
    const [a, b] = file.sealed.doc.text.match(/^ +- ENC.*$/gm) as [string, string];
    await becomes(
      file,
      file.sealed.doc.text.replace(`${a}\n${b}`, `${b}\n${a}\n        - 1`),
      plain.yaml.replace('- 5432\n        - 5433', '- 5433\n        - 5432\n        - 1'),
    );
  });

  it('takes comments: new, out of an entry, and back', async () => {
    const file = await opened('dotenv');
    const out = await becomes(
      file,
      file.sealed.doc.text.replace('HOST=', '# new canary\n#HOST='),
      plain.dotenv.replace('HOST=', '# new canary\n#HOST='),
    );
    assert.ok(!/canary|example/.test(out.sealed.doc.text));
    const sign = out.sealed.doc.text.match(/^#ENC.*$/gm)?.[2];
    assert.ok(sign);
    await becomes(
      out,
      out.sealed.doc.text.replace(sign, sign.slice(1)),
      plain.dotenv.replace('HOST=', '# new canary\nHOST='),
    );
  });

  it('takes a line that joins an encrypted comment of INI', async () => {
    const file = await opened('ini');
    for (const joined of ['$&\n# canary', '# canary\n$&']) {
      const edited = file.sealed.doc.text.replace(/^; ENC.*$/m, joined);
      await becomes(file, edited, plain.ini.replace('; where', joined.replace('$&', '; where')));
      const { text } = await change(file, { kind: 'edited', text: edited }, later);
      assert.ok(!text.includes('canary'));
    }
  });

  it('takes a plain text that was pasted over all of it', async () => {
    for (const format of Object.keys(plain) as Format[]) {
      const file = await opened(format);
      const after = await becomes(file, plain[format], plain[format]);
      assert.deepEqual(after.sealed.metadata.recipients, [alice.recipient]);
    }
  });

  it('knows whether something new is in plaintext, parsed or not', async () => {
    for (const format of Object.keys(plain) as Format[]) {
      const file = await opened(format);
      const text = file.sealed.doc.text;
      const lines = text.split('\n');
      const line = {
        yaml: 'fresh: canary',
        json: '  "fresh": "canary",',
        dotenv: 'FRESH=canary',
        ini: 'FRESH = canary',
      }[format];
      const at = format === 'json' || format === 'ini' ? 1 : 0;
      const more = lines.toSpliced(at, 0, line).join('\n');
      assert.equal(hasNewPlaintext(text, text, format), false);
      assert.equal(hasNewPlaintext(more, text, format), true, format);
      assert.equal(hasNewPlaintext(more, more, format), false, 'it was there before');
      assert.equal(hasNewPlaintext(lines.toSpliced(1, 1).join('\n'), text, format), false);
      const broken = { yaml: 'x: [', json: '{,', dotenv: 'x', ini: '[x' }[format];
      assert.equal(hasNewPlaintext(`${more}\n${broken}\n`, text, format), true, format);
    }
    const file = await opened('yaml');
    const text = file.sealed.doc.text;
    const token = tokenOf(file, 'password');
    assert.equal(hasNewPlaintext(text.replace(token, `${token}tail`), text, 'yaml'), true, 'behind a ciphertext');
    assert.equal(hasNewPlaintext(text.replace('ratio', '# canary\nratio'), text, 'yaml'), true);
    const open = `"half\n${text}`;
    assert.equal(hasNewPlaintext(open, text, 'yaml'), false);
    assert.equal(hasNewPlaintext(`${open}# canary\n`, text, 'yaml'), true, 'a comment, not parsed');
    assert.equal(hasNewPlaintext('# canary\n', text, 'yaml'), true, 'nothing but a comment');
    const conflict = text.replace(/^(ratio.*)$/m, '<<<<<<< ours\n$1\n=======\n$1\n>>>>>>> theirs');
    assert.equal(hasNewPlaintext(conflict, text, 'yaml'), false, 'marks of git hold no value');
    for (const [line, value] of [
      ['newName', false],
      ['NEW_NAME=', false],
      ['ghp_0123456789abcdef', true],
    ] as const) {
      const env = await opened('dotenv');
      assert.equal(hasNewPlaintext(`${line}\n${env.sealed.doc.text}`, env.sealed.doc.text, 'dotenv'), value, line);
    }
  });

  it('knows what was typed among the metadata, and behind a comment of INI', async () => {
    for (const [format, line] of [
      ['ini', 'FRESH = canary\n'],
      ['yaml', '    FRESH: canary\n'],
    ] as const) {
      const file = await opened(format);
      const { text } = file.sealed.doc;
      await refused(file, text + line, 'metadata');
      assert.equal(hasNewPlaintext(text + line, text, format), true, format);
      assert.equal(hasNewPlaintext(text + line, text + line, format), false, format);
      const resolved = text.replace(/^( *lastmodified *[:=] *["']?)\d{4}/m, '$12031');
      assert.notEqual(resolved, text);
      assert.equal(hasNewPlaintext(resolved, text, format), false, 'another version of what belongs there');
    }
    const deep: readonly (readonly [Format, (text: string) => string])[] = [
      ['yaml', (text) => text.replace(/^ {10}recipient/m, '          FRESH: canary\n$&')],
      ['json', (text) => text.replace(/"recipient"/, '"FRESH": "canary", $&')],
      ['dotenv', (text) => `${text}sops_age__list_0__map_FRESH=canary\n`],
      ['ini', (text) => `${text}age__list_0__map_FRESH = canary\n`],
      ['yaml', (text) => text.replace(/^ {4}mac/m, '    # canary\n$&')],
      ['yaml', (text) => text.replace(/^ {10}recipient/m, '          # canary\n$&')],
      ['yaml', (text) => text.replace(/^ {4}version.*/m, '$& # canary')],
      ['ini', (text) => text.replace(/^mac/m, '; canary\n$&')],
      ['ini', (text) => text.replace(/^version.*/m, '$& ; canary')],
      ['yaml', (text) => `${text}    # canary\n`],
      ['ini', (text) => `${text}\n; canary\n`],
    ];
    for (const [format, typed] of deep) {
      const file = await opened(format);
      const { text } = file.sealed.doc;
      const edited = typed(text);
      assert.notEqual(edited, text, format);
      assert.equal(hasNewPlaintext(edited, text, format), true, edited);
      assert.equal(hasNewPlaintext(edited, edited, format), false, edited);
      await refused(file, edited, 'metadata');
    }
    const json = (await opened('json')).sealed.doc.text;
    const older = json.replace(/"lastmodified"/, '"kms": null,\n$&');
    assert.equal(hasNewPlaintext(older, json, 'json'), false, 'as an older sops wrote it');
    const { text } = (await opened('ini')).sealed.doc;
    assert.equal(hasNewPlaintext(text.replace(/^mac .*$/m, '$&tail'), text, 'ini'), true, 'behind the MAC');
    assert.equal(hasNewPlaintext(text.replace('HOST', '; canary\nHOST'), text, 'ini'), true);
  });

  it('knows what was typed into or behind what the metadata has already, and into a ciphertext', async () => {
    const enc = /(?<=BEGIN AGE ENCRYPTED FILE-----(?:\n|\\n)\s*)\w{20}/;
    for (const format of Object.keys(plain) as Format[]) {
      const file = await opened(format);
      const { text } = file.sealed.doc;
      const tries: readonly (readonly [what: string, RegExp, string])[] = [
        ['behind a recipient', /age1[0-9a-z]+/, '$& canary'],
        ['in a recipient', /age1[0-9a-z]{9}/, '$&canary'],
        ['over a recipient', /age1[0-9a-z]+/, 'canary'],
        ['in the block', enc, '$&canary'],
        ['over a part of the block', enc, 'canary 1'],
        ['behind the block', /END AGE ENCRYPTED FILE-----/, '$& canary'],
        ['in the MAC', /(?<=mac["']?\s*[:=].*tag:)/, 'canary'],
        ['behind the MAC', /(?<=mac["']?\s*[:=].*type:str\])/, ' canary'],
        ['behind the version', /3\.\d+\.\d+(?=["']?,?\n)/, '$& canary'],
        ['behind the time', /2026-\d\d-\d\dT[\d:]+Z/, '$& canary'],
        ['behind a selector', /(?<=(?:_suffix["']?\s*[:=]\s*["']?))_\w+/, '$& canary'],
      ];
      for (const [what, where, typed] of tries) {
        const edited = text.replace(where, typed);
        assert.notEqual(edited, text, `${format}: ${what}`);
        assert.equal(hasNewPlaintext(edited, text, format), true, `${format}: ${what}`);
        assert.equal(hasNewPlaintext(edited, edited, format), false, `${format}: ${what}`);
        await assert.rejects(change(file, { kind: 'edited', text: edited }, later), `${format}: ${what}`);
      }
      for (const type of format === 'json' ? ['str'] : ['str', 'comment']) {
        const inside = text.replace(new RegExp(`(?<=ENC\\[AES256_GCM,data:\\w)(?=[^\\]\\n]*type:${type})`), 'canary');
        assert.notEqual(inside, text, `${format}: ${type}`);
        assert.equal(hasNewPlaintext(inside, text, format), true, `${format}: ${type}`);
        await assert.rejects(change(file, { kind: 'edited', text: inside }, later), { code: 'FOREIGN_EDIT' });
      }
      const again = (await opened(format)).sealed.doc.text;
      assert.equal(hasNewPlaintext(again, text, format), false, `${format}: as somebody else encrypted it`);
    }
    const { text } = (await opened('yaml')).sealed.doc;
    for (const [before, after] of [
      ['encrypted_regex: ^(db|ratio)$', 'encrypted_regex: ^(db|ratio|note_unencrypted)$'],
      ['version: 3.10.2', 'version: 3.10.20'],
    ] as const) {
      const line = before.startsWith('version') ? /version: .*/ : /unencrypted_suffix: .*/;
      const [was, now] = [text.replace(line, before), text.replace(line, after)];
      assert.notEqual(was, now);
      assert.equal(hasNewPlaintext(now.replace(/^note.*\n/m, ''), was.replace(/^note.*\n/m, ''), 'yaml'), false, after);
    }
  });

  it('finds the lines that were typed in the middle of the metadata, and puts them above it', async () => {
    for (const [format, typed, wanted] of [
      ['ini', (text: string) => `${text}FRESH = canary`, `${plain.ini}\nFRESH = canary\n`],
      ['yaml', (text: string) => `${text}    FRESH: canary\n`, `${plain.yaml}FRESH: canary\n`],
      ['yaml', (text: string) => text.replace('sops:\n', '$&FRESH: canary\n'), `${plain.yaml}FRESH: canary\n`],
      ['yaml', (text: string) => text.replace('sops:\n', '$&g:\n  x: canary\n'), `${plain.yaml}g:\n  x: canary\n`],
    ] as const) {
      const file = await opened(format);
      const edited = typed(file.sealed.doc.text);
      await refused(file, edited, 'metadata');
      await becomes(file, movedOut(file.sealed.doc, edited) ?? assert.fail(), wanted);
    }
    const file = await opened('yaml');
    const { doc } = file.sealed;
    for (const text of [doc.text, `x: canary\n${doc.text}`]) assert.equal(movedOut(doc, text), undefined);
    const many = '  x: canary\n'.repeat(200_000);
    assert.ok(movedOut(doc, doc.text.replace('sops:\n', `$&${many}`))?.includes('\nx: canary\nx: canary\n'));
    const elsewhere = doc.text.replace('sops:\n', '$&FRESH: canary\n').replace(/^ratio/m, 'x: [\nratio');
    await assert.rejects(change(file, { kind: 'edited', text: elsewhere }, later), { code: 'SYNTAX' });
  });

  it('gives the verified text for the verified text', async () => {
    const file = await opened('json');
    const { edits, text } = await change(file, { kind: 'edited', text: file.sealed.doc.text }, later);
    assert.deepEqual([edits, text], [[], file.sealed.doc.text]);
  });

  it('goes on with a value that is being typed', async () => {
    const file = await opened('dotenv');
    const token = tokenOf(file, 'PASSWORD');
    const text = file.sealed.doc.text;
    const id = '[0,"PASSWORD"]';
    await becomes(file, text.replace(token, `${token}123`), plain.dotenv.replace('pa ss', 'pa ss123'), [id]);
    await becomes(file, text.replace(token, token.slice(0, -2)), plain.dotenv.replace('pa ss', 'pa '), [id]);
    await refused(file, text.replace(token, `${token}123`), 'touched');
    const yaml = await opened('yaml');
    const port = tokenOf(yaml, 'ratio');
    const grown = await becomes(
      yaml,
      yaml.sealed.doc.text.replace(port, `${port}25`),
      plain.yaml.replace('0.5', '0.525'),
      ['[0,"ratio"]'],
    );
    assert.equal(grown.value('[0,"ratio"]')?.type, 'float', 'a number stays one');
  });

  it('refuses a ciphertext that somebody typed into, and finds it', async () => {
    for (const format of Object.keys(plain) as Format[]) {
      const file = await opened(format);
      const name = format === 'yaml' || format === 'json' ? 'password' : 'PASSWORD';
      const token = tokenOf(file, name);
      const end = token.lastIndexOf(']') + 1;
      for (const at of [30, end - 5, end, token.indexOf('ENC')])
        for (const other of [`${token.slice(0, at)}x${token.slice(at)}`, token.slice(0, at - 1) + token.slice(at)]) {
          if (other.length < token.length && at < 5) continue;
          const edited = file.sealed.doc.text.replace(token, other);
          await refused(file, edited, 'touched');
          const found = touchedEntry(file, edited);
          assert.equal(found?.leaf.path.at(-1), name);
          assert.equal(applyEdits(edited, found?.edits ?? []), file.sealed.doc.text);
        }
      assert.equal(touchedEntry(file, file.sealed.doc.text), undefined);
      assert.equal(
        touchedEntry(file, file.sealed.doc.text.replace(token, format === 'json' ? '"new"' : 'new')),
        undefined,
      );
    }
  });

  it('refuses what does not come from the verified version', async () => {
    const file = await opened('yaml');
    const other = await opened('yaml');
    const text = file.sealed.doc.text;
    await refused(file, text.replace('ratio:', `more: ${tokenOf(other, 'password')}\nratio:`), 'ciphertext');
    await refused(file, text.replace('ratio:', `# x ${tokenOf(other, 'password')}\nratio:`), 'ciphertext');
    await refused(file, text.replace(/mac: ENC.*/, `mac: ${tokenOf(other, 'password')}`), 'metadata');
    await refused(file, text.replace(/lastmodified: .*/, 'lastmodified: "2020-01-01T00:00:00Z"'), 'metadata');
    await refused(file, text.replace(alice.recipient, `${alice.recipient.slice(0, -1)}q`), 'metadata');
  });

  it('never lets a secret out: a name that is not encrypted, a comment in a plain place', async () => {
    const file = await opened('yaml');
    const text = file.sealed.doc.text.replace('password:', 'password_unencrypted:');
    await assert.rejects(change(file, { kind: 'edited', text }, later), { code: 'NOT_SELECTED' });
  });

  it('is not taken for a file whose MAC does not hold', async () => {
    const file = await opened('dotenv');
    const bad = await reopen(`${file.sealed.doc.text.replace('HOST', 'HOSTS')}`, 'dotenv');
    assert.equal(bad.verdict.ok, false);
    await assert.rejects(change(bad, { kind: 'edited', text: file.sealed.doc.text }, later), { code: 'EDIT_LOCKED' });
  });

  it('says by names what was done', async () => {
    const file = await opened('dotenv');
    const text = file.sealed.doc.text
      .replace('PASSWORD=', 'SECRET=')
      .replace(/^RATIO.*\n/m, 'FRESH=canary\n')
      .replace(tokenOf(file, 'HOST'), 'other')
      .replace('=open', '=closed');
    assert.deepEqual(summarize(file, text), {
      added: [['FRESH']],
      changed: [['HOST'], ['NOTE_unencrypted']],
      removed: [['RATIO']],
      moved: [{ from: ['PASSWORD'], to: ['SECRET'] }],
    });
    assert.deepEqual(
      plainEntries(readSealed(text, 'dotenv')).map(({ path }) => path),
      [['HOST'], ['FRESH']],
    );
  });
});
