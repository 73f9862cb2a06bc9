import { visible } from '../tree/path.ts';
import type { Scalar } from '../tree/value.ts';

/** As much of a value as one line of an editor can show. */
const limit = 200;

/** What a reveal shows. Words for `empty` and `bytes` are the outer room's. */
type Shown =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'bytes'; readonly count: number };

/**
 * A value as one line: line breaks as ⏎, tabs as ⇥, other control, bidi and zero-width characters as visible escapes, cut
 * at about 200 characters with `…`.
 */
export function revealText(scalar: Scalar): Shown {
  if (scalar.type === 'str' && typeof scalar.value !== 'string') return { kind: 'bytes', count: scalar.value.length };
  const text = plainText(scalar);
  if (text === '') return { kind: 'empty' };
  const head = [...text.slice(0, limit * 2)].slice(0, limit).join('');
  const shown = visible(head.replace(/\r\n|\r|\n/g, '⏎').replace(/\t/g, '⇥'));
  return { kind: 'text', text: cut(shown, head.length < text.length) };
}

function plainText(scalar: Scalar): string {
  return scalar.type === 'null' ? 'null' : String(scalar.value);
}

/** Escapes make a text longer: cut once more, so that a value of escapes alone does not fill the screen. */
function cut(shown: string, more: boolean): string {
  const points = [...shown];
  if (points.length > limit * 2) return `${points.slice(0, limit * 2).join('')}…`;
  return more ? `${shown}…` : shown;
}

export type LineBucket = '1' | '2-10' | '10+';

/** How many lines a value has, in rough steps that give little away. */
export function lineBucket(scalar: Scalar): LineBucket {
  if (scalar.type !== 'str' || typeof scalar.value !== 'string') return '1';
  const breaks = scalar.value.replace(/(?:\r\n|\r|\n)$/, '').match(/\r\n|\r|\n/g)?.length ?? 0;
  return breaks === 0 ? '1' : breaks < 10 ? '2-10' : '10+';
}
