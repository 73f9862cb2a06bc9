import fc from 'fast-check';
import { carrying } from './canary.ts';
import { line, name } from './words.ts';

/** INI texts: sections, keys and values in every quoting that go-ini reads, comments, continued lines. */

const word = line.map((text) => text.replace(/\p{Cc}/gu, ''));
const lined = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\n'));
const value = fc.oneof(
  { arbitrary: word, weight: 4 },
  { arbitrary: word.map((text) => `\`${text.replaceAll('`', '')}\``), weight: 1 },
  { arbitrary: lined.map((text) => `"""${text.replaceAll('"', '')}"""`), weight: 1 },
  { arbitrary: lined.map((text) => `\`${text.replaceAll('`', '')}\``), weight: 1 },
  { arbitrary: word.map((text) => `"${text}"`), weight: 1 },
  { arbitrary: word.map((text) => `'${text}'`), weight: 1 },
  { arbitrary: fc.tuple(word, word).map((parts) => parts.join('\\\n  ')), weight: 1 },
  { arbitrary: fc.constantFrom('\udcff\udc80', 'a\udce9b'), weight: 1 },
);
const key = fc.oneof(
  {
    arbitrary: name.map(
      (text) =>
        text
          .replace(/[=:`"\r\n]/g, '_')
          .trim()
          .replace(/^[[#;-]/, 'k') || 'k',
    ),
    weight: 6,
  },
  { arbitrary: fc.constantFrom('"quoted"', '`a=b`', '`a:b`', 'two words', 'a.b', '"""a`b"""'), weight: 1 },
);
const entry = fc
  .tuple(
    key,
    fc.constantFrom(' = ', '=', ': ', '   =   '),
    value,
    fc.oneof(
      { arbitrary: fc.constant(''), weight: 3 },
      { arbitrary: carrying(fc.constant('note')).map((text) => ` ; ${text}`), weight: 1 },
      { arbitrary: carrying(fc.constant('note')).map((text) => ` # ${text}`), weight: 1 },
    ),
  )
  .map(([left, sign, right, remark]) => ({
    key: left,
    text: left + sign + right + (/["`\\]/.test(right) ? '' : remark),
  }));
const remark = fc
  .tuple(fc.constantFrom(';', '#', '; ', '# ', ';; '), carrying(fc.stringMatching(/^[a-z =:\u0085\u2028]{0,8}$/)))
  .map(([sign, text]) => sign + text);
const rows = fc.array(fc.tuple(fc.array(remark, { maxLength: 2 }), entry, fc.boolean()), { maxLength: 4 });

function printed(
  entries: (readonly [readonly string[], { readonly key: string; readonly text: string }, boolean])[],
): string[] {
  const seen = new Set<string>();
  return entries.flatMap(([remarks, { key: one, text }, blank]) => {
    // Of a key that stands twice sops keeps the last one; we refuse the file.
    const bare = one.replace(/^(?:"""|["`])|(?:"""|["`])$/g, '').trim();
    if (seen.has(bare)) return [];
    seen.add(bare);
    return [...remarks, text, ...(blank ? [''] : [])];
  });
}

const section = fc.tuple(
  fc.array(remark, { maxLength: 2 }),
  fc.constantFrom('db', 'api_key', 'x_unencrypted', 'a.b', 'a b', 'DEFAULT', 'é', 'db'),
  rows,
);

/** An INI file. */
export const iniFile: fc.Arbitrary<string> = fc
  .tuple(rows, fc.array(section, { maxLength: 3 }), fc.constantFrom('\n', '\n', '\n', '\r\n'))
  .map(([top, sections, end]) => {
    const lines = [
      ...printed(top),
      ...sections.flatMap(([remarks, title, inner]) => [...remarks, `[${title}]`, ...printed(inner)]),
    ];
    return lines.map((text) => text.replaceAll('\n', end) + end).join('');
  });
