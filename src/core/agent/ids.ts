import { armor } from 'age-encryption';
import type { Command } from '../age/plugin/stanzas.ts';
import { stanzasOf } from '../age/stanzas.ts';
import { base64 } from '../bytes.ts';
import { hashOf } from '../hash.ts';
import type { WantedKey } from './protocol.ts';

/** A wrapped key by its text, and an age file's stanza by its: what a request and a file on the disk have in common. */
const idOfText = (enc: string) => hashOf(`enc ${enc.replaceAll('\r\n', '\n').trim()}`);
const idOfStanza = ({ args, body }: Command) => hashOf(`stanza ${args.join(' ')}\n${base64(body)}`);

/** By what a wanted key can be found: every one of these has to be of the same file. */
export function idsOf(wanted: WantedKey): readonly string[] {
  return 'enc' in wanted ? [idOfText(wanted.enc)] : wanted.stanzas.map(idOfStanza);
}

/** Everything that a wrapped key of a file can be found by. */
export async function idsIn(enc: string): Promise<readonly string[]> {
  const stanzas = await stanzasOf(decoded(enc));
  return [idOfText(enc), ...(stanzas ?? []).map(idOfStanza)];
}

function decoded(enc: string): Uint8Array {
  try {
    return armor.decode(enc);
  } catch {
    return new Uint8Array();
  }
}
