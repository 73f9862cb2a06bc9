import type { FormatId, Span } from '../format/document.ts';
import type { Leaf } from '../sops/sealed.ts';
import { dotenvLineMasks } from './dotenv-lines.ts';
import { iniLineMasks } from './ini-lines.ts';
import { jsonLineMasks } from './json-lines.ts';
import type { LineMask } from './lines.ts';
import { tidySpans } from './mask.ts';
import { yamlLineMasks } from './yaml-lines.ts';

/** Masks of a plain file that parses: the values that encryption would hide. */
export function plainMasks(leaves: readonly Leaf[]): Span[] {
  return tidySpans(leaves.filter((leaf) => leaf.encrypted && leaf.type !== 'null').map((leaf) => leaf.node.span));
}

/**
 * Masks of a plain file by its lines alone: for one that does not parse, and until a parser has answered. Hides too much
 * rather than too little: what follows the first `=` or `:` of a line, and whole lines that continue a value.
 */
export const lineMasks = (text: string, format: FormatId): Span[] => linesOf(text, format).map(bare);

/**
 * What a parser of dotenv or INI takes for names, comments or entries of their own and a person would not: assignments that
 * are commented out, and in dotenv lines of a quoted value or key block that goes on. None in other formats.
 */
export function strayMasks(text: string, format: FormatId): Span[] {
  if (format !== 'ini' && format !== 'dotenv') return [];
  return linesOf(text, format).flatMap((mask) => (mask.stray ? [bare(mask)] : []));
}

function linesOf(text: string, format: FormatId): LineMask[] {
  if (format === 'dotenv') return dotenvLineMasks(text);
  if (format === 'ini') return iniLineMasks(text);
  return format === 'yaml' ? yamlLineMasks(text) : jsonLineMasks(text);
}

const bare = ({ start, end }: Span): Span => ({ start, end });
