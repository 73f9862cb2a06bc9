import { visible } from '../../core/tree/path.ts';
import type { Call } from '../call.ts';

/** In the words of sops, with its time before them, when started under that name. */
export function say({ io }: Call, sops: string, ours?: string): void {
  const line = io.name === 'sops' ? `${logTime(io.clock.now())} ${sops}` : ours;
  if (line !== undefined) io.writeStderr(`${visible(line)}\n`);
}

/** As Go's log package: `2026/01/31 23:59:59`, in the time of the place. */
function logTime(now: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('/');
  return `${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(':')}`;
}
