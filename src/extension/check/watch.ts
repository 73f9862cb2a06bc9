import * as vscode from 'vscode';
import { ignoredPath } from '../../core/scan/ignored.ts';
import type { Services } from '../services.ts';
import { later } from '../surface.ts';
import { gitApi, type Repository } from '../survey/gitapi.ts';
import { findingsIn, type Looked } from './look.ts';
import { nextCommit } from './next.ts';
import { WorkspaceValues } from './values.ts';

/** What was found in the next commit of a repository. */
export interface Found extends Looked {
  readonly repository: Repository;
  readonly from: 'index' | 'disk';
}

/** Milliseconds in which changes are gathered: git tells the same one several times. */
const settle = 400;

/** What the next commits of the repositories of this window would have in them, kept up to date. */
export class Watch implements vscode.Disposable {
  readonly #services: Services;
  readonly #values: WorkspaceValues;
  readonly #repositories = new Map<string, { repository: Repository; listener: vscode.Disposable }>();
  readonly #found = new Map<string, Found>();
  readonly #news = new vscode.EventEmitter<void>();
  readonly #soon = later(settle, () => void this.look());
  readonly #own: vscode.Disposable[] = [];
  #round = 0;
  /** Something besides what is staged has changed. */
  #isOther = true;
  #busy: Promise<void> = Promise.resolve();
  readonly onDidChange = this.#news.event;
  readonly #commits = new vscode.EventEmitter<Found>();
  /** A commit was made of what had something in it that was found before. */
  readonly onDidCommit = this.#commits.event;

  constructor(services: Services) {
    this.#services = services;
    this.#values = new WorkspaceValues(services);
    const { vault, inventory, rules } = services;
    const again = () => {
      this.#isOther = true;
      this.#soon.start();
    };
    const accepted = vscode.workspace.createFileSystemWatcher(`**/${ignoredPath}`);
    this.#own.push(
      ...[accepted, accepted.onDidChange(again), accepted.onDidCreate(again), accepted.onDidDelete(again)],
      ...[this.#news, this.#commits, this.#soon, inventory.onDidChange(again), rules.onDidChange(again)],
      vault.onDidChange(() => {
        if (vault.locked) this.#values.forget();
        again();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.#begin()),
    );
    void this.#begin();
  }

  get found(): readonly Found[] {
    return [...this.#found.values()];
  }

  /** Looks now. Resolves when the newest look has ended. @param anew also where what is staged is the same */
  look(anew = false): Promise<void> {
    this.#isOther ||= anew;
    const round = ++this.#round;
    const own = this.#busy
      .then(() => (round === this.#round ? this.#lookAtAll() : undefined))
      .catch(() => this.#services.log.info('the next commit could not be checked'));
    this.#busy = own;
    // One that began later has the news.
    return own.then(() => (round === this.#round ? undefined : this.#busy));
  }

  /** The same, when git has told what is staged at this moment. */
  async lookAtOnce(): Promise<void> {
    await Promise.all(
      [...this.#repositories.values()].map(({ repository }) => repository.status().catch(() => undefined)),
    );
    await this.look(true);
  }

  dispose(): void {
    for (const { listener } of this.#repositories.values()) listener.dispose();
    for (const one of this.#own) one.dispose();
  }

  /** A workspace without trust gets no git call. */
  async #begin(): Promise<void> {
    const { git } = this.#services.platform;
    const api = git && vscode.workspace.isTrusted ? await gitApi() : undefined;
    if (!api) return;
    for (const repository of api.repositories) this.#add(repository);
    this.#own.push(
      api.onDidOpenRepository((repository) => this.#add(repository)),
      api.onDidCloseRepository(({ rootUri }) => this.#remove(rootUri)),
    );
  }

  #add(repository: Repository): void {
    this.#remove(repository.rootUri);
    const key = repository.rootUri.toString();
    const listener = vscode.Disposable.from(
      repository.state.onDidChange(() => this.#soon.start()),
      repository.onDidCommit(() => {
        const found = this.#found.get(key);
        if (found && found.findings.length > 0) this.#commits.fire(found);
      }),
    );
    this.#repositories.set(key, { repository, listener });
    this.#soon.start();
  }

  #remove(root: vscode.Uri): void {
    this.#repositories.get(root.toString())?.listener.dispose();
    this.#repositories.delete(root.toString());
    if (this.#found.delete(root.toString())) this.#news.fire();
  }

  async #lookAtAll(): Promise<void> {
    const { git } = this.#services.platform;
    if (!git) return;
    const isOther = this.#isOther;
    this.#isOther = false;
    for (const [key, { repository }] of [...this.#repositories]) {
      const next = nextCommit(repository);
      const before = isOther ? undefined : this.#found.get(key);
      const looked = await findingsIn(this.#services, git, repository.rootUri, next, this.#values, before);
      if (this.#repositories.has(key)) this.#found.set(key, { ...looked, repository, from: next.from });
    }
    this.#news.fire();
  }
}
