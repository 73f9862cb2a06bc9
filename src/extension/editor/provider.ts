import * as vscode from 'vscode';
import type { Kept } from '../../core/document/file.ts';
import { LockstepError } from '../../core/errors.ts';
import { formatOfName } from '../../core/format/which.ts';
import { isConfigName } from '../../core/view/names.ts';
import { describeError } from '../log.ts';
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
  readonly document: SecretsDocument;
  readonly sheet: Sheet;
  readonly pages: Set<Page>;
  readonly backups: Backups;
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
    () => [...this.#held.values()].map(({ document }) => document),
    (from) => this.#dropBackups(from),
  );
  /** By file, for those that closed with unsaved edits, too: VS Code leaves a backup behind when it moves such a file. */
  readonly #backups = new Map<string, Backups>();
  readonly #disposable: vscode.Disposable;

  constructor(services: Services) {
    this.#services = services;
    const { vault, presentation, settings } = services;
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
    const document = await SecretsDocument.open(uri, this.#services, kept, backupId !== undefined);
    const sheet = new Sheet(document, this.#services);
    const made: Held = {
      document,
      sheet,
      pages: new Set(),
      backups,
    };
    sheet.update();
    document.onDidChange(() => this.#update(made));
    document.onDidDispose(() => this.#drop(made));
    document.onDidTell((told) => this.#tell(document, told));
    document.onDidBecomeStale(({ textSaved }) => void this.#clean(made, textSaved));
    this.#held.set(uri.toString(), made);
    void this.#refreshAges(made);
    return document;
  }

  async resolveCustomEditor(document: SecretsDocument, panel: vscode.WebviewPanel): Promise<void> {
    const held = this.#heldOf(document);
    const page = new Page(panel, held.sheet, this.#services, (request, from) => answer(this.#services, request, from));
    held.pages.add(page);
    panel.onDidChangeViewState(() => document.rest());
    const hidden = exposePage(this.#services.context.extensionMode, page);
    panel.onDidDispose(() => {
      held.pages.delete(page);
      hidden.dispose();
      page.dispose();
    });
  }

  async saveCustomDocument(document: SecretsDocument): Promise<void> {
    await this.#inWords(document.uri, () => document.save());
    const held = this.#heldOf(document);
    // Somebody may have edited while VS Code was to learn that nothing is unsaved.
    if (!document.dirty) await held.backups.remove();
    void this.#refreshAges(held);
  }

  async saveCustomDocumentAs(document: SecretsDocument, target: vscode.Uri): Promise<void> {
    await this.#inWords(target, async () => {
      if (isConfigName(target.path)) throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'other' });
      // A name that tells no other format than the file's own does: `values.yaml.enc` beside `other.yaml.enc`.
      const named = formatOfName(target.path);
      if (named !== this.#heldOf(document).sheet.format && named !== formatOfName(document.uri.path)) {
        throw new LockstepError('UNSUPPORTED_FORMAT', { what: 'other' });
      }
      await document.saveAs(target);
    });
    await this.#heldOf(document).backups.remove();
  }

  async revertCustomDocument(document: SecretsDocument): Promise<void> {
    await this.#inWords(document.uri, () => document.revert());
    await this.#heldOf(document).backups.remove();
  }

  async backupCustomDocument(
    document: SecretsDocument,
    { destination }: vscode.CustomDocumentBackupContext,
    cancel: vscode.CancellationToken,
  ): Promise<vscode.CustomDocumentBackup> {
    return this.#heldOf(document).backups.write(document.kept, destination, cancel);
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
    for (const { document, pages } of this.#held.values()) {
      for (const page of pages) page.dispose();
      document.dispose();
    }
    this.#held.clear();
  }

  #tell(document: SecretsDocument, told: Told | undefined): void {
    this.#changed.fire(told ? { document, ...told } : { document });
  }

  #update(held: Held): void {
    held.sheet.update();
    for (const page of held.pages) page.update();
  }

  #updateAll(): void {
    for (const held of this.#held.values()) this.#update(held);
  }

  #forget(): void {
    for (const { pages } of this.#held.values()) for (const page of pages) page.post({ type: 'forget' });
  }

  async #refreshAges(held: Held): Promise<void> {
    await held.sheet.refreshAges().catch((error) => this.#services.log.error(describeError(error)));
    for (const page of held.pages) page.update();
  }

  /**
   * Lets VS Code know that nothing is unsaved, by a save that writes nothing. A save by the file's name makes VS Code write
   * a text editor of it as well, changed or not, so that is for files without one, or whose editor was saved just now.
   */
  async #clean({ document, pages }: Held, textSaved: boolean): Promise<void> {
    const active = [...pages].some(({ panel }) => panel.active);
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

  #drop(held: Held): void {
    if (this.#held.get(held.document.uri.toString()) === held) this.#held.delete(held.document.uri.toString());
    // A document that closes with edits in it may come back from this backup.
    if (held.document.dirty) return;
    this.#backups.delete(held.document.uri.toString());
    void held.backups.remove();
  }

  async #dropBackups(uri: vscode.Uri): Promise<void> {
    const backups = this.#backups.get(uri.toString());
    this.#backups.delete(uri.toString());
    await backups?.remove();
  }

  /** VS Code shows the message of what is thrown, in a notification. */
  async #inWords(uri: vscode.Uri, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#services.log.error(describeError(error));
      const { message, next } = wordsOfAny(error, fileName(uri));
      throw new Error(inert(`${message} ${next}`));
    }
  }
}

const lostWords = (uri: vscode.Uri) =>
  vscode.l10n.t(
    'The unsaved changes of {0} could not be brought back, because what VS Code kept of them cannot be read. You see the file as it was saved.',
    fileName(uri),
  );

const olderWords = (uri: vscode.Uri) =>
  vscode.l10n.t(
    'The last unsaved changes of {0} could not be brought back, because what VS Code kept of them cannot be read. You see an older state of your changes.',
    fileName(uri),
  );
