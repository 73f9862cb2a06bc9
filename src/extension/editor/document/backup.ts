import * as vscode from 'vscode';
import { fromUtf8, utf8 } from '../../../core/bytes.ts';
import type { Kept } from '../../../core/document/file.ts';
import { unknownText } from '../../../core/seal/prove.ts';
import { count, number, type Of, object, oneOf, optional, text } from '../../../protocol/shape.ts';

/** What is there of a file's backups. */
export interface BroughtBack {
  readonly kept: Kept | undefined;
  /** The one that VS Code named is there and cannot be read, or is of another file. */
  readonly lost: boolean;
}

const isStored = object({
  version: oneOf(1),
  /** The address of the file. */
  of: text(),
  /** Counts the backups of a file, over restarts too. */
  turn: count(),
  text: text(),
  base: text(),
  baseText: text(),
  draft: optional(object({ sealed: text(), line: optional(number) })),
});
type Stored = Of<typeof isStored>;

/**
 * The backups of one file: what VS Code brings back after a restart, as ciphertext only. VS Code names them, and may come
 * back with the name of an older one, or after a crash with none: it keeps a record for each way of writing the file's
 * address, and remembers tabs more seldom than edits. So they are known by what is in them: the newest one counts, and none
 * goes before the file is saved or reverted.
 */
export class Backups {
  readonly #uri: vscode.Uri;
  #folder: vscode.Uri | undefined;
  #turn = 0;

  /** `folder`: where VS Code lets this extension keep things of the workspace; undefined where there is none. */
  constructor(uri: vscode.Uri, folder: vscode.Uri | undefined) {
    this.#uri = uri;
    this.#folder = folder;
  }

  /** Writes one; nothing is left of a backup that was called off. */
  async write(
    kept: Kept,
    destination: vscode.Uri,
    cancel: vscode.CancellationToken,
  ): Promise<vscode.CustomDocumentBackup> {
    if (cancel.isCancellationRequested) throw new vscode.CancellationError();
    const stored = { version: 1, of: this.#uri.toString(), turn: ++this.#turn, ...kept };
    const remove = () => removeBackup(destination);
    this.#folder = folderOf(destination);
    await vscode.workspace.fs.createDirectory(this.#folder);
    await vscode.workspace.fs.writeFile(destination, utf8(JSON.stringify(stored)));
    if (cancel.isCancellationRequested) {
      await remove();
      throw new vscode.CancellationError();
    }
    return { id: destination.toString(), delete: remove };
  }

  /**
   * The newest one; `id` is what VS Code names. When there is none left, everything was saved. Throws what is not about
   * the backups.
   */
  async read(id: string | undefined): Promise<BroughtBack> {
    const named = id === undefined ? undefined : vscode.Uri.parse(id, true);
    if (named) this.#folder = folderOf(named);
    const found = await this.#found();
    const newest = found.map(([, stored]) => stored).sort((a, b) => b.turn - a.turn)[0];
    const bytes = named && (await bytesOf(named));
    this.#turn = newest?.turn ?? 0;
    return { kept: newest && keptIn(newest), lost: bytes !== undefined && !(newest && storedIn(bytes)) };
  }

  /** Takes all of them away. */
  async remove(): Promise<void> {
    for (const [at] of await this.#found()) await removeBackup(at);
  }

  async #found(): Promise<(readonly [at: vscode.Uri, stored: Stored])[]> {
    const folder = this.#folder;
    if (!folder) return [];
    const names = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => []);
    const read = async ([name]: [string, vscode.FileType]) => {
      const at = vscode.Uri.joinPath(folder, name);
      const stored = storedIn(await bytesOf(at));
      return stored?.of === this.#uri.toString() ? [[at, stored] as const] : [];
    };
    return (await Promise.all(names.filter(([, type]) => type === vscode.FileType.File).map(read))).flat();
  }
}

const keptIn = ({ text, base, baseText, draft }: Stored): Kept => ({
  text: unknownText(text),
  base,
  baseText: unknownText(baseText),
  ...(draft && { draft: { sealed: draft.sealed, line: draft.line } }),
});

const folderOf = (file: vscode.Uri) => vscode.Uri.joinPath(file, '..');

async function bytesOf(at: vscode.Uri): Promise<Uint8Array | undefined> {
  return Promise.resolve(vscode.workspace.fs.readFile(at)).catch(() => undefined);
}

function storedIn(bytes: Uint8Array | undefined): Stored | undefined {
  try {
    const stored: unknown = bytes && JSON.parse(fromUtf8(bytes));
    return isStored(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

async function removeBackup(at: vscode.Uri): Promise<void> {
  await Promise.resolve(vscode.workspace.fs.delete(at)).catch(() => undefined);
}
