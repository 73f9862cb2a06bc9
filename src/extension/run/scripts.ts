import * as vscode from 'vscode';
import { exists } from '../exists.ts';

/** A script of a `package.json`. */
export interface Script {
  /** As one types it: `npm start`, `pnpm run build`. */
  readonly words: readonly string[];
  /** Where its `package.json` is. */
  readonly folder: vscode.Uri;
  /** Its command line, for people to know it by. */
  readonly line: string;
}

/** Packages of one workspace that are looked at, and bytes of a `package.json`. */
const most = 20;
const maxBytes = 1_000_000;

/** Package managers by the file in which each pins versions. */
const managers = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
] as const;

/** The scripts of every package of a workspace folder; those at its top first, each in the order of its file. */
export async function scriptsIn(folder: vscode.Uri): Promise<Script[]> {
  const pattern = new vscode.RelativePattern(folder, '**/package.json');
  const found = await vscode.workspace.findFiles(pattern, '**/node_modules/**', most);
  const nearest = [...found].sort((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1));
  return (await Promise.all(nearest.map((file) => scriptsOf(file, folder)))).flat();
}

const depth = ({ path }: vscode.Uri) => path.split('/').length;

async function scriptsOf(file: vscode.Uri, top: vscode.Uri): Promise<Script[]> {
  const names = await namesIn(file);
  if (names.length === 0) return [];
  const folder = vscode.Uri.joinPath(file, '..');
  const manager = (await managerOf(folder)) ?? (await managerOf(top)) ?? 'npm';
  return names.map(([name, line]) => ({ words: wordsFor(manager, name), folder, line }));
}

/** Whatever a file holds that is no list of scripts has none. */
async function namesIn(file: vscode.Uri): Promise<(readonly [name: string, line: string])[]> {
  try {
    const bytes = await vscode.workspace.fs.readFile(file);
    const read: unknown = bytes.length > maxBytes ? {} : JSON.parse(new TextDecoder().decode(bytes));
    const scripts = read && typeof read === 'object' && 'scripts' in read ? read.scripts : undefined;
    if (!scripts || typeof scripts !== 'object') return [];
    // VS Code would put something in for a variable of its own in a name.
    const isScript = (entry: [string, unknown]): entry is [string, string] =>
      typeof entry[1] === 'string' && !entry[0].includes('${');
    return Object.entries(scripts).filter(isScript);
  } catch {
    return [];
  }
}

async function managerOf(folder: vscode.Uri): Promise<string | undefined> {
  for (const [file, manager] of managers) if (await exists(vscode.Uri.joinPath(folder, file))) return manager;
  return undefined;
}

/** A name with a dash in front would be a flag of npm. */
const wordsFor = (manager: string, name: string): readonly string[] =>
  name === 'start' || name === 'test'
    ? [manager, name]
    : [manager, 'run', ...(name.startsWith('-') ? ['--'] : []), name];
