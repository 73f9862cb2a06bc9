import { unlink } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { utf8 } from '../../core/bytes.ts';
import { diffSettings, driverSettings, folderIn, hasAll, isSetUp } from '../../core/merge/driver.ts';
import { publicMode } from '../../core/platform/disk.ts';
import type { Scope, Setting } from '../../core/platform/gitdriver.ts';
import { visible } from '../../core/tree/path.ts';
import { writeAtomically } from '../../node/files.ts';
import { configure, configured, drivenIn, unconfigure } from '../../node/git/driver.ts';
import { gitHere } from '../../node/git/run.ts';
import { textconvsIn } from '../../node/git/textconv.ts';
import { programOnPath } from '../../node/onpath.ts';
import { agreed } from '../agree.ts';
import type { Call, Run } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { writing } from '../files/output.ts';
import { hookOf } from './hookfile.ts';
import { attributesWith, isMarked, type Place, patternsOf, placeOf, scopeOf, sealedIn } from './plan.ts';

const scopeNames = { local: 'of this repository', global: 'of yours' } as const;

/** Sets git up to merge encrypted files with Lockstep, after it has shown what it will write. */
export const installGit: Run = async (call) => {
  const [scope, place] = [scopeOf(call), await placeFor(call)];
  const now = await configured(call.io.cwd, scope);
  const diff = call.flags.on('diff') || undefined;
  const settings = [...driverSettings(), ...(diff ? diffSettings : [])];
  const isSet = isSetUp(now) && (!diff || hasAll(now, diffSettings));
  const text = place && attributesWith(place, await patternsOf(call, place), diff);
  const written = text !== undefined && text !== (place?.text ?? '') ? text : undefined;
  if (isSet && written === undefined) return tellNothing(call);
  if (!isSet)
    await show(
      call,
      scope,
      settings.map(({ name, value }) => `+ ${name} = ${value}`),
    );
  if (place && written !== undefined) await showLines(call, place, written);
  if (!(await isAgreed(call))) return exit.generic;
  if (!isSet && !(await configure(call.io.cwd, scope, settings))) throw notWritten();
  if (place && written !== undefined) await writeText(place, written);
  tellMissing(call);
  if (place && text === '')
    call.io.writeStderr(
      'lockstep: There is no encrypted file and no path_regex here yet. Run this again when there is.\n',
    );
  if (place && written !== undefined)
    call.io.writeStderr(
      `lockstep: Commit ${visible(place.attributes)}. It changes nothing for those who have not set up git for Lockstep.\n`,
    );
  return 0;
};

/** Takes away exactly what `installGit` wrote. */
export const uninstallGit: Run = async (call) => {
  const [scope, place] = [scopeOf(call), await placeFor(call)];
  const now = await configured(call.io.cwd, scope);
  const text = place && isMarked(place) ? attributesWith(place, []) : undefined;
  if (now.length === 0 && text === undefined) return tellNothing(call);
  if (now.length > 0)
    await show(
      call,
      scope,
      now.map(({ name, value }) => `- ${name} = ${value}`),
    );
  if (place && text !== undefined) await showLines(call, place, text);
  if (!(await isAgreed(call))) return exit.generic;
  if (now.length > 0 && !(await unconfigure(call.io.cwd, scope))) throw notWritten();
  if (place && text !== undefined) await writeText(place, text);
  return 0;
};

/** What of the setup is there. 10 when something is missing. */
export const gitStatus: Run = async (call) => {
  const place = await placeOf(call);
  const lines: string[] = [];
  let isReady = false;
  const all: Setting[] = [];
  for (const scope of ['local', 'global'] as const) {
    if (scope === 'local' && !place) continue;
    const now = await configured(call.io.cwd, scope);
    const isSet = isSetUp(now);
    all.push(...now);
    isReady ||= isSet;
    lines.push(
      `configuration ${scopeNames[scope]}\t${isSet ? 'set up' : now.length > 0 ? 'not as install writes it' : 'not set up'}`,
    );
  }
  const program = findProgram(call, folderIn(all));
  lines.push(`diffs of git\t${hasAll(all, diffSettings) ? 'names and fingerprints' : 'ciphertext'}`);
  lines.push(`lockstep on PATH\t${program ?? 'missing'}`);
  if (place) lines.push(`check before a commit\t${(await hookOf(call)) ?? 'not set up'}`);
  const files = place ? await sealedIn(call, place) : [];
  const driven = place ? await drivenIn(place.root, files) : new Set<string>();
  // The attribute alone does nothing: git merges as text where it has no driver of that name.
  const how = (file: string) => (isReady && driven.has(file) ? 'merged by Lockstep' : 'merged as text');
  lines.push(...files.map((file) => `${visible(file)}\t${how(file)}`));
  const shown = place ? await textconvsIn(place.root, files, gitHere) : new Map<string, string>();
  for (const driver of new Set(shown.values())) tellTextconv(call, driver);
  await call.io.writeStdout(lines.map((line) => `${line}\n`).join(''));
  return shown.size === 0 && isReady && program !== undefined && files.every((file) => driven.has(file))
    ? 0
    : exit.found;
};

/** VS Code's git runs it, too. */
function tellTextconv({ io }: Call, driver: string): void {
  io.writeStderr(
    `lockstep: git runs a program over encrypted files for its diffs (diff.${visible(driver)}.textconv). If that decrypts, VS Code puts the plaintext into documents that every extension can read.\nTo stop it: git config --unset diff.${visible(driver)}.textconv\n`,
  );
}

/** With `--global`, outside a repository, there is nothing but the configuration. */
async function placeFor(call: Call): Promise<Place | undefined> {
  const place = await placeOf(call);
  if (place || scopeOf(call) === 'global') return place;
  throw new Failure(
    exit.generic,
    'This folder is in no git repository, or git does not run here.',
    'Go to one, or write the configuration for all of yours: lockstep git install --global',
  );
}

async function show({ io }: Call, scope: Scope, lines: readonly string[]): Promise<void> {
  await io.writeStdout(
    `git configuration ${scopeNames[scope]}\n${lines.map((line) => `  ${visible(line)}\n`).join('')}`,
  );
}

async function showLines({ io }: Call, { attributes, text = '' }: Place, after: string): Promise<void> {
  const [old, now] = [text, after].map((all) => all.split(/\r?\n/).filter((line) => line.includes('merge=lockstep')));
  const gone = (old ?? []).filter((line) => !now?.includes(line)).map((line) => `  - ${visible(line)}\n`);
  const added = (now ?? []).filter((line) => !old?.includes(line)).map((line) => `  + ${visible(line)}\n`);
  await io.writeStdout(`${visible(attributes)}\n${[...gone, ...added].join('')}`);
}

async function isAgreed(call: Call): Promise<boolean> {
  if (call.flags.on('yes') || (await agreed(call, 'Is this okay?', '-y does not ask.'))) return true;
  call.io.writeStderr('lockstep: Nothing was written.\n');
  return false;
}

/** A file that would be empty is one that we made. */
async function writeText({ attributes, hash }: Place, text: string): Promise<void> {
  await writing(attributes, async () => {
    if (text === '') await unlink(attributes);
    else await writeAtomically(attributes, utf8(text), hash || undefined, { newMode: publicMode });
  });
}

function tellNothing({ io }: Call): number {
  io.writeStderr('lockstep: Nothing changes in the configuration of git.\n');
  return 0;
}

/** @param folder that the settings add to PATH */
const findProgram = ({ io }: Call, folder = '') =>
  programOnPath(io.platform === 'win32' ? 'lockstep.cmd' : 'lockstep', [io.env.PATH, folder].join(delimiter));

/** git would leave every file of a merge in conflict, and not say why. */
function tellMissing(call: Call): void {
  if (findProgram(call) === undefined)
    call.io.writeStderr(
      'lockstep: git will not find lockstep: it is not on PATH. Install it there: npm install -g lockstep\n',
    );
}

const notWritten = () =>
  new Failure(exit.generic, 'git did not change its configuration.', 'Its file may be locked or read-only. Try again.');
