import { dirname } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import type { FileContent } from '../../core/platform/disk.ts';
import { addRule } from '../../core/rules/edit.ts';
import { type Config, matchRule, parseConfig, type Rule, rulePath } from '../../core/rules/rules.ts';
import { pathRegex } from '../../core/rules/scopes.ts';
import { visible } from '../../core/tree/path.ts';
import { about, exit, Failure } from '../failure.ts';
import type { Chosen } from './files.ts';
import type { Readers } from './readers.ts';

/** A `.sops.yaml` as it is, and as it will be. */
export interface Rules {
  readonly path: string;
  readonly before: FileContent | undefined;
  /** The new text; undefined where the rules stay as they are. */
  readonly text: string | undefined;
  readonly config: Config;
  /** The files that get a rule now. */
  readonly fresh: readonly Chosen[];
}

/** The third step: one new rule for those files that none covers. Throws AboutFile for a file that cannot be read or hold the rule. */
export function planRules(
  path: string,
  before: FileContent | undefined,
  files: readonly Chosen[],
  { recipients, names }: Readers,
): Promise<Rules> {
  return about(
    path,
    () => {
      const old = before && fromUtf8(before.bytes);
      const config = old === undefined ? undefined : parseConfig(old);
      const way = (file: Chosen) => rulePath(dirname(path), file.path);
      const fresh = files.filter((file) => !file.done && !(config && matchRule(config, way(file))));
      const alone = (config?.rules ?? []).length === 0;
      if (config && fresh.length === 0 && !alone) return { path, before, text: undefined, config, fresh };
      const rule = { pathRegex: pathRegex(fresh.map(way), alone), recipients };
      const text = withNames(addRule(old, rule, Number.POSITIVE_INFINITY), names);
      return { path, before, text, config: parseConfig(text), fresh };
    },
    exit.generic,
  );
}

/** Whose key it is stands behind it, where that line is new; sops passes over comments. */
function withNames(text: string, names: ReadonlyMap<string, string>): string {
  let named = text;
  for (const [recipient, name] of names) {
    const line = new RegExp(`^(\\s*- ${recipient.replace(/[+.]/g, '\\$&')})(\\r?)$`, 'm');
    if (!named.includes(`${recipient} #`))
      named = named.replace(line, (_, item, end) => `${item} # ${visible(name)}${end}`);
  }
  return named;
}

/** The rule of a file, which has one by now. */
export function ruleOf({ path, config }: Rules, file: Chosen): Rule {
  const rule = matchRule(config, rulePath(dirname(path), file.path));
  if (!rule)
    throw new Failure(
      exit.generic,
      `${file.label}: An earlier rule of ${visible(path)} is in the way.`,
      'lockstep rules explain FILE shows how each rule was compared.',
    );
  return rule;
}
