/** What a terminal does not show as text: colours, cursor moves, titles (ECMA-48). */

const esc = 0x1b;
const bell = 0x07;

/** Bytes without the sequences of a terminal, and where each of them was. */
interface Shown {
  readonly bytes: Uint8Array;
  /** The offset of each byte in the original. */
  readonly places: Uint32Array;
}

/** The text that a terminal would show. A sequence that is not complete yet counts as one. */
export function withoutSequences(bytes: Uint8Array): Shown {
  const shown = new Uint8Array(bytes.length);
  const places = new Uint32Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === esc) {
      at = endOfSequence(bytes, at);
      continue;
    }
    shown[count] = bytes[at] as number;
    places[count++] = at++;
  }
  return { bytes: shown.subarray(0, count), places: places.subarray(0, count) };
}

export const hasSequences = (bytes: Uint8Array): boolean => bytes.includes(esc);

/** The sequences with parameters only (CSI) in a part of the bytes. Others hold text, which may be a value. */
export function* controlSequences(bytes: Uint8Array, start: number, end: number): Iterable<Uint8Array> {
  for (let at = bytes.indexOf(esc, start); at >= 0 && at < end; at = bytes.indexOf(esc, at)) {
    const after = endOfSequence(bytes, at);
    if (bytes[at + 1] === 0x5b && after <= end) yield bytes.subarray(at, after);
    at = after;
  }
}

function endOfSequence(bytes: Uint8Array, start: number): number {
  const kind = bytes[start + 1];
  if (kind === undefined) return start + 1;
  // CSI: parameters, intermediates, a final byte.
  if (kind === 0x5b) return endBy(bytes, start + 2, (byte) => byte < 0x20 || byte > 0x3f);
  // OSC, DCS, SOS, PM and APC hold text up to BEL or ESC \.
  if ([0x5d, 0x50, 0x58, 0x5e, 0x5f].includes(kind)) {
    for (let at = start + 2; at < bytes.length; at++) {
      if (bytes[at] === bell) return at + 1;
      if (bytes[at] === esc) return bytes[at + 1] === 0x5c ? at + 2 : at;
    }
    return bytes.length;
  }
  return endBy(bytes, start + 1, (byte) => byte < 0x20 || byte > 0x2f);
}

/** Past the first byte that is a final one. A control character ends a broken sequence, and is no part of it. */
function endBy(bytes: Uint8Array, start: number, isFinal: (byte: number) => boolean): number {
  let at = start;
  while (at < bytes.length && !isFinal(bytes[at] as number)) at++;
  const last = bytes[at];
  return last !== undefined && last >= 0x20 ? at + 1 : at;
}
