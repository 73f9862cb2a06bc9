import * as vscode from 'vscode';
import { formatOfBytes, formatOfName } from '../../core/format/which.ts';
import { plainStateOf } from '../../core/session/inspect.ts';
import type { FileState } from '../../core/session/state.ts';
import { isConfigName, isKeyName } from '../../core/view/names.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { documentOf } from '../session/tabs.ts';
import { later } from '../surface.ts';

/** What a file is at a glance. */
export type Mark = 'encrypted' | 'plain' | 'damaged' | 'none';

/** Larger files have no mark: a look must be short. */
const maxSize = 1024 * 1024;
/** Looks at a time; the others wait, and those that nobody wants any more are left out. */
const atOnce = 2;
/** Files that are remembered, of which the oldest go first. */
const most = 20_000;
/** Milliseconds in which changes are gathered. */
const gather = 100;

/**
 * The marks of files: from the session of a file in an editor, else from a look at the disk, once until the file or a rule changes.
 * Nothing is decrypted for it, so a changed value shows where the file was open.
 */
export class FileMarks implements vscode.Disposable {
  readonly #services: Services;
  readonly #known = new Map<string, { readonly uri: vscode.Uri; readonly mark: Mark; readonly saved: boolean }>();
  readonly #waiting: (() => void)[] = [];
  #looking = 0;
  /** Counts changes: a look that one has overtaken is not remembered. */
  #epoch = 0;
  #changed = new Map<string, vscode.Uri>();
  readonly #soon = later(gather, () => this.#tell());
  readonly #news = new vscode.EventEmitter<vscode.Uri[] | undefined>();
  readonly #disposable: vscode.Disposable;
  /** The marks of these files, or of all, are to be asked for again. */
  readonly onDidChange = this.#news.event;

  constructor(services: Services) {
    this.#services = services;
    const watcher = vscode.workspace.createFileSystemWatcher('**/*');
    const forget = (uri: vscode.Uri) => this.#forget(uri);
    this.#disposable = vscode.Disposable.from(
      ...[this.#news, this.#soon, watcher],
      ...[watcher.onDidChange(forget), watcher.onDidCreate(forget), watcher.onDidDelete(forget)],
      services.sessions.onDidChange((uri) => this.#fromSession(uri)),
      services.rules.onDidChange(() => {
        this.#epoch++;
        this.#known.clear();
        this.#news.fire(undefined);
      }),
    );
  }

  /** The mark of a file. A look that `token` cancels before it begins is none, and is not remembered. */
  async of(uri: vscode.Uri, token: vscode.CancellationToken): Promise<Mark> {
    if (!mayHaveMark(uri)) return 'none';
    const known = this.#known.get(uri.toString());
    if (known) return known.mark;
    while (this.#looking >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (token.isCancellationRequested) {
      this.#next();
      return 'none';
    }
    this.#looking++;
    try {
      const epoch = this.#epoch;
      const mark = this.#known.get(uri.toString())?.mark ?? (await this.#look(uri));
      if (epoch === this.#epoch) this.#keep(uri, mark, true);
      return mark;
    } finally {
      this.#looking--;
      this.#next();
    }
  }

  /** The paths of the files that are known to be encrypted. */
  get encrypted(): string[] {
    return [...this.#known.values()]
      .filter(({ mark }) => mark !== 'plain' && mark !== 'none')
      .map(({ uri }) => uri.fsPath);
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #next(): void {
    this.#waiting.shift()?.();
  }

  async #look(uri: vscode.Uri): Promise<Mark> {
    const { platform, rules } = this.#services;
    try {
      const { text } = formatOfBytes(uri.path, await readAnywhere(platform, uri, maxSize));
      return markOf(await plainStateOf(uri.path, text, async () => (await rules.find(uri))?.rule));
    } catch {
      return 'none';
    }
  }

  #keep(uri: vscode.Uri, mark: Mark, saved: boolean): void {
    const key = uri.toString();
    this.#known.delete(key);
    this.#known.set(key, { uri, mark, saved });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= most) break;
      this.#known.delete(oldest);
    }
  }

  #fromSession(uri: vscode.Uri): void {
    if (!mayHaveMark(uri)) return;
    const known = this.#known.get(uri.toString());
    const tracked = this.#services.sessions.current(uri);
    if (tracked) {
      const mark = markOf(tracked.state);
      this.#keep(uri, mark, !documentOf(uri)?.isDirty);
      if (mark !== known?.mark) this.#gather(uri);
    } else if (known && !known.saved) this.#forget(uri);
  }

  #forget(uri: vscode.Uri): void {
    if (!mayHaveMark(uri)) return;
    this.#epoch++;
    if (this.#known.delete(uri.toString())) this.#gather(uri);
  }

  #gather(uri: vscode.Uri): void {
    this.#changed.set(uri.toString(), uri);
    this.#soon.start();
  }

  #tell(): void {
    const changed = [...this.#changed.values()];
    this.#changed = new Map();
    this.#news.fire(changed.length > 500 ? undefined : changed);
  }
}

const schemes = ['file', 'vscode-remote', 'vscode-vfs'];
const otherNames = /\.(?:p12|pfx|jks|keystore|enc|sops|encrypted)$/;

/** By the name alone, which is all that most files are asked for. */
function mayHaveMark({ scheme, path }: vscode.Uri): boolean {
  if (!schemes.includes(scheme) || isConfigName(path) || /\/(?:node_modules|\.git)\//.test(path)) return false;
  return formatOfName(path) !== 'binary' || isKeyName(path) || otherNames.test(path);
}

function markOf(state: FileState): Mark {
  switch (state.kind) {
    case 'none':
    case 'unsupported':
      return 'none';
    case 'plain':
    case 'damaged':
      return state.kind;
    case 'broken':
      return state.plain ? 'plain' : state.error.code === 'TOO_LARGE' ? 'none' : 'damaged';
    default:
      return 'encrypted';
  }
}
