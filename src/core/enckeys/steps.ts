import type { Step } from '../change/intent.ts';
import { idOfPath } from '../change/locate.ts';
import { LockstepError } from '../errors.ts';
import type { MapNode } from '../format/document.ts';
import { childrenOf, entriesOf } from '../format/place.ts';
import { generate } from '../generate/generate.ts';
import type { Sealed } from '../sops/sealed.ts';
import { scalar, text } from '../tree/value.ts';
import { keyPlaces } from './keys.ts';
import { findKey, isSameName, keyGroup, keyPathOf } from './names.ts';
import { type KeySize, keyBytes } from './payload.ts';

/** A key by chance, in base64. */
export const newKey = (bits: KeySize): string => generate({ kind: 'key', bits }).text;

/** The step that adds a key. Throws BAD_NAME, ENTRY_EXISTS, BAD_ENCRYPTION_KEY. */
export function addingKey(sealed: Sealed, name: string, key: string): Step {
  keyBytes(key).fill(0);
  const path = keyPathOf(sealed.format, name);
  if (keyPlaces(sealed).some((one) => isSameName(one.name, name))) throw new LockstepError('ENTRY_EXISTS', { path });
  const value = scalar(text(key.trim()));
  const [first, inGroup] = path;
  if (inGroup === undefined) return { kind: 'add', to: { group: '[0]' }, members: [{ key: first, value }] };
  const member = { key: inGroup, value };
  if (groupOf(sealed)) return { kind: 'add', to: { group: idOfPath(0, [keyGroup]) }, members: [member] };
  const group = { kind: 'map', members: [member] } as const;
  return { kind: 'add', to: { group: '[0]' }, members: [{ key: keyGroup, value: group }] };
}

/** The step that puts another key in the place of one. Throws NO_ENCRYPTION_KEY, BAD_ENCRYPTION_KEY, NOT_SELECTED for one in plaintext. */
export function resettingKey(sealed: Sealed, name: string, key: string): Step {
  keyBytes(key).fill(0);
  const { id, path, isClear } = findKey(keyPlaces(sealed), name);
  if (isClear) throw new LockstepError('NOT_SELECTED', { path });
  return { kind: 'set', id, value: text(key.trim()) };
}

/** The step that removes a key, and its group with the last one. Throws NO_ENCRYPTION_KEY. */
export function removingKey(sealed: Sealed, name: string): Step {
  const { id } = findKey(keyPlaces(sealed), name);
  const group = groupOf(sealed);
  const isLast = group !== undefined && childrenOf(group).length === 1 && sealed.format !== 'dotenv';
  return { kind: 'remove', ids: [isLast ? idOfPath(0, [keyGroup]) : id] };
}

function groupOf({ doc }: Sealed): MapNode | undefined {
  const [root] = doc.documents;
  const group = root && entriesOf(root).find(({ key }) => key === keyGroup)?.value;
  return group?.kind === 'map' ? group : undefined;
}
