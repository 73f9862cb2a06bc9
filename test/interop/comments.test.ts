import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seal } from '../../src/core/seal/seal.ts';
import { text } from '../../src/core/tree/value.ts';
import { addEntry, removeEntry } from '../core/changes.ts';
import { root } from '../core/shared.ts';
import { alice, clock, later, reopen } from '../core/support.ts';
import { Bench } from './tools.ts';

interface Shape {
  readonly name: string;
  readonly input: string;
  readonly comments: readonly (readonly [string, string])[];
}

const file = join(root, 'test', 'core', 'format', 'vectors', 'comments.json');
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Shape[] };

describe('comments sealed here come back from sops', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  /** Every comment is in what sops prints, except those that sops has no place for in its own output either. */
  const check = (source: string, sealed: string, comments: readonly string[]) => {
    bench.write('x.yaml', sealed);
    const ours = bench.sops(['decrypt', 'x.yaml']);
    assert.ok(!ours.includes('ENC['), `a comment did not open:\n${source}`);
    bench.write('plain.yaml', source);
    bench.write('theirs.yaml', bench.sops(['encrypt', '--age', alice.recipient, 'plain.yaml']));
    const theirs = bench.trySops(['decrypt', 'theirs.yaml']).stdout;
    for (const comment of comments)
      assert.ok(ours.includes(comment) || !theirs.includes(comment), `${comment} of:\n${source}`);
  };

  for (const { name, input, comments } of cases) {
    it(name, async () => {
      const { text: sealed } = await seal(input, 'yaml', { recipients: [alice.recipient] }, clock);
      const texts = comments.map(([comment]) => comment);
      check(input, sealed, texts);
      // And after an edit that can move them.
      let opened = await reopen(sealed, 'yaml');
      const added = await addEntry(opened, 0, [], 'added_at_the_end', text('x'), later);
      bench.write('added.yaml', added.text);
      assert.ok(!bench.sops(['decrypt', 'added.yaml']).includes('ENC['));
      opened = await reopen(added.text, 'yaml');
      const first = opened.sealed.leaves.find((leaf) => leaf.document === 0) ?? assert.fail();
      const removed = await removeEntry(opened, first.id, later);
      bench.write('removed.yaml', removed.text);
      assert.ok(!bench.sops(['decrypt', 'removed.yaml']).includes('ENC['));
    });
  }
});
