import { resolve } from 'node:path';
import type { Names } from '../../core/people/names.ts';
import { type Explanation, explainRule, type RuleOutcome } from '../../core/rules/explain.ts';
import { selectorText } from '../../core/sops/selection.ts';
import { visible } from '../../core/tree/path.ts';
import type { Run } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { requireFile } from '../files/input.ts';
import { configPath, readConfig, tellNotes } from '../files/rules.ts';
import { named, namesOf } from '../keys/names.ts';

/** Which creation rule is for a file, and why. The file need not be there. */
export const explainRules: Run = async (call) => {
  const file = requireFile(call);
  const at = configPath(call);
  if (at === undefined)
    throw new Failure(exit.generic, 'There is no .sops.yaml here or above.', 'Write one, or name it with --config.');
  const { config, path } = await readConfig(
    call,
    at,
    resolve(call.io.cwd, call.flags.text('filename-override') ?? file),
  );
  const explanation = explainRule(config, path);
  tellNotes(call.io, at, config.notes ?? []);
  await call.io.writeStdout(
    linesOf(at, explanation, await namesOf(call))
      .map((line) => `${visible(line)}\n`)
      .join(''),
  );
  return explanation.chosen ? 0 : exit.generic;
};

function linesOf(at: string, { path, rules, chosen, consequences }: Explanation, names: Names): string[] {
  const head = [`Config: ${at}`, `Path as rules see it: ${path}`];
  if (!rules) return [...head, 'There are no creation rules.'];
  const each = rules.map(
    ({ rule, outcome }) =>
      `Rule ${rule.index + 1}: ${rule.pathRegex ?? 'no path_regex'}: ${outcomeText(outcome, path)}`,
  );
  if (!chosen || !consequences) return [...head, ...each, 'No rule matches: the file is not encrypted by any.'];
  const several = consequences.groups.length > 1;
  return [
    ...head,
    ...each,
    `Encrypted: ${consequences.selector.kind} ${selectorText(consequences.selector)}`,
    ...(consequences.macOnlyEncrypted ? ['The MAC covers only what is encrypted.'] : []),
    ...(several ? [`Key groups: ${consequences.groups.length}, of which ${consequences.required} are needed`] : []),
    ...consequences.groups.flatMap((keys, i) => [
      ...(several ? [`Group ${i}:`] : ['For:']),
      ...keys.map(({ kind, name }) => `  ${kind === 'age' ? '' : `${kind} `}${named(names, { name })}`),
    ]),
    ...(consequences.unhandled.length > 0 ? ['Some of these keys can be used by sops only.'] : []),
  ];
}

function outcomeText(outcome: RuleOutcome, path: string): string {
  switch (outcome.kind) {
    case 'every-file':
      return 'taken, because it is for every file';
    case 'match':
      return `taken, because it matches "${path.slice(outcome.match.start, outcome.match.end)}"`;
    case 'no-match':
      return 'does not match';
    case 'not-reached':
      return outcome.would ? 'would match, but an earlier rule is taken' : 'does not match';
  }
}
