import { randomBytes, upperHex } from '../bytes.ts';
import { LockstepError } from '../errors.ts';
import type { Span } from '../format/document.ts';
import { keyedHashOf } from '../hash.ts';
import type { DataKey } from '../keys/datakey.ts';

/** A stretch of a plain text that the page does not get. */
export interface Part extends Span {
  /** Whose text it is; parts of the same name and text have the same token. */
  readonly name: string;
}

/** `\uE000`, letters and digits, `\uE001`. */
type Token = string;

const pattern = /\uE000[A-Za-z0-9]+\uE001/g;

/** No key path ends without a colon, so no value of a file is sealed like this. */
const aad = 'lockstep token';

/**
 * Tokens, and the texts that they stand for. The texts are kept as ciphertext under the file's data key: who may open the
 * file may know them, and after a lock nobody. A token is random, and says nothing of its text.
 */
export class Tokens {
  readonly #key = randomBytes(32);
  readonly #texts = new Map<Token, { readonly name: string; readonly sealed: string }>();
  readonly #known = new Map<string, Token>();

  /** A text with a token in each part's place. What looks like a token already is a part, too. */
  async hide(dataKey: DataKey, text: string, parts: readonly Part[]): Promise<string> {
    const out: string[] = [];
    let at = 0;
    for (const part of [...parts].sort((a, b) => a.start - b.start)) {
      if (part.start < at || part.end <= part.start) continue;
      out.push(await this.#hideLooks(dataKey, text.slice(at, part.start)));
      out.push(await this.#tokenOf(dataKey, part.name, text.slice(part.start, part.end)));
      at = part.end;
    }
    out.push(await this.#hideLooks(dataKey, text.slice(at)));
    return out.join('');
  }

  async #hideLooks(dataKey: DataKey, text: string): Promise<string> {
    let out = text;
    for (const [look] of text.matchAll(pattern)) out = out.replace(look, await this.#tokenOf(dataKey, 'look', look));
    return out;
  }

  async #tokenOf(dataKey: DataKey, name: string, text: string): Promise<Token> {
    const mark = keyedHashOf(this.#key, `${name}\0${text}`);
    const known = this.#known.get(mark);
    if (known !== undefined) return known;
    const token: Token = `\uE000${upperHex(randomBytes(9))}\uE001`;
    this.#texts.set(token, { name, sealed: await dataKey.seal({ type: 'str', value: text }, aad) });
    this.#known.set(mark, token);
    return token;
  }

  /** The text behind a token. Throws CHANGED_ON_DISK for one that is not known, or of another data key. */
  async source(dataKey: DataKey, token: Token): Promise<string> {
    const sealed = this.#texts.get(token)?.sealed;
    const plain = sealed && (await dataKey.open(sealed, aad).catch(() => undefined));
    if (!plain || typeof plain.value !== 'string') throw new LockstepError('CHANGED_ON_DISK', { what: 'token' });
    return plain.value;
  }

  /** Whose text a token stands for. */
  nameOf(token: Token): string | undefined {
    return this.#texts.get(token)?.name;
  }

  /** A text with the names of its tokens: the same for texts that differ in their hidden values only. */
  skeleton(text: string): string {
    return text.replace(pattern, (token) => `\uE000${this.nameOf(token)}\uE001`);
  }

  /** A text with what `by` says in each token's place, and where that is. */
  async replace(
    text: string,
    by: (token: Token) => string | Promise<string>,
  ): Promise<{ readonly text: string; readonly parts: readonly Part[] }> {
    const parts: Part[] = [];
    let out = '';
    let at = 0;
    for (const { 0: token, index } of text.matchAll(pattern)) {
      out += text.slice(at, index);
      const start = out.length;
      out += await by(token);
      parts.push({ start, end: out.length, name: this.nameOf(token) ?? '' });
      at = index + token.length;
    }
    return { text: out + text.slice(at), parts };
  }
}

/** The tokens of a text, in order. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(pattern)].map(([token]) => token);
}
