import type { Keyring } from '../../core/keys/keyring.ts';
import type { KeyName, WrappedKey } from '../../core/sops/masterkey.ts';
import { visible } from '../../core/tree/path.ts';
import { type Question, StandardKeyring } from '../../node/identities.ts';
import { type KeyWay, keysVariable, keyWays, pinnedWays } from '../../node/keys/order.ts';
import { outputOf } from '../../node/program.ts';
import { AgentSource } from '../agent/source.ts';
import type { Call } from '../call.ts';
import { exit, Failure } from '../failure.ts';
import type { Io } from '../io.ts';

const keyrings = new WeakMap<Io, StandardKeyring>();

/**
 * The identities of the places where sops looks for them; pass phrases are asked for on the terminal. One keyring for a whole
 * run: nobody is asked twice, whether for several files or for the proof of a change of keys.
 */
export function keyringOf({ io }: Pick<Call, 'io'>): StandardKeyring {
  const agent = agentOf(io);
  const means = {
    ...meansOf(io),
    ...(agent && { agent: (wanted: readonly WrappedKey[]) => agent.openers(wanted) }),
  };
  const keyring = keyrings.get(io) ?? new StandardKeyring(io.env, io.home, io.platform, means);
  keyrings.set(io, keyring);
  return keyring;
}

/** What LOCKSTEP_KEYS pins; undefined without it, and for a program that takes us for sops. Throws Failure for a word that it does not know. */
function waysOf({ env, name }: Io): readonly KeyWay[] | undefined {
  const pinned = name === 'sops' ? undefined : pinnedWays(env);
  if (pinned?.unknown === undefined) return pinned?.ways;
  throw new Failure(
    exit.generic,
    `${keysVariable} names ${visible(pinned.unknown)}, by which no key comes.`,
    `It takes these words, with commas between them: ${keyWays.join(', ')}.`,
  );
}

const meansOf = (io: Io) => {
  const ways = waysOf(io);
  return {
    ask: (question: Question) => (io.interactive ? io.ask(wordsOf(question), true) : Promise.resolve(undefined)),
    run: outputOf,
    ...(ways && { ways }),
  };
};

/** What is left when the keys of `quietKeyring` do not open a file: pass phrases, programs, plugins. */
export const askingKeyring = ({ io }: Pick<Call, 'io'>): Keyring =>
  new StandardKeyring(io.env, io.home, io.platform, meansOf(io));

/** The keys that are at hand without a person, but for one question of an agent: for what is opened in passing, as in a hook. */
export function quietKeyring(call: Pick<Call, 'io'>): Keyring {
  const agent = agentOf(call.io);
  return {
    openers: () => keyringOf(call).openers(),
    async *asked(wanted) {
      yield* (await agent?.openers(wanted)) ?? [];
    },
  };
}

/**
 * For files that are opened in passing, which may be anybody's: those of a whole repository, and versions in git's own diffs. A file says at
 * which address its Vault is, so a token is sent to none but that of VAULT_ADDR.
 * @param known keys whose addresses may be asked, too
 */
export function inPassing(keyring: Keyring, { env }: Pick<Io, 'env'>, known: readonly KeyName[] = []): Keyring {
  const own = [env.VAULT_ADDR ?? '', ...known.map(({ name }) => name)].flatMap((uri) => originOf(uri) ?? []);
  const isSafe = ({ kind, name }: WrappedKey) => kind !== 'hc_vault' || own.includes(originOf(name) ?? '');
  return {
    openers: () => keyring.openers(),
    async *asked(wanted) {
      yield* keyring.asked?.(wanted.filter(isSafe)) ?? [];
    },
  };
}

function originOf(uri: string): string | undefined {
  try {
    return new URL(uri).origin;
  } catch {
    return undefined;
  }
}

const agents = new WeakMap<Io, AgentSource>();

/** The agents of this machine. A program that takes us for sops gets what sops would have. */
export function agentOf(io: Io): AgentSource | undefined {
  if (io.name === 'sops') return undefined;
  const agent = agents.get(io) ?? new AgentSource(io);
  agents.set(io, agent);
  return agent;
}

/** The places are read anew: a key came. */
export function forgetKeyring({ io }: Call): void {
  keyrings.delete(io);
}

const wordsOf = ({ source, again }: Question) =>
  `${again ? 'That was not it. ' : ''}Pass phrase for ${source} (nothing is shown): `;

/** Throws Failure when `--decryption-order` names a kind of key twice. */
export function checkDecryptionOrder({ flags }: Call): void {
  const order = flags.text('decryption-order')?.split(',');
  if (order?.some((kind, i) => order.indexOf(kind) < i))
    throw new Failure(
      exit.duplicateKeyType,
      '--decryption-order names a kind of key twice.',
      'Name each once.',
      `Duplicate decryption key type: ${order.find((kind, i) => order.indexOf(kind) < i)}`,
    );
}
