import type { Pattern } from './regex.ts';

/**
 * Which leaves are encrypted: one of SOPS's six settings. An absent one is the default, `unencrypted_suffix`
 * `_unencrypted`, which SOPS writes out.
 */
export type Selector =
  | { readonly kind: 'unencrypted_suffix' | 'encrypted_suffix'; readonly suffix: string }
  | {
      readonly kind: 'unencrypted_regex' | 'encrypted_regex' | 'unencrypted_comment_regex' | 'encrypted_comment_regex';
      readonly pattern: Pattern;
    };

export const selectorNames = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
] as const;

export const defaultSelector: Selector = { kind: 'unencrypted_suffix', suffix: '_unencrypted' };

/** The text that stands behind the selector's name in metadata and in `.sops.yaml`. */
export function selectorText(selector: Selector): string {
  return 'suffix' in selector ? selector.suffix : selector.pattern.source;
}

/**
 * Whether the leaf or comment at `keys` (map keys only, root first) is in encrypted position. `comments` holds the active
 * comments, one list a level, the innermost last; a comment under judgement is the last one of the last list
 * (SOPS `shouldBeEncrypted`).
 */
export function selects(selector: Selector, keys: readonly string[], comments: readonly string[][], isComment: boolean): boolean {
  switch (selector.kind) {
    case 'unencrypted_suffix':
      return !keys.some((key) => key.endsWith(selector.suffix));
    case 'encrypted_suffix':
      return keys.some((key) => key.endsWith(selector.suffix));
    case 'unencrypted_regex':
      return !keys.some((key) => selector.pattern.test(key));
    case 'encrypted_regex':
      return keys.some((key) => selector.pattern.test(key));
    case 'unencrypted_comment_regex':
      return !comments.some((level) => level.some((comment) => selector.pattern.test(comment)));
    case 'encrypted_comment_regex':
      // The comment under judgement never speaks for itself, so that the marker stays readable.
      return comments.some((level, i) => {
        const speaking = isComment && i === comments.length - 1 ? level.slice(0, -1) : level;
        return speaking.some((comment) => selector.pattern.test(comment));
      });
  }
}
