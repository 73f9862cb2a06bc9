import fc from 'fast-check';
import { textOfBytes } from '../../../src/core/format/encoding.ts';
import { anyText } from './words.ts';

/** Files of any bytes; what is no UTF-8 is held as `textOfBytes` holds it. */
export const binaryFile: fc.Arbitrary<string> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map(textOfBytes),
  fc.array(anyText, { maxLength: 6 }).map((parts) => parts.join('\n')),
  fc.constantFrom('', '\n', '{}', '{"data": "x"}', '\ufeffx', 'a\0b'),
);
