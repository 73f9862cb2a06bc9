import { git, maxOutput } from './run.ts';

/** A content that git keeps, by its id. */
interface Blob {
  readonly id: string;
}

interface Content<B> {
  readonly blob: B;
  readonly bytes: Uint8Array;
}

export const maxBlob = 5 * 1024 * 1024;
/** Of one part; git says a few words about each besides. */
const maxPart = maxOutput / 2;

/** The blobs' bytes, in the given order, without those that are too large. @param run git, as the repository or as the environment leads it */
export async function* readBlobs<B extends Blob>(
  folder: string,
  blobs: readonly B[],
  run = git,
): AsyncGenerator<Content<B>> {
  if (blobs.length === 0) return;
  const ids = `${blobs.map((blob) => blob.id).join('\n')}\n`;
  const sizes = await run(folder, ['cat-file', '--batch-check=%(objectname) %(objectsize)'], ids);
  if (sizes?.code !== 0) return;
  const sizeOf = new Map(
    sizes.out
      .toString('latin1')
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  let part: B[] = [];
  let sum = 0;
  for (const blob of blobs) {
    const size = Number(sizeOf.get(blob.id));
    if (!(size <= maxBlob)) continue;
    if (sum + size > maxPart) {
      yield* await readPart(folder, part, run);
      part = [];
      sum = 0;
    }
    part.push(blob);
    sum += size;
  }
  yield* await readPart(folder, part, run);
}

/** One `cat-file --batch`: for each blob a line `<id> blob <size>`, the bytes, and a line end. */
async function readPart<B extends Blob>(folder: string, blobs: readonly B[], run: typeof git): Promise<Content<B>[]> {
  if (blobs.length === 0) return [];
  const result = await run(folder, ['cat-file', '--batch'], `${blobs.map((blob) => blob.id).join('\n')}\n`);
  const found: Content<B>[] = [];
  let at = 0;
  for (const blob of result?.code === 0 ? blobs : []) {
    const out = result?.out ?? Buffer.alloc(0);
    const end = out.indexOf(10, at);
    const header = out.toString('latin1', at, end).split(' ');
    if (end < 0 || header[0] !== blob.id || header[1] !== 'blob') break;
    const start = end + 1;
    at = start + Number(header[2]) + 1;
    found.push({ blob, bytes: out.subarray(start, at - 1) });
  }
  return found;
}
