import type { RowId } from '../../../src/protocol/messages.ts';
import { backToTable, type Context } from '../context.ts';
import { Refusal } from '../host.ts';
import { wordButton } from '../parts/button.ts';
import { h } from '../parts/dom.ts';
import { icon } from '../parts/icons.ts';
import { words } from '../words.ts';
import { closeField, openField } from './ahead.ts';
import type { Open } from './desk.ts';

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
  /** Does it; throws a Refusal, or gives a sentence that says what is missing. */
  readonly send: () => Promise<string | undefined>;
  /** Whether Enter in this element sends; Ctrl+Enter always does. */
  readonly enters?: (target: EventTarget | null) => boolean;
  /** Hides what it shows. */
  readonly forget?: () => void;
}

/** A form below a row. It is sent, or cancelled; when something else is opened meanwhile it asks about what was typed. */
export class Form implements Open {
  readonly row?: RowId;
  readonly #context: Context;
  readonly #parts: Parts;
  readonly #problem = h('div', { class: 'problem', role: 'alert' });
  readonly #panel: HTMLElement;
  #sending = false;

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

  /** Opens a form below a row, or above all, once its parts are there. `make` gives undefined when there will be none. */
  static open(context: Context, row: RowId | undefined, make: () => Promise<Parts | undefined>): Promise<void> {
    return openField(context, row, make, (parts) => {
      const form = new Form(context, row, parts);
      context.desk.put(form);
      context.table.openPanel(row, form.#panel);
      if (row !== undefined) context.table.show(row);
      else context.table.scroller.scrollTop = 0;
      parts.first.focus();
      if (parts.first instanceof HTMLInputElement) parts.first.select();
    });
  }

  complain(text: string | undefined): void {
    this.#problem.replaceChildren(...(text ? [icon('error'), text] : []));
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.#cancel();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || this.#enters(event.target))) {
      event.preventDefault();
      event.stopPropagation();
      this.#enter();
    }
  }

  #enter(): void {
    void closeField(this.#context, () => this.#send());
  }

  #enters(target: EventTarget | null): boolean {
    return this.#parts.enters?.(target) ?? (target instanceof HTMLInputElement && target.classList.contains('field'));
  }

  async #send(): Promise<boolean> {
    if (this.#sending) return false;
    this.#sending = true;
    this.complain(undefined);
    try {
      const missing = await this.#parts.send();
      if (missing !== undefined) {
        this.complain(missing);
        return false;
      }
    } catch (error) {
      this.complain(error instanceof Refusal ? error.message : words.failed);
      return false;
    } finally {
      this.#sending = false;
    }
    this.close();
    backToTable(this.#context);
    return true;
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
    this.#context.desk.take(this);
    this.#context.table.closePanel();
    return lost;
  }
}
