import * as vscode from 'vscode';
import { PrivateKey } from '../../core/age/private/privatekey.ts';
import { LockstepError, Refusal } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { visible } from '../../core/tree/path.ts';
import type { KeyInfo, Vault } from '../services.ts';
import { backUpFile, openersOf, storedKey } from './privatekeys.ts';
import { SecretList, type StoredKey, secretKey } from './store.ts';

const infoOf = ({ label, recipient, created }: StoredKey): KeyInfo => ({ label, recipient, created });

/** Labels are shown, and written as comments in key files: one line, nothing invisible. */
const cleanLabel = (label: string) => visible(label.trim()).slice(0, 100);

/**
 * The vault over VS Code's SecretStorage. Whether it is locked is known in this window's memory only. `workFactor` is
 * scrypt's, for backups; age's own unless a test is in a hurry.
 */
export function createVault(
  secrets: vscode.SecretStorage,
  clock: Clock,
  workFactor?: number,
): Vault & vscode.Disposable {
  const list = new SecretList(secrets);
  const changed = new vscode.EventEmitter<void>();
  const listener = secrets.onDidChange((event) => {
    if (event.key === secretKey) changed.fire();
  });
  let locked = false;

  const setLocked = (value: boolean) => {
    if (locked === value) return;
    locked = value;
    changed.fire();
  };

  const add = async (key: PrivateKey, label: string): Promise<KeyInfo> => {
    const stored = await storedKey(key, cleanLabel(label), clock.now().toISOString());
    key.wipe();
    const keys = await list.put(stored);
    return infoOf(keys.find((one) => one.recipient === stored.recipient) ?? stored);
  };

  return {
    get locked() {
      return locked;
    },
    keys: async () => (await list.read()).map(infoOf),
    keyring: {
      openers: async () => {
        if (locked) return [];
        const keys = await list.read();
        // A lock that came while the list was on its way counts.
        if (locked) return [];
        return openersOf(keys);
      },
    },
    create: async (label) => add(PrivateKey.generate(), label),
    add,
    rename: async (recipient, label) => list.rename(recipient, cleanLabel(label)),
    remove: async (recipient) => list.remove(recipient),
    backUp: async (passphrase) => {
      if (locked) throw new Refusal('LOCKED');
      const keys = await list.read();
      if (keys.length === 0) throw new LockstepError('NO_IDENTITY');
      return backUpFile(keys, passphrase, workFactor);
    },
    lock: () => setLocked(true),
    unlock: () => setLocked(false),
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(listener, changed).dispose(),
  };
}
