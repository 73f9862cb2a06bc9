import type { Row } from '../../../src/protocol/messages.ts';
import { backToTable, type Context } from '../context.ts';
import { h } from '../parts/dom.ts';
import { words } from '../words.ts';
import { quiet } from './field.ts';
import { Typed } from './typed.ts';

/** The name of a row, in a field in its place. Enter or leaving renames, Escape leaves it as it was. */
export async function rename(context: Context, row: Row): Promise<void> {
  const { model } = context;
  if (model.state?.readOnly || !model.structured || row.fixed || row.kind === 'comment' || model.parent(row.id)?.list)
    return;
  await new Rename(context, row).open();
}

class Rename extends Typed {
  readonly #row: Row;
  readonly #input: HTMLInputElement;

  constructor(context: Context, row: Row) {
    super(context, row.id);
    this.#row = row;
    this.#input = h('input', { type: 'text', class: 'field', 'aria-label': words.nameOf(row.name), ...quiet });
    this.#input.value = row.name;
    this.#input.addEventListener('keydown', (event) => this.#key(event));
    this.#input.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget instanceof Element && context.desk.open === this) void this.leave();
    });
  }

  protected get changed(): boolean {
    return !this.#input.readOnly && this.#input.value !== this.#row.name;
  }

  protected place(): void {
    const { table } = this.context;
    const indent = h('span', { class: 'indent' });
    indent.style.width = `${this.#row.depth * 12}px`;
    table.hold(this.#row.id, 'name', indent, h('span', { class: 'twistie' }), this.#input);
    table.show(this.#row.id);
  }

  protected remove(): void {
    this.context.table.release(this.#row.id);
  }

  protected empty(): void {
    this.#input.value = this.#row.name;
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  contains(element: Element): boolean {
    return element === this.#input;
  }

  async #key(event: KeyboardEvent): Promise<void> {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') {
      if ((await this.leave()) && document.activeElement === document.body) backToTable(this.context);
    } else if (!this.#input.readOnly) {
      this.close();
      backToTable(this.context);
    }
  }

  leave(): Promise<boolean> {
    if (this.#input.readOnly || this.changed) return this.deliver();
    this.close();
    return Promise.resolve(true);
  }

  /** Its field stays meanwhile, with the keyboard, and takes nothing in: what opens next needs the new ids of the rows. */
  protected async send(): Promise<boolean> {
    this.#input.readOnly = true;
    if (!(await this.loaded)) return true;
    const done = await this.context.host.ask('rename', { row: this.#row.id, name: this.#input.value });
    this.context.awaitRow(done);
    this.close();
    return true;
  }

  protected refused(error: unknown): void {
    this.context.live.refuse(error);
    this.#input.readOnly = false;
    this.#input.setAttribute('aria-invalid', 'true');
    this.#input.focus();
  }

  forget(): void {}
}
