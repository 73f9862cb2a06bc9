import type { Scalar, Value } from '../tree/value.ts';

/** UTF-16 offsets into the text: `start` inclusive, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Replace `[start, end)` of the text by `text`. Edits of one list never overlap and refer to the same old text. */
export interface TextEdit extends Span {
  readonly text: string;
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/** A leaf as it stands in the file. `span` covers the whole token: quotes, block header, and any tag or anchor before it. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly scalar: Scalar;
  readonly style: ScalarStyle;
  /** Inside a flow collection (`[a, b]`, `{a: b}`), where `,` and brackets need quotes. */
  readonly flow: boolean;
}

/** One stretch of an INI comment: a line of its own, or what stands behind something else. From its sign to its last character. */
export interface CommentPart extends Span {
  readonly inline: boolean;
  /** Where the header or key starts that it stands behind. */
  readonly anchor?: number;
}

/** A comment line or end-of-line comment. */
export interface CommentNode {
  readonly kind: 'comment';
  /** From the comment sign to the end of the comment, without the line end. */
  readonly span: Span;
  /** The text after the comment sign, leading space kept. */
  readonly text: string;
  /** It stands at the end of a line that holds something else. */
  readonly inline: boolean;
  /** SOPS does not see it: go-yaml drops a few comments when it reads a file. It is kept here and chooses nothing. */
  readonly lost?: true;
  /** INI makes one comment of several lines, and of one behind the value as well: all stretches, in file order. */
  readonly parts?: readonly CommentPart[];
}

export interface Entry {
  readonly kind: 'entry';
  readonly key: string;
  /** The key token, quotes included. */
  readonly keySpan: Span;
  /** From the key to the end of the value (a block scalar's or nested block's last content character). */
  readonly span: Span;
  readonly value: Node;
}

export interface MapNode {
  readonly kind: 'map';
  readonly span: Span;
  readonly members: readonly (Entry | CommentNode)[];
  readonly flow: boolean;
}

export interface ListNode {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly (Node | CommentNode)[];
  readonly flow: boolean;
}

/** A YAML alias. SOPS expands it in place: walk `target`, but edit `span`. */
export interface AliasNode {
  readonly kind: 'alias';
  readonly span: Span;
  readonly target: MapNode | ListNode | ScalarNode;
}

export type Node = MapNode | ListNode | ScalarNode | AliasNode;

/** One copy of the `sops` metadata (YAML repeats it in every document). */
export interface MetadataBlock {
  /** Everything that belongs to it, key included: what is folded on screen and what decryption removes. */
  readonly span: Span;
  /** The metadata as a tree with positions. A flattened form (dotenv) is unflattened here, leaves keep their spans. */
  readonly root: MapNode;
}

export type FormatId = 'yaml' | 'json' | 'dotenv' | 'ini' | 'binary';

/** A parsed file, encrypted or not: positions and scalars as they stand in the text. */
export interface SourceDocument {
  readonly format: FormatId;
  readonly text: string;
  /** One top-level map a document (all but YAML have one), without the `sops` metadata. */
  readonly documents: readonly MapNode[];
  /** Same index as `documents`; undefined where a document has none. */
  readonly metadata: readonly (MetadataBlock | undefined)[];
  /** The line end to write: the first one found, `\n` if none. */
  readonly eol: '\n' | '\r\n';
  /** What the format's own writer knows of the text besides. No other code looks into it. */
  readonly marks?: object;
}

/**
 * What one file format must be able to do. Every write returns edits on `doc.text`; nothing else of the text moves.
 * All throw LockstepError; none puts a value into it.
 */
export interface Format {
  readonly id: FormatId;

  /**
   * Text (no BOM needed, one is tolerated) to tree. @param eol the line end, where another version of the text tells: in
   * dotenv CR can be a part of values. Throws SYNTAX, DUPLICATE_KEY, NOT_A_MAP, EMPTY_FILE, UNSUPPORTED_VALUE, ALIAS_BOMB.
   */
  parse(text: string, eol?: SourceDocument['eol']): SourceDocument;

  /**
   * Put another scalar in a leaf's place. Quotes and block style stay where they can hold the new value.
   * The result re-reads (here and in sops) as exactly `scalar`. Throws BAD_VALUE where the format cannot hold it.
   */
  writeScalar(doc: SourceDocument, node: ScalarNode, scalar: Scalar): TextEdit[];

  /** Put another text in a comment's place, the sign kept: `#` + text. */
  writeComment(doc: SourceDocument, comment: CommentNode, text: string): TextEdit[];

  /** A string item of a list that holds an encrypted comment (`- ENC[…type:comment]`) becomes a comment line again. */
  itemToComment(doc: SourceDocument, list: ListNode, item: ScalarNode, text: string): TextEdit[];

  /** Put a whole value in the place of an alias (and drop nothing else). */
  writeAlias(doc: SourceDocument, alias: AliasNode, value: Value): TextEdit[];

  /** Add an entry at the end of a map (comments that end the map stay where they are). `map` is one of the document's. Throws BAD_NAME, BAD_VALUE, ENTRY_EXISTS. */
  addEntry(doc: SourceDocument, map: MapNode, key: string, value: Value): TextEdit[];

  /** Throws BAD_NAME, ENTRY_EXISTS. */
  renameEntry(doc: SourceDocument, map: MapNode, entry: Entry, key: string): TextEdit[];

  /** Remove an entry with its line or lines and its end-of-line comment; comment lines above it stay, except in INI. A map left without entries is written `{}`. */
  removeEntry(doc: SourceDocument, map: MapNode, entry: Entry): TextEdit[];

  /** Remove one item of a list. A list left empty is written `[]`. */
  removeItem(doc: SourceDocument, list: ListNode, item: Node): TextEdit[];

  /**
   * Append the metadata to every document: `sops` last, keys sorted bytewise, block style, strings quoted so that Go reads strings.
   * @param indent spaces for each level of it, -1 for tabs in JSON; without it JSON goes on as the file does.
   */
  addMetadata(doc: SourceDocument, metadata: Value, indent?: number): TextEdit[];

  /** Remove the metadata of every document. */
  removeMetadata(doc: SourceDocument): TextEdit[];

  /**
   * Put fields of one document's metadata; every other field keeps its bytes. Of a list, items that are equal to old ones
   * keep theirs as well. New fields stand where sorting puts them. A format with flattened metadata hands this on to
   * `flattenedEdits` (flatten.ts). Throws NO_METADATA, and BAD_METADATA when one of these names stands twice.
   * @param index of the document. @param fields the names as they stand in `root`, any case; undefined removes one.
   */
  writeMetadata(doc: SourceDocument, index: number, fields: MetadataFields): TextEdit[];
}

export type MetadataFields = ReadonlyMap<string, Value | undefined>;

/** Apply edits (any order, not overlapping) to the text they refer to. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let at = 0;
  for (const edit of sorted) {
    if (edit.start < at) throw new RangeError('overlapping edits');
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
