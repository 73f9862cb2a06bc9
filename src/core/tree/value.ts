/**
 * A leaf value with its SOPS type. `str` holds a string, or bytes when they are not UTF-8; `int` is 64 bit signed;
 * `time` is RFC 3339 with the offset kept and the fraction's trailing zeros trimmed.
 */
export type Scalar =
  | { readonly type: 'str'; readonly value: string | Uint8Array }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'time'; readonly value: string }
  | { readonly type: 'null' };

/** A value without positions, to be written: ordered, duplicates allowed. */
export type Value =
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | { readonly kind: 'map'; readonly members: readonly { readonly key: string; readonly value: Value }[] }
  | { readonly kind: 'list'; readonly items: readonly Value[] };

export const text = (value: string): Scalar => ({ type: 'str', value });
export const scalar = (s: Scalar): Value => ({ kind: 'scalar', scalar: s });
