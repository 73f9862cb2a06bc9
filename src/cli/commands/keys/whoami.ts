import { LockstepError } from '../../../core/errors.ts';
import { isPlace } from '../../../core/platform/keyplaces.ts';
import { visible } from '../../../core/tree/path.ts';
import type { OwnKey } from '../../../node/identities.ts';
import type { Run } from '../../call.ts';
import { keyringOf } from '../../keys/keyring.ts';
import { nameOf, tellLooks } from '../../keys/report.ts';

/**
 * One's own public keys, and where the private half of each is. Throws NO_IDENTITY when there is none; places that are wrong are
 * told on standard error.
 */
export const whoami: Run = async (call) => {
  const keyring = keyringOf(call);
  const own = await keyring.own();
  const wrong = (await keyring.looks()).some(
    ({ spot, locked, errors }) => errors.length > 0 || (locked > 0 && isPlace(spot) && spot.kind === 'key-file'),
  );
  if (own.length === 0 || wrong || call.flags.on('verbose')) await tellLooks(call, keyring);
  if (own.length === 0) throw new LockstepError('NO_IDENTITY');
  const text = call.flags.on('json') ? `${JSON.stringify(own.map(asJson))}\n` : own.map(asLine).join('');
  await call.io.writeStdout(text);
  return 0;
};

function asLine({ recipient, place, label, locked }: OwnKey): string {
  const words = [recipient, nameOf(place), [label, locked && 'under a pass phrase'].filter(Boolean).join(', ')];
  return `${words.map(visible).join('\t').trimEnd()}\n`;
}

function asJson({ recipient, place, label, locked }: OwnKey) {
  return {
    recipient,
    variable: place.variable ?? null,
    path: 'path' in place.from ? place.from.path : null,
    label: label ?? null,
    locked,
  };
}
