import fc from 'fast-check';
import { anyText, name } from './words.ts';

/** JSON texts: members in order, the same name twice, numbers and strings as tokens, any white space. */

const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? '-0.0' : String(value))),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.constantFrom(
    '0',
    '-0',
    '1.0',
    '1.50',
    '-0.0',
    '1e3',
    '1E3',
    '1e+3',
    '1E-7',
    '1e22',
    '0.1',
    '123456.789',
    '1e21',
    '5e-324',
  ),
  fc.constantFrom(
    '9007199254740993',
    '9223372036854775807',
    '-9223372036854775808',
    '9223372036854775808',
    '123456789012345678901',
  ),
);

/** The same text with some characters as escapes; a solidus and U+0020 may be escaped as well. */
const token = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.constantFrom(0, 1, 2)).map(([value, how]) => {
    const plain = JSON.stringify(value);
    if (how === 0) return plain;
    const escaped = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return how === 1 ? plain.replaceAll('/', '\\/') : plain.replace(/[^\x20-\x7e]/g, escaped);
  });

const string = token(anyText);
const surrogate = fc.constantFrom('"\\ud800"', '"a\\udc00b"', '"\\ud83d\\ud83d\\ude00"');

interface Spaces {
  readonly open: string;
  readonly between: string;
  readonly colon: string;
}
const spaces: fc.Arbitrary<Spaces> = fc.constantFrom(
  { open: '\n  ', between: ',\n  ', colon: ': ' },
  { open: '', between: ',', colon: ':' },
  { open: '\n\t', between: ',\n\t', colon: ': ' },
  { open: '\r\n    ', between: ' ,\r\n    ', colon: ' :  ' },
  { open: ' ', between: ', ', colon: ': ' },
);

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { arbitrary: string, weight: 4 },
    { arbitrary: number, weight: 3 },
    { arbitrary: fc.constantFrom('true', 'false', 'null', '""', '{}', '[]', '{ }', '[\n]'), weight: 2 },
    { arbitrary: surrogate, weight: 1 },
    { arbitrary: members(tie('value')), weight: 2 },
    {
      arbitrary: fc
        .tuple(fc.array(tie('value'), { maxLength: 4 }), spaces)
        .map(([items, { open, between }]) => `[${open}${items.join(between)}${open.trimEnd()}]`),
      weight: 2,
    },
  ),
}));

function members(of: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(fc.tuple(token(name), of), { minLength: 1, maxLength: 4 }), spaces)
    .map(([all, { open, between, colon }]) => {
      return `{${open}${all.map(([key, one]) => key + colon + one).join(between)}${open.trimEnd()}}`;
    });
}

/** A JSON file: an object. */
export const jsonFile: fc.Arbitrary<string> = fc
  .tuple(members(value), fc.constantFrom('', '\n', '\r\n', ' \n\n'), fc.constantFrom('', '', '', '\n', ' '))
  .map(([text, end, start]) => start + text + end);
