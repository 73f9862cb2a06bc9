import * as vscode from 'vscode';
import { settings as ids } from './ids.ts';

type LensEntries = 'auto' | 'all' | 'current' | 'none';
type MaskClick = 'set' | 'reveal' | 'nothing';

/** What package.json says too; a test keeps the two the same. */
export const defaults = {
  maskEncrypted: true as boolean,
  maskPlain: true as boolean,
  maskClick: 'nothing' as MaskClick,
  lensEntries: 'auto' as LensEntries,
  lensFile: true as boolean,
  /** Encrypted comments are plaintext on the screen. */
  showComments: false as boolean,
  revealSeconds: 10 as number,
  clipboardSeconds: 30 as number,
  /** 0: never. */
  idleMinutes: 0 as number,
  /** Encrypted files open in the Secrets Editor. */
  editorDefault: false as boolean,
  /** The other view of a file takes the place of the one that was there. */
  oneTab: true as boolean,
  offerSetUp: true as boolean,
  /** Values are hidden in what debuggers show of programs that have them from us. */
  redactDebugConsole: true as boolean,
  /** A message for each access. */
  accessNotify: false as boolean,
  /** Notices of accesses in the repository, for its owner. */
  accessNotices: false as boolean,
  /** Environments that a person wrote down for himself, as `.lockstep/environments.yaml` has them. Read for a folder: `environmentsIn`. */
  environments: {} as Readonly<Record<string, unknown>>,
  /** Key services for keys of clouds and of Vault, as SOPS_KEYSERVICE has them: of this machine, and never of a workspace. */
  keyServices: [] as readonly string[],
  /** How files read a secret, by the end of their names. */
  secretReadings: {} as Readonly<Record<string, unknown>>,
};
type Name = keyof typeof defaults;

/** The settings as they are now: every read asks VS Code, so nobody holds an old value. */
export type Settings = Readonly<typeof defaults> & { readonly onDidChange: vscode.Event<void> };

const choices: { readonly [name in Name]?: readonly unknown[] } = {
  lensEntries: ['auto', 'all', 'current', 'none'] satisfies LensEntries[],
  maskClick: ['nothing', 'set', 'reveal'] satisfies MaskClick[],
};

/** More than the most counts as that; timers take 24 days, and end at once beyond. */
const bounds: { readonly [name in Name]?: { readonly least: number; readonly most: number } } = {
  revealSeconds: { least: 1, most: 600 },
  clipboardSeconds: { least: 1, most: 3600 },
  idleMinutes: { least: 0, most: 1440 },
};

/** A settings file may hold anything: what makes no sense counts as not set. */
function read(name: Name): unknown {
  if (name === 'keyServices') return ofMachine(ids.keyServices);
  const value: unknown = vscode.workspace.getConfiguration().get(ids[name]);
  const { least, most } = bounds[name] ?? { least: 0, most: 0 };
  if (typeof value === 'number' && typeof defaults[name] === 'number' && value >= least) return Math.min(value, most);
  const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
  const fits = choices[name]?.includes(value) ?? (typeof value === 'boolean' || isGroup);
  return fits && typeof value === typeof defaults[name] ? value : defaults[name];
}

/** The texts of a list that the user has set himself: a plain data key goes there, so what a repository says of it counts for nothing. */
function ofMachine(id: string): readonly string[] {
  const value: unknown = vscode.workspace.getConfiguration().inspect(id)?.globalValue;
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string' && one !== '') : [];
}

/** The environments of the settings for a workspace folder, as text; undefined where there are none. */
export function environmentsIn(folder: vscode.Uri): string | undefined {
  const value: unknown = vscode.workspace.getConfiguration(undefined, folder).get(ids.environments);
  return value === undefined || value === null || JSON.stringify(value) === '{}' ? undefined : JSON.stringify(value);
}

/** Reads the settings, and says when one of ours changes. */
export function readSettings(): Settings & vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const listener = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('lockstep')) changed.fire();
  });
  const settings = { onDidChange: changed.event, dispose: () => vscode.Disposable.from(listener, changed).dispose() };
  for (const name of Object.keys(defaults) as Name[]) Object.defineProperty(settings, name, { get: () => read(name) });
  return settings as Settings & vscode.Disposable;
}
