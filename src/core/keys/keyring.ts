import type { WrappedKey } from '../sops/masterkey.ts';
import type { Opener } from './opener.ts';

/** Where openers come from. Asked anew each time, so that a lock takes effect at once. */
export interface Keyring {
  /** What is at hand without asking anybody. */
  openers(): Promise<readonly Opener[]>;
  /**
   * Openers that cost something, a program or a pass phrase: to be taken one by one, after `openers` did not open the file, and
   * only as far as needed. Never those of `openers` again.
   * @param wanted what is still to be opened; an opener that can open none of it is not asked for.
   */
  asked?(wanted: readonly WrappedKey[]): AsyncIterable<Opener>;
  /** Whether a key for one of these recipients is at hand and waits for its pass phrase, which nobody is asked for now. */
  asleep?(recipients: readonly string[]): Promise<boolean>;
}
