import assert from 'node:assert/strict';
import { readTree } from './tree.ts';

/** The one module whose proofs make the types. */
const proofs = 'src/core/seal/prove.ts';
const types = 'SealedText|SealedBytes|PlainText|PlainBytes|UnknownText';

/** Casts to a proved type, to an object that holds one, and to what fits every type. */
const cast = new RegExp(`\\bas\\s+(?:${types}|Change|Unsealed|Sealed|Opened|never|any)\\b|(?<![\\w.$])<(?:${types})>`);

const faults = (files: ReadonlyMap<string, string>) =>
  [...files].flatMap(([file, text]) => {
    if (file === proofs) return [];
    const code = text
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
      .replace(/^(?:import|export)\b[^;]*\bfrom\b[^;]*;/gm, '');
    return [...code.matchAll(new RegExp(cast, 'g'))].map(([found]) => `${file}: ${found}`);
  });

describe('proved texts', () => {
  const files = readTree(['src'], /\.ts$/);

  it('get their type from the module that proves them', () => {
    assert.ok(files.has(proofs) && files.size > 300);
    assert.deepEqual(faults(files), []);
  });

  it('would be missed', () => {
    for (const text of [
      'write(text as SealedText)',
      'write(bytes as Uint8Array as SealedBytes)',
      'const plain = text as\n  PlainText;',
      'const text = <UnknownText>read();',
      'return { edits, text } as Change;',
      'write(text as never)',
    ])
      assert.equal(faults(new Map([['src/core/a.ts', text]])).length, 1, text);
    for (const text of [
      "import { type SealedText as Text } from './prove.ts';",
      'let text: SealedText | Promise<SealedText>;',
      '// text as SealedText',
      'const known = map as ReadonlyMap<string, string>;',
    ])
      assert.deepEqual(faults(new Map([['src/core/a.ts', text]])), [], text);
  });
});
