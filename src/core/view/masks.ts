import type { FormatId, Span } from '../format/document.ts';
import type { FileState } from '../session/state.ts';
import { envelopes, looksSealed } from './envelopes.ts';
import { tidySpans } from './mask.ts';
import { baseOf, isConfigName, isDotenvName, isKeyName, isTemplateName, privateKeys } from './names.ts';
import { lineMasks, plainMasks, strayMasks } from './plain.ts';

/** What is hidden in a text. In `sealed` only ciphertext is, so it may show at the cursor; `plain` hides values. */
export interface Masks {
  readonly kind: 'sealed' | 'plain' | 'off';
  readonly spans: readonly Span[];
}

export const noMasks: Masks = { kind: 'off', spans: [] };

/** The format that a file name stands for; undefined for one that says nothing. */
export function formatOfPath(path: string): FormatId | undefined {
  if (isDotenvName(path)) return 'dotenv';
  if (/\.ya?ml$/.test(path)) return 'yaml';
  if (path.endsWith('.ini')) return 'ini';
  return path.endsWith('.json') ? 'json' : undefined;
}

/** Names under which plain secrets are usual: masked until a rule or the lack of one says otherwise. */
const secretName = /secret|credential|passw|private|token|service-account|\.enc\.|\.sops\./i;

/** Masks by text and name alone: from the first event on, before the session has answered. */
export function firstMasks(path: string, text: string): Masks {
  if (looksSealed(text)) return { kind: 'sealed', spans: envelopes(text) };
  const format = isTemplateName(path) || isConfigName(path) ? undefined : formatOfPath(path);
  if (format === 'dotenv' || (format && secretName.test(baseOf(path))))
    return { kind: 'plain', spans: lineMasks(text, format) };
  const keys = privateKeys(path, text);
  return keys.length > 0 ? { kind: 'plain', spans: keys } : noMasks;
}

/** Masks of exactly the text that `state` describes. */
export function masksOf(state: FileState, path: string, text: string): Masks {
  switch (state.kind) {
    case 'none':
      return noMasks;
    case 'plain': {
      const stray = strayMasks(text, state.format);
      return { kind: 'plain', spans: tidySpans([...plainMasks(state.leaves), ...stray]) };
    }
    case 'broken':
      return state.plain ? lineMasksOf(path, text) : sealed(text);
    case 'damaged':
      return sealed(text, failedSpans(state));
    default:
      return sealed(text);
  }
}

/**
 * Masks of another version of a file, such as its past in a diff. `present` is the state of the file now, if it is known;
 * `covered`: it is encrypted, or a rule says that it is to be. A `.env` that holds nothing now may have held something.
 */
export function masksOfVersion(present: FileState | undefined, covered: boolean, path: string, text: string): Masks {
  if (looksSealed(text)) return sealed(text);
  if (covered || (present && present.kind !== 'none')) return lineMasksOf(path, text);
  return present && formatOfPath(path) !== 'dotenv' ? noMasks : firstMasks(path, text);
}

function sealed(text: string, more: readonly Span[] = []): Masks {
  return { kind: 'sealed', spans: tidySpans([...envelopes(text), ...more]) };
}

function lineMasksOf(path: string, text: string): Masks {
  if (isKeyName(path)) return { kind: 'plain', spans: privateKeys(path, text) };
  return { kind: 'plain', spans: lineMasks(text, formatOfPath(path) ?? 'yaml') };
}

/** A value in encrypted position that is no ciphertext may be a secret that somebody typed there. */
function failedSpans(state: Extract<FileState, { kind: 'damaged' }>): Span[] {
  const { verdict } = state.opened;
  if (verdict.ok) return [];
  return verdict.failures.flatMap(({ code, leaf }) => (leaf && code === 'BAD_ENVELOPE' ? [leaf.node.span] : []));
}
