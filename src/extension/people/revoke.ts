import * as vscode from 'vscode';
import { sameRecipient } from '../../core/age/sshkey.ts';
import { checklistFor } from '../../core/checklist/checklist.ts';
import { membersOf, namesakesOf } from '../../core/people/members.ts';
import { namedKey, namedRecipient } from '../../core/people/names.ts';
import { planRevocation, type Revocation } from '../../core/people/plan.ts';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import type { Services } from '../services.ts';
import { openAt } from '../session/tabs.ts';
import { uriOf } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { carryOut, named, refuse } from './carry.ts';
import { counted } from './counted.ts';
import { label, type Team, teamOf } from './team.ts';

const { t } = vscode.l10n;

/** Keeps somebody from every later version of every file, and lists what they could read. Arguments: a recipient or a row of a list that has one, a file. */
export async function revokeAccess(services: Services, ids: readonly unknown[]): Promise<void> {
  if (!(await mayWrite(services))) return;
  const title = t('Revoke Access');
  const team = await teamOf(services, uriOf(ids[1]), title);
  const recipient = team && (await chooseMember(services, team, recipientOf(ids[0]), title));
  if (!team || recipient === undefined) return;
  const revocation = planRevocation(team.configs, team.files, recipient);
  if (revocation.obstacles.length > 0) return refuse(services, title, revocation.obstacles);
  if (!(await isAgreed(services, team, revocation, recipient))) return;
  const { configs, files } = revocation;
  const checklist = await checklistOf(services, team, recipient);
  const at = checklist && vscode.Uri.joinPath(team.folder, checklist.path);
  const more = checklist ? [{ path: `${team.root}/${checklist.path}`, before: undefined, config: checklist.text }] : [];
  if (!(await carryOut(services, team, { title, configs, files, rotate: true, more }))) return;
  const who = team.names.get(recipient);
  const uri = configs[0] ? team.uri(configs[0].path) : team.folder;
  services.access.record({ purpose: 'revoke', uri, key: recipient, by: title, ...(who !== undefined && { to: who }) });
  void services.ui.info(
    t(
      '{0} cannot read later versions of {1}. Commit them together with .sops.yaml.',
      visible(who ?? shortRecipient(recipient)),
      counted(files.length),
    ),
  );
  if (at) await openAt(at);
}

/** Arguments come from anybody: what is no text counts as none. */
function recipientOf(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && 'recipient' in value) return recipientOf(value.recipient);
  return typeof value === 'string' ? value : undefined;
}

/** The one of the list that is named, or that a person picks. */
async function chooseMember(
  { ui, vault }: Services,
  team: Team,
  wanted: string | undefined,
  title: string,
): Promise<string | undefined> {
  const members = membersOf(team.configs, team.files, team.names).filter(({ kind }) => kind === 'age');
  const asked = wanted === undefined ? undefined : members.find(({ recipient }) => sameRecipient(recipient, wanted));
  if (asked) return asked.recipient;
  const own = (await vault.keys()).map(({ recipient }) => recipient);
  const items = members.map(({ recipient, name, files, rules }) => ({
    id: recipient,
    icon: 'person',
    label: visible(name ?? shortRecipient(recipient)) + (own.includes(recipient) ? ` (${t('you')})` : ''),
    description: [...(name === undefined ? [] : [shortRecipient(recipient)]), counted(files.length)].join(' · '),
    detail: rules.length === 0 ? t('No rule names this key.') : '',
    recipient,
  }));
  return (await ui.pick(items, { title, placeholder: t('Who loses access to later versions?') }))?.recipient;
}

async function isAgreed(services: Services, team: Team, revocation: Revocation, recipient: string): Promise<boolean> {
  const { files, configs, outside, strangers } = revocation;
  const own = (await services.vault.keys()).some((key) => key.recipient === recipient);
  const staying = strangers.flatMap(({ path, keys }) =>
    keys.map((key) => t('{0}: {1}', label(team, path), namedKey(team.names, key))),
  );
  const namesakes = namesakesOf(membersOf(team.configs, team.files, team.names), recipient).map((one) =>
    namedRecipient(team.names, one.recipient),
  );
  const parts = [
    ...(own ? [t('This is your own key.')] : []),
    ...(configs.length > 0
      ? [
          `${t('Out of every rule of:')}\n${named(
            team,
            configs.map(({ path }) => path),
          )}`,
        ]
      : []),
    ...(files.length > 0
      ? [
          `${t('New data keys for:')}\n${named(
            team,
            files.map(({ path }) => path),
          )}`,
        ]
      : []),
    ...(outside.length > 0 ? [`${t('No rule names this key for:')}\n${named(team, outside)}`] : []),
    ...(staying.length > 0
      ? [`${t('Stay readable for others whom no rule names:')}\n${staying.slice(0, 8).join('\n')}`]
      : []),
    ...(namesakes.length > 0
      ? [
          `${t('These keys keep their access. Revoke them too, if they are the same person’s:')}\n${namesakes.join('\n')}`,
        ]
      : []),
    t(
      'Old versions in git stay readable, and values may have been kept. A checklist of all values to replace is written beside it.',
    ),
  ];
  return services.ui.gesture(
    t('Revoke the access of {0} to {1}?', namedRecipient(team.names, recipient), counted(files.length)),
    parts.join('\n\n'),
    t('Revoke Access'),
  );
}

/** Every value that they could read, in git history too: a file of the same change. */
async function checklistOf({ platform, clock }: Services, team: Team, recipient: string) {
  const { disk, git } = platform;
  if (!disk) return undefined;
  const encrypted = team.files.filter(({ facts }) => facts.kind === 'encrypted');
  const files = encrypted.map(async ({ path }) => ({
    path: team.uri(path).path.slice(team.folder.path.length + 1),
    bytes: (await disk.read(path)).bytes,
  }));
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Looking for every value that could be read…'),
  };
  return vscode.window.withProgress(options, async () =>
    checklistFor({
      leaver: { name: team.names.get(recipient), recipients: [recipient] },
      root: team.root,
      files: await Promise.all(files),
      git,
      disk,
      now: clock.now(),
    }),
  );
}
