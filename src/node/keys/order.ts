import type { Environment } from '../../core/env/environment.ts';
import type { KeyPlace } from '../../core/platform/keyplaces.ts';

/** The variable that pins where keys come from. */
export const keysVariable = 'LOCKSTEP_KEYS';

/**
 * Where keys come from, by the names that a person pins them with. Without that this is their order, too. `gpg` has PGP keys, `keyservice` those
 * of clouds and of Vault.
 */
export const keyWays = ['environment', 'files', 'programs', 'agent', 'gpg', 'keyservice'] as const;
export type KeyWay = (typeof keyWays)[number];

/** The ways that LOCKSTEP_KEYS names, in its order; `unknown` is a word in it that is none. Undefined where it names nothing. */
export function pinnedWays(
  env: Environment,
): { readonly ways: readonly KeyWay[]; readonly unknown?: string } | undefined {
  const words = (env[keysVariable] ?? '').split(',').map((word) => word.trim());
  if (words.every((word) => word === '')) return undefined;
  const ways = words.flatMap((word) => keyWays.filter((way) => way === word));
  const unknown = words.find((word) => word !== '' && !keyWays.some((way) => way === word));
  return { ways: [...new Set(ways)], ...(unknown !== undefined && { unknown }) };
}

/** The way by which a place gives its keys. */
export function wayOf({ from }: Pick<KeyPlace, 'from'>): KeyWay {
  if ('command' in from) return 'programs';
  return 'text' in from ? 'environment' : 'files';
}

/** Whether a way costs nothing: nobody is asked, and no program is started. */
export const isAtHand = (way: KeyWay): boolean => way === 'environment' || way === 'files';
