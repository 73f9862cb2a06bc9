import { bareRecipient } from '../age/sshkey.ts';
import { LockstepError } from '../errors.ts';
import { applyEdits, type MapNode, type MetadataFields, type Node, type TextEdit } from '../format/document.ts';
import { fingerprint, nodeValue } from '../format/nodevalue.ts';
import { getFormat } from '../format/which.ts';
import type { Clock } from '../ports.ts';
import { proveKeys, type SealedText } from '../seal/prove.ts';
import { keyFields } from '../sops/keyfields.ts';
import { storedOrder } from '../sops/kinds.ts';
import { timestamp } from '../sops/mac.ts';
import type { MasterKey } from '../sops/masterkey.ts';
import { foldedName, readMetadata } from '../sops/metadata.ts';
import { readSealed, type Sealed } from '../sops/sealed.ts';
import type { Value } from '../tree/value.ts';

type Groups = readonly (readonly MasterKey[])[];

/** Whatever the metadata may hold about who can read the file. */
const fieldNames = [...storedOrder, 'key_groups', 'shamir_threshold'];

/**
 * The file with other keys in its metadata, in every document's copy; all else keeps its bytes. Keys that are in the file
 * already keep their entries. The result is read back and compared. Throws FOREIGN_MASTER_KEY for a new key that is not an
 * age key, and UNSUPPORTED_VALUE where the text is set out in a way that cannot be changed so.
 */
export function withKeys(
  sealed: Sealed,
  groups: Groups,
  threshold: number,
  clock: Clock,
): { readonly edits: TextEdit[]; readonly sealed: Sealed; readonly text: SealedText } {
  const { doc, format } = sealed;
  const fields = keyFields(groups, threshold, timestamp(clock.now()));
  const edits = doc.metadata.flatMap((block, i) =>
    block ? getFormat(format).writeMetadata(doc, i, namedAs(block.root, fields)) : [],
  );
  const after = readSealed(applyEdits(doc.text, edits), format);
  requireKeys(sealed, after, groups, threshold);
  return { edits, sealed: after, text: proveKeys(sealed, after) };
}

/** The fields under the names that this copy has for them; those that it has and shall not have are undefined. */
function namedAs(root: MapNode, fields: Readonly<Record<string, Value>>): MetadataFields {
  const entries = root.members.filter((member) => member.kind === 'entry');
  const named = new Map<string, Value | undefined>();
  for (const { key, value } of entries)
    if (fieldNames.includes(foldedName(key)) && !saysNothing(value)) named.set(key, undefined);
  for (const [name, value] of Object.entries(fields)) {
    const alike = entries.filter(({ key }) => foldedName(key) === name);
    const own = alike.find(({ key }) => key === name) ?? alike[0];
    if (own && fingerprint(nodeValue(own.value)) === fingerprint(value)) named.delete(own.key);
    else named.set(own?.key ?? name, value);
  }
  return named;
}

/** `kms: []`, as older versions of sops write it; it may stay. */
function saysNothing(node: Node): boolean {
  if (node.kind === 'list') return node.items.length === 0;
  return node.kind === 'scalar' && (node.scalar.type === 'null' || node.scalar.value === '');
}

/** The old text is about to be replaced: each copy of the metadata must hold these keys. */
function requireKeys(before: Sealed, after: Sealed, groups: Groups, threshold: number): void {
  const copies = after.doc.metadata.flatMap((block) => (block ? [readMetadata(block.root)] : []));
  const same =
    copies.length === before.doc.metadata.filter(Boolean).length &&
    copies.every((one) => one.shamirThreshold === threshold && shape(one.groups) === shape(groups));
  if (!same) throw new LockstepError('UNSUPPORTED_VALUE', { what: 'structure' });
}

/** Keys in the order in which they are stored. */
function shape(groups: Groups): string {
  return JSON.stringify(
    groups.map((keys) =>
      storedOrder.flatMap((kind) =>
        keys.filter((key) => key.kind === kind).map(({ name, enc }) => [kind, bareRecipient(name), enc.trimEnd()]),
      ),
    ),
  );
}
