import type { Span } from '../format/document.ts';
import { isForeign } from '../keys/others.ts';
import { requiredGroups } from '../keys/shamir.ts';
import { Effort } from '../pattern/effort.ts';
import type { KeyName } from '../sops/masterkey.ts';
import type { Selector } from '../sops/selection.ts';
import { type Config, type Indents, matchOf, type Rule } from './rules.ts';

/** Why a rule is, or is not, the one for a file. */
export type RuleOutcome =
  /** It has no `path_regex`, so it is for every file. */
  | { readonly kind: 'every-file' }
  /** Its pattern matches; `match` is the part of the path that does. */
  | { readonly kind: 'match'; readonly match: Span }
  | { readonly kind: 'no-match' }
  /** An earlier rule was taken. `would` says whether this one would have matched, too. */
  | { readonly kind: 'not-reached'; readonly would: boolean };

/** What a rule means for a file that is encrypted by it. */
interface Consequences {
  readonly groups: readonly (readonly KeyName[])[];
  /** How many of the groups are needed to open the file. */
  readonly required: number;
  readonly selector: Selector;
  readonly macOnlyEncrypted: boolean;
  readonly indents: Indents;
  /** Keys that are not handled here: with one of them, the file cannot be encrypted by Lockstep. */
  readonly unhandled: readonly KeyName[];
}

export interface Explanation {
  /** The path that was looked at. */
  readonly path: string;
  /** Undefined when the file has no `creation_rules`, which counts as no rule and no refusal either. */
  readonly rules: readonly { readonly rule: Rule; readonly outcome: RuleOutcome }[] | undefined;
  /** The rule that is taken; undefined when none matches, or there are none. */
  readonly chosen: Rule | undefined;
  readonly consequences: Consequences | undefined;
}

/** Which creation rule is for a file, and why: every rule in order. Throws TOO_LARGE. @param path as `rulePath` gives it. */
export function explainRule(config: Config, path: string): Explanation {
  let chosen: Rule | undefined;
  const effort = new Effort();
  const rules = config.rules?.map((rule) => {
    const outcome = outcomeOf(rule, path, chosen !== undefined, effort);
    if (outcome.kind === 'every-file' || outcome.kind === 'match') chosen = rule;
    return { rule, outcome };
  });
  return { path, rules, chosen, consequences: chosen && consequencesOf(chosen, config) };
}

function outcomeOf(rule: Rule, path: string, taken: boolean, effort: Effort): RuleOutcome {
  const match = matchOf(rule, path, effort);
  if (taken) return { kind: 'not-reached', would: rule.pathRegex === undefined || match !== undefined };
  if (rule.pathRegex === undefined) return { kind: 'every-file' };
  return match ? { kind: 'match', match } : { kind: 'no-match' };
}

const noIndents: Indents = { yaml: undefined, json: undefined, jsonBinary: undefined };

function consequencesOf(rule: Rule, config: Config): Consequences {
  return {
    groups: rule.groups,
    required: requiredGroups(rule.groups.length, rule.shamirThreshold),
    selector: rule.selector,
    macOnlyEncrypted: rule.macOnlyEncrypted,
    indents: config.indents ?? noIndents,
    unhandled: rule.groups.flat().filter(({ kind }) => isForeign(kind)),
  };
}
