import type { Flags } from './flags.ts';
import type { Io } from './io.ts';

/** What a verb is given. */
export interface Call {
  readonly io: Io;
  readonly flags: Flags;
  /** Its operands. */
  readonly args: readonly string[];
  /** The program and its words, or the files, behind `--`; undefined without one, and for verbs that know no such thing. */
  readonly after: readonly string[] | undefined;
}

/** Does a verb's work; the exit code. Throws Failure, AboutFile, LockstepError. */
export type Run = (call: Call) => Promise<number>;
