import { randomBytes, randomInt, randomUUID } from 'node:crypto';

/** Letters and digits that no font confuses and no shell or file format takes for a sign: 57 of them. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** The kinds of value that can be made, all from the platform's cryptographic generator. */
export const generators = {
  base64_128: () => randomBytes(16).toString('base64'),
  base64_256: () => randomBytes(32).toString('base64'),
  password: () => password(24),
  hex: () => randomBytes(32).toString('hex'),
  uuid: () => randomUUID(),
} as const;
export type GeneratorId = keyof typeof generators;

/** `randomInt` draws again where a remainder would make some characters likelier. */
function password(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
