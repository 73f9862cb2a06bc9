import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { bytesOfText } from '../../src/core/format/encoding.ts';
import { rotate } from '../../src/core/keys/rotate.ts';
import type { Opened } from '../../src/core/open/open.ts';
import { unseal, unsealBytes } from '../../src/core/open/unseal.ts';
import { seal, sealBytes } from '../../src/core/seal/seal.ts';
import type { Change } from '../../src/core/seal/sign.ts';
import { showPath } from '../../src/core/tree/path.ts';
import { text } from '../../src/core/tree/value.ts';
import { addEntry, removeEntry, renameEntry, setValue } from '../core/changes.ts';
import { alice, clock, later, reopen } from '../core/support.ts';
import { Bench } from './tools.ts';

const runs = Number(process.env.LOCKSTEP_RUNS ?? 60);
const options = { recipients: [alice.recipient] };

describe('INI and binary files with the real sops', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  const asJson = (name: string, sealed: string | Uint8Array): unknown => {
    bench.write(name, sealed);
    return JSON.parse(bench.sops(['decrypt', '--output-type', 'json', name]));
  };
  const bySops = (name: string, plain: string | Uint8Array): string => {
    bench.write(name, plain);
    return bench.sops(['encrypt', '--age', alice.recipient, name]);
  };
  const decrypted = (name: string, sealed: string | Uint8Array): Buffer => {
    bench.write(name, sealed);
    bench.sops(['decrypt', '--output', 'out', name]);
    return readFileSync(join(bench.folder, 'out'));
  };

  it(`${runs} generated INI files, sealed here, read by sops, and back as they were`, async () => {
    await fc.assert(
      fc.asyncProperty(iniText, async (source) => {
        const { text: ours } = await seal(source, 'ini', options, clock);
        const theirs = bySops('a.ini', source);
        assert.deepEqual(asJson('a.ini', ours), asJson('a.ini', theirs));
        // Comments, too, in the form that sops gives them. Of CRLF it keeps the CR between two lines of one.
        const lf = (bytes: Buffer) => bytes.toString().replaceAll('\r\n', '\n');
        assert.equal(lf(decrypted('a.ini', ours)), lf(decrypted('a.ini', theirs)));
        assert.equal((await unseal(await reopen(ours, 'ini'))).text, source);
      }),
      { numRuns: runs },
    );
  }).timeout(300_000);

  it(`${runs} generated INI files, sealed by sops, opened here`, async () => {
    await fc.assert(
      fc.asyncProperty(iniText, async (source) => {
        const theirs = bySops('a.ini', source);
        const opened = await reopen(theirs, 'ini');
        assert.deepEqual(opened.verdict, { ok: true });
        const plain = (await unseal(opened)).text;
        assert.deepEqual(asJson('a.ini', bySops('a.ini', plain)), asJson('a.ini', theirs));
      }),
      { numRuns: runs },
    );
  }).timeout(300_000);

  it('sops reads every edit of an INI file', async () => {
    const source = '; top\nglobal = 1\n\n[db]\nuser = me # who\npass = "p#w"\n; last\nempty =\n\n[other]\nk=v\n';
    let opened = await reopen(bySops('a.ini', source), 'ini');
    const step = async (change: Promise<Change>): Promise<Opened> => {
      const { text: after } = await change;
      opened = await reopen(after, 'ini');
      assert.deepEqual(opened.verdict, { ok: true });
      const found = asJson('a.ini', after) as Record<string, Record<string, string>>;
      for (const leaf of opened.sealed.leaves) {
        const value = opened.value(leaf.id);
        assert.equal(found[String(leaf.path[0])]?.[String(leaf.path[1])], value?.type === 'str' && value.value);
      }
      return opened;
    };
    const id = (path: string) =>
      (opened.sealed.leaves.find((leaf) => showPath(leaf.path) === path) ?? assert.fail(path)).id;
    await step(setValue(opened, id('db.pass'), text('line 1\nline 2 `x` """ ; #'), later));
    await step(setValue(opened, id('db.empty'), text('filled'), later));
    await step(addEntry(opened, 0, ['db'], 'added', text('new'), later));
    await step(addEntry(opened, 0, ['DEFAULT'], 'first=one', text('new'), later));
    await step(renameEntry(opened, id('db.added'), 'a"b', later));
    await step(rotate(opened, later));
    await step(removeEntry(opened, id('db.user'), later));
    await step(removeEntry(opened, id('db.empty'), later));
  });

  it('binary files of any bytes, both ways', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (plain) => {
        const ours = await sealBytes(plain, 'binary', { ...options, macOnlyEncrypted: true }, clock);
        assert.deepEqual(decrypted('a.bin', ours.bytes), Buffer.from(plain));
        const opened = await reopen(bySops('a.bin', plain), 'binary');
        assert.deepEqual(opened.verdict, { ok: true });
        assert.deepEqual(Buffer.from(await unsealBytes(opened)), Buffer.from(plain));
      }),
      {
        numRuns: Math.min(runs, 30),
        examples: [[new Uint8Array()], [Uint8Array.from({ length: 256 }, (_, i) => i)]],
      },
    );
  }).timeout(300_000);

  it('a changed and a rotated binary file is one that sops reads', async () => {
    const opened = await reopen(bySops('a.bin', 'one\n'), 'binary');
    const id = opened.sealed.leaves[0]?.id ?? assert.fail();
    const changed = (await setValue(opened, id, text('two'), later)).text;
    assert.equal(decrypted('a.bin', changed).toString(), 'two');
    const rotated = (await rotate(await reopen(changed, 'binary'), later)).text;
    assert.equal(decrypted('a.bin', rotated).toString(), 'two');
  });

  it('values of dotenv and INI files that are no UTF-8, both ways', async () => {
    const any = fc
      .uint8Array({ maxLength: 12 })
      .map((bytes) => bytes.filter((b) => !'\n\r\\#;"\'` \t\v\f'.includes(String.fromCharCode(b))));
    await fc.assert(
      fc.asyncProperty(any, any, async (value, remark) => {
        for (const [format, name, before, sign] of [
          ['dotenv', 'a.env', 'A=', '#'],
          ['ini', 'a.ini', '[s]\nA = ', '; '],
        ] as const) {
          const lines = [...bytesOfText(`${sign}c`), ...remark, 10, ...bytesOfText(before), ...value, 10];
          const source = Buffer.from(format === 'ini' ? [...bytesOfText(before), ...value, 10] : lines);
          const ours = await sealBytes(source, format, options, clock);
          assert.deepEqual(decrypted(name, ours.bytes), source);
          const opened = await reopen(bySops(name, source), format);
          assert.deepEqual(opened.verdict, { ok: true });
          assert.deepEqual(Buffer.from(await unsealBytes(opened)), source);
        }
      }),
      { numRuns: Math.min(runs, 30) },
    );
  }).timeout(300_000);
});

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_. -]{0,7}[A-Za-z0-9]$/);
const words = fc.string({
  unit: fc.constantFrom(...('abZ019 "\'#:-[]{},&*!|>%@`\\€\u{1F511}=~?;'.match(/./gu) ?? [])),
  maxLength: 10,
});
const safe = words.map((word) => word.replace(/[`"\\#;]/g, '').trim());
const written = fc.oneof(
  safe,
  words.map((word) => `\`${word.replaceAll('`', '')}\``),
  fc
    .array(words, { minLength: 1, maxLength: 3 })
    .map((lines) => `"""${lines.map((line) => line.replaceAll('"', '')).join('\n')}"""`),
  safe.map((word) => `"${word}"`),
  safe.map((word) => `'${word.replaceAll("'", '')}'`),
);
const remark = fc.tuple(fc.constantFrom('#', ';', '# ', '; '), safe).map(([sign, word]) => `${sign}x${word}`);
const entry = fc.tuple(
  fc.array(remark, { maxLength: 2 }),
  fc.constantFrom(' = ', '=', ': ', ' :'),
  written,
  fc.option(
    safe.map((word) => ` # x${word}`),
    { nil: '' },
  ),
);
const keys = fc.dictionary(name, entry, { maxKeys: 4, noNullPrototype: true });
/** Parts of a file, each line as a person might write it. */
const iniText = fc
  .tuple(
    keys,
    fc.array(fc.tuple(fc.array(remark, { maxLength: 2 }), name, fc.boolean(), keys), { maxLength: 3 }),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([top, sections, eol]) => {
    const lines = (entries: Readonly<Record<string, readonly [string[], string, string, string]>>) =>
      Object.entries(entries).flatMap(([key, [remarks, sign, value, inline]]) => [
        ...remarks,
        // Behind quotes sops sees no comment, and one below another comment goes to its line.
        `${key}${sign}${value}${/^["`]/.test(value) || remarks.length > 0 ? '' : inline}`,
      ]);
    const all = [
      ...lines(top),
      ...sections.flatMap(([remarks, section, blank, entries]) => [
        ...(blank ? [''] : []),
        ...remarks,
        `[${section === 'sops' ? 'x' : section}]`,
        ...lines(entries),
      ]),
    ];
    return all.map((line) => line.replaceAll('\n', eol) + eol).join('');
  });
