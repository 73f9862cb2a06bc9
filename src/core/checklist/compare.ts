import { bareRecipient } from '../age/sshkey.ts';
import type { Git } from '../platform/git.ts';
import { Digests, type OpenFile } from './digests.ts';
import { type Checklist, coded, type Item, type Tick } from './form.ts';
import { type FileReading, type Reading, readingOf } from './reading.ts';
import { type Held, parsed } from './version.ts';

/**
 * What an item is now.
 * `changed`: another value than in every version that they could read. `same`: one of those. `renamed`: the entry is gone, and another
 * of the file has its value. `gone`: the entry is gone. `file-gone`: the file is gone, or is not encrypted any more. `still-reader`: they
 * can read the file. `unread`: the file cannot be opened now. `unknown`: no version that they could read can be opened, or there is none
 * in this clone.
 */
type Standing = 'changed' | 'same' | 'renamed' | 'gone' | 'file-gone' | 'still-reader' | 'unread' | 'unknown';

export interface Finding {
  readonly item: Item;
  readonly standing: Standing;
  /** The file as it is called now; undefined for one that is gone. */
  readonly path: string | undefined;
  /** Of `renamed`: the entry that has the value. */
  readonly now: string | undefined;
}

/** Whether it is known that they could read the value that there is now. */
const couldRead = ({ standing }: Finding) =>
  standing === 'same' || standing === 'renamed' || standing === 'still-reader';

/** Whether an item is not done: it is not ticked, or its tick says that the value changed, and it did not. */
export const isToDo = (finding: Finding): boolean =>
  !finding.item.tick || (finding.item.tick === 'changed' && couldRead(finding));

/** Which items to tick off, and whose tick to take away, by line. What somebody ticked by hand stays. */
export function ticksFor(findings: readonly Finding[]): ReadonlyMap<number, Tick | undefined> {
  const ticks = new Map<number, Tick | undefined>();
  for (const finding of findings) {
    const { item, standing } = finding;
    if (!item.tick && standing === 'changed') ticks.set(item.line, 'changed');
    else if (item.tick && isToDo(finding)) ticks.set(item.line, undefined);
  }
  return ticks;
}

/** What there is to compare. */
interface Repository {
  readonly git: Git | undefined;
  /** Absolute. */
  readonly root: string;
  /** Every encrypted file, as it is now. */
  readonly files: readonly Held[];
  readonly open: OpenFile;
}

/**
 * What each item of a checklist is now, and why there may be more in the history than was compared. Old and new values are decrypted and compared; none is kept.
 * @param wanted which items; all by default
 */
export async function compare(
  list: Checklist,
  { git, root, files, open }: Repository,
  wanted: (item: Item) => boolean = () => true,
): Promise<{ readonly findings: readonly Finding[]; readonly missing: Reading['missing'] }> {
  const reading = await readingOf(git, root, files, list.recipients);
  const digests = new Digests(open);
  const findings: Finding[] = [];
  const items = list.items.filter(wanted);
  for (const name of new Set(items.map(({ file }) => file))) {
    const held = presentOf(name, reading.files, files);
    const of = items.filter(({ file }) => file === name);
    const judge = held && (await judgeOf(held, of, reading.files, list.recipients, digests));
    for (const item of of) {
      const { standing, now } = judge?.(item.entry) ?? { standing: 'file-gone' as const };
      findings.push({ item, standing, path: held?.path, now });
    }
  }
  findings.sort((a, b) => a.item.line - b.item.line);
  return { findings, missing: reading.missing };
}

/** The file that a list knows by some name, as it is called now. */
function presentOf(name: string, readings: readonly FileReading[], files: readonly Held[]): Held | undefined {
  const own = files.find(({ path }) => coded(path) === `\`${name}\``);
  if (own) return own;
  const moved = readings.find(({ gone, names }) => !gone && [...names].some((one) => coded(one) === `\`${name}\``));
  return moved && files.find(({ path }) => path === moved.path);
}

type Judge = (entry: string) => { readonly standing: Standing; readonly now?: string };

/** Judges the entries of one file. */
async function judgeOf(
  held: Held,
  items: readonly Item[],
  readings: readonly FileReading[],
  recipients: readonly string[],
  digests: Digests,
): Promise<Judge> {
  const gone = new Set(recipients.map(bareRecipient));
  if (parsed(held)?.recipients?.some((one) => gone.has(bareRecipient(one))))
    return () => ({ standing: 'still-reader' });
  const now = await digests.present(held);
  if (!now) return () => ({ standing: 'unread' });
  const current = new Map([...now].map(([label, value]) => [labelKey(label), { label, ...value }]));
  const old = new Map<string, Set<string>>();
  const isSame = ({ entry }: Item) => old.get(entry)?.has(current.get(entry)?.digest ?? '') === true;
  for (const version of readings.find(({ path }) => path === held.path)?.versions ?? []) {
    for (const [label, { digest }] of (await digests.past(version)) ?? [])
      if (version.labels.has(label)) old.set(labelKey(label), (old.get(labelKey(label)) ?? new Set()).add(digest));
    // Older versions could say nothing else.
    if (items.every(isSame)) break;
  }
  return (entry) => {
    const known = old.get(entry);
    if (!known) return { standing: 'unknown' };
    const value = current.get(entry);
    if (value) return { standing: known.has(value.digest) ? 'same' : 'changed' };
    const other = [...current.values()].find(({ telling, digest }) => telling && known.has(digest));
    return other ? { standing: 'renamed', now: other.label } : { standing: 'gone' };
  };
}

/** An entry as a list has it. */
const labelKey = (label: string) => coded(label).slice(1, -1);
