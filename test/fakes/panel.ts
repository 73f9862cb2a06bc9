import { EventEmitter, type Uri } from './values.ts';

interface Answer {
  readonly type: string;
  readonly request?: number;
  readonly ok?: boolean;
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly text: string };
}

/** A panel with a page in it, which keeps what it is sent and can ask. */
export class FakePanel {
  readonly viewType: string;
  title: string;
  visible = true;
  active = true;
  closed = false;
  readonly sent: Answer[] = [];
  readonly #messages = new EventEmitter<unknown>();
  readonly #disposed = new EventEmitter<void>();
  readonly viewState = new EventEmitter<unknown>();
  readonly onDidDispose = this.#disposed.event;
  readonly onDidChangeViewState = this.viewState.event;
  #number = 0;
  readonly webview = {
    html: '',
    options: {},
    cspSource: 'https://page.example',
    asWebviewUri: (uri: Uri) => uri,
    onDidReceiveMessage: this.#messages.event,
    postMessage: async (message: Answer) => {
      this.sent.push(structuredClone(message));
      return true;
    },
  };

  constructor(viewType: string, title: string) {
    this.viewType = viewType;
    this.title = title;
  }

  /** A message as it is, whatever it is. */
  say(message: unknown): void {
    this.#messages.fire(message);
  }

  /** Asks and waits for the answer. */
  async ask(type: string, args: object = {}): Promise<Answer> {
    const request = ++this.#number;
    this.say({ type, request, revision: 1, args });
    for (;;) {
      const found = this.sent.find((one) => one.type === 'answer' && one.request === request);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  reveal(): void {
    this.visible = true;
  }

  dispose(): void {
    if (this.closed) return;
    this.closed = true;
    this.#disposed.fire();
  }
}
