import { utf8 } from '../../core/bytes.ts';
import { recordAccess } from '../access/record.ts';
import type { Run } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import { keyAt } from '../files/revision.ts';
import { takeSecrets } from './given.ts';
import { fetchGiven, recordedName } from './managed.ts';

/** Prints one secret by its name, as `run` would give it to a program: of the files of an environment, or of -f. */
export const get: Run = async (call) => {
  const [name] = call.args;
  if (name === undefined || name === '')
    throw new Failure(exit.generic, 'No secret is named.', 'For example: lockstep get db.password');
  const { given } = await takeSecrets(call, [{ variable: '', name }], []);
  for (const secret of await fetchGiven(call, given)) {
    const { path, commit } = secret.from;
    const key = keyAt(recordedName(secret), commit);
    recordAccess(call, { purpose: 'decrypt', input: { path, name: path }, key, to: 'standard output' });
    await call.io.writeStdout(utf8(secret.value));
  }
  return 0;
};
