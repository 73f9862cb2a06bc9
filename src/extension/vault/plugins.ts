import { wipe } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Opener } from '../../core/keys/opener.ts';

/** Files at most that are remembered. */
const most = 200;

/**
 * What age plugins made of wrapped keys, until a lock: a file is looked at after each edit, and nobody is to touch a token or type a
 * PIN for each. A key whose plugin failed is not tried again before somebody says so.
 */
export class PluginMemory {
  readonly #held = new Map<string, Uint8Array | undefined>();
  readonly #faults = new Map<string, LockstepError>();
  #clears = 0;

  /** The opener with this memory. */
  remembering(opener: Opener): Opener {
    const { recipient } = opener;
    return {
      ...opener,
      unwrap: async (wrapped) => {
        const id = `${recipient}\n${wrapped.enc}`;
        if (this.#held.has(id)) return this.#copyOf(id);
        if (this.#faults.has(recipient)) return undefined;
        const begun = this.#clears;
        try {
          const found = await opener.unwrap(wrapped);
          if (begun === this.#clears) this.#keep(id, found && Uint8Array.from(found));
          return found;
        } catch (error) {
          if (!(error instanceof LockstepError) || error.code !== 'PLUGIN') throw error;
          if (begun === this.#clears) this.#faults.set(recipient, error);
          return undefined;
        }
      },
    };
  }

  /** Why the plugin of a key did not do it, the last time. */
  faultOf(recipient: string): LockstepError | undefined {
    return this.#faults.get(recipient);
  }

  /** Forgets everything; what is on its way is not remembered either. */
  clear(): void {
    this.#clears++;
    for (const key of this.#held.values()) if (key) wipe(key);
    this.#held.clear();
    this.#faults.clear();
  }

  #copyOf(id: string): Uint8Array | undefined {
    const held = this.#held.get(id);
    return held && Uint8Array.from(held);
  }

  #keep(id: string, key: Uint8Array | undefined): void {
    const [oldest] = this.#held.keys();
    if (this.#held.size >= most && oldest !== undefined) {
      const gone = this.#held.get(oldest);
      if (gone) wipe(gone);
      this.#held.delete(oldest);
    }
    this.#held.set(id, key);
  }
}
