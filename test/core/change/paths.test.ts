import assert from 'node:assert/strict';
import type { FormatId } from '../../../src/core/format/document.ts';
import { type Opened, openWith } from '../../../src/core/open/open.ts';
import { seal, sealBytes } from '../../../src/core/seal/seal.ts';
import { parsePath } from '../../../src/core/sops/keypath.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { scalar, text } from '../../../src/core/tree/value.ts';
import { plainTextOf, setPath, unsetPath } from '../changes.ts';
import { extract } from '../extract.ts';
import { alice, clock, later, reopen } from '../support.ts';

const yaml = `# top
a: xx
list:
  - 1
  # second
  - 2
map:
  b: yy # end
`;

async function sealed(source: string, format: FormatId = 'yaml'): Promise<Opened> {
  return reopen((await seal(source, format, { recipients: [alice.recipient] }, clock)).text, format);
}

const tokens = (from: string) => from.match(/ENC\[[^\]]*\]/g) ?? [];

async function set(source: string, path: string, json: string, format: FormatId = 'yaml'): Promise<string> {
  const opened = await sealed(source, format);
  const change = await setPath(opened, parsePath(path), json, later);
  const again = await reopen(change.text, format);
  assert.deepEqual(again.verdict, { ok: true });
  return plainTextOf(again);
}

describe('key paths', () => {
  it('reads the syntax of sops', () => {
    assert.deepEqual(parsePath(''), []);
    assert.deepEqual(parsePath('["a"][0][\'b.c\']'), ['a', 0, 'b.c']);
    assert.deepEqual(parsePath('["a[0]"][""]'), ['a[0]', '']);
    for (const bad of ['a', '["a]', '["a"]b', '[x]', '[-1]', '["a"', '["a"] '])
      assert.throws(() => parsePath(bad), { code: 'BAD_PATH' }, bad);
  });
});

describe('setting what is at a path', () => {
  it('puts one value in the place of another, and touches nothing else', async () => {
    const opened = await sealed(yaml);
    const change = await setPath(opened, ['map', 'b'], '"new"', later);
    const old = new Set(tokens(opened.sealed.doc.text));
    assert.equal(tokens(change.text).filter((token) => !old.has(token)).length, 2);
    assert.deepEqual((await setPath(opened, ['map', 'b'], '"yy"', later)).edits, []);
  });

  const odd = [
    '#',
    ' # x',
    'a: b',
    '- a',
    '? a',
    'null',
    '~',
    'true',
    '12',
    '0x1f',
    '1e3',
    '2001-01-01',
    '"',
    "'",
    '\\n',
  ];
  const signs = ['{}', '[a', '&a', '*a', '!a', '|', '>', '%a', '@a', '`a', '<<', '=', ' a ', 'sops', 'x'.repeat(2000)];

  for (const format of ['yaml', 'json', 'dotenv', 'ini'] as const)
    it(`puts any text there that ${format} can hold, and the file opens and is written in clear text again`, async () => {
      const plain = {
        yaml: 'a: x\nb: y\n',
        json: '{"a": "x", "b": "y"}\n',
        dotenv: 'a=x\nb=y\n',
        ini: '[s]\na=x\nb=y\n',
      };
      const path = format === 'ini' ? ['s', 'a'] : ['a'];
      const opened = await sealed(plain[format], format);
      for (const value of ['plain', 'two words', 'a/b:c@d+e-f', 'a', ...odd, ...signs]) {
        // sops reads it as a line break there.
        if (format === 'dotenv' && value.includes('\\n')) continue;
        const change = await setPath(opened, path, JSON.stringify(value), later);
        const again = await openWith(readSealed(change.text, format), opened.dataKey);
        assert.deepEqual(again.verdict, { ok: true });
        assert.deepEqual(extract(again, path), scalar(text(value)), value);
        const clear = await plainTextOf(again);
        assert.deepEqual(extract(await sealed(clear, format), path), scalar(text(value)), value);
      }
    });

  it('leaves every other byte as it is where one ciphertext takes the place of another', async () => {
    for (const [format, source, path, json] of [
      ['yaml', `${yaml}c: 'q'  # end\n`, ['c'], '"new"'],
      ['yaml', yaml, ['list', 1], 'true'],
      ['json', '{ "a":  "x" ,\n\t"b": [1,  2]}\n', ['b', 1], '17'],
      ['dotenv', '# top\na=x\n\nb=y\n', ['b'], '"new"'],
      ['ini', '; top\n[s]\na = x\n', ['s', 'a'], '"new"'],
    ] as const) {
      const opened = await sealed(source, format);
      const { edits, text: after } = await setPath(opened, path, json, later);
      const bare = (from: string) => from.replace(/ENC\[[^\]]*\]|20\d\d-\d\d-\d\dT[\d:]*Z/g, 'E');
      assert.equal(bare(after), bare(opened.sealed.doc.text));
      assert.equal(edits.length, 3);
    }
  });

  it('takes the file apart where there is doubt', async () => {
    const enc = 'ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:comment]';
    await assert.rejects(set('list:\n  - a\n', '["list"][0]', JSON.stringify(enc)), { code: 'UNSUPPORTED_VALUE' });
    await assert.rejects(set('a=x\n', '["a"]', '"two\\\\nlines"', 'dotenv'), { code: 'BAD_VALUE' });
  });

  it('makes what is missing, appends, and replaces what it leads through', async () => {
    assert.equal(await set(yaml, '["new"]["deep"][0]', 'true'), `${yaml}new:\n  deep:\n    - true\n`);
    assert.equal(await set(yaml, '["list"][0]', '7'), yaml.replace('- 1', '- 7'));
    assert.equal(await set(yaml, '["list"][9]', 'null'), yaml.replace('- 2\n', '- 2\n  - null\n'));
    assert.equal(await set(yaml, '["list"][9]["k"]', '"v1"'), yaml.replace('- 2\n', '- 2\n  - k: v1\n'));
    assert.equal(await set(yaml, '["a"]["b"]', '1'), yaml.replace('a: xx', 'a:\n  b: 1'));
    assert.equal(await set(yaml, '["a"][3]["b"]', '1'), yaml.replace('a: xx', 'a:\n  - b: 1'));
    assert.equal(
      await set(yaml, '["map"]', '{"p":{"q":1.0},"r":[]}'),
      yaml.replace('b: yy # end', 'p:\n    q: 1.0\n  r: [] # end'),
    );
    assert.equal(await set(yaml, '["map"]', '"flat"'), yaml.replace('map:\n  b: yy # end', 'map: flat # end'));
  });

  it('keeps whole numbers whole', async () => {
    const opened = await sealed(yaml);
    const after = await reopen((await setPath(opened, ['a'], '9007199254740993', later)).text, 'yaml');
    assert.deepEqual(extract(after, ['a']), scalar({ type: 'int', value: 9007199254740993n }));
  });

  it('refuses what is no JSON, the metadata, and the wrong kind of part', async () => {
    for (const json of ['', 'x', '1 2', '1, "k": 2', '"a"}', '{"a":}', '1}//'])
      await assert.rejects(set(yaml, '["a"]', json), { code: 'BAD_VALUE' }, json);
    await assert.rejects(set(yaml, '["sops"]', '1'), { code: 'ALREADY_ENCRYPTED' });
    await assert.rejects(set('A=1\n', '["sops_x"]', '1', 'dotenv'), { code: 'ALREADY_ENCRYPTED' });
    for (const path of ['', '["list"]["k"]', '["map"][0]', '[0]'])
      await assert.rejects(set(yaml, path, '1'), { code: 'BAD_PATH' }, path);
  });

  it('works in every format', async () => {
    assert.equal(await set('{"a": {"b": 1}}\n', '["a"]["c"]', '[1]', 'json'), '{"a": {"b": 1, "c": [1]}}\n');
    assert.equal(await set('A=1\n', '["B"]', '5', 'dotenv'), 'A=1\nB=5\n');
    await assert.rejects(set('A=1\n', '["B"]', '{}', 'dotenv'), { code: 'BAD_VALUE' });
    assert.equal(await set('[s]\na = 1\n', '["s"]["a"]', '"two"', 'ini'), '[s]\na = two\n');
    assert.equal(await set('[s]\na = 1\n', '["s"]["b"]', 'true', 'ini'), '[s]\na = 1\nb = true\n');
    const { text: file } = await sealBytes(Uint8Array.of(1), 'binary', { recipients: [alice.recipient] }, clock);
    const opened = await reopen(file, 'binary');
    const after = await reopen((await setPath(opened, ['data'], '"x"', later)).text, 'binary');
    assert.deepEqual(extract(after, ['data']), scalar(text('x')));
  });

  it('works on the first document', async () => {
    assert.equal(await set('a: xx\n---\na: yy\n', '["a"]', '"new"'), 'a: new\n---\na: yy\n');
  });
});

describe('removing what is at a path', () => {
  const unset = async (source: string, path: string, format: FormatId = 'yaml') => {
    const change = await unsetPath(await sealed(source, format), parsePath(path), later);
    return plainTextOf(await reopen(change.text, format));
  };

  it('takes out entries, groups and items; comments above stay', async () => {
    assert.equal(await unset(yaml, '["list"][1]'), yaml.replace('  - 2\n', ''));
    assert.equal(await unset(yaml, '["map"]["b"]'), yaml.replace('map:\n  b: yy # end\n', 'map: {}\n'));
    assert.equal(await unset(yaml, '["a"]'), yaml.replace('a: xx\n', ''));
    assert.equal(await unset('[s]\na = 1\nb = 2\n', '["s"]["a"]', 'ini'), '[s]\nb = 2\n');
    assert.equal(await unset('{"a": 1, "b": 2}', '["b"]', 'json'), '{"a": 1}');
  });

  it('refuses what is not there, unless that is all right', async () => {
    const opened = await sealed(yaml);
    await assert.rejects(unsetPath(opened, ['q'], later), { code: 'NO_SUCH_ENTRY' });
    await assert.rejects(unsetPath(opened, ['list', 5], later), { code: 'NO_SUCH_ENTRY' });
    assert.deepEqual((await unsetPath(opened, ['q'], later, { idempotent: true })).edits, []);
    await assert.rejects(unsetPath(opened, [], later), { code: 'BAD_PATH' });
  });
});

describe('extracting what is at a path', () => {
  it('gives scalars and trees', async () => {
    const opened = await sealed(yaml);
    assert.deepEqual(extract(opened, ['a']), scalar(text('xx')));
    assert.deepEqual(extract(opened, ['list', 1]), scalar({ type: 'int', value: 2n }));
    assert.deepEqual(extract(opened, ['map']), { kind: 'map', members: [{ key: 'b', value: scalar(text('yy')) }] });
    const whole = extract(opened, []);
    assert.equal(whole.kind === 'map' && whole.members.length, 3);
    for (const path of [['q'], ['list', 2], ['a', 'b'], ['map', 0]])
      assert.throws(() => extract(opened, path), { code: 'NO_SUCH_ENTRY' });
  });

  it('passes over comments that stand as items of a list', async () => {
    const { doc } = (await sealed(yaml)).sealed;
    const opened = await reopen(doc.text.replace(/^ {2}#(ENC.*)$/m, '  - $1'), 'yaml');
    assert.deepEqual(opened.verdict, { ok: true });
    assert.deepEqual(extract(opened, ['list', 1]), scalar({ type: 'int', value: 2n }));
  });
});
