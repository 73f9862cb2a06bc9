import type { Socket } from 'node:net';
import { maxMessage } from '../../core/agent/protocol.ts';

/** Why there is no next line: it is too long, or no UTF-8; the other end closed; nothing came in time. */
type NoLine = 'bad' | 'closed' | 'silent';

/** Takes lines off a socket, of a bounded length, and waits for each a bounded time. Not for two readers. */
export class Lines {
  readonly #socket: Socket;
  readonly #parts: Buffer[] = [];
  #length = 0;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (part) => {
      this.#parts.push(Buffer.from(part));
      this.#length += part.length;
      // What nobody takes does not pile up.
      if (this.#length > maxMessage) socket.pause();
      this.#wake();
    });
    for (const event of ['end', 'close', 'error'])
      socket.on(event, () => {
        this.#ended = true;
        this.#wake();
      });
  }

  /** The next line without its end. */
  async next(milliseconds: number): Promise<{ readonly line: string } | NoLine> {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      this.#wake();
    }, milliseconds);
    try {
      for (;;) {
        const found = this.#take();
        if (found !== undefined) return found;
        if (this.#length > maxMessage) return 'bad';
        if (this.#ended) return 'closed';
        if (over) return 'silent';
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #take(): { readonly line: string } | 'bad' | undefined {
    // Only the last part can have brought the end of the line: what was there before has been looked through.
    const last = this.#parts.at(-1);
    if (last === undefined || !this.#parts.some((part) => part.includes(10))) return undefined;
    const whole = Buffer.concat(this.#parts);
    const end = whole.indexOf(10);
    const rest = whole.subarray(end + 1);
    this.#parts.splice(0, this.#parts.length, ...(rest.length > 0 ? [rest] : []));
    this.#length = rest.length;
    this.#socket.resume();
    if (end > maxMessage) return 'bad';
    try {
      return { line: new TextDecoder('utf-8', { fatal: true }).decode(whole.subarray(0, end)) };
    } catch {
      return 'bad';
    }
  }
}
