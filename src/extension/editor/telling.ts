import { LockstepError } from '../../core/errors.ts';
import type { Services } from '../services.ts';

/** Throws NO_IDENTITY (`locked`) while Lockstep is locked. */
export function requireUnlocked({ vault }: Services): void {
  if (vault.locked) throw new LockstepError('NO_IDENTITY', { what: 'locked' });
}

/** Throws NO_IDENTITY (`locked`), or EDIT_LOCKED (`presenting`), while no value may be shown. */
export function requireShowable(services: Services): void {
  requireUnlocked(services);
  if (services.presentation.on) throw new LockstepError('EDIT_LOCKED', { what: 'presenting' });
}
