import { LockstepError } from '../../core/errors.ts';
import type { RequestName } from '../../protocol/editor.ts';
import type { Services } from '../services.ts';

/**
 * Requests whose answer holds a value, or lets one be guessed. `comment` is not one: those that are not encrypted stand in
 * the file, and it refuses the others itself.
 */
const tells: { readonly [N in RequestName]: boolean } = {
  ready: false,
  reveal: true,
  copy: false,
  edit: true,
  set: false,
  generate: true,
  add: false,
  addGroup: false,
  paste: false,
  rename: false,
  remove: false,
  duplicate: false,
  move: false,
  comment: false,
  setComment: false,
  markPlain: false,
  findValues: true,
  act: false,
  undo: false,
  redo: false,
  save: false,
  hidden: false,
  stay: false,
  text: false,
  textShow: true,
  textSet: false,
  textFind: true,
  // Which entries it changes is seen.
  textReplace: true,
  conflict: false,
  resolve: false,
  revealSide: true,
};

/** Throws what `requireShowable` throws for a request that may not be answered now. */
export function requireTellable(request: RequestName, services: Services): void {
  if (tells[request]) requireShowable(services);
}

/** Throws NO_IDENTITY (`locked`), or EDIT_LOCKED (`presenting`), while no value may be shown. */
export function requireShowable({ vault, presentation }: Services): void {
  if (vault.locked) throw new LockstepError('NO_IDENTITY', { what: 'locked' });
  if (presentation.on) throw new LockstepError('EDIT_LOCKED', { what: 'presenting' });
}
