import type { Notice, NoticeAction } from '../../src/protocol/messages.ts';
import { iconButton, wordButton } from './parts/button.ts';
import { h } from './parts/dom.ts';
import { type IconName, icon } from './parts/icons.ts';
import { words } from './words.ts';

const symbols: Readonly<Record<Notice['kind'], IconName>> = {
  locked: 'lock',
  unreadable: 'key',
  damaged: 'warning',
  broken: 'error',
  plain: 'unlock',
  gone: 'info',
  unsupported: 'info',
  readers: 'warning',
};

/** In place of the table: what the file is, and what can be done. */
export function noticeView(
  { kind, text, actions }: Notice,
  act: (action: NoticeAction) => void,
  more: (button: HTMLElement) => void,
): HTMLElement {
  const buttons = actions.map((action, index) =>
    wordButton(words.actions[action], () => act(action), { primary: index === 0 }),
  );
  const encrypted = kind !== 'plain' && kind !== 'gone';
  const menu = iconButton('ellipsis', words.moreFile, () => more(menu), { 'aria-haspopup': 'menu' });
  return h(
    'section',
    { class: 'middle', role: 'status' },
    h('div', { class: `big ${kind}` }, icon(symbols[kind])),
    h('h2', { tabindex: -1 }, words.notices[kind]),
    h('p', {}, text),
    h('div', { class: 'buttons' }, ...buttons, encrypted && menu),
  );
}

/** The line above the table: what is to be known of the file while its rows are shown. */
export class Banner {
  readonly element = h('div', { class: 'banner', role: 'status', hidden: true });
  readonly #actions: { act(action: NoticeAction): void; openConflict(): void };
  #drawn = '';

  constructor(actions: { act(action: NoticeAction): void; openConflict(): void }) {
    this.#actions = actions;
  }

  /** The same again is not built again: a button in it may have the focus. */
  draw(says: Notice | 'conflict' | undefined): void {
    const drawn = says ? JSON.stringify(says) : '';
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.hidden = !says;
    this.element.replaceChildren(...(says ? this.#line(says) : []));
  }

  #line(says: Notice | 'conflict'): Node[] {
    const { act, openConflict } = this.#actions;
    if (says === 'conflict') {
      return [icon('git-compare'), h('span', {}, words.conflictBar), wordButton(words.conflictOpen, openConflict)];
    }
    const buttons = says.actions.map((action) => wordButton(words.actions[action], () => act(action)));
    return [icon(symbols[says.kind]), h('span', { class: 'banner-text' }, says.text), ...buttons];
  }
}

/** In place of an empty table. */
export function emptyView(readOnly: boolean, add: () => void, paste: () => void): HTMLElement {
  return h(
    'section',
    { class: 'middle' },
    h('div', { class: 'big' }, icon('key')),
    h('p', {}, words.emptyFile),
    !readOnly &&
      h(
        'div',
        { class: 'buttons' },
        wordButton(words.addSecret, add, { primary: true }),
        wordButton(words.pasteEnv, paste),
      ),
  );
}
