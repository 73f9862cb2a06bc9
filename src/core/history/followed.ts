import type { EntryChange } from './between.ts';
import type { Version } from './version.ts';

/** Which entries are asked about: one, by its label now or at any time; or some, each until the commit that gave it its value. */
export type Asked = { readonly entry: string } | { readonly untilChanged: readonly string[] };

/** Entries of one version by what they are called there, each with what stands for its value. */
type Entries = ReadonlyMap<string, string>;

const nothing: Entries = new Map();

/** What the entries that are asked about are called in each version of a history. */
export class Followed {
  readonly #asked: Asked;
  readonly #in = new Map<string, Entries>();
  /** Every name that the one entry had so far, the newest first. */
  readonly #known: string[];

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#known = 'entry' in asked ? [asked.entry] : [];
  }

  /** Those of a version. @param blob undefined for the file on the disk, where all of this begins */
  in(blob: string | undefined, version: Version | undefined): Entries {
    const known = blob === undefined ? undefined : this.#in.get(blob);
    if ('untilChanged' in this.#asked) {
      if (known || blob !== undefined) return known ?? nothing;
      return picked(version, this.#asked.untilChanged);
    }
    if (known && known.size > 0) return known;
    const label = this.#known.find((one) => version?.entries?.has(one));
    return label === undefined ? nothing : picked(version, [label]);
  }

  /** Whether an older version is seen to have all of them as they are, without looking at what else is there. */
  areIn(entries: Entries, before: Version): boolean {
    return (entries.size > 0 || 'untilChanged' in this.#asked) && before.hasAll([...entries.values()]);
  }

  /** An older version calls them the same. */
  keep(blob: string, entries: Entries): void {
    this.#in.set(blob, entries);
  }

  /** The labels to look for: where the newer version has no such entry, the one that was known last. */
  wanted(entries: Entries): ReadonlySet<string> {
    return new Set(entries.size > 0 ? entries.keys() : this.#known.slice(0, 1));
  }

  /** What they are called in an older version. */
  follow(
    blob: string,
    before: Version | undefined,
    wanted: ReadonlySet<string>,
    changes: readonly EntryChange[],
  ): void {
    const changed = new Map(changes.map((change) => [change.entry, change]));
    const names: string[] = [];
    for (const label of wanted) {
      const { kind, formerly } = changed.get(label) ?? {};
      if ('entry' in this.#asked || kind === undefined || kind === 'renamed') names.push(formerly ?? label);
    }
    if ('entry' in this.#asked) for (const name of names) if (!this.#known.includes(name)) this.#known.unshift(name);
    this.#in.set(blob, picked(before, names));
  }
}

function picked(version: Version | undefined, labels: readonly string[]): Entries {
  const found = new Map<string, string>();
  for (const label of labels) {
    const stored = version?.entries?.get(label);
    if (stored !== undefined) found.set(label, stored);
  }
  return found;
}
