import assert from 'node:assert/strict';
import fc from 'fast-check';
import { leftOutOf, patternsOf } from '../../../src/core/redact/patterns.ts';
import { Redactor } from '../../../src/core/redact/redactor.ts';
import { Search } from '../../../src/core/redact/search.ts';

const canary = "k7/Q+canary's value\\: 9\u00fc";

function redacted(value: string, ...chunks: (string | Buffer)[]): string {
  const redactor = new Redactor(new Search(patternsOf([{ name: 'NAME', value }])), () => Buffer.from('<NAME>'));
  return Buffer.concat([
    ...chunks.map((chunk) => Buffer.from(redactor.push(Buffer.from(chunk as string)))),
    redactor.flush(),
  ]).toString();
}

const pythonJson = (value: string) =>
  JSON.stringify(value).replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const strict = (value: string) =>
  encodeURIComponent(value).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

describe('patterns of a value', () => {
  const spelled: Record<string, (value: string) => string> = {
    'as it is': (value) => value,
    'as JSON': (value) => JSON.stringify({ a: value }),
    'as JSON in JSON': (value) => JSON.stringify({ a: JSON.stringify({ b: value }) }),
    'as JSON of Python': (value) => pythonJson(value),
    'as JSON in JSON of Python': (value) => pythonJson(pythonJson(value)),
    'as Python shows a text with both quotes': (value) => `'"${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    'as Node shows a text with both quotes': (value) => `\`'"${value.replaceAll('\\', '\\\\')}\``,
    'in a path of a URL, as Python quotes it': (value) => strict(value).replaceAll('%2F', '/'),
    'with backslashes of a shell that knows letters': (value) => value.replace(/[ '\\]/g, '\\$&'),
    'in a URL': (value) => `https://x/?a=${encodeURIComponent(value)}&b`,
    'in a URL with small digits': (value) => encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
    'in a form': (value) => new URLSearchParams({ a: value, b: 'c' }).toString(),
    'in hex': (value) => Buffer.from(value).toString('hex'),
    'in capital hex': (value) => Buffer.from(value).toString('hex').toUpperCase(),
    'in quotes of a shell': (value) => `'${value.replaceAll("'", "'\\''")}'`,
  };
  for (const [how, spell] of Object.entries(spelled))
    it(`has it ${how}`, () => {
      assert.match(redacted(canary, `<${spell(canary)}>`), /<NAME>/);
      assert.doesNotMatch(redacted(canary, spell(canary)), /canary|63616e617279/i);
    });

  it('has signs that one program writes otherwise and another one not', () => {
    const value = 'a~b*c,d#e f';
    for (const text of [
      'a%7Eb*c%2Cd%23e+f', // a browser, Java
      'a~b%2Ac%2Cd%23e+f', // Python, Go
      'a%7Eb%2Ac%2Cd%23e+f', // PHP
      'a~b\\*c\\,d#e\\ f', // `printf %q` of bash
    ])
      assert.equal(redacted(value, text), '<NAME>', text);
    assert.equal(new URLSearchParams({ a: value }).toString(), 'a=a%7Eb*c%2Cd%23e+f');
    assert.equal(redacted('~ab:~cd=~#e', '\\~ab:\\~cd=\\~#e'), '<NAME>', 'a tilde that may be a home folder');
    assert.equal(redacted('#abc"\'\r\n\tdef', "'#abc\"\\'\\r\\n\\tdef'"), "'<NAME>'", 'as Python shows it');
  });

  it('has it in base64 and base64url, wherever it begins, with anything around it', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 8 }),
        fc.uint8Array({ maxLength: 8 }),
        fc.constantFrom('base64' as const, 'base64url' as const),
        fc.stringMatching(/^[a-z/+?\u00ff]{9,40}$/),
        (before, after, encoding, value) => {
          const all = Buffer.concat([before, Buffer.from(value), after]).toString(encoding);
          const out = redacted(value, all);
          assert.match(out, /<NAME>/);
          // What is left beside it is decided by its neighbours: at most two of its bytes at each end.
          const left = out.replace('<NAME>', '').length;
          assert.ok(left <= Math.ceil(((before.length + after.length + 4) * 8) / 6) + 4, out);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('has each line of a key in base64 as programs wrap it', () => {
    const value = 'line of a key '.repeat(20);
    for (const width of [64, 76]) {
      const lines =
        Buffer.from(value)
          .toString('base64')
          .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
      const out = redacted(value, `${lines.join('\n')}\n`);
      assert.equal(out.replaceAll('<NAME>', '').replaceAll('\n', '').length < 8, true, out);
    }
  });

  it('has a value of several lines as a terminal prints it, and each of its lines', () => {
    const value = '-----BEGIN KEY-----\nfirst-line-1\nsecond-line\nx\n-----END KEY-----\n';
    assert.equal(redacted(value, `a${value.replaceAll('\n', '\r\n')}b`), 'a<NAME>b');
    assert.equal(
      redacted(value, '+ first-line-1\n+ second-line\n-----BEGIN KEY-----'),
      '+ <NAME>\n+ <NAME>\n-----BEGIN KEY-----',
    );
  });

  it('leaves out what is short or common, and says which', () => {
    const values = { A: 'abc', B: 'true', C: '3000', D: 'admin', E: 'production', F: 'x7q!', G: '', H: ' ', I: '0.5' };
    const secrets = Object.entries(values).map(([name, value]) => ({ name, value }));
    assert.deepEqual(
      leftOutOf(secrets).map(({ name, why }) => `${name} ${why}`),
      ['A short', 'B common', 'C common', 'D common', 'E common', 'I short'],
    );
    assert.deepEqual(
      patternsOf(secrets).map(({ name }) => name),
      ['F'],
    );
  });

  it('looks for a value of four to seven characters as it is, and not for its spellings', () => {
    assert.equal(redacted('x7q!z', 'x7q!z'), '<NAME>');
    assert.equal(patternsOf([{ name: 'A', value: 'x7q!z' }]).length, 1);
  });

  it('has the password in a URL', () => {
    assert.equal(
      redacted('postgres://me:s3cr%40t-9@host/db', 'postgres://me:s3cr%40t-9@host/db s3cr@t-9'),
      '<NAME> <NAME>',
    );
    assert.equal(redacted('postgres://me:test@host/db', 'this is a test'), 'this is a test');
  });
});
