import * as vscode from 'vscode';
import type { Kept } from '../../core/document/file.ts';
import { LockstepError } from '../../core/errors.ts';
import { formatOfName } from '../../core/format/which.ts';
import type { FileState } from '../../core/session/state.ts';
import { isConfigName } from '../../core/view/names.ts';
import { contexts } from '../ids.ts';
import { describeError } from '../log.ts';
import { agreedLosses, forgetLosses, lostSince, mayLoseKeys } from '../person/lostkeys.ts';
import type { Services } from '../services.ts';
import { exposePage } from '../testing.ts';
import { inert } from '../ui/inert.ts';
import { fileName, wordsOfAny } from '../ui/words.ts';
import { answer } from './answers/answers.ts';
import { Backups, type BroughtBack } from './document/backup.ts';
import { SecretsDocument, type Told } from './document/document.ts';
import { Moves } from './document/moves.ts';
import { shownText } from './document/text.ts';
import { Page } from './page.ts';
import { Sheet } from './sheet.ts';

interface Held {
  readonly sheet: Sheet;
  readonly pages: Set<Page>;
}

/** The Secrets Editor: one document for a file, whatever number of tabs shows it. */
export class SecretsEditor implements vscode.CustomEditorProvider<SecretsDocument>, vscode.Disposable {
  readonly #services: Services;
  readonly #held = new Map<string, Held>();
  readonly #changed = new vscode.EventEmitter<
    vscode.CustomDocumentEditEvent<SecretsDocument> | vscode.CustomDocumentContentChangeEvent<SecretsDocument>
  >();
  readonly onDidChangeCustomDocument = this.#changed.event as vscode.Event<
    vscode.CustomDocumentEditEvent<SecretsDocument>
  >;
  readonly #moves = new Moves(
    () => [...this.#held.values()].map(({ sheet }) => sheet.document),
    (from) => this.#dropBackups(from, true),
  );
  /** By file, for those that closed with unsaved edits, too: VS Code leaves a backup behind when it moves such a file. */
  readonly #backups = new Map<string, Backups>();
  #contexts: readonly unknown[] = [];
  /** The question before a save, by file: VS Code may save once more while it is there. */
  readonly #asking = new Map<string, Promise<boolean>>();
  readonly #disposable: vscode.Disposable;

  constructor(services: Services) {
    this.#services = services;
    const { vault, presentation, settings, policies } = services;
    this.#disposable = vscode.Disposable.from(
      this.#changed,
      this.#moves,
      vault.onDidChange(() => {
        if (vault.locked) this.#forget();
      }),
      presentation.onDidChange((on) => {
        if (on) this.#forget();
        this.#updateAll();
      }),
      settings.onDidChange(() => this.#updateAll()),
      policies.onDidChange(() => {
        for (const held of this.#held.values()) void this.#refreshFacts(held);
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#updateAll()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (!focused) this.#forget();
      }),
    );
  }

  async openCustomDocument(uri: vscode.Uri, { backupId }: vscode.CustomDocumentOpenContext): Promise<SecretsDocument> {
    const moved = this.#moves.take(uri);
    const backups = new Backups(uri, this.#services.context.storageUri);
    this.#backups.set(uri.toString(), backups);
    const kept = moved ?? (await this.#broughtBack(uri, backups, backupId));
    const owner = {
      changed: () => this.#update(this.#held.get(uri.toString())),
      told: (of: SecretsDocument, told?: Told) => this.#changed.fire({ document: of, ...told }),
      stale: (of: SecretsDocument, textSaved: boolean) => void this.#clean(of, textSaved),
      closed: (of: SecretsDocument) => {
        if (this.#held.get(uri.toString())?.sheet.document !== of) return;
        this.#held.get(uri.toString())?.sheet.dispose();
        this.#held.delete(uri.toString());
        this.#services.sessions.editors.delete(uri.toString());
        // A document that closes with edits in it may come back from its backup.
        if (!of.dirty) void this.#dropBackups(uri, true);
      },
    };
    const document = await SecretsDocument.open(uri, this.#services, owner, kept, backupId !== undefined);
    const held = { sheet: new Sheet(document, this.#services), pages: new Set<Page>() };
    held.sheet.update();
    this.#held.set(uri.toString(), held);
    this.#services.sessions.editors.set(uri.toString(), document);
    void this.#refreshFacts(held);
    return document;
  }

  async resolveCustomEditor(document: SecretsDocument, panel: vscode.WebviewPanel): Promise<void> {
    const held = this.#heldOf(document);
    const page = new Page(panel, held.sheet, this.#services, (request, from) => answer(this.#services, request, from));
    held.pages.add(page);
    page.update();
    this.#setContexts();
    panel.onDidChangeViewState(() => {
      document.rest();
      this.#setContexts();
    });
    const hidden = exposePage(this.#services.context.extensionMode, page);
    panel.onDidDispose(() => {
      held.pages.delete(page);
      hidden.dispose();
      page.dispose();
      this.#setContexts();
    });
  }

  async saveCustomDocument(document: SecretsDocument): Promise<void> {
    await this.#keepKeys(document);
    try {
      await document.save();
    } catch (error) {
      // VS Code would say “Failed to save” until somebody closes that, also long after a save that worked. So it is told that the
      // save was called off, and the reason is a message that goes by itself.
      this.#services.log.error(describeError(error));
      void this.#services.ui.warn(told(error, document.uri));
      throw new vscode.CancellationError();
    }
    forgetLosses(this.#services, document.uri);
    this.#services.policies.saved(document.uri);
    // Somebody may have edited while VS Code was to learn that nothing is unsaved.
    if (!document.dirty) await this.#dropBackups(document.uri);
    void this.#refreshFacts(this.#heldOf(document));
  }

  /**
   * Before a text goes to the disk that has another value in the place of a named encryption key, or nothing, the person is asked, unless they
   * were already. Throws CancellationError for a no: what was typed stays in the editor, unsaved.
   */
  async #keepKeys({ uri, file: { base, theirs }, draft, text }: SecretsDocument): Promise<void> {
    if (!base || theirs || draft) return;
    const key = uri.toString();
    const asking =
      this.#asking.get(key) ?? this.#mayLoseKeys(uri, base.text, text).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    if (await asking) return;
    void this.#services.ui.warn(keptWords(uri));
    throw new vscode.CancellationError();
  }

  async #mayLoseKeys(uri: vscode.Uri, before: string, after: string): Promise<boolean> {
    const known = agreedLosses(this.#services, uri);
    const lost = await lostSince(this.#services, uri, before, after);
    return mayLoseKeys(
      this.#services,
      uri,
      lost.filter(({ name }) => !known.has(name)),
    );
  }

  async saveCustomDocumentAs(document: SecretsDocument, target: vscode.Uri): Promise<void> {
    await this.#inWords(target, async () => {
      if (isConfigName(target.path)) throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'other' });
      // A name that means no other format than the file's own: `values.yaml.enc` beside `other.yaml.enc`.
      const named = formatOfName(target.path);
      if (named !== this.#heldOf(document).sheet.format && named !== formatOfName(document.uri.path)) {
        throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'other' });
      }
      await document.saveAs(target);
    });
    await this.#dropBackups(document.uri);
  }

  async revertCustomDocument(document: SecretsDocument): Promise<void> {
    await this.#inWords(document.uri, () => document.revert());
    forgetLosses(this.#services, document.uri);
    await this.#dropBackups(document.uri);
  }

  async backupCustomDocument(
    document: SecretsDocument,
    { destination }: vscode.CustomDocumentBackupContext,
    cancel: vscode.CancellationToken,
  ): Promise<vscode.CustomDocumentBackup> {
    const backups = this.#backups.get(document.uri.toString());
    if (!backups) throw new LockstepError('GONE');
    return backups.write(document.kept, destination, cancel);
  }

  /** What a backup kept. One that cannot be read must not keep its file from being opened; that is said, then. */
  async #broughtBack(uri: vscode.Uri, backups: Backups, id: string | undefined): Promise<Kept | undefined> {
    const { kept, lost } = await backups.read(id).catch((error): BroughtBack => {
      this.#services.log.error(describeError(error));
      return { kept: undefined, lost: true };
    });
    if (lost) void this.#services.ui.warn(kept ? olderWords(uri) : lostWords(uri));
    return kept;
  }

  /** The pages of a file that are open now. */
  pagesOf(uri: vscode.Uri): readonly Page[] {
    return [...(this.#held.get(uri.toString())?.pages ?? [])];
  }

  dispose(): void {
    this.#disposable.dispose();
    for (const { sheet, pages } of [...this.#held.values()]) {
      for (const page of pages) page.dispose();
      sheet.document.dispose();
    }
    this.#held.clear();
  }

  /** A document that is being opened has no pages yet. */
  #update(held: Held | undefined): void {
    held?.sheet.update();
    for (const page of held?.pages ?? []) page.update();
    if (held?.sheet.isDue) void this.#refreshFacts(held);
    this.#setContexts();
  }

  /** Menus and the palette go by the Secrets Editor in front. */
  #setContexts(): void {
    const active = [...this.#held.values()].find(({ pages }) => [...pages].some(({ panel }) => panel.active));
    const values = [kindOf(active?.sheet.document.state), active?.sheet.format === 'binary'];
    [contexts.editor, contexts.editorBinary].forEach((key, i) => {
      if (this.#contexts[i] !== values[i]) void vscode.commands.executeCommand('setContext', key, values[i]);
    });
    this.#contexts = values;
  }

  #updateAll(): void {
    for (const held of this.#held.values()) this.#update(held);
  }

  #forget(): void {
    for (const { pages } of this.#held.values()) for (const page of pages) page.post({ type: 'forget' });
  }

  async #refreshFacts(held: Held): Promise<void> {
    const drawn = () => {
      for (const page of held.pages) page.update();
    };
    await held.sheet.refreshFacts(drawn).catch((error) => this.#services.log.error(describeError(error)));
  }

  /**
   * Lets VS Code know that nothing is unsaved, by a save that writes nothing. A save by the file's name makes VS Code write
   * a text editor of it as well, changed or not, so that is for files without one, or whose editor was saved just now.
   */
  async #clean(document: SecretsDocument, textSaved: boolean): Promise<void> {
    const active = this.pagesOf(document.uri).some(({ panel }) => panel.active);
    if (!active && !textSaved && shownText(document.uri)) return;
    await document
      .cleaning(() =>
        active ? vscode.commands.executeCommand('workbench.action.files.save') : vscode.workspace.save(document.uri),
      )
      .catch((error) => this.#services.log.error(describeError(error)));
  }

  #heldOf({ uri }: SecretsDocument): Held {
    const held = this.#held.get(uri.toString());
    if (!held) throw new LockstepError('GONE');
    return held;
  }

  async #dropBackups(uri: vscode.Uri, forGood = false): Promise<void> {
    const backups = this.#backups.get(uri.toString());
    if (forGood) this.#backups.delete(uri.toString());
    await backups?.remove();
  }

  /** VS Code shows the message of what is thrown, in a notification. */
  async #inWords(uri: vscode.Uri, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#services.log.error(describeError(error));
      throw new Error(inert(told(error, uri)));
    }
  }
}

function told(error: unknown, uri: vscode.Uri): string {
  const { message, next } = wordsOfAny(error, fileName(uri));
  return `${message} ${next}`;
}

const keptWords = (uri: vscode.Uri) =>
  vscode.l10n.t(
    '{0} was not saved, and what you edited is still here. Undo, or put the old key back; to replace it, save again.',
    fileName(uri),
  );

const lostWords = (uri: vscode.Uri) =>
  vscode.l10n.t(
    'The unsaved changes of {0} are lost: the backup that VS Code kept cannot be read. You see the file as it was saved.',
    fileName(uri),
  );

const olderWords = (uri: vscode.Uri) =>
  vscode.l10n.t(
    'The latest unsaved changes of {0} are lost: the last backup that VS Code kept cannot be read. You see an earlier backup.',
    fileName(uri),
  );

/** For `when` clauses: what is there for files of SOPS is not offered for one of dotenvx. */
const kindOf = (state: FileState | undefined): string =>
  state?.kind === 'open' && state.sealed.dotenvx ? 'dotenvx' : (state?.kind ?? 'none');
