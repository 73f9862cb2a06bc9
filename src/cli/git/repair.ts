import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { tryUtf8 } from '../../core/bytes.ts';
import { bytesOfText } from '../../core/format/encoding.ts';
import type { Decisions } from '../../core/merge/versions.ts';
import type { Stages } from '../../core/platform/git.ts';
import { shellWord } from '../../core/shell.ts';
import { printPath } from '../../core/sops/keypath.ts';
import { visible } from '../../core/tree/path.ts';
import { gitHere } from '../../node/git/run.ts';
import { stagesOf } from '../../node/git/stages.ts';
import type { Call, Run } from '../call.ts';
import { agreeOnSides } from '../enckeys/loss.ts';
import { exit, Failure } from '../failure.ts';
import { type Input, readFileOperand } from '../files/input.ts';
import { replace } from '../files/output.ts';
import { isWhole, mergeSides, type Sides } from './sides.ts';
import { nameOf, tellConflicts, tellJoining } from './telling.ts';

/**
 * Makes an encrypted file of one that is in conflict, from the versions in git's index: also where conflict markers are in it, or where
 * somebody chose a side of them by hand, so that its MAC fails. Where both sides changed an entry, flags say which counts.
 */
export const repairFile: Run = async (call) => {
  const input = await readFileOperand(call, exit.generic).catch(async (error) => {
    throw (await removedInConflict(call)) ?? error;
  });
  const stages = await stagesOf(input.path, gitHere);
  if (!stages) throw await withoutStages(call, input);
  const sides = bothOf(input, stages);
  const choice = new Choice(call);
  const merged = await mergeSides(call, input.label, input.path, sides, choice);
  // Of entries nothing is known where it is open who can read the file, or what is encrypted.
  const isMerged = merged.conflicts.every(({ kind }) => kind === 'entry' || kind === 'comments');
  if (isMerged) choice.requireUsed();
  const told = (line: string) => call.io.writeStderr(`lockstep: ${input.label}: ${line}\n`);
  // What somebody made of the file stays, unless a choice says otherwise.
  const isTheirOwn =
    !(choice.isMade && isMerged) &&
    !isSameText(input.content.bytes, sides.ours) &&
    (await isWhole(call, input.path, input.content.bytes));
  const isSettled = merged.conflicts.length === 0;
  if (!isTheirOwn) await agreeOnSides(call, input.label, merged.lost);
  if (!isTheirOwn) await replace(input, bytesOfText(merged.text));
  await tellJoining(call, input.label, merged);
  if (!isSettled && !(isTheirOwn && stages.added)) {
    await tellConflicts(call, input.label, merged, choice.flags);
    return exit.generic;
  }
  if (isTheirOwn) told('The file is whole as it is. Nothing was written.');
  else told('Merged from the versions that git has.');
  if (!stages.added || !isTheirOwn) told(`Then: git add ${shellWord(input.label)}`);
  return 0;
};

/** The next step for a file that somebody deleted while git has it in conflict; undefined for every other one. */
async function removedInConflict({ io, args: [name = ''] }: Call): Promise<Failure | undefined> {
  const path = resolve(io.cwd, name);
  const stages = name === '' || existsSync(path) ? undefined : await stagesOf(path, gitHere);
  if (!stages || stages.added) return undefined;
  const next = `To bring back the conflict: git checkout --merge -- ${shellWord(visible(name))}`;
  return new Failure(exit.generic, `${visible(name)}: The file is in conflict, and not there.`, next);
}

/** Which side people chose, by flags. */
class Choice implements Decisions {
  readonly #sides: ReadonlyMap<string, 'ours' | 'theirs'>;
  readonly #rest: 'ours' | 'theirs' | undefined;
  readonly #used = new Set<string>();
  readonly readers: boolean;

  constructor({ flags }: Call) {
    const rest = flags.text('take');
    if (rest !== undefined && rest !== 'ours' && rest !== 'theirs')
      throw new Failure(exit.generic, '--take is ours or theirs.', 'For example: --take theirs');
    this.#rest = rest;
    this.readers = flags.on('accept-readers');
    const both = flags.list('ours').find((name) => flags.list('theirs').includes(name));
    if (both !== undefined)
      throw new Failure(exit.conflictingFlags, `${visible(both)} is named by --ours and --theirs.`, 'Name it once.');
    this.#sides = new Map([
      ...flags.list('ours').map((name) => [name, 'ours'] as const),
      ...flags.list('theirs').map((name) => [name, 'theirs'] as const),
    ]);
  }

  get isMade(): boolean {
    return this.#rest !== undefined || this.readers || this.#sides.size > 0;
  }

  /** As they were typed. */
  get flags(): readonly string[] {
    return [
      ...[...this.#sides].map(([name, side]) => `--${side} ${shellWord(name)}`),
      ...(this.readers ? ['--accept-readers'] : []),
    ];
  }

  readonly side: Decisions['side'] = (path, document) => {
    const names = [nameOf({ path, document }), ...(document === 0 && path.length > 0 ? [printPath(path)] : [])];
    const name = names.find((one) => this.#sides.has(one));
    if (name === undefined) return this.#rest;
    this.#used.add(name);
    return this.#sides.get(name);
  };

  /** Throws Failure for a name that is no entry in conflict. */
  requireUsed(): void {
    const unknown = [...this.#sides.keys()].find((name) => !this.#used.has(name));
    if (unknown !== undefined)
      throw new Failure(
        exit.generic,
        `${visible(unknown)} is not an entry that both sides changed.`,
        'Without --ours and --theirs, git repair lists those that are. Nothing was written.',
      );
  }
}

function bothOf({ label }: Input, { base, ours, theirs, isMissing }: Stages): Sides {
  if (isMissing)
    throw new Failure(
      exit.generic,
      `${label}: git has no content for a version of this file, or it is too large.`,
      'In a clone without all contents, git fetch --refetch gets them.',
    );
  if (ours && theirs) return { base, ours, theirs };
  const gone = ours ? 'theirs' : 'ours';
  throw new Failure(
    exit.generic,
    `${label}: The file is deleted in ${gone}, and changed on the other side.`,
    `Nothing was written. git rm ${shellWord(label)} deletes it, git add ${shellWord(label)} keeps what is there.`,
  );
}

async function withoutStages(
  call: Call,
  { label, path, content }: Input & { readonly path: string },
): Promise<Failure> {
  if (await isWhole(call, path, content.bytes))
    return new Failure(exit.generic, `${label}: There is nothing to repair: the file opens, and its MAC holds.`);
  return new Failure(
    exit.generic,
    `${label}: git's index has no versions of this file in conflict.`,
    `Nothing was written. Restore the file, for example: git checkout HEAD -- ${shellWord(label)}`,
  );
}

/** git may have changed the line ends. */
function isSameText(a: Uint8Array, b: Uint8Array): boolean {
  const [one, other] = [a, b].map((bytes) => tryUtf8(bytes)?.replaceAll('\r\n', '\n'));
  return one === undefined ? Buffer.from(a).equals(b) : one === other;
}
