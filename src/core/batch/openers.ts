import type { Keyring } from '../keys/keyring.ts';
import type { Opener } from '../keys/opener.ts';

/**
 * A keyring whose openers are fetched once and kept for all that is done with one file, where each use would fetch and wipe them.
 * Whoever has it disposes of it; until then a lock is not noticed here.
 */
export function keptOpeners(keyring: Keyring): Keyring & { dispose(): void } {
  let found: Promise<readonly Opener[]> | undefined;
  let all: readonly Opener[] = [];
  const fetch = async () => {
    all = await keyring.openers();
    return all.map(({ dispose: _, ...opener }) => opener);
  };
  return {
    openers: () => {
      found ??= fetch();
      return found;
    },
    asked: (wanted) => keyring.asked?.(wanted) ?? none(),
    asleep: async (recipients) => (await keyring.asleep?.(recipients)) ?? false,
    dispose() {
      for (const opener of all) opener.dispose?.();
    },
  };
}

async function* none(): AsyncGenerator<Opener> {}
