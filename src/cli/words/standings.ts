import type { Finding } from '../../core/checklist/compare.ts';

/** What became of an item of a checklist. */
export function standingWords({ item, standing, now }: Finding): string {
  const words: Readonly<Record<Finding['standing'], string>> = {
    changed: item.tick ? 'changed' : 'changed, not ticked yet: lockstep checklist tick',
    same: 'still the value that could be read',
    renamed: `still the value that could be read, now as ${now}`,
    gone: 'no longer in the file',
    'file-gone': 'the file is no longer here',
    'still-reader': 'the file can still be read by them',
    unread: 'not compared: none of your keys opens the file, or it is damaged',
    unknown: 'not compared: no version that they could read can be opened here',
  };
  const said = words[standing];
  if (item.tick === 'by hand') return `ticked by hand; ${said}`;
  return item.tick && standing !== 'changed' ? `ticked; ${said}` : said;
}
