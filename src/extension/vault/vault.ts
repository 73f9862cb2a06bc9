import * as vscode from 'vscode';
import { PrivateKey } from '../../core/age/private/privatekey.ts';
import { sameRecipient } from '../../core/age/sshkey.ts';
import { LockstepError, Refusal } from '../../core/errors.ts';
import { otherOpeners } from '../../core/keys/others.ts';
import type { Clock } from '../../core/ports.ts';
import type { WrappedKey } from '../../core/sops/masterkey.ts';
import { visible } from '../../core/tree/path.ts';
import type { KeyInfo, Vault } from '../services.ts';
import { Awake } from './awake.ts';
import { usableFor } from './places.ts';
import { PluginMemory } from './plugins.ts';
import {
  backUpFile,
  isWhole,
  isWrapped,
  keyFileOf,
  openedBy,
  openersOf,
  privateKeyOf,
  storedKey,
  unwrapped,
  wrapped,
} from './privatekeys.ts';
import { SecretList, type StoredKey, secretKey } from './store.ts';

/** Labels are shown, and written as comments in key files: one line, nothing invisible. */
const cleanLabel = (label: string) => visible(label.trim()).slice(0, 100);

/**
 * The vault over VS Code's SecretStorage. Whether it is locked, and which keys were opened by a pass phrase, is known in this window's
 * memory only. `workFactor` is scrypt's; age's own unless a test is in a hurry.
 */
export function createVault(
  secrets: vscode.SecretStorage,
  clock: Clock,
  workFactor?: number,
): Vault & vscode.Disposable {
  return new SecretVault(secrets, clock, workFactor);
}

class SecretVault implements Vault, vscode.Disposable {
  readonly #list: SecretList;
  readonly #clock: Clock;
  readonly #workFactor: number | undefined;
  readonly #awake = new Awake();
  readonly #plugins = new PluginMemory();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listener: vscode.Disposable;
  readonly onDidChange = this.#changed.event;
  #locked = false;
  /** Counts locks: what was begun before one must not end as if there had been none. */
  #locks = 0;

  constructor(secrets: vscode.SecretStorage, clock: Clock, workFactor: number | undefined) {
    this.#list = new SecretList(secrets);
    this.#clock = clock;
    this.#workFactor = workFactor;
    this.#listener = secrets.onDidChange((event) => {
      if (event.key === secretKey) void this.#storedChanged();
    });
  }

  get locked(): boolean {
    return this.#locked;
  }

  async keys(): Promise<readonly KeyInfo[]> {
    return (await this.#list.read()).map((stored) => this.#infoOf(stored));
  }

  async keysIn(file: vscode.Uri): Promise<readonly KeyInfo[]> {
    return (await usableFor(await this.#list.read(), file)).map((stored) => this.#infoOf(stored));
  }

  keysFor(file: vscode.Uri) {
    const vault = this;
    return {
      get locked() {
        return vault.#locked;
      },
      keyring: {
        openers: async () => openersOf(await vault.#usable(file), vault.#awake),
        async *asked(wanted: readonly WrappedKey[]) {
          for (const opener of openersOf(await vault.#usable(file), vault.#awake, true))
            yield vault.#plugins.remembering(opener);
          if (!vault.#locked) yield* otherOpeners(wanted);
        },
        asleep: async (recipients: readonly string[]) =>
          (await vault.#usable(file)).some(
            (stored) =>
              vault.#isAsleep(stored) && recipients.some((recipient) => sameRecipient(recipient, stored.recipient)),
          ),
      },
    };
  }

  isDamaged(): Promise<boolean> {
    return this.#list.isDamaged();
  }

  hasAside(): Promise<boolean> {
    return this.#list.hasAside();
  }

  forgetAside(): Promise<void> {
    return this.#list.forgetAside();
  }

  async create(label: string, { kind, place }: Parameters<Vault['create']>[1] = {}): Promise<KeyInfo> {
    const key = PrivateKey.generate(kind);
    return this.#put(key, label, place ? { places: [place] } : {});
  }

  add(key: PrivateKey, label: string): Promise<KeyInfo> {
    return this.#put(key, label, {});
  }

  rename(recipient: string, label: string): Promise<void> {
    return this.#list.update(recipient, (key) => ({ ...key, label: cleanLabel(label) }));
  }

  remove(recipient: string): Promise<void> {
    return this.#list.remove(recipient);
  }

  offer(recipient: string | undefined): Promise<void> {
    return this.#list.offer(recipient);
  }

  bind(recipient: string, places: Parameters<Vault['bind']>[1]): Promise<void> {
    return this.#list.update(recipient, ({ places: _, ...key }) => (places ? { ...key, places } : key));
  }

  async wake(recipient: string, passphrase: string): Promise<void> {
    const begun = this.#locks;
    const stored = await this.#stored(recipient);
    if (isWrapped(stored)) {
      const key = await openedBy(stored, passphrase);
      if (begun !== this.#locks) {
        key.wipe();
        throw new Refusal('LOCKED');
      }
      this.#awake.keep(stored, key);
    }
    this.#locked = false;
    this.#changed.fire();
  }

  async wrap(recipient: string, passphrase: string | undefined): Promise<void> {
    const begun = this.#locks;
    const stored = await this.#stored(recipient);
    const held = this.#awake.of(stored);
    const key = held ?? privateKeyOf(stored);
    if (this.#locked || !key) throw new Refusal('LOCKED');
    try {
      if (passphrase === undefined) return await this.#replace(recipient, unwrapped(stored, key));
      const next = await wrapped(stored, key, passphrase, this.#workFactor);
      // It takes the place of the only copy, so it is opened once before. Nobody is asked for what they just said.
      const again = await openedBy(next, passphrase);
      if (begun === this.#locks) this.#awake.keep(next, again);
      else again.wipe();
      await this.#replace(recipient, next);
    } finally {
      if (!held) key.wipe();
    }
  }

  #replace(recipient: string, { identity }: StoredKey): Promise<void> {
    return this.#list.update(recipient, (now) => ({ ...now, identity }));
  }

  async backUp(passphrase: string): Promise<string> {
    return backUpFile(await this.#keyFile(), passphrase, this.#workFactor);
  }

  async backUpNew(label: string, passphrase: string) {
    const key = PrivateKey.generate();
    const stored = await storedKey(key, cleanLabel(label), this.#clock.now().toISOString());
    key.wipe();
    const text = keyFileOf([stored], this.#awake) ?? '';
    return { key: this.#infoOf(stored), armored: await backUpFile(text, passphrase, this.#workFactor) };
  }

  exportKey(recipient: string): Promise<string> {
    return this.#keyFile(recipient);
  }

  pluginFault(recipient: string): LockstepError | undefined {
    return this.#plugins.faultOf(recipient);
  }

  tryPluginsAgain(): void {
    this.#plugins.clear();
    this.#changed.fire();
  }

  renew(): void {
    this.#changed.fire();
  }

  lock(): void {
    this.#locks++;
    this.#awake.clear();
    this.#plugins.clear();
    if (this.#locked) return;
    this.#locked = true;
    this.#changed.fire();
  }

  unlock(): void {
    if (!this.#locked) return;
    this.#locked = false;
    this.#changed.fire();
  }

  dispose(): void {
    this.#locks++;
    this.#locked = true;
    this.#awake.clear();
    this.#plugins.clear();
    vscode.Disposable.from(this.#listener, this.#changed).dispose();
  }

  async #storedChanged(): Promise<void> {
    this.#plugins.clear();
    this.#awake.sweep(await this.#list.read());
    this.#changed.fire();
  }

  async #put(key: PrivateKey, label: string, about: Pick<StoredKey, 'places'>): Promise<KeyInfo> {
    const stored = { ...(await storedKey(key, cleanLabel(label), this.#clock.now().toISOString())), ...about };
    key.wipe();
    // One whose pass phrase was forgotten, or that is damaged, comes back from a backup.
    const keys = await this.#list.put(
      stored,
      (there) => (!isWrapped(there) && isWhole(there)) || this.#awake.of(there) !== undefined,
    );
    return this.#infoOf(keys.find((one) => one.recipient === stored.recipient) ?? stored);
  }

  async #stored(recipient: string): Promise<StoredKey> {
    const found = (await this.#list.read()).find((one) => one.recipient === recipient);
    if (!found) throw new LockstepError('NO_IDENTITY');
    return found;
  }

  /** The keys that may be used for a file; a lock that comes while they are on their way counts. */
  async #usable(file: vscode.Uri): Promise<readonly StoredKey[]> {
    if (this.#locked) return [];
    const keys = await usableFor(await this.#list.read(), file);
    return this.#locked ? [] : keys;
  }

  /** The text of a key file: of one key, or of all. */
  async #keyFile(recipient?: string): Promise<string> {
    if (this.#locked) throw new Refusal('LOCKED');
    const keys = await this.#list.read();
    const wanted = recipient === undefined ? keys : keys.filter((one) => one.recipient === recipient);
    if (wanted.length === 0) throw new LockstepError('NO_IDENTITY');
    const text = this.#locked ? undefined : keyFileOf(wanted, this.#awake);
    if (text === undefined) throw new Refusal('LOCKED');
    return text;
  }

  #isAsleep(stored: StoredKey): boolean {
    return isWrapped(stored) && (this.#locked || !this.#awake.of(stored));
  }

  #infoOf(stored: StoredKey): KeyInfo {
    const { label, recipient, created, places, forNew = false } = stored;
    const about = { label, recipient, created, forNew, wrapped: isWrapped(stored), asleep: this.#isAsleep(stored) };
    return places ? { ...about, places } : about;
  }
}
