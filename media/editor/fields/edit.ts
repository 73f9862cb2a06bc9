import type { Row, ValueType } from '../../../src/protocol/messages.ts';
import { attempt, backToTable, type Context } from '../context.ts';
import { sentenceOf } from '../host.ts';
import { wordButton } from '../parts/button.ts';
import { h } from '../parts/dom.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';
import { Pending } from './pending.ts';
import { Typed } from './typed.ts';
import { ValueInput } from './valueinput.ts';

/** Opens the field of a value, with a text pasted into it, or with the generator. */
export async function editValue(context: Context, row: Row, { generate = false, pasted = '' } = {}): Promise<void> {
  const { live, model } = context;
  if (model.state?.presenting) return live.say(words.presentingMore);
  if (model.state?.readOnly || row.kind !== 'entry' || row.binary || row.fixed) return;
  const edit = new ValueEdit(context, row, generate);
  const opened = edit.open();
  if (pasted !== '') edit.paste(pasted);
  await opened;
}

/** One value in its field: in its row, or in a panel below it when it has several lines. */
class ValueEdit extends Typed {
  declare readonly row: string;
  readonly #input: ValueInput;
  readonly #name: string;
  /** What is plaintext in the file is not hidden from the person who edits it. */
  readonly #plain: boolean;
  readonly #generate: boolean;
  /** The value is on its way. */
  #pending: Pending | undefined;
  /** What the file holds, once it is here. */
  #text = '';
  #type: ValueType;
  #panel: HTMLElement | undefined;
  #forgotten = false;
  #asked = false;

  constructor(context: Context, row: Row, generate: boolean) {
    super(context, row.id);
    this.#name = visibleText(row.name);
    this.#plain = !row.secret;
    this.#generate = generate;
    this.#type = row.type;
    this.#input = new ValueInput(context, row.name, row.type, row.lines !== '1');
    this.#input.field.onGrow = () => {
      if (!this.shown) return;
      this.place();
      this.focus();
    };
    this.#input.onBelow = () => this.#showBelow();
    this.#input.field.show(this.#plain);
    this.#pending = new Pending(this.#input.field);
    for (const element of [this.#input.type, this.#input.field.element]) this.#listen(element);
  }

  paste(text: string): void {
    this.#input.field.paste(text);
  }

  protected override async fetch(): Promise<boolean> {
    const { model } = this.context;
    const answer = await attempt(this.context, 'edit', { row: this.row });
    if (!answer || this.closed || model.state?.presenting || !model.row(this.row)) return false;
    await this.#pending?.arrive(answer.text);
    if (this.closed) return false;
    this.#pending = undefined;
    this.#text = answer.text;
    if (this.#input.as === this.#type) this.#input.type.value = answer.type;
    this.#type = answer.type;
    if (this.#generate) this.#input.generate();
    return true;
  }

  get #several(): boolean {
    return this.#input.field.several;
  }

  protected get changed(): boolean {
    return this.#pending ? this.#pending.typed : this.#input.text !== this.#text || this.#input.as !== this.#type;
  }

  focus(): void {
    this.#input.field.control.focus();
  }

  protected place(): void {
    const { model, table } = this.context;
    const { field, type } = this.#input;
    // A presentation may have begun while it was out of sight.
    if (model.state?.presenting) field.show(false);
    table.release(this.row, { keep: true });
    if (this.#several) this.#openPanel(field.element);
    else {
      table.hold(this.row, 'value', field.element);
      if (!this.#input.bare) this.#openPanel();
    }
    table.hold(this.row, 'type', type);
    table.show(this.row);
  }

  protected remove(): void {
    const { table } = this.context;
    this.#input.field.show(this.#plain);
    if (this.#panel) table.closePanel({ keep: true });
    this.#panel = undefined;
    table.release(this.row, { keep: true });
  }

  #openPanel(...content: Node[]): void {
    const buttons = h(
      'div',
      { class: 'buttons' },
      wordButton(words.setValue, () => this.#enter(), { primary: true }),
      wordButton(words.cancel, () => this.#escape(true)),
      this.#several && h('span', { class: 'hint' }, words.manyLines),
    );
    const label = words.editing(this.#name);
    this.#panel = h('section', { class: 'panel', 'aria-label': label }, ...content, this.#input.below, buttons);
    this.#listen(this.#panel);
    this.context.table.openPanel(this.row, this.#panel);
  }

  #showBelow(): void {
    if (!this.shown) return;
    if (!this.#panel) this.#openPanel();
    this.context.table.show(this.row);
  }

  #listen(element: HTMLElement): void {
    element.addEventListener('keydown', (event) => this.#key(event));
    element.addEventListener('focusout', (event) => this.#left(event.relatedTarget));
  }

  #key(event: KeyboardEvent): void {
    const { target, key, ctrlKey, metaKey, shiftKey } = event;
    const { field, type } = this.#input;
    const inField = target === field.control || target === type;
    const sets = key === 'Enter' && inField && (!this.#several || ctrlKey || metaKey);
    // Out of the cell, and not out of the page.
    const all = [...field.element.querySelectorAll('input, button'), ...(type.disabled ? [] : [type])];
    const leaves = key === 'Tab' && !this.#panel && target === all.at(shiftKey ? 0 : -1);
    if (key !== 'Escape' && !sets && !leaves) return;
    event.preventDefault();
    event.stopPropagation();
    if (key === 'Escape') this.#escape(false);
    else this.#enter();
  }

  #enter(): void {
    this.byKey = true;
    void this.leave();
    if (!this.shown) backToTable(this.context);
  }

  /** One Escape drops a changed line; several lines are more work, so they are asked about. */
  #escape(sure: boolean): void {
    if (this.#several && this.changed && !sure && !this.#asked) {
      this.#asked = true;
      this.#input.complain(`${words.discardTyped} (Escape)`);
      return;
    }
    this.close();
    backToTable(this.context);
  }

  /** The focus went elsewhere in the page: what was typed is set, as in a spreadsheet. */
  #left(to: EventTarget | null): void {
    const { desk, table } = this.context;
    if (!(to instanceof Element) || this.contains(to) || desk.open !== this) return;
    // The table gives it back while the value is on its way.
    if (this.#pending && table.grid.contains(to)) return;
    this.byKey = false;
    void this.leave();
  }

  contains(element: Element): boolean {
    const { field, type } = this.#input;
    return field.element.contains(element) || type.contains(element) || (this.#panel?.contains(element) ?? false);
  }

  /** Sets the value if it was changed. While it is on its way nobody knows whether it was. */
  leave(): Promise<boolean> {
    if (this.#pending) return this.sendAway();
    if (this.changed) return this.#input.check() ? this.sendAway() : Promise.resolve(false);
    this.close();
    return Promise.resolve(true);
  }

  /** Sets the value if it was changed; the field stays where it is. */
  save(): Promise<boolean> {
    return this.#pending ? Promise.resolve(false) : this.deliver();
  }

  protected async send(): Promise<boolean> {
    if (!this.changed) return true;
    if (!this.#input.check()) return false;
    const { text, as } = this.#input;
    const done = await this.context.host.ask('set', { row: this.row, text, as });
    if (!done) return false;
    this.context.awaitRow({ ...done, focus: undefined });
    this.#text = text;
    this.#type = as;
    if (this.#forgotten) this.close();
    return true;
  }

  protected refused(error: unknown): void {
    this.#input.complain(sentenceOf(error));
  }

  forget(): void {
    // It holds nothing of the file yet, and the host may be asking for a pass phrase.
    if (this.#pending) return;
    this.#forgotten = true;
    this.#input.field.show(false);
    // An empty field holds no value, so it can stay open while a person copies one from elsewhere.
    if (!this.changed && this.#text !== '') this.close();
  }

  protected empty(): void {
    this.#pending?.end();
    this.#pending = undefined;
    this.#input.field.clear();
    this.#text = '';
    this.#type = this.#input.as;
  }
}
