/** A canary as it may have been written. */
export interface Form {
  readonly name: string;
  readonly canary: string;
  readonly bytes: Buffer;
  /** So many bytes of it in a row are a finding: those of eight characters, or all of a shorter canary. */
  readonly least: number;
}

/** That many characters of a canary in a row count as found. */
export const least = 8;

/** One piece for each character. */
type Pieces = readonly (string | Buffer)[];

const utf8 = (text: string) => Buffer.from(text, 'utf8');
const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();
const codes = (bytes: Buffer, write: (byte: number) => string) => [...bytes].map(write).join('');
const hex2 = (byte: number) => byte.toString(16).padStart(2, '0');
const hex4 = (unit: string) => unit.charCodeAt(0).toString(16).padStart(4, '0');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const base32Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What stands for the bytes of one character in a text of bytes. */
const byteCodes: Readonly<Record<string, (byte: number) => string>> = {
  hex: hex2,
  HEX: (byte) => hex2(byte).toUpperCase(),
  'hex with blanks': (byte) => `${hex2(byte)} `,
  'HEX with blanks': (byte) => `${hex2(byte).toUpperCase()} `,
  'percent of all': (byte) => `%${hex2(byte).toUpperCase()}`,
  'percent of all, small': (byte) => `%${hex2(byte)}`,
  'quoted-printable': (byte) => `=${hex2(byte).toUpperCase()}`,
  '\\x': (byte) => `\\x${hex2(byte)}`,
  '\\X': (byte) => `\\x${hex2(byte).toUpperCase()}`,
  octal: (byte) => `\\${byte.toString(8).padStart(3, '0')}`,
};

/** What stands for a character in a text of characters. */
const charCodes: Readonly<Record<string, (char: string) => string>> = {
  percent: encodeURIComponent,
  json: (char) => JSON.stringify(char).slice(1, -1),
  entities: (char) => entities[char] ?? char,
  '&#': (char) => `&#${char.codePointAt(0)};`,
  '&#x': (char) => `&#x${char.codePointAt(0)!.toString(16)};`,
  '&#X': (char) => `&#x${char.codePointAt(0)!.toString(16).toUpperCase()};`,
  '\\u': (char) =>
    char
      .split('')
      .map((unit) => `\\u${hex4(unit)}`)
      .join(''),
  '\\U': (char) =>
    char
      .split('')
      .map((unit) => `\\u${hex4(unit).toUpperCase()}`)
      .join(''),
};

function form(name: string, canary: string, pieces: Pieces, count = least): Form {
  const all = pieces.map((piece) => (typeof piece === 'string' ? utf8(piece) : piece));
  // A blank between two characters is not behind the last one.
  const joined = (some: readonly Buffer[]) => {
    const bytes = Buffer.concat(some);
    return bytes.subarray(0, bytes.length - (name.endsWith('blanks') ? 1 : 0));
  };
  const bytes = joined(all);
  const windows = all.slice(count - 1).map((_, from) => joined(all.slice(from, from + count)).length);
  return { name, canary, bytes, least: Math.min(bytes.length, ...windows) };
}

/**
 * A code of `bits` bits a letter, whose text does not change with what stands before the bytes (`phase`) and behind
 * them: the letters that are of these bytes alone.
 */
function coded(name: string, canary: string, bytes: Buffer, bits: number, phase: number, letters: string): Form {
  const from = Math.ceil((phase * 8) / bits);
  const core = letters.slice(from, Math.floor(((phase + bytes.length) * 8) / bits));
  const eight = Math.floor((least * (bytes.length / [...canary].length) * 8) / bits);
  return { name, canary, bytes: utf8(core), least: Math.min(core.length, eight) };
}

function base32(bytes: Buffer): string {
  const bits = codes(bytes, (byte) => byte.toString(2).padStart(8, '0'));
  return (bits.match(/.{5}/g) ?? []).map((five) => base32Letters[Number.parseInt(five, 2)]).join('');
}

const behind = (phase: number, bytes: Buffer) => Buffer.concat([Buffer.alloc(phase), bytes]);

function inBase64(canary: string, suffix: string, bytes: Buffer): Form[] {
  return [0, 1, 2].flatMap((phase) => {
    const letters = behind(phase, bytes).toString('base64').replace(/=+$/, '');
    const url = letters.replaceAll('+', '-').replaceAll('/', '_');
    return [
      coded(`base64+${phase}${suffix}`, canary, bytes, 6, phase, letters),
      coded(`base64url+${phase}${suffix}`, canary, bytes, 6, phase, url),
    ];
  });
}

/** A canary in each form in which it may have been written, but for those that unpack.ts takes apart. */
export function formsOf(canary: string): Form[] {
  const chars = [...canary];
  const whole = utf8(canary);
  const forms = [
    form('utf-8', canary, chars),
    form('utf-16le', canary, chars.map(utf16le)),
    form('utf-16be', canary, chars.map(utf16be)),
    form(
      'latin-1',
      canary,
      chars.map((char) => Buffer.from(char, 'latin1')),
    ),
    form('reversed', canary, [...chars].reverse()),
    // A longer part, as letters of one case are found by chance sooner.
    form(
      'lower case',
      canary,
      chars.map((char) => char.toLowerCase()),
      least + 2,
    ),
    form(
      'upper case',
      canary,
      chars.map((char) => char.toUpperCase()),
      least + 2,
    ),
    ...Object.entries(charCodes).map(([name, code]) => form(name, canary, chars.map(code))),
    ...Object.entries(byteCodes).map(([name, code]) =>
      form(
        name,
        canary,
        chars.map((char) => codes(utf8(char), code)),
      ),
    ),
    ...inBase64(canary, '', whole),
    ...[0, 1, 2, 3, 4].map((phase) =>
      coded(`base32+${phase}`, canary, whole, 5, phase, base32(Buffer.concat([behind(phase, whole), Buffer.alloc(5)]))),
    ),
  ];
  for (const [name, write] of [['utf-16le', utf16le] as const, ['utf-16be', utf16be] as const]) {
    for (const code of ['hex', 'HEX']) {
      forms.push(
        form(
          `${code} of ${name}`,
          canary,
          chars.map((char) => codes(write(char), byteCodes[code]!)),
        ),
      );
    }
    forms.push(...inBase64(canary, ` of ${name}`, write(canary)));
  }
  return forms.filter(({ bytes }, at) => forms.findIndex((other) => other.bytes.equals(bytes)) === at);
}
