import * as vscode from 'vscode';
import { base64, randomBytes } from '../../core/bytes.ts';
import { isOurs, LockstepError } from '../../core/errors.ts';
import type { Answer } from '../../protocol/messages.ts';
import { editorPage } from '../../protocol/page.ts';
import { spliceOf } from '../../protocol/splice.ts';
import { requestNumber } from '../../protocol/table.ts';
import {
  readVersionsRequest,
  type VersionsMessage,
  type VersionsRequest,
  type VersionsState,
  type View,
  versionsRequests,
} from '../../protocol/versions.ts';
import { describeError } from '../log.ts';
import { requireShowable, requireUnlocked } from '../person/showable.ts';
import type { Services } from '../services.ts';
import { exposePage } from '../testing.ts';
import { problemOf } from '../ui/problem.ts';
import { noteActivity } from '../vault/idle.ts';

/** A value that a person asked for, and where it is from, for the access log. */
export interface Told {
  readonly text: string;
  readonly uri: vscode.Uri;
  readonly key: string;
}

/** What a panel shows and does: the part of a feature. Rows and actions are named by the ids that `view` gave them. */
export interface Driver extends vscode.Disposable {
  /** Names, kinds and fingerprints; never a value. */
  view(): View;
  /** One value. The panel asks only for what `view` says can be shown, while nothing is locked, and records it. */
  reveal(row: string, column: number): Promise<Told>;
  /** Takes a version for a row, where `view` offers a choice. */
  choose?(row: string, column: number): Promise<void>;
  act(action: string, row: string | undefined): Promise<void>;
}

/** A page that shows versions of secrets beside each other. It gets what changed since the last message, and no value before a person asks. */
export class VersionsPanel implements vscode.Disposable {
  readonly #services: Services;
  readonly #driver: Driver;
  readonly #by: string;
  readonly #panel: vscode.WebviewPanel;
  readonly #disposable: vscode.Disposable;
  readonly onDidDispose: vscode.Event<void>;
  #revision = 0;
  /** What the page shows now; undefined until it has asked. */
  #shown: { readonly head: string; readonly rows: VersionsState['rows'] } | undefined;
  #closed = false;

  /** @param by the surface, as the access log names it, and the title of the tab */
  constructor(services: Services, driver: Driver, by: string) {
    const { context, vault, presentation, settings } = services;
    this.#services = services;
    this.#driver = driver;
    this.#by = by;
    const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
    this.#panel = vscode.window.createWebviewPanel('lockstep.versions', driver.view().title, vscode.ViewColumn.Active, {
      enableScripts: true,
      enableCommandUris: false,
      localResourceRoots: [dist],
    });
    this.onDidDispose = this.#panel.onDidDispose;
    const { webview } = this.#panel;
    this.#disposable = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => void this.receive(message)),
      this.#panel.onDidChangeViewState(() => {
        // A page that is not on the screen is thrown away, and asks again when it is back.
        if (!this.#panel.visible) this.#shown = undefined;
      }),
      this.#panel.onDidDispose(() => this.dispose()),
      vault.onDidChange(() => {
        if (vault.locked) this.#post({ type: 'forget' });
        this.update();
      }),
      presentation.onDidChange((on) => {
        if (on) this.#post({ type: 'forget' });
        this.update();
      }),
      settings.onDidChange(() => this.update()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (!focused) this.#post({ type: 'forget' });
      }),
      exposePage(context.extensionMode, this),
    );
    webview.html = editorPage({
      title: by,
      script: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'versions.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'versions.css')).toString(),
      source: webview.cspSource,
      nonce: base64(randomBytes(24)),
      ...(vscode.l10n.bundle && { language: { tag: vscode.env.language, words: vscode.l10n.bundle } }),
    });
  }

  /** Brings the tab to the front. */
  show(): void {
    this.#panel.reveal();
  }

  /** Sends the page what it does not show yet. */
  update(): void {
    if (this.#closed) return;
    const view = this.#driver.view();
    this.#panel.title = view.title;
    if (!this.#shown) return;
    const { head, state } = this.#state(view);
    const splice = head === this.#shown.head ? spliceOf(this.#shown.rows, view.rows, this.#revision + 1) : state;
    this.#shown = { head, rows: view.rows };
    if (!splice) return;
    this.#revision++;
    this.#post(splice);
  }

  /** Takes a message; whatever has a number is answered, also what is not understood. */
  async receive(message: unknown): Promise<void> {
    const request = readVersionsRequest(message);
    const number = requestNumber(message);
    if (request) {
      if (request.type !== 'ready') noteActivity();
      this.#post(await this.#reply(request));
    } else if (number !== undefined) {
      this.#post({ type: 'answer', request: number, ok: false, error: problemOf(undefined) });
    }
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#disposable.dispose();
    this.#driver.dispose();
    this.#panel.dispose();
  }

  #state(view: View): { head: string; state: VersionsState } {
    const { vault, presentation, settings } = this.#services;
    const head = {
      locked: vault.locked,
      presenting: presentation.on,
      revealSeconds: settings.revealSeconds,
      ...view,
      rows: [],
    };
    return {
      head: JSON.stringify(head),
      state: { ...head, type: 'state', revision: this.#revision + 1, rows: view.rows },
    };
  }

  async #reply(request: VersionsRequest): Promise<Answer> {
    try {
      const { when } = versionsRequests[request.type];
      if (when === 'unlocked') requireUnlocked(this.#services);
      const result = await this.#answer(request);
      return { type: 'answer', request: request.request, ok: true, result };
    } catch (error) {
      if (!isOurs(error)) this.#services.log.error(describeError(error));
      return { type: 'answer', request: request.request, ok: false, error: problemOf(error) };
    }
  }

  async #answer(request: VersionsRequest): Promise<unknown> {
    if (request.type === 'ready') this.#start();
    else if (request.type === 'reveal') return this.#reveal(request.args);
    else if (request.type === 'choose') {
      if (this.#cell(request.args).choice === undefined) throw new LockstepError('NO_SUCH_ENTRY');
      await this.#driver.choose?.(request.args.row, request.args.column);
      this.update();
    } else if (request.type === 'act') {
      this.#requireOffered(request.args);
      await this.#driver.act(request.args.action, request.args.row);
      this.update();
    }
    return null;
  }

  async #reveal({ row, column }: { readonly row: string; readonly column: number }): Promise<{ text: string }> {
    requireShowable(this.#services);
    if (!this.#cell({ row, column }).shows) throw new LockstepError('NO_SUCH_ENTRY');
    const { text, uri, key } = await this.#driver.reveal(row, column);
    // A lock or a presentation may have begun meanwhile.
    requireShowable(this.#services);
    this.#services.access.record({ purpose: 'reveal', uri, key, by: this.#by });
    return { text };
  }

  /** Throws NO_SUCH_ENTRY for what is not on the page (any more). */
  #cell({ row, column }: { readonly row: string; readonly column: number }): View['rows'][number]['cells'][number] {
    const cell = this.#driver.view().rows.find(({ id }) => id === row)?.cells[column];
    if (!cell) throw new LockstepError('NO_SUCH_ENTRY');
    return cell;
  }

  #requireOffered({ action, row }: { readonly action: string; readonly row?: string | undefined }): void {
    const { rows, actions } = this.#driver.view();
    const offered =
      row === undefined
        ? actions.some(({ id }) => id === action)
        : rows.some(({ id, actions }) => id === row && actions.includes(action));
    if (!offered) throw new LockstepError('NO_SUCH_ENTRY');
  }

  #start(): void {
    const view = this.#driver.view();
    const { head, state } = this.#state(view);
    this.#shown = { head, rows: view.rows };
    this.#revision++;
    this.#post(state);
  }

  #post(message: VersionsMessage | Answer): void {
    // It may be closed while an answer is on its way.
    if (!this.#closed) void this.#panel.webview.postMessage(message);
  }
}
