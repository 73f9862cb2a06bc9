import * as vscode from 'vscode';
import { tryUtf8 } from '../../core/bytes.ts';
import type { FormatId } from '../../core/format/document.ts';
import { textOfFile } from '../../core/format/encoding.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { binaryLeaves, plainLeaves } from '../../core/seal/seal.ts';
import { isSealed, type Leaf, readSealed, type Sealed } from '../../core/sops/sealed.ts';
import type { Path } from '../../core/tree/path.ts';

/** A secret whose value git's history holds in clear text. Names only. */
export interface Exposed {
  readonly id: string;
  readonly path: Path;
  /** The newest commit that has it, abbreviated. */
  readonly commit: string;
  readonly time: Date;
}

const keyOf = (leaf: Leaf) => JSON.stringify([leaf.document, ...leaf.path]);

/** Text that is there, and not a ciphertext: something that a reader of the history learns. */
function inClear({ node: { scalar } }: Leaf): boolean {
  if (scalar.type === 'null') return false;
  if (scalar.type !== 'str' || typeof scalar.value !== 'string') return true;
  return scalar.value !== '' && !/^ENC\[AES256_GCM,data:/.test(scalar.value);
}

/**
 * The secrets of an encrypted file that some version of it, reachable from any branch or tag, held in clear text under
 * the same key path. Empty outside git and in a workspace that is not trusted. Old versions that do not parse are
 * passed over.
 */
export async function findExposed({ git }: Platform, uri: vscode.Uri, sealed: Sealed): Promise<readonly Exposed[]> {
  if (!git || !vscode.workspace.isTrusted || uri.scheme !== 'file') return [];
  const wanted = new Map(sealed.leaves.filter((leaf) => leaf.encrypted).map((leaf) => [keyOf(leaf), leaf]));
  const found = new Map<string, Exposed>();
  for await (const { bytes, commit, time } of git.versionsOf(uri.fsPath)) {
    for (const old of leavesOfVersion(bytes, sealed.format)) {
      const leaf = wanted.get(keyOf(old));
      if (leaf && !found.has(leaf.id) && inClear(old))
        found.set(leaf.id, { id: leaf.id, path: leaf.path, commit, time });
    }
  }
  // In the file's order.
  return sealed.leaves.flatMap((leaf) => found.get(leaf.id) ?? []);
}

function leavesOfVersion(bytes: Uint8Array, format: FormatId): readonly Leaf[] {
  try {
    if (format === 'binary') return isSealed(tryUtf8(bytes) ?? '', format) ? [] : binaryLeaves(bytes);
    const text = textOfFile(bytes, format);
    return isSealed(text, format) ? readSealed(text, format).leaves : plainLeaves(text, format);
  } catch {
    return [];
  }
}
