import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { backUpKeys } from './backup.ts';
import { addRecoveryKey } from './recovery.ts';
import { remind } from './remind.ts';
import { restoreKeys } from './restore.ts';

/** The keys out under a pass phrase, and back. */
export function register(services: Services): Feature {
  return {
    commands: {
      [commands.backUpKey]: () => backUpKeys(services),
      [commands.restoreKeys]: () => restoreKeys(services),
      [commands.addRecoveryKey]: () => addRecoveryKey(services),
    },
    disposable: remind(services),
  };
}
