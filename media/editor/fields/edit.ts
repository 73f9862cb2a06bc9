import type { Row, RowId, ValueType } from '../../../src/protocol/messages.ts';
import { attempt, backToTable, type Context } from '../context.ts';
import { Refusal } from '../host.ts';
import { wordButton } from '../parts/button.ts';
import { h } from '../parts/dom.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';
import { closeField, openField } from './ahead.ts';
import type { Open } from './desk.ts';
import { replay } from './replay.ts';
import { ValueInput } from './valueinput.ts';

/** Opens the field of a value, once nothing else is open. */
export async function editValue(context: Context, row: Row, { generate = false, pasted = '' } = {}): Promise<void> {
  const { desk, live, model } = context;
  if (model.state?.presenting) return live.say(words.presentingMore);
  if (model.state?.readOnly || row.kind !== 'entry' || row.binary || row.fixed) return;
  const fetch = async () => {
    const answer = await attempt(context, 'edit', { row: row.id });
    return model.row(row.id) && !model.state?.presenting ? answer : undefined;
  };
  await openField(context, row.id, fetch, ({ text, type }) => {
    const edit = new ValueEdit(context, row, text, type);
    desk.put(edit);
    edit.start(generate);
    // What is plaintext in the file is not hidden from the person who edits it.
    if (!row.secret) edit.show();
    if (pasted !== '') replay([{ text: pasted, pasted: true }]);
  });
}

/** One value in its field: in its row, or in a panel below it when it has several lines. */
class ValueEdit implements Open {
  readonly row: RowId;
  readonly #context: Context;
  readonly #input: ValueInput;
  readonly #name: string;
  /** What the file holds. */
  #text: string;
  #type: ValueType;
  #panel: HTMLElement | undefined;
  #saving: Promise<boolean> | undefined;
  #forgotten = false;
  #asked = false;

  constructor(context: Context, row: Row, text: string, type: ValueType) {
    this.#context = context;
    this.row = row.id;
    this.#name = visibleText(row.name);
    this.#text = text;
    this.#type = type;
    this.#input = new ValueInput(context, row.name, type, /[\r\n]/.test(text) || row.lines !== '1');
    this.#input.field.text = text;
    this.#input.field.onGrow = () => this.#place();
    this.#input.onBelow = () => this.#showBelow();
  }

  start(generate: boolean): void {
    this.#place();
    if (!this.#several) this.#input.field.control.select();
    if (generate) this.#input.generate();
  }

  show(): void {
    this.#input.field.show(true);
  }

  get #several(): boolean {
    return this.#input.field.several;
  }

  get #changed(): boolean {
    return this.#input.text !== this.#text || this.#input.as !== this.#type;
  }

  /** Puts the field in the row, or in a panel, and gives it the focus. */
  #place(): void {
    const { table } = this.#context;
    const { field, type } = this.#input;
    // Letting go of a row empties its fields.
    const { text } = field;
    table.release(this.row);
    field.text = text;
    this.#listen(type);
    if (this.#several) {
      table.hold(this.row, 'type', type);
      this.#openPanel(field.element, this.#input.below, this.#buttons());
    } else {
      this.#listen(field.element);
      table.hold(this.row, 'value', field.element);
      table.hold(this.row, 'type', type);
    }
    table.show(this.row);
    field.control.focus();
  }

  #openPanel(...content: Node[]): void {
    this.#panel = h('section', { class: 'panel', 'aria-label': words.editing(this.#name) }, ...content);
    this.#listen(this.#panel);
    this.#context.table.openPanel(this.row, this.#panel);
  }

  #showBelow(): void {
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
    if (event.key === 'Escape') {
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
    void closeField(this.#context, () => this.leave());
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
    if (to instanceof Element && !this.contains(to) && this.#context.desk.open === this) void this.leave();
  }

  contains(element: Element): boolean {
    const { field, type } = this.#input;
    return field.element.contains(element) || type.contains(element) || (this.#panel?.contains(element) ?? false);
  }

  async leave(): Promise<boolean> {
    if (!(await this.save())) return false;
    this.close();
    return true;
  }

  /** Sets the value if it was changed; the field stays open. */
  save(): Promise<boolean> {
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
    this.#forgotten = true;
    this.#input.field.show(false);
    // An empty field holds nothing of the file: whoever fetches a value elsewhere finds it open.
    if (!this.#changed && this.#text !== '') this.close();
  }

  close(): boolean {
    const lost = this.#changed;
    const { desk, table } = this.#context;
    desk.take(this);
    if (this.#panel) table.closePanel();
    this.#panel = undefined;
    table.release(this.row);
    this.#input.field.clear();
    this.#text = '';
    return lost;
  }
}
