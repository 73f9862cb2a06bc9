import { LockstepError } from '../errors.ts';
import { type Manager, managerKinds, managers } from './kinds.ts';
import { type Lookup, schemes } from './schemes.ts';

/**
 * Values that stand for a secret in another manager, such as `op://Private/db/password`. They are text like any other to everything but
 * `run`, `get`, the Node library and *Reveal*.
 */

/** Characters; more than any manager has names for. */
const longest = 2048;
/** What is in front of a text that looks like a reference and is none. */
const mark = 'literal:';

/** These have names with blanks in them; elsewhere a blank means that a longer text only begins like a reference. */
const withBlanks: readonly Manager[] = ['op', 'bw'];

/**
 * The manager that a value is meant for: all of it, from its first character on. A malformed one counts, so that nobody takes its text for the
 * secret; a text with blanks does not, but where names may have them.
 */
export function managerOf(value: string): Manager | undefined {
  const kind = managerKinds.find((one) => value.startsWith(managers[one].scheme));
  return kind && (withBlanks.includes(kind) || !/[ \t]/.test(value)) ? kind : undefined;
}

/** What a reference names, for people: everything behind the scheme. */
export const whereOf = (value: string, manager: Manager): string => value.slice(managers[manager].scheme.length);

/** The text that a value stands for where it is no reference: `literal:op://…` is `op://…`. Any other value is itself. */
export function literalOf(value: string): string {
  let rest = value;
  while (rest.startsWith(mark)) rest = rest.slice(mark.length);
  return rest !== value && managerOf(rest) ? value.slice(mark.length) : value;
}

/** How a reference is looked up. Throws MANAGER (`reference`) for one that cannot be one. */
export function lookupOf(value: string, manager: Manager): Lookup {
  const where = whereOf(value, manager);
  const lookup = isClean(where) ? schemes[manager](where) : undefined;
  if (!lookup) throw new LockstepError('MANAGER', { what: 'reference', manager });
  return lookup;
}

/** Parts become words of a command line, and paths at a server: none may be taken for an option, or lead elsewhere. */
function isClean(where: string): boolean {
  if (where.length > longest || /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"\\%]/u.test(where)) return false;
  return where.split(/[/#]/).every((part) => !/^\s*-/.test(part) && !/^\s*\.{1,2}\s*$/.test(part));
}
