import type { WriteNote } from '../../core/platform/disk.ts';
import { visible } from '../../core/tree/path.ts';

/** What a person should know about a file right before it is written, as lines for standard error. */
export function describeWrite(note: WriteNote): string {
  const file = visible(note.path);
  if (note.kind === 'names') {
    const [names, them] =
      note.others === 1
        ? ['another name (a hard link), which keeps', 'it']
        : [`${note.others} other names (hard links), which keep`, 'them'];
    return `lockstep: ${file}: The file has ${names} the old content.\nEncrypt or remove ${them} too.\n`;
  }
  if (note.kind === 'half-written')
    return `lockstep: ${file}: The whole ${note.holds} content is in ${visible(note.copy)}\n`;
  const why = note.why === 'mount' ? 'Something is mounted on this file' : 'No file can take its place here';
  return `lockstep: ${file}: ${why}, so it is written in place.\nUntil this is done, a copy of the ${note.holds} content is in ${visible(note.copy)}\n`;
}
