import type * as vscode from 'vscode';
import { LockstepError } from '../../../core/errors.ts';
import type { Platform } from '../../../core/platform/platform.ts';
import { type OnDisk, readFile } from './disk.ts';

/** What a look at the disk means for a document: a text to take, another state, or nothing. */
export type Found = { readonly take: string } | 'other' | 'same';

/** The file of a document, as it was read or saved last and as it is now. */
export class KnownFile {
  readonly #platform: Platform;
  readonly #uri: vscode.Uri;
  /** What edits start from; undefined for a file that was never read. */
  base: OnDisk | undefined;
  /** Another version on the disk, under unsaved edits. */
  theirs: OnDisk | undefined;
  gone = false;
  /** Why a file that was never read could not be. */
  failure: LockstepError | undefined;

  constructor(platform: Platform, uri: vscode.Uri) {
    this.#platform = platform;
    this.#uri = uri;
  }

  /** Looks at the disk, for a document that holds `text`, `dirty` or not. Throws what is not about the file. */
  async look(text: string, dirty: boolean): Promise<Found> {
    let found: OnDisk;
    try {
      found = await readFile(this.#platform, this.#uri);
    } catch (error) {
      return this.#notRead(error);
    }
    const back = this.gone || this.failure !== undefined;
    this.gone = false;
    this.failure = undefined;
    if (found.hash === this.base?.hash) {
      const settled = this.theirs !== undefined;
      this.theirs = undefined;
      return settled || back ? 'other' : 'same';
    }
    if (this.base && dirty && found.text !== text) {
      this.theirs = found;
      return 'other';
    }
    const first = this.base === undefined;
    this.is(found);
    return first || found.text !== text ? { take: found.text } : 'other';
  }

  #notRead(error: unknown): Found {
    if (!(error instanceof LockstepError)) throw error;
    if (error.code === 'GONE') this.gone = true;
    // What is open already stays so; only a file that was never read has nothing else to show.
    else if (!this.base) this.failure = error;
    return 'other';
  }

  /** The file is this now, and the document started from it. */
  is(found: OnDisk): void {
    this.base = found;
    this.theirs = undefined;
    this.gone = false;
    this.failure = undefined;
  }

  /** The document's edits started from another file than the one that is there. */
  startedFrom(base: { readonly text: string; readonly hash: string }): void {
    this.theirs = this.base;
    this.base = { ...base, mark: this.base?.mark ?? false };
  }
}
