import type * as vscode from 'vscode';

import { LockstepError } from '../../core/errors.ts';

/** The one place in SecretStorage where identities are. */
export const secretKey = 'lockstep.identities';

export interface StoredKey {
  readonly label: string;
  readonly identity: string;
  readonly recipient: string;
  readonly created: string;
}

type Step = (keys: readonly StoredKey[]) => readonly StoredKey[];

/** How long another window may take between its reading and its writing. */
const settle = 150;
const attempts = 5;

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
    return parse(await this.#secrets.get(secretKey)) ?? [];
  }

  /** A list that cannot be read is put aside before the first writing, so that nobody's key goes with it. */
  async #saveUnreadable(): Promise<void> {
    const text = await this.#secrets.get(secretKey);
    if (text && !parse(text)) await this.#secrets.store(`${secretKey}.unreadable`, text);
  }

  /**
   * Adds a key, under its label or, if another key has that, one with a number; a key with the same recipient stays as it is.
   * Returns the list with it. Throws IO when it is not kept.
   */
  async put(key: StoredKey): Promise<readonly StoredKey[]> {
    const has = (keys: readonly StoredKey[]) => keys.some((one) => one.recipient === key.recipient);
    return this.#change((keys) => (has(keys) ? keys : [...keys, { ...key, label: distinct(key.label, keys) }]));
  }

  async rename(recipient: string, label: string): Promise<void> {
    await this.#change((keys) => keys.map((key) => (key.recipient === recipient ? { ...key, label } : key)));
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
    await this.#saveUnreadable();
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

/** Undefined for text that is no list. */
function parse(text: string | undefined): readonly StoredKey[] | undefined {
  if (!text) return [];
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found.filter(isKey) : undefined;
  } catch {
    return undefined;
  }
}

function isKey(value: unknown): value is StoredKey {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return ['label', 'identity', 'recipient', 'created'].every((name) => typeof fields[name] === 'string');
}
