import type { Disk } from '../platform/disk.ts';
import type { Git } from '../platform/git.ts';
import { labelOf } from '../sops/label.ts';
import { shortRecipient } from '../view/hover.ts';
import { coded, type NewFile, type NewItem, writeChecklist } from './form.ts';
import { type FileReading, type Reading, readingOf } from './reading.ts';
import { type Held, parsed } from './version.ts';

/** Where checklists are, from the root of the repository. */
export const checklistFolder = '.lockstep/leavers';

/** Somebody who can no longer read the files of a repository. */
export interface Leaver {
  /** As people know them; without one, the first recipient stands for it. */
  readonly name: string | undefined;
  /** Every key of theirs that was removed. */
  readonly recipients: readonly string[];
}

/** What a checklist is made from. */
interface Leaving {
  readonly leaver: Leaver;
  /** The root folder of the repository, absolute. */
  readonly root: string;
  /** Every encrypted file of the repository, as it was before the leaver was removed. */
  readonly files: readonly Held[];
  readonly git: Git | undefined;
  readonly disk: Pick<Disk, 'readIfThere'>;
  readonly now: Date;
}

/** A checklist that is not on the disk yet. */
interface MadeChecklist {
  /** From the root, with forward slashes; no file has that name. */
  readonly path: string;
  readonly text: string;
  /** How many values it lists. */
  readonly items: number;
}

/**
 * The checklist of every value that somebody could read: in the files as they were, and in every version that a ref of git leads to, also
 * under former names. It holds no value. Undefined when there is none. Nothing is written. Throws what reading the disk throws.
 */
export async function checklistFor(leaving: Leaving): Promise<MadeChecklist | undefined> {
  const { leaver, root, files, git, now } = leaving;
  const reading = await readingOf(git, root, files, leaver.recipients);
  const listed = reading.files.map((file) => listOf(file, files)).filter(({ items }) => items.length > 0);
  if (listed.length === 0) return undefined;
  const name = leaver.name ?? shortRecipient(leaver.recipients[0] ?? '');
  const text = writeChecklist({
    name,
    recipients: leaver.recipients,
    today: dayOf(now),
    files: listed,
    notes: notesOf(reading, git),
  });
  const items = listed.reduce((sum, file) => sum + file.items.length, 0);
  return { path: await freePath(leaving, name), text, items };
}

/** A day, as lists and the policy file write it. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

function listOf({ path, gone, versions }: FileReading, files: readonly Held[]): NewFile {
  const held = gone ? undefined : files.find((file) => file.path === path);
  // In the file's order.
  const now = held && new Set(parsed(held)?.leaves.map(labelOf));
  const items = new Map<string, NewItem>();
  for (const { labels, commit, path: then } of versions)
    for (const entry of labels) {
      if (items.has(entry)) continue;
      const formerly = then === path ? undefined : then;
      items.set(entry, { entry, commit, formerly, gone: !gone && now?.has(entry) === false });
    }
  const order = [...(now ?? [])].flatMap((label) => items.get(label) ?? []);
  return { path, gone, items: [...order, ...[...items.values()].filter((item) => !order.includes(item))] };
}

/** What the list may lack. */
function notesOf({ missing, broken }: Reading, git: Git | undefined): string[] {
  const notes: string[] = [];
  if (!git) notes.push('Git was not at hand: only the files on the disk were looked at.');
  if (missing === 'shallow')
    notes.push(
      'The clone that this list was made in has a part of the history only. Values in older commits are not listed.',
    );
  if (missing === 'more')
    notes.push('The history is longer than Lockstep reads. Values that are only in its oldest commits are not listed.');
  const most = broken
    .slice(0, mostBroken)
    .map(({ path, commit }) => `${coded(path)} in ${coded(commit ?? 'no commit')}`);
  const more = broken.length > mostBroken ? ` and ${broken.length - mostBroken} more` : '';
  if (most.length > 0) notes.push(`These versions are damaged, and were passed over: ${most.join(', ')}${more}.`);
  return notes;
}

const mostBroken = 10;

/** The first path that is free: somebody can leave twice, and two people can have one name. */
async function freePath({ root, disk }: Leaving, name: string): Promise<string> {
  const base = fileName(name);
  for (let n = 1; ; n++) {
    const path = `${checklistFolder}/${base}${n === 1 ? '' : `-${n}`}.md`;
    if (!(await disk.readIfThere(`${root}/${path}`))) return path;
  }
}

/** A name that every system takes for a file's. */
function fileName(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  const short = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  return /^(?:|con|prn|aux|nul|com\d|lpt\d)$/.test(short) ? `leaver${short && `-${short}`}` : short;
}
