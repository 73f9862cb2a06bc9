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

/**
 * Asks for the lines of a `.env`, masked; then says what was added, and what was there already. While there are lines that
 * could not be taken, the text stays to be corrected.
 */
export async function pasteEnv(context: Context, text = ''): Promise<void> {
  const { state } = context.model;
  if (state?.format === 'ini') return context.live.say(words.pasteNoSection);
  if (state?.readOnly || !(await context.desk.clear())) return;
  const field = new SecretField(context, words.pasteText, { lines: true, rows: 10 });
  field.text = text;
  const problem = h('div', { class: 'problem', role: 'alert' });
  const outcome = h('div', { class: 'pasted', role: 'status' });
  const buttons = h('div', { class: 'buttons' });
  /** Names that are there already are replaced only with `replace`. */
  const send = async (replace = false) => {
    problem.replaceChildren();
    if (field.text.trim() === '') {
      problem.replaceChildren(icon('error'), words.pasteNothing);
      return field.control.focus();
    }
    try {
      const existing = replaceable;
      const result = await context.host.ask('paste', { text: field.text, replace });
      draw(result, replace ? words.pasteReplaced(existing) : words.pasteDone(result.added));
    } catch (error) {
      problem.replaceChildren(icon('error'), sentenceOf(error));
    }
  };
  const close = () => dialog.close();
  const addButton = wordButton(words.add, () => void send(), { primary: true });
  /** How many names wait for a word whether they are replaced. */
  let replaceable = 0;
  const draw = ({ existing, skipped }: Result, done: string) => {
    replaceable = existing.length;
    if (existing.length + skipped.length === 0) {
      close();
      return context.live.say(done);
    }
    const replace = existing.length > 0 && wordButton(words.pasteReplace(existing.length), () => void send(true));
    outcome.replaceChildren(h('p', {}, icon('check'), done), ...existingNames(existing), ...reasons(skipped));
    const leave = wordButton(skipped.length > 0 ? words.close : words.keep, () => close());
    buttons.replaceChildren(...[skipped.length > 0 && addButton, replace, leave].filter((one) => one !== false));
    const correct = skipped.length > 0;
    hint.hidden = !correct;
    field.element.hidden = !correct;
    if (!correct) return leave.focus();
    selectLine(field.control, skipped[0]?.line ?? 1);
  };
  let asked = false;
  const mayClose = () => {
    if (asked || field.element.hidden || field.text === '') return true;
    asked = true;
    problem.replaceChildren(icon('question'), `${words.discardTyped} (Escape)`);
    return false;
  };
  const hint = h('p', { class: 'muted' }, words.pasteText);
  buttons.append(
    addButton,
    wordButton(words.cancel, () => close()),
  );
  const content = h('div', { class: 'dialog-body' }, outcome, hint, field.element, problem, buttons);
  field.element.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
  });
  const dialog = openDialog(words.pasteEnv, [content], () => backToTable(context), mayClose);
  forgetOnBlur(field);
  field.control.focus();
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
