import assert from 'node:assert/strict';
import type { FormatId } from '../../../src/core/format/document.ts';
import { isSealedToken, isSigns } from '../../../src/core/format/signs.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { requireAccounted } from '../../../src/core/seal/accounted.ts';
import { heldBy } from '../../../src/core/seal/held.ts';
import { prove, proveSwaps } from '../../../src/core/seal/prove.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { text } from '../../../src/core/tree/value.ts';
import { cpuTime } from '../shared.ts';
import { alice, clock, reopen } from '../support.ts';

const options = { recipients: [alice.recipient] };
const plain: Readonly<Record<Exclude<FormatId, 'binary'>, string>> = {
  yaml: '# head\na: 1\nl:\n    # item\n    - x\n    - y # end\nb_unencrypted: seen # told\ne: ""\nn: null\n',
  json: '{"a": 1, "l": ["x", "y"], "b_unencrypted": "seen", "e": "", "n": null}\n',
  dotenv: '# head\nA=1\nB_unencrypted=seen\nE=\nC=y\n',
  ini: '; top\nq = 0\n; about\n[s]\n; key\na = 1 ; end\nb_unencrypted = seen\ne =\nc = y\n',
};
const formats = Object.keys(plain) as (keyof typeof plain)[];

describe('the proof before an encrypted text leaves', () => {
  for (const format of formats) {
    describe(format, () => {
      let opened: Opened;
      let sealed: string;
      before(async () => {
        sealed = (await seal(plain[format], format, options, clock)).text;
        opened = await reopen(sealed, format);
      });
      const proved = async (of: string) => prove(readSealed(of, format), opened.dataKey, await heldBy(opened));

      it('holds for what we write', () => proved(sealed));

      it('does not hold for a value in the place of another', async () => {
        const held = await heldBy(opened);
        const other = held.leaves.with(0, { ...held.leaves[0]!, value: text('other') });
        await assert.rejects(prove(opened.sealed, opened.dataKey, { ...held, leaves: other }), {
          code: 'UNSUPPORTED_VALUE',
        });
        const fewer = held.leaves.slice(1);
        await assert.rejects(prove(opened.sealed, opened.dataKey, { ...held, leaves: fewer }), {
          code: 'UNSUPPORTED_VALUE',
        });
        const moved = held.leaves.with(0, { ...held.leaves[0]!, path: ['elsewhere'] });
        await assert.rejects(prove(opened.sealed, opened.dataKey, { ...held, leaves: moved }), {
          code: 'UNSUPPORTED_VALUE',
        });
      });

      it('does not hold for a ciphertext that is missing or was cut', async () => {
        const enc = /ENC\[[^\]]*\]/.exec(sealed)?.[0] ?? '';
        for (const other of [sealed.replace(enc, 'one'), sealed.replace(enc, enc.slice(0, -4))])
          await assert.rejects(proved(other));
      });

      it('does not hold for clear text behind a ciphertext, over which SOPS passes', async () => {
        const quote = format === 'json' ? /(type:int\])(")/ : /(type:(?:int|str)\])(\s)/;
        const other = sealed.replace(quote, '$1left over$2');
        assert.notEqual(other, sealed);
        await assert.rejects(proved(other), {
          code: 'UNSUPPORTED_VALUE',
          place: { what: 'clear-text', path: opened.sealed.leaves[0]!.path },
        });
      });
    });
  }

  for (const format of ['yaml', 'dotenv', 'ini'] as const) {
    it(`${format}: every comment is there, and none in clear text that is to be encrypted`, async () => {
      const sealed = (await seal(plain[format], format, options, clock)).text;
      const opened = await reopen(sealed, format);
      const held = await heldBy(opened);
      const refused = { code: 'UNSUPPORTED_VALUE' };
      const first = /[#;] ?ENC\[[^\]]*type:comment\]/.exec(sealed)?.[0] ?? assert.fail();
      const sign = first.charAt(0);
      const line = `${sign} a part of a value\n`;
      const changed: Readonly<Record<string, string>> = {
        'one more': sealed.replace(first, `${line}${first}`),
        'one less': sealed.replace(new RegExp(`${sign} ?ENC\\[[^\\]]*type:comment\\]\n`), ''),
        'in clear text': sealed.replace(first, `${sign} head`),
      };
      for (const [what, of] of Object.entries(changed)) {
        assert.notEqual(of, sealed, what);
        await assert.rejects(prove(readSealed(of, format), opened.dataKey, held), refused, what);
      }
      const other = held.comments.with(0, { ...held.comments[0]!, text: ' other' });
      await assert.rejects(prove(opened.sealed, opened.dataKey, { ...held, comments: other }), refused);
    });
  }

  it('accounts for every character between names, values and comments', async () => {
    const sealed = readSealed((await seal(plain.yaml, 'yaml', options, clock)).text, 'yaml');
    requireAccounted(sealed);
    // A reader that had passed over a stretch of the text would leave it in none of the three.
    for (const at of [0, sealed.doc.text.indexOf('\nl:') + 1, sealed.doc.text.length]) {
      const doc = { ...sealed.doc, text: `${sealed.doc.text.slice(0, at)}left${sealed.doc.text.slice(at)}` };
      const shift = <T extends { start: number; end: number }>(span: T): T => ({
        ...span,
        start: span.start + (span.start >= at ? 4 : 0),
        end: span.end + (span.start >= at ? 4 : 0),
      });
      const leaves = sealed.leaves.map((leaf) => ({ ...leaf, node: { ...leaf.node, span: shift(leaf.node.span) } }));
      const comments = sealed.comments.map((one) => ({ ...one, node: { ...one.node, span: shift(one.node.span) } }));
      const metadata = sealed.doc.metadata.map((block) => block && { ...block, span: shift(block.span) });
      assert.throws(() => requireAccounted({ doc: { ...doc, metadata }, leaves, comments } as never), {
        code: 'UNSUPPORTED_VALUE',
      });
    }
  });

  it('passes over the rest of a file only where ciphertexts and times change places', async () => {
    const { doc } = readSealed((await seal(plain.yaml, 'yaml', options, clock)).text, 'yaml');
    const other = 'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]';
    const swapped = (from: RegExp, by: string) => {
      const [token = assert.fail(), start = assert.fail()] = [from.exec(doc.text)?.[0], from.exec(doc.text)?.index];
      return proveSwaps(doc, [{ start, end: start + token.length, text: by }]);
    };
    assert.equal(swapped(/ENC\[[^\]]*type:int\]/, other), doc.text.replace(/ENC\[[^\]]*type:int\]/, other));
    assert.ok(swapped(/"\d{4}-[^"]*Z"/, '"2030-01-01T00:00:00Z"'));
    for (const by of [
      'one',
      '',
      `"${other}"`,
      `${other} `,
      ` ${other}`,
      `${other}\nb: 1`,
      other.slice(0, -1),
      '2030-01-01T00:00:00Z',
    ])
      assert.equal(swapped(/ENC\[[^\]]*type:int\]/, by), undefined, by);
    for (const by of ['"2030"', '2030-01-01T00:00:00Z', `"${other}"`, '"2030-01-01T00:00:00Z" #'])
      assert.equal(swapped(/"\d{4}-[^"]*Z"/, by), undefined, by);
    assert.equal(swapped(/seen/, other), undefined, 'clear text');
  });

  it('knows the signs of each format', () => {
    for (const signs of [
      '\n  - ? : , [ ] { } \u2028\x85',
      '&a !!str\n',
      '&a-b *c ',
      '...\n%YAML 1.1\n%TAG ! tag:x,1:\n---\n',
      '! x: '.slice(0, 2),
    ])
      assert.ok(isSigns('yaml', signs), signs);
    for (const other of ['a', '#', '"', ' 1', '\u00a0', '%YAML 1.1 # x', '&a b', '|'])
      assert.ok(!isSigns('yaml', other), other);
    assert.ok(isSigns('json', '\ufeff{\r\n\t[],: }') && !isSigns('json', '//') && !isSigns('json', '\u00a0'));
    assert.ok(isSigns('dotenv', '=\r\n') && !isSigns('dotenv', ' ') && !isSigns('dotenv', '#'));
    assert.ok(isSigns('ini', '\n[] = :\t') && !isSigns('ini', ';') && !isSigns('ini', '"'));
  });

  it('knows what an encrypted value may look like', () => {
    const enc = 'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]';
    for (const token of [
      enc,
      `"${enc}"`,
      `'${enc}'`,
      `&a !!str ${enc}`,
      `|-\n    ${enc}`,
      '""',
      "''",
      'null',
      '~',
      '',
      '!!null ~',
      '|',
    ])
      assert.ok(isSealedToken('yaml', token), token);
    for (const token of [`${enc}x`, `"${enc}'`, 'x', '"x"', `x ${enc}`, `|\n  ${enc}\n  x`, '!!str x', `# ${enc}`, '0'])
      assert.ok(!isSealedToken('yaml', token), token);
    assert.ok(isSealedToken('json', `"${enc}"`) && isSealedToken('json', 'null') && !isSealedToken('json', enc));
    assert.ok(isSealedToken('json', `"${enc.replaceAll('eA==', 'e\\/\\u002b\\u003D=')}"`));
    assert.ok(!isSealedToken('json', `"${enc.replaceAll('eA==', '\\u0041\\u0042')}"`));
    assert.ok(isSealedToken('dotenv', enc) && isSealedToken('dotenv', '') && !isSealedToken('dotenv', `"${enc}"`));
    assert.ok(
      isSealedToken('ini', `"""${enc}"""`) && isSealedToken('ini', `\`${enc}\``) && !isSealedToken('ini', `"${enc}`),
    );
  });

  it('takes no longer for signs that fit nearly', () => {
    const start = cpuTime();
    for (const part of ['!', '&-', '*a', '%TAG -', '! ', '!!str ', '&a ', '---'])
      for (const end of ['\u00e9', ' \u00e9', '\n\u00e9']) {
        isSigns('yaml', part.repeat(20_000) + end);
        isSealedToken('yaml', part.repeat(20_000) + end);
      }
    assert.ok(cpuTime() - start < 5_000);
  });
});
