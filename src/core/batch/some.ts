/** Does `work` for every item, some at once, because files are waited for. Once one fails no other is begun; then it throws what that one threw. */
export async function forSome<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
  atOnce = 8,
): Promise<void> {
  let next = 0;
  let failed = false;
  const one = async () => {
    while (next < items.length && !failed) {
      const at = next++;
      await work(items[at] as T, at).catch((error) => {
        failed = true;
        throw error;
      });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, one));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
