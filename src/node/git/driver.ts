import { driverSettings } from '../../core/merge/driver.ts';
import type { GitDriver, Scope, Setting } from '../../core/platform/gitdriver.ts';
import { programOnPath } from '../onpath.ts';
import { attributesOf } from './attributes.ts';
import { git, gitHere } from './run.ts';

/** The folder of the repository that one works in; undefined outside git. */
export async function workTree(folder: string): Promise<string | undefined> {
  const found = await gitHere(folder, ['rev-parse', '--show-toplevel']);
  return (found?.code === 0 && found.out.toString('utf8').replace(/\r?\n$/, '')) || undefined;
}

/** What git's configuration has for our merge driver. @param run git, as the repository or as the environment leads it; so for all functions here */
export async function configured(folder: string, scope: Scope, run: typeof git = gitHere): Promise<readonly Setting[]> {
  const found = await run(folder, ['config', `--${scope}`, '-z', '--get-regexp', '^(merge|diff)\\.lockstep\\.']);
  const all = found?.code === 0 ? found.out.toString('utf8').split('\0') : [];
  return all.filter(Boolean).map((line) => {
    const at = line.indexOf('\n');
    return { name: line.slice(0, at), value: line.slice(at + 1) };
  });
}

/** Writes the settings. False where git does not. */
export async function configure(
  folder: string,
  scope: Scope,
  settings: readonly Setting[] = driverSettings(),
  run: typeof git = gitHere,
): Promise<boolean> {
  for (const { name, value } of settings) {
    const done = await run(folder, ['config', `--${scope}`, '--replace-all', name, value]);
    if (done?.code !== 0) return false;
  }
  return true;
}

/** Takes the settings away. False where git does not. */
export async function unconfigure(folder: string, scope: Scope, run: typeof git = gitHere): Promise<boolean> {
  const sections = new Set((await configured(folder, scope, run)).map(({ name }) => name.replace(/\.[^.]*$/, '')));
  for (const section of sections) {
    const done = await run(folder, ['config', `--${scope}`, '--remove-section', section]);
    if (done?.code !== 0) return false;
  }
  return sections.size > 0;
}

/** Those of some files, by their paths from `folder`, that git merges with our driver. */
export async function drivenIn(
  folder: string,
  files: readonly string[],
  run: typeof git = gitHere,
): Promise<ReadonlySet<string>> {
  const said = await attributesOf(folder, files, 'merge', run);
  return new Set([...said].flatMap(([file, driver]) => (driver === 'lockstep' ? [file] : [])));
}

/**
 * The merge that git itself makes of three plain files, into the first, markers included. What git's exit code says: 0, or how many
 * conflicts; undefined where it fails.
 */
export async function mergeAsText(
  folder: string,
  [ours, base, theirs]: readonly [string, string, string],
): Promise<number | undefined> {
  const names = ['-L', 'ours', '-L', 'base', '-L', 'theirs'];
  const done = await gitHere(folder, ['merge-file', ...names, '--', ours, base, theirs]);
  return done && done.code < 128 ? done.code : undefined;
}

/** A person's own configuration is where the environment says; the repository is the one of the folder. */
const runFor = (scope: Scope) => (scope === 'global' ? gitHere : git);

/** What the editor is given. */
export const nodeGitDriver: GitDriver = {
  configured: (folder, scope) => configured(folder, scope, runFor(scope)),
  configure: (folder, scope, settings) => configure(folder, scope, settings, runFor(scope)),
  unconfigure: (folder, scope) => unconfigure(folder, scope, runFor(scope)),
  drivenIn: (folder, files) => drivenIn(folder, files, git),
  isOnPath: () =>
    programOnPath(process.platform === 'win32' ? 'lockstep.cmd' : 'lockstep', process.env.PATH) !== undefined,
  takesFolder: process.platform !== 'win32',
};
