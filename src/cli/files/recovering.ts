import { type Recovery, recover } from '../../core/batch/recover.ts';
import { visible } from '../../core/tree/path.ts';
import type { Io } from '../io.ts';
import { sentenceOf } from '../words/words.ts';
import { machineOf } from './many.ts';

/** Settles the unfinished change of a folder, and says on standard error what came of it. */
export async function recoverIn(io: Io, root: string): Promise<void> {
  const machine = machineOf(io);
  const found = await recover(machine, await machine.journals.real(root));
  if (found) io.writeStderr(`lockstep: ${visible(root)}: ${wordsFor(found)}\n`);
}

function wordsFor(found: Recovery): string {
  switch (found.kind) {
    case 'finished':
      return `${interrupted(found.what)} It is finished now: these files have the new content.\n${listOf(found.files)}${othersOf(found.changed)}`;
    case 'put-back':
      return `${interrupted(found.what)} Everything was put back, because somebody changed a file meanwhile: these files are as they were.\n${listOf(found.files)}${othersOf(found.changed)}`;
    case 'untouched':
      return `${interrupted(found.what)} No file had been changed: all are as they were. Run it again if you still want it.`;
    case 'running':
      return `A change of many files (${visible(found.what)}) is on its way right now.`;
    case 'waiting':
      return `${interrupted(found.what)} These files have unsaved edits, so it waits.\n${listOf(found.files)}`;
    case 'stuck':
      return `${interrupted(found.what)} It cannot be finished yet:\n${found.failures.map(({ path, error }) => `  ${visible(path)}: ${sentenceOf(error)}`).join('\n')}\nMend that, then run lockstep here again.`;
    case 'unusable':
      return sentenceOf(found.error);
  }
}

const interrupted = (what: string) => `A change of many files (${visible(what)}) was interrupted.`;

const most = 20;

function listOf(files: readonly string[]): string {
  const lines = files.slice(0, most).map((file) => `  ${visible(file)}`);
  if (files.length > most) lines.push(`  and ${files.length - most} more`);
  return lines.join('\n');
}

const othersOf = (files: readonly string[]) =>
  files.length === 0 ? '' : `\nSomebody else changed or removed these, so they were left alone:\n${listOf(files)}`;
