import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { decryptSelection } from './decrypt.ts';
import { encryptSelection } from './encrypt.ts';
import { decryptSelectionWithKey, encryptSelectionWithKey } from './withkey.ts';

/** A single value in any text editor, as other systems encrypt it. */
export function register(services: Services): Feature {
  return {
    commands: {
      [commands.encryptSelection]: () => encryptSelection(services),
      [commands.decryptSelection]: () => decryptSelection(services),
      [commands.encryptWithKey]: () => encryptSelectionWithKey(services),
      [commands.decryptWithKey]: () => decryptSelectionWithKey(services),
    },
    disposable: new vscode.Disposable(() => undefined),
  };
}
