import * as vscode from 'vscode';
import type { Span } from '../../core/format/document.ts';
import type { Leaf } from '../../core/sops/sealed.ts';
import { showPath } from '../../core/tree/path.ts';
import type { Scalar } from '../../core/tree/value.ts';
import { envelopes } from '../../core/view/envelopes.ts';
import { revealText } from '../../core/view/shown.ts';
import { commands } from '../ids.ts';
import type { Services } from '../services.ts';
import type { Tracked } from '../session/state.ts';
import { leafAtCursor, leavesOf, openedOf, textOf } from '../surface.ts';

export interface Target {
  readonly document: vscode.TextDocument;
  readonly tracked: Tracked;
  readonly leaf: Leaf;
}

/** The entry that a command is about: by its ids, else under the cursor, else picked by name. Undefined when there is none. */
export async function findTarget(services: Services, uri: unknown, id: unknown): Promise<Target | undefined> {
  const editor = vscode.window.activeTextEditor;
  const named = typeof uri === 'string' && typeof id === 'string';
  const document = named ? openDocument(uri) : editor?.document;
  if (!document) return undefined;
  const tracked = await unlocked(services, document);
  if (!tracked) return undefined;
  const leaves = leavesOf(tracked.state);
  const leaf = named
    ? leaves.find((one) => one.id === id)
    : ((editor && leafAtCursor(editor, tracked)) ?? (await pickLeaf(services, leaves)));
  return leaf && { document, tracked, leaf };
}

function openDocument(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
}

/** The file's state once it can be read; a locked one offers to unlock, one that cannot be read says why. */
async function unlocked(services: Services, document: vscode.TextDocument): Promise<Tracked | undefined> {
  const tracked = await services.sessions.ready(document);
  if (tracked.state.kind === 'locked') {
    const unlock = vscode.l10n.t('Unlock');
    if ((await services.ui.info(vscode.l10n.t('Lockstep is locked.'), unlock)) !== unlock) return undefined;
    await vscode.commands.executeCommand(commands.unlock);
    return services.vault.locked ? undefined : unlocked(services, document);
  }
  if (openedOf(tracked.state) || tracked.state.kind === 'plain') return tracked;
  if (tracked.state.kind === 'none') await services.ui.info(vscode.l10n.t('There are no secrets in this file.'));
  else await vscode.commands.executeCommand(commands.explainFile, document.uri.toString());
  return undefined;
}

async function pickLeaf(services: Services, leaves: readonly Leaf[]): Promise<Leaf | undefined> {
  const items = leaves.filter((leaf) => leaf.encrypted).map((leaf) => ({ label: showPath(leaf.path), leaf }));
  if (items.length === 0) return undefined;
  return (await services.ui.pick(items, { title: vscode.l10n.t('Reveal Value') }))?.leaf;
}

/** What a reveal writes in the value's place; undefined when the entry does not open. */
export function shownText({ tracked, leaf }: Target): string | undefined {
  const value: Scalar | undefined =
    tracked.state.kind === 'plain' ? leaf.node.scalar : openedOf(tracked.state)?.value(leaf.id);
  if (!value) return undefined;
  const shown = revealText(value);
  if (shown.kind === 'text') return shown.text;
  return shown.kind === 'empty' ? vscode.l10n.t('(empty)') : vscode.l10n.t('{0} bytes, not text', shown.count);
}

/** Where a reveal stands: the ciphertext without its quotes, or a plain value's whole token. */
export function shownSpan({ document, tracked, leaf }: Target): Span {
  const { span } = leaf.node;
  if (tracked.state.kind === 'plain') return span;
  const [token] = envelopes(textOf(document).slice(span.start, span.end));
  return token ? { start: span.start + token.start, end: span.start + token.end } : span;
}
