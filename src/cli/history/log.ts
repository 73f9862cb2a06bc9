import { resolve } from 'node:path';
import { type Held, parsed } from '../../core/checklist/version.ts';
import type { EntryChange } from '../../core/history/between.ts';
import { type Looked, walk } from '../../core/history/walk.ts';
import { type Names, namedKey } from '../../core/people/names.ts';
import { abbreviated } from '../../core/platform/git.ts';
import { parsePath } from '../../core/sops/keypath.ts';
import { labelOf } from '../../core/sops/label.ts';
import { visible } from '../../core/tree/path.ts';
import { readIfThere } from '../../node/files.ts';
import type { Call, Run } from '../call.ts';
import { about, exit, Failure, orFailWith } from '../failure.ts';
import { namesOf } from '../keys/names.ts';
import { spoken } from '../name.ts';
import { gitOfPerson, opensIfItCan, placeInGit } from './ingit.ts';

/** The commits that changed the values of a file, or one of them. No value is printed, nothing that one could be guessed from. */
export const log: Run = async (call) => {
  const { io, args } = call;
  const [label, wanted] = args;
  if (label === undefined) {
    const usage =
      'Usage: lockstep log [flags] file [entry]\n\nWho decrypted what: lockstep log list, verify or export\n';
    io.writeStderr(spoken(usage, io.name));
    return exit.generic;
  }
  const entry = wanted === undefined ? undefined : entryOf(wanted);
  const place = await placeInGit(resolve(io.cwd, label));
  if (!place)
    throw new Failure(
      exit.generic,
      `${visible(label)} is in no git repository, or git does not run here.`,
      'It has no history.',
    );
  const content = await about(label, () => readIfThere(resolve(io.cwd, label)), exit.cannotRead);
  const file = { path: place.path, bytes: content?.bytes };
  const source = { git: gitOfPerson, root: place.root, file, open: opensIfItCan(call) };
  const lines = new Lines(call, await namesOf(call));
  let last: Looked | undefined;
  let cut = false;
  let isKnown = content !== undefined;
  await about(label, async () => {
    for await (last of walk(source, entry === undefined ? undefined : { entry })) {
      cut ||= last.commit.cut;
      isKnown ||= last.commit.made !== undefined;
      await lines.print(last);
    }
  });
  await lines.end();
  tellMissing(call, label, last, cut);
  if (!isKnown)
    throw new Failure(
      exit.noFile,
      `${visible(label)} is not there, and no commit of this branch has it.`,
      'git log --all -- FILE lists the commits of other branches that have it.',
    );
  if (lines.count === 0 && entry !== undefined)
    throw noEntry(label, entry, content && { ...place, bytes: content.bytes });
  return 0;
};

function noEntry(label: string, entry: string, now: Held | undefined): Failure {
  const below = (now && parsed(now)?.leaves.map(labelOf))?.filter(
    (one) => one.startsWith(`${entry}.`) || one.startsWith(`${entry}[`),
  );
  return below?.length
    ? new Failure(
        exit.generic,
        `${visible(entry)} in ${visible(label)} is a group, and only values have a history.`,
        `Name one of them: ${below.map(visible).join(', ')}.`,
      )
    : new Failure(
        exit.generic,
        `${visible(label)} has no entry ${visible(entry)}, and git knows of none.`,
        'Without an entry, lockstep log lists all that there were.',
      );
}

/** As it was printed (`db.password`), or as sops has it (`["db"]["password"]`). */
function entryOf(typed: string): string {
  if (!typed.startsWith('[')) return typed;
  return labelOf({ document: 0, path: orFailWith(exit.badTreePath, () => parsePath(typed)), occurrence: 0 });
}

function tellMissing({ io }: Call, label: string, last: Looked | undefined, cut: boolean): void {
  const tell = (text: string) => io.writeStderr(`lockstep: ${visible(label)}: ${text}\n`);
  const passed = last?.passed ?? 0;
  if (cut) tell('This clone has a part of the history only. Fetch all of it: git fetch --unshallow');
  if (passed > 0)
    tell(
      `${passed === 1 ? '1 version is' : `${passed} versions are`} damaged or not in this clone, and could not be compared.`,
    );
}

/** How many commits go by between two signs of life. */
const step = 100;

/** Lines as they come; on a terminal what is being looked at, too. */
class Lines {
  readonly #call: Call;
  readonly #names: Names;
  readonly #live: boolean;
  count = 0;
  #looked = 0;

  constructor(call: Call, names: Names) {
    this.#call = call;
    this.#names = names;
    this.#live = call.io.isTerminal(2);
  }

  async print(looked: Looked): Promise<void> {
    const { io, flags } = this.#call;
    if (this.#live && this.#looked > 0) io.writeStderr('\r\x1b[K');
    for (const change of looked.changes) {
      const text = flags.on('json')
        ? `${this.count === 0 ? '[' : ','}\n${JSON.stringify(factsOf(looked, change))}`
        : `${lineOf(looked, change, this.#names)}\n`;
      this.count++;
      await io.writeStdout(text);
    }
    if (this.#live && ++this.#looked % step === 0) io.writeStderr(`${this.#looked} commits…`);
  }

  async end(): Promise<void> {
    const { io, flags } = this.#call;
    if (this.#live) io.writeStderr('\r\x1b[K');
    if (flags.on('json')) await io.writeStdout(this.count === 0 ? '[]\n' : '\n]\n');
  }
}

function factsOf({ commit: { made, path }, readers, standsIn }: Looked, { entry, kind, formerly }: EntryChange) {
  const by = made && { commit: made.hash, time: made.time, author: made.author, message: made.summary };
  return {
    ...by,
    change: kind,
    file: path,
    entry,
    formerly,
    readers: readers?.map(({ name }) => name),
    orLater: standsIn,
  };
}

function lineOf({ commit: { made }, readers, standsIn }: Looked, change: EntryChange, names: Names): string {
  const by = made
    ? [abbreviated(made.hash), made.time.toISOString().slice(0, 10), made.author]
    : ['not committed', '', ''];
  const who = readers ? readers.map((key) => namedKey(names, key)).join(', ') : 'everybody with the repository';
  const what = `${kindWords(change)}${standsIn ? ' (or in a later commit)' : ''}`;
  return [...by, what, change.entry, who, made?.summary ?? ''].map(visible).join('\t');
}

function kindWords({ kind, formerly = '' }: EntryChange): string {
  if (kind === 'renamed') return `renamed from ${formerly}`;
  return kind === 'unseen' ? 'encrypted anew, not compared: no key opens both versions' : kind;
}
