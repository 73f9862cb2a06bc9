import * as vscode from 'vscode';
import type { Platform } from '../../core/platform/platform.ts';
import type { EncryptedFacts } from '../../core/survey/facts.ts';
import { type Rotation, rotationOf } from '../../core/survey/rotation.ts';
import { readAnywhere } from '../elsewhere.ts';
import { later } from '../surface.ts';

/** Milliseconds between two pictures while ages come in. */
const gather = 500;
/** Versions of a file that are looked at. */
const mostVersions = 200;

interface Known {
  /** Of the facts that it was looked up for. */
  readonly lastModified: string;
  readonly rotation: Rotation | undefined;
}

/** When files got the data keys that they have, from git: looked up one after the other, for those that somebody sees. */
export class Rotations implements vscode.Disposable {
  readonly #platform: Platform;
  readonly #known = new Map<string, Known>();
  readonly #wanted = new Map<string, { readonly uri: vscode.Uri; readonly lastModified: string }>();
  #running = false;
  #disposed = false;
  readonly #news = new vscode.EventEmitter<void>();
  readonly #soon = later(gather, () => this.#news.fire());
  /** More is known. */
  readonly onDidChange = this.#news.event;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** What is known by now of a file; where nothing is, it is looked up. Undefined outside git, too. */
  of(uri: vscode.Uri, { lastModified }: EncryptedFacts): Rotation | undefined {
    const key = uri.toString();
    const known = this.#known.get(key);
    if (known?.lastModified === lastModified) return known.rotation;
    if (this.#platform.git && vscode.workspace.isTrusted && uri.scheme === 'file') {
      this.#wanted.set(key, { uri, lastModified });
      void this.#run();
    }
    return undefined;
  }

  dispose(): void {
    this.#disposed = true;
    this.#soon.dispose();
    this.#news.dispose();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (const [key, { uri, lastModified }] of this.#wanted) {
      if (this.#disposed) return;
      const rotation = await this.#look(uri).catch(() => undefined);
      this.#known.set(key, { lastModified, rotation });
      this.#wanted.delete(key);
      if (rotation) this.#soon.start();
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.#running = false;
  }

  async #look(uri: vscode.Uri): Promise<Rotation | undefined> {
    const { git } = this.#platform;
    if (!git || (await git.isTracked(uri.fsPath)) !== true) return undefined;
    return rotationOf(uri.path, await readAnywhere(this.#platform, uri), git.versionsOf(uri.fsPath, mostVersions));
  }
}
