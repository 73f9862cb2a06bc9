import type { Keyring } from '../keys/keyring.ts';
import { Session } from '../session/session.ts';

/**
 * What some keys make of a file. `opens`: it decrypts, and its MAC holds. `damaged`: the keys open it, and a value or the MAC does
 * not hold. `shut`: the keys are not for it. `broken`: nobody's keys would open it as it is. `plain`: it is not encrypted.
 */
export type Reading = 'opens' | 'damaged' | 'shut' | 'broken' | 'plain';

/** Decrypts a file with the keys of a keyring alone, and lets go of it at once. @param path its name, with forward slashes */
export async function readingOf(path: string, text: string, keyring: Keyring): Promise<Reading> {
  const session = new Session({
    source: { path, version: 0, text: () => text },
    keys: { locked: false, keyring },
    rule: async () => undefined,
  });
  try {
    await session.ready();
    const { state } = session;
    if (state.kind === 'open') return 'opens';
    if (state.kind === 'damaged') return 'damaged';
    if (state.kind === 'unreadable') return 'shut';
    return state.kind === 'none' || state.kind === 'plain' ? 'plain' : 'broken';
  } finally {
    session.dispose();
  }
}
