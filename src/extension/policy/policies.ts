import * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { hashOf } from '../../core/hash.ts';
import type { Platform } from '../../core/platform/platform.ts';
import { withTerm } from '../../core/policy/edit.ts';
import { type Rename, withMove, withRenames } from '../../core/policy/follow.ts';
import { type Policy, policyPath, readPolicy, type Term } from '../../core/policy/policy.ts';
import { isSealed, readSealed } from '../../core/sops/sealed.ts';
import { readAnywhere } from '../elsewhere.ts';
import { readOrdinary } from '../ordinary.ts';
import { type Place, placeOf, writeOwn } from './places.ts';

/** A policy as it was read. */
interface Loaded {
  readonly text: string | undefined;
  /** Of the file's bytes; undefined where there is none. */
  readonly hash: string | undefined;
  readonly policy: Policy | LockstepError;
}

/** What the policy says of the entries of one file. */
export interface FilePolicy {
  /** Of an entry by its label. */
  of(entry: string): Term;
  /** Why the policy cannot be read. */
  readonly error: LockstepError | undefined;
}

const maxSize = 1024 * 1024;
/** Owners and expiry dates of the workspace's secrets: read when asked for, forgotten when a policy changes. */
export class Policies implements vscode.Disposable {
  readonly #platform: Platform;
  readonly #places = new Map<string, Promise<Place | undefined>>();
  readonly #loaded = new Map<string, Promise<Loaded>>();
  /** By file. What came of a rename is seen when the file is saved, undone or not. */
  readonly #renames = new Map<string, Rename[]>();
  readonly #failed: (error: unknown) => void;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposable: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  /** @param failed hears of a rename that the policy could not follow */
  constructor(platform: Platform, failed: (error: unknown) => void) {
    this.#platform = platform;
    this.#failed = failed;
    const policies = vscode.workspace.createFileSystemWatcher(`**/${policyPath}`);
    const forget = () => this.forget();
    this.#disposable = vscode.Disposable.from(
      ...[this.#changed, policies],
      ...[policies.onDidChange(forget), policies.onDidCreate(forget), policies.onDidDelete(forget)],
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.#places.clear();
        this.forget();
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.saved(uri)),
      vscode.workspace.onDidRenameFiles(({ files: moved }) => {
        for (const { oldUri, newUri } of moved) this.#moved(oldUri, newUri).catch(failed);
      }),
    );
  }

  /** Every policy is read anew at the next question. */
  forget(): void {
    this.#loaded.clear();
    this.#changed.fire();
  }

  /** Undefined for a file that is in no repository and no workspace folder. */
  async of(uri: vscode.Uri): Promise<FilePolicy | undefined> {
    const place = await this.#placeOf(uri);
    if (!place) return undefined;
    const { policy } = await this.#load(place.root);
    if (policy instanceof LockstepError) return { error: policy, of: () => ({ owner: undefined, expires: undefined }) };
    return { error: undefined, of: (entry) => policy.of(place.path, entry) };
  }

  /** Puts the owner and the expiry of an entry. Throws what `withTerm` and `writeOwn` throw, and GONE outside a workspace. */
  async set(uri: vscode.Uri, entry: string, term: Term): Promise<void> {
    await this.#change(uri, (text, path) => withTerm(text, path, entry, term));
  }

  /** An entry or a group got another key path; the policy follows when the file is saved. */
  renamed(uri: vscode.Uri, rename: Rename): void {
    const key = uri.toString();
    this.#renames.set(key, [...(this.#renames.get(key) ?? []), rename]);
  }

  /** A file was saved. */
  saved(uri: vscode.Uri): void {
    if (this.#renames.has(uri.toString())) this.#follow(uri).catch(this.#failed);
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  async #follow(uri: vscode.Uri): Promise<void> {
    const { format, text } = formatOfBytes(uri.path, await readAnywhere(this.#platform, uri));
    if (!isSealed(text, format)) return;
    const { leaves } = readSealed(text, format);
    const renames = this.#renames.get(uri.toString()) ?? [];
    await this.#change(uri, (policy, path) => policy && withRenames(policy, path, leaves, renames));
  }

  async #moved(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    const renames = this.#renames.get(from.toString());
    if (renames) this.#renames.set(to.toString(), renames);
    // The old place has to be asked for by its folder, which may be gone.
    const place = await this.#placeOf(to);
    const old = place && pathFrom(place, from, to);
    if (place && old !== undefined) await this.#change(to, (text) => text && withMove(text, old, place.path));
  }

  /** Writes what `make` makes of the policy for a file; nothing where that is the same, or nothing. */
  async #change(uri: vscode.Uri, make: (text: string | undefined, path: string) => string | undefined): Promise<void> {
    const place = await this.#placeOf(uri);
    if (!place) throw new LockstepError('GONE');
    this.#loaded.delete(place.root.toString());
    const { text, hash, policy } = await this.#load(place.root);
    if (policy instanceof LockstepError) throw policy;
    const next = make(text, place.path);
    if (next === undefined || next === text) return;
    await writeOwn(this.#platform, place.root, policyPath, utf8(next), hash);
    this.forget();
  }

  #placeOf(uri: vscode.Uri): Promise<Place | undefined> {
    const key = uri.toString();
    const known = this.#places.get(key) ?? placeOf(this.#platform, uri);
    if (this.#places.size > maxPlaces) this.#places.clear();
    this.#places.set(key, known);
    return known;
  }

  #load(root: vscode.Uri): Promise<Loaded> {
    const key = root.toString();
    const known = this.#loaded.get(key) ?? load(root);
    this.#loaded.set(key, known);
    return known;
  }
}

const maxPlaces = 10_000;

async function load(root: vscode.Uri): Promise<Loaded> {
  const none = { text: undefined, hash: undefined };
  try {
    const bytes = await readOrdinary(vscode.Uri.joinPath(root, policyPath), maxSize);
    const text = fromUtf8(bytes);
    return { text, hash: hashOf(bytes), policy: readPolicy(text) };
  } catch (error) {
    // What VS Code throws: there is none.
    return { ...none, policy: error instanceof LockstepError ? error : readPolicy(undefined) };
  }
}

/** What a file that moved within its repository was called. */
function pathFrom(place: Place, from: vscode.Uri, to: vscode.Uri): string | undefined {
  if (from.scheme !== to.scheme || from.authority !== to.authority || !to.path.endsWith(`/${place.path}`))
    return undefined;
  const root = to.path.slice(0, -place.path.length);
  return from.path.startsWith(root) ? from.path.slice(root.length) : undefined;
}
