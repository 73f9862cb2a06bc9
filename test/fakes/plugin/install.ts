import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bech32 } from '@scure/base';
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

/** A key of that plugin: identity, recipient, and the key file that the plugin would write. */
export function pluginKey(seed: string, name = 'fake') {
  const words = bech32.toWords(Buffer.from(`canary-${seed}`));
  const identity = bech32.encode(`age-plugin-${name}-`, words, false).toUpperCase();
  const recipient = bech32.encode(`age1${name}`, words, false);
  return { identity, recipient, file: `#     Serial: 4711\n#  Recipient: ${recipient}\n${identity}\n` };
}
