import type { Step } from '../change/intent.ts';
import { idOfPath } from '../change/locate.ts';
import { LockstepError } from '../errors.ts';
import type { PlainMap, PlainNode } from '../tree/plain.ts';
import type { Value } from '../tree/value.ts';
import type { Planned } from './plan.ts';

/** Whether nothing is left to be decided. */
export const isSettled = (plan: readonly Planned[]): boolean =>
  plan.every(({ fate }) => fate !== 'clash' && fate !== 'blocked');

/** Those that are written. */
export const written = (plan: readonly Planned[]): Planned[] =>
  plan.filter(({ fate }) => fate === 'new' || fate === 'replaced');

/**
 * The steps that a plan is for an encrypted file: all of them are one change.
 * @param there what the file holds, as the plan was made for it. Throws ENTRY_EXISTS while something is left to be decided.
 */
export function stepsOf(plan: readonly Planned[], there: Value): Step[] {
  requireSettled(plan);
  const steps: Step[] = [];
  const groups = new Map<string, { path: readonly string[]; tree: Tree }>();
  for (const { path, value, fate } of written(plan)) {
    if (!value) continue;
    if (fate === 'replaced') {
      steps.push(...replacing(path, value, there));
      continue;
    }
    const depth = depthOf(there, path);
    const at = path.slice(0, depth);
    const id = idOfPath(0, at);
    const group = groups.get(id) ?? { path: at, tree: new Map() };
    groups.set(id, group);
    grow(group.tree, path.slice(depth), value);
  }
  for (const [group, { tree }] of groups) {
    const { members } = treeValue(tree);
    steps.push({ kind: 'add', to: { group }, members });
  }
  return steps;
}

/** The tree of a file that is to be made. Throws as `stepsOf`. */
export function treeFor(plan: readonly Planned[]): PlainMap {
  requireSettled(plan);
  const tree: Tree = new Map();
  for (const { path, value } of written(plan)) if (value) grow(tree, path, value);
  return plainMap(treeValue(tree));
}

function requireSettled(plan: readonly Planned[]): void {
  const open = plan.find(({ fate }) => fate === 'clash' || fate === 'blocked');
  if (open) throw new LockstepError('ENTRY_EXISTS', { path: open.path });
}

/** One value takes the place of another, or a list does and the like: then the old one goes first. */
function replacing(path: readonly string[], value: Value, there: Value): Step[] {
  const id = idOfPath(0, path);
  const old = at(there, path);
  if (value.kind === 'scalar' && old?.kind === 'scalar') return [{ kind: 'set', id, value: value.scalar }];
  const members = [{ key: path.at(-1), value }];
  return [
    { kind: 'remove', ids: [id], keepComments: true },
    { kind: 'add', to: { group: idOfPath(0, path.slice(0, -1)) }, members },
  ];
}

const at = (value: Value | undefined, path: readonly string[]): Value | undefined =>
  path.reduce<Value | undefined>(
    (one, key) => (one?.kind === 'map' ? one.members.find((member) => member.key === key)?.value : undefined),
    value,
  );

/** How many names of a path lead to a group that is there. */
function depthOf(there: Value, path: readonly string[]): number {
  let depth = 0;
  while (depth < path.length - 1 && at(there, path.slice(0, depth + 1))?.kind === 'map') depth++;
  return depth;
}

type Tree = Map<string, Tree | { readonly value: Value }>;

function grow(tree: Tree, [key = '', ...rest]: readonly string[], value: Value): void {
  if (rest.length === 0) {
    // An empty map, where others have grown one.
    if (value.kind !== 'map' || !tree.has(key)) tree.set(key, value.kind === 'map' ? new Map() : { value });
    return;
  }
  const found = tree.get(key);
  const inner: Tree = found instanceof Map ? found : new Map();
  tree.set(key, inner);
  grow(inner, rest, value);
}

function treeValue(tree: Tree): Extract<Value, { kind: 'map' }> {
  const members = [...tree].map(([key, one]) => ({ key, value: one instanceof Map ? treeValue(one) : one.value }));
  return { kind: 'map', members };
}

function plainMap({ members }: Extract<Value, { kind: 'map' }>): PlainMap {
  return { kind: 'map', members: members.map(({ key, value }) => ({ kind: 'entry', key, value: plainNode(value) })) };
}

function plainNode(value: Value): PlainNode {
  if (value.kind === 'map') return plainMap(value);
  return value.kind === 'list' ? { kind: 'list', items: value.items.map(plainNode) } : value;
}
