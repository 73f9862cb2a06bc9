import type { Readable, Writable } from 'node:stream';

type Body = Readonly<Record<string, unknown>>;

interface Message extends Body {
  readonly type: 'request' | 'response' | 'event';
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly event?: string;
  readonly body?: Body;
}

/** A bare client of the Debug Adapter Protocol: what VS Code says to a debugger, and nothing besides. */
export class Dap {
  readonly #to: Writable;
  readonly #events: Message[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #answers = new Map<number, (message: Message) => void>();
  #rest = Buffer.alloc(0);
  #count = 0;
  /** Everything that came, as text. */
  log = '';

  constructor(from: Readable, to: Writable) {
    this.#to = to;
    from.on('data', (bytes: Buffer) => this.#read(bytes));
  }

  send(command: string, body: Body = {}): Promise<Body> {
    const seq = ++this.#count;
    const text = JSON.stringify({ seq, type: 'request', command, arguments: body });
    this.#to.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    return new Promise((resolve, reject) => {
      this.#answers.set(seq, ({ success, message, body: answer = {} }) => {
        if (success) resolve(answer);
        else reject(new Error(`${command}: ${message} ${JSON.stringify(answer)}`));
      });
    });
  }

  /** The first event of this name that nobody has taken. */
  async event(name: string): Promise<Body> {
    for (;;) {
      const at = this.#events.findIndex(({ event }) => event === name);
      if (at >= 0) return this.#events.splice(at, 1)[0]?.body ?? {};
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Starts a program, stops it at a line, and evaluates there; the results. */
  async stopAt(path: string, line: number, launch: Body, expressions: readonly string[]): Promise<string[]> {
    await this.send('initialize', { adapterID: 'test', pathFormat: 'path', linesStartAt1: true });
    const launched = this.send('launch', launch);
    // It fails before it says that it is ready, or never.
    await Promise.race([this.event('initialized'), launched.then(() => new Promise(() => undefined))]);
    await this.send('setBreakpoints', { source: { path }, breakpoints: [{ line }] });
    await this.send('configurationDone');
    await launched;
    const { threadId } = await this.event('stopped');
    const { stackFrames } = (await this.send('stackTrace', { threadId, levels: 1 })) as {
      stackFrames: { id: number; line: number }[];
    };
    const [frame] = stackFrames;
    if (frame?.line !== line) throw new Error(`it stopped in line ${frame?.line}`);
    const results: string[] = [];
    for (const expression of expressions)
      results.push(String((await this.send('evaluate', { expression, frameId: frame.id, context: 'watch' })).result));
    await this.send('disconnect', { terminateDebuggee: true }).catch(() => undefined);
    return results;
  }

  #read(bytes: Buffer): void {
    this.log += bytes;
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const end = this.#rest.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(this.#rest.subarray(0, end).toString())?.[1]);
      if (end < 0 || this.#rest.length < end + 4 + length) return;
      const message = JSON.parse(this.#rest.subarray(end + 4, end + 4 + length).toString()) as Message;
      this.#rest = this.#rest.subarray(end + 4 + length);
      if (message.type === 'response') this.#answers.get(message.request_seq ?? 0)?.(message);
      else this.#events.push(message);
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    }
  }
}
