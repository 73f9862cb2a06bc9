import * as vscode from 'vscode';
import { readDotenvx } from '../../core/dotenvx/file.ts';
import type { Git } from '../../core/platform/git.ts';
import { type Leaf, readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { Lines } from '../../core/view/lines.ts';
import { ago } from '../ui/ago.ts';

/** When entries were last changed: not saved, or as git has it. */
export class Ages {
  readonly #git: Git | undefined;
  readonly #uri: vscode.Uri;
  readonly #now: () => Date;
  #times: ReadonlyMap<string, Date> | undefined;
  #saved: { readonly text: string; readonly values: ReadonlyMap<string, string> } | undefined;

  /** @param git undefined where there is none: then nothing is known of commits */
  constructor(git: Git | undefined, uri: vscode.Uri, now: () => Date) {
    this.#git = git;
    this.#uri = uri;
    this.#now = now;
  }

  /** Asks git again. Reading history runs git in the repository: only where the workspace is trusted. */
  async refresh(): Promise<void> {
    const may = vscode.workspace.isTrusted && this.#uri.scheme === 'file';
    this.#times = may ? await this.#git?.lineTimes(this.#uri.fsPath).catch(() => undefined) : undefined;
  }

  /** What to say about each entry of a text; `savedText` is what the file holds. */
  words(sealed: Sealed, savedText: string | undefined): (leaf: Leaf) => string | undefined {
    const saved = this.#savedValues(sealed, savedText);
    const lines = new Lines(sealed.doc.text);
    const now = this.#now();
    return (leaf) => {
      if (saved && saved.get(leaf.id) !== stored(leaf)) return 'unsaved';
      if (!this.#times) return undefined;
      const time = this.#times.get(lines.text(lines.lineAt(leaf.node.span.start)));
      return time ? ago(time, now) : vscode.l10n.t('not committed');
    };
  }

  #savedValues(sealed: Sealed, text: string | undefined): ReadonlyMap<string, string> | undefined {
    if (text === undefined || text === sealed.doc.text) return undefined;
    if (this.#saved?.text !== text) this.#saved = { text, values: valuesOf(text, sealed) };
    return this.#saved.values;
  }
}

const stored = ({ node: { scalar } }: Leaf) =>
  scalar.type === 'null' ? 'null' : `${scalar.type} ${String(scalar.value)}`;

function valuesOf(text: string, { format, dotenvx }: Sealed): ReadonlyMap<string, string> {
  try {
    const sealed = dotenvx ? readDotenvx(text) : readSealed(text, format);
    return new Map(sealed.leaves.map((leaf) => [leaf.id, stored(leaf)]));
  } catch {
    return new Map();
  }
}
