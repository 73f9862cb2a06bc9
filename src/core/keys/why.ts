import { sameRecipient } from '../age/sshkey.ts';
import type { LockstepError } from '../errors.ts';
import { type ForeignKind, isAge, type KeyKind, serviceKinds } from '../sops/kinds.ts';
import type { KeyName } from '../sops/masterkey.ts';
import { isForeign } from './others.ts';
import type { GroupReport } from './unwrap.ts';

/** One key that a file names. Public. */
export interface NamedKey extends KeyName {
  /** The private half is among one's own. */
  readonly own: boolean;
  /** `foreign`: of a kind that cannot be had here. `shut`: no key at hand opens it. `untried`: it was not needed. */
  readonly result: 'opened' | 'shut' | 'foreign' | 'untried';
  /** Why a key of another kind than age did not open it. */
  readonly fault?: LockstepError;
}

/** The one thing to do next. */
export type NextStep =
  /** Nothing: the file opens. */
  | { readonly kind: 'none' }
  /** A key is there, and nobody gave its pass phrase, or its program was not started. */
  | { readonly kind: 'unlock' }
  /** The file names a key of one's own, and it does not open: the file is damaged, or somebody changed it. */
  | { readonly kind: 'restore'; readonly recipient: string }
  /** There is no key at all: make one, or import one, and ask then. */
  | { readonly kind: 'make-key'; readonly readers: readonly KeyName[] }
  /** Send this public key to somebody who can read the file. */
  | { readonly kind: 'ask'; readonly recipient: string; readonly readers: readonly KeyName[] }
  /** Somebody with a key of another group is needed, or so many more of them. */
  | { readonly kind: 'groups'; readonly missing: number; readonly readers: readonly KeyName[] }
  /** Nobody reads it but through these services. */
  | { readonly kind: 'foreign'; readonly kinds: readonly ForeignKind[]; readonly recipient: string | undefined };

/** Why a file opens or not. */
export interface Why {
  readonly groups: readonly (readonly NamedKey[])[];
  /** How many groups it takes. */
  readonly required: number;
  readonly next: NextStep;
}

/** What is known of the keys of this machine. */
interface Own {
  /** Public keys, the first of them the one to send. */
  readonly recipients: readonly string[];
  /** Some may hold more: a pass phrase that was not given, a program that was not started. */
  readonly waiting: boolean;
}

/**
 * Why a file opens or not, of what came of an attempt to open it (`unwrapDataKey`, or the UnwrapError that it threw).
 * @param opened whether it gave the data key.
 */
export function whyOf(groups: readonly GroupReport[], required: number, opened: boolean, own: Own): Why {
  const named = groups.map(({ keys }) =>
    keys.map((key): NamedKey => ({ ...key, own: own.recipients.some((one) => isSame(key, one)) })),
  );
  const reached = groups.filter(({ openedBy }) => openedBy !== undefined).length;
  return { groups: named, required, next: opened ? { kind: 'none' } : nextStep(named, required - reached, own) };
}

function nextStep(groups: readonly (readonly NamedKey[])[], missing: number, own: Own): NextStep {
  const keys = groups.flat();
  const shut = groups.filter((group) => !group.some(({ result }) => result === 'opened')).flat();
  const readers = once(shut.filter(({ kind, own }) => !isElsewhere(kind) && !own));
  const kinds = [...new Set(keys.flatMap(({ kind }) => (isElsewhere(kind) ? [kind] : [])))];
  const [first] = own.recipients;
  if (own.waiting) return { kind: 'unlock' };
  const mine = shut.find((key) => key.own && key.result === 'shut');
  if (mine) return { kind: 'restore', recipient: mine.name };
  if (keys.every(({ kind }) => isElsewhere(kind))) return { kind: 'foreign', kinds, recipient: first };
  if (groups.length > 1 && first !== undefined) return { kind: 'groups', missing, readers };
  return first === undefined ? { kind: 'make-key', readers } : { kind: 'ask', recipient: first, readers };
}

/** Whether nobody can be sent a public key to whose key this is: it is of a service, or cannot be had here. */
const isElsewhere = (kind: KeyKind): kind is ForeignKind =>
  !isAge(kind) && (isForeign(kind) || serviceKinds.includes(kind));

const isSame = ({ kind, name }: KeyName, recipient: string) => kind === 'age' && sameRecipient(name, recipient);

const once = (keys: readonly NamedKey[]): KeyName[] => {
  const names = new Set<string>();
  return keys.flatMap(({ kind, name }) => {
    if (names.has(name)) return [];
    names.add(name);
    return [{ kind, name }];
  });
};
