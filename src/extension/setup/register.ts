import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { offerSetUp } from './offer.ts';
import { setUp } from './wizard.ts';

/** From nothing to encrypted files. */
export function register(services: Services): Feature {
  return {
    commands: { [commands.setUp]: (step) => setUp(services, step) },
    disposable: offerSetUp(services),
  };
}
