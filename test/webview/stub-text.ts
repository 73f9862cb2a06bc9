import type { TextState, Token } from '../../src/protocol/requests.ts';

const tokens = /\uE000([A-Za-z0-9]+)\uE001/g;
/** `name: value` or `NAME=value`; a block `name: |` goes on over the lines that are indented more. */
const entry = /^([ \t-]*[\w.]+(?:: |=))(\|\n(?:[ \t]+.*\n?)+|.+)$/gm;

/** The stub's text: every value has a token that stays its own as long as its name and the value are the same. */
export class StubText {
  plain: string;
  readonly #known = new Map<Token, { readonly name: string; readonly source: string }>();
  #problem: TextState['problem'];

  constructor(plain: string) {
    this.plain = plain;
  }

  state(): TextState {
    const text = this.plain.replace(entry, (_all, head: string, value: string) => {
      const end = /\n$/.exec(value)?.[0] ?? '';
      return head + this.#token(head, value.slice(0, value.length - end.length)) + end;
    });
    const language = /^\w+=/m.test(this.plain) ? 'dotenv' : 'yaml';
    return { text, language, ...(this.#problem && { problem: this.#problem }) };
  }

  #token(name: string, source: string): Token {
    for (const [token, known] of this.#known) if (known.name === name && known.source === source) return token;
    const token = `\uE000t${this.#known.size}\uE001`;
    this.#known.set(token, { name, source });
    return token;
  }

  #source(token: Token): string {
    return this.#known.get(token)?.source ?? '';
  }

  show(wanted: readonly Token[]): string[] {
    return wanted.map((token) => this.#source(token));
  }

  set(text: string): void {
    this.plain = text.replace(tokens, (token) => this.#source(token));
    const bad = this.plain.split('\n').findIndex((line) => line.startsWith('!'));
    this.#problem = bad < 0 ? undefined : { code: 'SYNTAX', text: 'A name is missing.', line: bad + 1, column: 1 };
  }

  find(text: string, matchCase: boolean): Token[] {
    const fold = (one: string) => (matchCase ? one : one.toLowerCase());
    const here = this.state().text.match(tokens) ?? [];
    return here.filter((token) => fold(this.#source(token)).includes(fold(text)));
  }

  /** In the values of the names that tokens were given for. */
  replace(text: string, by: string, wanted: readonly Token[]): void {
    const name = (token: Token) => this.#known.get(token)?.name;
    const names = new Set(wanted.map(name));
    this.plain = this.state().text.replace(tokens, (token) => {
      const source = this.#source(token);
      return names.has(name(token)) ? source.replaceAll(text, by) : source;
    });
  }
}
