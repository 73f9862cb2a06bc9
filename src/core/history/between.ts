import type { Digests } from '../checklist/digests.ts';
import type { Version } from './version.ts';

/** What became of an entry from one version of a file to the next. */
export interface EntryChange {
  /** Its name in the newer version; of one that went, in the older one. */
  readonly entry: string;
  /** `unseen`: it has another ciphertext, and no key here tells whether it has another value. */
  readonly kind: 'added' | 'changed' | 'removed' | 'renamed' | 'unseen';
  /** The name that it had, of `renamed`. */
  readonly formerly: string | undefined;
}

/**
 * The entries whose value is another one, that came, that went, and that have another name; not those that were only encrypted anew. A
 * version that is not there has no entries; both can be read.
 * @param only those that are asked about, by their names in either version: nothing is opened for others
 */
export async function changesBetween(
  after: Version | undefined,
  before: Version | undefined,
  digests: Digests,
  only?: ReadonlySet<string>,
): Promise<EntryChange[]> {
  const [now, then] = [after?.entries ?? nothing, before?.entries ?? nothing];
  const isAsked = (label: string) => only === undefined || only.has(label);
  const other = [...now].flatMap(([label, stored]) => {
    const old = then.get(label);
    return old === undefined || old === stored || !isAsked(label) ? [] : [label];
  });
  const added = [...now.keys()].filter((label) => !then.has(label));
  const removed = [...then.keys()].filter((label) => !now.has(label));
  const renames =
    added.some(isAsked) || removed.some(isAsked) ? await renamesOf(after, before, added, removed, digests) : new Map();
  const formerly = new Set(renames.values());
  const changed = await changedOf(after, before, other, digests);
  return [
    ...changed,
    ...added
      .filter((label) => isAsked(label) || isAsked(renames.get(label) ?? ''))
      .map((entry): EntryChange => {
        const old: string | undefined = renames.get(entry);
        return { entry, kind: old === undefined ? 'added' : 'renamed', formerly: old };
      }),
    ...removed
      .filter((label) => isAsked(label) && !formerly.has(label))
      .map((entry): EntryChange => ({ entry, kind: 'removed', formerly: undefined })),
  ];
}

const nothing: ReadonlyMap<string, string> = new Map();

async function changedOf(
  after: Version | undefined,
  before: Version | undefined,
  labels: readonly string[],
  digests: Digests,
): Promise<EntryChange[]> {
  if (labels.length === 0) return [];
  const [now, then] = [await after?.values(digests, labels), await before?.values(digests, labels)];
  const kindOf = (label: string) => {
    if (!now || !then) return 'unseen';
    return now.get(label)?.digest === then.get(label)?.digest ? undefined : 'changed';
  };
  return labels.flatMap((entry) => {
    const kind = kindOf(entry);
    return kind ? [{ entry, kind, formerly: undefined }] : [];
  });
}

/** An entry that came with the value of one that went is that one, if the value is not one that many have. New name → old name. */
async function renamesOf(
  after: Version | undefined,
  before: Version | undefined,
  added: readonly string[],
  removed: readonly string[],
  digests: Digests,
): Promise<ReadonlyMap<string, string>> {
  const renames = new Map<string, string>();
  if (added.length === 0 || removed.length === 0) return renames;
  const [now, then] = [await after?.values(digests, added), await before?.values(digests, removed)];
  if (!now || !then) return renames;
  const byValue = new Map<string, string[]>();
  for (const label of removed) {
    const { digest, telling } = then.get(label) ?? {};
    if (digest !== undefined && telling) byValue.set(digest, [...(byValue.get(digest) ?? []), label]);
  }
  for (const label of added) {
    const old = byValue.get(now.get(label)?.digest ?? '')?.shift();
    if (old !== undefined) renames.set(label, old);
  }
  return renames;
}
