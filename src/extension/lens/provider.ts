import * as vscode from 'vscode';
import { quotedLeaves } from '../../core/change/quotes.ts';
import type { Tracked } from '../../core/session/state.ts';
import { textOfScalar } from '../../core/tree/typed.ts';
import type { Scalar } from '../../core/tree/value.ts';
import { type EntryVerb, type LensInput, lensPlan } from '../../core/view/lenses.ts';
import { lineBucket } from '../../core/view/shown.ts';
import { commentFor } from '../commentfor.ts';
import type { Services } from '../services.ts';
import { isOffered } from '../session/trust.ts';
import { leafAtCursor, linesOf } from '../surface.ts';
import { driftTitles, entryTitles, fileTitles, type Title } from './titles.ts';

function lensOn(line: number, title: Title, args: readonly string[]): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { ...title, arguments: [...args] });
}

/**
 * Each lens comes with its command. One that is to be resolved later may stay dead: where the next list comes before VS Code has
 * resolved the last one, as after an edit and its undo, it goes on with commands of the last list, which are gone by then.
 */
export class LensProvider implements vscode.CodeLensProvider {
  readonly #services: Services;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  /** What each document was last given, to tell whether it would get anything else now. */
  readonly #given = new WeakMap<vscode.TextDocument, string>();
  /** Recipients of our own keys. */
  own: ReadonlySet<string> = new Set();

  constructor(services: Services) {
    this.#services = services;
  }

  /**
   * Asks VS Code to ask again, if the answer would be another one. While it asks, a click on a lens of the old list may
   * fail, so no question is asked for nothing; after an edit it asks by itself.
   */
  refresh(): void {
    const stale = vscode.window.visibleTextEditors.some(({ document }) => this.#isStale(document));
    if (stale) this.#changed.fire();
  }

  async provideCodeLenses(document: vscode.TextDocument, cancel: vscode.CancellationToken): Promise<vscode.CodeLens[]> {
    const tracked = await this.#services.sessions.ready(document);
    if (cancel.isCancellationRequested || tracked.version !== document.version) return [];
    const lenses = this.#lenses(document, tracked);
    this.#given.set(document, summaryOf(lenses));
    return lenses;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #isStale(document: vscode.TextDocument): boolean {
    const tracked = this.#services.sessions.current(document.uri);
    const given = this.#given.get(document);
    if (given === undefined || tracked?.version !== document.version) return false;
    return summaryOf(this.#lenses(document, tracked)) !== given;
  }

  #lenses(document: vscode.TextDocument, tracked: Tracked): vscode.CodeLens[] {
    const uri = document.uri.toString();
    const { settings, survey } = this.#services;
    const facts =
      tracked.state.kind === 'open' || tracked.state.kind === 'locked' ? survey.get(document.uri) : undefined;
    const titlesOfFile = () => [...fileTitles(tracked.state, this.own), ...driftTitles(facts)];
    const ofFile = settings.lensFile ? titlesOfFile().filter(isOffered) : [];
    const input = lensInput(this.#services, document, tracked);
    const titles = entryTitles();
    const titleOf = (verb: EntryVerb, id: string) => {
      if (verb !== 'reveal') return titles[verb];
      if (this.#services.revealed.is(uri, id)) return titles.hide;
      return titles[id === input?.comment?.id ? 'revealComment' : verb];
    };
    return [
      ...ofFile.map((title) => lensOn(0, title, [uri])),
      ...(input ? lensPlan(input) : []).flatMap(({ offset, id, verbs }) =>
        verbs.map((verb) => lensOn(linesOf(document).lineAt(offset), titleOf(verb, id), [uri, id])),
      ),
    ];
  }
}

/** Without lines: an editor moves its lenses with the text. */
function summaryOf(lenses: readonly vscode.CodeLens[]): string {
  return lenses.map(({ command }) => `${command?.title} ${command?.arguments?.[1] ?? ''}`).join('\n');
}

/** What the plan is made from; undefined where entries have no lenses. */
function lensInput(
  { settings, presentation }: Services,
  document: vscode.TextDocument,
  tracked: Tracked,
): LensInput | undefined {
  const { state } = tracked;
  if (state.kind !== 'open' && state.kind !== 'damaged') return undefined;
  const { verdict } = state.opened;
  const editor = vscode.window.activeTextEditor;
  const comment = settings.showComments ? undefined : commentFor(document, tracked);
  return {
    leaves: state.sealed.leaves,
    binary: state.sealed.format === 'binary' ? kindOf(state.opened.value(state.sealed.leaves[0]?.id ?? '')) : undefined,
    lines: linesOf(document),
    mode: settings.lensEntries,
    current: editor?.document === document ? leafAtCursor(editor, tracked)?.id : undefined,
    editable: verdict.ok && vscode.workspace.isTrusted,
    comment: comment && { offset: comment.span.start, id: comment.id },
    // While presenting, nothing says how many lines a value has.
    several: new Set(
      presentation.on
        ? []
        : state.sealed.leaves.map((leaf) => leaf.id).filter((id) => hasLines(state.opened.value(id))),
    ),
    quoted: new Set(quotedLeaves(state.opened).map((leaf) => leaf.id)),
    failed: new Set(verdict.ok ? [] : verdict.failures.flatMap((failure) => failure.leaf?.id ?? [])),
  };
}

const kindOf = (value: Scalar | undefined) => (value && textOfScalar(value) === undefined ? 'bytes' : 'text');

function hasLines(value: Scalar | undefined): boolean {
  return value !== undefined && lineBucket(value) !== '1';
}
