import { bech32 } from '@scure/base';

/** What a name may be made of. It becomes the name of a program, and comes from files that anybody may have written. */
const allowed = /^[a-z0-9_+][a-z0-9._+-]{0,63}$/;
/** Recipients of these look like those of plugins, and are age's own. */
const native = ['pq', 'tag', 'tagpq'];

/** The plugin of a recipient, `age1NAME1…`; undefined for any other recipient, and for no recipient. */
export function pluginOfRecipient(recipient: string): string | undefined {
  const [, name = ''] = /^age1(.+)1[^1]*$/.exec(recipient) ?? [];
  return allowed.test(name) && !native.includes(name) && payload(recipient) ? name : undefined;
}

/** The plugin of an identity, `AGE-PLUGIN-NAME-1…`, and what stands behind that, the caller's to wipe; undefined for anything else. */
export function pluginIdentity(text: string): { readonly plugin: string; readonly bytes: Uint8Array } | undefined {
  const [, upper = ''] = /^AGE-PLUGIN-(.+)-1[^1]*$/.exec(text) ?? [];
  const plugin = upper.toLowerCase();
  const bytes = allowed.test(plugin) ? payload(text) : undefined;
  return bytes && { plugin, bytes };
}

/** The text of such an identity. */
export function pluginIdentityText(plugin: string, bytes: Uint8Array): string {
  return bech32.encode(`age-plugin-${plugin}-`, bech32.toWords(bytes), false).toUpperCase();
}

const unnamed = 'age-plugin-';

/** Stands in for the public key that an identity's file does not tell. @param mark tells two identities of one plugin apart. */
export const unnamedRecipient = (plugin: string, mark: string) => `${unnamed}${plugin} (${mark})`;

/** Whether it is known that somebody opens, and not under which public key. */
export const isUnnamed = (recipient: string) => recipient.startsWith(unnamed);

function payload(text: string): Uint8Array | undefined {
  try {
    return bech32.fromWords(bech32.decode(text as `${string}1${string}`, false).words);
  } catch {
    return undefined;
  }
}
