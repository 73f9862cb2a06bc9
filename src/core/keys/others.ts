import { LockstepError, type Word } from '../errors.ts';
import { type ForeignKind, isAge, type KeyKind } from '../sops/kinds.ts';
import type { KeyName, WrappedKey } from '../sops/masterkey.ts';
import type { Opener } from './opener.ts';

/** Who opens and wraps data keys for a kind of master key other than age: the user's gpg, a key service. */
export interface OtherKeys {
  /**
   * As `Opener.unwrap`: the caller's to wipe, undefined for "not mine". Throws a LockstepError that says why it failed; another key of
   * the file may do.
   */
  unwrap(wrapped: WrappedKey): Promise<Uint8Array | undefined>;
  /** The `enc` of an entry for this key. The data key stays the caller's. Throws a LockstepError. */
  wrap(dataKey: Uint8Array, key: KeyName): Promise<string>;
}

/** Why a kind cannot be had; `undefined` where nothing of the sort can be: in a browser. */
export interface Lacking {
  readonly lacks: Word<'FOREIGN_MASTER_KEY'> | undefined;
}

const given = new Map<ForeignKind, () => OtherKeys | Lacking>();

/** Who has keys of these kinds, asked anew each time: it starts no program and asks nobody. Called at start. */
export function useOthers(kinds: readonly ForeignKind[], have: () => OtherKeys | Lacking): void {
  for (const kind of kinds) given.set(kind, have);
}

/** Who opens and wraps keys of a kind, or what is missing for it. */
export function othersFor(kind: ForeignKind): OtherKeys | Lacking {
  return given.get(kind)?.() ?? { lacks: undefined };
}

/** Whether keys of a kind can be neither opened nor wrapped here and now. */
export function isForeign(kind: KeyKind): kind is ForeignKind {
  return !isAge(kind) && 'lacks' in othersFor(kind);
}

/** What an error says of a kind that cannot be had. */
export const lackOf = (kind: ForeignKind, { lacks }: Lacking) => ({
  kind,
  ...(lacks !== undefined && { what: lacks }),
});

/** Whether all these kinds can be had: asked before anything is begun. Throws FOREIGN_MASTER_KEY for the first that cannot. */
export function requireKinds(kinds: Iterable<KeyKind>): void {
  for (const kind of kinds) if (!isAge(kind)) requireOthers(kind);
}

/** Who opens and wraps keys of a kind. Throws FOREIGN_MASTER_KEY. */
export function requireOthers(kind: ForeignKind): OtherKeys {
  const others = othersFor(kind);
  if ('lacks' in others) throw new LockstepError('FOREIGN_MASTER_KEY', lackOf(kind, others));
  return others;
}

/** Openers for the wrapped keys of other kinds that can be had, each for one of them: for `Keyring.asked`, as each may start a program. */
export function otherOpeners(wanted: readonly WrappedKey[]): Opener[] {
  return wanted.flatMap((wrapped): Opener[] => {
    const { kind, name, enc } = wrapped;
    const others = isAge(kind) ? undefined : othersFor(kind);
    if (!others || 'lacks' in others) return [];
    // Whoever has the key is asked for it by its name, and opens nothing that is wrapped for another one.
    const unwrap = async (one: WrappedKey) => (one.name === name && one.enc === enc ? others.unwrap(one) : undefined);
    return [{ kind, label: name, recipient: name, source: { kind: 'program', name: kind }, unwrap }];
  });
}
