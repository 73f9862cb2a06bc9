import * as vscode from 'vscode';
import { bareRecipient } from '../../core/age/sshkey.ts';
import { requiredGroups } from '../../core/keys/shamir.ts';
import { type Names, namedKey } from '../../core/people/names.ts';
import type { KeyName } from '../../core/sops/masterkey.ts';
import type { Metadata } from '../../core/sops/metadata.ts';

const { t } = vscode.l10n;

/** “any 2 of 3 groups”; undefined for a file of one group, which every key opens alone. */
export function groupsNeeded({
  groups,
  shamirThreshold,
}: Pick<Metadata, 'shamirThreshold'> & { readonly groups: readonly unknown[] }) {
  if (groups.length < 2) return undefined;
  const required = requiredGroups(groups.length, shamirThreshold);
  return required === groups.length
    ? t('all {0} groups together', groups.length)
    : t('any {0} of {1} groups', required, groups.length);
}

/** The words for the keys of a group: “you” for own ones, first. @param own recipients, without comments. */
export function groupLabel(keys: readonly KeyName[], own: ReadonlySet<string>, names: Names): string {
  const isOwn = (key: KeyName) => own.has(bareRecipient(key.name));
  const others = new Set(keys.filter((key) => !isOwn(key)).map((key) => namedKey(names, key)));
  return [...(keys.some(isOwn) ? [t('you')] : []), ...others].join(', ');
}
