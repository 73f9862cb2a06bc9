import { generate } from '../../core/generate/generate.ts';

/** The kinds of value that can be made without further questions. */
export const generators = {
  base64_128: () => generate({ kind: 'key', bits: 128 }).text,
  base64_256: () => generate({ kind: 'key', bits: 256 }).text,
  password: () => generate({ kind: 'characters', length: 24, alphabets: ['upper', 'lower', 'digits'] }).text,
  words: () => generate({ kind: 'words', count: 8, separator: '-' }).text,
  hex: () => generate({ kind: 'key', bits: 256, encoding: 'hex' }).text,
  uuid: () => generate({ kind: 'uuid' }).text,
} as const;
export type GeneratorId = keyof typeof generators;
