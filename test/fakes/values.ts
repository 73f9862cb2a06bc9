// The value classes of the fake `vscode`: real enough to calculate with.
import { posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    if (line < 0 || character < 0) throw new Error('illegal argument');
    this.line = line;
    this.character = character;
  }
  compareTo(other: Position): number {
    return this.line - other.line || this.character - other.character;
  }
  isBefore(other: Position): boolean {
    return this.compareTo(other) < 0;
  }
  isBeforeOrEqual(other: Position): boolean {
    return this.compareTo(other) <= 0;
  }
  isAfter(other: Position): boolean {
    return this.compareTo(other) > 0;
  }
  isAfterOrEqual(other: Position): boolean {
    return this.compareTo(other) >= 0;
  }
  isEqual(other: Position): boolean {
    return this.compareTo(other) === 0;
  }
  translate(lines = 0, characters = 0): Position {
    return new Position(this.line + lines, this.character + characters);
  }
  with(line = this.line, character = this.character): Position {
    return new Position(line, character);
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(start: Position | number, end: Position | number, endLine?: number, endCharacter?: number) {
    const from = typeof start === 'number' ? new Position(start, end as number) : start;
    const to = typeof start === 'number' ? new Position(endLine!, endCharacter!) : (end as Position);
    [this.start, this.end] = from.isAfter(to) ? [to, from] : [from, to];
  }
  get isEmpty(): boolean {
    return this.start.isEqual(this.end);
  }
  get isSingleLine(): boolean {
    return this.start.line === this.end.line;
  }
  contains(other: Position | Range): boolean {
    const [from, to] = other instanceof Range ? [other.start, other.end] : [other, other];
    return this.start.isBeforeOrEqual(from) && this.end.isAfterOrEqual(to);
  }
  isEqual(other: Range): boolean {
    return this.start.isEqual(other.start) && this.end.isEqual(other.end);
  }
  intersection(other: Range): Range | undefined {
    const from = this.start.isAfter(other.start) ? this.start : other.start;
    const to = this.end.isBefore(other.end) ? this.end : other.end;
    return from.isAfter(to) ? undefined : new Range(from, to);
  }
  union(other: Range): Range {
    const from = this.start.isBefore(other.start) ? this.start : other.start;
    return new Range(from, this.end.isAfter(other.end) ? this.end : other.end);
  }
  with(start = this.start, end = this.end): Range {
    return new Range(start, end);
  }
}

export class Selection extends Range {
  readonly anchor: Position;
  readonly active: Position;
  constructor(anchor: Position | number, active: Position | number, activeLine?: number, activeCharacter?: number) {
    const from = typeof anchor === 'number' ? new Position(anchor, active as number) : anchor;
    const to = typeof anchor === 'number' ? new Position(activeLine!, activeCharacter!) : (active as Position);
    super(from, to);
    this.anchor = from;
    this.active = to;
  }
  get isReversed(): boolean {
    return this.anchor.isAfter(this.active);
  }
}

export class Uri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
  private constructor(parts: Partial<Uri>) {
    this.scheme = parts.scheme ?? 'file';
    this.authority = parts.authority ?? '';
    this.path = parts.path ?? '';
    this.query = parts.query ?? '';
    this.fragment = parts.fragment ?? '';
  }
  static file = (path: string) => new Uri({ path: decodeURIComponent(pathToFileURL(path).pathname) });
  static from = (parts: Partial<Uri>) => new Uri(parts);
  static parse(text: string): Uri {
    const match = /^([\w+.-]+):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(text);
    if (!match) throw new Error(`not a uri: ${text}`);
    const [scheme, authority, path, query, fragment] = match.slice(1).map((part) => decodeURIComponent(part ?? ''));
    return new Uri({ scheme, authority, path, query, fragment });
  }
  static joinPath = (uri: Uri, ...parts: string[]) => uri.with({ path: posix.join(uri.path, ...parts) });
  get fsPath(): string {
    return this.scheme === 'file' ? fileURLToPath(`file://${encodeURI(this.path)}`) : this.path;
  }
  with(parts: Partial<Uri>): Uri {
    const { scheme, authority, path, query, fragment } = this;
    return new Uri({ scheme, authority, path, query, fragment, ...parts });
  }
  toString(): string {
    const slashes = this.authority || this.scheme === 'file' ? `//${this.authority}` : '';
    const rest = (this.query && `?${encodeURIComponent(this.query)}`) + (this.fragment && `#${this.fragment}`);
    return `${this.scheme}:${slashes}${encodeURI(this.path)}${rest}`;
  }
  toJSON(): object {
    const { scheme, authority, path, query, fragment, fsPath } = this;
    return { $mid: 1, scheme, authority, path, query, fragment, fsPath };
  }
}

export class Disposable {
  #dispose: () => unknown;
  constructor(dispose: () => unknown) {
    this.#dispose = dispose;
  }
  static from(...all: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const one of all) one.dispose();
    });
  }
  dispose(): void {
    const dispose = this.#dispose;
    this.#dispose = () => undefined;
    dispose();
  }
}

export class EventEmitter<T> {
  readonly #listeners = new Set<(event: T) => unknown>();
  event = (listener: (event: T) => unknown, self?: unknown, disposables?: Disposable[]): Disposable => {
    const bound = self === undefined ? listener : listener.bind(self);
    this.#listeners.add(bound);
    const disposable = new Disposable(() => this.#listeners.delete(bound));
    disposables?.push(disposable);
    return disposable;
  };
  fire(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class CancellationTokenSource {
  readonly #emitter = new EventEmitter<void>();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.#emitter.event };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.#emitter.fire();
  }
  dispose(): void {
    this.#emitter.dispose();
  }
}

export class MarkdownString {
  value: string;
  isTrusted?: boolean | { enabledCommands: readonly string[] };
  supportThemeIcons: boolean;
  supportHtml = false;
  constructor(value = '', supportThemeIcons = false) {
    this.value = value;
    this.supportThemeIcons = supportThemeIcons;
  }
  appendText(text: string): this {
    this.value += text.replace(/[\\`*_{}[\]()#+\-!~<>|]/g, '\\$&').replace(/\n/g, '\n\n');
    return this;
  }
  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
  appendCodeblock(text: string, language = ''): this {
    this.value += `\n\`\`\`${language}\n${text}\n\`\`\`\n`;
    return this;
  }
}

export class WorkspaceEdit {
  readonly #edits: { uri: Uri; range: Range; newText: string }[] = [];
  replace(uri: Uri, range: Range, newText: string): void {
    this.#edits.push({ uri, range, newText });
  }
  insert(uri: Uri, at: Position, newText: string): void {
    this.replace(uri, new Range(at, at), newText);
  }
  delete(uri: Uri, range: Range): void {
    this.replace(uri, range, '');
  }
  set(uri: Uri, edits: readonly { range: Range; newText: string }[]): void {
    for (const { range, newText } of edits) this.replace(uri, range, newText);
  }
  entries(): [Uri, { range: Range; newText: string }[]][] {
    const files = new Map<string, [Uri, { range: Range; newText: string }[]]>();
    for (const { uri, range, newText } of this.#edits) {
      const entry = files.get(String(uri)) ?? [uri, []];
      entry[1].push({ range, newText });
      files.set(String(uri), entry);
    }
    return [...files.values()];
  }
  get size(): number {
    return this.entries().length;
  }
}
