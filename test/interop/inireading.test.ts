import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LockstepError } from '../../src/core/errors.ts';
import { getFormat } from '../../src/core/format/which.ts';
import { treeOf } from '../../src/core/open/plaintree.ts';
import { seal } from '../../src/core/seal/seal.ts';
import type { PlainNode } from '../../src/core/tree/plain.ts';
import { alice, clock } from '../core/support.ts';
import { Bench } from './tools.ts';

const runs = Number(process.env.LOCKSTEP_RUNS ?? 80);

/** What go-ini takes and we refuse: it would lose text, or sops could not read back what it makes of it. */
const stricter: readonly unknown[] = ['trailing', 'auto-key'];

describe('INI texts of any shape', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  /** The tree that sops has of a plain text: encrypted to JSON, nothing is lost on the way. */
  const treeBySops = (source: string): unknown => {
    bench.write('a.ini', source);
    const encrypted = bench.trySops(['encrypt', '--age', alice.recipient, '--output-type', 'json', 'a.ini']);
    if (encrypted.status !== 0) return undefined;
    bench.write('b.json', encrypted.stdout);
    return JSON.parse(bench.sops(['decrypt', 'b.json']));
  };

  it(`${runs} random texts read as they do for sops`, async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(source, async (text) => {
        const theirs = treeBySops(text);
        const ours = treeHere(text);
        if (ours instanceof LockstepError) {
          const { what } = ours.place;
          if (ours.code !== 'DUPLICATE_KEY' && !stricter.includes(what)) assert.equal(theirs, undefined, ours.message);
          return;
        }
        accepted++;
        assert.deepEqual(ours, theirs);
        // And what we make of it is what sops makes of it.
        const sealed = (await seal(text, 'ini', { recipients: [alice.recipient] }, clock)).text;
        bench.write('c.ini', sealed);
        assert.deepEqual(JSON.parse(bench.sops(['decrypt', '--output-type', 'json', 'c.ini'])), theirs);
      }),
      { numRuns: runs },
    );
    assert.ok(accepted > runs / 20, 'some of the texts have to be ones that parse');
  }).timeout(600_000);
});

function treeHere(text: string): unknown {
  try {
    return plain(treeOf(getFormat('ini').parse(text))[0] as PlainNode);
  } catch (error) {
    if (error instanceof LockstepError) return error;
    throw error;
  }
}

/** JSON.parse keeps the last of several names. */
function plain(node: PlainNode): unknown {
  if (node.kind === 'scalar') return (node.scalar as { value: unknown }).value;
  if (node.kind === 'list') return assert.fail();
  return Object.fromEntries(node.members.flatMap((one) => (one.kind === 'entry' ? [[one.key, plain(one.value)]] : [])));
}

const piece = fc.constantFrom(
  ...[
    'a',
    'b',
    'c',
    '[s]',
    '[t]',
    '[',
    ']',
    '=',
    ' = ',
    ':',
    '"',
    '"""',
    "'",
    '`',
    '\\',
    '#',
    ';',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\u00a0',
    '\u0085',
    '-',
    'é',
    '\n\n',
    '\na = ',
    '\nb = """',
    '"""\n',
    '\\\n',
    '\n; x\n',
    ' # y\n',
    '\u{1F511}',
  ],
);
const source = fc.array(piece, { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''));
