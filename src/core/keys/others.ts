import { LockstepError, type Word } from '../errors.ts';
import { type ForeignKind, isAge, type KeyKind } from '../sops/kinds.ts';
import type { KeyName, WrappedKey } from '../sops/masterkey.ts';
import type { Opener } from './opener.ts';

/** Who opens and wraps data keys for a kind of master key other than age: the user's gpg, a key service. */
export type OtherKeys = OtherWrapper & (ByName | ByList);

/** Who is asked for a key by the name that a file has for it. */
export type NamedKeys = OtherWrapper & ByName;

interface OtherWrapper {
  /** Looks, before anything is begun, whether data keys can be wrapped for these keys. Throws a LockstepError. */
  requireUsable?(keys: readonly KeyName[]): Promise<void>;
  /** The `enc` of an entry for this key. The data key stays the caller's. Throws a LockstepError. */
  wrap(dataKey: Uint8Array, key: KeyName): Promise<string>;
}

interface ByName {
  /**
   * As `Opener.unwrap`: the caller's to wipe, undefined for "not mine". Throws a LockstepError that says why it failed; another key of
   * the file may do.
   */
  unwrap(wrapped: WrappedKey): Promise<Uint8Array | undefined>;
}

/** Of a kind whose own keys can be listed, so that who opens an entry is not known by the name there alone. */
interface ByList {
  /** Throws a LockstepError where there is no list. */
  openers(wanted: readonly WrappedKey[]): Promise<readonly Opener[]>;
  /** Those of these keys whose private half the user has. Throws a LockstepError. */
  own(keys: readonly KeyName[]): Promise<readonly KeyName[]>;
  /** Whether one of these waits for a pass phrase that nobody is asked for while a file is only looked at. */
  isAsleep?(wanted: readonly WrappedKey[]): boolean;
  /** Has a person asked for it. Throws a LockstepError when none of them is awake then. */
  wake?(wanted: readonly WrappedKey[]): Promise<void>;
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

/**
 * Whether data keys can be wrapped for all these keys: asked before anything is begun. Throws FOREIGN_MASTER_KEY for the first kind that
 * cannot be had, and what `requireUsable` throws.
 */
export async function requireKeys(keys: readonly KeyName[]): Promise<void> {
  const kinds = [...new Set(keys.map(({ kind }) => kind))].flatMap((kind) => (isAge(kind) ? [] : [kind]));
  const others = kinds.map((kind) => ({ kind, has: requireOthers(kind) }));
  for (const { kind, has } of others) await has.requireUsable?.(keys.filter((key) => key.kind === kind));
}

/** Who opens and wraps keys of a kind. Throws FOREIGN_MASTER_KEY. */
export function requireOthers(kind: ForeignKind): OtherKeys {
  const others = othersFor(kind);
  if ('lacks' in others) throw new LockstepError('FOREIGN_MASTER_KEY', lackOf(kind, others));
  return others;
}

/** Openers for the wrapped keys of other kinds that can be had: for `Keyring.asked`, as each may start a program. */
export async function* otherOpeners(wanted: readonly WrappedKey[]): AsyncGenerator<Opener> {
  for (const kind of new Set(wanted.map((one) => one.kind))) {
    const others = isAge(kind) ? undefined : othersFor(kind);
    if (!others || 'lacks' in others) continue;
    const own = wanted.filter((one) => one.kind === kind);
    if ('openers' in others) yield* await listed(own, others.openers(own));
    else yield* own.map((one) => openerOf(one, others));
  }
}

/** Whether a key of another kind waits for its pass phrase. */
export const othersAsleep = (wanted: readonly WrappedKey[]): boolean =>
  listedKinds(wanted).some(({ has, own }) => has.isAsleep?.(own) ?? false);

/** Lets a person be asked for the pass phrases of keys of other kinds. Throws a LockstepError when none is awake then. */
export async function wakeOthers(wanted: readonly WrappedKey[]): Promise<void> {
  for (const { has, own } of listedKinds(wanted)) if (has.isAsleep?.(own)) await has.wake?.(own);
}

/** Those of these keys of other kinds whose private half the user is known to have. Never throws what is ours. */
export async function ownOthers(keys: readonly KeyName[]): Promise<readonly KeyName[]> {
  const found = listedKinds(keys).map(({ has, own }) =>
    has.own(own).catch((error) => {
      if (error instanceof LockstepError) return [];
      throw error;
    }),
  );
  return (await Promise.all(found)).flat();
}

function listedKinds<K extends KeyName>(keys: readonly K[]): { readonly has: ByList; readonly own: readonly K[] }[] {
  return [...new Set(keys.map(({ kind }) => kind))].flatMap((kind) => {
    const has = isAge(kind) ? undefined : othersFor(kind);
    return has && 'openers' in has ? [{ has, own: keys.filter((key) => key.kind === kind) }] : [];
  });
}

/** Whoever has the key is asked for it by its name, and opens nothing that is wrapped for another one. */
const openerOf = ({ kind, name, enc }: WrappedKey, others: ByName): Opener =>
  namedOpener({ kind, name }, async (one) => (one.name === name && one.enc === enc ? others.unwrap(one) : undefined));

/** Without a list, each key says why. */
async function listed(wanted: readonly WrappedKey[], openers: Promise<readonly Opener[]>): Promise<readonly Opener[]> {
  try {
    return await openers;
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return wanted.map((key) => namedOpener(key, () => Promise.reject(error)));
  }
}

const namedOpener = ({ kind, name }: KeyName, unwrap: Opener['unwrap']): Opener => ({
  ...{ kind, label: name, recipient: name, unwrap },
  source: { kind: 'program', name: kind },
});
