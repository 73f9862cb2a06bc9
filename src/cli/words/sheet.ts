import type { sheetHtml } from '../../core/backup/sheet.ts';

/** The sentences on a printable sheet. @param files how many the keys open in this folder */
export function sheetWords(now: Date, keys: number, files: number): Parameters<typeof sheetHtml>[1] {
  return {
    lang: 'en',
    title: keys === 1 ? 'Backup of a Key' : `Backup of ${keys} Keys`,
    made: `Made by Lockstep on ${now.toISOString().slice(0, 10)}`,
    about: [
      'This sheet holds private keys, encrypted with a pass phrase that is not on it. Keep the two apart.',
      'Whoever has both can read the secrets. Without the pass phrase nobody can, not even you.',
    ],
    keys: 'Public keys',
    files:
      files === 0
        ? 'What they open: no encrypted file was there when this was made'
        : 'What they open, of the files in this folder on that day',
    more: (count) => `and ${count} more`,
    restore: 'To restore',
    steps: [
      'Scan the code with a phone or a scanner. If there are several, scan them in their order into one text.',
      'Save the text as keys.age, and run: lockstep restore keys.age -o keys.txt',
      'Or without Lockstep: age -d -o keys.txt keys.age',
    ],
    part: (number, count) => `Part ${number} of ${count}`,
    text: 'The same as text',
  };
}
