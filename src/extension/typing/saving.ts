import * as vscode from 'vscode';
import { movedOut } from '../../core/change/edited.ts';
import { hasNewPlaintext } from '../../core/change/looked.ts';
import { textEdits } from '../../core/diff/lines.ts';
import type { LockstepError, Refusal } from '../../core/errors.ts';
import { applyEdits } from '../../core/format/document.ts';
import { formatOf, getFormat } from '../../core/format/which.ts';
import { workspaceEditOf } from '../convert.ts';
import { commands } from '../ids.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { textOf } from '../surface.ts';
import { fileName, wordsOf } from '../ui/words.ts';
import { LostKeys } from './lostkeys.ts';
import type { Typing } from './typing.ts';
import type { VerifiedTexts } from './verified.ts';

const { t } = vscode.l10n;

/** VS Code waits 1,500 ms for what comes before a save, and then saves without. */
const patience = 1_200;

/** Tries to take a text out before a save. */
const mostTries = 5;

/** Saves without a key pressed between them after which the text comes back by itself. */
const mostReturns = 3;

/** A text that could not be encrypted, and so was not saved. */
interface Kept {
  readonly text: string;
  readonly safe: string;
  /** Undefined where there is no verified version. */
  readonly why: LockstepError | Refusal | 'late' | undefined;
}

/** No save writes in plaintext what ought to be encrypted: it is encrypted before, or does not get into the file. */
export class Saving implements vscode.Disposable {
  readonly #services: Services;
  readonly #texts: VerifiedTexts;
  readonly #typing: Typing;
  readonly #kept = new Map<vscode.TextDocument, Kept>();
  readonly #returns = new WeakMap<vscode.TextDocument, { readonly text: string; readonly times: number }>();
  readonly #keys: LostKeys;
  readonly #disposable: vscode.Disposable;

  constructor(services: Services, texts: VerifiedTexts, typing: Typing) {
    this.#services = services;
    this.#keys = new LostKeys(services);
    this.#texts = texts;
    this.#typing = typing;
    this.#disposable = vscode.Disposable.from(
      vscode.workspace.onWillSaveTextDocument((event) => {
        if (typing.concerns(event.document)) event.waitUntil(this.#before(event.document));
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        void this.#keys.saved(document);
        void this.#after(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.#kept.delete(document)),
      services.vault.onDidChange(() => void this.#unlocked()),
    );
  }

  dispose(): void {
    this.#disposable.dispose();
    this.#kept.clear();
  }

  /**
   * The document is edited before VS Code takes its text, and not by edits that are returned: those are thrown away when
   * somebody types meanwhile.
   */
  async #before(document: vscode.TextDocument): Promise<void> {
    const read = this.#keys.saving(document, this.#texts.onDisk(document.uri));
    const late = new Promise<'late'>((resolve) => {
      setTimeout(() => resolve('late'), patience).unref?.();
    });
    const outcome = await Promise.race([this.#typing.settle(document), late]);
    if (outcome !== 'late' && 'edits' in outcome) return void (await Promise.race([read, late]));
    const safe = this.#texts.changed(document) ?? (await this.#texts.base(document));
    if (safe === undefined) return;
    const before = this.#kept.get(document);
    for (let n = 0; n < mostTries; n++) {
      const [text, version] = [textOf(document), document.version];
      if (!hasNewPlaintext(text, safe, formatOf(document.uri.path, safe))) return;
      // Somebody who types at this moment is in the way.
      if (!(await this.#typing.put(document, version, textEdits(text, safe)))) continue;
      const all = before ? withEdits(before.safe, before.text, text) : text;
      this.#kept.set(document, { text: all, safe, why: outcome === 'late' ? 'late' : outcome.error });
      return;
    }
  }

  /** What is only half typed comes back into the editor; what waits for a key waits outside the document. */
  async #after(document: vscode.TextDocument): Promise<void> {
    const kept = this.#kept.get(document);
    if (!kept) return;
    if (this.#services.vault.locked || (kept.why !== 'late' && kept.why?.code === 'LOCKED'))
      return this.#offerUnlock(document);
    this.#kept.delete(document);
    const before = this.#returns.get(document);
    const times = before?.text === kept.text ? before.times + 1 : 1;
    this.#returns.set(document, { text: kept.text, times });
    if (times <= mostReturns) await this.#bringBack(document, kept);
    if (times > 1 && times <= mostReturns) return;
    const again = t('Bring Back');
    const why = t('Why?');
    const move = t('Move It Above');
    const verb = await this.#services.ui.warn(
      t(
        '{0} was saved without your last edit, which could not be encrypted. {1}',
        fileName(document.uri),
        reasonOf(document.uri, kept.why),
      ),
      ...(times > mostReturns ? [again] : []),
      ...(kept.why === undefined ? [why] : []),
      ...(times <= mostReturns && movedAbove(document, kept.safe) !== undefined ? [move] : []),
    );
    if (verb === again) await this.#bringBack(document, kept);
    const moved = verb === move && !document.isClosed ? movedAbove(document, kept.safe) : undefined;
    if (moved !== undefined)
      await vscode.workspace.applyEdit(workspaceEditOf(document, textEdits(textOf(document), moved)));
    if (verb === why) await vscode.commands.executeCommand(commands.explainFile, document.uri.toString());
  }

  async #bringBack(document: vscode.TextDocument, { text, safe }: Kept): Promise<void> {
    if (document.isClosed) return;
    const now = textOf(document);
    await vscode.workspace.applyEdit(workspaceEditOf(document, textEdits(now, withEdits(safe, text, now))));
  }

  async #offerUnlock(document: vscode.TextDocument): Promise<void> {
    const unlock = t('Unlock and Encrypt');
    const verb = await this.#services.ui.warn(
      t('Lockstep is locked, so what you typed into {0} is neither encrypted nor saved.', fileName(document.uri)),
      unlock,
    );
    // Unlocked, it is taken up again, whoever unlocks.
    if (verb === unlock) await askToUnlock(this.#services, document.uri);
  }

  async #unlocked(): Promise<void> {
    if (this.#services.vault.locked) return;
    for (const [document, kept] of [...this.#kept]) {
      this.#kept.delete(document);
      await this.#bringBack(document, kept);
      this.#typing.flush();
    }
  }
}

/** The text of a document with what was typed among the metadata above it; undefined where there is nothing to move. */
function movedAbove(document: vscode.TextDocument, safe: string): string | undefined {
  try {
    return movedOut(getFormat(formatOf(document.uri.path, safe)).parse(safe), textOf(document));
  } catch {
    return undefined;
  }
}

/** The later one of two edited texts, with the edits of the earlier one that it does not have and is not in the place of. */
function withEdits(safe: string, earlier: string, later: string): string {
  const edits = textEdits(safe, later);
  const missing = textEdits(safe, earlier).filter(({ start, end, text }) =>
    edits.every((one) =>
      one.start === start && one.end === end
        ? start === end && !one.text.includes(text)
        : one.end <= start || end <= one.start,
    ),
  );
  return applyEdits(safe, [...missing, ...edits]);
}

function reasonOf(uri: vscode.Uri, why: Kept['why']): string {
  if (why === 'late') return t('It took too long.');
  if (why === undefined) return t('The last verified version of the file cannot be opened here.');
  const { message, next } = wordsOf(why, fileName(uri));
  return `${message} ${next}`;
}
