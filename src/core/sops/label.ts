import { showPath } from '../tree/path.ts';
import type { Leaf } from './sealed.ts';

/** An entry's name within its file, as lists and the policy file have it: its key path, with the document where that is not the first. */
export function labelOf({ document, path, occurrence }: Pick<Leaf, 'document' | 'path' | 'occurrence'>): string {
  const inDocument = document === 0 ? '' : `${document + 1}: `;
  return `${inDocument}${showPath(path)}${occurrence === 0 ? '' : ` #${occurrence + 1}`}`;
}
