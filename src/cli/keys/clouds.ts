import { useOthers } from '../../core/keys/others.ts';
import type { KeyServices } from '../../core/platform/keyservices.ts';
import { serviceKinds } from '../../core/sops/kinds.ts';
import { keyServices, namedIn } from '../../node/keyservice/services.ts';
import type { Flags } from '../flags.ts';
import type { Io } from '../io.ts';

/** How Go spells that something is not so. */
const untruths = /^(?:0|f|false)$/i;

/**
 * Lets this run use keys of clouds and of Vault: by the key services that its flags and its environment name, then by the user's own sops, which
 * ends with this process, or when what comes back is told to stop. It is started when the first of them is wanted, and not where SOPS_ENABLE_LOCAL_KEYSERVICE says so.
 */
export function useKeyServices({ env, home, platform }: Io, flags: Flags): KeyServices {
  const known = keyServices(env, home, platform);
  const services = [...flags.list('keyservice').flatMap(namedIn), ...known.named];
  const { SOPS_ENABLE_LOCAL_KEYSERVICE: said } = env;
  const own = said === undefined || !untruths.test(said);
  useOthers(serviceKinds, () => known.keys({ services, own }));
  return known;
}
