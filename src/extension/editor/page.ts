import * as vscode from 'vscode';
import { base64, randomBytes } from '../../core/bytes.ts';
import { isOurs } from '../../core/errors.ts';
import { baseOf } from '../../core/view/names.ts';
import type { Answer, RowId, State, ToPage } from '../../protocol/messages.ts';
import { editorPage } from '../../protocol/page.ts';
import { type Request, readRequest, ruleOf } from '../../protocol/requests.ts';
import { spliceOf } from '../../protocol/splice.ts';
import { requestNumber } from '../../protocol/table.ts';
import { describeError } from '../log.ts';
import type { Services } from '../services.ts';
import { problemOf } from '../ui/problem.ts';
import { noteActivity } from '../vault/idle.ts';
import type { Sheet } from './sheet.ts';

/** What the page may ask for, answered. */
type Answerer = (request: Request, page: Page) => Promise<unknown>;

/** One Secrets Editor on the screen. It gets what changed since the last message, and nothing before it asks. */
export class Page implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly sheet: Sheet;
  readonly #services: Services;
  readonly #answer: Answerer;
  readonly #disposable: vscode.Disposable;
  /** What the page shows now; undefined until it has asked. */
  #shown: { readonly header: string; readonly rows: State['rows']; readonly revision: number } | undefined;
  #focus: RowId | undefined;
  #closed = false;

  constructor(panel: vscode.WebviewPanel, sheet: Sheet, services: Services, answer: Answerer) {
    this.panel = panel;
    this.sheet = sheet;
    this.#services = services;
    this.#answer = answer;
    const dist = vscode.Uri.joinPath(services.context.extensionUri, 'dist');
    const { webview } = panel;
    this.#disposable = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => void this.receive(message)),
      panel.onDidChangeViewState(() => {
        // A page that is not on the screen is thrown away, and asks again when it is back.
        if (!panel.visible) this.#shown = undefined;
      }),
    );
    webview.options = { enableScripts: true, enableCommandUris: false, localResourceRoots: [dist] };
    webview.html = editorPage({
      script: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'editor.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'editor.css')).toString(),
      source: webview.cspSource,
      nonce: base64(randomBytes(24)),
      ...(vscode.l10n.bundle && { language: { tag: vscode.env.language, words: vscode.l10n.bundle } }),
    });
  }

  /** Takes a message; whatever has a number is answered, also what is not understood. */
  async receive(message: unknown): Promise<void> {
    const request = readRequest(message);
    const number = requestNumber(message);
    if (request) {
      if (!ruleOf(request.type).unasked) noteActivity();
      this.post(await this.#reply(request));
    } else if (number !== undefined) {
      this.post({ type: 'answer', request: number, ok: false, error: problemOf(undefined) });
    }
  }

  async #reply(request: Request): Promise<Answer> {
    try {
      if (request.type === 'ready') this.#start();
      const result = request.type === 'ready' ? null : await this.#answer(request, this);
      return { type: 'answer', request: request.request, ok: true, result };
    } catch (error) {
      if (!isOurs(error)) this.#services.log.error(describeError(error));
      return { type: 'answer', request: request.request, ok: false, error: problemOf(error) };
    }
  }

  #start(): void {
    this.#shown = undefined;
    this.#send();
    if (this.#focus !== undefined) this.post({ type: 'focus', row: this.#focus });
    this.#focus = undefined;
  }

  /** Sends the page what it does not show yet. */
  update(): void {
    const { state, uri } = this.sheet.document;
    // An empty title is the file's name, as VS Code shows it.
    this.panel.title = state.kind === 'damaged' ? vscode.l10n.t('{0} (damaged)', baseOf(uri.path)) : '';
    if (this.#shown) this.#send();
  }

  /** Brings a row into view, as soon as the page is there. */
  focus(row: RowId): void {
    if (this.#shown) this.post({ type: 'focus', row });
    else this.#focus = row;
  }

  post(message: ToPage): void {
    // It may be closed while an answer is on its way.
    if (!this.#closed) void this.panel.webview.postMessage(message);
  }

  dispose(): void {
    this.#closed = true;
    this.#disposable.dispose();
  }

  #send(): void {
    const { sheet } = this;
    const header = sheet.header();
    const { rows } = sheet.table;
    const { revision } = sheet;
    const shown = this.#shown;
    this.#shown = { header: JSON.stringify(header), rows, revision };
    if (shown?.header !== this.#shown.header) this.post({ ...header, revision, rows });
    else {
      const splice = spliceOf(shown.rows, rows, revision);
      if (splice) this.post(splice);
    }
  }
}
