import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { createKey } from './create.ts';
import { importKey } from './import.ts';
import { manageKeys } from './manage.ts';
import { copyPublicKey } from './public.ts';
import { watchKeys } from './weak.ts';

/** The identities in SecretStorage: what comes in, and their public halves. */
export function register(services: Services): Feature {
  return {
    commands: {
      [commands.manageKeys]: () => manageKeys(services),
      [commands.createKey]: async () => void (await createKey(services)),
      [commands.importKey]: () => importKey(services),
      [commands.copyPublicKey]: () => copyPublicKey(services),
    },
    disposable: watchKeys(services),
  };
}
