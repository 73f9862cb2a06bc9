import type { Held } from '../checklist/version.ts';
import { type Source, walk } from './walk.ts';

/** How long a value has been what it is. */
export interface Age {
  /** Of the file as it is now. */
  readonly entry: string;
  /** Undefined for what no commit has yet. */
  readonly since: Date | undefined;
  /** It may be older: the clone has no older commits, or no key here opens an older version. */
  readonly atLeast: boolean;
}

/**
 * Since when the entries of a file have their values, each as soon as it is known; encrypting one anew makes it no younger. An entry is
 * left out of which git cannot tell. Throws as `walk`.
 * @param labels those that are asked about
 */
export async function* agesOf(
  source: Source & { readonly file: Held },
  labels: readonly string[],
): AsyncGenerator<Age> {
  // What an entry was called then → what it is called now.
  const left = new Map(labels.map((label) => [label, label]));
  for await (const { commit, changes, standsIn } of walk(source, { untilChanged: labels })) {
    const since = commit.made?.time;
    const renamed: [string, string][] = [];
    for (const { entry, kind, formerly } of changes) {
      const now = kind === 'removed' ? undefined : left.get(entry);
      if (now === undefined) continue;
      left.delete(entry);
      if (formerly !== undefined) renamed.push([formerly, now]);
      else if (!standsIn) yield { entry: now, since, atLeast: kind === 'unseen' || commit.cut };
    }
    for (const [then, now] of renamed) left.set(then, now);
    if (left.size === 0) return;
  }
}
