/** Numbers as Go reads and prints them. */

/** Whether Go's `int` on a 64-bit machine can hold it. */
export function fitsInt64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}

/** The integer of a decimal text if it fits 64 bit, as Go's strconv.ParseInt(text, 10, 64). */
export function parseInt64(text: string): bigint | undefined {
  if (text.length > 400) return undefined;
  const value = BigInt(text);
  return fitsInt64(value) ? value : undefined;
}

/** A finite float in the shortest digits that can never be taken for an integer: `2.0`, `1e+21`, `-0.0`. */
export function floatText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Go's `strconv.FormatFloat(x, 'g', -1, 64)`: an exponent for what is large or small. */
export function shortFloat(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? '+Inf' : '-Inf';
  if (Object.is(x, -0)) return '-0';
  const [digits = '', exponent = '0'] = x.toExponential().split('e');
  const power = Number(exponent);
  if (x === 0 || (power >= -4 && power < 6)) return String(x);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
