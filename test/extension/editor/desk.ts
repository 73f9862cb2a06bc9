// A Secrets Editor as VS Code and a page drive it, over the fake of vscode.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { FormatId } from '../../../src/core/format/document.ts';
import type { SecretsDocument } from '../../../src/extension/editor/document/document.ts';
import { SecretsEditor } from '../../../src/extension/editor/provider.ts';
import {
  type Answer,
  type Notice,
  type Problem,
  type Row,
  readMessage,
  type State,
  type ToPage,
} from '../../../src/protocol/messages.ts';
import { type RequestName, type Requests, type Results, ruleOf } from '../../../src/protocol/requests.ts';
import { CancellationError, CancellationTokenSource, EventEmitter, fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

/** The editors of a stage, and what VS Code knows of their documents. */
export class Desk {
  readonly stage: Stage;
  readonly editor: SecretsEditor;
  readonly open_: Custom[] = [];

  private constructor(stage: Stage) {
    this.stage = stage;
    this.editor = new SecretsEditor(stage.services);
    fake.save = async (uri) => {
      for (const custom of this.open_) if (String(custom.document.uri) === String(uri)) await custom.save();
    };
    // The Secrets Editor is the active one.
    fake.commands.set('workbench.action.files.save', async () => {
      for (const custom of this.open_) if (custom.page.panel.active) await custom.save();
    });
  }

  static async make(): Promise<Desk> {
    return new Desk(await makeStage());
  }

  /** Writes an encrypted file and opens it. */
  async sealed(name: string, plain: string, format: FormatId): Promise<Custom> {
    this.stage.write(name, await this.stage.sealed(plain, format));
    return this.open(name);
  }

  async open(name: string, backupId?: string): Promise<Custom> {
    const uri = Uri.file(join(this.stage.folder, name)) as unknown as vscode.Uri;
    const document = await this.editor.openCustomDocument(uri, { backupId, untitledDocumentData: undefined });
    const custom = new Custom(this, document, backupId !== undefined);
    this.open_.push(custom);
    await custom.show();
    return custom;
  }

  at(name: string): string {
    return join(this.stage.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.at(name), 'utf8');
  }

  /** Somebody else writes the file. */
  async outside(name: string, text: string): Promise<void> {
    writeFileSync(this.at(name), text);
    fake.events.files.fire(Uri.file(this.at(name)));
  }

  end(): void {
    this.editor.dispose();
    this.stage.end();
  }
}

type Edit = vscode.CustomDocumentEditEvent<SecretsDocument>;

/** One document as VS Code's MainThreadCustomEditorModel counts its edits, and a page on it. */
export class Custom {
  readonly desk: Desk;
  readonly document: SecretsDocument;
  edits: Edit[] = [];
  at = -1;
  saved = -1;
  content = false;
  restored: boolean;
  page!: FakePage;

  constructor(desk: Desk, document: SecretsDocument, restored: boolean) {
    this.desk = desk;
    this.document = document;
    this.restored = restored;
    (desk.editor.onDidChangeCustomDocument as vscode.Event<Edit>)((event) => {
      if (event.document !== document) return;
      if ('undo' in event) {
        this.edits = [...this.edits.slice(0, this.at + 1), event];
        this.at = this.edits.length - 1;
      } else this.content = true;
    });
  }

  get dirty(): boolean {
    if (this.content) return true;
    return this.edits.length > 0 ? this.saved !== this.at : this.restored;
  }

  async show(): Promise<FakePage> {
    this.page = new FakePage();
    await this.desk.editor.resolveCustomEditor(this.document, this.page.panel as unknown as vscode.WebviewPanel);
    await this.page.ask('ready', {});
    return this.page;
  }

  async undo(): Promise<void> {
    const edit = this.edits[this.at];
    assert.ok(edit, 'nothing to undo');
    this.at--;
    await edit.undo();
  }

  async redo(): Promise<void> {
    const edit = this.edits[this.at + 1];
    assert.ok(edit, 'nothing to redo');
    this.at++;
    await edit.redo();
  }

  async save(): Promise<void> {
    await this.desk.editor.saveCustomDocument(this.document).catch((error) => {
      // VS Code says nothing of a save that was called off. Why it was, the person has been told.
      throw error instanceof CancellationError ? new Error(this.desk.stage.script.asked.at(-1)) : error;
    });
    this.#clean();
    this.saved = this.at;
  }

  async saveAs(name: string): Promise<void> {
    await this.desk.editor.saveCustomDocumentAs(this.document, Uri.file(this.desk.at(name)) as unknown as vscode.Uri);
    this.#clean();
    this.saved = this.at;
  }

  async revert(): Promise<void> {
    await this.desk.editor.revertCustomDocument(this.document);
    this.#clean();
    this.at = this.saved;
    this.edits = this.edits.slice(0, this.at + 1);
  }

  backup(name: string, cancelled = false): Promise<vscode.CustomDocumentBackup> {
    const cancel = new CancellationTokenSource();
    if (cancelled) cancel.cancel();
    const destination = Uri.file(this.desk.at(name)) as unknown as vscode.Uri;
    return this.desk.editor.backupCustomDocument(
      this.document,
      { destination },
      cancel.token as unknown as vscode.CancellationToken,
    );
  }

  close(): void {
    this.page.panel.disposed.fire();
    this.document.dispose();
    this.desk.open_.splice(this.desk.open_.indexOf(this), 1);
  }

  /** Waits until everything that was started is done. */
  async settle(): Promise<void> {
    // Changes of a text document are looked at after a moment of quiet.
    for (let n = 0; n < 8; n++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      await this.document.settled(async () => undefined);
    }
  }

  #clean(): void {
    this.content = false;
    this.restored = false;
  }
}

/** A page that keeps what it is sent, and shows what it says. */
export class FakePage {
  readonly sent: ToPage[] = [];
  readonly #messages = new EventEmitter<unknown>();
  readonly panel = {
    visible: true,
    active: true,
    viewColumn: 1,
    disposed: new EventEmitter<void>(),
    viewState: new EventEmitter<unknown>(),
    onDidDispose: (listener: () => void) => this.panel.disposed.event(listener),
    onDidChangeViewState: (listener: (event: unknown) => void) => this.panel.viewState.event(listener),
    webview: {
      html: '',
      options: {},
      cspSource: 'https://page.example',
      asWebviewUri: (uri: Uri) => uri,
      onDidReceiveMessage: this.#messages.event,
      postMessage: async (message: ToPage) => {
        // The page refuses what has another shape.
        assert.ok(readMessage(message), JSON.stringify(message));
        this.sent.push(structuredClone(message));
        return true;
      },
    },
  };
  #number = 0;

  /** A message as it is, whatever it is. */
  async say(message: unknown): Promise<void> {
    this.#messages.fire(message);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Asks and waits for the answer. */
  async answer<N extends RequestName>(type: N, args: Requests[N], revision = this.revision): Promise<Answer> {
    const request = ++this.#number;
    this.#messages.fire({ type, request, revision, args });
    for (;;) {
      const found = this.sent.find((one): one is Answer => one.type === 'answer' && one.request === request);
      if (found?.ok) assert.ok(ruleOf(type).result(found.result), `${type}: ${JSON.stringify(found.result)}`);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async ask<N extends RequestName>(type: N, args: Requests[N], revision = this.revision): Promise<Results[N]> {
    const answer = await this.answer(type, args, revision);
    assert.ok(answer.ok, `${type}: ${JSON.stringify(answer)}`);
    return answer.result as Results[N];
  }

  async refused<N extends RequestName>(type: N, args: Requests[N], revision = this.revision): Promise<Problem> {
    const answer = await this.answer(type, args, revision);
    assert.ok(!answer.ok, `${type} was answered`);
    return answer.error;
  }

  get state(): State {
    const found = this.sent.findLast((one): one is State => one.type === 'state');
    assert.ok(found, 'no state yet');
    return found;
  }
  get notice(): Notice | undefined {
    return this.state.notice;
  }
  get revision(): number {
    const last = this.sent.findLast((one) => one.type === 'state' || one.type === 'rows');
    return last && 'revision' in last ? last.revision : 0;
  }
  /** The rows as the messages make them. */
  get rows(): readonly Row[] {
    let rows: readonly Row[] = [];
    for (const one of this.sent) {
      if (one.type === 'state') rows = one.rows;
      if (one.type === 'rows') rows = [...rows.slice(0, one.at), ...one.rows, ...rows.slice(one.at + one.remove)];
    }
    return rows;
  }
  row(name: string): Row {
    const found = this.rows.find((row) => row.name === name);
    assert.ok(found, `no row ${name}`);
    return found;
  }
}
