import * as vscode from 'vscode';
import type { Feature, Services } from '../services.ts';
import { editorsOf } from '../surface.ts';
import { type Block, blocksOf } from './blocks.ts';
import { Dimmer } from './dim.ts';

const flat: vscode.DocumentSelector = { scheme: 'file', pattern: '**/{.env,.env.*,*.env,*.ini}' };

/** The metadata block of an encrypted file: folded once, dimmed, summed up in half a line. */
export function register(services: Services): Feature {
  const dimmer = new Dimmer(services);
  const folder = new Folder(services);
  const draw = (editors: readonly vscode.TextEditor[]) => {
    for (const editor of editors) dimmer.draw(editor);
  };
  const drawAll = () => draw(vscode.window.visibleTextEditors);
  const foldActive = () => void folder.fold(vscode.window.activeTextEditor);

  drawAll();
  foldActive();
  const disposable = vscode.Disposable.from(
    dimmer,
    // Lines of dotenv and INI files are all on one level: without this there is nothing to fold.
    vscode.languages.registerFoldingRangeProvider(flat, {
      provideFoldingRanges: (document) => foldingRanges(services, document),
    }),
    services.sessions.onDidChange((uri) => {
      draw(editorsOf(uri));
      foldActive();
    }),
    vscode.window.onDidChangeVisibleTextEditors(drawAll),
    vscode.window.onDidChangeActiveTextEditor(foldActive),
    vscode.window.onDidChangeTextEditorSelection((event) => dimmer.draw(event.textEditor)),
    vscode.workspace.onDidCloseTextDocument((document) => folder.forget(document.uri)),
  );
  return { commands: {}, disposable };
}

async function foldingRanges(
  { sessions }: Services,
  document: vscode.TextDocument,
): Promise<vscode.FoldingRange[] | undefined> {
  const blocks = blocksOf(document, await sessions.ready(document)).filter(({ first, last }) => last > first);
  if (blocks.length === 0) return undefined;
  return blocks.map(({ first, last }) => new vscode.FoldingRange(first, last, vscode.FoldingRangeKind.Region));
}

/** Folds once for each place where a document is opened; whoever unfolds it keeps it so. */
class Folder {
  readonly #services: Services;
  readonly #done = new Set<string>();

  constructor(services: Services) {
    this.#services = services;
  }

  async fold(editor: vscode.TextEditor | undefined): Promise<void> {
    if (!editor) return;
    const { document } = editor;
    const key = `${document.uri}\n${editor.viewColumn ?? ''}`;
    const blocks = blocksOf(document, this.#services.sessions.current(document.uri)).filter(
      ({ first, last }) => last > first,
    );
    if (blocks.length === 0 || this.#done.has(key)) return;
    this.#done.add(key);
    const selectionLines = blocks.filter((block) => !holdsCursor(editor, block)).map((block) => block.first);
    if (selectionLines.length === 0) return;
    // With a direction and a depth, a block that is folded already stays folded and its parent stays open.
    await vscode.commands.executeCommand('editor.fold', { levels: 1, direction: 'down', selectionLines });
  }

  forget(uri: vscode.Uri): void {
    for (const key of this.#done) if (key.startsWith(`${uri}\n`)) this.#done.delete(key);
  }
}

/** Folding would move a cursor out of the block. */
function holdsCursor(editor: vscode.TextEditor, { first, last }: Block): boolean {
  return editor.selections.some((selection) => selection.start.line <= last && selection.end.line > first);
}
