import { Refusal } from '../../core/errors.ts';
import type { Services } from '../services.ts';

/** Throws LOCKED while Lockstep is locked. */
export function requireUnlocked({ vault }: Services): void {
  if (vault.locked) throw new Refusal('LOCKED');
}

/** Throws LOCKED or PRESENTING while no value may be shown. */
export function requireShowable(services: Services): void {
  requireUnlocked(services);
  if (services.presentation.on) throw new Refusal('PRESENTING');
}
