import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FormatId, Node, SourceDocument } from '../../../src/core/format/document.ts';
import { bytesOfText, textOfFile } from '../../../src/core/format/encoding.ts';
import { getFormat } from '../../../src/core/format/which.ts';
import { commentText } from '../../../src/core/open/comments.ts';
import { collect } from '../../../src/core/sops/sealed.ts';
import type { Selector } from '../../../src/core/sops/selection.ts';
import { valueBytes } from '../../../src/core/sops/value.ts';

/** A word that stands nowhere else, to be looked for in what was encrypted. */
const canary = fc.nat(999_999_999).map((n) => `Zq${n.toString(36)}qZ`);
const pattern = /Zq[0-9a-z]+qZ/g;

/** Texts with such a word at their start, their end, both, or in the middle; one in five stays as it is, for what it means. */
export function carrying(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(texts, canary, canary, fc.nat(4)).map(([text, one, other, how]) => {
    const middle = text.length >> 1;
    const inside = /[\ud800-\udbff]/.test(text.charAt(middle - 1)) ? text.length : middle;
    return [text, one + text, text + one, one + text + other, text.slice(0, inside) + one + text.slice(inside)][
      how
    ] as string;
  });
}

const canariesOf = (text: string): string[] => text.match(pattern) ?? [];

/** Canaries that may stand in an encrypted file: those in names, and in values and comments that the rule leaves in clear text. */
function inClear(format: FormatId, plain: string, selector: Selector): Set<string> {
  const found = new Set<string>();
  const note = (text: string) => {
    for (const one of canariesOf(text)) found.add(one);
  };
  if (format === 'binary') return found;
  const doc = getFormat(format).parse(textOfFile(bytesOfText(plain), format));
  for (const name of namesOf(doc)) note(name);
  const { leaves, comments } = collect(doc, selector);
  for (const { selected, node } of leaves)
    if (!selected && node.scalar.type !== 'null') note(Buffer.from(valueBytes(node.scalar)).toString());
  for (const { selected, node } of comments) if (!selected) note(commentText(node));
  return found;
}

function namesOf(doc: SourceDocument): string[] {
  const names: string[] = [];
  const visit = (node: Node): void => {
    if (node.kind === 'list') for (const item of node.items) item.kind !== 'comment' && visit(item);
    if (node.kind === 'map')
      for (const member of node.members) {
        if (member.kind === 'comment') continue;
        names.push(member.key);
        visit(member.value);
      }
  };
  for (const root of doc.documents) visit(root);
  return names;
}

/**
 * Nothing of what was to be encrypted stands in an encrypted text. @param plain the texts that went into it. @param more
 * texts that did as well and are no file.
 */
export function requireHidden(
  format: FormatId,
  selector: Selector,
  plain: readonly string[],
  sealed: string,
  more: readonly string[] = [],
): void {
  const clear = new Set(plain.flatMap((text) => [...inClear(format, text, selector)]));
  const there = new Set(canariesOf(sealed));
  for (const one of [...plain, ...more].flatMap(canariesOf))
    assert.ok(clear.has(one) || !there.has(one), 'a part of what is encrypted stands in clear text');
}
