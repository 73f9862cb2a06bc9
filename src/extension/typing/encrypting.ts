import * as vscode from 'vscode';
import { change } from '../../core/change/change.ts';
import { plainEntries, touchedEntry } from '../../core/change/looked.ts';
import { textEdits } from '../../core/diff/lines.ts';
import { isOurs, type LockstepError, type Refusal } from '../../core/errors.ts';
import { applyEdits, type FormatId, type TextEdit } from '../../core/format/document.ts';
import { formatOf, getFormat } from '../../core/format/which.ts';
import type { Opened } from '../../core/open/open.ts';
import { type Leaf, readSealed } from '../../core/sops/sealed.ts';
import { rangeOf, workspaceEditOf } from '../convert.ts';
import type { Services } from '../services.ts';
import { editorsOf, textOf } from '../surface.ts';
import type { VerifiedTexts } from './verified.ts';

/** What came of a text that somebody edited. */
export type Outcome =
  /** The edits of it that encrypt what was typed; `set` names an entry whose ciphertext was typed into, and is whole again. */
  | {
      readonly edits: readonly TextEdit[];
      /** The text after them. */
      readonly text: string;
      readonly set?: string;
      readonly typed: readonly Leaf[];
    }
  | { readonly error: LockstepError | Refusal }
  /** There is no version that it could be an edit of, or none that can be opened now. */
  | { readonly error: undefined };

/** Works out how an edited text is encrypted. @param growing ids of entries that are still being typed. Never throws. */
export async function encrypted(
  services: Services,
  texts: VerifiedTexts,
  { uri }: vscode.TextDocument,
  base: string,
  text: string,
  growing: ReadonlySet<string>,
): Promise<Outcome> {
  if (text === base) return { edits: [], text, typed: [] };
  try {
    return (
      (await texts.with(uri, base, (verified) => encryptedBy(verified, text, growing, services))) ?? {
        error: undefined,
      }
    );
  } catch (error) {
    if (!isOurs(error)) throw error;
    return { error };
  }
}

async function encryptedBy(
  verified: Opened,
  text: string,
  growing: ReadonlySet<string>,
  { clock }: Services,
): Promise<Outcome> {
  const take = async (edited: string, set?: string): Promise<Outcome> => {
    const { text: after } = await change(verified, { kind: 'edited', text: edited, growing }, clock);
    return {
      edits: textEdits(text, after),
      text: after,
      typed: typedIn(edited, verified.sealed.format),
      ...(set !== undefined && { set }),
    };
  };
  try {
    return await take(text);
  } catch (error) {
    const touched = isOurs(error) && error.code === 'FOREIGN_EDIT' && error.place.what === 'touched';
    const found = touched ? touchedEntry(verified, text) : undefined;
    if (!found) throw error;
    return take(applyEdits(text, found.edits), found.leaf.id);
  }
}

/** What is in plaintext and ought to be encrypted; nothing in a text that is no encrypted file as it is. */
function typedIn(text: string, format: FormatId): Leaf[] {
  try {
    return plainEntries(readSealed(text, format));
  } catch {
    return [];
  }
}

/** Whether a document that is an encrypted file has values in plaintext that ought to be encrypted. */
export function holdsPlaintext(document: vscode.TextDocument): boolean {
  const text = textOf(document);
  return typedIn(text, formatOf(document.uri.path, text)).length > 0;
}

/** Whether a document is a plain text by now, and holds something. */
export function isPlainWhole(document: vscode.TextDocument): boolean {
  const text = textOf(document);
  try {
    const { documents, metadata } = getFormat(formatOf(document.uri.path, text)).parse(text);
    return metadata.every((block) => block === undefined) && documents.some(({ members }) => members.length > 0);
  } catch {
    return false;
  }
}

/**
 * Puts ciphertext in the place of what was typed, as a part of the same undo step: an undo takes back both, so that no step
 * of the history that a person goes through has a value in plaintext. False when the text is another by now.
 */
export async function putInto(document: vscode.TextDocument, version: number, edits: readonly TextEdit[]) {
  if (document.version !== version || document.isClosed) return false;
  const [editor] = editorsOf(document.uri);
  if (!editor) return vscode.workspace.applyEdit(workspaceEditOf(document, edits));
  return editor
    .edit(
      (builder) => {
        for (const edit of edits) builder.replace(rangeOf(document, edit), edit.text);
      },
      { undoStopBefore: false, undoStopAfter: false },
    )
    .then(
      (done) => done,
      // An editor that was closed meanwhile.
      () => false,
    );
}
