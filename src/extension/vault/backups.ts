import * as vscode from 'vscode';
import type { BackUps, Vault } from '../services.ts';

/** In the global state: of which keys there is a backup, and since when. Public keys and times, nothing else. */
const stateKey = 'lockstep.backedUp';

export function createBackUps(
  state: vscode.Memento,
  vault: Pick<Vault, 'keys' | 'onDidChange'>,
): BackUps & vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const listener = vault.onDidChange(() => changed.fire());
  const known = (): object => {
    const found: unknown = state.get(stateKey);
    return typeof found === 'object' && found !== null ? found : {};
  };
  return {
    missing: async () => (await vault.keys()).filter(({ recipient }) => !Object.hasOwn(known(), recipient)),
    async note(recipients, at) {
      await state.update(stateKey, {
        ...known(),
        ...Object.fromEntries(recipients.map((one) => [one, at.toISOString()])),
      });
      changed.fire();
    },
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(listener, changed).dispose(),
  };
}
