import type * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';
import type { Tracked } from '../../core/session/state.ts';
import { moveSpans, tidySpans, touches } from '../../core/view/mask.ts';
import { firstMasks, formatOfPath, type Masks, masksOf, masksOfVersion, noMasks } from '../../core/view/masks.ts';
import { lineMasks } from '../../core/view/plain.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Settings } from '../settings.ts';
import { linesOf, textOf } from '../surface.ts';

interface Known {
  readonly version: number;
  readonly tracked: Tracked | undefined;
  readonly masks: Masks;
}

/** The masks of each document that is on screen, one answer for each version of its text and of its state. */
export class DocumentMasks {
  readonly #sessions: Pick<Sessions, 'current'>;
  readonly #settings: Pick<Settings, 'maskPlain' | 'maskEncrypted'>;
  #known = new WeakMap<vscode.TextDocument, Known>();

  constructor(sessions: Pick<Sessions, 'current'>, settings: Pick<Settings, 'maskPlain' | 'maskEncrypted'>) {
    this.#sessions = sessions;
    this.#settings = settings;
  }

  /** Settings changed: everything is worked out anew. */
  forget(): void {
    this.#known = new WeakMap();
  }

  of(document: vscode.TextDocument): Masks {
    const tracked = this.#sessions.current(document.uri);
    if (!tracked && !mayHoldSecrets(document.uri)) return noMasks;
    const known = this.#known.get(document);
    if (known && known.version === document.version && known.tracked === tracked) return known.masks;
    const masks = this.#allowed(this.#workOut(document, tracked, known));
    this.#known.set(document, { version: document.version, tracked, masks });
    return masks;
  }

  /** To be called for every change: until the session has looked at the new text, the old masks move with it. */
  changed(event: vscode.TextDocumentChangeEvent): void {
    const { document, contentChanges } = event;
    const known = this.#known.get(document);
    if (known?.masks.kind !== 'plain' || contentChanges.length === 0) return;
    const masks = { kind: 'plain', spans: movedPlain(known.masks.spans, event) } as const;
    this.#known.set(document, { version: document.version, tracked: known.tracked, masks });
  }

  #workOut(document: vscode.TextDocument, tracked: Tracked | undefined, known: Known | undefined): Masks {
    const { path } = document.uri;
    if (tracked?.state.kind === 'none') {
      // An empty .env that was just filled: look again before the session does.
      return tracked.version === document.version || formatOfPath(path) !== 'dotenv'
        ? noMasks
        : firstMasks(path, textOf(document));
    }
    if (!tracked) {
      const present = document.uri.scheme === 'file' ? undefined : this.#sessions.current(presentOf(document.uri));
      return present ? masksOfVersion(present.state, path, textOf(document)) : firstMasks(path, textOf(document));
    }
    if (tracked.version === document.version || tracked.state.kind !== 'plain')
      return masksOf(tracked.state, path, textOf(document));
    // A stale state of plain text: its positions are of the old text. What moved along with the edits is better.
    return known?.masks.kind === 'plain' ? known.masks : firstOrAll(path, textOf(document));
  }

  #allowed(masks: Masks): Masks {
    const on = masks.kind === 'plain' ? this.#settings.maskPlain : this.#settings.maskEncrypted;
    return on ? masks : noMasks;
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

/** The file of which a document in a diff or in a history shows a version. */
function presentOf(uri: vscode.Uri): vscode.Uri {
  return uri.with({ scheme: 'file', query: '', fragment: '' });
}

const foreign = [
  'output',
  'vscode-terminal',
  'comment',
  'vscode-scm',
  'vscode-notebook-cell',
  'search-editor',
  'walkThrough',
];

/** Worth a look before the session has answered: by its scheme, and by a name of a format that we know. */
function mayHoldSecrets(uri: vscode.Uri): boolean {
  return (
    !foreign.includes(uri.scheme) &&
    (formatOfPath(uri.path) !== undefined || /\.(?:txt|bin|enc|sops|conf|pem|key|crt|p12|pfx|jks)$/.test(uri.path))
  );
}
