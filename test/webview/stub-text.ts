import type { TextState, Token } from '../../src/protocol/requests.ts';

const tokens = /\uE000([A-Za-z0-9]+)\uE001/g;
/** `name: value` or `NAME=value`; a block `name: |` goes on over the lines that are indented more. */
const entry = /^([ \t-]*[\w.]+(?:: |=))(\|\n(?:[ \t]+.*\n?)+|.+)$/gm;

/** The stub's text: every value has a token that stays its own as long as the value is the same. */
export class StubText {
  plain: string;
  readonly #sources = new Map<Token, string>();
  #problem: TextState['problem'];

  constructor(plain: string) {
    this.plain = plain;
  }

  state(): TextState {
    const text = this.plain.replace(entry, (_all, head: string, value: string) => {
      const end = /\n$/.exec(value)?.[0] ?? '';
      return head + this.#token(value.slice(0, value.length - end.length)) + end;
    });
    const language = /^\w+=/m.test(this.plain) ? 'dotenv' : 'yaml';
    return { text, language, ...(this.#problem && { problem: this.#problem }) };
  }

  #token(source: string): Token {
    for (const [token, known] of this.#sources) if (known === source) return token;
    const token = `\uE000t${this.#sources.size}\uE001`;
    this.#sources.set(token, source);
    return token;
  }

  show(wanted: readonly Token[]): string[] {
    return wanted.map((token) => this.#sources.get(token) ?? '');
  }

  set(text: string): void {
    this.plain = text.replace(tokens, (token) => this.#sources.get(token) ?? '');
    const bad = this.plain.split('\n').findIndex((line) => line.startsWith('!'));
    this.#problem = bad < 0 ? undefined : { code: 'SYNTAX', text: 'A name is missing.', line: bad + 1, column: 1 };
  }

  find(text: string, matchCase: boolean): Token[] {
    const fold = (one: string) => (matchCase ? one : one.toLowerCase());
    return [...this.#sources].filter(([, source]) => fold(source).includes(fold(text))).map(([token]) => token);
  }

  replace(text: string, by: string, wanted: readonly Token[]): void {
    const now = this.state().text;
    this.plain = now.replace(tokens, (token) => {
      const source = this.#sources.get(token) ?? '';
      return wanted.includes(token) ? source.replaceAll(text, by) : source;
    });
  }
}
