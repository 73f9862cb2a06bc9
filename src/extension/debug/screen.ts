import type * as vscode from 'vscode';
import { redactMessage } from '../../core/debug/messages.ts';
import { TextRedactor } from '../../core/redact/text.ts';
import type { Services } from '../services.ts';
import type { Asked } from './asked.ts';

/**
 * Hides values in what a debugger tells VS Code: output, variables, hovers, answers to whoever asks. It protects the screen, and nothing
 * else: whoever listens before us sees the values, and so does whoever asks for them letter by letter. While Lockstep is locked it holds no
 * values, so everything that the program printed or holds is hidden.
 */
export class Screen implements vscode.Disposable {
  readonly #services: Services;
  readonly #asked: Asked;
  readonly #locks: vscode.Disposable;
  #redactor: TextRedactor | undefined;
  /** Counts locks and ends: what was begun before does not count. */
  #epoch = 0;

  constructor(services: Services, asked: Asked) {
    this.#services = services;
    this.#asked = asked;
    this.#locks = services.vault.onDidChange(() => {
      if (services.vault.locked) this.forget();
      else if (!this.#redactor) void this.look();
    });
  }

  /** Opens the values to look for. Never throws: what cannot be opened leaves everything hidden. */
  async look(): Promise<void> {
    const epoch = this.#epoch;
    const given = await this.#asked.open().catch(() => undefined);
    if (given && epoch === this.#epoch)
      this.#redactor = new TextRedactor(given.map(({ variable, value }) => ({ name: variable, value })));
  }

  /** Changes a message, in place. */
  clean(message: unknown): void {
    if (!this.#services.settings.redactDebugConsole) return;
    const redactor = this.#redactor;
    redactMessage(message, redactor && ((text) => redactor.redact(text)));
  }

  dispose(): void {
    this.#locks.dispose();
    this.forget();
  }

  /** Nothing is held any more; everything is hidden until `look`. */
  forget(): void {
    this.#epoch++;
    this.#redactor = undefined;
  }
}
