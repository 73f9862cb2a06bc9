import { wipe } from '../bytes.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Opener } from '../keys/opener.ts';

/**
 * A keyring whose openers are fetched once and kept for all that is done with one file, where each use would fetch and wipe them. A
 * wrapped key that stays in the file is unwrapped once. Whoever has it disposes of it; until then a lock is not noticed here.
 */
export function keptOpeners(keyring: Keyring): Keyring & { dispose(): void } {
  const unwrapped = new Map<string, Uint8Array>();
  let all: readonly Opener[] = [];
  let found: Promise<readonly Opener[]> | undefined;
  const kept = (opener: Opener): Opener => ({
    kind: opener.kind,
    label: opener.label,
    recipient: opener.recipient,
    source: opener.source,
    async unwrap(wrapped) {
      const id = `${opener.recipient} ${wrapped.enc}`;
      const raw = unwrapped.get(id) ?? (await opener.unwrap(wrapped));
      if (!raw) return undefined;
      unwrapped.set(id, raw);
      return Uint8Array.from(raw);
    },
  });
  const fetch = async () => {
    all = await keyring.openers();
    return all.map(kept);
  };
  return {
    openers: () => {
      found ??= fetch();
      return found;
    },
    asked: (wanted) => keyring.asked?.(wanted) ?? none(),
    asleep: async (recipients) => (await keyring.asleep?.(recipients)) ?? false,
    dispose() {
      for (const raw of unwrapped.values()) wipe(raw);
      for (const opener of all) opener.dispose?.();
    },
  };
}

async function* none(): AsyncGenerator<Opener> {}
