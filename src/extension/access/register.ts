import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { checkSoon } from './faults.ts';
import { showAccessLog } from './viewer.ts';

/**
 * The access log: who looked at what, shown, exported, and checked.
 * @param afterStart when it is checked, in milliseconds: nobody waits for that.
 */
export function register(services: Services, afterStart = 5_000): Feature {
  return {
    commands: { [commands.showAccessLog]: () => showAccessLog(services) },
    disposable: vscode.Disposable.from(checkSoon(services, afterStart), recordUnlocks(services)),
  };
}

/** Whatever unlocked: a command, the Secrets Editor, the menu. */
function recordUnlocks({ vault, access }: Services): vscode.Disposable {
  let { locked } = vault;
  return vault.onDidChange(() => {
    if (locked && !vault.locked) access.record({ purpose: 'unlock', by: 'VS Code' });
    ({ locked } = vault);
  });
}
