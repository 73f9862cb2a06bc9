import type * as vscode from 'vscode';

import { LockstepError } from '../../core/errors.ts';
import type { Place } from './places.ts';

/** The one place in SecretStorage where identities are. */
export const secretKey = 'lockstep.identities';

export interface StoredKey {
  readonly label: string;
  /** The key itself, or an armored age file of it under a pass phrase. */
  readonly identity: string;
  readonly recipient: string;
  readonly created: string;
  /** Where it may be used; everywhere without it. */
  readonly places?: readonly Place[];
  /** Offered first for new files. At most one key is. */
  readonly forNew?: true;
}

type Step = (keys: readonly StoredKey[]) => readonly StoredKey[];

/** How long another window may take between its reading and its writing. */
const settle = 150;
const attempts = 5;
/** Where damaged lists are put aside. */
const asideNames = [
  `${secretKey}.unreadable`,
  ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `${secretKey}.unreadable.${n}`),
] as const;

/**
 * The list of identities. SecretStorage has no transactions, and two windows may write at once: every change starts from
 * a fresh reading, looks again a moment later, and is made once more if another window's writing has undone it.
 */
export class SecretList {
  readonly #secrets: vscode.SecretStorage;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async read(): Promise<readonly StoredKey[]> {
    return parse(await this.#secrets.get(secretKey)).keys;
  }

  /** Whether something in the entry cannot be read: it was cut, or another version wrote it. */
  async isDamaged(): Promise<boolean> {
    return parse(await this.#secrets.get(secretKey)).damaged;
  }

  /** Whether damaged lists were put aside. Keys may be in them as they were. */
  async hasAside(): Promise<boolean> {
    return (await this.#secrets.get(asideNames[0])) !== undefined;
  }

  async forgetAside(): Promise<void> {
    for (const name of asideNames) await this.#secrets.delete(name);
  }

  /** A list that cannot be read whole is put aside before the first writing, so that nobody's key goes with it. */
  async #saveDamaged(): Promise<void> {
    const text = await this.#secrets.get(secretKey);
    if (!text || !parse(text).damaged) return;
    for (const name of asideNames) {
      const there = await this.#secrets.get(name);
      if (there === undefined) await this.#secrets.store(name, text);
      if (there === undefined || there === text) return;
    }
    throw new LockstepError('IO', { what: 'secret-storage' });
  }

  /**
   * Adds a key, under its label or, if another key has that, one with a number. A key with the same recipient stays as it is, unless
   * it is of no use (`usable`): then it is this key from now on. Returns the list with it. Throws IO when it is not kept.
   */
  async put(key: StoredKey, usable: (there: StoredKey) => boolean): Promise<readonly StoredKey[]> {
    return this.#change((keys) => {
      const there = keys.find((one) => one.recipient === key.recipient);
      if (!there) return [...keys, { ...key, label: distinct(key.label, keys) }];
      if (usable(there)) return keys;
      return keys.map((one) => (one === there ? { ...one, identity: key.identity } : one));
    });
  }

  /** Changes what is kept of a key; nothing when there is none. */
  async update(recipient: string, change: (key: StoredKey) => StoredKey): Promise<void> {
    await this.#change((keys) => keys.map((key) => (key.recipient === recipient ? change(key) : key)));
  }

  /** Offers this key first for new files, and no other one; none without a recipient. */
  async offer(recipient: string | undefined): Promise<void> {
    await this.#change((keys) =>
      keys.map(({ forNew: _, ...key }) => (key.recipient === recipient ? { ...key, forNew: true } : key)),
    );
  }

  async remove(recipient: string): Promise<void> {
    await this.#change((keys) => keys.filter((key) => key.recipient !== recipient));
  }

  /** `step` must change nothing in a list that it has been applied to. */
  #change(step: Step): Promise<readonly StoredKey[]> {
    const next = this.#queue.then(() => this.#apply(step));
    this.#queue = next.catch(() => undefined);
    return next;
  }

  async #apply(step: Step): Promise<readonly StoredKey[]> {
    await this.#saveDamaged();
    let keys = await this.read();
    for (let n = 0; n < attempts; n++) {
      const wanted = step(keys);
      if (same(wanted, keys)) return keys;
      await this.#secrets.store(secretKey, JSON.stringify(wanted));
      // Not the same wait in both windows, or they would undo each other again.
      await new Promise((resolve) => setTimeout(resolve, settle + Math.random() * settle * n));
      keys = await this.read();
    }
    // A key that is not kept must not count as one: files would be encrypted for it.
    if (!same(step(keys), keys)) throw new LockstepError('IO', { what: 'secret-storage' });
    return keys;
  }
}

function distinct(label: string, keys: readonly StoredKey[]): string {
  const taken = keys.map((key) => key.label);
  let text = label;
  for (let n = 2; taken.includes(text); n++) text = `${label} (${n})`;
  return text;
}

const same = (a: readonly StoredKey[], b: readonly StoredKey[]) => JSON.stringify(a) === JSON.stringify(b);

interface Parsed {
  readonly keys: readonly StoredKey[];
  readonly damaged: boolean;
}

function parse(text: string | undefined): Parsed {
  if (!text) return { keys: [], damaged: false };
  const list = listIn(text);
  if (list) {
    const keys = list.filter(isKey).map(boundOnly);
    return { keys, damaged: keys.length < list.length };
  }
  return { keys: wholeEntries(text).filter(isKey).map(boundOnly), damaged: true };
}

function listIn(text: string): readonly unknown[] | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The entries of a list that was cut, up to the cut. */
function wholeEntries(text: string): readonly unknown[] {
  for (let end = text.lastIndexOf('}'); end > 0; end = text.lastIndexOf('}', end - 1)) {
    const list = listIn(`${text.slice(0, end + 1)}]`);
    if (list) return list;
  }
  return [];
}

function isKey(value: unknown): value is StoredKey {
  return hasTexts(value, ['label', 'identity', 'recipient', 'created']);
}

/** A key with places that cannot be read is bound all the same: to those that can. */
function boundOnly(key: StoredKey): StoredKey {
  if (key.places === undefined) return key;
  const places: readonly unknown[] = Array.isArray(key.places) ? key.places : [];
  return { ...key, places: places.filter((one): one is Place => hasTexts(one, ['id', 'name', 'root'])) };
}

function hasTexts(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return names.every((name) => typeof fields[name] === 'string');
}
