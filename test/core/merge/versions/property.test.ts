import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FormatId } from '../../../../src/core/format/document.ts';
import { rotate } from '../../../../src/core/keys/rotate.ts';
import { mergeVersions } from '../../../../src/core/merge/versions.ts';
import type { Opened } from '../../../../src/core/open/open.ts';
import { plainTree } from '../../../../src/core/open/plaintree.ts';
import type { PlainNode } from '../../../../src/core/tree/plain.ts';
import { editText } from '../../changes.ts';
import { later, reopen } from '../../support.ts';
import { sealed } from '../versions.ts';

/** A reference that knows nothing of Lockstep: it merges JavaScript objects. Lists are one value. */

type Tree = { [key: string]: string | string[] | Tree };
type Node = Tree[string] | undefined;

const isTree = (node: Node): node is Tree => typeof node === 'object' && !Array.isArray(node);

function reference(base: Node, ours: Node, theirs: Node, path: string, clashes: string[]): Node {
  const sides = [base, ours, theirs].filter((one) => one !== undefined);
  const keys = new Set(sides.flatMap((one) => (isTree(one) ? Object.keys(one) : [])));
  if (sides.every(isTree) && keys.size > 0) {
    const out: Tree = {};
    const of = (node: Node, key: string) => (isTree(node) ? node[key] : undefined);
    for (const key of keys) {
      const node = reference(of(base, key), of(ours, key), of(theirs, key), `${path}/${key}`, clashes);
      if (node !== undefined) out[key] = node;
    }
    return out;
  }
  const [b, o, t] = [base, ours, theirs].map((one) => JSON.stringify(one));
  if (o === b) return theirs;
  if (t !== b && t !== o) clashes.push(path);
  return ours;
}

/** What a tree holds, by place; a group that is empty is nothing. */
function held(node: Node, path = ''): string[] {
  if (!isTree(node)) return node === undefined ? [] : [`${path} ${JSON.stringify(node)}`];
  return Object.entries(node).flatMap(([key, one]) => held(one, `${path}/${key}`));
}

function treeOf(node: PlainNode): Node {
  if (node.kind === 'scalar') return node.scalar.type === 'null' ? 'null' : String(node.scalar.value);
  if (node.kind === 'list') return node.items.flatMap((one) => (one.kind === 'scalar' ? [String(treeOf(one))] : []));
  return Object.fromEntries(
    node.members.flatMap((one) => (one.kind === 'entry' ? [[one.key, treeOf(one.value) as Tree[string]]] : [])),
  );
}

const value = fc.constantFrom('v1', 'v2', 'v3');
const flat = (...keys: string[]) => fc.dictionary(fc.constantFrom(...keys), value, { noNullPrototype: true });
const noGroups = flat('A', 'B', 'C', 'D', 'E');
const sections = fc.dictionary(fc.constantFrom('s', 't'), flat('a', 'b', 'c'), { noNullPrototype: true });
const groups = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  fc.oneof(value, flat('x', 'y', 'z'), fc.array(value, { minLength: 1, maxLength: 3 })),
  { noNullPrototype: true },
);

const yaml = (tree: Tree, indent = ''): string =>
  Object.entries(tree)
    .map(([key, one]) =>
      Array.isArray(one)
        ? `${indent}${key}:\n${one.map((item) => `${indent}  - ${item}\n`).join('')}`
        : typeof one === 'string'
          ? `${indent}${key}: ${one}\n`
          : Object.keys(one).length === 0
            ? `${indent}${key}: {}\n`
            : `${indent}${key}:\n${yaml(one, `${indent}  `)}`,
    )
    .join('') || '{}\n';
const lines = (tree: Tree, sign = '=') => Object.entries(tree).map(([key, one]) => `${key}${sign}${String(one)}\n`);

const formats: Record<string, { trees: fc.Arbitrary<Tree>; print: (tree: Tree) => string }> = {
  yaml: { trees: groups, print: yaml },
  json: { trees: groups, print: (tree) => `${JSON.stringify(tree, null, 2)}\n` },
  dotenv: { trees: noGroups, print: (tree) => `#top\n${lines(tree).join('')}` },
  ini: {
    trees: sections,
    print: (tree) =>
      `top = 1\n${Object.entries(tree)
        .map(([key, one]) => `[${key}]\n${lines(one as Tree, ' = ').join('')}`)
        .join('\n')}`,
  },
};

async function merge(base: Opened, ours: Opened, theirs: Opened) {
  const { text, conflicts } = await mergeVersions({ base, ours, theirs }, later);
  const after = await reopen(text, ours.sealed.format);
  assert.deepEqual(after.verdict, { ok: true });
  const [root] = await plainTree(after);
  // Beside entries that clash, comments above them may as well.
  const sure = conflicts.filter(({ kind }) => kind !== 'comments' || conflicts.every((one) => one.kind === kind));
  const paths = sure.map((one) => (one.kind === 'entry' ? `/${one.path.join('/')}` : one.kind));
  return { after, text, tree: root ? treeOf(root) : undefined, paths: paths.sort() };
}

describe('merging versions that chance made', () => {
  for (const [format, { trees, print }] of Object.entries(formats))
    it(`of ${format}: as merging the values by hand, whichever side is ours, and once is enough`, async () => {
      const rotated = fc.constantFrom('none', 'ours', 'theirs', 'both');
      await fc.assert(
        fc.asyncProperty(trees, trees, trees, rotated, async (b, o, t, newKeys) => {
          const opened = await sealed(print(b), format as FormatId);
          const side = async (tree: Tree, isNew: boolean) => {
            const from = isNew ? await reopen((await rotate(opened, later)).text, format as FormatId) : opened;
            return reopen((await editText(from, print(tree), later)).text, format as FormatId);
          };
          const ours = await side(o, newKeys === 'ours' || newKeys === 'both');
          const theirs = await side(t, newKeys === 'theirs' || newKeys === 'both');
          const top: Tree = format === 'ini' ? { DEFAULT: { top: '1' } } : {};
          const clashes: string[] = [];
          const wanted = held(reference({ ...top, ...b }, { ...top, ...o }, { ...top, ...t }, '', clashes)).sort();
          const one = await merge(opened, ours, theirs);
          assert.deepEqual(held(one.tree).sort(), wanted);
          assert.deepEqual(one.paths, clashes.sort());
          const other = await merge(opened, theirs, ours);
          assert.deepEqual(other.paths, one.paths);
          const apart = (tree: Node) =>
            held(tree).filter((line) => !one.paths.some((path) => `${line.split(' ')[0]}/`.startsWith(`${path}/`)));
          assert.deepEqual(apart(other.tree).sort(), apart(one.tree).sort());
          assert.equal((await merge(opened, ours, ours)).text, ours.sealed.doc.text);
          assert.deepEqual(held((await merge(theirs, one.after, theirs)).tree).sort(), wanted);
        }),
        { numRuns: 40 },
      );
    }).timeout(120_000);
});
