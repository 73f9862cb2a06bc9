import { visible } from '../../core/tree/path.ts';
import type { User } from '../../node/user.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';

/**
 * Who `--user` says the program should run as; undefined without it. Asked before anything is decrypted. Throws Failure for a user that there is not, and for
 * whoever may not do this.
 */
export function userFor({ flags, io }: Call): User | undefined {
  const name = flags.text('user');
  if (name === undefined) return undefined;
  if (!io.users)
    throw new Failure(
      exit.generic,
      'Only root can start a program as another user.',
      'Switch the user in the command: lockstep exec-env FILE -- sudo -E -u USER PROGRAM',
      'operation not permitted',
    );
  const user = io.users.find(name);
  if (!user)
    throw new Failure(
      exit.generic,
      `There is no user ${visible(name)} on this machine.`,
      'getent passwd lists them.',
      `user: unknown user ${visible(name)}`,
    );
  return user;
}

/**
 * This process is the user's from now on, as that of sops: so are the files that it makes. What only the user before may do is done by then: files are
 * decrypted, the access is in the log. Returns the variables that say who it is.
 */
export function becomeThem({ io }: Call, user: User | undefined): Record<string, string> {
  if (!user) return {};
  io.users?.become(user);
  return { HOME: user.home, USER: user.name, LOGNAME: user.name };
}
