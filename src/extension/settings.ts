import * as vscode from 'vscode';
import { settings as ids } from './ids.ts';

type LensEntries = 'auto' | 'all' | 'current' | 'none';

/** The settings as they are now: every read asks VS Code, so nobody holds an old value. */
export interface Settings {
  readonly maskEncrypted: boolean;
  readonly maskPlain: boolean;
  readonly lensEntries: LensEntries;
  readonly lensFile: boolean;
  /** 1 to 600. */
  readonly revealSeconds: number;
  /** 1 to 3600. */
  readonly clipboardSeconds: number;
  /** At most 1440. 0: never. */
  readonly idleMinutes: number;
  /** Encrypted files open in the Secrets Editor. */
  readonly editorDefault: boolean;
  readonly offerSetUp: boolean;
  readonly onDidChange: vscode.Event<void>;
}

/** What package.json says too; a test keeps the two the same. */
export const defaults = {
  maskEncrypted: true,
  maskPlain: true,
  lensEntries: 'auto',
  lensFile: true,
  revealSeconds: 10,
  clipboardSeconds: 30,
  idleMinutes: 0,
  editorDefault: false,
  offerSetUp: true,
} as const;

const choices: readonly string[] = ['auto', 'all', 'current', 'none'];

// A settings file may hold anything: what is not of the right type counts as not set.
const read = (name: keyof typeof defaults): unknown => vscode.workspace.getConfiguration().get(ids[name]);

function flag(name: 'maskEncrypted' | 'maskPlain' | 'lensFile' | 'editorDefault' | 'offerSetUp'): boolean {
  const value = read(name);
  return typeof value === 'boolean' ? value : defaults[name];
}

/** More than `most` counts as that; timers take 24 days, and end at once beyond. */
function count(name: 'revealSeconds' | 'clipboardSeconds' | 'idleMinutes', least: number, most: number): number {
  const value = read(name);
  return typeof value === 'number' && value >= least ? Math.min(value, most) : defaults[name];
}

/** Reads the settings, and tells when one of ours changes. */
export function readSettings(): Settings & vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const listener = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('lockstep')) changed.fire();
  });
  return {
    get maskEncrypted() {
      return flag('maskEncrypted');
    },
    get maskPlain() {
      return flag('maskPlain');
    },
    get lensEntries() {
      const value = read('lensEntries');
      return typeof value === 'string' && choices.includes(value) ? (value as LensEntries) : defaults.lensEntries;
    },
    get lensFile() {
      return flag('lensFile');
    },
    get revealSeconds() {
      return count('revealSeconds', 1, 600);
    },
    get clipboardSeconds() {
      return count('clipboardSeconds', 1, 3600);
    },
    get idleMinutes() {
      return count('idleMinutes', 0, 1440);
    },
    get editorDefault() {
      return flag('editorDefault');
    },
    get offerSetUp() {
      return flag('offerSetUp');
    },
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(listener, changed).dispose(),
  };
}
