import { Effort } from '../pattern/effort.ts';
import type { Pattern } from '../pattern/regex.ts';

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
 * Whether one key on the way to a leaf speaks to the selector; then it speaks for everything below it. Throws TOO_LARGE.
 * @param effort of all keys of a file together.
 */
export function keySpeaks(selector: Selector, key: string, effort = new Effort()): boolean {
  if ('suffix' in selector) return key.endsWith(selector.suffix);
  return bySubject(selector) === 'key' && effort.find(selector.pattern, key) !== undefined;
}

/** Whether a comment speaks to the selector; it speaks for what follows it. Throws TOO_LARGE. @param effort of a whole file. */
export function commentSpeaks(selector: Selector, comment: string, effort = new Effort()): boolean {
  if ('suffix' in selector || bySubject(selector) !== 'comment') return false;
  return effort.find(selector.pattern, comment) !== undefined;
}

/**
 * Whether a leaf or comment is in encrypted position (SOPS `shouldBeEncrypted`).
 * @param keySpoke some key on the way to it speaks (`keySpeaks`).
 * @param commentSpoke some active comment speaks (`commentSpeaks`).
 */
export function selects(selector: Selector, keySpoke: boolean, commentSpoke: boolean): boolean {
  const spoke = 'suffix' in selector || bySubject(selector) === 'key' ? keySpoke : commentSpoke;
  return spoke === encrypts(selector);
}

/** What speaks to the selector is encrypted; else all but that. */
export function encrypts(selector: Selector): boolean {
  return selector.kind.startsWith('encrypted');
}

function bySubject(selector: Selector): 'key' | 'comment' {
  return selector.kind.endsWith('comment_regex') ? 'comment' : 'key';
}
