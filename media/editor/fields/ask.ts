import type { RowId } from '../../../src/protocol/messages.ts';
import { backToTable, type Context } from '../context.ts';
import { wordButton } from '../parts/button.ts';
import { h } from '../parts/dom.ts';
import { type IconName, icon } from '../parts/icons.ts';
import { words } from '../words.ts';
import type { Open } from './desk.ts';

interface Question {
  readonly row: RowId;
  readonly symbol: IconName;
  readonly text: string;
  readonly yes: string;
  readonly act: () => Promise<unknown>;
}

/** A question below a row, with one button that does it. Everything else leaves things as they are. */
export async function ask(context: Context, { row, symbol, text, yes, act }: Question): Promise<void> {
  const { desk, table, live } = context;
  if (!(await desk.clear())) return;
  const close = () => {
    desk.take(open);
    table.closePanel();
    return false;
  };
  const back = () => {
    close();
    backToTable(context);
  };
  const answer = wordButton(
    yes,
    () => {
      back();
      void act();
    },
    { primary: true },
  );
  const panel = h(
    'section',
    { class: 'panel question', role: 'alertdialog', 'aria-label': text },
    h('p', {}, icon(symbol), h('span', {}, text)),
    h('div', { class: 'buttons' }, answer, wordButton(words.cancel, back)),
  );
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    back();
  });
  const open: Open = {
    row,
    leave: () => Promise.resolve(!close()),
    forget: () => undefined,
    close,
    contains: (element) => panel.contains(element),
  };
  desk.put(open);
  table.openPanel(row, panel);
  table.show(row);
  answer.focus();
  live.say(text, { quiet: true });
}
