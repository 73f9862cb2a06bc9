import * as vscode from 'vscode';

/**
 * What VS Code draws of a text beside its lines: no decoration reaches there. A decoration's own style can hold rules for
 * the rest of the window, because `textDecoration` and its like are passed through to CSS as they are, and a rule of CSS may
 * hold other rules. `&` is a line that has the decoration. None of this is documented by VS Code; the end-to-end tests see
 * whether it works.
 */
type Rule = readonly [selectors: readonly string[], style: string];

const active = 'body:has(.editor-group-container.active &)';
/** Old lines in an inline diff, and in the peek at a change: copies, which have no decorations. */
const deleted = ['.monaco-diff-editor:has(&) .line-delete', '.monaco-editor:has(&) .zone-widget .line-delete'];
const line = (selectors: readonly string[], rest: string) => selectors.map((one) => `${one} > .view-line${rest}`);

const ofMaskedText: readonly Rule[] = [
  [line(deleted, ' > *'), 'visibility: hidden'],
  [line(deleted, '::before'), "content: '\\2022\\2022\\2022\\2022\\2022\\2022\\2022\\2022'; position: absolute"],
  // The accessible diff viewer has both texts.
  [['.monaco-diff-editor:has(&) .diff-review'], 'visibility: hidden !important'],
  // Both tell how long the longest line is, and the minimap what it looks like.
  [['.monaco-editor:has(&) .minimap', '.monaco-editor:has(&) .scrollbar.horizontal'], 'visibility: hidden !important'],
  // Lines that match, in a list beside the peek.
  [['.monaco-editor:has(&) .reference-zone-widget .ref-tree'], 'visibility: hidden'],
  // The column tells the length of what it is behind.
  [[`${active} [id="status.editor.selection"]`], 'display: none !important'],
  // Values of a JSON file, beside their names.
  [[`${active} .outline-element .label-description`], 'display: none'],
];

/** A `.env` of git's in a diff, by the address that its editor has: neither side is drawn before it was looked at. */
const envs = ['.env?', '/.env.', '.env.git?'].map((one) => `[data-uri^="git:"][data-uri*="${one}"]`).join(', ');
const untilLookedAt: readonly Rule[] = [
  [[`.monaco-diff-editor:has(.monaco-editor:is(${envs})):not(:has(&)) .view-lines`], 'visibility: hidden'],
];

/**
 * Lists of lines that do not tell out of which file each is: while presenting they show none. `:not(&)` is what has no such
 * line, so these hold from the first moment, in whatever is on screen.
 */
const whilePresenting: readonly Rule[] = [
  [['.search-view .linematch:not(&)', '.ref-tree .referenceMatch:not(&)'], 'visibility: hidden'],
  [['.line-delete:not(&) > .view-line', '.minimap:not(&)'], 'visibility: hidden'],
];

const typeOf = (rules: readonly Rule[]) =>
  vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    outline: `none; ${rules.map(([selectors, style]) => `${selectors.join(', ')} { ${style} }`).join(' ')}`,
    rangeBehavior: vscode.DecorationRangeBehavior.OpenOpen,
  });

/** While it lives, no list of lines out of files is shown. */
export const coverLists = (): vscode.Disposable => typeOf(whilePresenting);

/** Covers what VS Code shows of masked texts beside their lines. */
export class Cover implements vscode.Disposable {
  readonly #masked = typeOf(ofMaskedText);
  readonly #lookedAt = typeOf(untilLookedAt);
  readonly #on = new WeakMap<vscode.TextEditor, boolean>();

  /** Decorates every line, so that one of those on screen is decorated. @param masked the text has masks */
  put(editor: vscode.TextEditor, masked: boolean): void {
    const before = this.#on.get(editor);
    if (before === masked) return;
    const whole = [new vscode.Range(0, 0, editor.document.lineCount, 0)];
    if (before === undefined) editor.setDecorations(this.#lookedAt, whole);
    if (masked || before) editor.setDecorations(this.#masked, masked ? whole : []);
    this.#on.set(editor, masked);
  }

  dispose(): void {
    this.#masked.dispose();
    this.#lookedAt.dispose();
  }
}
