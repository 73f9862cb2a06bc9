import { fstatSync } from 'node:fs';
import { exit, Failure } from '../failure.ts';
import type { Flags } from '../flags.ts';

/** The highest number that is passed on: debuggers use 3, and Node opens its own files behind those that it was given. */
const most = 99;

/** The open files besides standard input, output and error that `--pass-fd` names. Throws Failure for one that is not open. */
export function passedFiles(flags: Flags): number[] {
  return flags.list('pass-fd').map((text) => {
    const file = /^\d{1,2}$/.test(text) ? Number(text) : 0;
    if (file < 3 || file > most)
      throw new Failure(
        exit.generic,
        `--pass-fd takes a number from 3 to ${most}.`,
        'Standard input, output and error are passed on anyway.',
      );
    if (!isGiven(file))
      throw new Failure(
        exit.generic,
        `The file ${file} of --pass-fd is not open.`,
        `Open it: ${file}>FILE in a shell.`,
      );
    return file;
  });
}

/** Whether the file is open, and not one that Node opened for itself: those are of no type. */
function isGiven(file: number): boolean {
  try {
    const found = fstatSync(file);
    return found.isFile() || found.isFIFO() || found.isSocket() || found.isCharacterDevice() || found.isDirectory();
  } catch {
    return false;
  }
}

/** What comes behind standard input, output and error for a child: each file under its own number. */
export const filesBehind = (passed: readonly number[]): (number | 'ignore')[] =>
  Array.from({ length: Math.max(2, ...passed) - 2 }, (_, i) => (passed.includes(i + 3) ? i + 3 : 'ignore'));
