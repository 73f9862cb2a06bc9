import { dirname } from 'node:path';
import { LockstepError } from '../../core/errors.ts';
import { managers } from '../../core/managers/kinds.ts';
import { managersFor } from '../../node/managers/fetch.ts';
import { endingSignals } from '../../node/spawn.ts';
import type { Call } from '../call.ts';
import { AboutFile } from '../failure.ts';
import type { Given } from './sources.ts';

/** A value as a program gets it, and who had it where that was another manager. */
interface Fetched extends Given {
  readonly manager: string | undefined;
}

/**
 * The same values, with the secrets of other managers in place of references to them. A signal ends the programs that are asked. Throws AboutFile
 * with MANAGER for the first that does not come.
 */
export async function fetchGiven({ io }: Call, given: readonly Given[]): Promise<Fetched[]> {
  const stop = new AbortController();
  const unhear = io.onSignals(endingSignals, (signal) => {
    stop.abort();
    unhear();
    io.endBy(signal);
  });
  try {
    const folders = new Set([io.cwd, ...given.map(({ from }) => dirname(from.path))]);
    const found = await managersFor(io).fetch(given, [...folders], stop.signal);
    return given.map((one, i) => {
      const { value = one.value, manager } = found[i] ?? {};
      return { ...one, value, manager: manager && managers[manager].name };
    });
  } catch (error) {
    throw error instanceof LockstepError ? about(error, given) : error;
  } finally {
    unhear();
  }
}

/** With the file of the entry that it is about. */
function about(error: LockstepError, given: readonly Given[]): Error {
  const { path } = error.place;
  const one = path && given.find((some) => some.path === path);
  return one ? new AboutFile(one.from.label, error) : error;
}

/** How the access log names a value. */
export const recordedName = ({ name, manager }: Fetched): string => (manager ? `${name} from ${manager}` : name);
