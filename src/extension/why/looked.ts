import * as vscode from 'vscode';
import type { LockstepError } from '../../core/errors.ts';
import { isPlace, type KeyPlace, type KeyPlaces, type Look } from '../../core/platform/keyplaces.ts';
import { visible } from '../../core/tree/path.ts';
import { shortRecipient } from '../../core/view/hover.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import type { Choice } from '../ui/ui.ts';
import { wordsOf } from '../ui/words.ts';
import { separator } from './readers.ts';

const { t } = vscode.l10n;

/** A line of an explanation; choosing it does something, or nothing more than closing the list. */
export interface Step extends Choice {
  readonly run?: () => Thenable<unknown>;
}

/**
 * Where a key for a file was looked for that none of one's own opens: SecretStorage, key by key; then the places of sops, which are
 * not used before somebody imports them, but are worth a word when they hold a key or are set and wrong. SSH keys are not read.
 */
export async function lookedSteps({ vault, platform }: Services, uri: vscode.Uri): Promise<Step[]> {
  const keys = await vault.keys();
  const usable = new Set((await vault.keysIn(uri)).map(({ recipient }) => recipient));
  const own = keys.map((key): Step => {
    const { label, recipient } = key;
    const why = usable.has(recipient) ? triedWords(vault.pluginFault(recipient)) : t('is for another repository only');
    return { icon: 'key', label: visible(label), description: `${shortRecipient(recipient)} · ${why}` };
  });
  const vaultSteps = own.length > 0 ? own : [{ icon: 'key', label: t('No key is in SecretStorage'), description: '' }];
  const places = platform.keyPlaces ? await sopsSteps(platform.keyPlaces) : [];
  return [
    separator(t('Where a key was looked for')),
    ...vaultSteps,
    ...(places.length > 0 ? [separator(t('Not used before you import it')), ...places] : []),
  ];
}

const triedWords = (fault: LockstepError | undefined) =>
  fault ? wordsOf(fault).message : t('was tried, does not open this file');

async function sopsSteps(keyPlaces: KeyPlaces): Promise<Step[]> {
  const found = (await keyPlaces.looks()).flatMap((look) => stepOf(look) ?? []);
  const ssh = (await keyPlaces.sshPlaces()).flatMap(({ place, there }) => sshSteps(place, there));
  const stray = keyPlaces.strayVariables().map((name): Step => {
    return { icon: 'warning', label: visible(name), description: t('set, but no variable of this name is read') };
  });
  return [...found, ...ssh, ...stray];
}

function sshSteps({ from, variable }: KeyPlace, there: boolean): Step[] {
  if ('path' in from && there) return [importStep(visible(from.path), t('an SSH key'))];
  if (!variable) return [];
  if ('command' in from) return [{ icon: 'terminal', label: variable, description: t('programs are not started') }];
  const why = 'path' in from ? t('leads to no file') : t('holds a private key, not the path of a file');
  return [{ icon: 'warning', label: variable, description: why }];
}

const importStep = (label: string, description: string): Step => ({
  icon: 'arrow-down',
  label,
  description,
  run: () => vscode.commands.executeCommand(commands.importKey),
});

/** Undefined for a place that nobody set and where nothing is. */
function stepOf({ spot, recipients, locked, errors }: Look): Step | undefined {
  if (!isPlace(spot)) {
    if (spot.from !== 'empty') return undefined;
    return { icon: 'warning', label: spot.variable, description: t('set, but empty') };
  }
  const path = 'path' in spot.from ? spot.from.path : undefined;
  const label = visible([spot.variable, path].filter(Boolean).join(': '));
  const [error] = errors;
  if (recipients.length > 0)
    return importStep(label, recipients.length === 1 ? t('a key') : t('{0} keys', recipients.length));
  if (error) return { icon: 'warning', label, description: wordsOf(error).message };
  if (locked > 0) return importStep(label, t('a key under a pass phrase'));
  return 'command' in spot.from ? { icon: 'terminal', label, description: t('programs are not started') } : undefined;
}
