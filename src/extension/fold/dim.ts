import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { sealedOf } from '../surface.ts';
import { blocksOf, longFirstLine, summaryOf } from './blocks.ts';

/** The metadata block in the background, with a summary on its first line. */
export class Dimmer {
  readonly #services: Services;
  readonly #dim = vscode.window.createTextEditorDecorationType({ opacity: '0.5', isWholeLine: true });
  readonly #summary = vscode.window.createTextEditorDecorationType({});
  readonly #collapse = vscode.window.createTextEditorDecorationType({ textDecoration: 'none; font-size:0' });

  constructor(services: Services) {
    this.#services = services;
  }

  draw(editor: vscode.TextEditor): void {
    const { document } = editor;
    const tracked = this.#services.sessions.current(document.uri);
    // Between an edit and the next state the editor moves the old decorations along.
    if (tracked && tracked.version !== document.version) return;
    const sealed = sealedOf(tracked?.state);
    const blocks = blocksOf(document, tracked);
    const text = sealed ? summaryOf(sealed, this.#services.clock.now()) : '';
    const after = {
      contentText: text,
      color: new vscode.ThemeColor('editorCodeLens.foreground'),
      margin: '0 0 0 1.5em',
      fontStyle: 'italic',
    };
    editor.setDecorations(
      this.#dim,
      blocks.map(({ first, last }) => new vscode.Range(first, 0, last, 0)),
    );
    editor.setDecorations(
      this.#summary,
      blocks.map(({ first }) => ({ range: endOf(document, first), renderOptions: { after } })),
    );
    const long = sealed?.format === 'dotenv' ? blocks.flatMap((block) => longFirstLine(document, block) ?? []) : [];
    editor.setDecorations(
      this.#collapse,
      long.filter((range) => !editor.selections.some((s) => s.intersection(range))),
    );
  }

  dispose(): void {
    for (const type of [this.#dim, this.#summary, this.#collapse]) type.dispose();
  }
}

function endOf(document: vscode.TextDocument, line: number): vscode.Range {
  const { end } = document.lineAt(line).range;
  return new vscode.Range(end, end);
}
