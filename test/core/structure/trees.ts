import fc from 'fast-check';
import type { FormatId } from '../../../src/core/format/document.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Tree = { [key: string]: Json };
export type TextFormat = Exclude<FormatId, 'binary'>;

export const textFormats: readonly TextFormat[] = ['yaml', 'json', 'dotenv', 'ini'];

const key = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,5}$/)
  .filter((name) => !/^(sops|default|y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(name));
export const word = fc.string({
  unit: fc.constantFrom(...('abZ019 "\'#:-[]{},&*!|>%@`€\u{1F511}=~?;'.match(/./gu) ?? [])),
  maxLength: 10,
});
const lines = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\n'));
const leaf = fc.oneof(
  lines,
  fc.integer({ min: -9, max: 9 }),
  fc.double({ noNaN: true, min: -9, max: 9 }),
  fc.boolean(),
  fc.constant(null),
);
const flat = fc.dictionary(key, word, { minKeys: 1, maxKeys: 6, noNullPrototype: true });

/** Trees that a format can hold. A double of -0 is a whole number in JSON. */
export function trees(format: TextFormat): fc.Arbitrary<Tree> {
  if (format === 'dotenv') return flat;
  if (format === 'ini') return fc.dictionary(key, flat, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
  const { node } = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf as fc.Arbitrary<Json>,
      fc.dictionary(key, tie('node'), { maxKeys: 3, noNullPrototype: true }),
      fc.array(tie('node'), { maxLength: 3 }),
    ),
  }));
  return fc.dictionary(key, node, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
}

/** A text that holds a tree, with comments where the format has them. */
export function printed(format: TextFormat, tree: Tree, comments = true): string {
  if (format === 'json') return `${JSON.stringify(tree, null, 2)}\n`;
  const entries = Object.entries(tree);
  if (format === 'dotenv')
    return entries.map(([name, value]) => `${comments ? '# note\n' : ''}${name}=${String(value)}\n`).join('');
  if (format === 'yaml') return block(tree, '', comments);
  const section = ([name, value]: [string, Json]) =>
    Object.entries(value as Tree)
      .map(([one, text]) => `${one} = ${JSON.stringify(String(text)).replaceAll('\\"', '`')}\n`)
      .join('') || `; ${name}\n`;
  return entries.map((entry) => `[${entry[0]}]\n${comments ? '; note\n' : ''}${section(entry)}`).join('\n');
}

function block(data: Json, indent: string, comments: boolean): string {
  const nested = (item: Json) =>
    isFull(item) ? `${comments ? '# note' : ''}\n${block(item, `${indent}  `, comments)}` : `${JSON.stringify(item)}\n`;
  if (Array.isArray(data) && data.length > 0) return data.map((item) => `${indent}- ${nested(item)}`).join('');
  return Object.entries(data as Tree)
    .map(([name, value]) => `${comments ? `${indent}# of ${name}\n` : ''}${indent}${name}: ${nested(value)}`)
    .join('');
}

function isFull(data: Json): boolean {
  return typeof data === 'object' && data !== null && Object.keys(data).length > 0;
}

/** Every place of a tree, the top level first. */
export function places(tree: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof tree !== 'object' || tree === null) return [path];
  const parts = Array.isArray(tree) ? tree.map((item, i) => [i, item] as const) : Object.entries(tree);
  return [path, ...parts.flatMap(([part, value]) => places(value, [...path, part]))];
}
