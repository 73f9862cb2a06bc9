import type { RowId } from '../../../src/protocol/messages.ts';
import type { Done } from '../../../src/protocol/requests.ts';
import { backToTable, type Context } from '../context.ts';
import { sentenceOf } from '../host.ts';
import { wordButton } from '../parts/button.ts';
import { clearFields, h } from '../parts/dom.ts';
import { icon } from '../parts/icons.ts';
import { words } from '../words.ts';
import { Typed } from './typed.ts';

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

/** A form below a row, or above all. It is sent, or cancelled; when something else is opened meanwhile it asks about what was typed. */
export class Form extends Typed {
  readonly #parts: Parts;
  readonly #problem = h('div', { class: 'problem', role: 'alert' });
  readonly #panel: HTMLElement;

  private constructor(context: Context, row: RowId | undefined, parts: Parts) {
    super(context, row);
    this.#parts = parts;
    this.byKey = true;
    this.#panel = h(
      'section',
      { class: 'panel form', 'aria-label': parts.label, on: { keydown: (event) => this.#key(event) } },
      ...parts.content,
      this.#problem,
      h(
        'div',
        { class: 'buttons' },
        wordButton(parts.submit, () => this.#enter(), { primary: true }),
        wordButton(words.cancel, () => this.#cancel()),
      ),
    );
  }

  static async open(context: Context, row: RowId | undefined, parts: Parts): Promise<void> {
    await new Form(context, row, parts).open();
  }

  protected override fetch(): Promise<boolean> {
    return this.#parts.load?.(() => this.closed) ?? super.fetch();
  }

  protected get changed(): boolean {
    return this.#parts.typed();
  }

  protected place(): void {
    const { table } = this.context;
    table.openPanel(this.row, this.#panel);
    if (this.row !== undefined) table.show(this.row);
    else table.scroller.scrollTop = 0;
  }

  protected remove(): void {
    this.#parts.forget?.();
    this.context.table.closePanel({ keep: true });
  }

  protected empty(): void {
    clearFields(this.#panel);
  }

  focus(): void {
    const { first } = this.#parts;
    first.focus();
    if (first instanceof HTMLInputElement) first.select();
  }

  protected refused(error: unknown): void {
    this.#complain(sentenceOf(error));
  }

  #complain(sentence: string | undefined): void {
    this.#problem.replaceChildren(...(sentence ? [icon('error'), sentence] : []));
  }

  #key(event: KeyboardEvent): void {
    const { key, target } = event;
    const enters = target instanceof HTMLInputElement && target.classList.contains('field');
    const sends = key === 'Enter' && (event.ctrlKey || event.metaKey || enters);
    if (key !== 'Escape' && !sends) return;
    event.preventDefault();
    event.stopPropagation();
    if (sends) this.#enter();
    else this.#cancel();
  }

  #enter(): void {
    const missing = this.#parts.missing?.();
    this.#complain(missing);
    if (missing !== undefined) return;
    void this.sendAway();
    backToTable(this.context);
  }

  protected async send(): Promise<boolean> {
    const done = await this.#parts.send();
    this.close();
    if (done) this.context.awaitRow(done);
    return true;
  }

  #cancel(): void {
    this.close();
    backToTable(this.context);
  }

  contains(element: Element): boolean {
    return this.#panel.contains(element);
  }

  leave(): Promise<boolean> {
    if (!this.changed) {
      this.close();
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const answer = (discard: boolean) => {
        this.#complain(undefined);
        if (discard) this.close();
        else this.#parts.first.focus();
        resolve(discard);
      };
      const discard = wordButton(words.discard, () => answer(true));
      const goOn = wordButton(words.goOn, () => answer(false));
      this.#problem.replaceChildren(icon('question'), words.discardTyped, discard, goOn);
      if (this.row !== undefined) this.context.table.show(this.row);
      goOn.focus();
    });
  }

  /** Sends what is complete; the rest stays open. */
  save(): Promise<boolean> {
    return this.#parts.complete?.() ? this.deliver() : Promise.resolve(false);
  }

  forget(): void {
    this.#parts.forget?.();
  }
}
