import { visible } from '../tree/path.ts';
import type { AccessEvent } from './event.ts';
import { plainCell } from './table.ts';

/** The folder of the notices in a repository, and what makes git join two versions of a file of them line by line. */
export const noticeFolder = ['.lockstep', 'extractions'] as const;
export const noticeAttributes = '*.tsv merge=union text eol=lf\n';

/** The file of one person and month: two people never write to the same one. */
export function noticeFile(person: string, at: Date): string {
  const name =
    person
      .replace(/[^A-Za-z0-9@._-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 80) || 'somebody';
  return `${name}-${at.toISOString().slice(0, 7)}.tsv`;
}

/** One extraction as a line of such a file: when, what for, the file from the root of the repository, the key path, who asked. */
export function noticeLine({ purpose, key, by }: AccessEvent, file: string, at: Date): string {
  const cells = [`${at.toISOString().slice(0, 19)}Z`, purpose, file, key ?? '', by];
  return `${cells.map((cell) => plainCell(visible(cell))).join('\t')}\n`;
}
