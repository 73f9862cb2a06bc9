import * as vscode from 'vscode';
import { generateIdentity, parseIdentities, recipientOf, sealIdentityFile } from '../../core/age/identity.ts';
import { LockstepError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { visible } from '../../core/tree/path.ts';
import type { KeyInfo, Vault } from '../services.ts';
import { SecretList, type StoredKey, secretKey } from './store.ts';

const infoOf = ({ label, recipient, created }: StoredKey): KeyInfo => ({ label, recipient, created });

/** Labels stand in comments of key files and on screens: one line, nothing invisible. */
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

  const add = async (identity: string, label: string): Promise<KeyInfo> => {
    const [parsed, ...more] = parseIdentities(identity);
    if (parsed === undefined || more.length > 0) throw new LockstepError('BAD_IDENTITY');
    const recipient = await recipientOf(parsed);
    const key: StoredKey = {
      label: cleanLabel(label),
      identity: parsed,
      recipient,
      created: clock.now().toISOString(),
    };
    const keys = await list.put(key);
    return infoOf(keys.find((one) => one.recipient === recipient) ?? key);
  };

  return {
    get locked() {
      return locked;
    },
    keys: async () => (await list.read()).map(infoOf),
    keyring: {
      entries: async () => {
        if (locked) return [];
        const keys = await list.read();
        // A lock that came while the list was on its way counts.
        if (locked) return [];
        return keys.map(({ label, recipient, identity }) => ({ label, recipient, identity, source: 'SecretStorage' }));
      },
    },
    create: async (label) => add(await generateIdentity(), label),
    add,
    rename: async (recipient, label) => list.rename(recipient, cleanLabel(label)),
    remove: async (recipient) => list.remove(recipient),
    backUp: async (passphrase) => {
      if (locked) throw new LockstepError('NO_IDENTITY', { what: 'locked' });
      const keys = await list.read();
      if (keys.length === 0) throw new LockstepError('NO_IDENTITY');
      return sealIdentityFile(keyFileText(keys), passphrase, workFactor);
    },
    lock: () => setLocked(true),
    unlock: () => setLocked(false),
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(listener, changed).dispose(),
  };
}

/** age-keygen's form, with the label as one more comment. */
function keyFileText(keys: readonly StoredKey[]): string {
  return keys
    .map((key) => `# ${key.label}\n# created: ${key.created}\n# public key: ${key.recipient}\n${key.identity}\n`)
    .join('\n');
}
