import { resolve } from 'node:path';
import { ruleOf } from '../../core/people/plan.ts';
import type { AccessRequest } from '../../core/people/request.ts';
import type { RecipientsPlace } from '../../core/rules/edit.ts';
import { parseConfig, type Rule } from '../../core/rules/rules.ts';
import { visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';
import { about, exit, Failure } from '../failure.ts';
import { listed } from '../files/namedkeys.ts';
import type { Team } from './team.ts';

/**
 * The rules that somebody is added to: by `--rule`, by the file of `--file` or of the request, as a person answers, or with
 * `--yes` all of them. Throws Failure.
 */
export async function choosePlaces(call: Call, team: Team, request: AccessRequest): Promise<RecipientsPlace[]> {
  const rules = (await about(team.config.path, () => parseConfig(team.config.text), exit.generic)).rules ?? [];
  if (rules.length === 0) throw new Failure(exit.generic, '.sops.yaml has no creation rules.', 'Add one first.');
  const chosen = await chosenRules(call, team, rules, request);
  return chosen.map((rule) => placeIn(call, rules[rule] as Rule));
}

async function chosenRules(call: Call, team: Team, rules: readonly Rule[], request: AccessRequest): Promise<number[]> {
  const { flags, io } = call;
  const typed = listed(flags, 'rule');
  if (typed.length > 0) return typed.map((one) => ruleNumber(one, rules));
  const file = flags.text('file');
  if (file !== undefined) return [await ruleOfFile(call, team, resolve(io.cwd, file))];
  if (rules.length === 1) return [0];
  if (flags.on('yes')) return rules.map(({ index }) => index);
  if (!io.interactive)
    throw new Failure(
      exit.generic,
      `.sops.yaml has ${rules.length} rules.`,
      'Choose with --rule, or use -y for all of them.',
    );
  return askRules(call, team, rules, request);
}

function ruleNumber(text: string, rules: readonly Rule[]): number {
  const rule = /^\d{1,6}$/.test(text) ? Number(text) - 1 : -1;
  if (!rules[rule])
    throw new Failure(
      exit.generic,
      `There is no rule ${visible(text)}.`,
      `Rules are counted from 1 to ${rules.length}.`,
    );
  return rule;
}

/** A rule is for all of its files: nobody gets more than the one file that was named without a word. */
async function ruleOfFile(call: Call, team: Team, path: string): Promise<number> {
  const found = team.files.find((file) => file.path === path && file.config === team.config.path);
  const rule = found && ruleOf(found.facts);
  if (rule === undefined)
    throw new Failure(
      exit.generic,
      `${visible(team.label(path))}: No rule of .sops.yaml covers it.`,
      'Choose with --rule.',
    );
  const others = team.files.filter(
    (file) => file.path !== path && file.config === team.config.path && ruleOf(file.facts) === rule,
  );
  if (others.length > 0 && (call.flags.on('yes') || !call.io.interactive))
    throw new Failure(
      exit.generic,
      `Rule ${rule + 1} covers ${others.length === 1 ? '1 more file' : `${others.length} more files`}, so this would not be about one file only.`,
      `--rule ${rule + 1} means all of them. For one file alone, write a rule of its own above that one.`,
    );
  return rule;
}

async function askRules({ io }: Call, team: Team, rules: readonly Rule[], request: AccessRequest): Promise<number[]> {
  const lines = rules.map(({ index, pathRegex }) => {
    const files = team.files.filter(({ facts, config }) => config === team.config.path && ruleOf(facts) === index);
    const wanted = request.file !== undefined && files.some(({ path }) => path.endsWith(`/${request.file}`));
    return `  ${index + 1}  ${pathRegex ?? 'every other file'}: ${files.length === 1 ? '1 file' : `${files.length} files`}${wanted ? ` (asked for: ${request.file})` : ''}`;
  });
  io.writeStderr(lines.map((line) => `${visible(line)}\n`).join(''));
  const answer = await io.ask(`Which rules (such as 1,${rules.length}, or all)? `);
  if (answer === undefined || answer.trim() === '')
    throw new Failure(exit.generic, 'No rule was chosen.', 'Nothing was changed. --rule chooses without a question.');
  if (answer.trim() === 'all') return rules.map(({ index }) => index);
  return answer.split(',').map((one) => ruleNumber(one.trim(), rules));
}

/** The group that `--group` names, where there are several: whoever is in none cannot open anything. */
function placeIn({ flags }: Call, { index, groups }: Rule): RecipientsPlace {
  if (groups.length < 2) return { rule: index };
  const group = flags.number('group');
  if (group === undefined || !groups[group - 1])
    throw new Failure(
      exit.generic,
      `Rule ${index + 1} has ${groups.length} key groups.`,
      `Choose one of them with --group, from 1 to ${groups.length}, or leave the rule out.`,
    );
  return { rule: index, group: group - 1 };
}
