import { wipe } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import type { NamedKeys } from '../../core/keys/others.ts';
import type { KeyName, WrappedKey } from '../../core/sops/masterkey.ts';

/** Wrapped keys at most that are remembered. */
const most = 200;

/**
 * What key services made of wrapped keys, until a lock: a file is looked at after each edit, and a cloud is asked once. One that failed is
 * not asked again before something changes, or somebody says so.
 */
export class ServiceMemory {
  readonly #found = new Map<string, Promise<Uint8Array | undefined>>();
  readonly #faults = new Map<string, LockstepError>();
  readonly #opened = new Set<string>();
  #clears = 0;

  /** The key as `keys` opened it, the caller's to wipe. Throws what `keys` threw. */
  async unwrap(keys: NamedKeys, wrapped: WrappedKey): Promise<Uint8Array | undefined> {
    const id = `${wrapped.kind} ${wrapped.name}\n${wrapped.enc}`;
    const fault = this.#faults.get(id);
    if (fault) throw fault;
    const found = this.#found.get(id) ?? this.#begin(id, keys.unwrap(wrapped));
    const begun = this.#clears;
    const key = await found;
    // What was asked before a lock gives nothing after it.
    if (!key || begun !== this.#clears) return undefined;
    this.#opened.add(`${wrapped.kind} ${wrapped.name}`);
    return Uint8Array.from(key);
  }

  /** Whether one of its wrapped keys was opened since the last lock. */
  hasOpened({ kind, name }: KeyName): boolean {
    return this.#opened.has(`${kind} ${name}`);
  }

  forgetFaults(): void {
    this.#faults.clear();
  }

  /** Forgets everything; what is on its way is not remembered either. */
  clear(): void {
    this.#clears++;
    for (const found of this.#found.values()) found.then((key) => key && wipe(key)).catch(() => undefined);
    this.#found.clear();
    this.#faults.clear();
    this.#opened.clear();
  }

  #begin(id: string, asked: Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
    const begun = this.#clears;
    const [oldest] = this.#found.keys();
    if (this.#found.size >= most && oldest !== undefined) this.#found.delete(oldest);
    const found = asked.catch((error) => {
      if (begun === this.#clears) {
        this.#found.delete(id);
        if (error instanceof LockstepError) this.#faults.set(id, error);
      }
      throw error;
    });
    this.#found.set(id, found);
    return found;
  }
}
