import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FormatId, Span } from '../../../src/core/format/document.ts';
import { plainLeaves } from '../../../src/core/seal/seal.ts';
import { envelopes, looksSealed } from '../../../src/core/view/envelopes.ts';
import { MASK, moveSpans, tidySpans, touches } from '../../../src/core/view/mask.ts';
import { lineMasks, strayMasks } from '../../../src/core/view/plain.ts';

const token = 'ENC[AES256_GCM,data:kZP+1n8=,iv:BGT8/x=,tag:7q==,type:str]';
const run = { numRuns: 300 };

/** A text with its masks drawn in. */
function masked(text: string, format: FormatId): string {
  return draw(text, lineMasks(text, format));
}

function draw(text: string, spans: readonly { start: number; end: number }[]): string {
  return [...spans].reverse().reduce((out, { start, end }) => `${out.slice(0, start)}••${out.slice(end)}`, text);
}

describe('masks of encrypted files', () => {
  it('are eight dots', () => assert.equal(MASK, '••••••••'));

  it('cover the token and nothing around it', () => {
    const text = `a: ${token}\nb: "${token}" # x\n#${token}\n- ${token}`;
    assert.equal(draw(text, envelopes(text)), 'a: ••\nb: "••" # x\n#••\n- ••');
  });

  it('hold where the file does not parse', () => {
    const text = `a: ${token}\n\t: } ${token}\nENC[ENC[AES256_GCM,data:${token}\nENC[AES256_GCM,data:`;
    assert.equal(draw(text, envelopes(text)), 'a: ••\n\t: } ••\nENC[ENC[AES256_GCM,data:••\nENC[AES256_GCM,data:');
  });

  // Quadratic work on texts of this size takes minutes: the test's time-out would end it.
  it('are found in linear time in hostile text', () => {
    for (const piece of ['ENC[', 'ENC[A,', 'ENC[AES256_GCM,data:a', 'ENC[A,ENC']) {
      assert.deepEqual(envelopes(piece.repeat(300_000)), []);
    }
  });

  it('are found whatever stands between them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('ENC['))), (between) => {
        const text = between.join(token);
        assert.equal(envelopes(text).length, Math.max(0, between.length - 1));
        for (const { start, end } of envelopes(text)) assert.equal(text.slice(start, end), token);
      }),
      run,
    );
  });

  it('are looked for in files with metadata only', () => {
    assert.ok(looksSealed(`a: ${token}\nsops:\n  age: []`));
    assert.ok(looksSealed(`{"a":"${token}","sops":{}}`));
    assert.ok(looksSealed(`A=${token}\nsops_version=3`));
    assert.ok(looksSealed(`a = ${token}\n[sops]\nx = y`));
    assert.ok(!looksSealed(`A value looks like ${token}.`));
  });
});

describe('masks of plain files by their lines', () => {
  it('hide what follows the first = of dotenv', () => {
    assert.equal(
      masked('# note\nA=b\nexport C = d=e \nEMPTY=\n\nF="g h" # i', 'dotenv'),
      '# note\nA=••\nexport C = •• \nEMPTY=\n\nF=••',
    );
  });

  it('hide the lines that a dotenv value goes on with', () => {
    const pem = 'K="-----BEGIN X-----\nabc=def\nq2w3==\n-----END X-----"\nB=c';
    assert.equal(masked(pem, 'dotenv'), 'K=••\n••\n••\n••\nB=••');
    assert.equal(masked('K=-----BEGIN X-----\nabc=def\n-----END X-----\nB=c', 'dotenv'), 'K=••\n••\n••\nB=••');
    assert.equal(masked('A=b\nnot an assignment\nTWFu==\n', 'dotenv'), 'A=••\n••\n••\n');
  });

  it('hide assignments in dotenv comments', () => {
    assert.equal(masked('# OLD_KEY=abc\n#A=b\n# see https://x.y', 'dotenv'), '# OLD_KEY=••\n#A=••\n# see https://x.y');
    assert.equal(
      draw('A=b\n# OLD=abc\nK="x\ny=z"', strayMasks('A=b\n# OLD=abc\nK="x\ny=z"', 'dotenv')),
      'A=b\n# OLD=••\nK="x\n••',
    );
  });

  it('hide what follows the first sign of INI, and what goes on', () => {
    assert.equal(
      masked('[db = x] ; note\nuser = a # b\n"x=y": c\n; old = d\n; note\nbare\n', 'ini'),
      '[db = x] ; note\nuser = ••\n"x=y": ••\n; old = ••\n; note\n••\n',
    );
    assert.equal(masked('a = """b\nc = d\n"""\ne = f', 'ini'), 'a = ••\n••\n••\ne = ••');
    const on = 'k = """\\\n"""\\\n ;secret """\ne = f';
    assert.equal(masked(on, 'ini'), 'k = ••\n••\n ••\ne = ••');
    assert.equal(masked('a = b \\\n  [c]\nd = `e\n[f]`\ng = h', 'ini'), 'a = ••\n  ••\nd = ••\n••\ng = ••');
    assert.equal(draw('a = b\n; old = c\n', strayMasks('a = b\n; old = c\n', 'ini')), 'a = b\n; old = ••\n');
    assert.deepEqual(strayMasks('# a = b', 'yaml'), []);
  });

  it('hide at least every value that the INI parser finds', () => {
    const piece = fc.constantFrom(
      ...['a', '=', ': ', '"', '"""', '`', "'", '\\', '#', ' ;', ' ', '\n', '\nk = ', '[s]\n', '\\\n'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (parts) => {
        const source = parts.join('');
        let values: Span[];
        try {
          values = plainLeaves(source, 'ini').map((leaf) => leaf.node.span);
        } catch {
          return;
        }
        const masks = lineMasks(source, 'ini');
        for (const { start, end } of values)
          for (let at = start; at < end; at++)
            if (/\S/.test(source.charAt(at)))
              assert.ok(
                masks.some((mask) => mask.start <= at && at < mask.end),
                JSON.stringify(source),
              );
      }),
      { numRuns: 2000, examples: [[['\n', 'k = ', '"""', '\\\n', '"""', '\\\n', ' ;', '"""']]] },
    );
  });

  it('hide what follows the first colon of YAML, and what goes on', () => {
    assert.equal(masked('a: b\nc:\n  d: e\n  - f\n', 'yaml'), 'a: ••\nc:\n  d: ••\n  - ••\n');
    assert.equal(masked('k: |\n  s: x\n\n  # y\nl: m', 'yaml'), 'k: ••\n  ••\n\n  ••\nl: ••');
    assert.equal(masked('k: "a\nb: c"\nd: e', 'yaml'), 'k: ••\n••\nd: ••');
    assert.equal(
      masked('- name: a\n  key: b\n- "x: y": z\n- {a: b}\n', 'yaml'),
      '- name: ••\n  key: ••\n- "x: y": ••\n- ••\n',
    );
    assert.equal(masked('--- secret\n---\nhttp://x\n# c\nk: # d\n', 'yaml'), '••\n---\n••\n# c\nk: ••\n');
  });

  it('hide what follows the first name of JSON', () => {
    assert.equal(
      masked('{\n  "a": "b",\n  "c": {\n    "d": [\n "e",\n ]\n', 'json'),
      '{\n  "a": ••,\n  "c": {\n    "d": [\n ••,\n ]\n',
    );
    assert.equal(masked('{"a":"b","c":"d"}', 'json'), '{"a":••');
    assert.equal(masked('{"a":"b\n"c": "d"\n', 'json'), '{"a":••\n••\n');
    assert.equal(masked('{"a', 'json'), '••');
  });

  it('leave no value of a generated file readable', () => {
    const value = fc
      .string({ unit: fc.constantFrom(...'abXY019 ="\':#{}[],-|&\\'.split('')), maxLength: 20 })
      .map((s) => `S3CR3T${s}`);
    const line = {
      dotenv: (v: string, i: number) => `KEY_${i}=${v}`,
      yaml: (v: string, i: number) => `${'  '.repeat(i % 3)}key_${i}: ${v}`,
      ini: (v: string, i: number) => `key_${i} = ${v}`,
      json: (v: string, i: number) => `  "key_${i}": "${v}",`,
    };
    for (const format of ['dotenv', 'yaml', 'json', 'ini'] as const) {
      fc.assert(
        fc.property(fc.array(value), fc.constantFrom('\n', '\r\n'), (values, eol) => {
          assert.ok(!masked(values.map(line[format]).join(eol), format).includes('S3CR3T'));
        }),
        run,
      );
    }
  });

  it('take linear time on hostile text', () => {
    for (const piece of ['"', '"\\', "'", '- ', '{', ' ', '\t', 'a=', '#', '&a ', '!', '`', '[']) {
      for (const format of ['dotenv', 'yaml', 'json', 'ini'] as const) {
        assert.ok(Array.isArray(lineMasks(piece.repeat(100_000), format)));
      }
    }
  });
});

describe('spans', () => {
  const span = fc.tuple(fc.nat(60), fc.nat(8)).map(([start, length]) => ({ start, end: start + length }));

  it('are tidied into sorted ones that are apart', () => {
    fc.assert(
      fc.property(fc.array(span), (spans) => {
        const tidy = tidySpans(spans);
        const covers = (list: typeof spans, at: number) => list.some((s) => s.start <= at && at < s.end);
        for (let at = 0; at < 70; at++) assert.equal(covers(tidy, at), covers(spans, at));
        for (const [i, s] of tidy.entries()) assert.ok(s.start >= (tidy[i - 1]?.end ?? 0));
      }),
      run,
    );
  });

  it('move with an edit and keep covering what they covered', () => {
    const edit = fc.record({ offset: fc.nat(60), length: fc.nat(10), inserted: fc.nat(10) });
    fc.assert(
      fc.property(fc.array(span), edit, (spans, e) => {
        const moved = moveSpans(tidySpans(spans), e);
        for (const s of tidySpans(spans)) {
          for (let at = s.start; at < s.end; at++) {
            if (at >= e.offset && at < e.offset + e.length) continue;
            const now = at < e.offset ? at : at + e.inserted - e.length;
            assert.ok(moved.some((m) => m.start <= now && now < m.end));
          }
        }
      }),
      run,
    );
  });

  it('are touched at their edges', () => {
    assert.ok(
      touches({ start: 3, end: 5 }, 3, 3) && touches({ start: 3, end: 5 }, 5, 5) && touches({ start: 3, end: 5 }, 0, 9),
    );
    assert.ok(!touches({ start: 3, end: 5 }, 2, 2) && !touches({ start: 3, end: 5 }, 6, 8));
  });
});
