import type { Word } from '../errors.ts';

/** Codes of libgpg-error that say what a person did, or could not do. */
const codes: Readonly<Record<number, Word<'PGP'>>> = {
  9: 'no-public',
  11: 'passphrase',
  62: 'silent',
  // No pinentry: there is none, or it may not be asked.
  85: 'pinentry',
  86: 'pinentry',
  99: 'cancelled',
  108: 'card', // no card
  112: 'card', // another card
  198: 'cancelled',
};

/** What gpg says on its status channel (GnuPG doc/DETAILS): words, without the texts for people. */
export class GpgStatus {
  readonly #lines: readonly (readonly string[])[];

  /** @param text what came out of that channel; other lines are passed over */
  constructor(text: string) {
    this.#lines = text
      .split('\n')
      .filter((line) => line.startsWith('[GNUPG:] '))
      .map((line) => line.slice(9).trim().split(' '));
  }

  /** Whether a keyword was said. */
  said(keyword: string): boolean {
    return this.#lines.some(([word]) => word === keyword);
  }

  /** The fingerprints of the part of a key that decrypted, and of its primary key. */
  openedBy(): { readonly part: string; readonly primary: string } | undefined {
    const found = this.#lines.filter(([word]) => word === 'DECRYPTION_KEY').at(-1);
    const [, part, primary] = found ?? [];
    return part && primary ? { part: part.toUpperCase(), primary: primary.toUpperCase() } : undefined;
  }

  /** Why it did not do it, as far as it says. */
  fault(): Word<'PGP'> {
    const told = this.#lines.flatMap(([word, ...facts]) => {
      if (word === 'CARDCTRL') return ['card' as const];
      if (word !== 'ERROR' && word !== 'FAILURE') return [];
      const code = Number(facts[1]) & 0xffff;
      // A fault of the system comes from a pinentry without a terminal.
      return codes[code] ?? (facts[0] === 'pkdecrypt_failed' && code >= 0x8000 ? 'pinentry' : []);
    });
    return told[0] ?? 'failed';
  }
}
