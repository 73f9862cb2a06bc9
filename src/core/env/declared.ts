import { LockstepError, type Word } from '../errors.ts';
import type { Entry, MapNode, Node, SourceDocument, Span } from '../format/document.ts';
import { entriesOf, itemsOf } from '../format/place.ts';
import { getFormat } from '../format/which.ts';
import { Lines } from '../view/lines.ts';
import { type Loader, loaders } from './read.ts';
import { isEnvironmentName } from './references.ts';

/** Bytes of it that are read. */
export const maxEnvironments = 256 * 1024;

/** What is written down of an environment; of `*`, of all. */
export interface Declared {
  /** From the folder that holds `.lockstep`, with slashes; a later one's variables replace those of an earlier one. Undefined: found by name. */
  readonly files: readonly string[] | undefined;
  readonly loader: Loader | undefined;
  /** Key paths as people read them, and the variables that they go into. */
  readonly variables: ReadonlyMap<string, string>;
  /** It is used where no environment is named. */
  readonly isDefault: boolean;
}

/** What is wrong with a part of it. */
interface DeclarationFault {
  readonly what: Word<'BAD_ENVIRONMENTS'>;
  /** Of the part; of its key where that is what is wrong. */
  readonly span: Span;
  /** From 1. */
  readonly line: number;
  /** The keys that lead to it. */
  readonly path: readonly string[];
}

/** A file or a secret that is named, for a look whether it is there. */
export interface Mention {
  readonly kind: 'file' | 'secret';
  readonly environment: string;
  readonly name: string;
  readonly span: Span;
}

interface Declarations {
  readonly environments: ReadonlyMap<string, Declared>;
  readonly mentions: readonly Mention[];
  readonly faults: readonly DeclarationFault[];
}

/** Stands for every environment, as far as that says nothing itself. */
export const everyEnvironment = '*';

const none: Declared = { files: undefined, loader: undefined, variables: new Map(), isDefault: false };
const maxFiles = 100;
/** Nobody reads more of them. */
const maxFaults = 100;
const maxMentions = 1000;

/** Whether a variable can have this name in any shell. */
const isVariableName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

/**
 * Whether a file may be named so: below the folder, on every system, and not read in two ways.
 * @param file `config/production.env`
 */
export function isFileBelow(file: string): boolean {
  if (file === '' || file.length > 1000 || /[\\:\p{Cc}]/u.test(file)) return false;
  return file.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/**
 * Reads environments:
 *
 *     production:
 *       files: [config/production.env, database.enc.yaml]
 *       loader: compose
 *       variables: { db.password: PGPASSWORD }
 *     development: { default: true }
 *     "*": { loader: python }
 *
 * What is wrong in it is left out, and listed. Throws BAD_ENVIRONMENTS with the line for a text that cannot be read at all. A setting is read
 * as its JSON.
 */
export function readEnvironments(text: string): Declarations {
  const doc = parse(text);
  if (!doc) return { environments: new Map(), mentions: [], faults: [] };
  return new Reader(doc).read();
}

/**
 * The same where nothing may be wrong: throws the first fault as BAD_ENVIRONMENTS.
 * @param where the text is a setting, and has no lines
 */
export function soundEnvironments(text: string, where?: 'setting'): ReadonlyMap<string, Declared> {
  const { environments, faults } = readEnvironments(text);
  const [first] = faults;
  if (!first) return environments;
  const { what, line, path } = first;
  throw new LockstepError('BAD_ENVIRONMENTS', where ? { what, path, where } : { what, path, line });
}

function parse(text: string): SourceDocument | undefined {
  try {
    const doc = getFormat('yaml').parse(text);
    if (doc.documents.length > 1 || doc.metadata[0]) throw new LockstepError('BAD_ENVIRONMENTS', { line: 1 });
    return doc;
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code === 'BAD_ENVIRONMENTS') throw error;
    if (error.code === 'EMPTY_FILE') return undefined;
    const { line = 1, offset } = error.place;
    throw new LockstepError('BAD_ENVIRONMENTS', {
      line,
      ...(offset !== undefined && { offset }),
      ...(error.code === 'DUPLICATE_KEY' && { what: 'twice' }),
    });
  }
}

class Reader {
  readonly #doc: SourceDocument;
  readonly #lines: Lines;
  readonly #faults: DeclarationFault[] = [];
  readonly #mentions: Mention[] = [];
  #default = false;

  constructor(doc: SourceDocument) {
    this.#doc = doc;
    this.#lines = new Lines(doc.text);
  }

  read(): Declarations {
    const environments = new Map<string, Declared>();
    const taken = new Set<string>();
    for (const entry of entriesOf(this.#doc.documents[0] as MapNode)) {
      const name = entry.key;
      const path = [name];
      if (name !== everyEnvironment && !isEnvironmentName(name)) this.#fault('name', entry.keySpan, path);
      else if (taken.has(name.toLowerCase())) this.#fault('twice', entry.keySpan, path);
      else environments.set(name, this.#environment(entry, path));
      taken.add(name.toLowerCase());
    }
    return { environments, mentions: this.#mentions, faults: this.#faults };
  }

  #environment(entry: Entry, path: readonly string[]): Declared {
    let declared = none;
    for (const field of this.#entries(entry.value, path)) {
      const at = [...path, field.key];
      if (field.key === 'files' && path[0] !== everyEnvironment)
        declared = { ...declared, files: this.#files(field, at) };
      else if (field.key === 'loader') declared = { ...declared, loader: this.#loader(field, at) };
      else if (field.key === 'variables') declared = { ...declared, variables: this.#variables(field, at) };
      else if (field.key === 'default' && path[0] !== everyEnvironment)
        declared = { ...declared, isDefault: this.#isDefault(field, at) };
      else this.#fault('field', field.keySpan, at);
    }
    return declared;
  }

  #files({ value }: Entry, path: readonly string[]): string[] {
    if (value.kind !== 'list') {
      this.#fault('list', value.span, path);
      return [];
    }
    const files: string[] = [];
    for (const item of itemsOf(value)) {
      const file = this.#text(item, path);
      if (file === undefined) continue;
      if (!isFileBelow(file)) this.#fault('path', item.span, path);
      else if (files.includes(file)) this.#fault('twice', item.span, path);
      else {
        files.push(file);
        this.#mention('file', path, file, item.span);
      }
    }
    if (files.length > maxFiles) this.#fault('many', value.span, path);
    return files.slice(0, maxFiles);
  }

  #loader({ value }: Entry, path: readonly string[]): Loader | undefined {
    const text = this.#text(value, path);
    const found = loaders.find((loader) => loader === text);
    if (text !== undefined && !found) this.#fault('loader', value.span, path);
    return found;
  }

  #variables({ value }: Entry, path: readonly string[]): Map<string, string> {
    const found = new Map<string, string>();
    const taken = new Set<string>();
    for (const entry of this.#entries(value, path)) {
      const at = [...path, entry.key];
      const variable = this.#text(entry.value, at);
      if (variable === undefined) continue;
      if (!isVariableName(variable)) this.#fault('variable', entry.value.span, at);
      else if (taken.has(variable)) this.#fault('twice', entry.value.span, at);
      else {
        found.set(entry.key, variable);
        this.#mention('secret', path, entry.key, entry.keySpan);
      }
      taken.add(variable);
    }
    return found;
  }

  #isDefault({ value, keySpan }: Entry, path: readonly string[]): boolean {
    if (value.kind !== 'scalar' || value.scalar.type !== 'bool') {
      this.#fault('kind', value.span, path);
      return false;
    }
    if (value.scalar.value && this.#default) this.#fault('twice', keySpan, path);
    const isFirst = value.scalar.value && !this.#default;
    this.#default ||= isFirst;
    return isFirst;
  }

  /** Of a map; nothing counts as an empty one. What another place shares is refused, so a short text stays short. */
  #entries(node: Node, path: readonly string[]): Entry[] {
    if (node.kind === 'map') return entriesOf(node);
    if (node.kind !== 'scalar' || node.scalar.type !== 'null') this.#fault('kind', node.span, path);
    return [];
  }

  #text(node: Node, path: readonly string[]): string | undefined {
    if (node.kind === 'scalar' && node.scalar.type === 'str' && typeof node.scalar.value === 'string')
      return node.scalar.value;
    this.#fault('kind', node.span, path);
    return undefined;
  }

  #mention(kind: Mention['kind'], [environment = '']: readonly string[], name: string, span: Span): void {
    if (this.#mentions.length < maxMentions) this.#mentions.push({ kind, environment, name, span });
  }

  #fault(what: DeclarationFault['what'], span: Span, path: readonly string[]): void {
    if (this.#faults.length < maxFaults)
      this.#faults.push({ what, span, line: this.#lines.lineAt(span.start) + 1, path });
  }
}
