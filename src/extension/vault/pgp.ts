import * as vscode from 'vscode';
import { wipe } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Opener } from '../../core/keys/opener.ts';
import { type OtherKeys, useOthers } from '../../core/keys/others.ts';
import { Gpg, type GpgProgram } from '../../core/pgp/gpg.ts';
import type { WrappedKey } from '../../core/sops/masterkey.ts';
import type { Vault } from '../services.ts';

type Opening = Pick<Gpg, 'openers'>;

/** Wrapped keys at most that are remembered. */
const most = 200;
/** After so many milliseconds gpg is asked again for a key that it could not give. */
const again = 10_000;

/** What came of a wrapped key: the key and whose it is, why there is none, or undefined for "no key of the user's". */
type Found = { readonly key: Uint8Array; readonly recipient: string } | LockstepError | undefined;

/**
 * What gpg made of wrapped keys, until a lock: a file is looked at after each edit, and gpg is to run once. It asks nobody while a file
 * is only looked at: a key that needs its pass phrase sleeps until a person unlocks it.
 */
export class PgpMemory {
  readonly #found = new Map<string, Found>();
  /** When a key could not be had, which may have changed: a card is inserted, a key imported. */
  readonly #failed = new Map<string, number>();
  /** What is on its way: two editors of a file ask for the same. */
  readonly #running = new Map<string, Promise<void>>();
  readonly #now: () => number;
  #clears = 0;

  /** @param now milliseconds, of which only differences count */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Openers for wrapped keys, each for one of them. Their `unwrap` throws why there is no key. */
  async openers(gpg: Opening, wanted: readonly WrappedKey[]): Promise<Opener[]> {
    const own = wanted.filter(({ kind }) => kind === 'pgp');
    for (const one of own) if (!this.#isKnown(one.enc)) await this.#try(gpg, one, false);
    return own.flatMap((one) => this.#openerOf(one));
  }

  #isKnown(enc: string): boolean {
    const failed = this.#failed.get(enc);
    return this.#found.has(enc) && (failed === undefined || this.#now() - failed < again);
  }

  /** Whether one of these waits for its pass phrase. */
  isAsleep(wanted: readonly WrappedKey[]): boolean {
    return wanted.some(({ enc }) => isAsleep(this.#found.get(enc)));
  }

  /** Lets gpg ask for the pass phrase of those that wait for one, until one is open. Throws PGP when none is. */
  async wake(gpg: Opening, wanted: readonly WrappedKey[]): Promise<void> {
    let error: LockstepError | undefined;
    for (const one of wanted.filter(({ enc }) => isAsleep(this.#found.get(enc)))) {
      await this.#try(gpg, one, true);
      const found = this.#found.get(one.enc);
      if (!(found instanceof LockstepError)) return;
      error = found;
      // A person who gave up may be asked again.
      this.#keep(one.enc, new LockstepError('PGP', { what: 'asleep' }));
    }
    if (error) throw error;
  }

  /** Forgets everything; what is on its way is not remembered either. */
  clear(): void {
    this.#clears++;
    for (const found of this.#found.values()) if (found && 'key' in found) wipe(found.key);
    this.#found.clear();
    this.#failed.clear();
    this.#running.clear();
  }

  #try(gpg: Opening, wrapped: WrappedKey, ask: boolean): Promise<void> {
    const running = this.#running.get(wrapped.enc);
    if (running && !ask) return running;
    const begun = this.#clears;
    const done = resultOf(gpg, wrapped, ask).then((found) => {
      if (begun === this.#clears) {
        this.#running.delete(wrapped.enc);
        this.#keep(wrapped.enc, found);
      } else if (found && 'key' in found) wipe(found.key);
    });
    this.#running.set(wrapped.enc, done);
    return done;
  }

  #openerOf({ enc, name }: WrappedKey): Opener[] {
    const found = this.#found.get(enc);
    if (!found) return [];
    const recipient = 'key' in found ? found.recipient : name;
    const unwrap = async (wrapped: WrappedKey) => {
      if (wrapped.enc !== enc) return undefined;
      if (!('key' in found)) throw found;
      const now = this.#found.get(enc);
      return now && 'key' in now ? Uint8Array.from(now.key) : undefined;
    };
    return [{ kind: 'pgp', label: recipient, recipient, source: { kind: 'program', name: 'gpg' }, unwrap }];
  }

  #keep(enc: string, found: Found): void {
    const [oldest] = this.#found.keys();
    if (this.#found.size >= most && oldest !== undefined && !this.#found.has(enc)) {
      const gone = this.#found.get(oldest);
      if (gone && 'key' in gone) wipe(gone.key);
      this.#found.delete(oldest);
      this.#failed.delete(oldest);
    }
    this.#found.set(enc, found);
    if (found instanceof LockstepError && !isAsleep(found)) this.#failed.set(enc, this.#now());
    else this.#failed.delete(enc);
  }
}

const isAsleep = (found: Found) =>
  found instanceof LockstepError && found.code === 'PGP' && found.place.what === 'asleep';

/** Never throws what is ours. */
async function resultOf(gpg: Opening, wrapped: WrappedKey, ask: boolean): Promise<Found> {
  let error: LockstepError | undefined;
  try {
    for (const opener of await gpg.openers([wrapped], ask)) {
      try {
        const key = await opener.unwrap(wrapped);
        if (key) return { key, recipient: opener.recipient };
      } catch (thrown) {
        if (!(thrown instanceof LockstepError)) throw thrown;
        error = thrown;
      }
    }
    return error;
  } catch (thrown) {
    if (thrown instanceof LockstepError) return thrown;
    throw thrown;
  }
}

/** The PGP keys of the user's gpg in this window, where programs may be started: in no workspace that nobody trusts. */
export function usePgp(
  program: GpgProgram | undefined,
  vault: Pick<Vault, 'locked' | 'onDidChange'>,
): vscode.Disposable {
  const memory = new PgpMemory();
  const gpg = program && new Gpg(program.run);
  useOthers(['pgp'], () => {
    if (!program || !gpg) return { lacks: undefined };
    if (!vscode.workspace.isTrusted) return { lacks: 'trust' };
    return program.isThere() ? keysOf(gpg, memory) : { lacks: 'program' };
  });
  const forget = () => {
    memory.clear();
    program?.stop();
  };
  return vscode.Disposable.from(
    vault.onDidChange(() => vault.locked && forget()),
    new vscode.Disposable(forget),
  );
}

const keysOf = (gpg: Gpg, memory: PgpMemory): OtherKeys => ({
  openers: (wanted) => memory.openers(gpg, wanted),
  own: (keys) => gpg.own(keys),
  isAsleep: (wanted) => memory.isAsleep(wanted),
  wake: (wanted) => memory.wake(gpg, wanted),
  requireUsable: (keys) => gpg.requireUsable(keys),
  wrap: (dataKey, key) => gpg.wrap(dataKey, key),
});
