import type { MessagePort } from 'node:worker_threads';
import type { Answer, Asked } from './asking.ts';

/** What both threads see: how many questions were answered; a pulse; that the other thread has ended. */
export const signs = { answered: 0, pulse: 1, ended: 2 } as const;

/** The line between a thread that waits and the one that works for it. */
export interface Line {
  readonly port: MessagePort;
  readonly state: Int32Array;
}

/** Answers what comes along the line, in a thread that is there for nothing else. */
export function serve({ port, state }: Line, answer: (asked: Asked) => Promise<Answer>): void {
  const sign = (which: number) => {
    Atomics.add(state, which, 1);
    Atomics.notify(state, signs.answered);
  };
  setInterval(() => Atomics.add(state, signs.pulse, 1), 500);
  process.on('exit', () => {
    Atomics.store(state, signs.ended, 1);
    sign(signs.answered);
  });
  port.on('message', async (asked: Asked) => {
    port.postMessage(await answer(asked));
    sign(signs.answered);
  });
}
