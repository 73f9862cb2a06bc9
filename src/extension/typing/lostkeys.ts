import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { keysOf } from '../../core/enckeys/keys.ts';
import { mayHoldKeys } from '../../core/enckeys/names.ts';
import { LockstepError } from '../../core/errors.ts';
import { requireOpen } from '../../core/session/state.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import { samePath, visible } from '../../core/tree/path.ts';
import { describeError } from '../log.ts';
import { agreedLosses, forgetLosses, lossWords, lostSince, noteLoss } from '../person/lostkeys.ts';
import type { Services } from '../services.ts';
import { applyChange } from '../session/apply.ts';
import { textOf } from '../surface.ts';
import { fileName, wordsOfAny } from '../ui/words.ts';

const { t } = vscode.l10n;

/**
 * Named encryption keys that a save of a text document took out of its file. VS Code waits too short a time for a question before a save, and
 * a save that is kept from happening loses what was typed where the editor closes with it. So what is lost is said right afterwards.
 */
export class LostKeys {
  readonly #services: Services;
  /** What the file was before the save that is under way: ciphertext. */
  readonly #before = new WeakMap<vscode.TextDocument, string>();
  /** The same of those that were saved while Lockstep was locked, when nobody could compare their keys. */
  readonly #waiting = new Map<vscode.TextDocument, string>();
  readonly #onDisk: (uri: vscode.Uri) => Promise<string | undefined>;

  /** @param onDisk the encrypted file as it is on the disk. */
  constructor(services: Services, onDisk: (uri: vscode.Uri) => Promise<string | undefined>) {
    this.#services = services;
    this.#onDisk = onDisk;
  }

  /** @param reading the file as it is on the disk still; waited for only as long as a save may take. */
  async saving(document: vscode.TextDocument, reading: Promise<string | undefined>): Promise<void> {
    const before = await reading;
    if (before !== undefined) this.#before.set(document, before);
  }

  /** Never throws. */
  async saved(document: vscode.TextDocument): Promise<void> {
    const before = this.#waiting.get(document) ?? this.#before.get(document);
    this.#before.delete(document);
    if (before === undefined) return;
    if (this.#services.vault.locked) {
      if (mayHoldKeys(before)) this.#waiting.set(document, before);
      return;
    }
    this.#waiting.delete(document);
    await this.#compare(document.uri, before, textOf(document));
  }

  /** What was saved while Lockstep was locked is compared now. Never throws. */
  async unlocked(): Promise<void> {
    for (const [{ uri }, before] of this.#takeWaiting()) {
      const now = await this.#onDisk(uri);
      if (now !== undefined) await this.#compare(uri, before, now);
    }
  }

  #takeWaiting(): readonly (readonly [vscode.TextDocument, string])[] {
    const all = [...this.#waiting];
    this.#waiting.clear();
    return all;
  }

  async #compare(uri: vscode.Uri, before: string, now: string): Promise<void> {
    const { log, sessions } = this.#services;
    const agreed = agreedLosses(this.#services, uri);
    forgetLosses(this.#services, uri);
    try {
      const lost = (await lostSince(this.#services, uri, before, now)).filter(({ name }) => !agreed.has(name));
      if (lost.length === 0) return;
      const isWhole = await sessions.with(uri, now, async ({ state }) => state.kind === 'open');
      for (const { name, isGone } of lost) void this.#tell(uri, before, name, isGone, isWhole);
    } catch (error) {
      log.error(describeError(error));
    }
  }

  /** @param isWhole the file verifies: else there is nothing that a key could be put into. */
  async #tell(uri: vscode.Uri, before: string, name: string, isGone: boolean, isWhole: boolean): Promise<void> {
    const { ui, log } = this.#services;
    const [key, file] = [visible(name), fileName(uri)];
    const back = t('Put the Old Key Back');
    const what = isGone
      ? t('The encryption key {0} was removed from {1}.', key, file)
      : t('The encryption key {0} in {1} was replaced.', key, file);
    if ((await ui.warn(`${what} ${lossWords()}`, ...(isWhole ? [back] : []))) !== back) return;
    try {
      // The one in its place goes with the next save.
      noteLoss(this.#services, uri, name);
      await this.#putBack(uri, before, name);
    } catch (error) {
      log.error(describeError(error));
      const { message, next } = wordsOfAny(error, file);
      void ui.warn(`${message} ${next}`);
    }
  }

  /** As an edit that can be undone, so that the new value is not lost either. */
  async #putBack(uri: vscode.Uri, before: string, name: string): Promise<void> {
    const { sessions, clock } = this.#services;
    const document = await vscode.workspace.openTextDocument(uri);
    await sessions.with(uri, before, async ({ state }) => {
      const old = keysOf(requireOpen(state)).find((one) => one.name === name);
      if (!old) throw new LockstepError('NO_ENCRYPTION_KEY', { path: [name] });
      await applyChange(this.#services, document, async (opened) => {
        const step = { kind: 'setPath', path: old.path, json: JSON.stringify(old.key) } as const;
        const made = await change(opened, step, clock);
        const now = readSealed(made.text, opened.sealed.format).leaves.find(({ path }) => samePath(path, old.path));
        if (!old.isClear && !now?.encrypted) throw new LockstepError('NOT_SELECTED', { path: old.path });
        return made;
      });
    });
  }
}
