import type { ListNode, MapNode, SourceDocument, TextEdit } from '../format/document.ts';
import type { Value } from '../tree/value.ts';
import type { Located } from './locate.ts';

/** Whole lines of a text that belong together: an entry or item with its own comments. */
export interface Block {
  /** Each line with its line end. */
  readonly lines: string;
  /** Where its key or dash stands. */
  readonly column: number;
}

/** An entry (with `key`) or an item to be put somewhere: as the lines that it had elsewhere, or from its value. */
export interface Piece {
  readonly key: string | undefined;
  readonly value: Value;
  readonly block?: Block;
  /** Right behind the member that it follows; else right before the next one, when lines without members stand between. */
  readonly behind?: boolean;
}

/** What moves whole entries about in the text of one format. Edits refer to `doc.text`; results are compared by the caller. */
export interface Structure {
  /** The lines of an entry or item with its own comments; undefined where the format has no lines of its own for it. */
  block(doc: SourceDocument, place: Located): Block | undefined;
  /** Take an entry or item out, `whole` with its own comments. */
  remove(doc: SourceDocument, place: Located, whole: boolean): TextEdit[];
  /** Put a piece before the member at `index`, which is below the number of members, or behind the last one. */
  insert(doc: SourceDocument, into: MapNode | ListNode, index: number, piece: Piece): TextEdit[];
  /** Put another value in the place of a node. */
  replace(doc: SourceDocument, place: Located, value: Value): TextEdit[];
}
