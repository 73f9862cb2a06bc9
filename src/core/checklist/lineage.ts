import type { PastChange } from '../platform/git.ts';

/** One content that a file had, under the name that it had then. */
interface PastContent {
  readonly blob: string;
  readonly commit: string;
  readonly time: Date;
  readonly path: string;
}

/** A file through all its names. */
export interface Lineage {
  /** Its present name, or the last one of a file that is gone. */
  readonly path: string;
  readonly gone: boolean;
  /** Every name that it ever had. */
  readonly names: ReadonlySet<string>;
  /** Newest first, each once. */
  readonly contents: readonly PastContent[];
}

/**
 * What became of each file of a history: those of `present` with all their former names, then those that are gone, as far as `counts`
 * says of their names.
 * @param changes newest first
 */
export function lineages(
  changes: readonly PastChange[],
  present: readonly string[],
  counts: (path: string) => boolean,
): Lineage[] {
  const index = new Index(changes, new Set(present));
  const found = present.map((path) => index.follow(path, false));
  const known = new Set(found.flatMap(({ names }) => [...names]));
  for (const { path } of changes) {
    if (known.has(path) || !counts(path)) continue;
    const gone = index.follow(path, true);
    for (const name of gone.names) known.add(name);
    found.push(gone);
  }
  return found;
}

class Index {
  readonly #changes: readonly PastChange[];
  readonly #present: ReadonlySet<string>;
  readonly #of = new Map<string, number[]>();

  constructor(changes: readonly PastChange[], present: ReadonlySet<string>) {
    this.#changes = changes;
    this.#present = present;
    for (const [i, { path }] of changes.entries()) {
      const known = this.#of.get(path);
      if (known) known.push(i);
      else this.#of.set(path, [i]);
    }
  }

  follow(path: string, gone: boolean): Lineage {
    const since = new Map([[path, 0]]);
    // A map goes on to what is added to it meanwhile.
    for (const [name, first] of since) {
      for (const i of this.#of.get(name) ?? []) {
        const from = this.#changes[i]?.from;
        if (i < first || from === undefined || since.has(from)) continue;
        // Another file has that name now: what is newer than the rename is its.
        since.set(from, this.#present.has(from) ? i : 0);
      }
    }
    const wanted = [...since].flatMap(([name, first]) => (this.#of.get(name) ?? []).filter((i) => i >= first));
    const contents = new Map<string, PastContent>();
    for (const i of wanted.sort((a, b) => a - b)) {
      const { blob, commit, time, path: name } = this.#changes[i] as PastChange;
      if (blob !== undefined && !contents.has(blob)) contents.set(blob, { blob, commit, time, path: name });
    }
    return { path, gone, names: new Set(since.keys()), contents: [...contents.values()] };
  }
}
