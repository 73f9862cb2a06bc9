import * as vscode from 'vscode';
import { pluginOfRecipient } from '../../core/age/plugin/names.ts';
import { formatOfBytes } from '../../core/format/which.ts';
import { OwnValues } from '../../core/scan/values.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';

/**
 * The values of the workspace's secrets, as keyed digests, to be found in what is about to be committed. They are read again after a change of
 * a secret file, and gone with a lock.
 */
export class WorkspaceValues {
  readonly #services: Services;
  #own = new OwnValues();
  #state = '';

  constructor(services: Services) {
    this.#services = services;
  }

  /** The values as of now; none while locked, and where a key may ask somebody to touch something. */
  async now(): Promise<OwnValues> {
    const state = (await mayOpen(this.#services)) ? await this.#stateNow() : '';
    if (state === this.#state) return this.#own;
    const own = new OwnValues();
    if (state !== '') for (const uri of this.#encrypted) await this.#add(own, uri);
    if (this.#services.vault.locked) return new OwnValues();
    [this.#own, this.#state] = [own, state];
    return own;
  }

  forget(): void {
    [this.#own, this.#state] = [new OwnValues(), ''];
  }

  get #encrypted(): readonly vscode.Uri[] {
    return this.#services.inventory.files.flatMap(({ uri, facts }) => (facts.kind === 'encrypted' ? [uri] : []));
  }

  /** The MAC of a file has its time: two files with the same time may be told apart by how many values they have, or are one. */
  async #stateNow(): Promise<string> {
    const { inventory } = this.#services;
    await inventory.ready();
    return inventory.files
      .flatMap(({ uri, facts }) => (facts.kind === 'encrypted' ? [`${uri} ${facts.lastModified} ${facts.values}`] : []))
      .join('\n');
  }

  async #add(own: OwnValues, uri: vscode.Uri): Promise<void> {
    const { platform, sessions } = this.#services;
    try {
      const { text } = formatOfBytes(uri.path, await readAnywhere(platform, uri));
      await sessions.with(uri, text, async ({ state }) => {
        if (state.kind === 'open') own.add(vscode.workspace.asRelativePath(uri), state.opened);
      });
    } catch {
      // What cannot be read now is read after its next change.
    }
  }
}

/** Whether files can be opened without anybody noticing: no plugin asks for a touch, no lock is in the way. */
export async function mayOpen({ vault }: Services): Promise<boolean> {
  if (vault.locked) return false;
  return (await vault.keys()).every(({ recipient }) => pluginOfRecipient(recipient) === undefined);
}
