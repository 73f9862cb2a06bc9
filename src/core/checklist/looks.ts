import { bareRecipient } from '../age/sshkey.ts';

/** What is seen of a version before it is parsed: a history has thousands. */
export interface Look {
  /** It is encrypted, and one of the recipients is somewhere in it. */
  readonly names: boolean;
  /** It has no ciphertext. */
  readonly plain: boolean;
  readonly ciphertexts: readonly number[];
}

/** Looks at versions of files. Each ciphertext becomes a number, since most versions have most of theirs in common. */
export class Looker {
  readonly #recipients: readonly string[];
  readonly #known = new Map<string, number>();

  constructor(recipients: readonly string[]) {
    this.#recipients = recipients.map(bareRecipient);
  }

  look(bytes: Uint8Array): Look {
    const text = new TextDecoder('latin1').decode(bytes);
    const found = text.match(/ENC\[AES256_GCM,data:[^\]]*\]/g) ?? [];
    const ciphertexts = found.map((one) => {
      const number = this.#known.get(one) ?? this.#known.size;
      this.#known.set(one, number);
      return number;
    });
    const plain = ciphertexts.length === 0;
    return { names: !plain && this.#recipients.some((one) => text.includes(one)), plain, ciphertexts };
  }
}

/**
 * Those of a file's versions that the recipients can open: those that name them, and those that have a ciphertext in common with one
 * that they can open, since that has the same data key. Where there are any, those that are plaintext as well.
 */
export function readable<V extends { readonly look: Look }>(versions: readonly V[]): V[] {
  const open = new Set(versions.filter(({ look }) => look.names));
  for (let before = -1; before < open.size; ) {
    before = open.size;
    const known = new Set([...open].flatMap(({ look }) => look.ciphertexts));
    for (const one of versions) if (one.look.ciphertexts.some((text) => known.has(text))) open.add(one);
  }
  return open.size === 0 ? [] : versions.filter((one) => open.has(one) || one.look.plain);
}

/** Those that have a ciphertext that none before them has, and those in plaintext. */
export function fresh<V extends { readonly look: Look }>(versions: readonly V[]): V[] {
  const seen = new Set<number>();
  return versions.filter(({ look }) => {
    const isFresh = look.plain || look.ciphertexts.some((text) => !seen.has(text));
    for (const text of look.ciphertexts) seen.add(text);
    return isFresh;
  });
}
