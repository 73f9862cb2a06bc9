import * as vscode from 'vscode';
import { isChosen, mayHoldSecrets, unsurveyedFolders } from '../../core/survey/candidates.ts';
import type { FileFacts } from '../../core/survey/facts.ts';
import type { Rules } from '../session/rules.ts';
import { later } from '../surface.ts';
import type { Survey } from './survey.ts';

/** A secret file of the workspace: encrypted, or plain though it should not be, or one that cannot be read. */
interface Listed {
  readonly uri: vscode.Uri;
  readonly facts: FileFacts;
}

/** Files of the workspace that are looked through by their names. */
const most = 50_000;
/** Milliseconds of work between two rests, in which the editor gets its turn. */
const slice = 15;
/** Milliseconds in which changes are gathered, and between two pictures of a search that goes on. */
const gather = 250;
/** More changes at once are a search of everything. */
const many = 500;
const left = `**/{${unsurveyedFolders.join(',')}}/**`;

/** All secret files of the workspace. The first question begins the search; after that the list follows what changes. */
export class Inventory implements vscode.Disposable {
  readonly #survey: Survey;
  readonly #rules: Rules;
  readonly #files = new Map<string, Listed>();
  #touched = new Map<string, vscode.Uri>();
  #search: Promise<void> | undefined;
  #again = false;
  #disposed = false;
  readonly #soon = later(gather, () => void this.#follow());
  readonly #news = new vscode.EventEmitter<void>();
  readonly #disposable: vscode.Disposable;
  /** The list, or a file's facts, changed; or a search began or ended. */
  readonly onDidChange = this.#news.event;
  /** A search has ended: the list is whole. */
  complete = false;
  /** The workspace holds more files than are looked through. */
  cut = false;

  constructor(survey: Survey, rules: Rules) {
    this.#survey = survey;
    this.#rules = rules;
    const watcher = vscode.workspace.createFileSystemWatcher('**/*');
    const touch = (uri: vscode.Uri) => this.#touch([uri]);
    this.#disposable = vscode.Disposable.from(
      ...[this.#news, this.#soon, watcher],
      ...[watcher.onDidChange(touch), watcher.onDidCreate(touch), watcher.onDidDelete(touch)],
      survey.onDidChange((uris) => (uris ? this.#touch(uris) : this.#restart())),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#restart()),
    );
  }

  /** In the order of their paths. */
  get files(): readonly Listed[] {
    return [...this.#files.values()].sort((a, b) => (a.uri.path < b.uri.path ? -1 : 1));
  }

  get searching(): boolean {
    return this.#search !== undefined;
  }

  /** Resolves when every file has been looked at. */
  async ready(): Promise<void> {
    if (!this.complete) this.#begin();
    while (this.#search) await this.#search;
  }

  /** Looks at everything anew. */
  async refresh(): Promise<void> {
    this.#again = this.searching;
    this.#begin();
    while (this.#search) await this.#search;
  }

  dispose(): void {
    this.#disposed = true;
    this.#disposable.dispose();
  }

  #restart(): void {
    if (!this.complete && !this.#search) return;
    this.#again = this.searching;
    this.#begin();
  }

  #begin(): void {
    this.#search ??= this.#run().finally(() => {
      this.#search = undefined;
      if (!this.#disposed) this.#news.fire();
    });
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      this.#news.fire();
      await this.#look();
    } while (this.#again && !this.#disposed);
    this.complete = true;
  }

  /** What is known first: after a change of the rules that is what a person waits for. */
  async #look(): Promise<void> {
    const known = [...this.#files.values()].map(({ uri }) => uri);
    await this.#lookAt(known);
    if (known.length > 0) this.#news.fire();
    const found = await vscode.workspace.findFiles('**/*', left, most);
    this.cut = found.length >= most;
    const all = new Set(found.map(String));
    await this.#lookAt(found);
    if (this.#again) return;
    for (const key of this.#files.keys()) if (!all.has(key)) this.#files.delete(key);
  }

  async #lookAt(uris: readonly vscode.Uri[]): Promise<void> {
    let rested = performance.now();
    let told = rested;
    for (const uri of uris) {
      if (this.#again || this.#disposed) return;
      await this.#lookAtOne(uri);
      if (performance.now() - rested < slice) continue;
      await new Promise((resolve) => setTimeout(resolve));
      rested = performance.now();
      if (rested - told < gather) continue;
      this.#news.fire();
      told = performance.now();
    }
  }

  async #lookAtOne(uri: vscode.Uri): Promise<void> {
    const facts = (await this.#isCandidate(uri)) ? await this.#survey.of(uri) : undefined;
    if (facts && facts.kind !== 'none') this.#files.set(uri.toString(), { uri, facts });
    else this.#files.delete(uri.toString());
  }

  async #isCandidate(uri: vscode.Uri): Promise<boolean> {
    if (mayHoldSecrets(uri.path)) return true;
    const found = await this.#rules.find(uri).catch(() => undefined);
    return isChosen(uri.path, found?.rule);
  }

  #touch(uris: readonly vscode.Uri[]): void {
    if (!this.complete && !this.#search) return;
    for (const uri of uris) this.#touched.set(uri.toString(), uri);
    this.#soon.start();
  }

  async #follow(): Promise<void> {
    const touched = [...this.#touched.values()].filter((uri) => vscode.workspace.getWorkspaceFolder(uri));
    this.#touched = new Map();
    if (touched.length > many) return this.#restart();
    if (touched.length === 0) return;
    await this.#lookAt(touched);
    this.#news.fire();
  }
}
