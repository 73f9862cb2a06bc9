// A small fake of `vscode` for tests in plain Node: what the extension imports as 'vscode' is this module there
// (register.cjs). Values are real; windows and registries are kept in `fake`, which tests read, fire and reset.
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FakeDocument, FakeEditor } from './document.ts';
import { globRegex, walk } from './glob.ts';
import { FakePanel } from './panel.ts';
import { type FakeTab, TabInputText } from './tabs.ts';
import type { Task } from './tasks.ts';
import { Disposable, EventEmitter, type Range, Uri, type WorkspaceEdit } from './values.ts';

export { FakeDocument, FakeEditor } from './document.ts';
export * from './tabs.ts';
export * from './tasks.ts';
export * from './values.ts';

export const version = '1.90.0';

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}
export class ThemeIcon {
  static readonly File = new ThemeIcon('file');
  readonly id: string;
  readonly color?: ThemeColor;
  constructor(id: string, color?: ThemeColor) {
    this.id = id;
    this.color = color;
  }
}
export class CodeLens {
  range: Range;
  command?: { title: string; command: string; arguments?: unknown[] };
  constructor(range: Range, command?: CodeLens['command']) {
    this.range = range;
    this.command = command;
  }
  get isResolved(): boolean {
    return this.command !== undefined;
  }
}
export class Hover {
  contents: unknown[];
  range?: Range;
  constructor(contents: unknown, range?: Range) {
    this.contents = Array.isArray(contents) ? contents : [contents];
    this.range = range;
  }
}
export class FoldingRange {
  start: number;
  end: number;
  kind?: number;
  constructor(start: number, end: number, kind?: number) {
    this.start = start;
    this.end = end;
    this.kind = kind;
  }
}
export class Diagnostic {
  range: Range;
  message: string;
  severity: number;
  source?: string;
  code?: unknown;
  constructor(range: Range, message: string, severity = 0) {
    this.range = range;
    this.message = message;
    this.severity = severity;
  }
}
export class CompletionItem {
  readonly label: { readonly label: string; readonly description?: string };
  readonly kind: number;
  insertText?: string;
  range?: Range;
  constructor(label: CompletionItem['label'], kind: number) {
    this.label = label;
    this.kind = kind;
  }
}
export const CompletionItemKind = { Module: 8, Property: 9, Keyword: 13, File: 16, Constant: 20 };

export class CodeAction {
  title: string;
  kind?: unknown;
  command?: unknown;
  diagnostics?: Diagnostic[];
  edit?: WorkspaceEdit;
  isPreferred?: boolean;
  constructor(title: string, kind?: unknown) {
    this.title = title;
    this.kind = kind;
  }
}
export class FileDecoration {
  readonly badge?: string;
  readonly tooltip?: string;
  readonly color?: ThemeColor;
  constructor(badge?: string, tooltip?: string, color?: ThemeColor) {
    this.badge = badge;
    this.tooltip = tooltip;
    this.color = color;
  }
}
export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  id?: string;
  description?: string;
  tooltip?: string;
  checkboxState?: { state: number };
  command?: { command: string; arguments: unknown[] };
  constructor(label: string, collapsibleState = 0) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const TreeItemCheckboxState = { Unchecked: 0, Checked: 1 };
export class RelativePattern {
  readonly base: unknown;
  readonly pattern: string;
  constructor(base: unknown, pattern: string) {
    this.base = base;
    this.pattern = pattern;
  }
}
export class TextEdit {
  readonly range: Range;
  readonly newText: string;
  constructor(range: Range, newText: string) {
    this.range = range;
    this.newText = newText;
  }
  static replace = (range: Range, text: string) => new TextEdit(range, text);
}
export class CancellationError extends Error {}
export class FileSystemError extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
  static FileNotFound = () => new FileSystemError('FileNotFound');
}

export const DecorationRangeBehavior = { OpenOpen: 0, ClosedClosed: 1, OpenClosed: 2, ClosedOpen: 3 };
export const TextEditorSelectionChangeKind = { Keyboard: 1, Mouse: 2, Command: 3 };
export const TextEditorRevealType = { Default: 0, InCenter: 1, InCenterIfOutsideViewport: 2, AtTop: 3 };
export const InputBoxValidationSeverity = { Info: 1, Warning: 2, Error: 3 };
export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 };
export const CodeActionKind = { QuickFix: { value: 'quickfix' } };
export const ConfigurationTarget = { Global: 1, Workspace: 2, WorkspaceFolder: 3 };
export const ExtensionMode = { Production: 1, Development: 2, Test: 3 };
export const ExtensionKind = { UI: 1, Workspace: 2 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ColorThemeKind = { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 };
export const ViewColumn = { Active: -1, Beside: -2, One: 1, Two: 2 };
export const FoldingRangeKind = { Comment: 1, Imports: 2, Region: 3 };
export const EndOfLine = { LF: 1, CRLF: 2 };
export const LogLevel = { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };
export const TextDocumentChangeReason = { Undo: 1, Redo: 2 };
export const OverviewRulerLane = { Left: 1, Center: 2, Right: 4, Full: 7 };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const FileType = { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 };

const events = {
  theme: new EventEmitter<void>(),
  openDocument: new EventEmitter<FakeDocument>(),
  closeDocument: new EventEmitter<FakeDocument>(),
  changeDocument: new EventEmitter<{ document: FakeDocument; contentChanges: unknown[]; reason?: number }>(),
  saveDocument: new EventEmitter<FakeDocument>(),
  willSave: new EventEmitter<{
    document: FakeDocument;
    waitUntil(edits: Promise<readonly TextEdit[] | undefined>): void;
  }>(),
  activeEditor: new EventEmitter<FakeEditor | undefined>(),
  visibleEditors: new EventEmitter<readonly FakeEditor[]>(),
  selection: new EventEmitter<unknown>(),
  visibleRanges: new EventEmitter<unknown>(),
  windowState: new EventEmitter<{ focused: boolean; active: boolean }>(),
  configuration: new EventEmitter<{ affectsConfiguration(section: string): boolean }>(),
  folders: new EventEmitter<unknown>(),
  trust: new EventEmitter<void>(),
  tabs: new EventEmitter<unknown>(),
  taskStart: new EventEmitter<{ execution: { task: Task } }>(),
  taskProcess: new EventEmitter<{ execution: { task: Task }; processId: number }>(),
  willRename: new EventEmitter<{ files: readonly { oldUri: Uri; newUri: Uri }[] }>(),
  didRename: new EventEmitter<{ files: readonly { oldUri: Uri; newUri: Uri }[] }>(),
  debugStart: new EventEmitter<FakeSession>(),
  debugEnd: new EventEmitter<FakeSession>(),
  /** A file was written, made or removed. */
  files: new EventEmitter<Uri>(),
};

/** A tree view. `check` is a person's click on a check mark. */
interface FakeTree {
  readonly id: string;
  readonly provider: { getChildren(node?: unknown): unknown[]; getTreeItem(node: unknown): TreeItem };
  description?: string;
  message?: string;
  readonly check: (...items: [node: unknown, state: number][]) => void;
}

interface Message {
  readonly kind: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly items: readonly unknown[];
}

/** What the fake holds, for tests. */
export const fake = {
  events,
  documents: [] as FakeDocument[],
  editors: [] as FakeEditor[],
  active: undefined as FakeEditor | undefined,
  folders: [] as string[],
  trusted: true,
  /** Whoever sees progress has pressed Cancel. */
  cancelling: false,
  settings: new Map<string, unknown>(),
  commands: new Map<string, (...args: never[]) => unknown>(),
  /** Executed commands that nobody registered, with their arguments. */
  executed: [] as [string, ...unknown[]][],
  providers: [] as { kind: string; selector: unknown; provider: unknown }[],
  messages: [] as Message[],
  /** Answers a message; by default nobody does. */
  answer: (_message: Message): unknown => undefined,
  clipboard: '',
  log: [] as string[],
  statusItems: [] as { text: string }[],
  theme: ColorThemeKind.Dark,
  trees: [] as FakeTree[],
  /** Panels with pages of ours. */
  panels: [] as FakePanel[],
  /** Tasks of tasks.json and of others, those that were started, and terminals that were made. */
  tasks: [] as Task[],
  started: [] as Task[],
  terminals: [] as Readonly<Record<string, unknown>>[],
  /** The problems of each collection, by file. */
  collections: new Map<string, ReadonlyMap<string, readonly Diagnostic[]>>(),
  problems: (collection: string, uri: Uri) => fake.collections.get(collection)?.get(String(uri)) ?? [],

  /** The person trusts the workspace. */
  trust(): void {
    fake.trusted = true;
    events.trust.fire();
  },

  /** A task begins, and its process some time later. */
  startTask: (execution: { task: Task }) => events.taskStart.fire({ execution }),
  startProcess: (execution: { task: Task }, processId: number) => events.taskProcess.fire({ execution, processId }),

  /** Opens a document in an editor that becomes the active one. */
  open(path: string, text: string, languageId?: string): FakeEditor {
    const document = new FakeDocument(path, text, languageId);
    const editor = new FakeEditor(document);
    editor.apply = (_, edits) => events.changeDocument.fire({ document, contentChanges: document.change(edits) });
    fake.documents.push(document);
    fake.editors.push(editor);
    fake.active = editor;
    events.openDocument.fire(document);
    events.visibleEditors.fire(fake.editors);
    events.activeEditor.fire(editor);
    return editor;
  },
  /** Closes an editor, its tab and its document. */
  close(editor: FakeEditor): void {
    fake.editors = fake.editors.filter((one) => one !== editor);
    fake.documents = fake.documents.filter((one) => one !== editor.document);
    editor.document.isClosed = true;
    if (fake.active === editor) fake.active = undefined;
    events.tabs.fire({});
    events.visibleEditors.fire(fake.editors);
    events.closeDocument.fire(editor.document);
  },
  /** Changes a document as typing would. */
  edit(document: FakeDocument, range: Range, newText: string): void {
    const contentChanges = document.change([{ range, newText }]);
    events.changeDocument.fire({ document, contentChanges });
  },
  /** Saves a document as a person would: what comes before a save may edit it, and what is written is on the real disk. */
  async saveAs(document: FakeDocument): Promise<void> {
    const waiting: Promise<readonly TextEdit[] | undefined>[] = [];
    events.willSave.fire({ document, waitUntil: (edits) => waiting.push(edits) });
    const edits = (await Promise.all(waiting)).flatMap((one) => one ?? []);
    if (edits.length > 0) events.changeDocument.fire({ document, contentChanges: document.change(edits) });
    await writeFile(document.uri.fsPath, document.getText());
    document.isDirty = false;
    events.saveDocument.fire(document);
  },
  /** What saves the editors of a file; a test that has some puts it here. */
  save: async (_uri: Uri): Promise<void> => undefined,
  configure(key: string, value: unknown): void {
    fake.settings.set(key, value);
    events.configuration.fire({ affectsConfiguration: (section) => key === section || key.startsWith(`${section}.`) });
  },
  /** Another colour theme. */
  setTheme(kind: number): void {
    fake.theme = kind;
    events.theme.fire();
  },

  reset(): void {
    for (const event of Object.values(events)) event.dispose();
    const empty = { documents: [], editors: [], active: undefined, folders: [], executed: [], providers: [] };
    Object.assign(fake, { ...empty, messages: [], clipboard: '', log: [], statusItems: [], trees: [], trusted: true });
    fake.panels = [];
    Object.assign(fake, { tasks: [], started: [], terminals: [] });
    fake.theme = ColorThemeKind.Dark;
    fake.answer = () => undefined;
    fake.save = async () => undefined;
    fake.settings.clear();
    fake.collections.clear();
    fake.commands.clear();
  },
};

const register = (kind: string) => (selector: unknown, provider: unknown) => {
  const entry = { kind, selector, provider };
  fake.providers.push(entry);
  return new Disposable(() => {
    fake.providers.splice(fake.providers.indexOf(entry), 1);
  });
};

export const languages = {
  registerCodeLensProvider: register('codeLens'),
  registerHoverProvider: register('hover'),
  registerFoldingRangeProvider: register('folding'),
  registerCodeActionsProvider: register('codeActions'),
  registerDocumentLinkProvider: register('links'),
  registerCompletionItemProvider: register('completion'),
  match: (selector: { scheme: string } | { scheme: string }[], document: FakeDocument) =>
    [selector].flat().some(({ scheme }) => scheme === document.uri.scheme) ? 10 : 0,
  createDiagnosticCollection(name: string) {
    const all = new Map<string, readonly Diagnostic[]>();
    fake.collections.set(name, all);
    return {
      name,
      set: (uri: Uri, found: readonly Diagnostic[]) => all.set(String(uri), found),
      get: (uri: Uri) => all.get(String(uri)),
      delete: (uri: Uri) => all.delete(String(uri)),
      clear: () => all.clear(),
      dispose: () => all.clear(),
    };
  },
};

export const commands = {
  registerCommand(id: string, handler: (...args: never[]) => unknown): Disposable {
    if (fake.commands.has(id)) throw new Error(`command '${id}' already exists`);
    fake.commands.set(id, handler);
    return new Disposable(() => fake.commands.delete(id));
  },
  async executeCommand(id: string, ...args: never[]): Promise<unknown> {
    const handler = fake.commands.get(id);
    if (handler) return handler(...args);
    fake.executed.push([id, ...args]);
    return undefined;
  },
  getCommands: async () => [...fake.commands.keys()],
};

const message =
  (kind: Message['kind']) =>
  async (text: string, ...items: unknown[]) => {
    const one = { kind, text, items };
    fake.messages.push(one);
    return fake.answer(one);
  };

export const window = {
  get activeTextEditor() {
    return fake.active;
  },
  get visibleTextEditors() {
    return fake.editors;
  },
  createTerminal(options: Readonly<Record<string, unknown>>) {
    fake.terminals.push(options);
    return { processId: Promise.resolve(2000 + fake.terminals.length), show() {} };
  },
  state: { focused: true, active: true },
  tabGroups: {
    get all() {
      const group = { viewColumn: 1, isActive: true, tabs: [] as FakeTab[] };
      group.tabs = fake.editors.map((editor) => ({
        input: new TabInputText(editor.document.uri),
        isActive: editor === fake.active,
        group,
        editor,
      }));
      return [group];
    },
    get activeTabGroup() {
      const [group] = this.all;
      return { activeTab: group?.tabs.find((tab) => tab.isActive) };
    },
    async close(tabs: readonly FakeTab[]) {
      for (const tab of tabs) fake.close(tab.editor);
      return true;
    },
    onDidChangeTabs: events.tabs.event,
  },
  get activeColorTheme() {
    return { kind: fake.theme };
  },
  onDidChangeActiveColorTheme: events.theme.event,
  onDidChangeActiveTextEditor: events.activeEditor.event,
  onDidChangeVisibleTextEditors: events.visibleEditors.event,
  onDidChangeTextEditorSelection: events.selection.event,
  onDidChangeTextEditorVisibleRanges: events.visibleRanges.event,
  onDidChangeWindowState: events.windowState.event,
  showInformationMessage: message('info'),
  showWarningMessage: message('warning'),
  showErrorMessage: message('error'),
  showTextDocument: async (document: FakeDocument) =>
    fake.editors.find((editor) => editor.document === document) ?? new FakeEditor(document),
  createTextEditorDecorationType(options: unknown) {
    const type = {
      options,
      disposed: false,
      dispose() {
        type.disposed = true;
      },
    };
    return type;
  },
  createWebviewPanel(viewType: string, title: string) {
    const panel = new FakePanel(viewType, title);
    fake.panels.push(panel);
    return panel;
  },
  createTreeView(id: string, options: { treeDataProvider: FakeTree['provider'] }) {
    const checked = new EventEmitter<{ items: [unknown, number][] }>();
    const tree: FakeTree = {
      id,
      provider: options.treeDataProvider,
      check: (...items) => checked.fire({ items }),
    };
    fake.trees.push(tree);
    const visibility = new EventEmitter<{ visible: boolean }>();
    const events = { onDidChangeCheckboxState: checked.event, onDidChangeVisibility: visibility.event };
    return Object.assign(tree, events, { visible: true, dispose() {} });
  },
  registerFileDecorationProvider: (provider: unknown) => register('fileDecoration')('*', provider),
  registerCustomEditorProvider: (viewType: string, provider: unknown) => register('customEditor')(viewType, provider),
  createStatusBarItem() {
    const item = {
      ...{ text: '', tooltip: undefined, command: undefined, visible: false },
      show() {
        item.visible = true;
      },
      hide() {
        item.visible = false;
      },
      dispose() {},
    };
    fake.statusItems.push(item);
    return item;
  },
  createOutputChannel(name: string) {
    const write =
      (level: string) =>
      (...parts: unknown[]) =>
        fake.log.push(`${level} ${parts.join(' ')}`);
    const levels = Object.fromEntries(
      ['trace', 'debug', 'info', 'warn', 'error', 'append', 'appendLine'].map((level) => [level, write(level)]),
    );
    return { name, ...levels, show() {}, dispose() {} };
  },
  withProgress: async (_options: unknown, task: (progress: object, token: object) => unknown) =>
    task(
      { report() {} },
      { isCancellationRequested: fake.cancelling, onCancellationRequested: () => new Disposable(() => undefined) },
    ),
};

export const workspace = {
  get textDocuments() {
    return fake.documents;
  },
  get workspaceFolders() {
    return fake.folders.map((path, index) => ({ uri: Uri.file(path), name: path.split('/').pop(), index }));
  },
  get isTrusted() {
    return fake.trusted;
  },
  onDidOpenTextDocument: events.openDocument.event,
  onDidCloseTextDocument: events.closeDocument.event,
  onDidChangeTextDocument: events.changeDocument.event,
  onDidSaveTextDocument: events.saveDocument.event,
  onWillSaveTextDocument: events.willSave.event,
  onDidChangeConfiguration: events.configuration.event,
  onDidChangeWorkspaceFolders: events.folders.event,
  onWillRenameFiles: events.willRename.event,
  onDidRenameFiles: events.didRename.event,
  onDidGrantWorkspaceTrust: events.trust.event,
  getConfiguration: (section?: string) => {
    const full = (key: string) => (section ? `${section}.${key}` : key);
    return {
      get: (key: string, otherwise?: unknown) => fake.settings.get(full(key)) ?? otherwise,
      has: (key: string) => fake.settings.has(full(key)),
      inspect: (key: string) =>
        fake.settings.has(full(key)) ? { globalValue: fake.settings.get(full(key)) } : undefined,
      update: async (key: string, value: unknown) => fake.configure(full(key), value),
    };
  },
  getWorkspaceFolder: (uri: Uri) =>
    workspace.workspaceFolders.find((folder) => uri.path.startsWith(`${folder.uri.path}/`)),
  asRelativePath: (place: Uri | string) => {
    const path = typeof place === 'string' ? place : place.fsPath;
    const folder = fake.folders.find((one) => path.startsWith(`${one}/`));
    return folder ? path.slice(folder.length + 1) : path;
  },
  async openTextDocument(place: Uri | string): Promise<FakeDocument> {
    const uri = typeof place === 'string' ? Uri.file(place) : place;
    const found = fake.documents.find((document) => String(document.uri) === String(uri));
    if (!found) throw FileSystemError.FileNotFound();
    return found;
  },
  /** Saves the document of a file as its editors do. */
  save: async (uri: Uri): Promise<Uri | undefined> => {
    await fake.save(uri);
    return uri;
  },
  async applyEdit(edit: WorkspaceEdit): Promise<boolean> {
    for (const [uri, edits] of edit.entries()) {
      const document = await workspace.openTextDocument(uri);
      const contentChanges = document.change(edits);
      events.changeDocument.fire({ document, contentChanges });
    }
    return true;
  },
  /** Also on the real disk. */
  async findFiles(include: string | RelativePattern, exclude?: string | null, most = Number.POSITIVE_INFINITY) {
    const pattern = typeof include === 'string' ? include : include.pattern;
    const base = typeof include === 'string' ? undefined : (include.base as Uri | { uri: Uri });
    const folders = base ? [('uri' in base ? base.uri : base).fsPath] : fake.folders;
    const found = folders.flatMap((folder) => {
      const paths = walk(folder).filter((path) => globRegex(pattern).test(path));
      return (exclude ? paths.filter((path) => !globRegex(exclude).test(path)) : paths).map(
        (path) => `${folder}/${path}`,
      );
    });
    return found.slice(0, most).map((path) => Uri.file(path));
  },
  /** The real disk. */
  fs: {
    readFile: (uri: Uri) => readFile(uri.fsPath),
    stat: async (uri: Uri) => {
      const found = await stat(uri.fsPath);
      const type = found.isFile() ? FileType.File : found.isDirectory() ? FileType.Directory : FileType.Unknown;
      return { type, size: found.size, ctime: found.ctimeMs, mtime: found.mtimeMs };
    },
    writeFile: async (uri: Uri, bytes: Uint8Array) => {
      await mkdir(dirname(uri.fsPath), { recursive: true });
      await writeFile(uri.fsPath, bytes);
    },
    readDirectory: async (uri: Uri) =>
      (await readdir(uri.fsPath, { withFileTypes: true })).map((entry): [string, number] => [
        entry.name,
        entry.isDirectory()
          ? FileType.Directory
          : entry.isFile()
            ? FileType.File
            : FileType.File | FileType.SymbolicLink,
      ]),
    createDirectory: async (uri: Uri) => void (await mkdir(uri.fsPath, { recursive: true })),
    delete: (uri: Uri) => rm(uri.fsPath),
  },
  createFileSystemWatcher: (pattern: string | RelativePattern) => {
    const never = () => new Disposable(() => undefined);
    const fits = ({ path }: Uri) => typeof pattern !== 'string' || globRegex(pattern).test(path);
    const onDidChange = (listener: (uri: Uri) => void) =>
      events.files.event((uri) => void (fits(uri) && listener(uri)));
    return { onDidCreate: never, onDidChange, onDidDelete: never, dispose() {} };
  },
};

export const UIKind = { Desktop: 1, Web: 2 };

export const env = {
  uiKind: UIKind.Desktop,
  appRoot: '/vscode',
  remoteName: undefined as string | undefined,
  clipboard: {
    readText: async () => fake.clipboard,
    writeText: async (text: string) => {
      fake.clipboard = text;
    },
  },
  language: 'en',
  shell: '/bin/sh',
  openExternal: async () => true,
};

/** Text with its arguments put in, untranslated. */
export const l10n = {
  t(first: string | { message: string; args?: unknown }, ...rest: unknown[]): string {
    const text = typeof first === 'string' ? first : first.message;
    const given = typeof first === 'string' ? rest : [first.args].flat();
    const named = typeof given[0] === 'object' && given[0] !== null ? (given[0] as Record<string, unknown>) : given;
    return text.replace(/\{(\w+)\}/g, (whole, name) => String((named as Record<string, unknown>)[name] ?? whole));
  },
};

/** A debug session. */
export interface FakeSession {
  readonly type: string;
  readonly name: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly parentSession?: FakeSession;
}

export const debug = {
  registerDebugConfigurationProvider: register('debugConfiguration'),
  registerDebugAdapterTrackerFactory: register('debugTracker'),
  onDidStartDebugSession: events.debugStart.event,
  onDidTerminateDebugSession: events.debugEnd.event,
  stopDebugging: async (session: FakeSession) => {
    fake.executed.push(['stopDebugging', session]);
    events.debugEnd.fire(session);
  },
};

export const TaskRevealKind = { Always: 1, Silent: 2, Never: 3 };
export const TaskPanelKind = { Shared: 1, Dedicated: 2, New: 3 };

export const tasks = {
  registerTaskProvider: register('tasks'),
  onDidStartTask: events.taskStart.event,
  onDidStartTaskProcess: events.taskProcess.event,
  fetchTasks: async ({ type }: { type: string }) => fake.tasks.filter(({ definition }) => definition.type === type),
  async executeTask(task: Task) {
    const execution = { task };
    fake.started.push(task);
    fake.startTask(execution);
    fake.startProcess(execution, 1000 + fake.started.length);
    return execution;
  },
};

export const extensions = { getExtension: () => undefined, all: [] };

/** What is added to the environment of terminals: by name, and how. */
export function fakeVariables() {
  const scoped = new Map<string, ReturnType<typeof plain>>();
  const plain = () => {
    const set = new Map<string, string>();
    return {
      ...{ set, persistent: true, description: '' },
      replace: (name: string, value: string) => void set.set(name, value),
      append: (name: string, value: string) => void set.set(name, `…${value}`),
      delete: (name: string) => void set.delete(name),
      clear: () => set.clear(),
    };
  };
  return Object.assign(plain(), {
    scoped,
    getScoped({ workspaceFolder }: { workspaceFolder: { uri: Uri } }) {
      const key = String(workspaceFolder.uri);
      const found = scoped.get(key) ?? plain();
      scoped.set(key, found);
      return found;
    },
  });
}

/** An extension context whose SecretStorage and mementos are maps. */
export function fakeContext(extensionMode = ExtensionMode.Test) {
  const secrets = new Map<string, string>();
  const changed = new EventEmitter<{ key: string }>();
  const memento = () => {
    const values = new Map<string, unknown>();
    return {
      values,
      keys: () => [...values.keys()],
      get: (key: string, otherwise?: unknown) => values.get(key) ?? otherwise,
      update: async (key: string, value: unknown) => void values.set(key, value),
    };
  };
  return {
    subscriptions: [] as { dispose(): unknown }[],
    extensionMode,
    extensionUri: Uri.file('/extension'),
    environmentVariableCollection: fakeVariables(),
    /** The same of this user; no place in most tests. */
    globalStorageUri: Uri.parse('untitled:storage'),
    /** Where the extension may keep things of the workspace; a test that needs it names a folder. */
    storageUri: undefined as Uri | undefined,
    globalState: memento(),
    workspaceState: memento(),
    secrets: {
      values: secrets,
      onDidChange: changed.event,
      get: async (key: string) => secrets.get(key),
      keys: async () => [...secrets.keys()],
      store: async (key: string, value: string) => {
        secrets.set(key, value);
        changed.fire({ key });
      },
      delete: async (key: string) => {
        secrets.delete(key);
        changed.fire({ key });
      },
    },
  };
}
