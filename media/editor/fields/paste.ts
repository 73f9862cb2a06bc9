import type { Results } from '../../../src/protocol/requests.ts';
import { attempt, backToTable, type Context } from '../context.ts';
import { sentenceOf } from '../host.ts';
import { wordButton } from '../parts/button.ts';
import { openDialog } from '../parts/dialog.ts';
import { h } from '../parts/dom.ts';
import { icon } from '../parts/icons.ts';
import { visibleText } from '../parts/visible.ts';
import { words } from '../words.ts';
import { SecretField } from './field.ts';

/** Asks for the lines of a `.env`, masked; then says what was added, and what was there already. */
export async function pasteEnv(context: Context, text = ''): Promise<void> {
  const { state } = context.model;
  if (state?.format === 'ini') return context.live.say(words.pasteNoSection);
  if (state?.readOnly || !(await context.desk.clear())) return;
  const field = new SecretField(context, words.pasteText, { lines: true, rows: 10 });
  field.text = text;
  const problem = h('div', { class: 'problem', role: 'alert' });
  const send = async () => {
    if (field.text.trim() === '') {
      problem.replaceChildren(icon('error'), words.pasteNothing);
      return field.control.focus();
    }
    const given = field.text;
    try {
      const result = await context.host.ask('paste', { text: given, replace: false });
      field.clear();
      showResult(context, content, result, given, () => dialog.close());
    } catch (error) {
      problem.replaceChildren(icon('error'), sentenceOf(error));
    }
  };
  let asked = false;
  const mayClose = () => {
    if (asked || !field.element.isConnected || field.text === '') return true;
    asked = true;
    problem.replaceChildren(icon('question'), `${words.discardTyped} (Escape)`);
    return false;
  };
  const content = h(
    'div',
    { class: 'dialog-body' },
    h('p', { class: 'muted' }, words.pasteText),
    field.element,
    problem,
    h(
      'div',
      { class: 'buttons' },
      wordButton(words.add, () => void send(), { primary: true }),
      wordButton(words.cancel, () => dialog.close()),
    ),
  );
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

interface Result {
  readonly added: number;
  readonly existing: readonly string[];
  readonly skipped: Results['paste']['skipped'];
}

function showResult(context: Context, content: HTMLElement, result: Result, text: string, close: () => void): void {
  const { added, existing, skipped } = result;
  let kept = text;
  const done = wordButton(existing.length > 0 ? words.keep : words.close, close, { primary: existing.length === 0 });
  const replace = wordButton(words.pasteReplace(existing.length), async () => {
    const second = await attempt(context, 'paste', { text: kept, replace: true });
    kept = '';
    close();
    if (second) context.live.say(words.pasteReplaced(existing.length));
  });
  content.replaceChildren(
    h('p', { role: 'status' }, icon('check'), words.pasteDone(added)),
    ...(existing.length > 0 ? [h('p', {}, words.pasteExist(existing.length)), nameList(existing)] : []),
    ...skipped.map(({ line, why }) => h('p', { class: 'warning' }, icon('warning'), words.pasteSkipped(line, why))),
    h('div', { class: 'buttons' }, existing.length > 0 && replace, done),
  );
  done.focus();
}

const nameList = (names: readonly string[]) =>
  h('ul', { class: 'names', tabindex: 0 }, ...names.map((name) => h('li', {}, visibleText(name))));
