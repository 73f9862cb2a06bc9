import * as vscode from 'vscode';
import { clashWith } from '../../core/people/clashes.ts';
import { fingerprintWords } from '../../core/people/fingerprint.ts';
import { personName } from '../../core/people/names.ts';
import { type Grant, planGrant, type TeamConfig } from '../../core/people/plan.ts';
import type { AccessRequest } from '../../core/people/request.ts';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import type { Services } from '../services.ts';
import { uriOf } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { carryOut, named, refuse } from './carry.ts';
import { clashWords } from './clash.ts';
import { counted } from './counted.ts';
import { choosePlaces } from './places.ts';
import { validName } from './request.ts';
import { chooseRequest } from './source.ts';
import { label, type Team, teamOf } from './team.ts';

const { t } = vscode.l10n;

/** Lets somebody read every file of some rules: `.sops.yaml` and the files, or nothing of it. */
export async function grantAccess(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const title = t('Grant Access');
  const [given] = ids;
  const near = uriOf(typeof given === 'object' && given !== null && 'uri' in given ? given.uri : given);
  const team = await teamOf(services, near, title);
  if (!team) return;
  const found = await chooseRequest(services, team.folder, title);
  const name = found && (await askName(services, team, found.request, title));
  const config = name && (await chooseConfig(services, team, near, title));
  const places = config && (await choosePlaces(services, team, config, { near, request: found?.request, title }));
  if (!found || !name || !config || !places) return;
  const { recipient } = found.request;
  const grant = planGrant(config, team.files, { recipient, name, places });
  if (grant.obstacles.length > 0) return refuse(services, title, grant.obstacles);
  if (grant.files.length === 0 && grant.config.after === config.text) {
    void services.ui.info(t('{0} can read all of it already.', visible(name)));
    return;
  }
  if (!(await isAgreed(services, team, grant, { recipient, name }))) return;
  if (!(await carryOut(services, team, { title, configs: [grant.config], files: grant.files, rotate: false }))) return;
  services.access.record({ purpose: 'grant', uri: team.uri(config.path), key: recipient, by: title, to: name });
  if (found.file) await vscode.workspace.fs.delete(found.file);
  void services.ui.info(
    t(
      '{0} can read {1} more now. Commit them together with {2}.',
      visible(name),
      counted(grant.files.length),
      label(team, config.path),
    ),
  );
}

/** A name that clashes with no other. */
async function askName(
  { ui }: Services,
  team: Team,
  { recipient, name }: AccessRequest,
  title: string,
): Promise<string | undefined> {
  const texts = team.configs.map(({ text }) => text).join('\n');
  const validate = (text: string) => {
    const wrong = validName(text);
    const clash = wrong ? undefined : clashWith(texts, personName(text), recipient);
    return wrong ?? (clash && clashWords(clash));
  };
  const value = team.names.get(recipient) ?? name ?? '';
  const prompt = t('Whose key is {0}? The name becomes a comment beside it in .sops.yaml.', shortRecipient(recipient));
  const text = await ui.input({ title, prompt, value, validate });
  return text === undefined ? undefined : personName(text);
}

/** The `.sops.yaml` of the file that one looks at, the only one, or the one that is picked. */
async function chooseConfig(
  { ui }: Services,
  team: Team,
  near: vscode.Uri | undefined,
  title: string,
): Promise<TeamConfig | undefined> {
  const file = near && team.files.find(({ path }) => team.uri(path).toString() === near.toString());
  const own = near && team.configs.find(({ path }) => team.uri(path).toString() === near.toString());
  const known = own ?? (file && team.configs.find(({ path }) => path === file.config));
  if (known ?? team.configs.length === 1) return known ?? team.configs[0];
  const items = team.configs.map((config) => ({ icon: 'law', label: label(team, config.path), config }));
  return (await ui.pick(items, { title, placeholder: t('Whose rules?') }))?.config;
}

function isAgreed(
  { ui }: Services,
  team: Team,
  grant: Grant,
  { recipient, name }: { readonly recipient: string; readonly name: string },
): Promise<boolean> {
  const paths = grant.files.map(({ path }) => path);
  const parts = [
    t('Ask {0}, by voice, for the words of the key:', visible(name)),
    fingerprintWords(recipient).join(' '),
    t('If they differ, somebody put another key into the request: cancel.'),
    ...(paths.length > 0 ? [`${t('Readable with it from now on:')}\n${named(team, paths)}`] : []),
    ...(grant.plain.length > 0 ? [`${t('Not encrypted yet:')}\n${named(team, grant.plain)}`] : []),
    ...(grant.differing.length > 0
      ? [`${t('Differ from their rule in other readers, who stay:')}\n${named(team, grant.differing)}`]
      : []),
  ];
  return ui.gesture(
    t('Let {0} read {1}?', visible(name), counted(paths.length)),
    parts.join('\n\n'),
    t('The Words Match: Grant Access'),
  );
}
