import { anything, count, type Of, object, type Shape, text } from './shape.ts';

/** What holds of one request of a page. */
export interface Rule {
  readonly args: Shape<unknown>;
  readonly result: Shape<unknown>;
  /**
   * `shown`: the answer holds a value, or lets one be guessed, so it is refused while locked and while presenting.
   * `unlocked`: refused while locked. `always`: never refused for that.
   */
  readonly when: 'shown' | 'unlocked' | 'always';
  /** How long the page waits for the answer. `person`: until somebody has entered a pass phrase or answered a question. */
  readonly waits: 'seconds' | 'person';
  /** The page asks by itself: it is no sign that somebody is there. */
  readonly unasked?: true;
}

/** All that a page may ask, by name. */
export type Table = Readonly<Record<string, Rule>>;
/** The arguments of each request. */
export type ArgsOf<T extends Table> = { readonly [N in keyof T]: Of<T[N]['args']> };
/** The result of each request. */
export type ResultsOf<T extends Table> = { readonly [N in keyof T]: Of<T[N]['result']> };

/** A request as it travels: its name, a number that the answer repeats, and its arguments. */
export type RequestOf<T extends Table> = {
  [N in keyof T & string]: {
    readonly type: N;
    readonly request: number;
    readonly revision: number;
    readonly args: ArgsOf<T>[N];
  };
}[keyof T & string];

const envelope = object({ type: text(), request: count(), revision: count(), args: anything });

/** A message from a page, if it is a request that the table has, with all its arguments and no others. */
export function readFrom<T extends Table>(table: T, message: unknown): RequestOf<T> | undefined {
  if (!envelope(message) || !Object.hasOwn(table, message.type)) return undefined;
  return table[message.type]?.args(message.args) ? (message as RequestOf<T>) : undefined;
}

/** The number that an answer to a message repeats, when it has one: also what is not understood gets an answer. */
export function requestNumber(message: unknown): number | undefined {
  const number = typeof message === 'object' && message !== null && 'request' in message ? message.request : undefined;
  return count()(number) ? number : undefined;
}
