import { change } from '../../src/core/change/change.ts';
import type { ChangeOptions, Target } from '../../src/core/change/intent.ts';
import { idOfPath, type NodeId } from '../../src/core/change/locate.ts';
import type { Member } from '../../src/core/change/values.ts';
import type { Side } from '../../src/core/merge/three.ts';
import type { Opened } from '../../src/core/open/open.ts';
import { unseal } from '../../src/core/open/unseal.ts';
import type { Clock } from '../../src/core/ports.ts';
import type { Path } from '../../src/core/tree/path.ts';
import { type Scalar, scalar } from '../../src/core/tree/value.ts';

/** Intents by name, for tests that make many. */

type Rest = readonly [clock: Clock, options?: ChangeOptions];

export const setValue = (opened: Opened, id: NodeId, value: Scalar, clock: Clock) =>
  change(opened, { kind: 'set', id, value }, clock);

/** As the text editor adds one. */
export const addEntry = (opened: Opened, document: number, parent: Path, key: string, value: Scalar, clock: Clock) =>
  addNodes(opened, { group: idOfPath(document, parent) }, [{ key, value: scalar(value) }], clock);

export const addNodes = (opened: Opened, to: Target, members: readonly Member[], ...rest: Rest) =>
  change(opened, { kind: 'add', to, members }, ...rest);

export const renameEntry = (opened: Opened, id: NodeId, key: string, ...rest: Rest) =>
  change(opened, { kind: 'rename', id, key }, ...rest);

export const renameNode = renameEntry;

/** As the text editor removes one. */
export const removeEntry = (opened: Opened, id: NodeId, clock: Clock) =>
  change(opened, { kind: 'remove', ids: [id], keepComments: true }, clock);

export const removeNodes = (opened: Opened, ids: readonly NodeId[], ...rest: Rest) =>
  change(opened, { kind: 'remove', ids }, ...rest);

export const duplicateEntry = (opened: Opened, id: NodeId, key: string, ...rest: Rest) =>
  change(opened, { kind: 'duplicate', id, key }, ...rest);

export const moveNode = (opened: Opened, id: NodeId, to: Target, ...rest: Rest) =>
  change(opened, { kind: 'move', id, to }, ...rest);

export const setComment = (opened: Opened, id: NodeId, text: string, ...rest: Rest) =>
  change(opened, { kind: 'comment', id, text }, ...rest);

export const markPlain = (opened: Opened, id: NodeId, on: boolean, clock: Clock) =>
  change(opened, { kind: 'markPlain', id, on }, clock);

export const setPath = (opened: Opened, path: Path, json: string, ...rest: Rest) =>
  change(opened, { kind: 'setPath', path, json }, ...rest);

export const unsetPath = (opened: Opened, path: Path, clock: Clock, { idempotent = false } = {}) =>
  change(opened, { kind: 'unsetPath', path, idempotent }, clock);

export const editText = (opened: Opened, text: string, ...rest: Rest) =>
  change(opened, { kind: 'text', text }, ...rest);

export const editBytes = (opened: Opened, bytes: Uint8Array, ...rest: Rest) =>
  change(opened, { kind: 'bytes', bytes }, ...rest);

export const applyMerge = (base: Opened, mine: Opened, theirs: Opened, sides: readonly Side[], ...rest: Rest) =>
  change(theirs, { kind: 'merge', base, mine, sides }, ...rest);

/** The whole plain text of an opened file: what `editText` takes back. */
export const plainTextOf = async (opened: Opened) => (await unseal(opened)).text;
