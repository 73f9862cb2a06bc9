import * as vscode from 'vscode';
import { change as changeFile } from '../../core/change/change.ts';
import { LockstepError } from '../../core/errors.ts';
import { requireKeys } from '../../core/keys/others.ts';
import { type Names, namedKey, namedRecipient } from '../../core/people/names.ts';
import type { FileState } from '../../core/session/state.ts';
import { sameKey } from '../../core/sops/masterkey.ts';
import type { Metadata } from '../../core/sops/metadata.ts';
import type { KeyInfo, Services } from '../services.ts';
import { requireEditable } from '../session/apply.ts';
import { othersOf } from '../session/readers.ts';
import { findFiles, findOpenFile } from '../session/target.ts';
import { mayWrite } from '../session/trust.ts';
import { groupLabel, groupsNeeded } from '../ui/keygroups.ts';
import { fileName } from '../ui/words.ts';
import { requireOwnAccess } from '../vault/ownaccess.ts';
import { rotateMany } from './many.ts';

const { t } = vscode.l10n;

/** A new data key for the same people: every ciphertext changes, no value does. */
export async function rotateDataKey(services: Services, ids: readonly unknown[]): Promise<void> {
  const files = findFiles(ids);
  if (files.length > 1) return rotateMany(services, files);
  if (!(await mayWrite(services))) return;
  const file = await findOpenFile(services, ids);
  if (!file) return;
  const { uri } = file;
  const state = await file.ready();
  const { dataKey, sealed } = await requireEditable(services, file, state);
  dataKey.requireOwnLabels();
  await requireKeys(sealed.metadata.groups.flat());
  const names = await services.rules.names(uri);
  const parts = [
    readersOf(state, await services.vault.keys(), names),
    ...(await strangers(services, uri, sealed.metadata, names)),
    t(
      'The values stay the same: one that somebody has seen who should not must be replaced at its source. Old versions in git stay readable with the old data key.',
    ),
  ];
  const message = t('Give {0} a new data key?', fileName(uri));
  if (!(await services.ui.confirm(message, parts.join('\n\n'), t('Rotate Data Key')))) return;
  const agreed = sealed.metadata;
  await file.change(t('Rotate Data Key'), async (opened) => {
    // Whom the person saw named is whom it is for.
    if (!sameReaders(agreed, opened.sealed.metadata)) throw new LockstepError('CHANGED_ON_DISK');
    const change = await changeFile(opened, { kind: 'rotate' }, services.clock);
    await requireOwnAccess(services, file.uri, change.text, opened.sealed.format);
    return change;
  });
}

function sameReaders(a: Metadata, b: Metadata): boolean {
  const shape = ({ groups, shamirThreshold }: Metadata) =>
    JSON.stringify([shamirThreshold, groups.map((keys) => keys.map(({ kind, name }) => [kind, name]))]);
  return shape(a) === shape(b);
}

/** Who is on the file's list and not in its rule: the list is not sealed, so anybody may have put them there. */
async function strangers({ rules }: Services, uri: vscode.Uri, { groups }: Metadata, names: Names): Promise<string[]> {
  await rules.renew();
  const found = await rules.find(uri).catch(() => 'unreadable' as const);
  if (found === 'unreadable') return [t('The rule in .sops.yaml cannot be read, so it does not say who is meant.')];
  if (!found) return [];
  const named = found.rule.groups.flat();
  const others = groups.flat().filter((key) => !named.some((other) => sameKey(key, other)));
  if (others.length === 0) return [];
  return [t('Not named by the rule in .sops.yaml: {0}', others.map((key) => namedKey(names, key)).join(', '))];
}

/** Whom the file says it is for: nothing seals that list, so it is named before a new key is given to everybody on it. */
function readersOf(state: FileState, keys: readonly KeyInfo[], names: Names): string {
  if (!('sealed' in state)) return '';
  const { metadata } = state.sealed;
  const needed = groupsNeeded(metadata);
  if (needed) {
    const own = new Set(keys.map((key) => key.recipient));
    const groups = metadata.groups.map((group, i) => t('Group {0}: {1}', i + 1, groupLabel(group, own, names)));
    return [t('All values are encrypted anew, for {0}.', needed), ...groups].join('\n');
  }
  const opened = 'opened' in state ? state.opened.ownRecipients : [];
  const others = [
    ...othersOf(metadata.recipients, keys).map((one) => namedRecipient(names, one)),
    ...metadata.foreign.filter(({ name }) => !opened.includes(name)).map((key) => namedKey(names, key)),
  ];
  if (others.length === 0) return t('All values are encrypted anew, for you only.');
  return t('All values are encrypted anew, for you and {0}.', others.join(', '));
}
