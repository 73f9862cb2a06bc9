import { type Identity, type Recipient, Stanza } from 'age-encryption';
import { wipe } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import type { Command } from './stanzas.ts';
import { talk } from './talk.ts';

const fileKeyLength = 16;
const nothing = new Uint8Array();

/**
 * Lets a plugin wrap file keys for one of its recipients (`recipient-v1`). Wrapping throws PLUGIN as `talk`, and with `protocol`
 * when the plugin gives no stanza, or one for another file.
 */
export function pluginRecipient(plugin: string, recipient: string): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const stanzas: Stanza[] = [];
      const own = ({ args, body }: Command) => {
        const [command, index, ...rest] = args;
        if (command !== 'recipient-stanza') return false;
        if (index !== '0' || rest.length === 0) throw new LockstepError('PLUGIN', { what: 'protocol', plugin });
        stanzas.push(new Stanza(rest, body));
        return true;
      };
      const commands = [
        { args: ['add-recipient', recipient], body: nothing },
        { args: ['wrap-file-key'], body: fileKey },
      ];
      await talk(plugin, 'recipient-v1', commands, own);
      // At most as many as there are recipients.
      if (stanzas.length !== 1) throw new LockstepError('PLUGIN', { what: 'protocol', plugin });
      return stanzas;
    },
  };
}

/**
 * Lets a plugin unwrap file keys for one of its identities (`identity-v1`). Unwrapping is null for a file that is not for the
 * identity, and throws PLUGIN as `talk`. @param text the identity, asked for at each use
 */
export function pluginIdentityUser(plugin: string, text: () => string): Identity {
  return {
    async unwrapFileKey(stanzas) {
      let found: Uint8Array | undefined;
      const own = ({ args, body }: Command) => {
        if (args[0] !== 'file-key') return false;
        if (found || args[1] !== '0' || body.length !== fileKeyLength)
          throw new LockstepError('PLUGIN', { what: 'protocol', plugin });
        found = body;
        return true;
      };
      const commands = [
        { args: ['add-identity', text()], body: nothing },
        ...stanzas.map((stanza) => ({ args: ['recipient-stanza', '0', ...stanza.args], body: stanza.body })),
      ];
      try {
        await talk(plugin, 'identity-v1', commands, own);
      } catch (error) {
        if (found) wipe(found);
        throw error;
      }
      return found ?? null;
    },
  };
}
