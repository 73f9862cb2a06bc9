import * as vscode from 'vscode';
import type { EntryChange } from '../../core/history/between.ts';
import { type Looked, walk } from '../../core/history/walk.ts';
import type { Git } from '../../core/platform/git.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';

/** The secret whose history is shown. */
export interface Subject {
  readonly uri: vscode.Uri;
  /** Its label in the file now. */
  readonly entry: string;
  readonly root: vscode.Uri;
  /** The file's path from there. */
  readonly path: string;
  readonly git: Git;
}

/** A commit that changed it. */
export interface Change extends Looked, EntryChange {
  readonly subject: Subject;
}

/** How far it was looked: `stopped` by a person, or by a lock. */
type Progress = 'none' | 'looking' | 'done' | 'stopped' | 'failed';

const maxSize = 5 * 1024 * 1024;

/** The history of one secret, as it comes. Names only. */
export class HistoryList implements vscode.Disposable {
  readonly #services: Services;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  subject: Subject | undefined;
  changes: readonly Change[] = [];
  progress: Progress = 'none';
  /** How many versions could not be compared. */
  passed = 0;
  /** The clone has a part of the history only. */
  cut = false;
  /** Another history has begun since. */
  #turn = 0;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Looks at the commits of a file until all were seen, another history begins, or somebody stops or locks. Throws what git or a disk fails with. */
  async show(subject: Subject, token: vscode.CancellationToken, looked: (commits: number) => void): Promise<void> {
    const turn = ++this.#turn;
    Object.assign(this, { subject, changes: [], progress: 'looking', passed: 0, cut: false });
    this.#changed.fire();
    let progress: Progress = 'failed';
    try {
      progress = await this.#look(subject, () => turn !== this.#turn || token.isCancellationRequested, looked);
    } finally {
      if (turn === this.#turn) {
        this.progress = progress;
        this.#changed.fire();
      }
    }
  }

  async #look(subject: Subject, isOver: () => boolean, looked: (commits: number) => void): Promise<Progress> {
    const { uri, entry, root, path, git } = subject;
    const { platform, vault } = this.#services;
    const file = { path, bytes: await readAnywhere(platform, uri, maxSize) };
    const source = { git, root: root.fsPath, file, open: this.#services.sessions.openerIn(root) };
    let commits = 0;
    for await (const one of walk(source, { entry })) {
      // What is locked now cannot be compared any more.
      if (isOver() || vault.locked) return 'stopped';
      looked(++commits);
      this.passed = one.passed;
      this.cut ||= one.commit.cut;
      if (one.changes.length === 0) continue;
      this.changes = [...this.changes, ...one.changes.map((change) => ({ ...one, ...change, subject }))];
      this.#changed.fire();
    }
    return 'done';
  }

  dispose(): void {
    this.#turn++;
    this.#changed.dispose();
  }
}
