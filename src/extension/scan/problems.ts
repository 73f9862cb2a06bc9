import * as vscode from 'vscode';
import { isScanned, type Located, maxScanned } from '../../core/scan/scan.ts';
import { rangeOf } from '../convert.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { documentOf } from '../session/tabs.ts';
import { later, textOf } from '../surface.ts';
import type { Known } from './known.ts';

const { t } = vscode.l10n;

export const source = 'Lockstep';
export const hardCoded = 'hard-coded-secret';
/** Milliseconds after an edit. */
const pause = 400;
const schemes = ['file', 'vscode-remote', 'vscode-vfs'];

/** Problems of secrets that stand in files as plaintext: of open documents at once, of others as they were found. */
export class Problems implements vscode.Disposable {
  readonly #services: Services;
  readonly #known: Known;
  readonly #all = vscode.languages.createDiagnosticCollection('lockstep-secrets');
  /** Files that were found in a search of the workspace; they keep their problems when they are closed. */
  readonly #searched = new Set<string>();
  #due = new Set<vscode.TextDocument>();
  readonly #soon = later(pause, () => void this.#update());
  readonly #disposable: vscode.Disposable;

  constructor(services: Services, known: Known) {
    this.#services = services;
    this.#known = known;
    const watcher = vscode.workspace.createFileSystemWatcher('**/*', true);
    this.#disposable = vscode.Disposable.from(
      ...[this.#all, this.#soon, watcher],
      watcher.onDidChange((uri) => void this.#changedOnDisk(uri)),
      watcher.onDidDelete((uri) => this.show(uri, [])),
      vscode.workspace.onDidOpenTextDocument((document) => this.#later(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#later(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (!this.#searched.has(uri.toString())) this.#all.delete(uri);
      }),
      services.sessions.onDidChange((uri) => this.again(uri)),
      known.onDidChange(() => this.again()),
    );
    this.again();
  }

  /** Looks at open documents anew; at one of them. */
  again(uri?: vscode.Uri): void {
    for (const document of vscode.workspace.textDocuments)
      if (!uri || document.uri.toString() === uri.toString()) this.#later(document);
  }

  /** Shows what a search found in files; those that it found nothing in lose their problems. */
  show(uri: vscode.Uri, found: readonly Located[]): void {
    if (found.length > 0) this.#searched.add(uri.toString());
    else this.#searched.delete(uri.toString());
    this.#all.set(
      uri,
      found.map((one) => {
        const { line, column, start, end } = one;
        return problem(new vscode.Range(line - 1, column - 1, line - 1, column - 1 + Math.min(end - start, 200)), one);
      }),
    );
  }

  /** A file of a search, which no editor shows. */
  async #changedOnDisk(uri: vscode.Uri): Promise<void> {
    if (!this.#searched.has(uri.toString()) || documentOf(uri)) return;
    const bytes = await readAnywhere(this.#services.platform, uri, maxScanned).catch(() => undefined);
    this.show(uri, bytes ? await this.#known.look(uri, bytes) : []);
  }

  #later(document: vscode.TextDocument): void {
    if (!schemes.includes(document.uri.scheme)) return;
    this.#due.add(document);
    this.#soon.start();
  }

  async #update(): Promise<void> {
    const due = this.#due;
    this.#due = new Set();
    for (const document of due) {
      const { version } = document;
      const found = document.isClosed ? [] : await foundIn(this.#services, this.#known, document);
      if (document.version !== version || document.isClosed) continue;
      this.#all.set(
        document.uri,
        found.map((one) => problem(rangeOf(document, one), one)),
      );
    }
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}

/** Secrets in an open document; none in a secret file, of which others tell what is wrong. */
export async function foundIn({ sessions }: Services, known: Known, document: vscode.TextDocument): Promise<Located[]> {
  const text = textOf(document);
  if (text.length > maxScanned || !isScanned(document.uri.path)) return [];
  const kind = sessions.current(document.uri)?.state.kind ?? 'none';
  return kind === 'none' ? known.look(document.uri, text) : [];
}

function problem(range: vscode.Range, { rule, own }: Located): vscode.Diagnostic {
  const message = own
    ? t('This is the value of {0} in {1}, in plaintext.', own.entry, own.file)
    : t('This looks like a secret in plaintext ({0}). Move it to an encrypted file.', rule);
  const one = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Warning);
  one.source = source;
  one.code = hardCoded;
  return one;
}
