import { homedir, userInfo } from 'node:os';

/** A user of this machine. */
export interface User {
  readonly name: string;
  readonly home: string;
  readonly gid: number;
}

/**
 * What the system knows of a user: for root alone, who can be anybody for a moment. Undefined where nobody has this name, also where
 * another name comes first for their number.
 */
export function userOf(name: string): User | undefined {
  try {
    process.seteuid?.(name);
  } catch {
    return undefined;
  }
  try {
    const { username, homedir, gid } = userInfo();
    return username === name ? { name, home: homedir, gid } : undefined;
  } finally {
    process.seteuid?.(0);
  }
}

/** Makes this process one of that user, with their groups, for good. Throws what the system throws. */
export function becomeUser({ name, gid }: User): void {
  // The types of Node have forgotten it.
  (process as { initgroups?(user: string, group: number): void }).initgroups?.(name, gid);
  process.setgid?.(gid);
  process.setuid?.(name);
}

/** The home folder of the current user; empty if no variable names it and the system has no entry for the user, as in some containers. */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}
