import * as vscode from 'vscode';
import { sameRecipient } from '../../core/age/sshkey.ts';
import { isForeign } from '../../core/keys/others.ts';
import { UnwrapError } from '../../core/keys/unwrap.ts';
import { type NamedKey, type NextStep, type Why, whyOf } from '../../core/keys/why.ts';
import { type Names, namedKey } from '../../core/people/names.ts';
import type { FileState } from '../../core/session/state.ts';
import { isAge, kindNames } from '../../core/sops/kinds.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import { visible } from '../../core/tree/path.ts';
import { commands } from '../ids.ts';
import type { KeyInfo, Services } from '../services.ts';
import { kindNeeds } from '../ui/kindneeds.ts';
import { wordsOf } from '../ui/words.ts';
import { boundElsewhere, rootOf, shareWith } from '../vault/share.ts';
import { foreignNeeds } from './foreign.ts';
import { lookedSteps, type Step } from './looked.ts';
import { separator } from './readers.ts';

const { t } = vscode.l10n;

type Unreadable = Extract<FileState, { kind: 'unreadable' }>;

/**
 * Why none of one's keys opens a file: what to do next, who can read it and what that takes, which keys were tried, and every place
 * where keys were looked for.
 */
export async function unreadableSteps(services: Services, uri: vscode.Uri, state: Unreadable): Promise<Step[]> {
  const keys = await services.vault.keysIn(uri);
  const names = await services.rules.names(uri);
  const why = reasonOf(services, state, keys);
  return [
    separator(t('What you can do')),
    ...(await projectSteps(services, uri, state)),
    ...(state.error.code === 'KEY_SERVICE' ? askAnew(uri) : nextSteps(services, uri, why.next, keys, names)),
    ...readerSteps(services, why, names),
    ...(await lookedSteps(services, uri)),
  ];
}

function reasonOf({ vault }: Services, { error, sealed }: Unreadable, keys: readonly KeyInfo[]): Why {
  const recipients = keys.map(({ recipient }) => recipient);
  const named = (recipient: string) => sealed.metadata.recipients.some((one) => sameRecipient(one, recipient));
  const failed = error instanceof UnwrapError && error.faults.length > 0;
  const own = {
    recipients,
    waiting: failed || recipients.some((one) => named(one) && vault.pluginFault(one) !== undefined),
  };
  if (error instanceof UnwrapError) return whyOf(error.groups, error.required, false, own);
  // The metadata was refused before any key was tried.
  const { groups } = sealed.metadata;
  const untried = groups.map((group) => ({
    openedBy: undefined,
    keys: group.map(({ kind, name }) => ({ kind, name, result: isForeign(kind) ? 'foreign' : 'shut' }) as const),
  }));
  return whyOf(untried, groups.length, false, own);
}

/** One's own keys that would open the file where they may be used. */
async function projectSteps(services: Services, uri: vscode.Uri, { sealed }: Unreadable): Promise<Step[]> {
  return (await boundElsewhere(services, uri, sealed.metadata.recipients)).map((key) => ({
    icon: 'repo',
    label: t('Use the Project Key {0} Here…', visible(key.label)),
    description: t('it is only for {0}', key.places?.map(({ name }) => visible(name)).join(', ') || t('no repository')),
    run: async () => shareWith(services, key, await rootOf(uri)),
  }));
}

/** The first is the one to take. */
function nextSteps(
  services: Services,
  uri: vscode.Uri,
  next: NextStep,
  keys: readonly KeyInfo[],
  names: Names,
): Step[] {
  const importKey = step('key', t('Import a Key'), commands.importKey);
  const copyKey = step('copy', t('Copy My Public Key'), commands.copyPublicKey);
  switch (next.kind) {
    case 'make-key':
      return [importKey, { ...step('add', t('Set Up'), commands.setUp), description: t('makes a key of your own') }];
    case 'ask':
      return [
        {
          ...step('mail', t('Request Access…'), commands.requestAccess, uri.toString()),
          description: t('from {0}, who can let you in', peopleOf(next.readers, names)),
        },
        copyKey,
        importKey,
      ];
    case 'groups':
      return [
        importKey,
        next.readers.length > 0
          ? {
              icon: 'organization',
              label: t('Ask {0}', peopleOf(next.readers, names)),
              description: t('for a key of another group'),
            }
          : { icon: 'terminal', label: t('What the Other Keys Need'), run: () => tellHow(services) },
      ];
    case 'restore':
      return [
        {
          ...step('git-compare', t('Compare with the Last Commit'), 'git.openChange', uri),
          description: t('the part for your key was changed or is damaged'),
        },
        step('history', t('Look for an Older Version in the Timeline'), 'timeline.focus'),
        importKey,
      ];
    case 'foreign':
      return [
        withSops(services, next.kinds),
        keys.length > 0
          ? { ...copyKey, description: t('for somebody who can open the file and let you in') }
          : importKey,
      ];
    case 'unlock':
      return [againWithPlugin(services), importKey];
    case 'none':
      return [];
  }
}

/** A key service gave a key that opens nothing, which is remembered until a lock: it is to blame, or the file. */
const askAnew = (uri: vscode.Uri): Step[] => [
  { ...step('lock', t('Lock'), commands.lock), description: t('then unlock: the key service is asked anew') },
  step('git-compare', t('Compare with the Last Commit'), 'git.openChange', uri),
];

const withSops = (services: Services, kinds: Extract<NextStep, { kind: 'foreign' }>['kinds']): Step => ({
  icon: 'terminal',
  label: t('Open It with sops in a Terminal'),
  description: kinds.map((kind) => kindNames[kind]).join(', '),
  run: () => tellHow(services),
});

const againWithPlugin = ({ vault }: Services): Step => ({
  icon: 'refresh',
  label: t('Try Again'),
  description: t('asks for your key once more'),
  run: async () => vault.tryPluginsAgain(),
});

const step = (icon: string, label: string, id: string, ...args: unknown[]): Step => ({
  icon,
  label,
  run: () => vscode.commands.executeCommand(id, ...args),
});

/** Readers at most, in one line. */
const most = 3;

/** Who can help: those with a name first. */
function peopleOf(readers: readonly KeyName[], names: Names): string {
  const sorted = [...readers].sort((a, b) => Number(names.has(b.name)) - Number(names.has(a.name)));
  const shown = sorted.slice(0, most).map((key) => namedKey(names, key));
  const more = readers.length - shown.length;
  return [...shown, ...(more > 0 ? [t('{0} more', more)] : [])].join(', ');
}

function readerSteps(services: Services, { groups, required }: Why, names: Names): Step[] {
  const several = groups.length > 1;
  const head = several
    ? t('Who can read it: {0} of {1} groups together', required, groups.length)
    : t('Who can read it');
  return groups.flatMap((keys, i) => [
    separator(several ? `${head} · ${t('Group {0}', i + 1)}` : head),
    ...keys.map((key) => readerStep(services, key, names)),
  ]);
}

function readerStep(services: Services, key: NamedKey, names: Names): Step {
  const { kind, own, result } = key;
  if (isForeign(kind))
    return {
      icon: 'cloud',
      label: namedKey(names, key),
      description: t('needs {0}', kindNeeds(kind)),
      detail: t('Needs {0}.', foreignNeeds(kind)),
      run: () => tellHow(services),
    };
  if (!isAge(kind))
    return {
      icon: 'cloud',
      label: namedKey(names, key),
      description: result === 'opened' ? t('opens it') : kindNames[kind],
      ...(key.fault && { detail: wordsOf(key.fault).message }),
    };
  const state = own ? (result === 'opened' ? t('yours, opens it') : t('yours, does not open it')) : '';
  return { icon: 'person', label: namedKey(names, key), description: state };
}

/** What lets Lockstep open a file that only services open. */
async function tellHow({ ui }: Services): Promise<void> {
  const copyKey = t('Copy My Public Key');
  const chosen = await ui.info(
    t(
      'For PGP Lockstep uses your gpg, for clouds and Vault your sops or a key service of the setting lockstep.keyServices. Where none of them is, somebody who can open the file can add your age key to it: “sops rotate -i --add-age age1… FILE”.',
    ),
    copyKey,
  );
  if (chosen === copyKey) await vscode.commands.executeCommand(commands.copyPublicKey);
}
