import * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { type Names, namesIn } from '../../core/people/names.ts';
import type { Platform } from '../../core/platform/platform.ts';
import type { ConfigNote } from '../../core/rules/notes.ts';
import { type Config, matchRule, parseConfig, type Rule } from '../../core/rules/rules.ts';
import { configName } from '../../core/view/names.ts';
import { diskOf } from '../elsewhere.ts';
import { readOrdinary } from '../ordinary.ts';
import { isTop } from '../outside.ts';

interface FoundRule {
  readonly rule: Rule;
  /** The `.sops.yaml` that holds it. */
  readonly config: vscode.Uri;
  /** Fields of the rule, or beside the rules, that SOPS passes over. */
  readonly notes: readonly ConfigNote[];
}

type Loaded =
  | (({ readonly config: Config } | { readonly error: LockstepError }) & {
      readonly names: Names;
      /** As it was read, where it could be. */
      readonly text?: string;
    })
  | undefined;

/** A `.sops.yaml` as it was read, or that there is none; and how to read it again. */
interface Known {
  readonly loaded: Promise<Loaded>;
  readonly again: () => Promise<Loaded>;
}

/** The creation rules of the workspace: read when asked for, forgotten when a `.sops.yaml` changes. */
export class Rules {
  readonly #platform: Platform;
  readonly #loaded = new Map<string, Known>();
  /** By file: it is asked for at every keystroke, and there may be thousands of rules. */
  readonly #found = new Map<string, Promise<FoundRule | undefined>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposable: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(platform: Platform) {
    this.#platform = platform;
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
    this.#found.clear();
    this.#changed.fire();
  }

  /**
   * Looks whether what was read is still so, before files are changed by it: the system may tell late that a `.sops.yaml` has changed,
   * and of some drives it never does.
   */
  async renew(): Promise<void> {
    const known = [...this.#loaded.values()];
    const same = await Promise.all(known.map(async ({ loaded, again }) => isSame(await loaded, await again())));
    if (same.includes(false)) this.forget();
  }

  /**
   * The first rule that covers a file, from the nearest `.sops.yaml` above it within its workspace folder; sops looks into
   * that one file only, too. Undefined when none covers it. Throws BAD_CONFIG (`others` for one that others may have put
   * there), BAD_REGEX, CONFLICTING_SELECTORS, BAD_RECIPIENT for a private key, TOO_LARGE where its patterns take too long,
   * and NOT_A_FILE or TOO_LARGE for a `.sops.yaml` that is no ordinary file.
   */
  find(file: vscode.Uri): Promise<FoundRule | undefined> {
    const key = file.toString();
    const known = this.#found.get(key) ?? this.#look(file);
    if (this.#found.size >= maxFound) this.#found.clear();
    this.#found.set(key, known);
    return known;
  }

  /**
   * Where a rule for a file has to be: the nearest `.sops.yaml` above it, or a new one at the top of its workspace folder. Undefined
   * outside the workspace.
   */
  async placeFor(file: vscode.Uri): Promise<vscode.Uri | undefined> {
    const top = foldersAbove(file).at(-1);
    return (await this.#nearest(file))?.at ?? (top && vscode.Uri.joinPath(top, configName));
  }

  /** All rules of the `.sops.yaml` that counts for a file; none where it cannot be read. */
  async around(file: vscode.Uri): Promise<readonly Rule[]> {
    const loaded = (await this.#nearest(file))?.loaded;
    return (loaded && 'config' in loaded && loaded.config.rules) || [];
  }

  /** The names that the `.sops.yaml` that counts for a file gives to recipients, also where its rules cannot be read. */
  async names(file: vscode.Uri): Promise<Names> {
    return (await this.#nearest(file))?.loaded.names ?? nobody;
  }

  async #look(file: vscode.Uri): Promise<FoundRule | undefined> {
    const found = await this.#nearest(file);
    if (!found) return undefined;
    const { at, loaded } = found;
    if ('error' in loaded) throw loaded.error;
    const rule = matchRule(loaded.config, pathFrom(at, file));
    if (!rule) return undefined;
    const notes = (loaded.config.notes ?? []).filter((note) => note.rule === undefined || note.rule === rule.index);
    return { rule, config: at, notes };
  }

  async #nearest(file: vscode.Uri): Promise<{ at: vscode.Uri; loaded: NonNullable<Loaded> } | undefined> {
    for (const folder of foldersAbove(file)) {
      const at = vscode.Uri.joinPath(folder, configName);
      const loaded = await this.#load(at, file);
      if (loaded) return { at, loaded };
    }
    return undefined;
  }

  #load(at: vscode.Uri, file: vscode.Uri): Promise<Loaded> {
    const key = at.toString();
    const again = () => load(this.#platform, at, vscode.workspace.getWorkspaceFolder(file)?.uri ?? file);
    const known = this.#loaded.get(key) ?? { loaded: again(), again };
    this.#loaded.set(key, known);
    return known.loaded;
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}

/** The path of a file as the rules of a `.sops.yaml` above it see it. */
export function pathFrom(config: vscode.Uri, file: vscode.Uri): string {
  return file.path.slice(config.path.lastIndexOf('/') + 1);
}

/** From a file's own folder up to its workspace folder; none outside the workspace. */
function foldersAbove(file: vscode.Uri): vscode.Uri[] {
  const root = vscode.workspace.getWorkspaceFolder(file)?.uri;
  const found: vscode.Uri[] = [];
  if (!root) return found;
  for (let at = vscode.Uri.joinPath(file, '..'); at.path.startsWith(root.path); at = vscode.Uri.joinPath(at, '..')) {
    found.push(at);
    if (at.path === root.path || isTop(at)) break;
  }
  return found;
}

/** Files whose rule is remembered. */
const maxFound = 5_000;

/** Far more than people write. */
const maxConfig = 5 * 1024 * 1024;

const nobody: Names = new Map();

async function load(platform: Platform, at: vscode.Uri, root: vscode.Uri): Promise<Loaded> {
  let bytes: Uint8Array;
  try {
    if (diskOf(platform, at)?.isAnybodys(at.fsPath, root.fsPath))
      return { error: new LockstepError('BAD_CONFIG', { what: 'others' }), names: nobody };
    bytes = await readOrdinary(at, maxConfig);
  } catch (error) {
    return error instanceof LockstepError ? { error, names: nobody } : undefined;
  }
  let names = nobody;
  let text: string | undefined;
  try {
    text = fromUtf8(bytes);
    names = namesIn(text);
    return { config: parseConfig(text), names, text };
  } catch (error) {
    const why = error instanceof LockstepError ? error : new LockstepError('BAD_CONFIG');
    return { error: why, names, ...(text !== undefined && { text }) };
  }
}

const isSame = (before: Loaded, now: Loaded) =>
  (before && 'error' in before ? before.error.code : undefined) ===
    (now && 'error' in now ? now.error.code : undefined) &&
  (before === undefined) === (now === undefined) &&
  before?.text === now?.text;
