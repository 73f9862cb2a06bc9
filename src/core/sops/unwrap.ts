import { unwrapKey } from '../age/wrap.ts';
import { wipe } from '../bytes.ts';
import { type ErrorCode, LockstepError } from '../errors.ts';
import type { Keyring, KeyringEntry } from '../keys/keyring.ts';
import { type AgeKey, ageKeys, type KeyKind, type KeyName, type Metadata } from './metadata.ts';
import { combineParts, requiredGroups } from './shamir.ts';

/** What came of one key group. Names are public; no values. */
export interface GroupReport {
  /** The recipient whose identity opened it; undefined when none did. */
  readonly openedBy: string | undefined;
  /** Its keys in decryption order. `foreign`: of a kind that is not handled. `shut`: no identity at hand opens it. */
  readonly keys: readonly (KeyName & { readonly result: 'opened' | 'shut' | 'foreign' | 'untried' })[];
}

/** No data key: NOT_A_RECIPIENT, NO_IDENTITY or NO_AGE_RECIPIENT, and how far one came. */
export class UnwrapError extends LockstepError {
  readonly groups: readonly GroupReport[];
  /** How many groups had to be opened. */
  readonly required: number;

  constructor(code: ErrorCode, what: string | undefined, groups: readonly GroupReport[], required: number) {
    super(code, what === undefined ? {} : { what });
    this.groups = groups;
    this.required = required;
  }
}

/** The kinds that are tried before others (SOPS sops.go, `DefaultDecryptionOrder`). */
export const defaultOrder: readonly string[] = ['age', 'pgp'];

/** Keys in decryption order: the kinds of `order` first, the rest as stored. */
export function inDecryptionOrder<K extends KeyName>(keys: readonly K[], order: readonly string[] = defaultOrder): K[] {
  const rank = (kind: KeyKind) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return [...keys].sort((a, b) => rank(a.kind) - rank(b.kind));
}

export interface Unwrapped {
  /** 32 bytes, the caller's to wipe. */
  readonly raw: Uint8Array;
  /** The recipients whose identities opened a group. */
  readonly openers: readonly string[];
  readonly groups: readonly GroupReport[];
}

/**
 * The data key, by whatever identities of the keyring fit (SOPS sops.go, `GetDataKey`): one group holds it whole, of several
 * groups as many parts are needed as `shamir_threshold` says. Throws UnwrapError (NOT_A_RECIPIENT with `what` `missing-N`
 * when N more groups are needed than were opened), and BAD_METADATA, BAD_DATA_KEY.
 */
export async function unwrapDataKey(
  metadata: Metadata,
  keyring: Keyring,
  order: readonly string[] = defaultOrder,
): Promise<Unwrapped> {
  const { groups, shamirThreshold } = metadata;
  const required = requiredGroups(groups.length, shamirThreshold);
  const openings = groups.map((keys) => new Opening(ageKeys(keys)));
  const opened = () => openings.filter((one) => one.part).length;
  const report = () => groups.map((keys, i) => reportOf(inDecryptionOrder(keys, order), openings[i] as Opening));
  try {
    if (openings.every((one) => one.keys.length === 0)) throw noAgeKey(metadata, report(), required);
    const identities = await keyring.entries();
    for (const one of openings) await one.tryAll(identities);
    let any = identities.length > 0;
    if (opened() < required) {
      const wanted = openings.filter((one) => !one.part).flatMap((one) => one.keys);
      for await (const identity of keyring.asked?.(wanted) ?? []) {
        any = true;
        for (const one of openings) await one.tryAll([identity]);
        if (opened() >= required) break;
      }
    }
    if (opened() < required) throw tooFew(any, opened(), report(), required);
    const parts = openings.flatMap((one) => one.part ?? []);
    const raw = groups.length === 1 ? Uint8Array.from(parts[0] as Uint8Array) : await combineParts(parts);
    return { raw, openers: [...new Set(openings.flatMap((one) => one.by ?? []))], groups: report() };
  } finally {
    for (const { part } of openings) if (part) wipe(part);
  }
}

function tooFew(any: boolean, opened: number, groups: readonly GroupReport[], required: number): UnwrapError {
  if (!any) return new UnwrapError('NO_IDENTITY', undefined, groups, required);
  const what = groups.length > 1 ? `missing-${required - opened}` : undefined;
  return new UnwrapError('NOT_A_RECIPIENT', what, groups, required);
}

function noAgeKey({ foreign }: Metadata, groups: readonly GroupReport[], required: number): LockstepError {
  const [first] = foreign;
  if (!first) return new LockstepError('BAD_METADATA', { what: 'no-keys' });
  return new UnwrapError('NO_AGE_RECIPIENT', first.kind, groups, required);
}

function reportOf(keys: readonly KeyName[], { by, label }: Opening): GroupReport {
  return {
    openedBy: by,
    keys: keys.map(({ kind, name }) => {
      if (kind !== 'age') return { kind, name, result: by === undefined ? 'foreign' : 'untried' };
      if (by === undefined) return { kind, name, result: 'shut' };
      return { kind, name, result: name === label ? 'opened' : 'untried' };
    }),
  };
}

/** One group on its way to being opened. */
class Opening {
  readonly keys: readonly AgeKey[];
  part: Uint8Array | undefined;
  /** The identity's recipient, and the recipient that the file's entry names. They may differ: the latter is a label. */
  by: string | undefined;
  label: string | undefined;

  constructor(keys: readonly AgeKey[]) {
    this.keys = keys;
  }

  async tryAll(identities: readonly KeyringEntry[]): Promise<void> {
    if (this.part) return;
    for (const [key, identity] of likelyFirst(this.keys, identities)) {
      const part = await unwrapKey(key.enc, identity.identity);
      if (!part) continue;
      this.part = part;
      this.by = identity.recipient;
      this.label = key.recipient;
      return;
    }
  }
}

/** Every pair of wrapped key and identity, those first whose recipient text agrees (it is only a label: others may fit too). */
function* likelyFirst(keys: readonly AgeKey[], identities: readonly KeyringEntry[]): Generator<[AgeKey, KeyringEntry]> {
  for (const sure of [true, false]) {
    for (const key of keys) {
      for (const identity of identities) {
        if ((key.recipient === identity.recipient) === sure) yield [key, identity];
      }
    }
  }
}
