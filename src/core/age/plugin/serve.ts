import { utf8, wipe } from '../../bytes.ts';
import { type Command, CommandReader, commandText } from './stanzas.ts';

/** The program that started us as its plugin. Texts are ASCII, as they go over the line. */
interface PluginClient {
  send(text: string): Promise<void>;
  /** What it wrote since; undefined at its end. */
  receive(): Promise<string | undefined>;
}

/** What became of one age file. */
export type Unwrapped =
  /** The file key, which is wiped when it is sent. */
  | { readonly fileKey: Uint8Array }
  /** Not for our keys: the program tries its other identities. */
  | undefined
  /** It ends here, with these words. */
  | { readonly error: string };

/** Says of an identity's text whether it is one of ours; else what is wrong with it. */
type Judge = (identity: string) => string | undefined;
/** Opens one age file by its stanzas. Does not throw. */
type Open = (stanzas: readonly Command[]) => Promise<Unwrapped>;

/** More than one program has, and so many that nothing gets slow. */
const most = { identities: 100, stanzas: 1024 };

/**
 * Speaks `identity-v1` (C2SP age-plugin, section "Unwrapping with identity-v1") from the side of the plugin: first takes the identities
 * and the stanzas of files, then gives the key of each file. Returns false where the other side speaks something else or goes away.
 */
export async function serveIdentities(client: PluginClient, judge: Judge, open: Open): Promise<boolean> {
  const talk = new Talk(client);
  try {
    const { wrong, files } = await firstPhase(talk, judge);
    if (wrong !== undefined) await talk.tell(['error', 'identity', String(wrong.index)], wrong.text);
    else for (const [index, stanzas] of files) await giveKey(talk, index, await open(stanzas));
    await client.send(commandText(['done']));
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

interface First {
  readonly wrong: { readonly index: number; readonly text: string } | undefined;
  /** By the file's number, as it is written. */
  readonly files: ReadonlyMap<string, readonly Command[]>;
}

async function firstPhase(talk: Talk, judge: Judge): Promise<First> {
  const files = new Map<string, Command[]>();
  let wrong: First['wrong'];
  let [identities, stanzas] = [0, 0];
  for (let command = await talk.next(); command.args[0] !== 'done'; command = await talk.next()) {
    const [name, first = '', ...args] = command.args;
    if (name === 'add-identity') {
      if (identities >= most.identities) throw new RangeError('too many identities');
      const text = judge(first);
      if (text !== undefined) wrong ??= { index: identities, text };
      identities++;
    }
    // Other commands are passed over: programs send some that mean nothing, so that plugins bear new ones.
    if (name !== 'recipient-stanza') continue;
    if (!/^\d{1,6}$/.test(first) || args.length === 0 || ++stanzas > most.stanzas) throw new RangeError('no stanza');
    const known = files.get(first);
    if (known) known.push({ args, body: command.body });
    else files.set(first, [{ args, body: command.body }]);
  }
  return { wrong, files: identities === 0 ? new Map() : files };
}

async function giveKey(talk: Talk, index: string, result: Unwrapped): Promise<void> {
  if (!result) return undefined;
  if ('error' in result) return talk.tell(['error', 'internal'], result.error);
  try {
    await talk.say(['file-key', index], result.fileKey);
  } finally {
    wipe(result.fileKey);
  }
}

class Talk {
  readonly #client: PluginClient;
  readonly #reader = new CommandReader();

  constructor(client: PluginClient) {
    this.#client = client;
  }

  /** Throws RangeError for what is no command, and when there is none any more. */
  async next(): Promise<Command> {
    for (;;) {
      const command = this.#reader.next();
      if (command) return command;
      const piece = await this.#client.receive();
      if (piece === undefined) throw new RangeError('it is gone');
      this.#reader.add(piece);
    }
  }

  /** A command of ours, whose answer (`ok`, `fail`, `unsupported`) changes nothing. */
  async say(args: readonly string[], body: Uint8Array): Promise<void> {
    await this.#client.send(commandText(args, body));
    await this.next();
  }

  tell(args: readonly string[], text: string): Promise<void> {
    return this.say(args, utf8(text));
  }
}
