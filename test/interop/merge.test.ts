import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FormatId } from '../../src/core/format/document.ts';
import { rotate } from '../../src/core/keys/rotate.ts';
import { mergeVersions } from '../../src/core/merge/versions.ts';
import type { Opened } from '../../src/core/open/open.ts';
import { editText } from '../core/changes.ts';
import { alice, later, reopen } from '../core/support.ts';
import { Bench } from './tools.ts';

/** Files that sops encrypted, changed by it and by us, merged by us. */
describe('the real sops reads what we merge', () => {
  const names = { yaml: 'x.yaml', json: 'x.json', dotenv: 'x.env', ini: 'x.ini' } as const;
  const print = (format: keyof typeof names, all: Readonly<Record<string, string>>): string => {
    const rows = Object.entries(all);
    if (format === 'json') return JSON.stringify(all, null, 2);
    if (format === 'ini') return `[s]\n${rows.map(([key, value]) => `${key} = ${value}\n`).join('')}`;
    return rows.map(([key, value]) => (format === 'yaml' ? `${key}: ${value}\n` : `${key}=${value}\n`)).join('');
  };
  const tree = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D'), fc.constantFrom('x', 'y', 'z'), {
    minKeys: 1,
    noNullPrototype: true,
  });

  for (const [format, name] of Object.entries(names) as [keyof typeof names, string][])
    it(`of ${format}`, async () => {
      const bench = new Bench();
      const sealed = async (all: Record<string, string>) => {
        bench.write(name, print(format, all));
        return reopen(bench.sops(['encrypt', '--age', alice.recipient, name]), format as FormatId);
      };
      const edited = async (from: Opened, all: Record<string, string>) =>
        reopen((await editText(from, print(format, all), later)).text, format);
      await fc.assert(
        fc.asyncProperty(tree, tree, tree, fc.boolean(), async (b, o, t, rotated) => {
          const base = await sealed(b);
          const theirs = rotated ? await reopen((await rotate(base, later)).text, format) : base;
          const versions = { base, ours: await edited(base, o), theirs: await edited(theirs, t) };
          const { text } = await mergeVersions(versions, later);
          bench.write(name, text);
          const keys = [...new Set([...Object.keys(b), ...Object.keys(o), ...Object.keys(t)])];
          const wanted = keys.flatMap((key) => {
            const value = o[key] === b[key] ? t[key] : o[key];
            return value === undefined ? [] : [[key, value] as const];
          });
          const shown = bench.sops(['decrypt', '--output-type', 'json', name]);
          const found = JSON.parse(shown) as Record<string, Record<string, string>>;
          assert.deepEqual(format === 'ini' ? (found.s ?? {}) : found, Object.fromEntries(wanted));
        }),
        { numRuns: 8 },
      );
      bench.dispose();
    });
});
