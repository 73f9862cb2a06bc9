import { isUnnamed } from '../age/plugin/names.ts';
import { sameRecipient } from '../age/sshkey.ts';
import { Fault, LockstepError } from '../errors.ts';
import { isAge } from '../sops/kinds.ts';
import type { Metadata } from '../sops/metadata.ts';

/** An entry of the metadata that was opened, and by whose key. Public. */
export interface OpenedEntry {
  /** 0-based key group. */
  readonly group: number;
  /** The opener's. */
  readonly recipient: string;
  /** The recipient that the entry names. Nothing seals it: anybody with write access may have put another one there. */
  readonly label: string;
}

/**
 * An opened entry names another recipient than its opener's. A new wrap made for the name would be for whoever put it
 * there, and not for the one who could read the file.
 */
export class LabelError extends Fault<'MISLABELLED_KEY'> {
  readonly entry: OpenedEntry;

  constructor(entry: OpenedEntry) {
    super('MISLABELLED_KEY', isUnnamed(entry.recipient) ? { what: 'unnamed' } : {});
    this.entry = entry;
  }
}

/** The first entry that opened under a name that is not its opener's; undefined when all are what they say, as far as is known. */
export function mislabelled(entries: readonly OpenedEntry[]): OpenedEntry | undefined {
  return entries.find(({ recipient, label }) => !isUnnamed(recipient) && !sameRecipient(recipient, label));
}

/**
 * For a change of keys, which makes new wraps for the names: throws a LabelError also for an entry of which nobody knows whether its
 * name is that of its opener.
 */
export function requireOwnLabels(entries: readonly OpenedEntry[]): void {
  const wrong = entries.find(({ recipient, label }) => !sameRecipient(recipient, label));
  if (wrong) throw new LabelError(wrong);
}

/**
 * What to say of a data key that is not this file's, where a key service gave it: nothing in the file shows whether that is to blame, or
 * the file. Undefined where none did: age and gpg themselves notice a key that was changed.
 */
export function wrongService(
  { groups }: Pick<Metadata, 'groups'>,
  entries: readonly OpenedEntry[],
): LockstepError | undefined {
  for (const { group, label } of entries) {
    const kind = groups[group]?.find(({ name }) => name === label)?.kind;
    if (kind && !isAge(kind) && kind !== 'pgp') return new LockstepError('KEY_SERVICE', { kind, what: 'other-key' });
  }
  return undefined;
}
