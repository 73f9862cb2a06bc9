import type { Feature, Services } from '../services.ts';
import { DebugSecrets } from './debugging.ts';

/** Secrets for the programs of debug sessions. What VS Code asks comes by `lazy.ts`. */
export function register(services: Services): Feature {
  const debugging = new DebugSecrets(services);
  return { commands: {}, disposable: debugging, debugging };
}
