import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fromUtf8 } from '../core/bytes.ts';
import { LockstepError } from '../core/errors.ts';
import { matchRule, parseConfig, type Rule } from '../core/sops/rules.ts';
import { fileError } from '../node/files.ts';
import { about } from './failure.ts';
import type { Call } from './verbs.ts';

const configName = '.sops.yaml';
/** How far up sops looks (config/config.go). */
const maxDepth = 100;

/** The nearest `.sops.yaml` from a folder upward; undefined without one. */
export function findConfig(folder: string): string | undefined {
  let at = folder;
  for (let i = 0; i < maxDepth; i++) {
    const path = join(at, configName);
    if (existsSync(path)) return path;
    if (dirname(at) === at) return undefined;
    at = dirname(at);
  }
  return undefined;
}

/** The config file: that of `--config` or `SOPS_CONFIG`, else the nearest above the current folder, as in sops. */
export function configPath({ io, flags }: Call): string | undefined {
  const named = flags.text('config');
  return named ? resolve(io.cwd, named) : findConfig(io.cwd);
}

/**
 * The path by which rules look at a file: from the folder of the config file, or the whole path when it is elsewhere;
 * always with `/`.
 */
export function pathForRules(config: string, file: string): string {
  const folder = dirname(config);
  const inside = file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  return (inside ? relative(folder, file) : file).split(sep).join('/');
}

/**
 * The creation rule of a file. Undefined without a config file, or when that has no creation rules at all. Throws AboutFile
 * with NO_RULE when none of its rules matches, and what `parseConfig` throws.
 */
export async function ruleFor(call: Call, file: string): Promise<Rule | undefined> {
  const path = configPath(call);
  if (path === undefined) return undefined;
  return about(
    path,
    async () => {
      const config = parseConfig(fromUtf8(await readFile(path).catch((error) => Promise.reject(fileError(error)))));
      if (!config.rules) return undefined;
      const rule = matchRule(config, pathForRules(path, file));
      if (!rule) throw new LockstepError('NO_RULE');
      return rule;
    },
    () => 1,
  );
}
