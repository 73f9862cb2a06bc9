import { dirname } from 'node:path';
import { fromUtf8 } from '../../core/bytes.ts';
import { requireKeys } from '../../core/keys/others.ts';
import { goWithoutAge, kindsOf } from '../../core/keys/withoutage.ts';
import type { FileContent } from '../../core/platform/disk.ts';
import { matchRule, parseConfig, rulePath } from '../../core/rules/rules.ts';
import type { Call } from '../call.ts';
import { about, exit } from '../failure.ts';
import { listed } from '../files/namedkeys.ts';
import { keyringOf } from '../keys/keyring.ts';
import type { Chosen } from './files.ts';
import type { Readers } from './readers.ts';

/**
 * Looks, before a key is made or anything is written, whether the keys of the rules that are there can be had. Resolves to nobody in particular
 * where every file has a rule that a person without an age key can go by; undefined where a key of age is wanted. Throws AboutFile.
 */
export async function readersOfRules(
  call: Call,
  at: string,
  before: FileContent | undefined,
  files: readonly Chosen[],
): Promise<Readers | undefined> {
  if (!before) return undefined;
  const config = await about(at, async () => parseConfig(fromUtf8(before.bytes)), exit.generic);
  const plain = files.filter(({ done }) => !done);
  const found = await about(
    at,
    async () => plain.map((file) => ({ file, rule: matchRule(config, rulePath(dirname(at), file.path)) })),
    exit.generic,
  );
  for (const { file, rule } of found)
    if (rule) await about(file.label, () => requireKeys(rule.groups.flat()), exit.generic);
  const rules = plain.length === 0 ? (config.rules ?? []) : found.flatMap(({ rule }) => rule ?? []);
  if (rules.length < plain.length || listed(call.flags, 'recipient').length > 0) return undefined;
  if ((await keyringOf(call).own()).length > 0 || !(await goWithoutAge(rules))) return undefined;
  const line = `none of age is needed: the rules name ${kindsOf(rules)}`;
  return { recipients: [], names: new Map(), keyFile: undefined, line };
}
