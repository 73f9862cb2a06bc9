import { isArmored } from '../core/age/armored.ts';
import type { KeyPlace } from '../core/platform/keyplaces.ts';
import { readKeyFile } from './keyplaces.ts';

/** A public key of one's own. */
export interface OwnKey {
  readonly recipient: string;
  readonly place: KeyPlace;
  /** The comment that names it: above it in a key file, or in the `.pub` file beside an SSH key. */
  readonly label: string | undefined;
  /** Its private half is under a pass phrase. */
  readonly locked: boolean;
}

/** The comment in the public file beside an SSH key. */
export async function sshComment({ kind, from }: KeyPlace): Promise<string | undefined> {
  if (kind !== 'ssh-key' || !('path' in from)) return undefined;
  const line = await readKeyFile(`${from.path}.pub`).catch(() => undefined);
  if (!line || isArmored(line)) return undefined;
  return line.split(/\r?\n/)[0]?.trim().split(/\s+/).slice(2).join(' ') || undefined;
}

/** Comments that age-keygen writes by itself name nobody. */
export const labelOf = (comment: string | undefined): string | undefined =>
  comment && !/^(?:created|public key):/.test(comment) ? comment : undefined;
