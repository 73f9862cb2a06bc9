import { LockstepError } from '../errors.ts';
import type { FormatId, SourceDocument } from '../format/document.ts';
import { type EmitOptions, emit } from '../format/emit/emit.ts';
import { textOfBytes, textOfFile } from '../format/encoding.ts';
import { getFormat } from '../format/which.ts';
import type { Opened } from '../open/open.ts';
import { plainTree, treeOf } from '../open/plaintree.ts';
import type { Clock } from '../ports.ts';
import { flatText } from '../tree/flattext.ts';
import type { Path } from '../tree/path.ts';
import type { PlainMap, PlainNode } from '../tree/plain.ts';
import type { Scalar } from '../tree/value.ts';
import { requireIntact, type SealedText } from './prove.ts';
import { type SealOptions, sealBytes, sealFor } from './seal.ts';

/**
 * Encrypt a tree in another format than it came from (`sops encrypt --output-type`). It is printed in that format and read
 * back before it is encrypted: dotenv and INI have texts only, and JSON has no dates. Throws what `emit` and `sealBytes`
 * throw, ALREADY_ENCRYPTED for an entry that would be taken for metadata, and BAD_VALUE, with the path, for a value that would not read as the same text.
 */
export async function sealTree(
  documents: readonly PlainMap[],
  format: FormatId,
  options: SealOptions & EmitOptions,
  clock: Clock,
): ReturnType<typeof sealBytes> {
  const bytes = emit(documents, format, options);
  if (format !== 'binary') readBack(documents, bytes, format);
  return sealBytes(bytes, format, options, clock);
}

/**
 * An encrypted file in another format: the same values for the same readers under the same data key (`sops set
 * --output-type`). Throws EDIT_LOCKED unless its MAC holds, UNSUPPORTED_FORMAT for a binary one, and as `sealTree`.
 */
export async function convertSealed(
  opened: Opened,
  format: FormatId,
  options: EmitOptions,
  clock: Clock,
): Promise<SealedText> {
  requireIntact(opened);
  if (format === 'binary' || opened.sealed.format === 'binary')
    throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'binary' });
  const documents = await plainTree(opened);
  return sealFor(opened, readBack(documents, emit(documents, format, options), format), clock);
}

/** The printed trees, parsed: they hold the same. */
function readBack(before: readonly PlainMap[], bytes: Uint8Array, format: FormatId): SourceDocument {
  const doc = getFormat(format).parse(textOfFile(bytes, format));
  if (doc.metadata.some((block) => block !== undefined)) throw new LockstepError('ALREADY_ENCRYPTED');
  // JSON and dotenv have one document; INI has the sections of all.
  const single = format === 'json' || format === 'dotenv';
  const wanted = (single ? before.slice(0, 1) : before).flatMap((root) => leavesOf(root, []));
  const found = treeOf(doc).flatMap((root) => leavesOf(root, []));
  wanted.forEach(({ path, scalar }, i) => {
    const other = found[i];
    const same =
      other && JSON.stringify(other.path) === JSON.stringify(path) && sameValue(scalar, other.scalar, format);
    if (!same) throw new LockstepError('BAD_VALUE', { path, what: format });
  });
  if (found.length !== wanted.length) throw new LockstepError('BAD_VALUE', { what: format });
  return doc;
}

function sameValue(before: Scalar, after: Scalar, format: FormatId): boolean {
  const typed = format === 'yaml' || (format === 'json' && before.type !== 'time');
  // A float without a fraction is an integer in both.
  const number = (type: string) => (type === 'int' ? 'float' : type);
  if (typed && number(before.type) !== number(after.type)) return false;
  return exactText(before) === exactText(after) || (!typed && flat(before) === flat(after));
}

function exactText(scalar: Scalar): string {
  if (scalar.type === 'null') return '';
  if (scalar.type === 'float' || scalar.type === 'int') return String(Number(scalar.value));
  return typeof scalar.value === 'object' ? textOfBytes(scalar.value) : String(scalar.value);
}

function flat(scalar: Scalar): string {
  return flatText(scalar) ?? exactText(scalar);
}

function leavesOf(node: PlainNode, path: Path): { path: Path; scalar: Scalar }[] {
  if (node.kind === 'scalar') return [{ path, scalar: node.scalar }];
  if (node.kind === 'map')
    return node.members.flatMap((one) => (one.kind === 'entry' ? leavesOf(one.value, [...path, one.key]) : []));
  return node.items.filter((one) => one.kind !== 'comment').flatMap((item, i) => leavesOf(item, [...path, i]));
}
