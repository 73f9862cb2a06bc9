// Secrets Editors in the host: opened as a person does, and asked as their page would.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Page } from '../../src/extension/editor/page.ts';
import { editorId } from '../../src/extension/ids.ts';
import { pagesKey } from '../../src/extension/testing.ts';
import type { Answer, Problem, Row, State, ToPage } from '../../src/protocol/messages.ts';
import type { RequestName, Requests, Results } from '../../src/protocol/requests.ts';
import { found } from './support.ts';

/** What the page of a file is told, and its answers. */
export class Secrets {
  readonly uri: vscode.Uri;
  readonly #page: Page;
  readonly #sent: ToPage[] = [];
  #number = 1_000_000;

  private constructor(uri: vscode.Uri, page: Page) {
    this.uri = uri;
    this.#page = page;
    const post = page.post.bind(page);
    page.post = (message) => {
      this.#sent.push(message);
      post(message);
    };
  }

  /** Opens a file in the Secrets Editor. */
  static async open(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<Secrets> {
    await vscode.commands.executeCommand('vscode.openWith', uri, editorId, { preview: false, ...options });
    return Secrets.of(uri);
  }

  /** The newest page of a file; one that came after `earlier`, which may not be gone yet. */
  static async of(uri: vscode.Uri, earlier?: Secrets): Promise<Secrets> {
    const before = earlier ? earlier.#page : undefined;
    const page = await found(`the page of ${uri.path}`, () => pages(uri).findLast((one) => one !== before));
    const secrets = new Secrets(uri, page);
    await secrets.ask('ready', {});
    return secrets;
  }

  async answer<N extends RequestName>(type: N, args: Requests[N]): Promise<Answer> {
    const request = ++this.#number;
    await this.#page.receive({ type, request, revision: this.#page.sheet.revision, args });
    const found = this.#sent.find((one): one is Answer => one.type === 'answer' && one.request === request);
    return found ?? assert.fail(`no answer to ${type}`);
  }

  async ask<N extends RequestName>(type: N, args: Requests[N]): Promise<Results[N]> {
    const answer = await this.answer(type, args);
    assert.ok(answer.ok, `${type}: ${JSON.stringify(answer)}`);
    return answer.result as Results[N];
  }

  async refused<N extends RequestName>(type: N, args: Requests[N]): Promise<Problem> {
    const answer = await this.answer(type, args);
    assert.ok(!answer.ok, `${type} was answered`);
    return answer.error;
  }

  /** A value, asked for anew. */
  async value(name: string): Promise<string> {
    return (await this.ask('reveal', { row: this.row(name).id })).text;
  }

  set(name: string, text: string): Promise<unknown> {
    return this.ask('set', { row: this.row(name).id, text, as: 'str' });
  }

  /** The codes of saves that fail from now on, as they come. */
  failedSaves(): string[] {
    const { document } = this.#page.sheet;
    const save = document.save.bind(document);
    const codes: string[] = [];
    document.save = () =>
      save().catch((error) => {
        codes.push(error.code);
        throw error;
      });
    return codes;
  }

  saveAs(uri: vscode.Uri): Promise<void> {
    return this.#page.sheet.document.saveAs(uri);
  }

  get rows(): readonly Row[] {
    return this.#page.sheet.table.rows;
  }
  row(name: string): Row {
    return this.rows.find((row) => row.name === name) ?? assert.fail(`no row ${name}`);
  }
  get state(): Omit<State, 'rows' | 'revision'> {
    return this.#page.sheet.header();
  }
  /** The sealed text. */
  get text(): string {
    return this.#page.sheet.document.text;
  }
  get sent(): readonly ToPage[] {
    return this.#sent;
  }
  get tab(): vscode.Tab | undefined {
    return vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .find(({ input }) => input instanceof vscode.TabInputCustom && input.uri.toString() === this.uri.toString());
  }
  get dirty(): boolean {
    return this.tab?.isDirty ?? assert.fail('no tab');
  }
}

function pages(uri: vscode.Uri): Page[] {
  const all = (globalThis as { [pagesKey]?: Set<Page> })[pagesKey] ?? new Set();
  return [...all].filter((page) => page.sheet.document.uri.toString() === uri.toString());
}

/** Closes every tab; what is not saved in a Secrets Editor is given up. */
export async function closeSecrets(): Promise<void> {
  for (const tab of vscode.window.tabGroups.all.flatMap((group) => group.tabs)) {
    if (!(tab.input instanceof vscode.TabInputCustom) || !tab.isDirty) continue;
    await vscode.commands.executeCommand('vscode.openWith', tab.input.uri, tab.input.viewType, {
      viewColumn: tab.group.viewColumn,
    });
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
