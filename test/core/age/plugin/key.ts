import { createHash } from 'node:crypto';
import { bech32 } from '@scure/base';

/** A key of the plugin in test/fakes/plugin: identity, recipient, and the key file that the plugin would write. */
export function pluginKey(seed: string, name = 'fake') {
  const secret = Buffer.from(seed && `canary-${seed}`);
  const words = bech32.toWords(secret);
  const identity = bech32.encode(`age-plugin-${name}-`, words, false).toUpperCase();
  const open = createHash('sha256').update(secret).digest().subarray(0, 16);
  const recipient = bech32.encode(`age1${name}`, bech32.toWords(open), false);
  return { identity, recipient, file: `#     Serial: 4711\n#  Recipient: ${recipient}\n${identity}\n` };
}
