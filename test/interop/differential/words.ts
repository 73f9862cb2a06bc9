import fc from 'fast-check';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { carrying } from './canary.ts';
import type { Rule } from './sops.ts';

const nasty = [
  ...[
    '',
    ' ',
    '\t',
    '  two',
    'end ',
    ' both ',
    '"',
    "'",
    '`',
    '\\',
    '\\n',
    '\\\\n',
    '#',
    ' # x',
    'a #b',
    'a#b',
    ';x',
    'a;b',
  ],
  ...[
    ':',
    'a: b',
    'a:b',
    '- x',
    '-',
    '?',
    '? x',
    '!',
    '!x',
    '&a',
    '*a',
    '%',
    '@',
    '|',
    '>',
    '[',
    ']',
    '{',
    '}',
    ',',
    '=',
    '<<',
  ],
  ...[
    '~',
    'null',
    'true',
    'False',
    'yes',
    'No',
    'on',
    'y',
    '.nan',
    '.inf',
    '017',
    '0o17',
    '0b1',
    '0x1F',
    '08',
    '1_000',
    '1e3',
  ],
  ...['2024-01-01', '2024-01-01T10:20:30Z', '12:30', '190:20:30', '1.50', '+5', '-0', '9223372036854775808', '1e400'],
  ...[
    'é',
    'ß→€',
    '\u{1F511}',
    '\u{1F511}\u200d\u{1F512}',
    '日本語',
    'مرحبا',
    '\u00a0',
    '\u0085',
    '\u2028',
    '\u2029',
    '\ufeff',
  ],
  ...['<b>&amp;</b>', '\u0001', '\u0007', '\u001b[31m', '\u007f', '\b', '\f', '\v', '\ufffd', '\ufffe'],
  ...[
    '---',
    '...',
    '--- x',
    'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]',
    'sops',
    'sops_mac',
    'data',
    '$HOME',
    '%(x)s',
  ],
  ...[
    '-----BEGIN EXAMPLE-----',
    'a,b',
    'export A',
    'x=y',
    '=',
    '==',
    '// x',
    '/* x */',
    'line\\',
    "it's",
    "''",
    '""',
    '"""',
  ],
];
const unit = fc.constantFrom(...'abZ019 _.-:#"\'\\\t,[]{}&*!|>%@`=~?;€é\u{1F511}'.match(/./gu)!);

/** Texts of one line. */
const bareLine = fc.oneof(
  { arbitrary: fc.constantFrom(...nasty), weight: 3 },
  { arbitrary: fc.string({ unit, maxLength: 12 }), weight: 3 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }).filter((text) => !/[\r\n]/.test(text)), weight: 1 },
);

/** The same, with a canary where there is room for one. */
export const line = carrying(bareLine);

/** Texts with line breaks of every kind. */
export const lines = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\n\n', '\r\n', '\r', '\u0085', '\u2028', '\u2029')), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((parts) =>
    fc.boolean().map((last) => parts.map(([one, end], i) => (last || i < parts.length - 1 ? one + end : one)).join('')),
  );

/** Any text. */
export const anyText = fc.oneof({ arbitrary: line, weight: 4 }, { arbitrary: lines, weight: 1 });

/** Names of entries: mostly what people write, with the marks of the selectors, and some that they do not. */
export const name = fc.oneof(
  { arbitrary: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,6}$/), weight: 5 },
  {
    arbitrary: fc.constantFrom('x_unencrypted', 'y_unencrypted', 'api_key', 'db_password', 'token_enc', 'plain'),
    weight: 3,
  },
  { arbitrary: bareLine.filter((text) => text.length < 20), weight: 1 },
);

/** What a comment may say: among it what the comment selectors look for. */
export const remark = carrying(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        '',
        ' note',
        ' sops:enc',
        ' plain',
        'no space',
        ' a: b',
        ' - x',
        ' # more',
        '\ttab',
        ' "q',
        ' sops:enc plain',
      ),
    },
    {
      arbitrary: bareLine
        .filter((text) => !/[\p{Cc}\ufffe]/u.test(text.replace(/[\t\u0085]/g, '')))
        .map((text) => ` ${text}`),
      weight: 3,
    },
    // A line break to some formats, and one character to others.
    {
      arbitrary: fc.constantFrom(' a\u0085# b', ' a\u2028#b', ' a\u2029# b', 'a\u0085', '\u2028b', '\ufeff'),
      weight: 1,
    },
  ),
);

const selectors = [
  makeSelector('unencrypted_suffix', '_unencrypted'),
  makeSelector('encrypted_suffix', '_enc'),
  makeSelector('encrypted_regex', '^(api|db|token)_|e'),
  makeSelector('unencrypted_regex', '(?i)^P|x'),
  makeSelector('encrypted_comment_regex', 'sops:enc'),
  makeSelector('unencrypted_comment_regex', '\\bplain\\b'),
];

/** The default half of the time, so that most cases encrypt everything. */
export const rule: fc.Arbitrary<Rule> = fc.record({
  selector: fc.oneof(fc.constant(selectors[0]!), fc.constantFrom(...selectors)),
  macOnlyEncrypted: fc.oneof({ arbitrary: fc.constant(false), weight: 3 }, { arbitrary: fc.constant(true), weight: 1 }),
});
