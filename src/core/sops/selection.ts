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

/** Whether one key on the way to a leaf speaks to the selector; then it speaks for everything below it. */
export function keySpeaks(selector: Selector, key: string): boolean {
  if ('suffix' in selector) return key.endsWith(selector.suffix);
  return bySubject(selector) === 'key' && selector.pattern.test(key);
}

/**
 * Whether a leaf or comment is in encrypted position (SOPS `shouldBeEncrypted`).
 * @param keySpoke some key on the way to it speaks (`keySpeaks`).
 * @param comments the active comments, one list a level, the innermost last; a comment under judgement is the last one of
 *   the last list.
 */
export function selects(
  selector: Selector,
  keySpoke: boolean,
  comments: readonly (readonly string[])[],
  isComment: boolean,
): boolean {
  const encrypts = selector.kind.startsWith('encrypted');
  if ('suffix' in selector || bySubject(selector) === 'key') return keySpoke === encrypts;
  // The comment under judgement never speaks for its own encryption, so that the marker stays readable.
  const spoke = comments.some((level, i) => {
    const speaking = encrypts && isComment && i === comments.length - 1 ? level.slice(0, -1) : level;
    return speaking.some((comment) => selector.pattern.test(comment));
  });
  return spoke === encrypts;
}

function bySubject(selector: Selector): 'key' | 'comment' {
  return selector.kind.endsWith('comment_regex') ? 'comment' : 'key';
}
