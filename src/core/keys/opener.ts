import { sameRecipient } from '../age/sshkey.ts';
import { Fault } from '../errors.ts';

/** An entry of the metadata that was opened, and with whose identity. Public. */
export interface Opener {
  /** 0-based key group. */
  readonly group: number;
  /** The recipient of the identity. */
  readonly recipient: string;
  /** The recipient that the entry names. Nothing seals it: anybody with write access may have put another one there. */
  readonly label: string;
}

/**
 * An opened entry names another recipient than its identity's. A new wrap made for the name would be for whoever put it
 * there, and not for the one who could read the file.
 */
export class LabelError extends Fault<'MISLABELLED_KEY'> {
  readonly opener: Opener;

  constructor(opener: Opener) {
    super('MISLABELLED_KEY');
    this.opener = opener;
  }
}

/** The first entry that opened under a name that is not its identity's; undefined when all are what they say. */
export function mislabelled(openers: readonly Opener[]): Opener | undefined {
  return openers.find(({ recipient, label }) => !sameRecipient(recipient, label));
}
