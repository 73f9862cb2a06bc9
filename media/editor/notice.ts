import type { Notice, NoticeAction } from '../../src/protocol/messages.ts';
import { wordButton } from './parts/button.ts';
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
export function noticeView({ kind, text, actions }: Notice, act: (action: NoticeAction) => void): HTMLElement {
  const buttons = actions.map((action, index) =>
    wordButton(words.actions[action], () => act(action), { primary: index === 0 }),
  );
  return h(
    'section',
    { class: 'middle', role: 'status' },
    h('div', { class: `big ${kind}` }, icon(symbols[kind])),
    h('h2', { tabindex: -1 }, words.notices[kind]),
    h('p', {}, text),
    h('div', { class: 'buttons' }, ...buttons),
  );
}

/** Above the table: the same in one line. */
export function noticeLine({ kind, text, actions }: Notice, act: (action: NoticeAction) => void): Node[] {
  const buttons = actions.map((action) => wordButton(words.actions[action], () => act(action)));
  return [icon(symbols[kind]), h('span', { class: 'banner-text' }, text), ...buttons];
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
