import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import type { ConfigNote } from '../../core/rules/notes.ts';
import { type Config, matchRule, parseConfig, type Rule, rulePath } from '../../core/rules/rules.ts';
import { visible } from '../../core/tree/path.ts';
import { fileError } from '../../node/files.ts';
import { isAnybodys } from '../../node/owner.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { readAny } from './input.ts';

const configName = '.sops.yaml';
/** How far up sops looks (config/config.go). */
const maxDepth = 100;

/** The nearest `.sops.yaml` from a folder upward; undefined without one. */
function findConfig(folder: string): string | undefined {
  let at = folder;
  for (let i = 0; i < maxDepth; i++) {
    const path = join(at, configName);
    if (existsSync(path)) return path;
    if (dirname(at) === at) return undefined;
    at = dirname(at);
  }
  return undefined;
}

/**
 * The config file: that of `--config` or `SOPS_CONFIG`, else the nearest above the current folder, as in sops. Throws Failure
 * for one that others on this machine may have put there.
 */
export function configPath({ io, flags }: Call): string | undefined {
  const named = flags.text('config');
  if (named) return resolve(io.cwd, named);
  const found = findConfig(io.cwd);
  if (found !== undefined && isAnybodys(found, io.cwd))
    throw new Failure(
      exit.generic,
      `${found} belongs to another user, and others may put files there.`,
      `It could name anybody's keys. If you trust it: --config ${found}`,
    );
  return found;
}

/** The config file, and the file's path as its rules see it. Throws AboutFile for one that cannot be read. */
export async function readConfig(call: Call, path: string, file: string): Promise<{ config: Config; path: string }> {
  return about(
    path,
    async () => {
      const { bytes } = await readAny(call, path).catch((error) => {
        throw fileError(error);
      });
      return { config: parseConfig(fromUtf8(bytes)), path: rulePath(dirname(path), file) };
    },
    exit.generic,
  );
}

/**
 * The creation rule of a file. Undefined without a config file, or when that has no creation rules at all. Throws Failure
 * when none of its rules matches, AboutFile for a config file that cannot be read.
 */
export async function ruleFor(call: Call, file: string): Promise<Rule | undefined> {
  const at = configPath(call);
  if (at === undefined) return undefined;
  const { config, path } = await readConfig(call, at, file);
  const rule = ruleIn(config, at, path);
  if (rule) tellNotes(call.io, at, notesFor(config, [rule]));
  return rule;
}

/**
 * The creation rule of a path in a config file that was read from `at`. Undefined when that has no creation rules at all. Throws
 * Failure when none of its rules matches.
 */
export function ruleIn(config: Config, at: string, path: string): Rule | undefined {
  if (!config.rules) return undefined;
  const rule = matchRule(config, path);
  if (!rule)
    throw new Failure(
      exit.generic,
      `${visible(at)}: No creation rule matches ${visible(path)}.`,
      'lockstep rules explain FILE shows how each rule was compared.',
      'error loading config: no matching creation rules found',
    );
  return rule;
}

/** Which fields do nothing, of those that are about these rules or about none. */
export const notesFor = ({ notes = [] }: Config, rules: readonly Rule[]): readonly ConfigNote[] =>
  notes.filter((note) => note.rule === undefined || rules.some(({ index }) => index === note.rule));

/** Lines at most. */
const most = 10;

/** Tells which fields of a config file do nothing. */
export function tellNotes(io: Io, at: string, notes: readonly ConfigNote[]): void {
  const told = notes.slice(0, most).map(({ name, line, rule, meant }) => {
    const where = `line ${line}${rule === undefined ? '' : `: rule ${rule + 1}`}`;
    const guess = meant === undefined ? '' : ` Did you mean ${meant}?`;
    return `${where}: ${name} is no field that sops knows, so it does nothing.${guess}`;
  });
  if (notes.length > most) told.push(`${notes.length - most} more fields that sops does not know.`);
  for (const line of told) io.writeStderr(`lockstep: ${visible(`${at}: ${line}`)}\n`);
}
