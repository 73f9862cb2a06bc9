import { basename } from 'node:path';
import { Position, Range, Selection, Uri } from './values.ts';

/** A text document in memory: lines and offsets as VS Code counts them. */
export class FakeDocument {
  readonly uri: Uri;
  languageId: string;
  version = 1;
  isDirty = false;
  isClosed = false;
  #text: string;

  constructor(uri: Uri | string, text: string, languageId = 'plaintext') {
    this.uri = typeof uri === 'string' ? Uri.file(uri) : uri;
    this.#text = text;
    this.languageId = languageId;
  }

  get fileName(): string {
    return this.uri.fsPath;
  }
  get isUntitled(): boolean {
    return this.uri.scheme === 'untitled';
  }
  get eol(): number {
    return this.#text.includes('\r\n') ? 2 : 1;
  }
  get lineCount(): number {
    return this.#starts().length;
  }

  /** The offsets at which lines start. */
  #starts(): number[] {
    return [0, ...[...this.#text.matchAll(/\r\n|\n|\r/g)].map((match) => match.index + match[0].length)];
  }

  getText(range?: Range): string {
    return range ? this.#text.slice(this.offsetAt(range.start), this.offsetAt(range.end)) : this.#text;
  }

  offsetAt(position: Position): number {
    const starts = this.#starts();
    if (position.line >= starts.length) return this.#text.length;
    return starts[position.line]! + Math.min(position.character, this.lineAt(position.line).text.length);
  }

  positionAt(offset: number): Position {
    const starts = this.#starts();
    const at = Math.max(0, Math.min(offset, this.#text.length));
    const line = starts.findLastIndex((start) => start <= at);
    return new Position(line, Math.min(at - starts[line]!, this.lineAt(line).text.length));
  }

  lineAt(place: number | Position) {
    const line = typeof place === 'number' ? place : place.line;
    const starts = this.#starts();
    if (line < 0 || line >= starts.length) throw new Error('Illegal value for `line`');
    const full = this.#text.slice(starts[line], starts[line + 1]);
    const text = full.replace(/[\r\n]+$/, '');
    return {
      lineNumber: line,
      text,
      range: new Range(line, 0, line, text.length),
      rangeIncludingLineBreak: new Range(line, 0, full === text ? line : line + 1, full === text ? text.length : 0),
      firstNonWhitespaceCharacterIndex: text.search(/\S|$/),
      isEmptyOrWhitespace: text.trim() === '',
    };
  }

  validatePosition(position: Position): Position {
    return this.positionAt(this.offsetAt(position));
  }
  validateRange(range: Range): Range {
    return new Range(this.validatePosition(range.start), this.validatePosition(range.end));
  }
  getWordRangeAtPosition(position: Position, pattern = /[\w$]+/g): Range | undefined {
    const { text } = this.lineAt(position);
    const all = new RegExp(pattern, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`);
    for (const match of text.matchAll(all)) {
      const end = match.index + match[0].length;
      if (match.index <= position.character && position.character <= end) {
        return new Range(position.line, match.index, position.line, end);
      }
    }
    return undefined;
  }

  async save(): Promise<boolean> {
    this.isDirty = false;
    return true;
  }

  /** Replaces ranges, all counted in the text as it is now. Returns the changes, last first, as VS Code reports them. */
  change(edits: readonly { range: Range; newText: string }[]) {
    const changes = edits
      .map(({ range, newText }) => ({
        range,
        rangeOffset: this.offsetAt(range.start),
        rangeLength: this.offsetAt(range.end) - this.offsetAt(range.start),
        text: newText,
      }))
      .sort((a, b) => b.rangeOffset - a.rangeOffset);
    for (const { rangeOffset, rangeLength, text } of changes) {
      this.#text = this.#text.slice(0, rangeOffset) + text + this.#text.slice(rangeOffset + rangeLength);
    }
    this.version++;
    this.isDirty = true;
    return changes;
  }

  toString(): string {
    return basename(this.fileName);
  }
}

/** An editor on a document; `decorations` tells what is set for each decoration type. */
export class FakeEditor {
  readonly document: FakeDocument;
  selections: Selection[] = [new Selection(0, 0, 0, 0)];
  visibleRanges: Range[];
  viewColumn = 1;
  options = {};
  readonly decorations = new Map<object, readonly unknown[]>();

  constructor(document: FakeDocument) {
    this.document = document;
    this.visibleRanges = [new Range(0, 0, document.lineCount, 0)];
  }
  get selection(): Selection {
    return this.selections[0]!;
  }
  set selection(selection: Selection) {
    this.selections = [selection];
  }
  setDecorations(type: object, ranges: readonly unknown[]): void {
    this.decorations.set(type, ranges);
  }
  revealRange(): void {}
  /** As typing would; the options of the undo history are kept for tests. */
  readonly edits: { readonly undoStopBefore?: boolean; readonly undoStopAfter?: boolean }[] = [];
  edit = async (
    make: (builder: { replace(range: Range, text: string): void }) => void,
    options: { readonly undoStopBefore?: boolean; readonly undoStopAfter?: boolean } = {},
  ): Promise<boolean> => {
    const edits: { range: Range; newText: string }[] = [];
    make({ replace: (range, newText) => edits.push({ range, newText }) });
    this.edits.push(options);
    this.apply(this.document, edits);
    return true;
  };
  /** Set by the fake of VS Code, which tells of changes. */
  apply: (document: FakeDocument, edits: readonly { range: Range; newText: string }[]) => void = () => undefined;
}
