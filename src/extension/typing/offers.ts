import * as vscode from 'vscode';
import type { LockstepError, Refusal } from '../../core/errors.ts';
import { commands } from '../ids.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { documentOf } from '../session/tabs.ts';
import { fileName, wordsOf } from '../ui/words.ts';
import { holdsPlaintext } from './encrypting.ts';

const { t } = vscode.l10n;

/** Says, once for each trouble of a document, that something in it is not encrypted, and offers what helps. */
export class Offers implements vscode.Disposable {
  readonly #services: Services;
  readonly #said = new WeakMap<vscode.TextDocument, string>();
  readonly #disposable: vscode.Disposable;

  constructor(services: Services) {
    this.#services = services;
    this.#disposable = services.sessions.onDidChange((uri) => this.#judged(uri));
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  /** What was typed cannot be encrypted: a text that does not parse is half typed yet, all else is said. */
  failed(document: vscode.TextDocument, error: LockstepError | Refusal | undefined): void {
    const { ui, vault } = this.#services;
    if (!holdsPlaintext(document)) return;
    if (vault.locked || error?.code === 'LOCKED') {
      const unlock = t('Unlock and Encrypt');
      this.#once(document, 'locked', () =>
        ui.warn(t('Lockstep is locked, so what you type into {0} is not encrypted.', fileName(document.uri)), unlock),
      )?.then((verb) => verb === unlock && askToUnlock(this.#services, document.uri));
    } else if (error) {
      const { message, next } = wordsOf(error, fileName(document.uri));
      this.#once(document, error.code, () =>
        ui.warn(t('What you typed into {0} is not encrypted. {1} {2}', fileName(document.uri), message, next)),
      );
    }
  }

  /** A file that somebody edited elsewhere, or that was saved before. */
  #judged(uri: vscode.Uri): void {
    const document = documentOf(uri);
    const state = this.#services.sessions.current(uri)?.state;
    if (state?.kind === 'open' && document) this.#said.delete(document);
    if (state?.kind !== 'damaged' || !document || document.isDirty || !holdsPlaintext(document)) return;
    const encrypt = t('Encrypt Edits…');
    this.#once(document, 'damaged', () =>
      this.#services.ui.warn(t('{0} has values in plaintext among the encrypted ones.', fileName(uri)), encrypt),
    )?.then((verb) => verb === encrypt && vscode.commands.executeCommand(commands.encryptEdits, uri.toString()));
  }

  #once<T>(document: vscode.TextDocument, what: string, say: () => Promise<T>): Promise<T> | undefined {
    if (this.#said.get(document) === what) return undefined;
    this.#said.set(document, what);
    return say();
  }
}
