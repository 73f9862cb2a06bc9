import * as vscode from 'vscode';
import { formatOfBytes } from '../../core/format/which.ts';
import { plainStateOf } from '../../core/session/inspect.ts';
import type { FileState } from '../../core/session/state.ts';
import type { Leaf } from '../../core/sops/sealed.ts';
import { maxSurveyed } from '../../core/survey/facts.ts';
import { readAnywhere } from '../elsewhere.ts';
import type { Services } from '../services.ts';
import { documentOf, openAt } from '../session/tabs.ts';
import { goToEntry } from '../session/target.ts';
import { leavesOf } from '../surface.ts';

interface Entries {
  readonly leaves: readonly Leaf[];
  readonly text: string;
}

/**
 * The entries of a secret file, encrypted or yet to be, and the text that they are places in: unsaved edits count. Nothing is
 * decrypted. Throws what reading throws.
 */
async function readEntries({ sessions, platform, rules }: Services, uri: vscode.Uri): Promise<Entries> {
  const held = await sessions.editors.get(uri.toString())?.ready();
  if (held) return entriesIn(held, '');
  const document = documentOf(uri);
  const text = document?.getText() ?? formatOfBytes(uri.path, await readAnywhere(platform, uri, maxSurveyed)).text;
  return entriesIn(await plainStateOf(uri.path, text, async () => (await rules.find(uri))?.rule), text);
}

const entriesIn = (state: FileState, text: string): Entries => ({ leaves: leavesOf(state), text });

/** The entries of a secret file, in its order. Throws what reading throws. */
export async function entriesOf(services: Services, uri: vscode.Uri): Promise<readonly Leaf[]> {
  return (await readEntries(services, uri)).leaves;
}

/** Opens a secret file at an entry, in the Secrets Editor if it is open there; without the entry at its beginning. */
export async function openEntry(services: Services, uri: vscode.Uri, id: string): Promise<void> {
  const { leaves, text } = await readEntries(services, uri);
  const leaf = leaves.find((one) => one.id === id);
  if (leaf && services.sessions.editors.has(uri.toString())) return goToEntry(services, uri, leaf);
  const offset = leaf ? (leaf.keySpan ?? leaf.node.span).start : 0;
  const before = text.slice(0, offset).split('\n');
  const position = new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
  await openAt(uri, { selection: new vscode.Range(position, position) });
}
