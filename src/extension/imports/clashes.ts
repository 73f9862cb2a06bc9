import * as vscode from 'vscode';
import type { Decision, Planned } from '../../core/foreign/plan.ts';
import { showPath } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import type { Destination } from './destination.ts';

const { t } = vscode.l10n;

const isOpen = ({ fate }: Planned) => fate === 'clash' || fate === 'blocked';

/**
 * Asks about each name that clashes: keep what is there, replace it, or give the new one another name. Undefined when the person would rather
 * not; then nothing was written.
 */
export async function decideClashes(
  services: Services,
  plan: (decisions: ReadonlyMap<number, Decision>) => readonly Planned[],
  destination: Destination,
): Promise<ReadonlyMap<number, Decision> | undefined> {
  const decisions = new Map<number, Decision>();
  for (;;) {
    const open = plan(decisions).filter(isOpen);
    const [first] = open;
    if (!first) return decisions;
    const answer = await ask(services, first, open.length, destination);
    if (answer === undefined) return undefined;
    const [id, decision] = answer;
    const those = id === 'all' ? open : [first];
    for (const one of those)
      decisions.set(one.id, one.fate === 'blocked' && decision === 'replace' ? 'keep' : decision);
  }
}

/** For one name, or for all that are open. */
async function ask(
  { ui }: Services,
  { path, fate, within }: Planned,
  count: number,
  { name }: Destination,
): Promise<readonly ['one' | 'all', Decision] | undefined> {
  const title = showPath(path);
  const there = within
    ? t('Another entry of the same source has this name')
    : t('{0} has another value of this name', name);
  const placeholder = fate === 'blocked' ? t('A group and a value have this name') : there;
  const one = [
    { id: 'keep', icon: 'discard', label: t('Leave the New Value Out') },
    ...(fate === 'blocked' ? [] : [{ id: 'replace', icon: 'replace', label: t('Replace the Value That Is There') }]),
    { id: 'rename', icon: 'edit', label: t('Import Under Another Name…') },
  ];
  const all = [
    { id: 'keepAll', icon: 'discard', label: t('Leave Out All {0} That Clash', count) },
    { id: 'replaceAll', icon: 'replace', label: t('Replace All {0} That Clash', count) },
  ];
  const chosen = await ui.pick(count > 1 ? [...one, ...all] : one, { title, placeholder });
  switch (chosen?.id) {
    case 'keep':
    case 'replace':
      return ['one', chosen.id];
    case 'keepAll':
      return ['all', 'keep'];
    case 'replaceAll':
      return ['all', 'replace'];
    case 'rename': {
      const rename = await ui.input({
        title,
        prompt: t('New name'),
        value: path.at(-1) ?? '',
        validate: (text) => (text.trim() === '' ? t('Type a name.') : undefined),
      });
      return rename === undefined ? undefined : ['one', { rename: rename.trim() }];
    }
    default:
      return undefined;
  }
}
