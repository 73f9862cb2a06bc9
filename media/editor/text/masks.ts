import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view';
import { h, spoken } from '../parts/dom.ts';
import { mask } from '../table/row.ts';
import { words } from '../words.ts';

/** Eight dots; `look` is a class of their own. */
export class Mask extends WidgetType {
  readonly #look: string;
  constructor(look = '') {
    super();
    this.#look = look;
  }
  override eq(other: Mask): boolean {
    return other.#look === this.#look;
  }
  /** A click on the dots puts the cursor there. */
  override ignoreEvent(): boolean {
    return false;
  }
  override toDOM(): HTMLElement {
    return h('span', { class: `mask ${this.#look}` }, h('span', { 'aria-hidden': 'true' }, mask), spoken(words.hidden));
  }
}

const decorator = new MatchDecorator({
  regexp: /\uE000[A-Za-z0-9]+\uE001/g,
  decoration: Decoration.replace({ widget: new Mask() }),
});

/** Eight dots for every token; the cursor steps over them as over one character. */
export const masks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorator.createDeco(view);
    }
    update(update: ViewUpdate): void {
      this.decorations = decorator.updateDeco(update, this.decorations);
    }
  },
  {
    decorations: (plugin) => plugin.decorations,
    provide: (plugin) => EditorView.atomicRanges.of((view) => view.plugin(plugin)?.decorations ?? Decoration.none),
  },
);
