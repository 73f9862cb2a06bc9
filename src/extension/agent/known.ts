import * as vscode from 'vscode';
import { idsIn } from '../../core/agent/ids.ts';
import { readSealed } from '../../core/sops/sealed.ts';
import { sealedTextOf } from '../../core/sops/sealedfile.ts';
import { maxSurveyed } from '../../core/survey/facts.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';

interface Known {
  /** What tells this content of the file from another one. */
  readonly mark: string;
  readonly ids: readonly string[];
}

/**
 * Which files of the workspace hold a wrapped key: by the text of the key, since programs that ask for one name no file. What counts is what
 * is on the disk, where those programs read.
 */
export class KnownKeys {
  readonly #services: Pick<Services, 'platform' | 'inventory'>;
  readonly #files = new Map<string, Known>();
  #looking: Promise<void> | undefined;

  constructor(services: Pick<Services, 'platform' | 'inventory'>) {
    this.#services = services;
  }

  /** As `AgentPort.find`: files by their URI. */
  async find(ids: readonly string[], first: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    await this.#look(first.map((file) => vscode.Uri.parse(file)));
    const early = this.#among(ids, first);
    if (first.length > 0 && early.size === new Set(ids).size) return early;
    const known = this.#among(ids, [...this.#files.keys()]);
    if (known.size === new Set(ids).size) return known;
    // One look for all who ask meanwhile. It begins after they have asked, so that it sees what they saw.
    while (this.#looking) await this.#looking;
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
    return this.#among(ids, [...this.#files.keys()]);
  }

  #among(ids: readonly string[], files: readonly string[]): Map<string, readonly string[]> {
    const wanted = new Set(ids);
    const found = new Map<string, readonly string[]>();
    for (const file of files)
      for (const id of this.#files.get(file)?.ids ?? [])
        if (wanted.has(id)) found.set(id, [...(found.get(id) ?? []), file].sort());
    return found;
  }

  async #lookAtAll(): Promise<void> {
    const { inventory } = this.#services;
    await inventory.ready();
    const uris = inventory.files.flatMap(({ uri, facts }) => (facts.kind === 'encrypted' ? [uri] : []));
    const there = new Set(uris.map(String));
    for (const file of this.#files.keys()) if (!there.has(file)) this.#files.delete(file);
    await this.#look(uris);
  }

  async #look(uris: readonly vscode.Uri[]): Promise<void> {
    for (const uri of uris) {
      const mark = await markOf(uri);
      if (mark === undefined) this.#files.delete(uri.toString());
      else if (this.#files.get(uri.toString())?.mark !== mark)
        this.#files.set(uri.toString(), { mark, ids: await this.#idsOf(uri) });
    }
  }

  async #idsOf(uri: vscode.Uri): Promise<readonly string[]> {
    try {
      const { text, format } = sealedTextOf(uri.path, await readAnywhere(this.#services.platform, uri, maxSurveyed));
      const keys = readSealed(text, format).metadata.groups.flat();
      const ids = await Promise.all(keys.filter(({ kind }) => kind === 'age').map(({ enc }) => idsIn(enc)));
      return ids.flat();
    } catch {
      // It cannot be read now: it holds no key that anybody could have from it.
      return [];
    }
  }
}

async function markOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return `${mtime} ${size}`;
  } catch {
    return undefined;
  }
}
