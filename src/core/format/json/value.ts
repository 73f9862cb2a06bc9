import { LockstepError } from '../../errors.ts';
import type { Value } from '../../tree/value.ts';
import { nodeValue } from '../nodevalue.ts';
import { parseJson } from './tree.ts';

/** Any JSON text as a value: numbers without point or exponent are integers. Throws BAD_VALUE. */
export function jsonValue(text: string): Value {
  try {
    const [only, second] = parseJson(`{"value":${text}\n}`).members;
    if (only?.kind === 'entry' && second === undefined) return nodeValue(only.value);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
  }
  throw new LockstepError('BAD_VALUE', { what: 'json' });
}
