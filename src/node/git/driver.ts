import { attributesOf } from './attributes.ts';
import { gitHere } from './run.ts';

/** Where git's configuration is written: for this repository, or for this user. */
export type Scope = 'local' | 'global';

interface Setting {
  readonly name: string;
  readonly value: string;
}

const section = 'merge.lockstep';

/** `binary`: of several common ancestors git makes no merged one, whose conflicts nobody would see. */
export const settings: readonly Setting[] = [
  { name: `${section}.name`, value: 'SOPS files, entry by entry (Lockstep)' },
  { name: `${section}.driver`, value: 'lockstep merge-driver -- %O %A %B %P' },
  { name: `${section}.recursive`, value: 'binary' },
];

/** The folder of the repository that one works in; undefined outside git. */
export async function workTree(folder: string): Promise<string | undefined> {
  const found = await gitHere(folder, ['rev-parse', '--show-toplevel']);
  return (found?.code === 0 && found.out.toString('utf8').replace(/\r?\n$/, '')) || undefined;
}

/** What git's configuration has for our merge driver. */
export async function configured(folder: string, scope: Scope): Promise<readonly Setting[]> {
  const found = await gitHere(folder, ['config', `--${scope}`, '-z', '--get-regexp', '^merge\\.lockstep\\.']);
  const all = found?.code === 0 ? found.out.toString('utf8').split('\0') : [];
  return all.filter(Boolean).map((line) => {
    const at = line.indexOf('\n');
    return { name: line.slice(0, at), value: line.slice(at + 1) };
  });
}

/** Writes the settings. False where git does not. */
export async function configure(folder: string, scope: Scope): Promise<boolean> {
  for (const { name, value } of settings) {
    const done = await gitHere(folder, ['config', `--${scope}`, '--replace-all', name, value]);
    if (done?.code !== 0) return false;
  }
  return true;
}

/** Takes the settings away. False where git does not. */
export async function unconfigure(folder: string, scope: Scope): Promise<boolean> {
  const done = await gitHere(folder, ['config', `--${scope}`, '--remove-section', section]);
  return done?.code === 0;
}

/** Those of some files, by their paths from `folder`, that git merges with our driver. */
export async function drivenIn(folder: string, files: readonly string[]): Promise<ReadonlySet<string>> {
  const said = await attributesOf(folder, files, 'merge', gitHere);
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
