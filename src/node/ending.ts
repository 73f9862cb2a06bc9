import type { ChildProcess } from 'node:child_process';

/** Programs that run for this process alone, and wait for a person or a card: nobody hears their answer once it has ended. */
const running = new Set<ChildProcess>();

/** Lets a program end with this process, where `endRunning` is called at its end. */
export function endsWithUs(child: ChildProcess): void {
  running.add(child);
  const forget = () => running.delete(child);
  child.once('exit', forget).once('error', forget);
}

/** Ends them, in the last moment of a process: nothing is awaited. Never throws. */
export function endRunning(): void {
  for (const child of running) child.kill('SIGTERM');
  running.clear();
}
