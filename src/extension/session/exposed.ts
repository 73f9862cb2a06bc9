import * as vscode from 'vscode';
import { Digests } from '../../core/checklist/digests.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { type Exposure, exposuresOf } from '../../core/history/exposed.ts';
import { type Names, namedKey } from '../../core/people/names.ts';
import { abbreviated } from '../../core/platform/git.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { labelOf } from '../../core/sops/label.ts';
import { readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { showPath } from '../../core/tree/path.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Sessions } from './sessions.ts';

/** A secret whose value git's history holds as plaintext, or for somebody who cannot read the file any more. Names only. */
export interface Exposed {
  readonly id: string;
  readonly name: string;
  /** The newest commit that has it, abbreviated. */
  readonly commit: string;
  /** Who could read it there and cannot now, in words; undefined where it is plaintext. */
  readonly former?: string | undefined;
  /** The person ticked it off, or the value in the file is another one now. */
  readonly replaced: boolean;
  /** It stood in another file, from which it was moved. */
  readonly elsewhere?: true;
}

/** workspaceState: what was found, by file. */
const stateKey = 'lockstep.exposed';

/** What a history exposes, and what its values are compared with. */
interface Past {
  /** Of the file, from the root of its work tree. */
  readonly path: string;
  readonly digests: Digests;
  readonly found: ReadonlyMap<string, Exposure>;
}

type Stored = Readonly<Record<string, readonly Exposed[]>>;

/** The list of values in git history: of all files that were searched, kept from window to window. */
export class ExposedValues implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #platform: Platform;
  readonly #sessions: Sessions;
  /** Old values are known by a keyed digest: enough to see that a value is another one, and nothing to read it from. */
  readonly #past = new Map<string, Past>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento, platform: Platform, sessions: Sessions) {
    this.#state = state;
    this.#platform = platform;
    this.#sessions = sessions;
  }

  get files(): readonly vscode.Uri[] {
    return Object.keys(this.#stored)
      .sort()
      .map((key) => vscode.Uri.parse(key));
  }

  /** In the file's order. */
  of(uri: vscode.Uri): readonly Exposed[] {
    return this.#stored[uri.toString()] ?? [];
  }

  /** How many are not replaced yet. */
  get left(): number {
    return Object.values(this.#stored)
      .flat()
      .filter(({ replaced }) => !replaced).length;
  }

  /**
   * Searches git history for the secrets of an encrypted file: those that some version of it, reachable from any branch or tag and under any
   * name, held under the same key path as plaintext, or for a key that is no reader now. None outside git and in a workspace that is not
   * trusted. Old versions that do not parse are passed over. What was ticked off stays so, unless a newer commit has it.
   * @param names of people, as far as they are known
   */
  async search(uri: vscode.Uri, sealed: Sealed, names: Names = new Map()): Promise<readonly Exposed[]> {
    const known = new Map(this.of(uri).map((one) => [one.id, one]));
    const found = (await this.#history(uri, sealed))?.found ?? new Map<string, Exposure>();
    const all = sealed.leaves.flatMap((leaf) => {
      const { commit: hash, former = [] } = found.get(labelOf(leaf)) ?? {};
      if (hash === undefined) return [];
      const { id, path } = leaf;
      const commit = abbreviated(hash);
      const before = known.get(id);
      // An older Lockstep stored shorter hashes.
      const replaced = before !== undefined && commit.startsWith(before.commit) && before.replaced;
      const who = former.map((key) => namedKey(names, key)).join(', ') || undefined;
      return [{ id, name: showPath(path), commit, former: who, replaced }];
    });
    const others = this.of(uri).filter((one) => one.elsewhere && !all.some(({ id }) => id === one.id));
    await this.#store(uri, [...all, ...others]);
    // What cannot be read now is looked at after its next change.
    await this.check(uri).catch(() => undefined);
    return this.of(uri);
  }

  /** Adds a value that stood in another file, whose history has it. */
  async note(uri: vscode.Uri, { id, name, commit }: Pick<Exposed, 'id' | 'name' | 'commit'>): Promise<void> {
    const others = this.of(uri).filter((one) => one.id !== id);
    await this.#store(uri, [...others, { id, name, commit, replaced: false, elsewhere: true }]);
  }

  /** Ticks a value off, or on again. */
  async tick(uri: vscode.Uri, id: string, replaced: boolean): Promise<void> {
    await this.#store(
      uri,
      this.of(uri).map((one) => (one.id === id ? { ...one, replaced } : one)),
    );
  }

  /** Ticks off what is another value on the disk now, or no more there, as far as the file can be opened. */
  async check(uri: vscode.Uri): Promise<void> {
    if (!this.of(uri).some(({ replaced }) => !replaced)) return;
    const bytes = await readAnywhere(this.#platform, uri);
    const { format, text } = formatOfBytes(uri.path, bytes);
    const sealed = readSealed(text, format);
    const past = this.#past.get(uri.toString()) ?? (await this.#history(uri, sealed));
    const now = past && (await past.digests.present({ path: past.path, bytes }));
    if (!now) return;
    const labels = new Map(sealed.leaves.map((leaf) => [leaf.id, labelOf(leaf)]));
    const isOther = ({ id, elsewhere }: Exposed) => {
      const label = labels.get(id) ?? '';
      const value = now.get(label);
      const old = past.found.get(label);
      // One that came from another file may not be saved in this one yet.
      if (value === undefined) return !elsewhere;
      return old !== undefined && !old.unseen && !old.values.has(value.digest);
    };
    const all = this.of(uri);
    const next = all.map((one) => ({ ...one, replaced: one.replaced || isOther(one) }));
    if (next.some(({ replaced }, i) => replaced !== all[i]?.replaced)) await this.#store(uri, next);
  }

  /** Takes a file off the list. */
  forget(uri: vscode.Uri): Promise<void> {
    this.#past.delete(uri.toString());
    return this.#store(uri, []);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  get #stored(): Stored {
    return this.#state.get<Stored>(stateKey, {});
  }

  async #store(uri: vscode.Uri, found: readonly Exposed[]): Promise<void> {
    const { [uri.toString()]: before, ...others } = this.#stored;
    if (!before && found.length === 0) return;
    await this.#state.update(stateKey, found.length === 0 ? others : { ...others, [uri.toString()]: found });
    this.#changed.fire();
  }

  /** What git's history exposes; undefined where git is not asked. A history that git gives up on counts as none. */
  async #history(uri: vscode.Uri, sealed: Sealed): Promise<Past | undefined> {
    const { git } = this.#platform;
    if (!git || !vscode.workspace.isTrusted || uri.scheme !== 'file') return undefined;
    const root = await git.workTreeOf(uri.fsPath);
    const path = await git.pathInWorkTree(uri.fsPath);
    if (root === undefined || path === undefined) return undefined;
    const digests = new Digests(this.#sessions.openerIn(vscode.Uri.file(root)));
    const past = { path, digests, found: await exposuresOf({ git, root }, path, sealed, digests) };
    this.#past.set(uri.toString(), past);
    return past;
  }
}
