import type { Digests, Known } from '../checklist/digests.ts';
import { type Held, parsed } from '../checklist/version.ts';
import { labelOf } from '../sops/label.ts';
import type { KeyName } from '../sops/masterkey.ts';

type Entries = ReadonlyMap<string, string>;

const start = 'ENC[';
/** So many are looked for one by one. */
const few = 4;

/** One content of a file. What is worked out of it is kept as long as it is. */
export class Version {
  #held: Held;
  #read: { readonly entries: Entries; readonly readers: readonly KeyName[] | undefined } | 'damaged' | undefined;
  #text: string | undefined;
  #ciphertexts: ReadonlySet<string> | undefined;

  constructor(held: Held) {
    this.#held = held;
  }

  /** By label, each as the file has it; undefined for a version that cannot be read. */
  get entries(): Entries | undefined {
    const { read } = this;
    return read === 'damaged' ? undefined : read.entries;
  }

  /** Who can read it; undefined: everybody who has the repository. */
  get readers(): readonly KeyName[] | undefined {
    const { read } = this;
    return read === 'damaged' ? [] : read.readers;
  }

  /** Whether these ciphertexts stand in it, without looking at what else is there. What is none may stand anywhere. */
  hasAll(stored: readonly string[]): boolean {
    if (!stored.every((one) => one.startsWith(start))) return false;
    // A ciphertext is ASCII, and this is the fastest way to what it can be looked for in.
    this.#text ??= new TextDecoder().decode(this.#held.bytes);
    const text = this.#text;
    if (stored.length <= few) return stored.every((one) => text.includes(one));
    this.#ciphertexts ??= new Set(text.match(/ENC\[[^\]]*\]/g) ?? []);
    const there = this.#ciphertexts;
    return stored.every((one) => there.has(one));
  }

  /** Those of its values that are asked for, by label; undefined for what cannot be opened. */
  values(digests: Digests, labels: readonly string[]): Promise<ReadonlyMap<string, Known> | undefined> {
    const asked = new Set(labels);
    return digests.past(this.#held, (label) => asked.has(label));
  }

  private get read() {
    if (this.#read) return this.#read;
    const found = parsed(this.#held, true);
    // Whoever opens it need not parse it again.
    this.#held = { ...this.#held, sealed: found?.sealed };
    this.#read = found ? readOf(found) : 'damaged';
    return this.#read;
  }
}

function readOf({ leaves, recipients, foreign }: NonNullable<ReturnType<typeof parsed>>) {
  const entries = new Map(
    leaves.map((leaf) => {
      const { scalar } = leaf.node;
      return [labelOf(leaf), scalar.type === 'null' ? '' : String(scalar.value)];
    }),
  );
  const age = recipients?.map((name) => ({ kind: 'age' as const, name }));
  return { entries, readers: age && [...age, ...foreign] };
}
