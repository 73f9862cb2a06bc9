import { type OtherKeys, useOthers } from '../../core/keys/others.ts';
import { Gpg, type GpgProgram } from '../../core/pgp/gpg.ts';
import { nodeGpg } from '../../node/pgp/run.ts';
import type { Io } from '../io.ts';

/** Lets this run use the PGP keys of the user's gpg, which may ask for pass phrases. It is looked for when the first of them is wanted. */
export function useGpg(io: Io): void {
  let program: GpgProgram | undefined;
  useOthers(['pgp'], () => {
    program ??= nodeGpg(io);
    return program.isThere() ? pgpKeys(new Gpg(program.run)) : { lacks: 'program' };
  });
}

const pgpKeys = (gpg: Gpg): OtherKeys => ({
  openers: (wanted) => gpg.openers(wanted, true),
  own: (keys) => gpg.own(keys),
  requireUsable: (keys) => gpg.requireUsable(keys),
  wrap: (dataKey, key) => gpg.wrap(dataKey, key),
});
