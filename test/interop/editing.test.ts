import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { LockstepError } from '../../src/core/errors.ts';
import { seal } from '../../src/core/seal/seal.ts';
import type { Change } from '../../src/core/seal/sign.ts';
import { parsePath } from '../../src/core/sops/keypath.ts';
import { scalar, text } from '../../src/core/tree/value.ts';
import {
  addNodes,
  applyMerge,
  duplicateEntry,
  editText,
  moveNode,
  plainTextOf,
  removeNodes,
  renameNode,
  setComment,
  setPath,
  unsetPath,
} from '../core/changes.ts';
import { type Json, printed, type TextFormat, textFormats, trees } from '../core/structure/trees.ts';
import { alice, clock, later, reopen } from '../core/support.ts';
import { Bench } from './tools.ts';

const runs = Math.ceil(Number(process.env.LOCKSTEP_RUNS ?? 60) / 4);
const names: Record<TextFormat, string> = { yaml: 'file.yaml', json: 'file.json', dotenv: 'file.env', ini: 'file.ini' };
const id = (...path: (string | number)[]) => JSON.stringify([0, ...path]);

describe('editing beside the real sops', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  const encrypted = (name: string, source: string): string => {
    const path = bench.write(name, source);
    bench.sops(['encrypt', '-i', '--age', alice.recipient, name]);
    return readFileSync(path, 'utf8');
  };
  const asJson = (name: string, sealed: string): Json => {
    bench.write(name, sealed);
    return JSON.parse(bench.sops(['decrypt', '--output-type', 'json', name])) as Json;
  };
  const tokens = (from: string) => (from.match(/ENC\[[^\]]*\]/g) ?? []).sort();

  for (const format of textFormats) {
    const name = names[format];

    it(`${runs} edits of ${format} files that sops wrote: sops reads what sops edit would have made`, async () => {
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(trees(format), trees(format), async (one, two) => {
          bench.write(name, printed(format, one));
          if (bench.trySops(['encrypt', '-i', '--age', alice.recipient, name]).status !== 0) return;
          const sealed = readFileSync(join(bench.folder, name), 'utf8');
          const wanted = printed(format, { ...one, ...two });
          const edited = bench.write(`edited-${name}`, wanted);
          let ours: Change;
          try {
            const opened = await reopen(sealed, format);
            assert.deepEqual((await editText(opened, await plainTextOf(opened), later)).edits, []);
            ours = await editText(opened, wanted, later);
          } catch (error) {
            // Refused as well when it is encrypted: a value that the format cannot hold.
            if (error instanceof LockstepError && /BAD_VALUE|SYNTAX|UNSUPPORTED|DUPLICATE/.test(error.code)) return;
            throw error;
          }
          const found = asJson(name, ours.text);
          bench.write(name, sealed);
          const { status } = bench.trySops(['edit', name], alice.identity, { SOPS_EDITOR: `cp ${edited}` });
          if (status === 200) return;
          assert.equal(status, 0);
          assert.deepEqual(found, asJson(name, readFileSync(join(bench.folder, name), 'utf8')));
          compared++;
        }),
        { numRuns: runs },
      );
      assert.ok(compared > runs / 3, `${compared} compared`);
    }).timeout(300_000);
  }

  it('keeps each ciphertext that sops edit keeps', async () => {
    const source = '# head\na: one\nl:\n    - x1\n    # note\n    - x2\nm:\n    b: two # end\n';
    const sealed = encrypted('x.yaml', source);
    const edited = bench.write('edited.yaml', source.replace('two', 'new'));
    const { text: ours } = await editText(await reopen(sealed, 'yaml'), source.replace('two', 'new'), later);
    bench.write('x.yaml', sealed);
    bench.sops(['edit', 'x.yaml'], alice.identity, { SOPS_EDITOR: `cp ${edited}` });
    const theirs = readFileSync(join(bench.folder, 'x.yaml'), 'utf8');
    const kept = (after: string) => tokens(sealed).filter((token) => after.includes(token));
    for (const token of kept(theirs)) assert.ok(ours.includes(token));
    assert.equal(kept(ours).length, tokens(sealed).length - 2);
  });

  it('sets as sops set does', async () => {
    const source = 'a: one\nlist:\n    - 1\n    - x: two\nmap:\n    b: three\n';
    const sealed = encrypted('x.yaml', source);
    const cases: [string, string][] = [
      ['["a"]', '"new"'],
      ['["a"]', 'null'],
      ['["a"]', 'true'],
      ['["a"]', '5'],
      ['["a"]', '{"x":1,"y":[{"z":1.5}]}'],
      ['["new"]["deep"][0]["er"]', '"v"'],
      ['["list"][0]', '"v"'],
      ['["list"][1]["x"]', '"v"'],
      ['["list"][7]', '"v"'],
      ['["list"][7]["k"][0]', '"v"'],
      ['["a"]["below"]', '"v"'],
      ['["a"][3]', '"v"'],
      ['["map"]', '{}'],
      ['["map"]', '"flat"'],
    ];
    for (const [path, json] of cases) {
      const ours = await setPath(await reopen(sealed, 'yaml'), parsePath(path), json, later);
      const found = asJson('x.yaml', ours.text);
      bench.write('x.yaml', sealed);
      bench.sops(['set', 'x.yaml', path, json]);
      assert.deepEqual(found, JSON.parse(bench.sops(['decrypt', '--output-type', 'json', 'x.yaml'])), path + json);
      const theirs = readFileSync(join(bench.folder, 'x.yaml'), 'utf8');
      const kept = (after: string) => tokens(sealed).filter((token) => after.includes(token));
      assert.deepEqual(kept(ours.text), kept(theirs), path + json);
    }
  });

  it('unsets as sops unset does', async () => {
    const sealed = encrypted('x.yaml', 'a: one\nlist:\n    - 1\n    - x: two\nmap:\n    b: three\n');
    for (const path of ['["a"]', '["list"][0]', '["list"][1]["x"]', '["list"]', '["map"]["b"]']) {
      const ours = await unsetPath(await reopen(sealed, 'yaml'), parsePath(path), later);
      const found = asJson('x.yaml', ours.text);
      bench.write('x.yaml', sealed);
      bench.sops(['unset', 'x.yaml', path]);
      assert.deepEqual(found, JSON.parse(bench.sops(['decrypt', '--output-type', 'json', 'x.yaml'])), path);
    }
  });

  it('changes the structure of what sops wrote so that sops reads it', async () => {
    const source = '# head\na: one\nlist:\n    - 1\n    # note\n    - x: two\nmap:\n    # of b\n    b: three # end\n';
    const sealed = encrypted('x.yaml', source);
    const changes: [(from: Awaited<ReturnType<typeof reopen>>) => Promise<Change>, string][] = [
      [(from) => renameNode(from, id('map'), 'other', later), source.replace('map:', 'other:')],
      [(from) => removeNodes(from, [id('list', 0)], later), source.replace('    - 1\n', '')],
      [(from) => duplicateEntry(from, id('a'), 'c', later), source.replace('one\n', 'one\nc: one\n')],
      [
        (from) => moveNode(from, id('map', 'b'), { group: id(), before: id('a') }, later),
        source
          .replace('map:\n    # of b\n    b: three # end\n', 'map: {}\n')
          .replace('# head\n', '# of b\nb: three # end\n# head\n'),
      ],
      [
        (from) => addNodes(from, { group: id('map') }, [{ key: 'n', value: scalar(text('v')) }], later),
        `${source}    n: v\n`,
      ],
      [
        (from) => setComment(from, id('map', 'b'), 'both', later),
        source.replace('# of b', '# both').replace(' # end', ''),
      ],
    ];
    for (const [change, wanted] of changes) {
      const { text: after } = await change(await reopen(sealed, 'yaml'));
      bench.write('x.yaml', after);
      const found = bench.sops(['decrypt', 'x.yaml']);
      bench.write('plain.yaml', wanted);
      bench.sops(['encrypt', '-i', '--age', alice.recipient, 'plain.yaml']);
      assert.equal(found, bench.sops(['decrypt', 'plain.yaml']));
    }
  });

  it('merges versions that sops made', async () => {
    const base = encrypted('x.yaml', 'a: one\nb: two\n');
    bench.sops(['set', 'x.yaml', '["b"]', '"theirs"']);
    bench.sops(['rotate', '-i', 'x.yaml']);
    const theirs = readFileSync(join(bench.folder, 'x.yaml'), 'utf8');
    const mine = (await setPath(await reopen(base, 'yaml'), ['a'], '"mine"', later)).text;
    const change = await applyMerge(
      await reopen(base, 'yaml'),
      await reopen(mine, 'yaml'),
      await reopen(theirs, 'yaml'),
      [],
      later,
    );
    assert.deepEqual(asJson('x.yaml', change.text), { a: 'mine', b: 'theirs' });
  });

  it('edits metadata that only sops understands without a change to it', async () => {
    const { text: ours } = await seal('a: one\n', 'yaml', { recipients: [alice.recipient] }, clock);
    const foreign = ours.replace(
      '    lastmodified:',
      '    pgp:\n        - created_at: "2026-01-01T00:00:00Z"\n          enc: wrapped\n          fp: ABCD\n    lastmodified:',
    );
    const { text: after } = await editText(await reopen(foreign, 'yaml'), 'a: two\n', later);
    assert.ok(after.includes('          enc: wrapped\n          fp: ABCD\n'));
    assert.deepEqual(asJson('x.yaml', after), { a: 'two' });
  });
});
