import { LockstepError } from '../errors.ts';

const begin = '-----BEGIN AGE ENCRYPTED FILE-----';
const end = '-----END AGE ENCRYPTED FILE-----';

/** So much of the text is in one QR code: more are hard to read for a phone. */
const partLength = 750;

/** An armored age file in parts of whole lines that, one after the other, are the file again. */
export function partsOf(armored: string): string[] {
  const parts = [''];
  for (const line of armored.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const last = parts.length - 1;
    if ((parts[last] ?? '').length + line.length > partLength) parts.push(line);
    else parts[last] += line;
  }
  return parts;
}

/**
 * The armored age file in a text that was scanned or typed from paper: whatever stands around it is dropped, and lines may begin and
 * end anywhere. Throws BAD_IDENTITY, `what` `sheet`: there is none, or its end is missing.
 */
export function scannedArmor(text: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  const body = from < 0 || to < 0 ? '' : text.slice(from + begin.length, to).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) throw new LockstepError('BAD_IDENTITY', { what: 'sheet' });
  return `${begin}\n${(body.match(/.{1,64}/g) ?? []).join('\n')}\n${end}\n`;
}
