import { keysOf, lostKey, lostKeys } from '../../core/enckeys/keys.ts';
import type { FormatId } from '../../core/format/document.ts';
import { textOfFile } from '../../core/format/encoding.ts';
import { getFormat } from '../../core/format/which.ts';
import type { Opened } from '../../core/open/open.ts';
import { collect, type Leaf } from '../../core/sops/sealed.ts';
import type { Selector } from '../../core/sops/selection.ts';
import { type Path, samePath, visible } from '../../core/tree/path.ts';
import { agreed } from '../agree.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import type { Io } from '../io.ts';

/** What becomes unreadable when a named encryption key goes. */
export function tellLoss(io: Io): void {
  io.writeStderr(
    'lockstep: What was encrypted with this key, in databases and files anywhere, cannot be decrypted without it. Decrypt it first, or keep the key elsewhere; only older versions of the file still have it.\n',
  );
}

/**
 * Before `set` and `unset`: says which named encryption keys go with what is at a path, and asks, where somebody is there. A script goes on.
 * Throws BAD_ENCRYPTION_KEY for a value that cannot take the place of one, Failure when the person does not agree.
 * @param json what comes there; undefined for nothing
 */
export async function agreeOnLoss(
  call: Call,
  label: string,
  opened: Opened,
  path: Path,
  json: string | undefined,
): Promise<void> {
  const { io } = call;
  if (io.name === 'sops') return;
  const value: unknown = json === undefined ? undefined : JSON.parse(json);
  for (const leaf of opened.sealed.leaves) {
    const depth = Math.min(path.length, leaf.path.length);
    if (leaf.document > 0 || !samePath(path.slice(0, depth), leaf.path.slice(0, depth))) continue;
    const after = path.length > leaf.path.length ? undefined : inside(value, leaf.path.slice(path.length));
    const lost = lostKey(opened, leaf, typeof after === 'string' ? after : undefined);
    if (lost !== undefined) await agreeOn(call, label, lost);
  }
}

/** The same for an edit of a whole file: nothing is refused. @param edited the plain file, which need not parse */
export async function agreeOnEdit(call: Call, label: string, opened: Opened, edited: Uint8Array): Promise<void> {
  const { format, metadata } = opened.sealed;
  if (call.io.name === 'sops' || format === 'binary' || keysOf(opened).length === 0) return;
  const leaves = leavesOf(edited, format, metadata.selector);
  for (const { name } of leaves ? lostKeys(opened, leaves, ({ node }) => node.scalar) : [])
    await agreeOn(call, label, name);
}

/** The same for a merge, by what was chosen. */
export async function agreeOnSides(call: Call, label: string, lost: readonly string[]): Promise<void> {
  for (const name of lost) await agreeOn(call, label, name);
}

/** Undefined for a text that does not parse: why is said where it is to be encrypted. */
function leavesOf(edited: Uint8Array, format: FormatId, selector: Selector): readonly Leaf[] | undefined {
  try {
    return collect(getFormat(format).parse(textOfFile(edited, format)), selector).leaves;
  } catch {
    return undefined;
  }
}

async function agreeOn(call: Call, label: string, name: string): Promise<void> {
  const { io } = call;
  tellKeyLoss(io, label, name);
  if (io.interactive && !(await agreed(call, 'Go on?', 'encryption-key reset --yes does not ask.')))
    throw new Failure(exit.generic, 'You did not agree.', 'Nothing was changed.');
}

/** Says which key goes, and what becomes unreadable. */
export function tellKeyLoss(io: Io, label: string, name: string): void {
  io.writeStderr(
    `lockstep: The encryption key ${visible(name)} in ${visible(label)} is replaced or removed by this.\n`,
  );
  tellLoss(io);
}

/** What a JSON value has at a path. */
function inside(value: unknown, path: Path): unknown {
  let at = value;
  for (const part of path)
    at =
      typeof at === 'object' && at !== null && Object.hasOwn(at, part)
        ? (at as Record<string, unknown>)[part]
        : undefined;
  return at;
}
