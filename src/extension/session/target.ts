import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import { maxFileSize } from '../../core/format/encoding.ts';
import { requireOpened, type Tracked } from '../../core/session/state.ts';
import { findEntry, type Leaf, type Sealed } from '../../core/sops/sealed.ts';
import { showPath } from '../../core/tree/path.ts';
import { rangeOf, spanOf } from '../convert.ts';
import { commands } from '../ids.ts';
import { askToUnlock } from '../person/gestures.ts';
import type { Services } from '../services.ts';
import { leafAtCursor, leavesOf, sealedOf } from '../surface.ts';
import { applyChange } from './apply.ts';
import type { OpenFile } from './openfile.ts';
import { activeFile, documentOf, isShown, openAt } from './tabs.ts';

/** A file that a command is about, and what it is. */
export interface SecretFile {
  readonly document: vscode.TextDocument;
  readonly tracked: Tracked;
}

/** An entry that a command is about. Positions hold for `tracked.version` only; the id is what lasts. */
export interface Target extends SecretFile {
  readonly leaf: Leaf;
}

/** Command arguments come from anybody: a file is a Uri, its text, or a row of a view that has one; anything else is none. */
export function uriOf(value: unknown): vscode.Uri | undefined {
  if (value instanceof vscode.Uri) return value;
  if (typeof value === 'object' && value !== null && 'uri' in value)
    return value.uri instanceof vscode.Uri ? value.uri : undefined;
  if (typeof value !== 'string') return undefined;
  try {
    return vscode.Uri.parse(value, true);
  } catch {
    return undefined;
  }
}

/** `(uri, id)` or `({ uri, id })`, as lenses, hovers and key bindings pass it. */
function readRef([first, second]: readonly unknown[]): { uri: vscode.Uri | undefined; id: string | undefined } {
  if (typeof first === 'object' && first !== null && 'uri' in first && 'id' in first)
    return readRef([first.uri, first.id]);
  return { uri: uriOf(first), id: typeof second === 'string' ? second : undefined };
}

/** The id of the entry that a command is about; undefined where none is named. */
export const idOfRef = (ids: readonly unknown[]): string | undefined => readRef(ids).id;

/**
 * The document that a command is about: the one named if it is on screen, or without a name the active editor's.
 * A file that nobody looks at is not opened on somebody else's word.
 */
function findDocument(ids: readonly unknown[]): vscode.TextDocument | undefined {
  const { uri } = readRef(ids);
  if (!uri) return ids[0] === undefined ? vscode.window.activeTextEditor?.document : undefined;
  return isShown(uri) ? documentOf(uri) : undefined;
}

/** Throws TOO_LARGE when the file in front is one that VS Code keeps from extensions. */
export async function requireDocument(): Promise<void> {
  const uri = vscode.window.activeTextEditor ? undefined : activeFile();
  const found = uri && (await vscode.workspace.fs.stat(uri).then(undefined, () => undefined));
  if (found && found.size > maxFileSize) throw new LockstepError('TOO_LARGE');
}

/** Where a command has no file to work on: says so, and lets the person choose one. */
export async function offerToOpen({ ui }: Services): Promise<void> {
  const choose = vscode.l10n.t('Choose a File…');
  if ((await ui.info(vscode.l10n.t('Open a secret file first.'), choose)) !== choose) return;
  const uri = await ui.openFile({ title: vscode.l10n.t('Choose a Secret File') });
  if (uri) await openAt(uri);
}

/** A secret file that can be read now, after offering to unlock. Undefined when the person would rather not. Throws why not. */
export async function findSecretFile(services: Services, ids: readonly unknown[]): Promise<SecretFile | undefined> {
  const document = findDocument(ids);
  if (!document) {
    if (ids[0] === undefined) await requireDocument();
    void offerToOpen(services);
    return undefined;
  }
  if (!(await askToUnlock(services, document.uri))) return undefined;
  return { document, tracked: await services.sessions.ready(document) };
}

/** The same for what is about the file as a whole, which may be open in the Secrets Editor alone. Throws also as `requireSettled`. */
export async function findOpenFile(services: Services, ids: readonly unknown[]): Promise<OpenFile | undefined> {
  const held = editorOf(services, ids[0]);
  held?.requireSettled();
  if (held) return (await askToUnlock(services, held.uri)) ? held : undefined;
  const document = (await findSecretFile(services, ids))?.document;
  return (
    document && {
      uri: document.uri,
      ready: async () => (await services.sessions.ready(document)).state,
      change: (_, make) => applyChange(services, document, make),
      requireSettled: () => undefined,
    }
  );
}

/** The file in the Secrets Editor that an argument of a command names, or the one in front without an argument. */
export function editorOf({ sessions }: Services, file: unknown): OpenFile | undefined {
  const uri = file === undefined ? activeFile() : uriOf(file);
  return uri && sessions.editors.get(uri.toString());
}

/**
 * The entry that a command is about: by its id, else the one under the cursor, else picked by name. Undefined when the
 * person picked none. Throws NO_SUCH_ENTRY for an id that is not there.
 */
export async function findTarget(
  services: Services,
  ids: readonly unknown[],
  title: string,
): Promise<Target | undefined> {
  const file = await findSecretFile(services, ids);
  return file && findEntryIn(services, file, ids, title);
}

/** The same for what only looks at an entry: that of the Secrets Editor which is named, else as `findTarget`. */
export async function findLeaf(
  services: Services,
  ids: readonly unknown[],
): Promise<{ readonly uri: vscode.Uri; readonly leaf: Leaf } | undefined> {
  const id = idOfRef(ids);
  const editor = id === undefined ? undefined : editorOf(services, ids[0]);
  const sealed = editor && sealedOf(await editor.ready());
  const leaf = sealed && id !== undefined ? findEntry(sealed, id) : undefined;
  if (editor && leaf) return { uri: editor.uri, leaf };
  const target = await findTarget(services, ids, vscode.l10n.t('Secret'));
  return target && { uri: target.document.uri, leaf: target.leaf };
}

/** The same in a file that was found. */
export async function findEntryIn(
  services: Services,
  { document, tracked }: SecretFile,
  ids: readonly unknown[],
  title: string,
): Promise<Target | undefined> {
  const leaves = leavesOf(tracked.state);
  const { id } = readRef(ids);
  if (id !== undefined) {
    const leaf = leaves.find((one) => one.id === id);
    if (!leaf) throw new LockstepError('NO_SUCH_ENTRY');
    return { document, tracked, leaf };
  }
  const chosen = atCursor(document, tracked);
  const leaf =
    chosen.length === 1 ? chosen[0] : await pickLeaf(services, document, chosen.length ? chosen : leaves, title);
  return leaf && { document, tracked, leaf };
}

/**
 * The entry of an encrypted file once more, after a question: Lockstep may be locked by now, and the text another. Throws
 * NO_SUCH_ENTRY when it is gone, and why the file cannot be read.
 */
export async function again({ sessions }: Services, { document, leaf }: Target): Promise<Target> {
  const tracked = await sessions.ready(document);
  return { document, tracked, leaf: sameEntry(requireOpened(tracked.state).sealed, leaf) };
}

/**
 * The entry again, in the text as it is now. A name is the same entry whatever its value; an item of a list, which is
 * known by its position only, must still hold what it held when the person chose it.
 */
export function sameEntry(sealed: Sealed, leaf: Leaf): Leaf {
  const now = findEntry(sealed, leaf.id);
  const positional = leaf.occurrence > 0 || leaf.path.some((part) => typeof part === 'number');
  if (!now || (positional && stored(now) !== stored(leaf)))
    throw new LockstepError('NO_SUCH_ENTRY', { path: leaf.path });
  return now;
}

const stored = ({ node: { scalar } }: Leaf) => (scalar.type === 'null' ? 'null' : String(scalar.value));

/** The entries that a person means by where the cursor is: one, or those that are selected. */
function atCursor(document: vscode.TextDocument, tracked: Tracked): readonly Leaf[] {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document !== document) return [];
  const { start, end } = spanOf(document, editor.selection);
  const whole = tracked.version === document.version && end > start ? leavesOf(tracked.state) : [];
  const selected = whole.filter(({ keySpan, node: { span } }) => (keySpan ?? span).start < end && span.end > start);
  const one = leafAtCursor(editor, tracked);
  return selected.length > 0 || !one ? selected : [one];
}

async function pickLeaf(
  services: Services,
  document: vscode.TextDocument,
  leaves: readonly Leaf[],
  title: string,
): Promise<Leaf | undefined> {
  if (leaves.length === 0) {
    await vscode.commands.executeCommand(commands.explainFile, document.uri.toString());
    return undefined;
  }
  const items = leaves.map((leaf) => ({
    label: showPath(leaf.path),
    description: leaf.encrypted ? '' : vscode.l10n.t('not encrypted'),
    leaf,
  }));
  return (await services.ui.pick(items, { title, placeholder: vscode.l10n.t('Which secret?') }))?.leaf;
}

/** Brings an entry into view, where its file is open. */
export async function goToEntry({ sessions }: Services, uri: vscode.Uri, { id, keySpan, node }: Leaf): Promise<void> {
  if (sessions.editors.has(uri.toString())) {
    await vscode.commands.executeCommand(commands.openEditor, uri.toString(), id);
    return;
  }
  const document = documentOf(uri);
  if (!document) return;
  const { start } = rangeOf(document, keySpan ?? node.span);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(start, start) });
}

/** The files that a command is about: what is selected in the explorer, the one named, or the active editor's. */
export function findFiles([first, second]: readonly unknown[]): vscode.Uri[] {
  const selected = Array.isArray(second) ? second.flatMap((one) => uriOf(one) ?? []) : [];
  if (selected.length > 0) return selected;
  const named = uriOf(first);
  if (named) return [named];
  const active = first === undefined ? activeFile() : undefined;
  return active ? [active] : [];
}
