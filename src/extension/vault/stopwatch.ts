/**
 * The milliseconds since now, by two clocks: a timer sleeps with the machine, and so may the steady clock; the clock of the day can be set
 * back.
 */
export function stopwatch(): () => { readonly day: number; readonly steady: number } {
  const start = { day: Date.now(), steady: performance.now() };
  return () => ({ day: Date.now() - start.day, steady: performance.now() - start.steady });
}
