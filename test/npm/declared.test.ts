import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyWay, keyWays } from '../../src/node/keys/order.ts';
import type { SecretCode } from '../../src/npm/asking.ts';
import type * as declared from '../../src/npm/declared.d.ts';
import type * as made from '../../src/npm/index.ts';
import { root } from '../core/shared.ts';

/** Both are the same; else this file does not compile. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** The code takes what is declared, and perhaps more. */
type Fits<A, B> = A extends B ? Same<keyof A, keyof B> : never;
const alike: readonly true[] = [
  true satisfies Same<SecretCode, declared.SecretCode>,
  true satisfies Same<KeyWay, declared.KeyPlace>,
  true satisfies Fits<Omit<typeof made, 'SecretError' | 'variablesSync'>, Omit<typeof declared, 'SecretError'>>,
];

describe('the types of the npm package', () => {
  const text = (name: string) => readFileSync(join(root, 'src', 'npm', name), 'utf8');

  it('are those of its code', () => assert.equal(alike.length, 3));

  it('name what a module can import', () => {
    const exported = [...text('declared.d.ts').matchAll(/^export (?:function|class) (\w+)/gm)].map(([, name]) => name);
    const [, names = ''] = /export const \{([^}]*)\}/.exec(text('index.mjs')) ?? [];
    assert.deepEqual(
      names
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean)
        .sort(),
      exported.sort(),
    );
  });

  it('are told in docs/code.md', () => {
    const [, section = ''] =
      /\n## From Node\n([\s\S]*?)\n## /.exec(readFileSync(join(root, 'docs', 'code.md'), 'utf8')) ?? [];
    const codes = [...text('declared.d.ts').matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code ?? '');
    assert.ok(codes.length > 10);
    for (const word of [...codes, ...keyWays]) assert.ok(section.includes(`\`${word}\``), word);
  });
});
