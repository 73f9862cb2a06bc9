import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from '../../core/shared.ts';

const program = join(root, 'test', 'fakes', 'plugin', 'age-plugin-fake.cjs');

/** Puts the plugin into a folder, under a name of its own; PATH with that folder first. */
export function installPlugin(folder: string, name = 'fake'): string {
  mkdirSync(folder, { recursive: true });
  if (process.platform === 'win32') {
    const path = join(folder, `age-plugin-${name}.cmd`);
    writeFileSync(path, `@"${process.execPath}" "${program}" %*\r\n`);
  } else {
    const path = join(folder, `age-plugin-${name}`);
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    chmodSync(path, 0o755);
  }
  return [folder, process.env.PATH].join(delimiter);
}
