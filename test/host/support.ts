// What the tests in the host share: the stand-in for the person, folders of files, editors, keys and encrypted files.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { generateIdentity, recipientOf } from '../../src/core/age/identity.ts';
import { recognise } from '../../src/core/format/which.ts';
import { systemClock } from '../../src/core/ports.ts';
import { open } from '../../src/core/sops/open.ts';
import { type SealOptions, seal } from '../../src/core/sops/seal.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { type CommandId, commands } from '../../src/extension/ids.ts';
import { type Script, scriptsKey } from '../../src/extension/testing.ts';

type Answers = Omit<Script, 'asked'>;

/** Reads again and again until the value is a true one, and returns it. */
export async function until<T>(what: string, read: () => T | Promise<T>, seconds = 15): Promise<NonNullable<T>> {
  for (const end = Date.now() + seconds * 1000; ; ) {
    const value = await read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Starts the extension, once, and keeps it from asking questions that no test waits for. */
export async function start(): Promise<void> {
  await vscode.extensions.getExtension('lockstep.lockstep-secrets')?.activate();
  await until('the stand-in for dialogs', async () => (await vscode.commands.getCommands()).includes('lockstep._test'));
  await vscode.workspace.getConfiguration('lockstep').update('offerSetUp', false, vscode.ConfigurationTarget.Global);
  await unlock();
}

/** From now on this person answers; returns what they are asked and told, as it comes. */
export async function person(answers: Answers = {}): Promise<string[]> {
  const asked: string[] = [];
  const holder = globalThis as { [scriptsKey]?: Record<string, Script> };
  holder[scriptsKey] ??= {};
  const scripts = holder[scriptsKey];
  // Getters stay getters: an answer may do something first.
  scripts.now = Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(answers), asked: { value: asked } });
  await vscode.commands.executeCommand('lockstep._test', 'now');
  return asked;
}

/** Runs a command with a person's answers; returns what they were asked and told. A command returns nothing. */
export async function run(id: keyof typeof commands, answers: Answers = {}, ...args: unknown[]): Promise<string[]> {
  const asked = await person(answers);
  assert.equal(await vscode.commands.executeCommand(commands[id] satisfies CommandId, ...args), undefined);
  return asked;
}

export const unlock = () => run('unlock');

/** The id of an entry of a file's first document. */
export const entry = (...path: (string | number)[]): string => JSON.stringify([0, ...path]);

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

export interface Key {
  readonly identity: string;
  readonly recipient: string;
}

export async function newKey(): Promise<Key> {
  const identity = await generateIdentity();
  return { identity, recipient: await recipientOf(identity) };
}

/** Puts exactly these keys into the vault, by label. */
export async function useKeys(keys: Readonly<Record<string, Key>>): Promise<void> {
  for (const label of await labels()) {
    await run('manageKeys', { pick: [label, 'Remove'], choose: 'Remove Key' });
  }
  for (const [label, { identity }] of Object.entries(keys)) {
    await run('importKey', { pick: 'Type or Paste It', secret: `# ${label}\n${identity}` });
  }
  assert.deepEqual(await labels(), Object.keys(keys));
}

/** The labels of the keys in the vault. */
export async function labels(): Promise<string[]> {
  const [list = ''] = await run('manageKeys');
  return list.split('\n').flatMap((line) => (line.startsWith('$(key) ') ? [line.slice(7)] : []));
}

/** A key in the vault, the only one. */
export async function onlyKey(): Promise<Key> {
  const key = await newKey();
  await useKeys({ 'me@here': key });
  return key;
}

function formatOf(name: string, text: string) {
  const found = recognise(name, text);
  assert.ok('format' in found, name);
  return found.format;
}

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
export async function valuesOf(name: string, text: string, { identity, recipient }: Key) {
  const file = readSealed(text, formatOf(name, text));
  const entries = async () => [{ label: '', recipient, identity, source: '' }];
  const opened = await open(file, { entries });
  assert.equal(opened.verdict.ok, true);
  const found = file.leaves.map((leaf) => {
    const scalar = opened.value(leaf.id);
    return [leaf.id, scalar?.type === 'null' ? null : String(scalar?.value)] as const;
  });
  return Object.fromEntries(found);
}

/** Opens a file as a click in the explorer does; resolves when its editor is the active one. */
export async function show(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<vscode.TextEditor> {
  await vscode.commands.executeCommand('vscode.open', uri, { preview: false, ...options });
  return until(`the editor of ${uri.path}`, () => editorOf(uri));
}

/** The active editor, if it shows this file. */
export function editorOf(uri: vscode.Uri): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.uri.toString() === uri.toString() ? editor : undefined;
}

export function putCursor(editor: vscode.TextEditor, text: string): void {
  const offset = editor.document.getText().indexOf(text);
  assert.ok(offset >= 0, `no ${text}`);
  const position = editor.document.positionAt(offset);
  editor.selection = new vscode.Selection(position, position);
}

/** Closes every editor, without a question and without saving. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter((one) => one.isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** What every test leaves behind, away. */
export async function cleanUp(): Promise<void> {
  await closeAll();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Everything that a document ever held while `work` ran, from the event that every extension hears. */
export async function textsOf(uri: vscode.Uri, work: () => Promise<void>): Promise<string[]> {
  const texts: string[] = [];
  const listener = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (document.uri.toString() === uri.toString()) texts.push(document.getText());
  });
  try {
    await work();
  } finally {
    listener.dispose();
  }
  return texts;
}

/** Types at the end of the first line, as a person would. */
export async function type(editor: vscode.TextEditor, text: string): Promise<void> {
  const end = editor.document.lineAt(0).range.end;
  assert.equal(await editor.edit((edit) => edit.insert(end, text)), true);
}

export const undo = () => vscode.commands.executeCommand<void>('undo');

/** A file that we refuse stays as it is on the disk, what people are told holds no value, and its editor takes text. */
export async function assertLeft(
  folder: Folder,
  name: string,
  work: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const before = folder.bytes(name);
  const { document } = await show(folder.uri(name));
  const asked = await work();
  assertUnseen('canary', ...asked);
  assert.ok(folder.bytes(name).equals(before), 'the file on the disk changed');
  const editor = await show(folder.uri(name));
  const text = document.getText();
  assert.equal(editor.document, document, 'another document');
  await type(editor, 'typed');
  assert.notEqual(document.getText(), text);
  await undo();
  assert.equal(document.getText(), text);
  return asked;
}

/** Nothing of these texts holds the word. */
export function assertUnseen(canary: string, ...texts: unknown[]): void {
  for (const text of texts) {
    const shown = typeof text === 'string' ? text : JSON.stringify(text);
    assert.ok(!shown?.includes(canary), `a value is in: ${shown}`);
  }
}
