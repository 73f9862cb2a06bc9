import { dirname, join, relative } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { sealedStart } from '../../core/format/look.ts';
import { type Config, matchRule, parseConfig, type Rule, rulePath } from '../../core/rules/rules.ts';
import { isChosen, mayBeSealed, mayHoldSecrets } from '../../core/survey/candidates.ts';
import { type FileFacts, maxSurveyed, surveyFile } from '../../core/survey/facts.ts';
import { holdsText, readBytes, readIfThere } from '../../node/files.ts';
import { isAnybodys } from '../../node/owner.ts';
import { walk } from '../../node/walk.ts';
import type { Call } from '../call.ts';
import { configPath } from './rules.ts';

const configName = '.sops.yaml';

/** A file of a repository, and what it is. */
interface Surveyed {
  /** Absolute. */
  readonly path: string;
  readonly facts: FileFacts;
  /** The `.sops.yaml` that counts for it; undefined without one. */
  readonly config: string | undefined;
}

/** Where the files of a folder come from: the disk, git's index, a commit. */
export interface FileSource {
  /** Absolute, as they are or would be on the disk; sorted. */
  readonly paths: readonly string[];
  /** Throws what reading throws; GONE for a file that is not there. */
  read(path: string): Promise<Uint8Array>;
  /** Whether it has a value that sops encrypted; not where it cannot be read. */
  holdsCiphertext(path: string): boolean | Promise<boolean>;
  /** They are the ones on the disk, where others may have put files. */
  readonly isDisk: boolean;
}

/**
 * Every secret file below a folder, in the order of paths, those that are encrypted and those that should be; `cut` when the folder
 * holds too many files to look at. The `.sops.yaml` of a file is the one of `--config`, else the nearest from its folder up to
 * `folder`, else the one that counts here.
 * @param everyName every file is read, and those that are encrypted count under whatever name: nobody who reads one must be overlooked.
 */
export async function surveyFolder(
  call: Call,
  folder: string,
  { everyName = false } = {},
): Promise<{ files: Surveyed[]; cut: boolean }> {
  const { files, cut } = await walk(folder);
  const source = onDisk(files);
  const sealed = everyName && !cut ? await sealedUnderAnyName(folder, source) : undefined;
  return { files: await surveySource(call, folder, source, sealed), cut };
}

/** The files that hold a ciphertext though their names do not say so. @param wanted the only ones that are looked into */
export async function sealedUnderAnyName(
  folder: string,
  { paths, holdsCiphertext }: FileSource,
  wanted: (path: string) => boolean = () => true,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const path of paths) {
    const name = relative(folder, path);
    if (mayHoldSecrets(name) || !mayBeSealed(name) || !wanted(path)) continue;
    if (await holdsCiphertext(path)) found.add(path);
  }
  return found;
}

/** Files as they are on the disk. */
export const onDisk = (paths: readonly string[]): FileSource => ({
  paths,
  isDisk: true,
  read: async (path) => (await readBytes(path, maxSurveyed)).bytes,
  holdsCiphertext: (path) => holdsText(path, sealedStart, maxSurveyed),
});

/** The same of files that come from elsewhere. @param sealed files whose names do not count, should they be encrypted */
export async function surveySource(
  call: Call,
  folder: string,
  source: FileSource,
  sealed?: ReadonlySet<string>,
): Promise<Surveyed[]> {
  const configs = new Configs(call, folder, source);
  const found: Surveyed[] = [];
  for (const path of source.paths) {
    const name = relative(folder, path);
    const isNamed = mayHoldSecrets(name) || isChosen(name, await configs.ruleOf(path).catch(() => undefined));
    if (!isNamed && !sealed?.has(path)) continue;
    const facts = await surveyFile(
      path,
      () => source.read(path),
      () => configs.ruleOf(path),
    );
    if (isNamed ? facts.kind !== 'none' : facts.kind === 'encrypted')
      found.push({ path, facts, config: (await configs.of(path))?.at });
  }
  return found;
}

interface Found {
  readonly at: string;
  readonly config: Config | LockstepError;
}

/** The `.sops.yaml` files of a folder, each read once. */
class Configs {
  readonly #named: string | undefined;
  readonly #above: string | undefined;
  readonly #folder: string;
  readonly #source: FileSource;
  readonly #there: ReadonlySet<string>;
  readonly #read = new Map<string, Promise<Found | undefined>>();

  constructor(call: Call, folder: string, source: FileSource) {
    this.#named = call.flags.text('config') === undefined ? undefined : configPath(call);
    this.#above = configPath(call);
    this.#folder = folder;
    this.#source = source;
    this.#there = new Set(source.paths);
  }

  /** Throws what reading the rules throws. */
  async ruleOf(path: string): Promise<Rule | undefined> {
    const found = await this.of(path);
    if (!found) return undefined;
    if (found.config instanceof LockstepError) throw found.config;
    return matchRule(found.config, rulePath(dirname(found.at), path));
  }

  async of(path: string): Promise<Found | undefined> {
    if (this.#named !== undefined) return this.#load(this.#named);
    for (let at = dirname(path); at.startsWith(this.#folder); at = dirname(at)) {
      const found = await this.#load(join(at, configName));
      if (found) return found;
      if (at === dirname(at)) break;
    }
    return this.#above === undefined ? undefined : this.#load(this.#above);
  }

  #load(at: string): Promise<Found | undefined> {
    const known = this.#read.get(at) ?? this.#readAt(at);
    this.#read.set(at, known);
    return known;
  }

  async #readAt(at: string): Promise<Found | undefined> {
    try {
      const bytes = await this.#bytes(at);
      return bytes && { at, config: parseConfig(fromUtf8(bytes)) };
    } catch (error) {
      return { at, config: error instanceof LockstepError ? error : new LockstepError('BAD_CONFIG') };
    }
  }

  async #bytes(at: string): Promise<Uint8Array | undefined> {
    const named = at === this.#named;
    if (!named && !this.#source.isDisk && !relative(this.#folder, at).startsWith('..'))
      return this.#there.has(at) ? this.#source.read(at) : undefined;
    const content = await readIfThere(at);
    if (content && !named && isAnybodys(at, this.#folder)) throw new LockstepError('BAD_CONFIG', { what: 'others' });
    return content?.bytes;
  }
}
