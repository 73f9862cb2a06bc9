import * as vscode from 'vscode';
import { base64, randomBytes, tryUtf8 } from '../../core/bytes.ts';
import type { FormatId } from '../../core/format/document.ts';
import { textOfFile } from '../../core/format/encoding.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { keyedHashOf } from '../../core/hash.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { binaryLeaves, plainLeaves } from '../../core/seal/seal.ts';
import { isSealed, type Leaf, readSealed, type Sealed } from '../../core/sops/sealed.ts';
import { showPath } from '../../core/tree/path.ts';
import type { Scalar } from '../../core/tree/value.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Sessions } from './sessions.ts';

/** A secret whose value git's history holds as plaintext. Names only. */
export interface Exposed {
  readonly id: string;
  readonly name: string;
  /** The newest commit that has it, abbreviated. */
  readonly commit: string;
  /** The person ticked it off, or the value in the file is another one now. */
  readonly replaced: boolean;
  /** It stood in another file, from which it was moved. */
  readonly elsewhere?: true;
}

/** workspaceState: what was found, by file. */
const stateKey = 'lockstep.exposed';

type Stored = Readonly<Record<string, readonly Exposed[]>>;

/** The list of values in git history: of all files that were searched, kept from window to window. */
export class ExposedValues implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #platform: Platform;
  readonly #sessions: Sessions;
  /** Old values are known by a keyed digest: enough to see that a value is another one, and nothing to read it from. */
  readonly #key = randomBytes(32);
  readonly #digests = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
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
   * Searches git history for the secrets of an encrypted file: those that some version of it, reachable from any branch or tag, held
   * as plaintext under the same key path. None outside git and in a workspace that is not trusted. Old versions that do not parse are
   * passed over. What was ticked off stays so, unless a newer commit has it.
   */
  async search(uri: vscode.Uri, sealed: Sealed): Promise<readonly Exposed[]> {
    const known = new Map(this.of(uri).map((one) => [`${one.id} ${one.commit}`, one.replaced]));
    const found = await this.#history(uri, sealed);
    const all = found.map((one) => ({ ...one, replaced: known.get(`${one.id} ${one.commit}`) ?? false }));
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
    const { text } = formatOfBytes(uri.path, await readAnywhere(this.#platform, uri));
    await this.#sessions.with(uri, text, async (session) => {
      const { state } = session;
      if (state.kind !== 'open') return;
      if (!this.#digests.has(uri.toString())) await this.#history(uri, state.sealed);
      const digests = this.#digests.get(uri.toString());
      const isOther = ({ id }: Exposed) => {
        const value = state.opened.value(id);
        const old = digests?.get(id);
        return value === undefined || (old !== undefined && !old.has(this.#digest(value)));
      };
      const all = this.of(uri);
      const next = all.map((one) => ({ ...one, replaced: one.replaced || isOther(one) }));
      if (next.some(({ replaced }, i) => replaced !== all[i]?.replaced)) await this.#store(uri, next);
    });
  }

  /** Takes a file off the list. */
  forget(uri: vscode.Uri): Promise<void> {
    this.#digests.delete(uri.toString());
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

  async #history(uri: vscode.Uri, sealed: Sealed): Promise<Omit<Exposed, 'replaced'>[]> {
    const { git } = this.#platform;
    if (!git || !vscode.workspace.isTrusted || uri.scheme !== 'file') return [];
    const wanted = new Map(sealed.leaves.filter((leaf) => leaf.encrypted).map((leaf) => [keyOf(leaf), leaf]));
    const commits = new Map<string, string>();
    const digests = new Map<string, Set<string>>();
    for await (const { bytes, commit } of git.versionsOf(uri.fsPath)) {
      for (const old of leavesOfVersion(bytes, sealed.format)) {
        const leaf = wanted.get(keyOf(old));
        if (!leaf || !inClear(old)) continue;
        if (!commits.has(leaf.id)) commits.set(leaf.id, commit);
        digests.set(leaf.id, (digests.get(leaf.id) ?? new Set()).add(this.#digest(old.node.scalar)));
      }
    }
    this.#digests.set(uri.toString(), digests);
    return sealed.leaves.flatMap(({ id, path }) => {
      const commit = commits.get(id);
      return commit === undefined ? [] : [{ id, name: showPath(path), commit }];
    });
  }

  #digest(scalar: Scalar): string {
    const value = scalar.type === 'null' ? '' : scalar.value;
    return keyedHashOf(this.#key, value instanceof Uint8Array ? base64(value) : String(value));
  }
}

const keyOf = (leaf: Leaf) => JSON.stringify([leaf.document, ...leaf.path]);

/** Text that is there, and not a ciphertext: something that a reader of the history learns. */
function inClear({ node: { scalar } }: Leaf): boolean {
  if (scalar.type === 'null') return false;
  if (scalar.type !== 'str' || typeof scalar.value !== 'string') return true;
  return scalar.value !== '' && !/^ENC\[AES256_GCM,data:/.test(scalar.value);
}

function leavesOfVersion(bytes: Uint8Array, format: FormatId): readonly Leaf[] {
  try {
    if (format === 'binary') return isSealed(tryUtf8(bytes) ?? '', format) ? [] : binaryLeaves(bytes);
    const text = textOfFile(bytes, format);
    return isSealed(text, format) ? readSealed(text, format).leaves : plainLeaves(text, format);
  } catch {
    return [];
  }
}
