import * as vscode from 'vscode';
import { randomBytes } from '../core/bytes.ts';
import { keyedHashOf } from '../core/hash.ts';
import type { Settings } from './settings.ts';
import type { Ui } from './ui/ui.ts';

/** A value on the clipboard, by the name of its entry. */
export interface Copied {
  readonly name: string;
  /** When it will be cleared, in milliseconds since 1970. */
  readonly until: number;
}

/** Copied values, and their end. */
export interface Clipboard {
  /** The value that waits to be cleared; undefined when none does. */
  readonly copied: Copied | undefined;
  /** `copied` became another one, or undefined. */
  readonly onDidChange: vscode.Event<Copied | undefined>;
  /** Puts a value on the clipboard and clears it after the set time, unless something else was copied. */
  copy(value: string, name: string): Promise<void>;
  /** Clears now what would be cleared later. */
  clear(): Promise<void>;
}

/** `ui` is asked for at each use, because a test may put another one in its place. */
export function createClipboard(ui: Ui, settings: Settings): Clipboard & vscode.Disposable {
  const changed = new vscode.EventEmitter<Copied | undefined>();
  // Only a keyed digest is kept: enough to know the value again, and nothing to read it from.
  const key = randomBytes(32);
  const digest = (text: string) => keyedHashOf(key, text);
  let waiting: { copied: Copied; mark: string; timer: NodeJS.Timeout } | undefined;

  const forget = () => {
    if (!waiting) return;
    clearTimeout(waiting.timer);
    waiting = undefined;
    changed.fire(undefined);
  };
  const clear = async () => {
    const mark = waiting?.mark;
    forget();
    if (mark && digest(await ui.readClipboard()) === mark) await ui.writeClipboard('');
  };
  return {
    get copied() {
      return waiting?.copied;
    },
    onDidChange: changed.event,
    async copy(value, name) {
      await ui.writeClipboard(value);
      if (waiting) clearTimeout(waiting.timer);
      const after = settings.clipboardSeconds * 1000;
      const timer = setTimeout(() => void clear(), after);
      timer.unref?.();
      waiting = { copied: { name, until: Date.now() + after }, mark: digest(value), timer };
      changed.fire(waiting.copied);
    },
    clear,
    dispose: () => {
      if (waiting) clearTimeout(waiting.timer);
      changed.dispose();
    },
  };
}
