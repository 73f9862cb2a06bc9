import type { Row, RowId, ValueType } from '../../../src/protocol/messages.ts';
import { attempt, backToTable, type Context } from '../context.ts';
import { Refusal } from '../host.ts';
import { wordButton } from '../parts/button.ts';
import { h } from '../parts/dom.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';
import { keyboardIsFree, openField, type Sendable } from './desk.ts';
import { Pending } from './pending.ts';
import { ValueInput } from './valueinput.ts';

/** Opens the field of a value, with a text pasted into it, or with the generator. */
export async function editValue(context: Context, row: Row, { generate = false, pasted = '' } = {}): Promise<void> {
  const { live, model } = context;
  if (model.state?.presenting) return live.say(words.presentingMore);
  if (model.state?.readOnly || row.kind !== 'entry' || row.binary || row.fixed) return;
  await openField(context, new ValueEdit(context, row, generate, pasted));
}

/** One value in its field: in its row, or in a panel below it when it has several lines. */
class ValueEdit implements Sendable {
  readonly row: RowId;
  readonly #context: Context;
  readonly #input: ValueInput;
  readonly #name: string;
  /** What is plaintext in the file is not hidden from the person who edits it. */
  readonly #plain: boolean;
  readonly #generate: boolean;
  #pasted: string;
  /** The value is on its way. */
  #pending: Pending | undefined;
  #loaded: Promise<boolean> = Promise.resolve(false);
  /** What the file holds, once it is here. */
  #text = '';
  #type: ValueType;
  #panel: HTMLElement | undefined;
  #saving: Promise<boolean> | undefined;
  #shown = false;
  /** It was left by a key, so it has the keyboard again when it comes back. */
  #byKey = false;
  #closed = false;
  #forgotten = false;
  #asked = false;

  constructor(context: Context, row: Row, generate: boolean, pasted: string) {
    this.#context = context;
    this.row = row.id;
    this.#name = visibleText(row.name);
    this.#plain = !row.secret;
    this.#type = row.type;
    this.#generate = generate;
    this.#pasted = pasted;
    this.#input = new ValueInput(context, row.name, row.type, row.lines !== '1');
    this.#input.field.onGrow = () => {
      this.#place();
      this.focus();
    };
    this.#input.onBelow = () => this.#showBelow();
    this.#pending = new Pending(this.#input.field);
    this.#input.field.show(this.#plain);
  }

  async load(left: Promise<boolean>): Promise<boolean> {
    if (this.#pasted !== '') this.#input.field.paste(this.#pasted);
    this.#pasted = '';
    this.#loaded = left.then((free) => free && this.#fetch());
    return this.#loaded;
  }

  async #fetch(): Promise<boolean> {
    if (this.#closed) return false;
    const { model } = this.#context;
    const answer = await attempt(this.#context, 'edit', { row: this.row });
    if (!answer || this.#closed || model.state?.presenting || !model.row(this.row)) return false;
    await this.#pending?.arrive(answer.text);
    if (this.#closed) return false;
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

  get #changed(): boolean {
    return this.#pending ? this.#pending.typed : this.#input.text !== this.#text || this.#input.as !== this.#type;
  }

  show(): void {
    this.#place();
    if (this.#byKey && keyboardIsFree(this.#context)) this.focus();
  }

  focus(): void {
    this.#input.field.control.focus();
  }

  hide(): void {
    if (!this.#shown) return;
    this.#shown = false;
    this.#input.field.show(this.#plain);
    const { table } = this.#context;
    if (this.#panel) table.closePanel({ keep: true });
    this.#panel = undefined;
    table.release(this.row, { keep: true });
  }

  /** Puts the field in the row, or in a panel. */
  #place(): void {
    const { table } = this.#context;
    const { field, type } = this.#input;
    this.#shown = true;
    table.release(this.row, { keep: true });
    this.#listen(type);
    if (this.#several) this.#openPanel(field.element, this.#input.below, this.#buttons());
    else {
      this.#listen(field.element);
      table.hold(this.row, 'value', field.element);
      if (!this.#input.bare) this.#openPanel(this.#input.below, this.#buttons());
    }
    table.hold(this.row, 'type', type);
    table.show(this.row);
  }

  #openPanel(...content: Node[]): void {
    this.#panel = h('section', { class: 'panel', 'aria-label': words.editing(this.#name) }, ...content);
    this.#listen(this.#panel);
    this.#context.table.openPanel(this.row, this.#panel);
  }

  #showBelow(): void {
    if (!this.#shown) return;
    if (!this.#panel) this.#openPanel(this.#input.below, this.#buttons());
    this.#context.table.show(this.row);
  }

  #buttons(): HTMLElement {
    return h(
      'div',
      { class: 'buttons' },
      wordButton(words.setValue, () => this.#enter(), { primary: true }),
      wordButton(words.cancel, () => this.#escape(true)),
      this.#several && h('span', { class: 'hint' }, words.manyLines),
    );
  }

  readonly #heard = new WeakSet<Element>();

  #listen(element: HTMLElement): void {
    if (this.#heard.has(element)) return;
    this.#heard.add(element);
    element.addEventListener('keydown', (event) => this.#key(event));
    element.addEventListener('focusout', (event) => this.#left(event.relatedTarget));
  }

  #key(event: KeyboardEvent): void {
    const inField = event.target === this.#input.field.control || event.target === this.#input.type;
    if (event.isComposing) return;
    if (event.key === 'Enter' && event.repeat && (this.#pending || !this.#several)) {
      // The key that opened the field is still down.
      event.preventDefault();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      this.#escape(false);
    } else if (event.key === 'Enter' && inField && (!this.#several || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.#enter();
    } else if (event.key === 'Tab' && !this.#panel && event.target === this.#edge(event.shiftKey)) {
      // Out of the cell, and not out of the page.
      event.preventDefault();
      event.stopPropagation();
      this.#enter();
    }
  }

  /** The first or last control of the row's field. */
  #edge(first: boolean): Element | undefined {
    const { field, type } = this.#input;
    const all = [...field.element.querySelectorAll('input, button'), ...(type.disabled ? [] : [type])];
    return all.at(first ? 0 : -1);
  }

  #enter(): void {
    this.#byKey = true;
    void this.leave();
    if (!this.#shown) backToTable(this.#context);
  }

  /** One Escape drops a changed line; several lines are more work, so they are asked about. */
  #escape(sure: boolean): void {
    if (this.#several && this.#changed && !sure && !this.#asked) {
      this.#asked = true;
      this.#input.complain(`${words.discardTyped} (Escape)`);
      return;
    }
    this.close();
    backToTable(this.#context);
  }

  /** The focus went elsewhere in the page: what was typed is set, as in a spreadsheet. */
  #left(to: EventTarget | null): void {
    const { desk, table } = this.#context;
    if (!(to instanceof Element) || this.contains(to) || desk.open !== this) return;
    // The table gives it back while the value is on its way.
    if (this.#pending && table.grid.contains(to)) return;
    this.#byKey = false;
    void this.leave();
  }

  contains(element: Element): boolean {
    const { field, type } = this.#input;
    return field.element.contains(element) || type.contains(element) || (this.#panel?.contains(element) ?? false);
  }

  /** Sets the value if it was changed. While it is on its way nobody knows whether it was. */
  leave(): Promise<boolean> {
    if (!this.#pending) {
      const stays = this.#changed && !this.#input.check();
      if (!this.#changed) this.close();
      if (stays || this.#closed) return Promise.resolve(!stays);
    }
    return this.#context.desk.send(this, async () => {
      if (!(await this.#loaded)) return true;
      while (this.#changed) if (!(await this.save())) return false;
      this.close();
      return true;
    });
  }

  /** Sets the value if it was changed; the field stays where it is. */
  save(): Promise<boolean> {
    if (this.#pending) return Promise.resolve(false);
    this.#saving ??= this.#save().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #save(): Promise<boolean> {
    if (!this.#changed) return true;
    if (!this.#input.check()) return false;
    const { text, as } = this.#input;
    try {
      const done = await this.#context.host.ask('set', { row: this.row, text, as });
      this.#context.awaitRow({ ...done, focus: undefined });
    } catch (error) {
      this.#input.complain(error instanceof Refusal ? error.message : words.failed);
      return false;
    }
    this.#text = text;
    this.#type = as;
    if (this.#forgotten) this.close();
    return true;
  }

  forget(): void {
    // It holds nothing of the file yet, and the host may be asking for a pass phrase.
    if (this.#pending) return;
    this.#forgotten = true;
    this.#input.field.show(false);
    // An empty field holds nothing of the file: whoever fetches a value elsewhere finds it open.
    if (!this.#changed && this.#text !== '') this.close();
  }

  close(): boolean {
    const lost = this.#changed;
    this.#context.desk.take(this);
    this.hide();
    this.#closed = true;
    this.#pending?.end();
    this.#pending = undefined;
    this.#input.field.clear();
    this.#text = '';
    this.#type = this.#input.as;
    return lost;
  }
}
