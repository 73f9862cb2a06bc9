import { formatOfBytes } from '../format/which.ts';
import type { Version } from '../platform/git.ts';
import { readSealed } from '../sops/sealed.ts';

/** When a file got the data key that it has. */
export type Rotation =
  /** A commit of that time was the first to have it. */
  | { readonly kind: 'committed'; readonly time: Date }
  /** No commit has a version under this data key. */
  | { readonly kind: 'uncommitted' };

/**
 * Since when a file has its data key, without a key: two versions that share a ciphertext or a wrapped data key are under the same one,
 * and a rotation leaves neither. Versions that do not parse are passed over. Throws as `readSealed` for the file itself.
 * @param path of the file, whose name decides on the format. @param versions newest first, as git has them, on any branch.
 */
export async function rotationOf(
  path: string,
  bytes: Uint8Array,
  versions: AsyncIterable<Pick<Version, 'bytes' | 'time'>>,
): Promise<Rotation> {
  const own = new Set(traces(path, bytes));
  let time: Date | undefined;
  for await (const version of versions) {
    const old = tracesOf(path, version.bytes);
    if (!old.some((trace) => own.has(trace))) continue;
    for (const trace of old) own.add(trace);
    if (!time || version.time < time) time = version.time;
  }
  return time ? { kind: 'committed', time } : { kind: 'uncommitted' };
}

/** What only files under one data key have in common. */
function traces(path: string, bytes: Uint8Array): string[] {
  const { text, format } = formatOfBytes(path, bytes);
  const { leaves, metadata } = readSealed(text, format);
  const values = leaves.flatMap(({ encrypted, node: { scalar } }) =>
    encrypted && scalar.type === 'str' ? [String(scalar.value)] : [],
  );
  return [...values, ...metadata.groups.flat().map(({ enc }) => enc)].filter((one) => one !== '');
}

function tracesOf(path: string, bytes: Uint8Array): string[] {
  try {
    return traces(path, bytes);
  } catch {
    return [];
  }
}
