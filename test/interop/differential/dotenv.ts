import fc from 'fast-check';
import { carrying } from './canary.ts';
import { line, name, remark } from './words.ts';

/** dotenv texts: comments, names and values as they may stand on a line; nothing is trimmed or unquoted by sops. */

const value = fc.oneof(
  line,
  line.map((text) => `"${text}"`),
  fc.array(line, { minLength: 2, maxLength: 3 }).map((parts) => parts.join('\\n')),
);
const key = name.map((text) => text.replaceAll('=', '_').replace(/^#/, '_'));
const entry = fc.tuple(key, value).map(([left, right]) => `${left}=${right}`);
const row = fc.oneof(
  { arbitrary: entry, weight: 6 },
  {
    arbitrary: fc
      .tuple(fc.stringMatching(/^(export )?[A-Z]{1,3}=$/), carrying(fc.stringMatching(/^[a-z "']{0,5}$/)))
      .map((parts) => parts.join('')),
    weight: 2,
  },
  { arbitrary: remark.map((text) => `#${text}`), weight: 2 },
  { arbitrary: fc.constant(''), weight: 1 },
);

/** A dotenv file, with either line end; CR is a part of what it stands behind. */
export const dotenvFile: fc.Arbitrary<string> = fc
  .tuple(fc.array(row, { minLength: 1, maxLength: 8 }), fc.constantFrom('\n', '\n', '\n', '\r\n'), fc.boolean())
  .map(([rows, end, last]) => rows.join(end) + (last ? end : ''));
