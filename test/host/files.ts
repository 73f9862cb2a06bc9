// Folders of files in the workspace, plain and encrypted.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { formatOf } from '../../src/core/format/which.ts';
import { open } from '../../src/core/open/open.ts';
import { systemClock } from '../../src/core/ports.ts';
import { type SealOptions, seal } from '../../src/core/seal/seal.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { keyringOf } from '../core/support.ts';
import type { Key } from './keys.ts';
import { until } from './support.ts';

const folders: string[] = [];

/** A new folder in the workspace, with its own `.sops.yaml` where `files` has one. */
export class Folder {
  readonly path: string;

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(root, 'no workspace folder');
    this.path = realpathSync(mkdtempSync(join(root, 'files-')));
    folders.push(this.path);
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  at(name: string): string {
    return join(this.path, name);
  }

  /** What a writer left behind. */
  temporary(): string[] {
    return readdirSync(this.path).filter((name) => name.endsWith('.tmp'));
  }

  uri(name: string): vscode.Uri {
    return vscode.Uri.file(this.at(name));
  }

  write(name: string, content: string | Uint8Array): vscode.Uri {
    mkdirSync(dirname(this.at(name)), { recursive: true });
    writeFileSync(this.at(name), content);
    return this.uri(name);
  }

  bytes(name: string): Buffer {
    return readFileSync(this.at(name));
  }

  text(name: string): string {
    return this.bytes(name).toString('utf8');
  }

  /** The open document of a file. */
  document(name: string): vscode.TextDocument | undefined {
    return vscode.workspace.textDocuments.find((one) => !one.isClosed && one.uri.fsPath === this.at(name));
  }
}

/** A `.sops.yaml` with one rule. */
export const ruleFor = (recipients: readonly string[], pathRegex = '.*') =>
  `creation_rules:\n  - path_regex: '${pathRegex}'\n    age: ${recipients.join(',')}\n`;

/** An encrypted file's text. */
export async function sealed(
  name: string,
  text: string,
  keys: readonly Key[],
  options: Partial<SealOptions> = {},
): Promise<string> {
  const recipients = keys.map((key) => key.recipient);
  return (await seal(text, formatOf(name, text), { recipients, ...options }, systemClock)).text;
}

/** What an encrypted text says to who has the key: values as text by their entries' ids; the MAC must hold. */
export async function valuesOf(name: string, text: string, { identity }: Key) {
  const file = readSealed(text, formatOf(name, text));
  const opened = await open(file, await keyringOf(identity));
  assert.equal(opened.verdict.ok, true);
  const found = file.leaves.map((leaf) => {
    const scalar = opened.value(leaf.id);
    return [leaf.id, scalar?.type === 'null' ? null : String(scalar?.value)] as const;
  });
  return Object.fromEntries(found);
}

/** A new folder in which VS Code sees whatever is made from now on, with folders for a file inside, which it sees too. */
export async function watchedFolder(path = ''): Promise<Folder> {
  const seen = new Set<string>();
  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  watcher.onDidCreate(({ fsPath }) => seen.add(fsPath));
  try {
    await watching(seen);
    const folder = new Folder();
    const see = (at: string) => until(`VS Code sees ${at}`, () => seen.has(at));
    await see(folder.path);
    // One by one: VS Code on Linux watches a new folder once it has seen it, and does not see what is made in it before that.
    const names = path.split('/').slice(0, -1);
    for (const [i] of names.entries()) {
      const at = folder.at(names.slice(0, i + 1).join('/'));
      mkdirSync(at);
      await see(at);
    }
    return folder;
  } finally {
    watcher.dispose();
  }
}

/** Resolves when VS Code watches the workspace, which it begins some time after its start. */
async function watching(seen: ReadonlySet<string>): Promise<void> {
  const probes: Folder[] = [];
  await until('VS Code watches the workspace', async () => {
    probes.push(new Folder());
    await sleep(250);
    return probes.some(({ path }) => seen.has(path));
  });
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A folder with a rule and a `.env` encrypted for a key. */
export async function sealedFolder(plain: string, key: Key): Promise<Folder> {
  return new Folder({ '.sops.yaml': ruleFor([key.recipient]), '.env': await sealed('.env', plain, [key]) });
}
