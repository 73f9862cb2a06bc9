import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import type { TeamConfig, TeamFile } from '../../core/people/plan.ts';
import { ruleOf } from '../../core/people/plan.ts';
import type { AccessRequest } from '../../core/people/request.ts';
import type { RecipientsPlace } from '../../core/rules/edit.ts';
import { parseConfig, type Rule } from '../../core/rules/rules.ts';
import { visible } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { groupLabel } from '../ui/keygroups.ts';
import { counted } from './counted.ts';
import type { Team } from './team.ts';

const { t } = vscode.l10n;

interface About {
  readonly near: vscode.Uri | undefined;
  readonly request: AccessRequest | undefined;
  readonly title: string;
}

/**
 * The rules that somebody is added to, as a person checks them; those of the file that one looks at or that was asked for are checked from the start.
 * Throws NO_RULE where there is none.
 */
export async function choosePlaces(
  services: Services,
  team: Team,
  config: TeamConfig,
  about: About,
): Promise<RecipientsPlace[] | undefined> {
  const rules = parseConfig(config.text).rules ?? [];
  if (rules.length === 0) throw new LockstepError('NO_RULE');
  const chosen = rules.length === 1 ? rules : await askRules(services, team, config, rules, about);
  if (!chosen || chosen.length === 0) return undefined;
  const places: RecipientsPlace[] = [];
  for (const rule of chosen) {
    const place = await placeIn(services, team, rule, about.title);
    if (!place) return undefined;
    places.push(place);
  }
  return places;
}

async function askRules(
  { ui }: Services,
  team: Team,
  config: TeamConfig,
  rules: readonly Rule[],
  { near, request, title }: About,
): Promise<readonly Rule[] | undefined> {
  const items = rules.map((rule) => {
    const files = team.files.filter((file) => file.config === config.path && ruleOf(file.facts) === rule.index);
    const wanted = files.some((file) => isAbout(team, file, near, request));
    return {
      id: String(rule.index),
      label: visible(rule.pathRegex ?? t('Every other file')),
      description: wanted && request?.file ? t('{0}, asked for', counted(files.length)) : counted(files.length),
      picked: wanted,
      rule,
    };
  });
  const placeholder = t('Which files? A rule is for all of its files.');
  return (await ui.pickMany(items, { title, placeholder }))?.map(({ rule }) => rule);
}

const isAbout = (team: Team, { path }: TeamFile, near: vscode.Uri | undefined, request: AccessRequest | undefined) =>
  team.uri(path).toString() === near?.toString() ||
  (request?.file !== undefined && team.uri(path).path.endsWith(`/${request.file}`));

/** Whoever is in no group cannot open anything: where there are several, one is picked. */
async function placeIn(
  { ui }: Services,
  { names }: Team,
  rule: Rule,
  title: string,
): Promise<RecipientsPlace | undefined> {
  if (rule.groups.length < 2) return { rule: rule.index };
  const items = rule.groups.map((keys, group) => ({
    id: String(group),
    icon: 'organization',
    label: t('Group {0}', group + 1),
    description: groupLabel(keys, new Set(), names),
    group,
  }));
  const placeholder = t(
    'Which key group of {0}? Several are needed together.',
    visible(rule.pathRegex ?? t('every other file')),
  );
  const chosen = await ui.pick(items, { title, placeholder });
  return chosen && { rule: rule.index, group: chosen.group };
}
