import type { Environment } from '../../core/env/environment.ts';
import type { KeyServices } from '../../core/platform/keyservices.ts';
import { serviceKeys } from './client.ts';
import { OwnService } from './own.ts';
import { sopsOnPath } from './usersops.ts';

/** Key services of this machine: those that the user named first, then the user's own sops. */
export function keyServices(env: Environment, home: string, platform: NodeJS.Platform, wait?: number): KeyServices {
  const place = { env, home, platform };
  const own = new OwnService(place);
  return {
    named: namedIn(env.SOPS_KEYSERVICE),
    keys(how, signal) {
      const services = how.services.map((uri) => ({ uri: async () => uri }));
      const mayStart = how.own && sopsOnPath(place) !== undefined;
      if (services.length === 0 && !mayStart) return { lacks: 'program' };
      return serviceKeys(mayStart ? [...services, own] : services, signal, wait);
    },
    stop: () => own.stop(),
  };
}

/** A list as SOPS_KEYSERVICE has it. */
export const namedIn = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
