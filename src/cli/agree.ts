import type { Call } from './call.ts';
import { exit, Failure } from './failure.ts';

/** Asks until the answer is y or n. Throws Failure when there is no answer; `next` says what would have done instead. */
export async function agreed({ io }: Call, question: string, next: string): Promise<boolean> {
  for (;;) {
    const answer = (await io.ask(`${question} (y/n): `))?.trim().toLowerCase();
    if (answer === undefined) throw new Failure(exit.generic, 'There is no answer.', `Nothing was changed. ${next}`);
    if (answer === 'y' || answer === 'n') return answer === 'y';
  }
}
