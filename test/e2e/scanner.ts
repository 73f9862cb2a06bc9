import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Finding {
  readonly path: string;
  readonly form: string;
  readonly canary: string;
}

interface Needle {
  readonly form: string;
  readonly canary: string;
  readonly bytes: Buffer;
}

/** The part of a base64 text that is the same whatever stands before (`phase` bytes) and after. */
function base64Core(bytes: Buffer, phase: number): string {
  const text = Buffer.concat([Buffer.alloc(phase), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const end = Math.floor(((phase + bytes.length) * 8) / 6);
  return text.slice(Math.ceil((phase * 8) / 6), end);
}

/** A text in each form in which it may have been written. */
export function formsOf(canary: string): Needle[] {
  const utf8 = Buffer.from(canary, 'utf8');
  const forms = new Map<string, string | Buffer>([
    ['utf-8', utf8],
    ['utf-16le', Buffer.from(canary, 'utf16le')],
    ['utf-16be', Buffer.from(canary, 'utf16le').swap16()],
    ['hex', utf8.toString('hex')],
    ['HEX', utf8.toString('hex').toUpperCase()],
    ['percent', encodeURIComponent(canary)],
    ['json', JSON.stringify(canary).slice(1, -1)],
    ['reversed', [...canary].reverse().join('')],
  ]);
  for (const phase of [0, 1, 2]) {
    const core = base64Core(utf8, phase);
    forms.set(`base64+${phase}`, core);
    forms.set(`base64url+${phase}`, core.replaceAll('+', '-').replaceAll('/', '_'));
    forms.set(`base64+${phase} in utf-16le`, Buffer.from(core, 'utf16le'));
  }
  const needles: Needle[] = [];
  for (const [form, value] of forms) {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
    if (!needles.some((other) => other.bytes.equals(bytes))) needles.push({ form, canary, bytes });
  }
  return needles;
}

/** The forms of the canaries that stand in a text or in bytes. */
export function scanBytes(path: string, data: string | Uint8Array, canaries: readonly string[]): Finding[] {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : Buffer.from(data);
  return canaries
    .flatMap(formsOf)
    .filter((needle) => bytes.includes(needle.bytes))
    .map(({ form, canary }) => ({ path, form, canary }));
}

const chunkSize = 16 * 1024 * 1024;

function scanFile(path: string, needles: readonly Needle[]): Finding[] {
  const overlap = Math.max(...needles.map((needle) => needle.bytes.length));
  const found = new Set<Needle>();
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(chunkSize, statSync(path).size) + overlap);
    let kept = 0;
    for (;;) {
      const read = readSync(file, buffer, kept, buffer.length - kept, null);
      if (read === 0) break;
      const filled = buffer.subarray(0, kept + read);
      for (const needle of needles) if (filled.includes(needle.bytes)) found.add(needle);
      kept = Math.min(overlap, filled.length);
      filled.copy(buffer, 0, filled.length - kept);
    }
  } finally {
    closeSync(file);
  }
  return [...found].map(({ form, canary }) => ({ path, form, canary }));
}

/**
 * Searches all files below the folders (also their names) for canaries in every form. Files that vanish meanwhile are
 * left out. Throws when a folder does not exist: a scan of nothing finds nothing.
 */
export function scanFolders(folders: readonly string[], canaries: readonly string[]): Finding[] {
  const needles = canaries.flatMap(formsOf);
  const found: Finding[] = [];
  const quietly = (path: string, work: () => void) => {
    try {
      work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENXIO') throw new Error(`${path} could not be searched: ${code}`);
    }
  };
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      found.push(...scanBytes(`${path} (name)`, entry.name, canaries));
      if (entry.isDirectory()) quietly(path, () => walk(path));
      else if (entry.isFile()) quietly(path, () => found.push(...scanFile(path, needles)));
    }
  };
  for (const folder of folders) walk(folder);
  return found;
}

/** A finding as a line; the canary itself is left out of what is printed. */
export const lineOf = (finding: Finding): string => `${finding.path} (${finding.form})`;
