/**
 * Which parts of `b` are parts of `a` that stayed: for each index of `b` the index in `a`, or -1. Pairs never cross. What
 * both start and end with is paired first, then what stands once in each (patience diff: a ciphertext does), then the
 * neighbours of those.
 */
export function align(a: readonly string[], b: readonly string[]): Int32Array {
  const pairs = new Int32Array(b.length).fill(-1);
  let start = 0;
  let [endA, endB] = [a.length, b.length];
  while (start < endA && start < endB && a[start] === b[start]) pairs[start] = start++;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) pairs[--endB] = --endA;
  for (const [i, j] of anchors(a, b, start, endA, endB)) pairs[j] = i;
  extend(a, b, pairs);
  return pairs;
}

/** Pairs of what stands once in both middles, as many as can be without crossing. */
function anchors(a: readonly string[], b: readonly string[], start: number, endA: number, endB: number) {
  const inA = once(a, start, endA);
  const inB = once(b, start, endB);
  const found: [number, number][] = [];
  for (const [part, j] of inB) {
    const i = inA.get(part);
    if (j >= 0 && i !== undefined && i >= 0) found.push([i, j]);
  }
  return longestIncreasing(found);
}

/** Where each part stands; -1 for one that stands more than once. */
function once(parts: readonly string[], start: number, end: number): Map<string, number> {
  const places = new Map<string, number>();
  for (let i = start; i < end; i++) places.set(parts[i] as string, places.has(parts[i] as string) ? -1 : i);
  return places;
}

/** The longest run of pairs whose first numbers rise, the second ones rising already. */
function longestIncreasing(pairs: readonly [number, number][]): [number, number][] {
  const tails: number[] = [];
  const before = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(([i], n) => {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] as number]?.[0] ?? 0) < i) low = middle + 1;
      else high = middle;
    }
    before[n] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = n;
  });
  const run: [number, number][] = [];
  for (let n = tails.at(-1) ?? -1; n >= 0; n = before[n] ?? -1) run.push(pairs[n] as [number, number]);
  return run.reverse();
}

/** Pair equal neighbours of pairs, forwards and then backwards. */
function extend(a: readonly string[], b: readonly string[], pairs: Int32Array): void {
  const taken = new Set(pairs);
  let last = -1;
  for (let j = 0; j < b.length; j++) {
    const next = last + 1;
    if (pairs[j] === -1 && next < a.length && !taken.has(next) && a[next] === b[j]) {
      pairs[j] = next;
      taken.add(next);
    }
    last = pairs[j] === -1 ? a.length : (pairs[j] as number);
  }
  let first = a.length;
  for (let j = b.length - 1; j >= 0; j--) {
    const next = first - 1;
    if (pairs[j] === -1 && next >= 0 && !taken.has(next) && a[next] === b[j]) {
      pairs[j] = next;
      taken.add(next);
    }
    first = pairs[j] === -1 ? -1 : (pairs[j] as number);
  }
}
