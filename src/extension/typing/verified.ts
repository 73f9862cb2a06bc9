import * as vscode from 'vscode';
import { hasNewPlaintext } from '../../core/change/looked.ts';
import { formatOf, formatOfBytes } from '../../core/format/which.ts';
import type { Opened } from '../../core/open/open.ts';
import { looksSealed } from '../../core/view/envelopes.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { documentOf } from '../session/tabs.ts';
import { sealedOf, textOf } from '../surface.ts';
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
  readonly #changed = new WeakMap<vscode.TextDocument, string>();
  /** Those that have been an encrypted file, verified or not: nobody may have had the key yet. */
  readonly #sealed = new WeakSet<vscode.TextDocument>();
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
          this.#learnChange(document);
        },
      }),
    );
    for (const { uri } of vscode.workspace.textDocuments) this.#learn(uri);
  }

  #learn(uri: vscode.Uri): void {
    const document = documentOf(uri);
    const state = this.#services.sessions.current(uri)?.state;
    if (document && sealedOf(state)) this.#sealed.add(document);
    if (!document || state?.kind !== 'open') return;
    const { text } = state.sealed.doc;
    const last = this.#last.get(document);
    // The MAC does not cover what somebody types among the metadata.
    const isTyped = document.isDirty && last?.sure && text !== last.text;
    if (isTyped && hasNewPlaintext(text, last.text, state.sealed.format)) return;
    this.made(document, text);
  }

  /** A text that was just made of a verified one is one. */
  made(document: vscode.TextDocument, text: string): void {
    this.#last.set(document, { text, sure: true });
    this.#changed.delete(document);
  }

  /** A command or the Secrets Editor signed the file anew: who types on right away types into that version. */
  #learnChange(document: vscode.TextDocument): void {
    const last = this.#last.get(document);
    const text = textOf(document);
    const mac = macOf(text);
    if (!last?.sure || mac === undefined || last.text.includes(mac)) this.#changed.delete(document);
    else if (
      !this.#changed.get(document)?.includes(mac) &&
      !hasNewPlaintext(text, last.text, formatOf(document.uri.path, text))
    )
      this.#changed.set(document, text);
  }

  /** Whether it has been an encrypted file. */
  has(document: vscode.TextDocument): boolean {
    return this.#sealed.has(document);
  }

  /**
   * What the unsaved edits of a document are edits of: its last verified version, else the encrypted file on the disk.
   * Undefined for neither, as where somebody decrypted the file elsewhere.
   */
  async base(document: vscode.TextDocument): Promise<string | undefined> {
    return (await this.#own(document)) ?? this.#ofOriginal(document);
  }

  async #own(document: vscode.TextDocument): Promise<string | undefined> {
    const last = this.#last.get(document);
    return last?.sure ? last.text : this.onDisk(document.uri);
  }

  /** Of a file that is being saved under a new name, where nothing is yet: what it is an edit of under the old one. */
  async #ofOriginal(document: vscode.TextDocument): Promise<string | undefined> {
    const mac = macOf(textOf(document));
    const isIt = (other: vscode.TextDocument) => other !== document && mac !== undefined && textOf(other).includes(mac);
    const original = vscode.workspace.textDocuments.find(isIt);
    return original && this.#own(original);
  }

  /** The same after a change of ours that nobody has looked at yet; undefined where there is none. */
  changed(document: vscode.TextDocument): string | undefined {
    return this.#changed.get(document);
  }

  /** All versions that may verify, the likeliest first: in this window, on the disk, in git. */
  async *all({ uri }: vscode.TextDocument): AsyncIterable<string> {
    const document = documentOf(uri);
    const last = document && this.#last.get(document)?.text;
    if (last !== undefined) yield last;
    const { git } = this.#services.platform;
    if (!git || uri.scheme !== 'file' || !vscode.workspace.isTrusted) return;
    for await (const { bytes } of git.versionsOf(uri.fsPath, mostVersions)) yield decoded(uri, bytes) ?? '';
  }

  /** Opens a version for as long as `work` takes. Undefined when it does not open or does not verify. */
  async with<T>(uri: vscode.Uri, text: string, work: (verified: Opened) => Promise<T>): Promise<T | undefined> {
    return this.#services.sessions.with(uri, text, async ({ state }) =>
      state.kind === 'open' ? work(state.opened) : undefined,
    );
  }

  /** The encrypted file as it is on the disk; undefined for none. */
  async onDisk(uri: vscode.Uri): Promise<string | undefined> {
    const text = await this.read(uri);
    return text !== undefined && looksSealed(text) ? text : undefined;
  }

  /** The file as it is on the disk, encrypted or not; undefined for none. */
  async read(uri: vscode.Uri): Promise<string | undefined> {
    const bytes = await readAnywhere(this.#services.platform, uri).catch(() => undefined);
    return bytes && decoded(uri, bytes);
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}

/** The MAC in the text of an encrypted file. */
function macOf(text: string): string | undefined {
  return [...text.matchAll(/mac["']?[ \t]*[:=][ \t]*["']?(ENC\[AES256_GCM,[^\]\s]*\])/g)].at(-1)?.[1];
}

function decoded(uri: vscode.Uri, bytes: Uint8Array): string | undefined {
  try {
    return formatOfBytes(uri.path, bytes).text;
  } catch {
    return undefined;
  }
}
