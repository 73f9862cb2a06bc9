/** Numbers as Go reads and prints them. */

const int64Max = 0x7fffffffffffffffn;

/** The integer of a decimal text if it fits 64 bit, as Go's strconv.ParseInt(text, 10, 64). */
export function parseInt64(text: string): bigint | undefined {
  if (text.length > 400) return undefined;
  const value = BigInt(text);
  return value > int64Max || value < -int64Max - 1n ? undefined : value;
}

/** A finite float in the shortest digits that can never be taken for an integer: `2.0`, `1e+21`, `-0.0`. */
export function floatText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
