import { bech32 } from '@scure/base';

/** A key of the plugin in test/fakes/plugin: identity, recipient, and the key file that the plugin would write. */
export function pluginKey(seed: string, name = 'fake') {
  const words = bech32.toWords(Buffer.from(seed && `canary-${seed}`));
  const identity = bech32.encode(`age-plugin-${name}-`, words, false).toUpperCase();
  const recipient = bech32.encode(`age1${name}`, words, false);
  return { identity, recipient, file: `#     Serial: 4711\n#  Recipient: ${recipient}\n${identity}\n` };
}
