import type { Setting } from '../platform/gitdriver.ts';
import { shellQuoted } from '../shell.ts';

const section = 'merge.lockstep';
const call = 'lockstep merge-driver -- %O %A %B %P';

/**
 * git's settings for our merge driver. `binary`: of several common ancestors git makes no merged one, whose conflicts nobody would see.
 * @param folder where `lockstep` is if it is on no PATH; one that is on PATH goes before it
 */
export function driverSettings(folder?: string): readonly Setting[] {
  // A percent sign would name one of git's own values.
  const path = folder === undefined ? '' : `PATH="$PATH":${shellQuoted(folder).replaceAll('%', '%%')} `;
  return [
    { name: `${section}.name`, value: 'SOPS files, entry by entry (Lockstep)' },
    { name: `${section}.recursive`, value: 'binary' },
    // Last: without it the others have no effect.
    { name: `${section}.driver`, value: path + call },
  ];
}

/**
 * git's settings for diffs of encrypted files by names and fingerprints. Where the program is missing git shows the ciphertext, as without
 * them: a `textconv` that fails ends git, and VS Code could show no diff at all. Nothing is kept in git's cache.
 */
export const diffSettings: readonly Setting[] = [
  { name: 'diff.lockstep.textconv', value: 't() { lockstep textconv -- "$1" 2>/dev/null || cat -- "$1"; }; t' },
  { name: 'diff.lockstep.cachetextconv', value: 'false' },
];

/** Whether git has these settings among its own. */
export const hasAll = (found: readonly Setting[], wanted: readonly Setting[]): boolean =>
  wanted.every(({ name, value }) => found.some((one) => one.name === name && one.value === value));

/** Whether a program that git runs over files for its diffs is that one, which prints no value. */
export const isOwnTextconv = (driver: string, program: string): boolean =>
  driver === 'lockstep' && program === diffSettings[0]?.value;

/** Whether the settings that git has are those of `driverSettings`, with a folder or without. */
export function isSetUp(found: readonly Setting[]): boolean {
  return hasAll(found, driverSettings(folderIn(found)));
}

/** The folder that the settings add to PATH. */
export function folderIn(found: readonly Setting[]): string | undefined {
  const driver = found.find(({ name }) => name === `${section}.driver`)?.value ?? '';
  const [, word] = /^PATH="\$PATH":'(.*)' lockstep /s.exec(driver) ?? [];
  return word?.replaceAll("'\\''", "'").replaceAll('%%', '%');
}
