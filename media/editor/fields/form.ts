import type { RowId } from '../../../src/protocol/messages.ts';
import type { Done } from '../../../src/protocol/requests.ts';
import { backToTable, type Context } from '../context.ts';
import { Refusal } from '../host.ts';
import { wordButton } from '../parts/button.ts';
import { clearFields, h } from '../parts/dom.ts';
import { icon } from '../parts/icons.ts';
import { words } from '../words.ts';
import { keyboardIsFree, openField, type Sendable } from './desk.ts';

/** What a form is made of. */
export interface Parts {
  readonly label: string;
  readonly content: readonly Node[];
  readonly submit: string;
  readonly first: HTMLElement;
  /** Something was typed that would be lost. */
  readonly typed: () => boolean;
  /** Nothing is missing: it may be sent when the window loses the focus, because a hidden page is thrown away. */
  readonly complete?: () => boolean;
  /** What is missing, as a sentence; empty where that was said elsewhere. */
  readonly missing?: () => string | undefined;
  /** Does it; throws a Refusal. Undefined when there was nothing to do. */
  readonly send: () => Promise<Done | undefined>;
  /** Gets what is edited of the host, unless the form is closed meanwhile; false when there will be no form. */
  readonly load?: (closed: () => boolean) => Promise<boolean>;
  /** Hides what it shows. */
  readonly forget?: () => void;
}

/** A form below a row. It is sent, or cancelled; when something else is opened meanwhile it asks about what was typed. */
export class Form implements Sendable {
  readonly row?: RowId;
  readonly #context: Context;
  readonly #parts: Parts;
  readonly #problem = h('div', { class: 'problem', role: 'alert' });
  readonly #panel: HTMLElement;
  #loaded: Promise<boolean> = Promise.resolve(false);
  #loading = false;
  #sending: Promise<boolean> | undefined;
  #shown = false;
  #closed = false;

  private constructor(context: Context, row: RowId | undefined, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
    if (row !== undefined) this.row = row;
    this.#panel = h(
      'section',
      { class: 'panel form', 'aria-label': parts.label },
      ...parts.content,
      this.#problem,
      h(
        'div',
        { class: 'buttons' },
        wordButton(parts.submit, () => this.#enter(), { primary: true }),
        wordButton(words.cancel, () => this.#cancel()),
      ),
    );
    this.#panel.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Opens a form below a row, or above all. */
  static async open(context: Context, row: RowId | undefined, parts: Parts): Promise<void> {
    await openField(context, new Form(context, row, parts));
  }

  async load(left: Promise<boolean>): Promise<boolean> {
    this.#loading = this.#parts.load !== undefined;
    this.#loaded = left.then(async (free) => free && ((await this.#parts.load?.(() => this.#closed)) ?? true));
    const loaded = await this.#loaded;
    this.#loading = false;
    return loaded;
  }

  show(): void {
    const { table } = this.#context;
    this.#shown = true;
    table.openPanel(this.row, this.#panel);
    if (this.row !== undefined) table.show(this.row);
    else table.scroller.scrollTop = 0;
    if (keyboardIsFree(this.#context)) this.focus();
  }

  focus(): void {
    const { first } = this.#parts;
    first.focus();
    if (first instanceof HTMLInputElement) first.select();
  }

  hide(): void {
    if (!this.#shown) return;
    this.#shown = false;
    this.#parts.forget?.();
    this.#context.table.closePanel({ keep: true });
  }

  complain(text: string | undefined): void {
    this.#problem.replaceChildren(...(text ? [icon('error'), text] : []));
  }

  #key(event: KeyboardEvent): void {
    const enters = event.target instanceof HTMLInputElement && event.target.classList.contains('field');
    if (event.isComposing) return;
    if (event.key === 'Enter' && event.repeat && this.#loading) {
      // The key that opened the form is still down.
      event.preventDefault();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      this.#cancel();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || enters)) {
      event.preventDefault();
      event.stopPropagation();
      this.#enter();
    }
  }

  #enter(): void {
    const missing = this.#parts.missing?.();
    this.complain(missing);
    if (missing !== undefined) return;
    void this.#context.desk.send(this, () => this.#send());
    backToTable(this.#context);
  }

  /** Sends what was typed, once it can be; what is in the form then is out of the page. */
  #send(): Promise<boolean> {
    this.#sending ??= this.#sendNow().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendNow(): Promise<boolean> {
    if (!(await this.#loaded)) return true;
    try {
      const done = await this.#parts.send();
      this.#close();
      if (done) this.#context.awaitRow(done);
      return true;
    } catch (error) {
      this.complain(error instanceof Refusal ? error.message : words.failed);
      return false;
    }
  }

  #cancel(): void {
    this.close();
    backToTable(this.#context);
  }

  contains(element: Element): boolean {
    return this.#panel.contains(element);
  }

  leave(): Promise<boolean> {
    if (!this.#parts.typed()) {
      this.close();
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const answer = (discard: boolean) => {
        this.complain(undefined);
        if (discard) this.close();
        else this.#parts.first.focus();
        resolve(discard);
      };
      const discard = wordButton(words.discard, () => answer(true));
      const goOn = wordButton(words.goOn, () => answer(false));
      this.#problem.replaceChildren(icon('question'), words.discardTyped, discard, goOn);
      if (this.row !== undefined) this.#context.table.show(this.row);
      goOn.focus();
    });
  }

  /** Sends what is complete; the rest stays open. */
  save(): Promise<boolean> {
    return this.#parts.complete?.() ? this.#send() : Promise.resolve(false);
  }

  forget(): void {
    this.#parts.forget?.();
  }

  close(): boolean {
    const lost = this.#parts.typed();
    this.#close();
    return lost;
  }

  #close(): void {
    this.#closed = true;
    this.#context.desk.take(this);
    this.hide();
    clearFields(this.#panel);
  }
}
