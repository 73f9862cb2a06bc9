import * as vscode from 'vscode';
import type { FormatId, Span } from '../../core/format/document.ts';
import type { Tracked } from '../../core/session/state.ts';
import { moveSpans, tidySpans, touches } from '../../core/view/mask.ts';
import { firstMasks, formatOfPath, type Masks, masksOf, masksOfVersion, noMasks } from '../../core/view/masks.ts';
import { lineMasks } from '../../core/view/plain.ts';
import { resultMasks } from '../../core/view/results.ts';
import { fileOf } from '../past.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Settings } from '../settings.ts';
import { linesOf, textOf } from '../surface.ts';

interface Known {
  readonly version: number;
  readonly basis: Tracked | undefined;
  readonly masks: Masks;
}

/** What is known of files besides their text. */
interface Knowledge {
  readonly sessions: Pick<Sessions, 'current'>;
  readonly settings: Pick<Settings, 'maskPlain' | 'maskEncrypted'>;
  /** The file is encrypted, or a rule says that it is to be. */
  covers(file: vscode.Uri): boolean;
}

/** The masks of each document that is on screen, one answer for each version of its text and of its file's state. */
export class DocumentMasks {
  readonly #knowledge: Knowledge;
  #known = new WeakMap<vscode.TextDocument, Known>();

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
  }

  /** Settings or rules changed: everything is worked out anew. */
  forget(): void {
    this.#known = new WeakMap();
  }

  of(document: vscode.TextDocument): Masks {
    const { sessions, settings } = this.#knowledge;
    const tracked = sessions.current(document.uri);
    if (!tracked && !mayHoldSecrets(document.uri)) return noMasks;
    const basis = tracked ?? sessions.current(fileOf(document.uri));
    const known = this.#known.get(document);
    if (known && known.version === document.version && known.basis === basis) return known.masks;
    const found = tracked ? this.#ofFile(document, tracked, known) : this.#ofText(document, basis);
    const masks = settings[found.kind === 'plain' ? 'maskPlain' : 'maskEncrypted'] ? found : noMasks;
    this.#known.set(document, { version: document.version, basis, masks });
    return masks;
  }

  /** To be called for every change: until the session has looked at the new text, the old masks move with it. */
  changed(event: vscode.TextDocumentChangeEvent): void {
    const { document, contentChanges } = event;
    const known = this.#known.get(document);
    if (known?.masks.kind !== 'plain' || contentChanges.length === 0 || document.uri.scheme === results) return;
    const masks = { kind: 'plain', spans: movedPlain(known.masks.spans, event) } as const;
    this.#known.set(document, { version: document.version, basis: known.basis, masks });
  }

  /** A file that a session looks at. */
  #ofFile(document: vscode.TextDocument, { state, version }: Tracked, known: Known | undefined): Masks {
    const { path } = document.uri;
    const text = textOf(document);
    if (state.kind === 'none') {
      const first = formatOfPath(path) === 'dotenv' ? firstMasks(path, text) : noMasks;
      // An empty .env that was just filled: look again before the session does.
      if (version !== document.version) return first;
      // It has no values now, and may have had some.
      return first.kind === 'plain' || this.#knowledge.covers(document.uri) ? { kind: 'plain', spans: [] } : noMasks;
    }
    if (version === document.version || state.kind !== 'plain') return masksOf(state, path, text);
    // A stale state of plain text: its positions are of the old text. What moved along with the edits is better.
    return known?.masks.kind === 'plain' ? known.masks : firstOrAll(path, text);
  }

  /** A text that no session looks at, or not yet: a version of a file, or what a search found. */
  #ofText(document: vscode.TextDocument, present: Tracked | undefined): Masks {
    const { uri } = document;
    const text = textOf(document);
    if (uri.scheme === results) return { kind: 'plain', spans: resultMasks(text, (path) => this.#formatOfFound(path)) };
    const file = fileOf(uri);
    if (file === uri) return firstMasks(uri.path, text);
    return masksOfVersion(present?.state, this.#knowledge.covers(file), file.path, text);
  }

  /** The format of a plain secret file that a search found something in. */
  #formatOfFound(path: string): FormatId | undefined {
    const uris = foundUris(path);
    const { sessions, covers } = this.#knowledge;
    const secret = uris.some((uri) => {
      const kind = sessions.current(uri)?.state.kind;
      return covers(uri) || (kind ? kind !== 'none' : false);
    });
    // As Windows spells it.
    const name = path.replaceAll('\\', '/');
    const format = formatOfPath(name);
    return secret || firstMasks(name, '').kind === 'plain' ? (format ?? 'yaml') : undefined;
  }
}

function firstOrAll(path: string, text: string): Masks {
  const masks = firstMasks(path, text);
  return masks.kind === 'off' ? { kind: 'plain', spans: lineMasks(text, formatOfPath(path) ?? 'yaml') } : masks;
}

/** Old masks where the edits put them, and every value on a line that was edited. */
function movedPlain(spans: readonly Span[], { document, contentChanges }: vscode.TextDocumentChangeEvent): Span[] {
  let moved: readonly Span[] = spans;
  let edited: Span[] = [];
  for (const change of contentChanges) {
    const by = change.text.length - change.rangeLength;
    moved = moveSpans(moved, { offset: change.rangeOffset, length: change.rangeLength, inserted: change.text.length });
    // One change is a list of edits, each in the text that the one before it left.
    edited = edited.map((e) => (e.start > change.rangeOffset ? { start: e.start + by, end: e.end + by } : e));
    edited.push({ start: change.rangeOffset, end: change.rangeOffset + change.text.length });
  }
  const lines = linesOf(document);
  const touched = edited.map(({ start, end }) => ({
    start: lines.start(lines.lineAt(start)),
    end: lines.end(lines.lineAt(end)),
  }));
  const format = formatOfPath(document.uri.path) ?? 'yaml';
  const fresh = lineMasks(textOf(document), format).filter((span) =>
    touched.some((t) => touches(span, t.start, t.end)),
  );
  return tidySpans([...moved, ...fresh]);
}

/** The scheme of search editors. */
const results = 'search-editor';

/** The files that a path in a search editor may stand for: it is absolute, or begins at a folder of the workspace. */
function foundUris(path: string): vscode.Uri[] {
  if (/^(?:\/|[A-Za-z]:\\|\\\\)/.test(path)) return [vscode.Uri.file(path)];
  // With several folders the folder's name comes first.
  const [name, rest] = path.split(' • ', 2);
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => rest === undefined || folder.name === name)
    .map(({ uri }) => vscode.Uri.joinPath(uri, rest ?? path));
}

const foreign = ['output', 'vscode-terminal', 'comment', 'vscode-scm', 'vscode-notebook-cell', 'walkThrough'];

/** Worth a look before the session has answered: by its scheme, and by a name of a format that we know. */
function mayHoldSecrets(uri: vscode.Uri): boolean {
  if (foreign.includes(uri.scheme)) return false;
  const { path } = fileOf(uri);
  return (
    uri.scheme === results ||
    formatOfPath(path) !== undefined ||
    /\.(?:txt|bin|enc|sops|conf|pem|key|crt|p12|pfx|jks)$/.test(path)
  );
}
