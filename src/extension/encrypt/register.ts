import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { decryptFile } from './decrypt.ts';
import { encryptFiles } from './encrypt.ts';
import { showExposed } from './exposed.ts';
import { showExposedList } from './exposedview.ts';

/** A file becomes an encrypted one, or a plain one again. */
export function register(services: Services): Feature {
  return {
    commands: {
      [commands.encryptFile]: (...ids) => encryptFiles(services, ids),
      [commands.decryptFile]: (...ids) => decryptFile(services, ids),
      [commands.showExposed]: (...ids) => showExposed(services, ids),
    },
    disposable: showExposedList(services),
  };
}
