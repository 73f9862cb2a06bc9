import { homedir, hostname, userInfo } from 'node:os';

/** A first name for a key: who and where, as in `ada@laptop`. */
export function defaultLabel(): string {
  const host = hostname().split('.')[0] || 'here';
  try {
    return `${userInfo().username}@${host}`;
  } catch {
    // A user id without an account, as in some containers.
    return host;
  }
}

export const home = (): string => homedir();
