import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../shared.ts';

/** The real sops, if there is one: the cached binary, or one on the PATH. */
export function sopsBinary(): string | undefined {
  const cached = join(root, '.cache/bin/sops');
  if (existsSync(cached)) return cached;
  for (const name of ['sops', 'sops-dev']) {
    try {
      execFileSync(name, ['--version', '--disable-version-check'], { stdio: 'ignore' });
      return name;
    } catch {
      // not there
    }
  }
  return undefined;
}
