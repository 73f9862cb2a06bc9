import * as vscode from 'vscode';
import { formatOfBytes } from '../../core/format/which.ts';
import type { Opened } from '../../core/open/open.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { documentOf } from '../session/tabs.ts';
import { listenToEdits } from './edits.ts';

/** Versions of a file that git has, at most: the newest that verifies is what is looked for. */
const mostVersions = 30;

/**
 * The versions of a document that somebody with the key made: ciphertext only, which is opened and verified each time that it
 * is asked for. So there is nothing here that a lock would have to take away.
 */
export class VerifiedTexts implements vscode.Disposable {
  readonly #services: Services;
  /** `sure`: all that the document holds besides was typed in this window. */
  readonly #last = new WeakMap<vscode.TextDocument, { readonly text: string; readonly sure: boolean }>();
  /** Those that were sure until they seemed to be read again, by version. */
  readonly #doubted = new WeakMap<vscode.TextDocument, number>();
  readonly #disposable: vscode.Disposable;

  constructor(services: Services) {
    this.#services = services;
    this.#disposable = vscode.Disposable.from(
      services.sessions.onDidChange((uri) => this.#learn(uri)),
      listenToEdits({
        read: (document) => {
          const last = this.#last.get(document);
          if (!last) return;
          if (last.sure) this.#doubted.set(document, document.version);
          this.#last.set(document, { ...last, sure: false });
        },
        typed: ({ document }) => {
          const last = this.#last.get(document);
          if (last && this.#doubted.get(document) === document.version)
            this.#last.set(document, { ...last, sure: true });
          this.#doubted.delete(document);
        },
      }),
    );
    for (const { uri } of vscode.workspace.textDocuments) this.#learn(uri);
  }

  #learn(uri: vscode.Uri): void {
    const document = documentOf(uri);
    const state = this.#services.sessions.current(uri)?.state;
    if (document && state?.kind === 'open') this.#last.set(document, { text: state.sealed.doc.text, sure: true });
  }

  /** A text that was just made of a verified one is one. */
  made(document: vscode.TextDocument, text: string): void {
    this.#last.set(document, { text, sure: true });
  }

  /** Whether it has been an encrypted file that verifies. */
  has(document: vscode.TextDocument): boolean {
    return this.#last.has(document);
  }

  /** What the unsaved edits of a document are edits of: its last verified version, else the file on the disk. Undefined for neither. */
  async base(document: vscode.TextDocument): Promise<string | undefined> {
    const last = this.#last.get(document);
    return last?.sure ? last.text : this.#onDisk(document.uri);
  }

  /** All versions that may verify, the likeliest first: in this window, on the disk, in git. */
  async *all({ uri }: vscode.TextDocument): AsyncIterable<string> {
    const document = documentOf(uri);
    const last = document && this.#last.get(document)?.text;
    if (last !== undefined) yield last;
    const { git } = this.#services.platform;
    if (!git || uri.scheme !== 'file' || !vscode.workspace.isTrusted) return;
    for await (const { bytes } of git.versionsOf(uri.fsPath, mostVersions)) yield textOf(uri, bytes) ?? '';
  }

  /** Opens a version for as long as `work` takes. Undefined when it does not open or does not verify. */
  async with<T>(uri: vscode.Uri, text: string, work: (verified: Opened) => Promise<T>): Promise<T | undefined> {
    return this.#services.sessions.with(uri, text, async ({ state }) =>
      state.kind === 'open' ? work(state.opened) : undefined,
    );
  }

  async #onDisk(uri: vscode.Uri): Promise<string | undefined> {
    const bytes = await readAnywhere(this.#services.platform, uri).catch(() => undefined);
    return bytes && textOf(uri, bytes);
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}

function textOf(uri: vscode.Uri, bytes: Uint8Array): string | undefined {
  try {
    return formatOfBytes(uri.path, bytes).text;
  } catch {
    return undefined;
  }
}
