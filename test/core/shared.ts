import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useWorkTime } from '../../src/core/ports.ts';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Files made by other implementations; see the README there. */
export const fixtures = join(root, 'test', 'fixtures');

/** Milliseconds of processor time so far. What must not take long is measured by it: a busy machine makes nothing slower. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** In each test of the suite that calls this, core bounds its work by processor time as well. */
export function boundByCpuTime(): void {
  let before: () => number;
  beforeEach(() => {
    before = useWorkTime(cpuTime);
  });
  afterEach(() => void useWorkTime(before));
}
