import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { Screen } from './screen.ts';
import { revealValue } from './showing.ts';

/** Masks on every visible editor, and the timed reveal of one value. */
export function register(services: Services): Feature {
  const screen = new Screen(services);
  return {
    commands: {
      [commands.revealValue]: (...ids) => revealValue(services, screen, ids),
      [commands.hideValues]: async () => screen.hide(),
    },
    disposable: screen,
  };
}
