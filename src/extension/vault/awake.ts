import type { PrivateKey } from '../../core/age/private/privatekey.ts';
import type { StoredKey } from './store.ts';

/** Keys under a pass phrase that were opened: held until a lock, so that a person is asked once. */
export class Awake {
  readonly #held = new Map<string, { readonly stored: StoredKey; readonly key: PrivateKey }>();

  /** The key, which stays ours; undefined when it was not opened, or another window has changed its pass phrase since. */
  of(stored: StoredKey): PrivateKey | undefined {
    const held = this.#held.get(stored.recipient);
    return held?.stored.identity === stored.identity ? held.key : undefined;
  }

  /** Takes over a key. */
  keep(stored: StoredKey, key: PrivateKey): void {
    this.#held.get(stored.recipient)?.key.wipe();
    this.#held.set(stored.recipient, { stored, key });
  }

  /** Wipes what is no longer stored, or stored otherwise. */
  sweep(stored: readonly StoredKey[]): void {
    for (const [recipient, { stored: from, key }] of [...this.#held]) {
      if (stored.some((one) => one.recipient === recipient && one.identity === from.identity)) continue;
      key.wipe();
      this.#held.delete(recipient);
    }
  }

  clear(): void {
    for (const { key } of this.#held.values()) key.wipe();
    this.#held.clear();
  }
}
