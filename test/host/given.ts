// What every test of the Secrets Editor begins with.
import * as vscode from 'vscode';
import { cleanUp } from './editors.ts';
import { type Folder, sealedFolder, valuesOf } from './files.ts';
import { type Key, onlyKey } from './keys.ts';
import { closeSecrets } from './secrets.ts';
import { start } from './support.ts';

/** One key, and for each test of the `describe` that makes it a folder with an encrypted `.env`; every editor closes. */
export class Given {
  key!: Key;
  folder!: Folder;

  constructor() {
    before(async () => {
      await start();
      this.key = await onlyKey();
    });
    beforeEach(async () => {
      this.folder = await sealedFolder('A=canary-a\nB=canary-b\n', this.key);
    });
    afterEach(async () => {
      await closeSecrets();
      await cleanUp();
    });
  }

  /** The values of the `.env` on the disk. */
  onDisk() {
    return valuesOf('.env', this.folder.text('.env'), this.key);
  }
}

export const save = () => vscode.commands.executeCommand<void>('workbench.action.files.save');
