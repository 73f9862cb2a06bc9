import { dirname, join, relative } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { type Config, matchRule, parseConfig, type Rule, rulePath } from '../../core/rules/rules.ts';
import { isChosen, mayHoldSecrets } from '../../core/survey/candidates.ts';
import { type FileFacts, maxSurveyed, surveyFile } from '../../core/survey/facts.ts';
import { readBytes, readIfThere } from '../../node/files.ts';
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

/**
 * Every secret file below a folder, in the order of paths, those that are encrypted and those that should be; `cut` when the folder
 * holds too many files to look at. The `.sops.yaml` of a file is the one of `--config`, else the nearest from its folder up to
 * `folder`, else the one that counts here.
 */
export async function surveyFolder(call: Call, folder: string): Promise<{ files: Surveyed[]; cut: boolean }> {
  const configs = new Configs(call, folder);
  const { files, cut } = await walk(folder);
  const found: Surveyed[] = [];
  for (const path of files) {
    const name = relative(folder, path);
    if (!mayHoldSecrets(name) && !isChosen(name, await configs.ruleOf(path).catch(() => undefined))) continue;
    const facts = await surveyFile(
      path,
      async () => (await readBytes(path, maxSurveyed)).bytes,
      () => configs.ruleOf(path),
    );
    if (facts.kind !== 'none') found.push({ path, facts, config: (await configs.of(path))?.at });
  }
  return { files: found, cut };
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
  readonly #read = new Map<string, Promise<Found | undefined>>();

  constructor(call: Call, folder: string) {
    this.#named = call.flags.text('config') === undefined ? undefined : configPath(call);
    this.#above = configPath(call);
    this.#folder = folder;
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
      const content = await readIfThere(at);
      if (!content) return undefined;
      if (at !== this.#named && isAnybodys(at, this.#folder)) throw new LockstepError('BAD_CONFIG', { what: 'others' });
      return { at, config: parseConfig(fromUtf8(content.bytes)) };
    } catch (error) {
      return { at, config: error instanceof LockstepError ? error : new LockstepError('BAD_CONFIG') };
    }
  }
}
