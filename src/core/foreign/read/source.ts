import { fromUtf8, tryUtf8 } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import type { SourceDocument } from '../../format/document.ts';
import { quoteNumbers } from '../../seal/spelling.ts';
import { tokenFormats } from '../../tokens/formats.ts';
import { scalar, text as textScalar } from '../../tree/value.ts';
import { type Entry, type Found, textOf } from '../found.ts';
import { readAnvil, readAppServer } from './anvil.ts';
import { readCompose } from './compose.ts';
import { readDotenv } from './dotenv.ts';
import { readFlowfile } from './flowfile.ts';
import { decodeKestra, looksLikeKestra } from './kestra.ts';
import { type Beside, dotenvxKeys, railsKey } from './keyfiles.ts';
import { readProperties } from './properties.ts';
import { refuseOthers, systemOfBytes, systemOfText, systemOfTree } from './recognise.ts';
import type { System } from './systems.ts';
import { parseTree, readTree } from './tree.ts';
import { unwrapAll, type Watch } from './unwrap.ts';

/** A file of another system, as it was read. */
export interface ForeignFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What a person says that it is. */
  readonly from?: System | undefined;
  /** Keys and pass phrases that a person gave. */
  readonly keys: readonly string[];
  readonly beside: Beside;
}

/** What is in a file of another system. The values are plaintext: whoever asks keeps them in memory alone. */
export interface Source {
  readonly system: System;
  readonly found: readonly Found[];
  /** Files beside it whose keys were used; from its folder. */
  readonly keyFiles: readonly string[];
  /** The file holds nothing but these entries. */
  readonly isAll: boolean;
}

/**
 * Reads a file of another system; nothing in it is evaluated or written. Values that no key opens are among the entries, with the reason.
 * Throws FOREIGN_FILE, ALREADY_ENCRYPTED, what parsing throws, and BAD_TOKEN and BAD_TOKEN_KEY for a file that is encrypted as a whole.
 */
export async function readForeign(file: ForeignFile, watch: Watch = {}): Promise<Source> {
  const { name, bytes, from, keys, beside } = file;
  refuseOthers(name, bytes);
  const byBytes = from ?? systemOfBytes(bytes);
  if (byBytes === 'flowfile') {
    const entries = readFlowfile(bytes, await logOf(file));
    return {
      system: byBytes,
      found: await unwrapAll(entries, { given: keys, dotenvx: [] }, watch),
      keyFiles: [],
      isAll: false,
    };
  }
  const text = fromUtf8(bytes);
  const { system, entries, keyFile } = await entriesOf(file, byBytes ?? systemOfText(name, text), text);
  const isDotenvx = entries.some(({ value }) => textOf(value)?.startsWith('encrypted:'));
  const found = isDotenvx ? await dotenvxKeys(text, beside) : undefined;
  return {
    system,
    found: await unwrapAll(entries, { given: keys, dotenvx: found?.keys ?? [] }, watch),
    keyFiles: [keyFile, found?.path].filter((path) => path !== undefined),
    isAll: !['compose', 'anvil', 'app-server'].includes(system) && !entries.some(({ why }) => why === 'reference'),
  };
}

/** What was written last to a database may not be in it yet. A change that was cut off half-way would have to be taken back: refused. */
async function logOf({ name, beside }: ForeignFile): Promise<Uint8Array | undefined> {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const journal = await beside.read(`${base}-journal`);
  if (journal?.[0] === 0xd9 && journal[1] === 0xd5) throw new LockstepError('FOREIGN_FILE', { what: 'busy' });
  return beside.read(`${base}-wal`);
}

interface Read {
  readonly system: System;
  readonly entries: readonly Entry[];
  readonly keyFile?: string | undefined;
}

async function entriesOf(file: ForeignFile, system: Exclude<System, 'flowfile'>, text: string): Promise<Read> {
  switch (system) {
    case 'dotenv':
      return maybeKestra(file, system, readDotenv(text));
    case 'kestra':
      return { system, entries: decodeKestra(kestraEntries(file.name, text)) };
    case 'properties':
      return { system, entries: readProperties(text) };
    case 'json':
    case 'ini':
      return { system, entries: readTree(parseTree(quoteNumbers(text, system), system), text) };
    case 'ansible':
    case 'rails':
      return openWhole(file, system, text);
    default: {
      const doc = parseTree(quoteNumbers(text, 'yaml'), 'yaml');
      const found = file.from ?? systemOfTree(doc);
      if (found === 'compose') return maybeKestra(file, found, readCompose(composeDoc(text, doc)));
      if (found === 'anvil') return { system: found, entries: readAnvil(doc) };
      if (found === 'app-server') return { system: found, entries: readAppServer(doc) };
      return { system: 'yaml', entries: readTree(doc, text) };
    }
  }
}

/** Programs have run with the numbers that Compose made of what is written: `0123` is 83 there. One that is too large is as it is written. */
function composeDoc(text: string, written: SourceDocument): SourceDocument {
  try {
    return parseTree(text, 'yaml');
  } catch {
    return written;
  }
}

/** Variables of a person who says nothing of Kestra are decoded where all show that they are meant for it. */
function maybeKestra({ from }: ForeignFile, system: System, entries: readonly Entry[]): Read {
  const decode = from === undefined && looksLikeKestra(entries);
  return { system, entries: decode ? decodeKestra(entries) : entries };
}

const kestraEntries = (name: string, text: string) =>
  /\.ya?ml$/i.test(name) ? readCompose(parseTree(text, 'yaml')) : readDotenv(text);

/** A file that is encrypted as a whole: what is in it has no lines. YAML with a map is read as such, anything else is one value. */
async function openWhole(file: ForeignFile, system: 'ansible' | 'rails', text: string): Promise<Read> {
  const near = system === 'rails' && file.keys.length === 0 ? await railsKey(file.name, file.beside) : undefined;
  const plain = await openWith(system, text, near?.keys ?? file.keys);
  const inner = tryUtf8(plain);
  const entries = (inner === undefined ? undefined : mapIn(inner)) ?? [wholeEntry(file.name, inner ?? plain)];
  const kind = system === 'ansible' && { kind: system };
  return { system, entries: entries.map(({ line: _, ...one }) => ({ ...one, ...kind })), keyFile: near?.path };
}

async function openWith(system: 'ansible' | 'rails', text: string, keys: readonly string[]): Promise<Uint8Array> {
  let last: unknown = new LockstepError('FOREIGN_FILE', { what: 'key' });
  for (const key of keys) {
    try {
      return await tokenFormats[system].open(text, key);
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'BAD_TOKEN_KEY') throw error;
      last = error;
    }
  }
  throw last;
}

function mapIn(text: string): Entry[] | undefined {
  try {
    return readTree(parseTree(quoteNumbers(text, 'yaml'), 'yaml'), text);
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}

/** Named as its file without the ending. */
function wholeEntry(name: string, value: string | Uint8Array): Entry {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const path = [base.replace(/(?:\.vault)?\.[^.]+$/, '') || base];
  return { path, value: scalar(typeof value === 'string' ? textScalar(value) : { type: 'str', value }), kind: 'plain' };
}
