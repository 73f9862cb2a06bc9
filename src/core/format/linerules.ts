import type { FormatId } from './document.ts';
import * as place from './place.ts';
import * as yaml from './yaml/line.ts';

/** What ends a line in a format. */
type LineRules = Pick<typeof place, 'lineStart' | 'lineEnd' | 'nextLine'>;

/** The rules for a text: those of go-yaml for YAML; sops splits the other formats at LF. */
export function linesOf({ format }: { readonly format: FormatId }): LineRules {
  return format === 'yaml' ? yaml : place;
}
