import { pluginIdentity, pluginIdentityText } from '../age/plugin/names.ts';
import { tryUtf8, utf8 } from '../bytes.ts';

/** The name behind `age-plugin-`: the program that asks an agent in the place of a private key. */
export const agentPlugin = 'lockstep';

/** The only form so far: a label follows. */
const formatByte = 1;
const label = 'agent';

/**
 * The identity that sends age, and what has it built in, to our plugin. It holds no secret: it is the same for everybody, and may
 * stand in a file or in SOPS_AGE_KEY.
 */
export const agentIdentity = (): string =>
  pluginIdentityText(agentPlugin, Uint8Array.from([formatByte, ...utf8(label)]));

/** Whether a text is such an identity, of a form that is known. */
export function isAgentIdentity(text: string): boolean {
  const found = pluginIdentity(text.trim());
  if (found?.plugin !== agentPlugin) return false;
  const [format, ...rest] = found.bytes;
  return format === formatByte && rest.length <= 64 && tryUtf8(Uint8Array.from(rest)) !== undefined;
}
