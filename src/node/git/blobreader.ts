import type { BlobReader } from '../../core/platform/git.ts';
import { maxBlob } from './blobs.ts';
import { startGit } from './run.ts';

/** @param led git is led by the environment, as for a command that a person types */
export function blobReader(folder: string, led = false): BlobReader {
  const child = startGit(folder, ['cat-file', '--batch'], led);
  const waiting: ((bytes: Uint8Array | undefined) => void)[] = [];
  const answers = new Answers((bytes) => waiting.shift()?.(bytes));
  let open = child !== undefined;
  const close = () => {
    open = false;
    for (const one of waiting.splice(0)) one(undefined);
  };
  child?.stdout.on('data', (piece: Buffer) => answers.take(piece));
  child?.once('close', close);
  child?.once('error', close);
  return {
    read: (blob) =>
      new Promise((resolve) => {
        if (!child || !open || !/^[0-9a-f]+$/.test(blob)) return resolve(undefined);
        waiting.push(resolve);
        child.stdin.write(`${blob}\n`);
      }),
    end() {
      close();
      child?.kill('SIGKILL');
    },
  };
}

const lineFeed = 10;

/** A blob that is being read: its bytes, none for one that is too large, and how much came of it, the line end counted. */
interface Content {
  readonly bytes: Uint8Array | undefined;
  readonly size: number;
  come: number;
}

/** What `cat-file --batch` says: for each blob a line `<id> blob <size>`, the bytes and a line end, or a line that says that it is not there. */
class Answers {
  readonly #answer: (bytes: Uint8Array | undefined) => void;
  #header = '';
  #now: Content | undefined;

  constructor(answer: (bytes: Uint8Array | undefined) => void) {
    this.#answer = answer;
  }

  take(piece: Buffer): void {
    for (let at = 0; at < piece.length; ) at = this.#now ? this.#content(piece, at, this.#now) : this.#line(piece, at);
  }

  #line(piece: Buffer, at: number): number {
    const end = piece.indexOf(lineFeed, at);
    this.#header += piece.toString('latin1', at, end < 0 ? undefined : end);
    if (end < 0) return piece.length;
    const [, type, length] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(this.#header) ?? [];
    const size = Number(length);
    this.#header = '';
    if (type === undefined) this.#answer(undefined);
    else this.#now = { bytes: type === 'blob' && size <= maxBlob ? new Uint8Array(size) : undefined, size, come: 0 };
    return end + 1;
  }

  #content(piece: Buffer, at: number, now: Content): number {
    const end = Math.min(piece.length, at + now.size + 1 - now.come);
    now.bytes?.set(piece.subarray(at, Math.min(end, at + Math.max(0, now.size - now.come))), now.come);
    now.come += end - at;
    if (now.come > now.size) {
      this.#now = undefined;
      this.#answer(now.bytes);
    }
    return end;
  }
}
