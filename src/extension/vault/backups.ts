import * as vscode from 'vscode';
import type { KeyInfo, Vault } from '../services.ts';

/** In the global state: of which keys there is a back-up, and since when. Public keys and times, nothing else. */
const stateKey = 'lockstep.backedUp';

/** Which of one's keys are in a back-up that was read back here: one that was just written, or one that was restored or checked. */
export class BackUps implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #vault: Pick<Vault, 'keys' | 'onDidChange'>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listener: vscode.Disposable;
  /** A back-up was noted, or keys came or went. */
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento, vault: Pick<Vault, 'keys' | 'onDidChange'>) {
    this.#state = state;
    this.#vault = vault;
    this.#listener = vault.onDidChange(() => this.#changed.fire());
  }

  /** The keys that no known back-up has. */
  async missing(): Promise<readonly KeyInfo[]> {
    const known = this.#known();
    return (await this.#vault.keys()).filter(({ recipient }) => !known.has(recipient));
  }

  /** When a back-up of a key was last seen to open, as RFC 3339; undefined for never. */
  since(recipient: string): string | undefined {
    return this.#known().get(recipient);
  }

  /** A back-up holds these keys: it was opened just now. */
  async note(recipients: readonly string[], at: Date): Promise<void> {
    const known = this.#known();
    for (const recipient of recipients) known.set(recipient, at.toISOString());
    await this.#state.update(stateKey, Object.fromEntries(known));
    this.#changed.fire();
  }

  dispose(): void {
    vscode.Disposable.from(this.#listener, this.#changed).dispose();
  }

  #known(): Map<string, string> {
    const found: unknown = this.#state.get(stateKey);
    if (typeof found !== 'object' || found === null) return new Map();
    return new Map(Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  }
}
