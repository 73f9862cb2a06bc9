import { wipe } from '../bytes.ts';
import { type Facts, Fault, LockstepError } from '../errors.ts';
import { isAge, type KeyKind } from '../sops/kinds.ts';
import type { KeyName, WrappedKey } from '../sops/masterkey.ts';
import type { Metadata } from '../sops/metadata.ts';
import type { Keyring } from './keyring.ts';
import { type OpenedEntry, wrongService } from './openedentry.ts';
import type { Opener } from './opener.ts';
import { isForeign, lackOf, othersFor } from './others.ts';
import { combineParts, requiredGroups } from './shamir.ts';

/** What came of one key group. Names are public; no values. */
export interface GroupReport {
  /** The recipient of the opener that opened it; undefined when none did. */
  readonly openedBy: string | undefined;
  /** Its keys in decryption order. `foreign`: of a kind that cannot be had. `shut`: no opener at hand opens it. */
  readonly keys: readonly (KeyName & {
    readonly result: 'opened' | 'shut' | 'foreign' | 'untried';
    /** Why a key of another kind than age did not open it. */
    readonly fault?: LockstepError;
  })[];
}

type UnwrapCode = 'NOT_A_RECIPIENT' | 'NO_IDENTITY' | 'NO_AGE_RECIPIENT';

/** No data key: NOT_A_RECIPIENT, NO_IDENTITY or NO_AGE_RECIPIENT, and how far one came. */
export class UnwrapError extends Fault<UnwrapCode> {
  readonly groups: readonly GroupReport[];
  /** How many groups had to be opened. */
  readonly required: number;

  constructor(code: UnwrapCode, place: Facts[UnwrapCode], groups: readonly GroupReport[], required: number) {
    super(code, place);
    this.groups = groups;
    this.required = required;
  }

  /** Why keys that were asked for failed: of a key service, of gpg. Those that are somebody else's come last. */
  get faults(): readonly LockstepError[] {
    const all = this.groups.flatMap(({ keys }) => keys.flatMap(({ fault }) => (fault ? [fault] : [])));
    const isElsewhere = ({ place }: LockstepError) => place.what === 'no-secret';
    return [...all.filter((one) => !isElsewhere(one)), ...all.filter(isElsewhere)];
  }
}

/** The kinds that are tried before others (SOPS sops.go, `DefaultDecryptionOrder`). */
const defaultOrder: readonly string[] = ['age', 'pgp'];

/** Keys in decryption order: the kinds of `order` first, the rest as stored. */
function inDecryptionOrder<K extends KeyName>(keys: readonly K[], order: readonly string[] = defaultOrder): K[] {
  const rank = (kind: KeyKind) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return [...keys].sort((a, b) => rank(a.kind) - rank(b.kind));
}

interface Unwrapped {
  /** 32 bytes, the caller's to wipe. */
  readonly raw: Uint8Array;
  /** What opened, one entry for each group that was. */
  readonly entries: readonly OpenedEntry[];
  readonly groups: readonly GroupReport[];
}

/**
 * The data key, by whatever openers of the keyring fit (SOPS sops.go, `GetDataKey`): one group holds it whole, of several
 * groups as many parts are needed as `shamir_threshold` says. Throws UnwrapError (NOT_A_RECIPIENT with
 * `missing` when so many more groups are needed than were opened), and BAD_METADATA, BAD_DATA_KEY, KEY_SERVICE (`other-key`).
 */
export async function unwrapDataKey(
  metadata: Metadata,
  keyring: Keyring,
  order: readonly string[] = defaultOrder,
): Promise<Unwrapped> {
  const { groups, shamirThreshold } = metadata;
  const required = requiredGroups(groups.length, shamirThreshold);
  const openings = groups.map((keys) => new Opening(keys.filter(({ kind }) => !isForeign(kind))));
  const opened = () => openings.filter((one) => one.part).length;
  const report = () => groups.map((keys, i) => reportOf(inDecryptionOrder(keys, order), openings[i] as Opening));
  try {
    if (openings.every((one) => one.keys.length === 0)) throw allForeign(metadata, report(), required);
    let any = await tryAll(openings, await keyring.openers());
    if (opened() < required) {
      const wanted = openings.filter((one) => !one.part).flatMap((one) => one.keys);
      for await (const opener of keyring.asked?.(wanted) ?? []) {
        any = await tryAll(openings, [opener]);
        if (opened() >= required) break;
      }
    }
    if (opened() < required) throw tooFew(any, opened(), report(), required);
    const parts = openings.flatMap((one) => one.part ?? []);
    const entries = openings.flatMap(entryOf);
    const raw = await whole(parts, groups.length).catch((error) => {
      throw wrongService(metadata, entries) ?? error;
    });
    return { raw, entries, groups: report() };
  } finally {
    for (const { part } of openings) if (part) wipe(part);
  }
}

/** The key behind the parts of so many groups. Throws BAD_DATA_KEY. */
async function whole(parts: readonly Uint8Array[], groups: number): Promise<Uint8Array> {
  if (groups > 1) return combineParts(parts);
  if (parts[0]?.length !== 32) throw new LockstepError('BAD_DATA_KEY');
  return Uint8Array.from(parts[0]);
}

function entryOf({ by, label }: Opening, group: number): OpenedEntry[] {
  return by === undefined || label === undefined ? [] : [{ group, recipient: by, label }];
}

function tooFew(any: boolean, opened: number, groups: readonly GroupReport[], required: number): UnwrapError {
  if (!any) return new UnwrapError('NO_IDENTITY', {}, groups, required);
  const place = groups.length > 1 ? { missing: required - opened } : {};
  return new UnwrapError('NOT_A_RECIPIENT', place, groups, required);
}

function allForeign(
  { foreign }: Metadata,
  groups: readonly GroupReport[],
  required: number,
): UnwrapError | LockstepError {
  const [first] = foreign;
  if (!first) return new LockstepError('BAD_METADATA', { what: 'no-keys' });
  const others = othersFor(first.kind);
  const lack = 'lacks' in others ? lackOf(first.kind, others) : { kind: first.kind };
  return new UnwrapError('NO_AGE_RECIPIENT', lack, groups, required);
}

function reportOf(keys: readonly KeyName[], { by, label, faults }: Opening): GroupReport {
  return {
    openedBy: by,
    keys: keys.map(({ kind, name }) => {
      if (isForeign(kind)) return { kind, name, result: by === undefined ? 'foreign' : 'untried' };
      const fault = faults.get(name);
      if (by === undefined) return { kind, name, result: 'shut', ...(fault && { fault }) };
      return { kind, name, result: name === label ? 'opened' : 'untried' };
    }),
  };
}

/** One group on its way to being opened. */
class Opening {
  readonly keys: readonly WrappedKey[];
  part: Uint8Array | undefined;
  /** The opener's recipient, and the recipient that the file's entry names. They may differ: the latter is a label. */
  by: string | undefined;
  label: string | undefined;
  /** By the names of the keys. */
  readonly faults = new Map<string, LockstepError>();

  constructor(keys: readonly WrappedKey[]) {
    this.keys = keys;
  }

  /** Tries pairs of a wrapped key and an opener. @param sure those whose recipient text agrees, or the others. */
  async try(openers: readonly Opener[], sure: boolean, effort: Effort): Promise<void> {
    for (const key of this.part ? [] : this.keys) {
      for (const opener of openers) {
        if (opener.kind !== key.kind || (key.name === opener.recipient) !== sure) continue;
        if (!(await effort.allows(key))) continue;
        const part = await opener.unwrap(key).catch((error) => this.#passOver(key, error));
        if (!part) continue;
        this.part = part;
        this.by = opener.recipient;
        this.label = key.name;
        return;
      }
    }
  }

  /** A broken entry is no reason to give up: the next may hold the same key unharmed. */
  #passOver({ kind, name }: KeyName, error: unknown): undefined {
    if (!(error instanceof LockstepError)) throw error;
    if (!isAge(kind)) this.faults.set(name, error);
  }
}

/**
 * The recipient text is only a label: it says what is likely, and others may fit too. The openers are used up after that.
 * @returns whether there were any.
 */
async function tryAll(openings: readonly Opening[], openers: readonly Opener[]): Promise<boolean> {
  const effort = new Effort();
  try {
    for (const sure of [true, false]) for (const one of openings) await one.try(openers, sure, effort);
  } finally {
    for (const opener of openers) opener.dispose?.();
  }
  return openers.length > 0;
}

/** A wrapped key for one recipient has some hundred characters, one for a post-quantum key 2,500. */
const maxKey = 64 * 1024;
/** Together: keys of 700 people, tried with four identities. */
const maxKeys = 1024 * 1024;
/** About as many can be tried in a tenth of a second. */
const untilRest = 16 * 1024;

/**
 * How much of a file's keys is tried. Each stanza in one costs a multiplication on a curve, about 10 microseconds for each
 * character, and a file that is merely opened must not keep an editor busy for minutes.
 */
class Effort {
  #spent = 0;
  #rested = 0;

  async allows({ enc }: WrappedKey): Promise<boolean> {
    if (enc.length > maxKey || this.#spent + enc.length > maxKeys) return false;
    this.#spent += enc.length;
    if (this.#spent - this.#rested > untilRest) {
      this.#rested = this.#spent;
      await others();
    }
    return true;
  }
}

/** Lets others have the thread: the platform answers this from outside it. */
const others = () => crypto.subtle.digest('SHA-512', new Uint8Array());
