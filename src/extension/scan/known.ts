import * as vscode from 'vscode';
import { fromUtf8 } from '../../core/bytes.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { ignoredPath, NotSecrets } from '../../core/scan/ignored.ts';
import { type Located, scanFile, scanText } from '../../core/scan/scan.ts';
import { OwnValues } from '../../core/scan/values.ts';
import { readAnywhere } from '../elsewhere.ts';
import { readOrdinary } from '../ordinary.ts';
import { type Place, placeOf } from '../policy/places.ts';
import type { Services } from '../services.ts';

const maxSize = 1024 * 1024;

/** What is known beside the texts that are looked at: what is no secret, and the values of the workspace's own secrets. */
export class Known implements vscode.Disposable {
  readonly #services: Services;
  readonly #places = new Map<string, Promise<Place | undefined>>();
  readonly #ignored = new Map<string, Promise<NotSecrets>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposable: vscode.Disposable;
  #own: OwnValues | undefined;
  /** What is no secret is another list now, or the own values are gone. */
  readonly onDidChange = this.#changed.event;

  constructor(services: Services) {
    this.#services = services;
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${ignoredPath}`);
    const forget = () => this.forget();
    this.#disposable = vscode.Disposable.from(
      ...[this.#changed, watcher],
      ...[watcher.onDidChange(forget), watcher.onDidCreate(forget), watcher.onDidDelete(forget)],
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.#places.clear();
        forget();
      }),
      services.vault.onDidChange(() => {
        if (services.vault.locked) this.#own = undefined;
      }),
    );
  }

  /** The list of what is no secret is read anew at the next question. */
  forget(): void {
    this.#ignored.clear();
    this.#changed.fire();
  }

  /** Secrets that stand in a text, or in the bytes of a file. @param uri where it is */
  async look(uri: vscode.Uri, content: string | Uint8Array): Promise<Located[]> {
    const place = await this.placeOf(uri);
    const path = place?.path ?? uri.path;
    const ignored = place && (await this.#ignoredIn(place.root));
    return typeof content === 'string'
      ? scanText(path, content, this.#own, ignored)
      : scanFile(path, content, this.#own, ignored);
  }

  /** The values of the workspace's own secrets, as keyed digests, with how many files opened and how many did not. They are kept until the next lock. */
  async readOwn(
    token: vscode.CancellationToken,
  ): Promise<{ readonly own: OwnValues; readonly open: number; readonly shut: number }> {
    const { inventory, sessions, platform } = this.#services;
    const own = new OwnValues();
    let [open, shut] = [0, 0];
    await inventory.refresh();
    for (const { uri, facts } of inventory.files) {
      if (token.isCancellationRequested) break;
      if (facts.kind !== 'encrypted') continue;
      const isOpen = await readAnywhere(platform, uri).then(
        (bytes) =>
          sessions.with(uri, formatOfBytes(uri.path, bytes).text, async ({ state }) => {
            if (state.kind === 'open') own.add(vscode.workspace.asRelativePath(uri), state.opened);
            return state.kind === 'open';
          }),
        () => false,
      );
      if (isOpen) open++;
      else shut++;
    }
    if (!this.#services.vault.locked) this.#own = own;
    return { own, open, shut };
  }

  /** Where a file is in its repository: that of its workspace folder, of which git is asked once. */
  async placeOf(uri: vscode.Uri): Promise<Place | undefined> {
    const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
    if (!folder) return placeOf(this.#services.platform, uri);
    const asked = vscode.Uri.joinPath(folder, 'x');
    const known = this.#places.get(folder.toString()) ?? placeOf(this.#services.platform, asked);
    this.#places.set(folder.toString(), known);
    const place = await known;
    const path = uri.path.slice(asked.path.length - 1);
    return place && { root: place.root, path: `${place.path.slice(0, -1)}${path}` };
  }

  #ignoredIn(root: vscode.Uri): Promise<NotSecrets> {
    const known = this.#ignored.get(root.toString()) ?? this.#read(root);
    this.#ignored.set(root.toString(), known);
    return known;
  }

  async #read(root: vscode.Uri): Promise<NotSecrets> {
    const uri = vscode.Uri.joinPath(root, ignoredPath);
    const bytes = await readOrdinary(uri, maxSize).catch(() => undefined);
    return new NotSecrets(bytes && fromUtf8(bytes));
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}
