import * as vscode from 'vscode';
import { movedOut } from '../../core/change/edited.ts';
import { hasNewPlaintext } from '../../core/change/looked.ts';
import { textEdits } from '../../core/diff/lines.ts';
import type { LockstepError, Refusal } from '../../core/errors.ts';
import { applyEdits } from '../../core/format/document.ts';
import { formatOf, getFormat } from '../../core/format/which.ts';
import { looksSealed } from '../../core/view/envelopes.ts';
import { workspaceEditOf } from '../convert.ts';
import { commands } from '../ids.ts';
import { describeError } from '../log.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { documentOf } from '../session/tabs.ts';
import { textOf } from '../surface.ts';
import { fileName, wordsOf } from '../ui/words.ts';
import type { Outcome } from './encrypting.ts';
import { LostKeys } from './lostkeys.ts';
import type { Typing } from './typing.ts';
import type { VerifiedTexts } from './verified.ts';

const { t } = vscode.l10n;

/**
 * VS Code waits 1,500 ms for what comes before a save, and then saves without. A listener that took longer, or failed, a few times is not
 * asked again as long as the window is open.
 */
const limit = 1_400;

/** Of these, what an encryption may take before the text is taken out of the document instead. */
const patience = 1_200;

/** Between two tries to take a text out while somebody goes on typing. */
const breath = 10;

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
  /** What each file was, encrypted, when it was last read or is about to be saved. */
  readonly #safe = new WeakMap<vscode.TextDocument, string>();
  readonly #returns = new WeakMap<vscode.TextDocument, { readonly text: string; readonly times: number }>();
  readonly #keys: LostKeys;
  readonly #disposable: vscode.Disposable;

  constructor(services: Services, texts: VerifiedTexts, typing: Typing) {
    this.#services = services;
    this.#keys = new LostKeys(services, (uri) => texts.onDisk(uri));
    this.#texts = texts;
    this.#typing = typing;
    this.#disposable = vscode.Disposable.from(
      vscode.workspace.onWillSaveTextDocument((event) => {
        if (typing.concerns(event.document)) event.waitUntil(this.#before(event.document));
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        const safe = this.#safe.get(document);
        void this.#keys.saved(document);
        void this.#after(document);
        if (safe !== undefined)
          void this.#saved(document, safe).catch((error) => services.log.error(describeError(error)));
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.#kept.delete(document)),
      services.vault.onDidChange(() => void this.#unlocked()),
      services.sessions.onDidChange((uri) => this.#learn(uri)),
    );
  }

  dispose(): void {
    this.#disposable.dispose();
    this.#kept.clear();
  }

  /**
   * The document is edited before VS Code takes its text, and not by edits that are returned: those are thrown away when
   * somebody types meanwhile. Never fails, and never takes longer than VS Code waits.
   */
  async #before(document: vscode.TextDocument): Promise<void> {
    const end = timer(limit);
    const read = this.#keys.saving(document, this.#texts.onDisk(document.uri));
    const work = this.#clear(document, end, read).catch((error) => this.#services.log.error(describeError(error)));
    await Promise.race([work, end.reached]);
  }

  /** Encrypts what was typed, else takes it out of the document, also from under somebody who goes on typing. */
  async #clear(document: vscode.TextDocument, end: Timer, read?: Promise<unknown>, before?: string): Promise<void> {
    const late = timer(patience);
    let outcome: Outcome | 'late' | undefined;
    do {
      outcome = await Promise.race([this.#typing.settle(document), late.reached]);
      await Promise.race([read, late.reached]);
    } while (!late.isOver && this.#typing.isBusy(document));
    const found = outcome === 'late' ? undefined : outcome;
    // Without a verified version the file counts as one, which may hold by now what is to be taken out.
    const isClear = (text: string) => before === undefined || !isNewIn(document, text, before);
    if (found && 'edits' in found && !this.#typing.isBusy(document) && isClear(found.text))
      return void this.#safe.set(document, found.text);
    const safe = before ?? this.#texts.changed(document) ?? (await this.#texts.base(document));
    if (safe === undefined) return void this.#safe.delete(document);
    this.#safe.set(document, safe);
    for (; !end.isOver && !document.isClosed; await timer(breath).reached) {
      const [text, version] = [textOf(document), document.version];
      if (!isNewIn(document, text, safe)) return;
      // Somebody who types at this moment is in the way; what is typed right behind is taken out by the next turn.
      if (!(await this.#typing.put(document, version, textEdits(text, safe)))) continue;
      const kept = this.#kept.get(document);
      const all = kept ? withEdits(kept.safe, kept.text, text) : text;
      const why = found && 'error' in found ? found.error : 'late';
      this.#kept.set(document, { text: all, safe, why });
      if (document.version === version + 1) return;
    }
  }

  #learn(uri: vscode.Uri): void {
    const document = documentOf(uri);
    if (!document || document.isDirty || this.#services.sessions.current(uri)?.version !== document.version) return;
    const text = textOf(document);
    if (looksSealed(text)) this.#safe.set(document, text);
    else this.#safe.delete(document);
  }

  /**
   * A save that did not wait, or did not ask, such as *Save without Formatting* and some of the saves of VS Code itself: what should not have
   * reached the file is taken out of it at once, and the person is told.
   */
  async #saved(document: vscode.TextDocument, safe: string): Promise<void> {
    const isLeft = async () => {
      const text = await this.#texts.read(document.uri);
      return text !== undefined && isNewIn(document, text, safe);
    };
    if (!(await isLeft())) return;
    await this.#clear(document, endless, undefined, safe);
    if (!document.isClosed) await document.save();
    const name = fileName(document.uri);
    const what = (await isLeft())
      ? t('{0} was saved with what you typed in plaintext, and still holds it.', name)
      : t('{0} was saved with what you typed in plaintext. It is out of the file again.', name);
    void this.#services.ui.warn(
      `${what} ${t('VS Code did not wait for the encryption. Local History and programs that watch the file may have it: replace the value at its source.')}`,
    );
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
    void this.#keys.unlocked();
    for (const [document, kept] of [...this.#kept]) {
      this.#kept.delete(document);
      await this.#bringBack(document, kept);
      this.#typing.flush();
    }
  }
}

/** Whether a text of a document holds plaintext that the one before did not. */
const isNewIn = ({ uri }: vscode.TextDocument, text: string, safe: string) =>
  text !== safe && hasNewPlaintext(text, safe, formatOf(uri.path, safe));

interface Timer {
  readonly isOver: boolean;
  readonly reached: Promise<'late'>;
}

function timer(ms: number): Timer {
  let isOver = false;
  const reached = new Promise<'late'>((resolve) => {
    const end = () => {
      isOver = true;
      resolve('late');
    };
    setTimeout(end, ms).unref?.();
  });
  return {
    reached,
    get isOver() {
      return isOver;
    },
  };
}

const endless: Timer = { isOver: false, reached: new Promise(() => undefined) };

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
