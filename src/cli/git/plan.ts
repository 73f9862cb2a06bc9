import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import type { Scope } from '../../core/platform/gitdriver.ts';
import { hasAttributes, patternsFor, withAttributes } from '../../core/rules/attributes.ts';
import { isLink, readIfThere } from '../../node/files.ts';
import { workTree } from '../../node/git/driver.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { encryptedFiles } from '../files/repository.ts';
import { configPath, readConfig } from '../files/rules.ts';

/** A repository, and the `.gitattributes` file that says which files git merges with Lockstep. */
export interface Place {
  /** The work tree. */
  readonly root: string;
  /** Absolute. */
  readonly attributes: string;
  /** What it holds; undefined where there is none. */
  readonly text: string | undefined;
  readonly hash: string;
}

/** For this repository, or with `--global` for this user. */
export const scopeOf = ({ flags }: Call): Scope => (flags.on('global') ? 'global' : 'local');

/** Undefined outside a repository. Throws Failure for a `.gitattributes` file that is a link: git follows none. */
export async function placeOf(call: Call): Promise<Place | undefined> {
  const root = await workTree(call.io.cwd);
  if (root === undefined) return undefined;
  const config = configIn(call, root);
  const attributes = join(config === undefined ? root : dirname(config), '.gitattributes');
  if (await isLink(attributes))
    throw new Failure(exit.generic, `${attributes} is a link.`, 'git does not follow it. Put a file there.');
  const content = await about(attributes, () => readIfThere(attributes), exit.generic);
  const text = content && (await about(attributes, () => fromUtf8(content.bytes), exit.generic));
  return { root, attributes, text: content && text, hash: content?.hash ?? '' };
}

/** The `.sops.yaml` that counts here, if it is in the repository. */
function configIn(call: Call, root: string): string | undefined {
  const config = configPath(call);
  if (config === undefined || !existsSync(config)) return undefined;
  return pathIn(root, config) === undefined ? undefined : config;
}

/** From a folder, with forward slashes; undefined for what is not in it. */
function pathIn(folder: string, path: string): string | undefined {
  const way = relative(folder, path).split(sep).join('/');
  return way === '' || way === '..' || way.startsWith('../') ? undefined : way;
}

/**
 * The patterns for the rules of `.sops.yaml`, and the encrypted files that none of these rules is about, or one whose pattern git has no
 * words for.
 */
export async function patternsOf(call: Call, { root, attributes }: Place): Promise<readonly string[]> {
  const at = configIn(call, root);
  const config = at === undefined ? undefined : (await readConfig(call, at, at)).config;
  const folder = dirname(attributes);
  const files = await encryptedFiles(call, root);
  return patternsFor(
    config?.rules ?? [],
    files.flatMap(({ path }) => pathIn(folder, join(root, path)) ?? []),
  );
}

/** The encrypted files of the repository, by their paths from its root. */
export async function sealedIn(call: Call, { root }: Place): Promise<readonly string[]> {
  return (await encryptedFiles(call, root)).map(({ path }) => path);
}

/** @param diff also for git's diffs; as it is by default */
export const attributesWith = ({ text = '' }: Place, globs: readonly string[], diff?: true): string =>
  withAttributes(text, globs, diff);

export const isMarked = ({ text = '' }: Place): boolean => hasAttributes(text);
