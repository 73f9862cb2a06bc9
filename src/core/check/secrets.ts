import { type Mention, readEnvironments, soundEnvironments } from '../env/declared.ts';
import { findEnvironment, type Look } from '../env/environments.ts';
import { isCalled, type SecretName, secretNamesOf, withVariables } from '../env/secretnames.ts';
import { LockstepError } from '../errors.ts';
import { formatOfBytes } from '../format/which.ts';
import { plainLeaves } from '../seal/seal.ts';
import { isSealed, readSealed } from '../sops/sealed.ts';
import { Lines } from '../view/lines.ts';
import { environmentsPath } from '../view/names.ts';
import type { Input, Reading } from './files.ts';
import { capped, type Finding } from './finding.ts';
import { type Naming, referencesIn } from './named.ts';

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const within = (folder: string, file: string) => (folder === '' ? file : `${folder}/${file}`);

/** The secrets of a repository's environments by their names, as one version of it has them. Nothing is decrypted. */
export class SecretsOf {
  readonly #reading: Reading;
  readonly #there: ReadonlySet<string>;
  readonly #names = new Map<string, Promise<readonly SecretName[]>>();
  readonly #look: Look<string>;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#there = new Set(reading.paths);
    this.#look = {
      names: async (folder) =>
        reading.paths
          .filter((path) => folderOf(path) === folder)
          .map((path) => path.slice(folder === '' ? 0 : folder.length + 1)),
      declared: async (folder) => {
        const path = within(folder, environmentsPath);
        const text = this.#there.has(path) ? await reading.text(path) : undefined;
        return text === undefined ? [] : [soundEnvironments(text)];
      },
      above: async (folder) => (folder === '' ? undefined : folderOf(folder)),
      isEncrypted: async (folder, file) => (await reading.sealed(within(folder, file))) !== undefined,
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
    if (isDeclarations(path)) return this.#missingInDeclarations(path, text);
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
      const bad = faults.map(
        ({ line, path: at }) => ({ code: 'bad-environments', path, line, name: at.join('.') }) as const,
      );
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

  #namesIn(path: string): Promise<readonly SecretName[]> {
    const known = this.#names.get(path) ?? this.#readNames(path);
    this.#names.set(path, known);
    return known;
  }

  /** Of a plain file, too: it should be encrypted, and has them all the same. */
  async #readNames(path: string): Promise<readonly SecretName[]> {
    const bytes = await this.#reading.bytes(path);
    if (!bytes) return [];
    try {
      const { format, text } = formatOfBytes(path, bytes);
      return secretNamesOf(
        isSealed(text, format) ? readSealed(text, format) : { format, leaves: plainLeaves(text, format) },
      );
    } catch {
      return [];
    }
  }
}

const has = (all: readonly SecretName[], name: string) =>
  all.some((one) => isCalled(one, name) || one.variable === name);

const isDeclarations = (path: string) => path === environmentsPath || path.endsWith(`/${environmentsPath}`);

/** Where VS Code and Lockstep keep names of secrets. */
const namesSecrets = (path: string) =>
  /(?:^|\/)\.vscode\/[^/]+\.json$|\.code-workspace$/.test(path) || isDeclarations(path);

/** Names of secrets that are not there; also in files that are not wanted, where a secret file is, which may have lost some. */
export async function missingSecrets({ secret, wanted }: Input, reading: Reading): Promise<Finding[]> {
  const all = secret.some(({ path }) => wanted(path));
  const secrets = new SecretsOf(reading);
  const found: Finding[] = [];
  for (const path of reading.paths.filter((one) => namesSecrets(one) && (all || wanted(one)))) {
    const text = await reading.text(path);
    if (text !== undefined) found.push(...capped(await secrets.missingIn(path, text)));
  }
  return found;
}
