import { isPlace, type KeySpot, type Look } from '../../core/platform/keyplaces.ts';
import { visible } from '../../core/tree/path.ts';
import type { StandardKeyring } from '../../node/identities.ts';
import { strayVariables } from '../../node/keyplaces.ts';
import { keysVariable, pinnedWays } from '../../node/keys/order.ts';
import { agentWords } from '../../node/keyservice/words.ts';
import type { Call } from '../call.ts';
import { sentenceOf } from '../words/words.ts';
import { agentOf } from './keyring.ts';

/**
 * Says on standard error where keys were looked for and what came of each place, with `--verbose` the public keys that were
 * found, too. What a variable holds is not repeated, but for the path of a file.
 */
export async function tellLooks(call: Call, keyring: StandardKeyring): Promise<void> {
  const lines = await lookLines(call, keyring);
  call.io.writeStderr(`lockstep: Keys were looked for in:\n${lines.map((line) => `  ${visible(line)}\n`).join('')}`);
}

/** The same as lines, not yet fit for a terminal. */
export async function lookLines({ io, flags }: Call, keyring: StandardKeyring): Promise<string[]> {
  const verbose = flags.on('verbose');
  const pinned = pinnedWays(io.env);
  return [
    ...(await keyring.looks()).map((look) => `${nameOf(look.spot)}: ${outcomeOf(look, verbose)}`),
    ...(pinned ? [`${keysVariable}: keys come by nothing but: ${pinned.ways.join(', ')}`] : []),
    ...agentLine(io),
    ...strayVariables(io.env).map((name) => `${name}: set, but no variable of this name is read`),
  ];
}

/** Nothing where there is no agent: most people have none. */
function agentLine(io: Call['io']): string[] {
  const code = agentOf(io)?.code;
  return code === undefined || code === 'NO_AGENT'
    ? []
    : [`agent of VS Code or lockstep agent: ${agentWords[code][0]}`];
}

/** The variable and the file, as far as there are any. */
export function nameOf(spot: KeySpot): string {
  const path = isPlace(spot) && 'path' in spot.from ? spot.from.path : undefined;
  if (path === undefined) return spot.variable ?? 'sops/age/keys.txt';
  return spot.variable === undefined ? path : `${spot.variable} (${path})`;
}

const nowhere = {
  unset: 'not set',
  empty: 'set, but empty',
  relative: 'XDG_CONFIG_HOME is not absolute, so it leads nowhere',
  homeless: 'no variable names a home folder',
} as const;

function outcomeOf({ spot, there, recipients, locked, errors }: Look, verbose: boolean): string {
  if (!isPlace(spot)) return nowhere[spot.from];
  const found = recipients.length === 1 ? '1 key' : `${recipients.length} keys`;
  const parts = [
    ...(recipients.length > 0 ? [verbose ? `${found}: ${recipients.join(', ')}` : found] : []),
    ...(locked > 0 ? ['a key under a pass phrase, which was not asked for'] : []),
    ...errors.map(sentenceOf),
  ];
  if (parts.length > 0) return parts.join('; ');
  if ('command' in spot.from) return 'gave no key';
  return there === false ? 'not there' : 'empty';
}
