import type * as vscode from 'vscode';
import { LockstepError } from '../../../core/errors.ts';
import type { Opened } from '../../../core/open/open.ts';
import type { Services } from '../../services.ts';
import { inspect } from '../../session/inspect.ts';
import type { FileState } from '../../session/state.ts';

/** What a document's sealed text is to us, decrypted while nothing is locked. */
export class Reading {
  readonly #uri: vscode.Uri;
  readonly #services: Services;
  #state: FileState = { kind: 'none' };
  /** The last decryption, kept over broken states so that the next one is quick. */
  #opened: Opened | undefined;
  /** Counts locks and new keys: what was decrypted before does not count. */
  #epoch = 0;
  #disposed = false;

  constructor(uri: vscode.Uri, services: Services) {
    this.#uri = uri;
    this.#services = services;
  }

  get state(): FileState {
    return this.#state;
  }

  /** The opened file. Throws NO_IDENTITY when it is locked, and why else it is not open. */
  opened(): Opened {
    const state = this.#state;
    if ('opened' in state) return state.opened;
    if (state.kind === 'locked') throw new LockstepError('NO_IDENTITY', { what: 'locked' });
    throw 'error' in state ? state.error : new LockstepError('NO_METADATA', { what: 'plain' });
  }

  /**
   * Looks at a text anew; one look at a time. `failure` is why there is none. `exchange` is called with the decryption
   * that is let go of and the one in its place.
   */
  async look(
    text: string,
    failure: LockstepError | undefined,
    exchange: (previous: Opened, opened: Opened) => Promise<void>,
  ): Promise<void> {
    while (!this.#disposed) {
      const epoch = this.#epoch;
      const previous = this.#opened;
      const state: FileState = failure
        ? { kind: 'broken', plain: false, error: failure }
        : await this.#inspect(text, previous);
      const opened = 'opened' in state ? state.opened : undefined;
      if (opened && previous && epoch === this.#epoch) await exchange(previous, opened);
      if (epoch === this.#epoch) return this.#put(state, opened, previous);
      opened?.dispose();
    }
  }

  #put(state: FileState, opened: Opened | undefined, previous: Opened | undefined): void {
    this.#state = state;
    if (state.kind === 'broken') return;
    this.#opened = opened;
    previous?.dispose();
  }

  #inspect(text: string, previous: Opened | undefined): Promise<FileState> {
    const { vault, rules } = this.#services;
    return inspect({
      path: this.#uri.path,
      text,
      locked: vault.locked,
      keyring: vault.keyring,
      rule: async () => (await rules.find(this.#uri))?.rule,
      previous,
    });
  }

  /** After a lock nothing decrypted stays, not even until the next look. */
  keysChanged(): void {
    this.#epoch++;
    if (!this.#services.vault.locked) return;
    this.#drop();
    if ('sealed' in this.#state) this.#state = { kind: 'locked', sealed: this.#state.sealed };
  }

  dispose(): void {
    this.#disposed = true;
    this.#epoch++;
    this.#drop();
    this.#state = { kind: 'none' };
  }

  #drop(): void {
    this.#opened?.dispose();
    this.#opened = undefined;
  }
}
