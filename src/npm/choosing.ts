import { Failure } from '../cli/failure.ts';
import { type Given, givenFrom, withoutKeys } from '../cli/run/sources.ts';
import { keyNameOf } from '../core/enckeys/given.ts';
import { findKey } from '../core/enckeys/names.ts';
import { findSecret, lastOnes } from '../core/env/secretnames.ts';
import { LockstepError } from '../core/errors.ts';
import { showPath, visible } from '../core/tree/path.ts';
import type { Held } from './asking.ts';
import { SecretError } from './errors.ts';

/** The secret of a name, as `lockstep get` finds it. Throws SecretError. */
export function secretOf({ sources, inOrder }: Held, name: string): Given {
  const [found] = chosen('NO_SUCH_SECRET', () => givenFrom(sources, [{ variable: '', name }], inOrder));
  return found as Given;
}

/** Every secret, as `lockstep run` gives it to a program. Throws SecretError. */
export function allOf({ sources, inOrder }: Held): Given[] {
  return chosen('FAILED', () => givenFrom(withoutKeys(sources), [], inOrder));
}

/** Throws SecretError where several have the name. */
export function has(held: Held, name: string): boolean {
  try {
    findSecret(eachOf(held), name);
    return true;
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    if (error.place.what === undefined) return false;
    secretOf(held, name);
    return true;
  }
}

/** The encryption key of a name. Throws SecretError. */
export function keyOf(held: Held, name: string): Given {
  const keys = eachOf(held).flatMap((one) => {
    const key = keyNameOf(one);
    return key === undefined ? [] : [{ ...one, name: key, encryptionKey: key }];
  });
  try {
    return findKey(keys, name);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    const several = error.place.what !== undefined;
    const there = keys.length === 0 ? 'There are none.' : `There are: ${keys.map((one) => one.name).join(', ')}.`;
    throw new SecretError({
      code: 'NO_SUCH_KEY',
      reason: error.code,
      message: several
        ? `The encryption key ${visible(name)} is there more than once.\nName the file that you mean.`
        : `There is no encryption key ${visible(name)} in ${held.sources.map(({ label }) => label).join(', ')}.\n${visible(there)} lockstep encryption-key generate NAME makes one.`,
    });
  }
}

function eachOf({ sources, inOrder }: Held) {
  const each = sources.flatMap((from) => from.values.map((one) => ({ ...one, from, name: showPath(one.path) })));
  return inOrder ? lastOnes(each, ({ from }) => from) : each;
}

function chosen<T>(code: 'NO_SUCH_SECRET' | 'FAILED', work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new SecretError({ code, reason: undefined, message: [error.message, error.next].filter(Boolean).join('\n') });
  }
}
