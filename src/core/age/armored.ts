import { armor } from 'age-encryption';
import { equal, fromUtf8, utf8 } from '../bytes.ts';

const binaryHeader = utf8('age-encryption.org/');

/** The text of a key file's bytes; a binary age file is put into armor, so that there is one way to go on. Throws NOT_UTF8. */
export function keyText(bytes: Uint8Array): string {
  return equal(bytes.subarray(0, binaryHeader.length), binaryHeader) ? armor.encode(bytes) : fromUtf8(bytes);
}

/** Whether the text is an age file (armored): for a key file, one that a pass phrase protects. */
export function isArmored(text: string): boolean {
  return text.trimStart().startsWith('-----BEGIN AGE ENCRYPTED FILE-----');
}
