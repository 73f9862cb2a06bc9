import * as vscode from 'vscode';
import { maxFileSize } from '../../core/format/encoding.ts';
import { choosesFiles } from '../../core/session/inspect.ts';
import { looksSealed } from '../../core/view/envelopes.ts';
import { isConfigName, isOwnName, isTemplateName } from '../../core/view/names.ts';
import { readOrdinary } from '../ordinary.ts';
import type { Services } from '../services.ts';

/** Which files are encrypted or a rule says are to be, for versions of files that no session looks at. */
export class Covered implements vscode.Disposable {
  readonly #rules: Services['rules'];
  readonly #known = new Map<string, boolean>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listening: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(rules: Services['rules']) {
    this.#rules = rules;
    this.#listening = rules.onDidChange(() => {
      this.#known.clear();
      this.#changed.fire();
    });
  }

  /** What is known now. Of a file that is asked about for the first time it is false, and `onDidChange` says when it is true. */
  has(file: vscode.Uri): boolean {
    const key = file.toString();
    const known = this.#known.get(key);
    if (known !== undefined || isConfigName(file.path) || isOwnName(file.path) || isTemplateName(file.path))
      return known ?? false;
    this.#known.set(key, false);
    void this.#look(file).then((found) => {
      if (!found) return;
      this.#known.set(key, true);
      this.#changed.fire();
    });
    return false;
  }

  async #look(file: vscode.Uri): Promise<boolean> {
    const found = await this.#rules.find(file).catch(() => undefined);
    if (found && choosesFiles(found.rule)) return true;
    const bytes = await readOrdinary(file, maxFileSize).catch(() => undefined);
    return bytes !== undefined && looksSealed(new TextDecoder().decode(bytes));
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }
}
