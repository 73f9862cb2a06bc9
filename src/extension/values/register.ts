import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { addSecret } from './add.ts';
import { copyValue } from './copy.ts';
import { deleteSecret, renameSecret } from './entry.ts';
import { moreActions } from './more.ts';
import { removeQuotes } from './quotes.ts';
import { updateReaders } from './readers.ts';
import { rotateDataKey } from './rotate.ts';
import { generateValue, setValue } from './set.ts';

/** What can be done with the entries of an encrypted file. */
export function register(services: Services): Feature {
  return {
    commands: {
      [commands.copyValue]: (...ids) => copyValue(services, ids),
      [commands.setValue]: (...ids) => setValue(services, ids),
      [commands.generateValue]: (...ids) => generateValue(services, ids),
      [commands.addSecret]: (...ids) => addSecret(services, ids),
      [commands.renameSecret]: (...ids) => renameSecret(services, ids),
      [commands.deleteSecret]: (...ids) => deleteSecret(services, ids),
      [commands.removeQuotes]: (...ids) => removeQuotes(services, ids),
      [commands.moreActions]: (...ids) => moreActions(services, ids),
      [commands.rotateDataKey]: (...ids) => rotateDataKey(services, ids),
      [commands.updateReaders]: (...ids) => updateReaders(services, ids),
    },
    disposable: new vscode.Disposable(() => undefined),
  };
}
