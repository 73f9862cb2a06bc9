import { showPath } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import type { Given } from './asked.ts';

/** Records that values leave this process for a debugger: one record for each file. */
export function recordGiven({ access }: Services, given: readonly Given[], to: string): void {
  const byFile = new Map<string, Given[]>();
  for (const one of given) byFile.set(one.file.toString(), [...(byFile.get(one.file.toString()) ?? []), one]);
  for (const all of byFile.values())
    access.record({
      purpose: 'exec-env',
      uri: all[0]?.file,
      key: all.map(({ path }) => showPath(path)).join(', '),
      by: 'VS Code',
      to,
    });
}
