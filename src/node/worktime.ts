/** Milliseconds that the processor has worked for this process, for `useWorkTime`. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
