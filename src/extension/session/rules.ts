import * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { type Config, matchRule, parseConfig, type Rule } from '../../core/sops/rules.ts';
import { configName } from '../names.ts';
import { readOrdinary } from '../ordinary.ts';

export interface FoundRule {
  readonly rule: Rule;
  /** The `.sops.yaml` that holds it. */
  readonly config: vscode.Uri;
}

type Loaded = { readonly config: Config } | { readonly error: LockstepError } | undefined;

/** The creation rules of the workspace: read when asked for, forgotten when a `.sops.yaml` changes. */
export class Rules {
  readonly #loaded = new Map<string, Promise<Loaded>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposable: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${configName}`);
    const forget = () => this.forget();
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      watcher,
      watcher.onDidChange(forget),
      watcher.onDidCreate(forget),
      watcher.onDidDelete(forget),
    );
  }

  /** Everything is read anew at the next question. */
  forget(): void {
    this.#loaded.clear();
    this.#changed.fire();
  }

  /**
   * The first rule that covers a file, from the nearest `.sops.yaml` above it within its workspace folder; sops looks into
   * that one file only, too. Undefined when none covers it. Throws BAD_CONFIG, BAD_REGEX, CONFLICTING_SELECTORS,
   * and NOT_A_FILE or TOO_LARGE for a `.sops.yaml` that is no ordinary file.
   */
  async find(file: vscode.Uri): Promise<FoundRule | undefined> {
    for (const folder of foldersAbove(file)) {
      const at = vscode.Uri.joinPath(folder, configName);
      const loaded = await this.#load(at);
      if (!loaded) continue;
      if ('error' in loaded) throw loaded.error;
      const rule = matchRule(loaded.config, file.path.slice(folder.path.replace(/\/$/, '').length + 1));
      return rule && { rule, config: at };
    }
    return undefined;
  }

  #load(at: vscode.Uri): Promise<Loaded> {
    const key = at.toString();
    const known = this.#loaded.get(key) ?? load(at);
    this.#loaded.set(key, known);
    return known;
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}

/** From a file's own folder up to its workspace folder; none outside the workspace. */
function foldersAbove(file: vscode.Uri): vscode.Uri[] {
  const root = vscode.workspace.getWorkspaceFolder(file)?.uri;
  const found: vscode.Uri[] = [];
  if (!root) return found;
  for (let at = vscode.Uri.joinPath(file, '..'); at.path.startsWith(root.path); at = vscode.Uri.joinPath(at, '..')) {
    found.push(at);
    if (at.path === root.path || at.path === '/') break;
  }
  return found;
}

/** Far more than people write. */
const maxConfig = 5 * 1024 * 1024;

async function load(at: vscode.Uri): Promise<Loaded> {
  let bytes: Uint8Array;
  try {
    bytes = await readOrdinary(at, maxConfig);
  } catch (error) {
    return error instanceof LockstepError ? { error } : undefined;
  }
  try {
    return { config: parseConfig(fromUtf8(bytes)) };
  } catch (error) {
    return { error: error instanceof LockstepError ? error : new LockstepError('BAD_CONFIG') };
  }
}
