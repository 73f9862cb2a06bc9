import { requireKeys } from '../../core/keys/others.ts';
import type { Rule } from '../../core/rules/rules.ts';
import type { SealOptions } from '../../core/seal/seal.ts';
import { makeSelector } from '../../core/sops/metadata.ts';
import { defaultSelector, type Selector } from '../../core/sops/selection.ts';
import { visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import type { Flags } from '../flags.ts';
import { selectorNames } from '../options.ts';
import { keysOf } from './namedkeys.ts';
import { ruleFor } from './rules.ts';

/**
 * For whom a new file is encrypted, and which of its values: flags first, then the environment, then the creation rule of
 * `name` (cmd/sops/main.go, getEncryptConfig). Throws Failure, AboutFile, BAD_REGEX.
 */
export async function recipeFor(call: Call, name: string): Promise<SealOptions> {
  const { flags } = call;
  const rule = await ruleFor(call, name);
  const named = await about('The keys that are named', () => keysOf(flags));
  if (named.length === 0 && !rule)
    throw new Failure(
      exit.generic,
      `${visible(name)}: No reader is named.`,
      'Use --age age1…, or add a creation rule to .sops.yaml.',
      'config file not found, or has no creation rules, and no keys provided through command line options',
    );
  const shamirThreshold = flags.number('shamir-secret-sharing-threshold') || rule?.shamirThreshold || 0;
  const groups = named.length > 0 ? [named] : (rule?.groups ?? []);
  await about(visible(name), () => requireKeys(groups.flat()));
  return {
    recipients: [],
    groups,
    shamirThreshold,
    selector: selectorFor(flags, rule),
    macOnlyEncrypted: flags.on('mac-only-encrypted') || (rule?.macOnlyEncrypted ?? false),
  };
}

/** A flag counts more than the setting of the same name in the rule; two different settings contradict each other. */
function selectorFor(flags: Flags, rule: Rule | undefined): Selector {
  const typed = selectorNames.flatMap((name) => {
    const value = flags.text(name);
    return value === undefined ? [] : [makeSelector(name.replaceAll('-', '_') as Selector['kind'], value)];
  });
  const fromRule = rule && rule.selector !== defaultSelector ? [rule.selector] : [];
  const all = [...typed, ...fromRule.filter(({ kind }) => !typed.some((one) => one.kind === kind))];
  if (all.length > 1)
    throw new Failure(
      exit.conflictingFlags,
      'Two settings contradict each other about which values are encrypted.',
      'Keep one of the six in the flags and the rule.',
      'Error: cannot use more than one of encrypted_suffix, unencrypted_suffix, encrypted_regex, unencrypted_regex, encrypted_comment_regex, or unencrypted_comment_regex in the same file',
    );
  return all[0] ?? defaultSelector;
}
