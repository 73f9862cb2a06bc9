import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { addKey, generateKey } from './add.ts';
import { copyKey, removeKey, resetKey } from './change.ts';

/** The named encryption keys of an encrypted file: code encrypts data with them, and finds them by name. */
export function register(services: Services): Feature {
  return {
    commands: {
      [commands.addEncryptionKey]: (...ids) => addKey(services, ids),
      [commands.generateEncryptionKey]: (...ids) => generateKey(services, ids),
      [commands.resetEncryptionKey]: (...ids) => resetKey(services, ids),
      [commands.removeEncryptionKey]: (...ids) => removeKey(services, ids),
      [commands.copyEncryptionKey]: (...ids) => copyKey(services, ids),
    },
    disposable: new vscode.Disposable(() => undefined),
  };
}
