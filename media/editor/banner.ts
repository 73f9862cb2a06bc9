import type { Notice, NoticeAction } from '../../src/protocol/messages.ts';
import { noticeLine } from './notice.ts';
import { wordButton } from './parts/button.ts';
import { h } from './parts/dom.ts';
import { icon } from './parts/icons.ts';
import { words } from './words.ts';

interface Actions {
  act(action: NoticeAction): void;
  openConflict(): void;
}

/** The line above the table: what is to be known of the file while its rows are shown. */
export class Banner {
  readonly element = h('div', { class: 'banner', role: 'status', hidden: true });
  readonly #actions: Actions;
  #drawn = '';

  constructor(actions: Actions) {
    this.#actions = actions;
  }

  /** The same again is not built again: a button in it may have the focus. */
  draw(says: Notice | 'conflict' | undefined): void {
    const drawn = says ? JSON.stringify(says) : '';
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.element.hidden = !says;
    this.element.replaceChildren(...(says === 'conflict' ? this.#conflict() : says ? this.#notice(says) : []));
  }

  #notice(notice: Notice): Node[] {
    return noticeLine(notice, (action) => this.#actions.act(action));
  }

  #conflict(): Node[] {
    const open = wordButton(words.conflictOpen, () => this.#actions.openConflict());
    return [icon('git-compare'), h('span', {}, words.conflictBar), open];
  }
}
