import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Matcher } from './search/matcher.ts';
import { unpack } from './search/unpack.ts';

export interface Finding {
  readonly path: string;
  /** How it was written: the last of these is the form, and what stands before was opened on the way. */
  readonly form: string;
  readonly canary: string;
}

/** So often what is packed or written in another way may be so again. */
const deepest = 4;
const largest = 1024 * 1024 * 1024;

/**
 * The search for canaries in every form in which a program may write them: in other encodings (search/forms.ts), packed, or
 * both (search/unpack.ts). Eight characters of one in a row are a finding. Raw deflate and brotli, which nothing
 * announces, are found where a file or an encoded text begins with them, and in ZIP archives.
 */
export class Search {
  readonly #matcher: Matcher;

  constructor(canaries: readonly string[]) {
    this.#matcher = new Matcher(canaries);
  }

  /** Each canary that stands in a text or in bytes, once. */
  bytes(path: string, data: string | Uint8Array): Finding[] {
    const found = new Map<string, string>();
    this.#look(typeof data === 'string' ? Buffer.from(data, 'utf8') : Buffer.from(data), [], found);
    return [...found].map(([canary, form]) => ({ path, form, canary }));
  }

  #look(bytes: Buffer, ways: readonly string[], found: Map<string, string>, start = true): void {
    for (const [canary, { form, length }] of this.#matcher.search(bytes)) {
      const form_ = length < form.bytes.length ? `a part in ${form.name}` : form.name;
      if (!found.has(canary)) found.set(canary, [...ways, form_].join(' > '));
    }
    if (ways.length === deepest) return;
    for (const inner of unpack(bytes, start)) this.#look(inner.bytes, [...ways, inner.how], found, inner.start);
  }
}

/** The canaries in a text or in bytes. */
export const scanBytes = (path: string, data: string | Uint8Array, canaries: readonly string[]): Finding[] =>
  new Search(canaries).bytes(path, data);

interface Reading {
  /** Folders or files below in which something must have been searched. */
  readonly searched?: readonly string[];
  readonly read?: (path: string) => Buffer;
}

/**
 * Searches all files below the folders (also their names, and where links point) for canaries. Files that vanish meanwhile
 * are left out. Throws for what cannot be read, and where nothing was searched: in each of the folders, and of `searched`.
 */
export function scanFolders(
  folders: readonly string[],
  canaries: readonly string[],
  { searched = [], read = readFileSync }: Reading = {},
): Finding[] {
  const search = new Search(canaries);
  const found: Finding[] = [];
  const files: string[] = [];
  const visit = (path: string) => {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) found.push(...search.bytes(`${path} (link)`, readlinkSync(path)));
    if (stat.isDirectory()) for (const name of readdirSync(path)) enter(path, name);
    if (!stat.isFile()) return;
    if (stat.size > largest) throw Object.assign(new Error(path), { code: 'too large' });
    found.push(...search.bytes(path, read(path)));
    files.push(path);
  };
  const enter = (folder: string, name: string) => {
    const path = join(folder, name);
    found.push(...search.bytes(`${path} (name)`, name));
    try {
      visit(path);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') throw new Error(`${path} could not be searched: ${code ?? message}`);
    }
  };
  for (const folder of folders) visit(folder);
  for (const place of [...folders, ...searched]) {
    if (!files.some((path) => path.startsWith(place))) throw new Error(`nothing was searched in ${place}`);
  }
  return found;
}

/** A finding as a line; the canary itself is left out of what is printed. */
export const lineOf = (finding: Finding): string => `${finding.path} (${finding.form})`;
