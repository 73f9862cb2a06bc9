import type { Row, RowId } from '../../../src/protocol/messages.ts';
import { attempt, type Context } from '../context.ts';
import { iconButton, wordButton } from '../parts/button.ts';
import { h } from '../parts/dom.ts';
import { visibleLine, visibleLines } from '../parts/visible.ts';
import { words } from '../words.ts';

/** Longer values are cut in their row; *Show All* opens a box. In characters. */
const rowLimit = 400;

/** Of a secret that another manager has, how many there are is known only now. */
function linesOf({ lines, reference }: Row, text: string): Row['lines'] {
  if (!reference) return lines;
  const breaks = text.replace(/\r?\n$/, '').split('\n').length - 1;
  return breaks === 0 ? '1' : breaks < 10 ? '2-10' : '10+';
}

interface Shown {
  readonly id: RowId;
  text: string;
  readonly timer: number;
  readonly end: number;
  boxed: boolean;
}

/** The one value that is shown. It goes with time, focus, scrolling, another reveal, or the host's word. */
export class Reveal {
  readonly #context: Context;
  #shown: Shown | undefined;
  /** Counts what was asked for, so that an answer that comes too late shows nothing. */
  #wish = 0;
  #ticker = 0;

  constructor(context: Context) {
    this.#context = context;
    context.table.scroller.addEventListener('scroll', () => {
      if (this.#shown && !context.table.isVisible(this.#shown.id)) this.hide();
    });
  }

  /** The row whose value is shown. */
  get id(): RowId | undefined {
    return this.#shown?.id;
  }

  async show(row: Row): Promise<void> {
    const { model, desk, table, live } = this.#context;
    if (model.state?.presenting) return live.say(words.presentingMore);
    this.hide();
    const wish = ++this.#wish;
    if (!(await desk.clear()) || wish !== this.#wish) return;
    const answer = await (row.kind === 'comment'
      ? attempt(this.#context, 'comment', { row: row.id })
      : attempt(this.#context, 'reveal', { row: row.id }));
    if (!answer || wish !== this.#wish || model.row(row.id) === undefined) return;
    // A field that was opened meanwhile stays, with what is typed into it.
    if (desk.open) return;
    const seconds = model.state?.revealSeconds ?? 10;
    const timer = window.setTimeout(() => this.hide(), seconds * 1000);
    this.#shown = { id: row.id, text: answer.text, timer, end: Date.now() + seconds * 1000, boxed: false };
    table.hold(row.id, row.kind === 'comment' ? 'name' : 'value', ...this.#inRow(row, answer.text, seconds));
    if (linesOf(row, answer.text) !== '1') this.box();
    live.say(words.revealed(seconds), { quiet: true });
  }

  #inRow(row: Row, text: string, seconds: number): Node[] {
    const value = h('span', { class: 'shown-value', 'data-act': 'hide', title: words.hide });
    const lines = linesOf(row, text);
    const several = lines !== '1';
    // All of it is in the box below, then.
    if (several) value.append(words.lines[lines]);
    else value.append(...visibleLine(text.length > rowLimit ? text.slice(0, rowLimit) : text));
    const hide = iconButton('eye-closed', words.hide, () => undefined, { tabindex: -1, 'data-act': 'hide' });
    // Copied is what is in the file.
    const copy = iconButton('copy', words.copy, () => undefined, { tabindex: -1, 'data-act': 'copy' });
    const all = h(
      'button',
      { type: 'button', class: 'link', tabindex: -1, 'data-act': 'showAll', hidden: true },
      words.showAll,
    );
    const nodes = [
      value,
      all,
      h('span', { class: 'actions' }, hide, row.kind === 'entry' && !row.reference && copy),
      this.#countdown(seconds),
    ];
    // Whether it is cut is known once it is laid out.
    requestAnimationFrame(() => {
      const cut = text.length > rowLimit || value.scrollWidth > value.clientWidth;
      all.hidden = !cut || this.#shown?.boxed !== false;
    });
    return nodes;
  }

  /** A thin bar that empties; where motion is unwelcome, seconds. */
  #countdown(seconds: number): HTMLElement {
    const still =
      document.body.classList.contains('vscode-reduce-motion') ||
      window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (!still) {
      const bar = h('span', { class: 'countdown', 'aria-hidden': 'true' });
      bar.animate([{ transform: 'scaleX(1)' }, { transform: 'scaleX(0)' }], {
        duration: seconds * 1000,
        fill: 'forwards',
      });
      return bar;
    }
    const count = h('span', { class: 'seconds', 'aria-hidden': 'true' }, `${seconds} s`);
    this.#ticker = window.setInterval(() => {
      const left = Math.max(0, Math.ceil(((this.#shown?.end ?? 0) - Date.now()) / 1000));
      count.textContent = `${left} s`;
    }, 1000);
    return count;
  }

  /** Opens the box with the whole value below its row. */
  box(): void {
    const shown = this.#shown;
    if (!shown || shown.boxed) return;
    shown.boxed = true;
    const value = h('pre', { class: 'shown-value box', tabindex: 0, 'aria-label': words.columns.value });
    value.append(...visibleLines(shown.text));
    value.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.hide({ focus: true });
    });
    const hide = wordButton(words.hide, () => this.hide({ focus: true }), { symbol: 'eye-closed' });
    this.#context.table.openPanel(
      shown.id,
      h('section', { class: 'panel', 'aria-label': words.columns.value }, value, h('div', { class: 'buttons' }, hide)),
    );
    this.#context.table.show(shown.id);
  }

  /** Hides what is shown, and whatever is on its way. */
  hide({ focus = false } = {}): void {
    this.#wish++;
    const shown = this.#shown;
    if (!shown) return;
    this.#shown = undefined;
    window.clearTimeout(shown.timer);
    window.clearInterval(this.#ticker);
    const { table, live } = this.#context;
    shown.text = '';
    const inside = document.activeElement?.closest('.panel') !== null && shown.boxed;
    if (shown.boxed) table.closePanel();
    const row = table.elementOf(shown.id);
    const focused = row?.contains(document.activeElement) ?? false;
    table.release(shown.id);
    if (focus || focused || inside) table.focus(shown.id);
    live.say(words.hiddenAgain, { quiet: true });
  }
}
