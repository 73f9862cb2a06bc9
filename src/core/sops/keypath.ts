import { LockstepError } from '../errors.ts';
import type { Path } from '../tree/path.ts';

// A key ends at the first quote that closes its part, so that brackets and quotes may be in it; sops splits at every `[`.
const part = /\[(?:"(.*?)"|'(.*?)'|(\d{1,9}))\](?=\[|$)/sy;

/**
 * A key path in the syntax of sops (cmd/sops/main.go `parseTreePath`): `["database"]["hosts"][0]`, quotes of either kind,
 * nothing escaped. The empty text is the whole tree. Throws BAD_PATH.
 */
export function parsePath(text: string): Path {
  const path: (string | number)[] = [];
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    if (!found) throw new LockstepError('BAD_PATH');
    path.push(found[3] === undefined ? (found[1] ?? found[2] ?? '') : Number(found[3]));
  }
  return path;
}

/** A key path in the same syntax. A name that has quotes of both kinds cannot be said in it, as nothing is escaped. */
export const printPath = (path: Path): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : part.includes('"') ? `['${part}']` : `["${part}"]`))
    .join('');
