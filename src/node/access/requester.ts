import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';

/** Who asked a process of the command line for something: the program that started it, with its number. */
export function requester(): string {
  const { ppid } = process;
  try {
    const name = readFileSync(`/proc/${ppid}/comm`, 'utf8').trim();
    return `${name} (process ${ppid})`;
  } catch {
    // Not on this system.
    return `process ${ppid}`;
  }
}

/** Who works here, and where: `ada@laptop`. */
export function keyLabel(): string {
  const host = hostname().split('.')[0] || 'here';
  try {
    return `${userInfo().username}@${host}`;
  } catch {
    // A user id without an account, as in some containers.
    return host;
  }
}
