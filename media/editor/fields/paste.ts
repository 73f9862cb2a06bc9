import type { Results } from '../../../src/protocol/requests.ts';
import { backToTable, type Context } from '../context.ts';
import { sentenceOf } from '../host.ts';
import { wordButton } from '../parts/button.ts';
import { openDialog } from '../parts/dialog.ts';
import { h } from '../parts/dom.ts';
import { icon } from '../parts/icons.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';
import { SecretField } from './field.ts';

type Result = Results['paste'];

/** Asks for the lines of a `.env`, masked; then says what became of them. */
export async function pasteEnv(context: Context, text = ''): Promise<void> {
  const { state } = context.model;
  if (state?.format === 'ini') return context.live.say(words.pasteNoSection);
  if (state?.readOnly || !(await context.desk.clear())) return;
  new PasteDialog(context, text);
}

/** While there are lines that could not be taken, the text stays to be corrected. */
class PasteDialog {
  readonly #context: Context;
  readonly #field: SecretField;
  readonly #problem = h('div', { class: 'problem', role: 'alert' });
  readonly #outcome = h('div', { class: 'pasted', role: 'status' });
  readonly #hint = h('p', { class: 'muted' }, words.pasteText);
  readonly #add = wordButton(words.add, () => void this.#send(), { primary: true });
  readonly #buttons: HTMLElement;
  readonly #close: () => void;
  /** How many names wait for a word whether they are replaced. */
  #existing = 0;
  #asked = false;

  constructor(context: Context, text: string) {
    this.#context = context;
    this.#field = new SecretField(context, words.pasteText, { lines: true, rows: 10 });
    this.#field.text = text;
    const cancel = wordButton(words.cancel, () => this.#close());
    this.#buttons = h('div', { class: 'buttons' }, this.#add, cancel);
    const { element } = this.#field;
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.#send();
    });
    const parts = [this.#outcome, this.#hint, element, this.#problem, this.#buttons];
    const content = h('div', { class: 'dialog-body' }, ...parts);
    const back = () => backToTable(context);
    this.#close = openDialog(words.pasteEnv, [content], back, () => this.#mayClose()).close;
    forgetOnBlur(this.#field);
    this.#field.control.focus();
  }

  #mayClose(): boolean {
    if (this.#asked || this.#field.element.hidden || this.#field.text === '') return true;
    this.#asked = true;
    this.#problem.replaceChildren(icon('question'), `${words.discardTyped} (Escape)`);
    return false;
  }

  /** Names that are there already are replaced only with `replace`. */
  async #send(replace = false): Promise<void> {
    this.#problem.replaceChildren();
    const { text, control } = this.#field;
    if (text.trim() === '') {
      this.#problem.replaceChildren(icon('error'), words.pasteNothing);
      return control.focus();
    }
    try {
      const result = await this.#context.host.ask('paste', { text, replace });
      this.#draw(result, replace ? words.pasteReplaced(this.#existing) : words.pasteDone(result.added));
    } catch (error) {
      this.#problem.replaceChildren(icon('error'), sentenceOf(error));
    }
  }

  #draw({ existing, skipped }: Result, done: string): void {
    this.#existing = existing.length;
    if (existing.length + skipped.length === 0) {
      this.#close();
      return this.#context.live.say(done);
    }
    const correct = skipped.length > 0;
    const replace = wordButton(words.pasteReplace(existing.length), () => void this.#send(true));
    const leave = wordButton(correct ? words.close : words.keep, () => this.#close());
    this.#outcome.replaceChildren(h('p', {}, icon('check'), done), ...existingNames(existing), ...reasons(skipped));
    this.#buttons.replaceChildren(...(correct ? [this.#add] : []), ...(existing.length > 0 ? [replace] : []), leave);
    this.#hint.hidden = !correct;
    this.#field.element.hidden = !correct;
    if (correct) selectLine(this.#field.control, skipped[0]?.line ?? 1);
    else leave.focus();
  }
}

function forgetOnBlur(field: SecretField): void {
  const hide = () => {
    if (field.element.isConnected) field.show(false);
    else window.removeEventListener('blur', hide);
  };
  window.addEventListener('blur', hide);
}

function existingNames(names: readonly string[]): HTMLElement[] {
  if (names.length === 0) return [];
  const items = names.map((name) => h('li', {}, visibleText(name)));
  return [h('p', {}, words.pasteExist(names.length)), h('ul', { class: 'names', tabindex: 0 }, ...items)];
}

/** Each line that was not taken, and why. */
function reasons(skipped: Result['skipped']): HTMLElement[] {
  if (skipped.length === 0) return [];
  const lines = skipped.map(({ line, why }) =>
    h('p', { class: 'warning' }, icon('warning'), words.pasteSkipped(line, why)),
  );
  return [h('div', { class: 'reasons', tabindex: 0 }, ...lines), h('p', {}, words.pasteCorrect)];
}

function selectLine(control: HTMLInputElement | HTMLTextAreaElement, line: number): void {
  const lines = control.value.split('\n');
  const from = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  control.focus();
  control.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
}
