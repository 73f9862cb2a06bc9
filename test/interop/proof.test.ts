import assert from 'node:assert/strict';
import type { FormatId } from '../../src/core/format/document.ts';
import { rotate } from '../../src/core/keys/rotate.ts';
import { unsealBytes } from '../../src/core/open/unseal.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { text } from '../../src/core/tree/value.ts';
import {
  addEntry,
  editText,
  moveNode,
  plainTextOf,
  removeEntry,
  removeNodes,
  renameEntry,
  setValue,
} from '../core/changes.ts';
import { alice, clock, later, reopen } from '../core/support.ts';
import { Bench } from './tools.ts';

const options = { recipients: [alice.recipient] };
const mark = '\ufeff';
const canary = 'correct-horse';

describe('what is proved here, by the real sops', function () {
  this.timeout(120_000);
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  const decrypted = (name: string, sealed: string): string => {
    bench.write(name, sealed);
    return bench.sops(['decrypt', name]);
  };
  const encrypted = (name: string, plain: string): string => {
    bench.write(name, plain);
    return bench.sops(['encrypt', '--age', alice.recipient, name]);
  };
  const json = (name: string, sealed: string): unknown => {
    bench.write(name, sealed);
    return JSON.parse(bench.sops(['decrypt', '--output-type', 'json', name]));
  };

  describe('YAML with line breaks of every kind', () => {
    for (const [name, end] of Object.entries({ CR: '\r', 'CR LF': '\r\n', NEL: '\x85', LS: '\u2028', PS: '\u2029' })) {
      const rows = ['a: |-', '  # first', '  second', 'b:', '- >', '  # third', '  fourth', 'c: 1 # note', ''];
      const plain = rows.join(end);

      it(`${name}: sops reads from ours what it reads from its own`, async () => {
        const { text: ours } = await seal(plain, 'yaml', options, clock);
        const theirs = encrypted('theirs.yaml', plain);
        assert.deepEqual(json('ours.yaml', ours), json('theirs.yaml', theirs));
        assert.match(JSON.stringify(json('ours.yaml', ours)), /# first.*second.*# third.fourth/s);
        for (const word of ['first', 'second', 'third', 'fourth', 'note']) assert.ok(!ours.includes(word));
        // Back, and once more.
        const again = await seal(await plainTextOf(await reopen(ours, 'yaml')), 'yaml', options, clock);
        assert.deepEqual(json('again.yaml', again.text), json('theirs.yaml', theirs));
      });

      it(`${name}: sops reads every change of it`, async () => {
        const { text: ours } = await seal(plain, 'yaml', options, clock);
        const opened = await reopen(ours, 'yaml');
        const before = json('ours.yaml', ours) as { a: string; b: string[]; c: number };
        const { a: _, ...withoutA } = before;
        const wanted: readonly [unknown, Promise<{ text: string }>][] = [
          [{ ...before, a: '# new\nlines\n' }, setValue(opened, '[0,"a"]', text('# new\nlines\n'), later)],
          [{ ...before, d: canary }, addEntry(opened, 0, [], 'd', text(canary), later)],
          [{ ...withoutA, e: before.a }, renameEntry(opened, '[0,"a"]', 'e', later)],
          [withoutA, removeEntry(opened, '[0,"a"]', later)],
          [withoutA, removeNodes(opened, ['[0,"a"]'], later)],
          [{ ...withoutA, a: before.a }, moveNode(opened, '[0,"a"]', { group: '[0]' }, later)],
          [before, rotate(opened, later)],
        ];
        for (const [expected, change] of wanted) {
          const after = (await change).text;
          assert.ok(!after.includes(canary) && !after.includes('first'));
          assert.deepEqual(json('after.yaml', after), expected);
        }
      });
    }
  });

  it('comments behind directives are encrypted, and sops reads the file', async () => {
    const plain = `%YAML 1.1 # ${canary}\n%TAG !e! tag:e,2000: # ${canary}\n---\na: 1\n`;
    const { text: ours } = await seal(plain, 'yaml', options, clock);
    assert.ok(!ours.includes(canary));
    assert.equal(decrypted('a.yaml', ours), 'a: 1\n');
  });

  it('a comment at the end that sops encrypts is encrypted here as well', async () => {
    const plain = `a_unencrypted:\n    - x\n\n    # ${canary}\n`;
    assert.ok(!encrypted('theirs.yaml', plain).includes(canary));
    const { text: ours } = await seal(plain, 'yaml', options, clock);
    assert.ok(!ours.includes(canary));
    assert.ok(decrypted('ours.yaml', ours).includes(canary));
  });

  it('of metadata that says a thing twice, sops takes the last: here it is refused', async () => {
    const { text: ours } = await seal('{"a": "x"}\n', 'json', options, clock);
    const twice = ours.replace('"mac":', '"mac": "",\n\t\t"mac":');
    assert.equal(JSON.parse(decrypted('twice.json', twice)).a, 'x');
    assert.throws(() => readSealed(twice, 'json'), { code: 'BAD_METADATA' });
    const other = ours.replace('"lastmodified":', '"la\u017ftmodified":');
    assert.equal(JSON.parse(decrypted('other.json', other)).a, 'x');
    assert.deepEqual((await reopen(other, 'json')).verdict, { ok: true });
  });

  it('a comment that says it is a value is refused by both', async () => {
    const sealed: Readonly<Record<string, string>> = {
      yaml: encrypted('a.yaml', '# note\na: x\n'),
      dotenv: encrypted('a.env', '# note\nA=x\n'),
    };
    for (const [format, text] of Object.entries(sealed)) {
      const name = format === 'yaml' ? 'b.yaml' : 'b.env';
      bench.write(name, text.replace('type:comment]', 'type:str]'));
      assert.equal(bench.trySops(['decrypt', name]).status, 51);
      const { verdict } = await reopen(text.replace('type:comment]', 'type:str]'), format as FormatId);
      assert.equal(verdict.ok, false);
    }
  });

  describe('dotenv with CR, encrypted by sops', () => {
    for (const plain of ['B_unencrypted=2\r\nA=1\r\nC=\r\n# c\r\n', 'A=1\r\nB_unencrypted=2\r\n', 'A=1\r\nB=2\n']) {
      it(JSON.stringify(plain), async () => {
        const theirs = encrypted('a.env', plain);
        const opened = await reopen(theirs, 'dotenv');
        assert.deepEqual(opened.verdict, { ok: true });
        assert.equal(Buffer.from(await unsealBytes(opened)).toString(), plain);
        assert.equal(decrypted('a.env', theirs), plain);
        const set = await setValue(opened, '[0,"A"]', text('new'), later);
        assert.equal(decrypted('b.env', set.text), plain.replace('A=1\r', 'A=new'));
        const edited = await editText(opened, plain.replace('A=1', 'A=3'), later);
        assert.equal(decrypted('c.env', edited.text), plain.replace('A=1', 'A=3'));
        assert.equal(decrypted('d.env', (await rotate(opened, later)).text), plain);
      });
    }

    it('with line ends that a tool changed opens as well', async () => {
      const { text: ours } = await seal('A_unencrypted=1\nB=2\n', 'dotenv', options, clock);
      const opened = await reopen(ours.replaceAll('\n', '\r\n'), 'dotenv');
      assert.deepEqual(opened.verdict, { ok: true });
    });
  });

  describe('a byte order mark that the text does not show', () => {
    for (const [name, format, plain] of [
      ['a.yaml', 'yaml', 'A: one\nB: two\nC: three\n'],
      ['a.ini', 'ini', '[s]\nA = one\nB = two\nC = three\n'],
    ] as const) {
      it(`${format}: sops verifies what was deleted and renamed`, async () => {
        const theirs = encrypted(name, mark + plain).replace(mark, '');
        const opened = await reopen(theirs, format);
        const [first, second] = opened.sealed.leaves;
        for (const id of [first?.id ?? '', second?.id ?? ''])
          for (const change of [removeEntry(opened, id, later), renameEntry(opened, id, 'D', later)])
            decrypted(name, mark + (await change).text);
      });
    }

    it('dotenv: a part of the first name to sops, so deleting, renaming and adding are refused, as in the Secrets Editor', async () => {
      const theirs = encrypted('a.env', `${mark}A=one\nB=two\n`);
      assert.ok(theirs.startsWith(mark));
      const opened = await reopen(theirs.slice(1), 'dotenv');
      assert.deepEqual(opened.verdict, { ok: true });
      const refused = { code: 'UNSUPPORTED_VALUE', place: { what: 'byte-order-mark' } };
      await assert.rejects(removeEntry(opened, '[0,"A"]', later), refused);
      await assert.rejects(renameEntry(opened, '[0,"A"]', 'C', later), refused);
      await assert.rejects(addEntry(opened, 0, [], 'C', text('x'), later), refused);
      await assert.rejects(removeNodes(opened, ['[0,"A"]'], later), refused);
      const set = await setValue(opened, '[0,"A"]', text('three'), later);
      assert.equal(decrypted('b.env', mark + set.text), `${mark}A=three\nB=two\n`);
      const empty = await setValue(opened, '[0,"A"]', text(''), later);
      assert.equal(decrypted('c.env', mark + empty.text), `${mark}A=\nB=two\n`);
    });
  });

  it('a mark inside of a YAML file is refused: sops takes it for a part of a name', async () => {
    for (const plain of ['a: 1\n---\n\ufeffb: 2\n', 'a: 1\n\ufeffb: 2\n']) {
      assert.match(encrypted('a.yaml', plain), /\\uFEFF/);
      await assert.rejects(seal(plain, 'yaml', options, clock), /SYNTAX \(byte-order-mark\)/);
    }
  });
});
