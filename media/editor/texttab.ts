import type { Context } from './context.ts';
import { h } from './parts/dom.ts';
import type { TextView } from './text/view.ts';
import { words } from './words.ts';

/** What `editor-text.js` leaves behind when it is loaded. */
interface TextBundle {
  readonly TextView: typeof TextView;
}

/** This script's own address and nonce: the Text view's script is beside it. Known only while it is run first. */
const own = document.currentScript as HTMLScriptElement | null;
const address = own?.src.replace(/editor\.js(?=$|\?)/, 'editor-text.js') ?? '';
const nonce = own?.nonce ?? '';

let loading: Promise<TextBundle> | undefined;

function load(): Promise<TextBundle> {
  loading ??= new Promise<TextBundle>((resolve, reject) => {
    const script = document.createElement('script');
    script.nonce = nonce;
    script.src = address;
    script.addEventListener('load', () =>
      resolve((globalThis as unknown as { lockstepText: TextBundle }).lockstepText),
    );
    script.addEventListener('error', () => reject(new Error(words.textFailed)));
    document.head.append(script);
  });
  return loading;
}

/** The Text view, loaded when it is first asked for. */
export class TextTab {
  readonly element = h('div', { class: 'text' });
  readonly #context: Context;
  /** Undefined while the view is not open. */
  view: TextView | undefined;
  #line = 1;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Asks for the text and makes the view; false when that fails. */
  async open(): Promise<boolean> {
    try {
      const [{ TextView }, state] = await Promise.all([load(), this.#context.host.ask('text', {})]);
      this.view = new TextView(this.#context, this.element, state, nonce);
      this.view.line = this.#line;
      return true;
    } catch (error) {
      this.#context.live.refuse(error);
      return false;
    }
  }

  /** Of the cursor; kept while the view is not open. */
  get line(): number {
    return this.view?.line ?? this.#line;
  }

  set line(line: number) {
    this.#line = line;
  }

  close(): void {
    this.#line = this.line;
    this.view?.destroy();
    this.view = undefined;
    this.element.replaceChildren();
  }
}
