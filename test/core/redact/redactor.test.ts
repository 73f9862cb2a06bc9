import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Pattern, patternsOf } from '../../../src/core/redact/patterns.ts';
import { Redactor } from '../../../src/core/redact/redactor.ts';
import { Search } from '../../../src/core/redact/search.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const bytes = (value: string) => Buffer.from(value, 'latin1');
const label = (name: string) => bytes(`<${name}>`);

/** Patterns as given, whatever their length. */
const literal = (...values: string[]): Pattern[] => values.map((value) => ({ bytes: bytes(value), name: value }));
const ofValue = (value: string, name = 'NAME') => patternsOf([{ name, value }]);

/** What comes out of a stream of chunks. */
function redacted(patterns: readonly Pattern[], ...chunks: (string | Uint8Array)[]): string {
  const redactor = new Redactor(new Search(patterns), label);
  const out = chunks.map((chunk) => Buffer.from(redactor.push(typeof chunk === 'string' ? bytes(chunk) : chunk)));
  return text(Buffer.concat([...out, redactor.flush()]));
}

/** The same, slowly: every place of every pattern, those that overlap as one. */
function slowly(patterns: readonly Pattern[], all: string): string {
  const places = patterns.flatMap(({ bytes: wanted, name }) => {
    const found: { start: number; end: number; name: string }[] = [];
    for (let at = all.indexOf(text(wanted)); at >= 0; at = all.indexOf(text(wanted), at + 1))
      found.push({ start: at, end: at + wanted.length, name });
    return found;
  });
  places.sort((a, b) => a.start - b.start || b.end - a.end);
  let out = '';
  let until = 0;
  for (const { start, end, name } of places) {
    if (start >= until) out += `${all.slice(until, start)}<${name}>`;
    until = Math.max(until, end);
  }
  return out + all.slice(until);
}

const pieces = (all: string, cuts: readonly number[]) => {
  const ends = [...new Set(cuts.map((cut) => cut % (all.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, i) => all.slice(start, [...ends, all.length][i]));
};
/** Two letters, so that places meet. */
const letters = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength: min, maxLength: max });

describe('redaction of a stream', () => {
  it('replaces a value by its name', () => {
    assert.equal(redacted(ofValue('hunter2-hunter2'), 'a hunter2-hunter2 b'), 'a <NAME> b');
  });

  it('finds a value in any two chunks, and byte by byte', () => {
    const all = 'before hunter2-hunter2 after';
    for (let at = 0; at <= all.length; at++)
      assert.equal(redacted(ofValue('hunter2-hunter2'), all.slice(0, at), all.slice(at)), 'before <NAME> after');
    assert.equal(redacted(ofValue('hunter2-hunter2'), ...all), 'before <NAME> after');
  });

  it('leaves nothing of two values that overlap, nor of a value in another one', () => {
    assert.equal(redacted(literal('abcdef', 'defghi'), 'xabcdefghiy'), 'x<abcdef>y');
    assert.equal(redacted(literal('abcd', 'abcdefgh'), 'xabcdefghy'), 'x<abcdefgh>y');
    assert.equal(redacted(literal('abcd', 'abcdefgh'), 'xabcdefgy'), 'x<abcd>efgy');
    assert.equal(redacted(literal('aaaa'), 'x', 'aaaaaa', 'aaa', 'y'), 'x<aaaa>y');
  });

  it('holds back only what may be the beginning of a value', () => {
    const redactor = new Redactor(new Search(literal('secret-one', 'token-two')), label);
    assert.equal(text(redactor.push(bytes('Password: '))), 'Password: ');
    assert.equal(redactor.held, 0);
    assert.equal(text(redactor.push(bytes('what is sec'))), 'what is ');
    assert.equal(redactor.held, 3);
    assert.equal(text(redactor.push(bytes('ond'))), 'second');
    assert.equal(redactor.held, 0);
  });

  it('holds back no more than the longest value, whatever comes', () => {
    const redactor = new Redactor(new Search(literal('aaaaaaaa')), label);
    let out = '';
    for (let n = 0; n < 100; n++) {
      out += text(redactor.push(bytes('aaaaaa')));
      assert.ok(redactor.held <= 8, String(redactor.held));
    }
    assert.equal(out + text(redactor.push(bytes('b'))) + text(redactor.flush()), '<aaaaaaaa>b');
  });

  it('gives the same as a slow search, over every split', () => {
    fc.assert(
      fc.property(
        fc.array(letters(4, 9), { minLength: 1, maxLength: 5 }),
        letters(0, 80),
        fc.array(fc.nat(), { maxLength: 6 }),
        (values, all, cuts) => {
          const patterns = literal(...new Set(values));
          assert.equal(redacted(patterns, ...pieces(all, cuts)), slowly(patterns, all));
        },
      ),
      { numRuns: 3000 },
    );
  });

  describe('of every spelling of a value', () => {
    const values = {
      token: 'k7/Q+canary_9~x',
      quoted: `it's "canary" \\ $9 \u00fc<&>`,
      short: 'x7q!z',
      key: '-----BEGIN KEY-----\nfirst+line/1\nsecond line\n-----END KEY-----\n',
      long: 'canary-of-many-letters '.repeat(5),
      url: 'postgres://me:canary%40pass@host/db?x=1',
    };
    for (const [name, value] of Object.entries(values))
      it(`shows nothing over every split: ${name}`, () => {
        const patterns = ofValue(value);
        const search = new Search(patterns);
        for (const { bytes: pattern } of patterns) {
          const spelled = text(pattern);
          const run = (...chunks: string[]) => {
            const redactor = new Redactor(search, label);
            const out = chunks.map((chunk) => Buffer.from(redactor.push(bytes(chunk))));
            return text(Buffer.concat([...out, redactor.flush()]));
          };
          const whole = run(`\t${spelled}\t`);
          assert.equal(whole, '\t<NAME>\t');
          for (let at = 0; at <= spelled.length; at++) {
            const [one, two] = [spelled.slice(0, at), spelled.slice(at)];
            assert.equal(run(`\t${one}`, `${two}\t`), whole, `${spelled} at ${at}`);
            const dressed = run('\t', `${one}\x1b[3`, `1m${two}`, '\t');
            assert.equal(dressed.replaceAll('\x1b[31m', ''), whole, `${spelled}, a colour at ${at}`);
          }
          assert.equal(run('\t', ...spelled, '\t'), whole, `${spelled}, byte by byte`);
        }
      });
  });

  it('gives the same over every split in three of spellings side by side', () => {
    const patterns = patternsOf([
      { name: 'A', value: 'canary-one+' },
      { name: 'B', value: 'one+/canary-two' },
    ]);
    const search = new Search(patterns);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...patterns), { maxLength: 4 }), fc.nat(), fc.nat(), (some, a, b) => {
        const all = some.map((one) => text(one.bytes)).join('');
        const redactor = new Redactor(search, label);
        const out = pieces(all, [a, b]).map((piece) => Buffer.from(redactor.push(bytes(piece))));
        assert.equal(text(Buffer.concat([...out, redactor.flush()])), slowly(patterns, all));
      }),
      { numRuns: 1000 },
    );
  });

  it('passes bytes on that are no text', () => {
    const all = Uint8Array.from({ length: 512 }, (_, i) => i & 255);
    assert.equal(redacted(ofValue('hunter2-hunter2'), all.subarray(0, 300), all.subarray(300)), text(all));
  });

  it('finds a value between the colours of a terminal, and keeps them', () => {
    const all = 'x\x1b[31mhunter2\x1b[0m-\x1b[1;32mhunter2\x1b[m y';
    const wanted = 'x\x1b[31m<NAME>\x1b[0m\x1b[1;32m\x1b[m y';
    assert.equal(redacted(ofValue('hunter2-hunter2'), all), wanted);
    for (let at = 0; at <= all.length; at++)
      assert.ok(!/hunter2/.test(redacted(ofValue('hunter2-hunter2'), all.slice(0, at), all.slice(at))), String(at));
  });

  it('finds a value in the title of a window', () => {
    const found = redacted(
      ofValue('hunter2-hunter2'),
      'a\x1b]0;hunter2-hunter2\x07b\x1b]8;;http://x/hunter2-hunter2\x1b\\c',
    );
    assert.equal(found, 'a\x1b]0;<NAME>\x07b\x1b]8;;http://x/<NAME>\x1b\\c');
  });

  it('shows nothing of a value over every split, with colours anywhere', () => {
    const value = 'canary-7Qx!';
    const sequence = fc.constantFrom('\x1b[0m', '\x1b[31;1m', '\x1b]0;title\x07', '\x1b(B', '\x1b[2K');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(value.length), sequence), { maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        (colours, cuts) => {
          const marks = [...colours].sort(([a], [b]) => b - a);
          const dressed = marks.reduce((now, [at, mark]) => now.slice(0, at) + mark + now.slice(at), value);
          const out = redacted(ofValue(value), ...pieces(`one ${dressed} two`, cuts));
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal takes away.
          const shown = out.replace(/\x1b(?:\[[\d;]*[A-Za-z]|\][^\x07]*\x07|\([A-Z])/g, '');
          assert.equal(shown, 'one <NAME> two');
        },
      ),
      { numRuns: 2000 },
    );
  });
});
