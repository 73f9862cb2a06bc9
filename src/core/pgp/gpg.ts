import { fromUtf8, tryUtf8, utf8, wipe } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Opener } from '../keys/opener.ts';
import type { KeyName, WrappedKey } from '../sops/masterkey.ts';
import { keysOfListing } from './listing.ts';
import { keyIdsOf } from './message.ts';
import { hasId, isNamed, isPgpName, type PgpKey } from './name.ts';
import { GpgStatus } from './status.ts';

/** What came of a run of gpg. */
export interface GpgRun {
  /** Its standard output, the caller's to wipe. */
  readonly output: Uint8Array;
  /** Its standard error, with the status lines. */
  readonly told: string;
  /** It ended with 0. */
  readonly ok: boolean;
}

/**
 * Runs the user's gpg. No shell, no key in its arguments. @param waits a person may have to type a pass phrase meanwhile
 * Throws PGP: `missing`, `silent` when it takes too long, `cancelled` when nobody waits for it any more.
 */
export type RunGpg = (args: readonly string[], input: Uint8Array, waits: boolean) => Promise<GpgRun>;

/** The user's gpg, where programs can be started. */
export interface GpgProgram {
  /** Whether it is installed. */
  isThere(): boolean;
  readonly run: RunGpg;
  /** Ends what runs now: nobody waits for it any more. */
  stop(): void;
}

/** gpg never asks on a terminal by itself; the agent's pinentry still asks for pass phrases, as for sops. */
const always = ['--batch', '--no-tty', '--status-fd', '2'];

/** The PGP keys of the user, by way of gpg: no private key leaves its agent. */
export class Gpg {
  readonly #run: RunGpg;

  constructor(run: RunGpg) {
    this.#run = run;
  }

  /**
   * Openers for wrapped keys, one for each secret key that gpg has, or has on a card: those that are named first, under the name that the
   * file has for them, which is compared with gpg's own list. A key of the file that none of them opens gets one that throws PGP (`no-secret`).
   * @param ask a pass phrase may be asked for; without it such a key throws PGP (`asleep`). Throws as `RunGpg`, PGP (`failed`).
   */
  async openers(wanted: readonly WrappedKey[], ask: boolean): Promise<Opener[]> {
    const own = wanted.filter(({ kind }) => kind === 'pgp');
    const ids = new Map(own.map(({ enc }) => [enc, keyIdsOf(enc) ?? []]));
    const isFor = (key: PgpKey, { enc }: WrappedKey) =>
      (ids.get(enc) ?? []).some((id) => isHidden(id) || hasKeyId(key, id));
    const all = [...ids.values()].some((some) => some.length > 0) ? await this.#list(['--list-secret-keys']) : [];
    const keys = all.filter((key) => own.some((one) => isFor(key, one)));
    const named = (key: PgpKey) => [...new Set(own.map(({ name }) => name).filter((name) => isNamed(key, name)))];
    const under = (key: PgpKey, names: readonly string[]) => names.map((name) => this.#opener(key, name, ask));
    const lost = own.filter((one) => !keys.some((key) => isFor(key, one)));
    return [
      ...keys.flatMap((key) => under(key, named(key))),
      ...keys.flatMap((key) => (named(key).includes(key.fingerprint) ? [] : under(key, [key.fingerprint]))),
      ...lost.map(noneFor),
    ];
  }

  #opener(key: PgpKey, recipient: string, ask: boolean): Opener {
    return {
      kind: 'pgp',
      label: recipient,
      recipient,
      source: { kind: 'program', name: 'gpg' },
      unwrap: async ({ enc, name }) => {
        // Each key opens an entry once, under the name that it has there.
        if (name !== recipient && isNamed(key, name)) return undefined;
        const ids = keyIdsOf(enc);
        if (!ids) throw new LockstepError('BAD_DATA_KEY');
        return ids.some((id) => isHidden(id) || hasKeyId(key, id)) ? this.#decrypt(key, enc, ask) : undefined;
      },
    };
  }

  async #decrypt(key: PgpKey, enc: string, ask: boolean): Promise<Uint8Array | undefined> {
    const quiet = ask ? [] : ['--pinentry-mode', 'error'];
    const { output, told, ok } = await this.#run([...always, ...quiet, '-d'], utf8(enc), ask);
    const status = new GpgStatus(told);
    const by = status.openedBy();
    const refused = (error: LockstepError | undefined) => {
      wipe(output);
      if (error) throw error;
      return undefined;
    };
    if (!ok || !status.said('DECRYPTION_OKAY')) {
      const fault = status.fault();
      if (fault === 'failed' && status.said('NO_SECKEY')) return refused(undefined);
      return refused(new LockstepError('PGP', { what: fault === 'pinentry' && !ask ? 'asleep' : fault }));
    }
    // Another of the user's keys opened it: not this one's. What it is, that one's opener says.
    if (by && by.primary !== key.fingerprint) return refused(undefined);
    // GnuPG drops packets that it does not know, and ends with 0.
    if (output.length !== 32 && output.length !== 33) return refused(new LockstepError('BAD_DATA_KEY'));
    return output;
  }

  /**
   * The `enc` of an entry for a key: what sops writes, without a line break at the end. Throws PGP as `RunGpg` and `requireUsable`, and
   * `other-key` when gpg encrypted for another key, or for one more.
   */
  async wrap(dataKey: Uint8Array, { name }: KeyName): Promise<string> {
    const key = await this.#usable(name);
    const bare = name.replace(/^0x/i, '');
    const short = bare.slice(-(bare.endsWith('!') ? 17 : 16));
    const args = [
      '--no-default-recipient',
      '--yes',
      '--encrypt',
      '-a',
      '-r',
      bare,
      '--trusted-key',
      short,
      '--no-encrypt-to',
    ];
    const { output, told, ok } = await this.#run([...always, ...args], dataKey, false);
    if (!ok) throw new LockstepError('PGP', { what: new GpgStatus(told).fault() });
    const enc = (tryUtf8(output) ?? '').trim();
    const ids = keyIdsOf(enc);
    if (!ids) throw new LockstepError('PGP', { what: 'failed' });
    const [id = ''] = ids;
    if (ids.length !== 1 || !(isHidden(id) || hasKeyId(key, id))) throw new LockstepError('PGP', { what: 'other-key' });
    return enc;
  }

  /**
   * Whether data keys can be wrapped for these keys, without wrapping any. Throws PGP: `name` for a text that is no fingerprint, `no-public`,
   * `several`, `expired`, `revoked`, `disabled`, `sign-only`; as `RunGpg`.
   */
  async requireUsable(keys: readonly KeyName[]): Promise<void> {
    for (const { name } of keys) await this.#usable(name);
  }

  /** Those of these keys that are the user's own: gpg has the secret half, or knows the card that does. Throws as `RunGpg`. */
  async own(keys: readonly KeyName[]): Promise<KeyName[]> {
    if (!keys.some(({ name }) => isPgpName(name))) return [];
    const all = await this.#list(['--list-secret-keys']);
    return keys.filter(({ name }) => all.some((key) => isNamed(key, name)));
  }

  async #usable(name: string): Promise<PgpKey> {
    if (!isPgpName(name)) throw new LockstepError('PGP', { what: 'name' });
    const found = (await this.#list(['--list-keys', '--', name])).filter((key) => isNamed(key, name));
    const [key] = found;
    if (!key) throw new LockstepError('PGP', { what: 'no-public', key: name });
    if (found.length > 1) throw new LockstepError('PGP', { what: 'several', key: name });
    const fault = faultOf(key);
    if (fault) throw new LockstepError('PGP', { what: fault, key: name });
    return key;
  }

  async #list(args: readonly string[]): Promise<PgpKey[]> {
    const { output, told, ok } = await this.#run([...always, '--with-colons', ...args], new Uint8Array(), false);
    const keys = keysOfListing(fromUtf8(output));
    // It ends with 2 where no key has the name, and where it has no key at all.
    if (!ok && keys.length === 0 && !/ (?:keylist\.getkey|keydb_search) /.test(told)) return [];
    return keys;
  }
}

/** A key that cannot be encrypted for, and why. */
function faultOf({ validity, capabilities }: PgpKey): 'expired' | 'revoked' | 'disabled' | 'sign-only' | undefined {
  if (validity === 'e') return 'expired';
  if (validity === 'r') return 'revoked';
  if (validity === 'd' || validity === 'i' || capabilities.includes('D')) return 'disabled';
  return capabilities.includes('E') ? undefined : 'sign-only';
}

/** Says that gpg has no secret key for a wrapped key. */
const noneFor = ({ name, enc }: WrappedKey): Opener => ({
  ...{ kind: 'pgp', label: name, recipient: name, source: { kind: 'program', name: 'gpg' } },
  unwrap: async (one) => {
    if (one.enc === enc) throw new LockstepError('PGP', { what: 'no-secret' });
    return undefined;
  },
});

const isHidden = (id: string) => /^0+$/.test(id);
const hasKeyId = ({ parts }: PgpKey, id: string) => parts.some(({ fingerprint }) => hasId(fingerprint, id));
