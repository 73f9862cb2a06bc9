import { fromUtf8 } from '../bytes.ts';
import { type Mention, readEnvironments, soundEnvironments } from '../env/declared.ts';
import { findEnvironment, type Look } from '../env/environments.ts';
import { isCalled, type SecretName, secretNamesOf, withVariables } from '../env/secretnames.ts';
import { LockstepError } from '../errors.ts';
import { formatOfBytes } from '../format/which.ts';
import { plainLeaves } from '../seal/seal.ts';
import { isSealed, readSealed } from '../sops/sealed.ts';
import { environmentsPath } from '../view/names.ts';
import { Lines } from '../view/lines.ts';
import type { Files } from './check.ts';
import type { Finding } from './finding.ts';
import { type Naming, referencesIn } from './named.ts';

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const within = (folder: string, file: string) => (folder === '' ? file : `${folder}/${file}`);

/** The secrets of a repository's environments by their names, as one version of it has them. Nothing is decrypted. */
export class SecretsOf {
  readonly #files: Files;
  readonly #there: ReadonlySet<string>;
  readonly #names = new Map<string, Promise<readonly SecretName[]>>();
  readonly #look: Look<string>;

  constructor(files: Files) {
    this.#files = files;
    this.#there = new Set(files.paths);
    this.#look = {
      names: async (folder) =>
        files.paths.filter((path) => folderOf(path) === folder).map((path) => path.slice(folder && folder.length + 1)),
      declared: async (folder) => {
        const path = within(folder, environmentsPath);
        return this.#there.has(path) ? [soundEnvironments(fromUtf8(await files.read(path)))] : [];
      },
      above: async (folder) => (folder === '' ? undefined : folderOf(folder)),
      isEncrypted: async (folder, file) => this.#isEncrypted(within(folder, file)),
      // A version in git is what it is, whoever owns the files on this machine; a link is no file there.
      requireOwn: async () => undefined,
    };
  }

  /** Every variable that some encrypted file gives to a program. */
  async variables(encrypted: readonly string[]): Promise<ReadonlySet<string>> {
    const all = await Promise.all(encrypted.map((path) => this.#namesIn(path)));
    return new Set(all.flat().map(({ variable }) => variable));
  }

  /** What a text names that its environment does not have. @param path of the text, which says where environments are looked for */
  async missingIn(path: string, text: string): Promise<Finding[]> {
    const own = path === environmentsPath || path.endsWith(`/${environmentsPath}`);
    if (own) return this.#missingInDeclarations(path, text);
    const found: Finding[] = [];
    for (const naming of referencesIn(text))
      if (!(await this.#has(folderOf(path), naming)))
        found.push({ code: 'missing', path, line: naming.line, name: naming.name, of: naming.environment });
    return found;
  }

  async #has(folder: string, { environment, name }: Pick<Naming, 'environment' | 'name'>): Promise<boolean> {
    try {
      const found = await findEnvironment(this.#look, folder, environment);
      const all = await Promise.all(found.files.map((file) => this.#namesIn(within(found.folder, file))));
      // Where several files have it, there is one at least.
      for (const names of all) if (has(withVariables(names, found.variables).named, name)) return true;
      return false;
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      // What is wrong with the list of environments is told where it stands. Without a name, a person chooses.
      return error.code !== 'NO_ENVIRONMENT' || environment === undefined;
    }
  }

  async #missingInDeclarations(path: string, text: string): Promise<Finding[]> {
    const folder = folderOf(folderOf(path));
    try {
      const { mentions, faults } = readEnvironments(text);
      const lines = new Lines(text);
      const bad = faults.map(({ line, path: at }) => ({ code: 'bad-environments', path, line, name: at.join('.') }) as const);
      const found: Finding[] = [...bad];
      for (const mention of mentions)
        if (!(await this.#isThere(folder, mention))) {
          const line = lines.lineAt(mention.span.start) + 1;
          found.push({ code: 'missing', path, line, name: mention.name, of: mention.environment });
        }
      return found;
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      return [{ code: 'bad-environments', path, line: error.place.line, cause: error.code }];
    }
  }

  async #isThere(folder: string, { kind, environment, name }: Mention): Promise<boolean> {
    if (kind === 'file') return this.#there.has(within(folder, name));
    // `*` is about every environment: some may have it, and others not.
    return environment === '*' || this.#has(folder, { environment, name });
  }

  async #isEncrypted(path: string): Promise<boolean> {
    try {
      const { format, text } = formatOfBytes(path, await this.#files.read(path));
      return isSealed(text, format);
    } catch {
      return true;
    }
  }

  #namesIn(path: string): Promise<readonly SecretName[]> {
    const known = this.#names.get(path) ?? this.#readNames(path);
    this.#names.set(path, known);
    return known;
  }

  async #readNames(path: string): Promise<readonly SecretName[]> {
    try {
      const { format, text } = formatOfBytes(path, await this.#files.read(path));
      const leaves = isSealed(text, format) ? readSealed(text, format).leaves : plainLeaves(text, format);
      return secretNamesOf({ format, leaves });
    } catch {
      return [];
    }
  }
}

const has = (all: readonly SecretName[], name: string) =>
  all.some((one) => isCalled(one, name) || one.variable === name);
