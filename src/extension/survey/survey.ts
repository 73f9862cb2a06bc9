import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { conditionOf } from '../../core/survey/access.ts';
import { type FileFacts, factsOf, maxSurveyed, surveyFile } from '../../core/survey/facts.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Rules } from '../session/rules.ts';
import type { Sessions } from '../session/sessions.ts';
import { documentOf } from '../session/tabs.ts';
import { later } from '../surface.ts';

/** Looks at a time; the others wait, and those that nobody wants any more are left out. */
const atOnce = 2;
/** Files that are remembered, of which the oldest go first. */
const most = 20_000;
/** Milliseconds in which changes are gathered. */
const gather = 100;

interface Known {
  readonly uri: vscode.Uri;
  readonly facts: FileFacts;
  /** Of what is on the disk. */
  readonly saved: boolean;
}

const none: FileFacts = { kind: 'none' };

/**
 * The facts of files: from the session of a file in an editor, else from a look at the disk, once until the file or a rule changes.
 * Nothing is decrypted for it, so a changed value shows where the file was open.
 */
export class Survey implements vscode.Disposable {
  readonly #platform: Platform;
  readonly #sessions: Sessions;
  readonly #rules: Rules;
  readonly #known = new Map<string, Known>();
  readonly #waiting: (() => void)[] = [];
  #looking = 0;
  /** Counts changes: a look that one has overtaken is not remembered. */
  #epoch = 0;
  #changed = new Map<string, vscode.Uri>();
  readonly #soon = later(gather, () => this.#tell());
  readonly #news = new vscode.EventEmitter<readonly vscode.Uri[] | undefined>();
  readonly #disposable: vscode.Disposable;
  /** The facts of these files, or of all, are to be asked for again. */
  readonly onDidChange = this.#news.event;

  constructor(platform: Platform, sessions: Sessions, rules: Rules) {
    this.#platform = platform;
    this.#sessions = sessions;
    this.#rules = rules;
    const watcher = vscode.workspace.createFileSystemWatcher('**/*');
    const forget = (uri: vscode.Uri) => this.#forget(uri);
    this.#disposable = vscode.Disposable.from(
      ...[this.#news, this.#soon, watcher],
      ...[watcher.onDidChange(forget), watcher.onDidCreate(forget), watcher.onDidDelete(forget)],
      sessions.onDidChange((uri) => void this.#fromSession(uri)),
      rules.onDidChange(() => {
        this.#epoch++;
        this.#known.clear();
        this.#news.fire(undefined);
      }),
    );
  }

  /**
   * The facts of a file. A look that `token` cancels before it begins is `none`, and is not remembered, nor is a file over `limit`.
   */
  async of(uri: vscode.Uri, token?: vscode.CancellationToken, limit = maxSurveyed): Promise<FileFacts> {
    const live = await this.#live(uri);
    if (live) return live;
    const known = this.#known.get(uri.toString());
    if (known) return known.facts;
    while (this.#looking >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (token?.isCancellationRequested) {
      this.#next();
      return none;
    }
    this.#looking++;
    try {
      const epoch = this.#epoch;
      const facts = this.#known.get(uri.toString())?.facts ?? (await this.#look(uri, limit));
      if (facts && epoch === this.#epoch) this.#keep({ uri, facts, saved: true });
      return facts ?? none;
    } finally {
      this.#looking--;
      this.#next();
    }
  }

  /** What is known of a file by now: of one in an editor always. */
  get(uri: vscode.Uri): FileFacts | undefined {
    return this.#known.get(uri.toString())?.facts;
  }

  /** What is known by now. */
  get known(): IterableIterator<Pick<Known, 'uri' | 'facts'>> {
    return this.#known.values();
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #next(): void {
    this.#waiting.shift()?.();
  }

  readonly #ruleOf = (uri: vscode.Uri) => async () => (await this.#rules.find(uri))?.rule;

  /** Undefined for a file over the limit of somebody who wants a quick answer. */
  async #look(uri: vscode.Uri, limit: number): Promise<FileFacts | undefined> {
    let large = false;
    const read = async () => {
      try {
        return await readAnywhere(this.#platform, uri, limit);
      } catch (error) {
        large = error instanceof LockstepError && error.code === 'TOO_LARGE';
        throw error;
      }
    };
    const facts = await surveyFile(uri.path, read, this.#ruleOf(uri));
    return large && limit < maxSurveyed ? undefined : facts;
  }

  #live(uri: vscode.Uri): Promise<FileFacts> | undefined {
    const tracked = this.#sessions.current(uri);
    return tracked && factsOf(tracked.state, this.#ruleOf(uri));
  }

  #keep(known: Known): void {
    const key = known.uri.toString();
    this.#known.delete(key);
    this.#known.set(key, known);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= most) break;
      this.#known.delete(oldest);
    }
  }

  async #fromSession(uri: vscode.Uri): Promise<void> {
    const epoch = this.#epoch;
    const facts = await this.#live(uri);
    const known = this.#known.get(uri.toString());
    if (!facts) {
      if (known && !known.saved) this.#forget(uri);
      return;
    }
    if (epoch === this.#epoch) this.#keep({ uri, facts, saved: !documentOf(uri)?.isDirty });
    if (!known || digestOf(facts) !== digestOf(known.facts)) this.#gather(uri);
  }

  #forget(uri: vscode.Uri): void {
    this.#epoch++;
    if (this.#known.delete(uri.toString())) this.#gather(uri);
  }

  #gather(uri: vscode.Uri): void {
    this.#changed.set(uri.toString(), uri);
    this.#soon.start();
  }

  #tell(): void {
    const changed = [...this.#changed.values()];
    this.#changed = new Map();
    this.#news.fire(changed.length > 500 ? undefined : changed);
  }
}

/** What a surface shows of facts. */
function digestOf(facts: FileFacts): string {
  if (facts.kind !== 'encrypted') return JSON.stringify([facts.kind, conditionOf(facts)]);
  const { drift, values, lastModified, damage, groups } = facts;
  const diff = drift.kind === 'differs' ? drift.plan.diff : drift.kind;
  return JSON.stringify([values, lastModified, damage, groups, diff]);
}
