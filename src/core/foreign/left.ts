import type { Planned } from './plan.ts';
import type { Source } from './read/source.ts';

/** What is left of a source once its values are in an encrypted file. */
export interface LeftOver {
  /** The source holds nothing that is not in the encrypted file: it can go. */
  readonly whole: boolean;
  /** Otherwise these entries can go from it. */
  readonly entries: readonly Planned[];
  /** These have no value that could be brought in: they are to be set. */
  readonly unset: readonly Planned[];
  /** These were left out: their values are in the source alone. */
  readonly kept: readonly Planned[];
}

/** What of a source can be deleted by hand after a plan was carried out, and what can not. */
export function leftOver(source: Source, plan: readonly Planned[]): LeftOver {
  const inside = plan.filter(({ fate }) => fate === 'new' || fate === 'replaced' || fate === 'same');
  const unset = plan.filter(({ fate, found }) => fate === 'none' && found.why !== 'reference');
  const kept = plan.filter(({ fate }) => fate === 'kept');
  const whole = source.isAll && inside.length === plan.length && plan.length > 0;
  return { whole, entries: whole ? [] : inside, unset, kept };
}
