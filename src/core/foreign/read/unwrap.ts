import { tryUtf8 } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import { recognise, tokenFormats } from '../../tokens/formats.ts';
import type { TokenKind } from '../../tokens/kinds.ts';
import { scalar, text, type Value } from '../../tree/value.ts';
import { type Entry, type Found, type Kind, type Missing, textOf } from '../found.ts';

/** What opens values. */
interface Keys {
  /** What a person gave: keys and pass phrases, each tried where its form fits. */
  readonly given: readonly string[];
  /** Private keys of dotenvx, from its key file. */
  readonly dotenvx: readonly string[];
}

/** Who follows a long reading, and may stop it. */
export interface Watch {
  readonly progress?: (done: number, total: number) => void;
  readonly cancelled?: () => boolean;
}

/** What is done with a text: its plaintext, or why there is none. */
type Unwrapped = { readonly kind: Kind; readonly value: Value } | { readonly kind: Kind; readonly why: Missing };

/**
 * Opens the encrypted values among entries. One that has no mark is tried with the keys that a person gave, where it is long enough: only
 * the right key opens it. What is opened is not looked at again. Returns fewer entries where `watch` stops it.
 */
export async function unwrapAll(entries: readonly Entry[], keys: Keys, watch: Watch = {}): Promise<Found[]> {
  const found: Found[] = [];
  for (const [done, entry] of entries.entries()) {
    if (watch.cancelled?.()) break;
    found.push(...(entry.kind === 'anvil-hosted' ? await hosted(entry, keys) : [await unwrapped(entry, keys)]));
    watch.progress?.(done + 1, entries.length);
  }
  return found;
}

async function unwrapped(entry: Entry, keys: Keys): Promise<Found> {
  if (entry.why) return { ...entry, value: undefined };
  const kinds: Kind[] = [];
  const missing: Missing[] = [];
  const value = await mapped(entry.value, async (one) => {
    const word = textOf(one);
    const opened = word === undefined ? undefined : await openText(word, entry, keys);
    if (!opened) return one;
    kinds.push(opened.kind);
    if ('value' in opened) return opened.value;
    missing.push(opened.why);
    return one;
  });
  const [kind] = kinds;
  if (kind === undefined) return entry;
  const { spelled: _, ...rest } = entry;
  return { ...rest, kind, why: missing[0], value: missing.length > 0 ? undefined : value };
}

/** The same value with others in the place of its scalars. */
async function mapped(value: Value, change: (one: Value) => Promise<Value>): Promise<Value> {
  if (value.kind === 'scalar') return change(value);
  if (value.kind === 'list') {
    const items: Value[] = [];
    for (const item of value.items) items.push(await mapped(item, change));
    return { kind: 'list', items };
  }
  const members: { key: string; value: Value }[] = [];
  for (const { key, value: inner } of value.members) members.push({ key, value: await mapped(inner, change) });
  return { kind: 'map', members };
}

const marked = ['fernet', 'flet', 'flowfile', 'dotenvx', 'ansible'] as const;
type Marked = (typeof marked)[number];

/** Undefined for a text that is no token. */
async function openText(word: string, { kind, user }: Entry, keys: Keys): Promise<Unwrapped | undefined> {
  const said = kind === 'flowfile' ? kind : recognise(word);
  const token = marked.find((one) => one === said);
  if (!token) return openUnmarked(word, keys.given);
  const secrets = token === 'dotenvx' ? [...keys.given, ...keys.dotenvx] : keys.given;
  return openMarked(token, word, secrets, user);
}

async function openMarked(
  kind: Marked,
  word: string,
  secrets: readonly string[],
  user: string | undefined,
): Promise<Unwrapped> {
  let why: Missing = 'key';
  for (const secret of secrets) {
    try {
      return {
        kind,
        value: plainValue(await tokenFormats[kind].open(word, secret, user === undefined ? undefined : Number(user))),
      };
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      if (error.code === 'BAD_TOKEN') return { kind, why: 'damaged' };
      if (error.code !== 'BAD_TOKEN_KEY') throw error;
      // One of another form was not tried.
      if (!error.place.what) why = 'wrong-key';
    }
  }
  return { kind, why };
}

/** Base64 of at least this many signs can be a token: 28 bytes of Anvil, 64 of Flet. */
const unmarked = [
  { kind: 'anvil', format: 'anvil', shape: /^[A-Za-z0-9+/]{38,}={0,2}$/ },
  { kind: 'flet', format: 'flet-gcm', shape: /^[\w-]{86,}={0,2}$/ },
] as const satisfies readonly { kind: Kind; format: TokenKind; shape: RegExp }[];

async function openUnmarked(word: string, secrets: readonly string[]): Promise<Unwrapped | undefined> {
  for (const { kind, format, shape } of secrets.length > 0 ? unmarked : []) {
    if (!shape.test(word)) continue;
    for (const secret of secrets) {
      const bytes = await opened(format, word, secret);
      if (bytes) return { kind, value: plainValue(bytes) };
    }
  }
  return undefined;
}

async function opened(format: 'anvil' | 'flet-gcm', word: string, secret: string): Promise<Uint8Array | undefined> {
  try {
    return await tokenFormats[format].open(word, secret);
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}

/** Of a hosted secret one entry for each app whose key is known; else one without a value. */
async function hosted(entry: Entry, { given }: Keys): Promise<Found[]> {
  const byApp = entry.value.kind === 'map' ? entry.value.members.find(({ key }) => key === 'value')?.value : undefined;
  const members = byApp?.kind === 'map' ? byApp.members : [];
  const found: Found[] = [];
  for (const { key, value } of members) {
    const open = await openUnmarked(textOf(value) ?? '', given);
    if (!open || !('value' in open)) continue;
    const path = members.length > 1 ? [...entry.path, key] : entry.path;
    found.push({ ...entry, path, kind: open.kind, why: undefined, apps: [key], value: open.value });
  }
  const opened = new Set(found.flatMap(({ apps }) => apps ?? []));
  const rest = (entry.apps ?? []).filter((app) => !opened.has(app));
  return found.length > 0 && rest.length === 0 ? found : [...found, { ...entry, apps: rest, value: undefined }];
}

const plainValue = (bytes: Uint8Array): Value => {
  const word = tryUtf8(bytes);
  return scalar(word === undefined ? { type: 'str', value: bytes } : text(word));
};
