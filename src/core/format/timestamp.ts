/** Dates as go-yaml reads them: Go's time.Parse with the four layouts of resolve.go. */

const zoned = /^(\d{4})-(\d\d?)-(\d\d?)[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;
const spaced = /^(\d{4})-(\d\d?)-(\d\d?) +(\d\d?):(\d\d?):(\d\d?)(?:[.,](\d+))?$/;
const dateOnly = /^(\d{4})-(\d\d?)-(\d\d?)$/;

/**
 * A date as RFC 3339 with at most nine fractional digits, trailing zeros trimmed and the offset kept. Undefined if the
 * text is no date; 'zone' if it is one that Go cannot print again (an offset of 24 hours).
 */
export function readTimestamp(text: string): string | 'zone' | undefined {
  if (text.charCodeAt(4) !== 0x2d) return undefined;
  const found = zoned.exec(text) ?? spaced.exec(text) ?? dateOnly.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0)) as Six;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined;
  const zone = readZone(found[8] ?? 'Z');
  if (zone === undefined || zone === 'zone') return zone;
  const fraction = (found[7] ?? '').slice(0, 9).replace(/0+$/, '');
  const date = `${found[1]}-${two(month)}-${two(day)}`;
  return `${date}T${two(hour ?? 0)}:${two(minute ?? 0)}:${two(second ?? 0)}${fraction && `.${fraction}`}${zone}`;
}

type Six = [number, number, number, number?, number?, number?];

function two(n: number): string {
  return String(n).padStart(2, '0');
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Go takes up to 24 hours and 60 minutes; no offset prints as `Z`. */
function readZone(text: string): string | 'zone' | undefined {
  if (text === 'Z') return text;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(4))];
  if (hours > 24 || minutes > 60) return undefined;
  const total = hours * 60 + minutes;
  if (total >= 24 * 60) return 'zone';
  return total === 0 ? 'Z' : `${text[0]}${two(Math.floor(total / 60))}:${two(total % 60)}`;
}
