import { base64nopad } from '@scure/base';
import { tryUtf8, utf8, wipe } from '../../bytes.ts';
import { LockstepError } from '../../errors.ts';
import { type Machine, type PluginProcess, type Plugins, plugins } from './port.ts';
import { type Command, CommandReader, commandText } from './stanzas.ts';

/** What a state machine does with the commands that are its own; false for one that it does not know. */
type Own = (command: Command) => boolean;

/** How often a plugin may speak before it counts as broken. */
const maxCommands = 1000;

/**
 * One conversation with a plugin (C2SP age-plugin): first our commands, then those of the plugin, each of which is answered,
 * until it is done. Throws PLUGIN with `what`: `none` (no programs here), `missing` (not installed), `ended` (before it was done),
 * `protocol` (what it says is none), `silent` (it says nothing for too long), `error` (it says that it cannot; why, the person
 * was told).
 */
export async function talk(plugin: string, machine: Machine, commands: readonly Command[], own: Own): Promise<void> {
  const known = plugins();
  if (!known) throw new LockstepError('PLUGIN', { what: 'none', plugin });
  const process = await known.start(plugin, machine);
  if (!process) throw new LockstepError('PLUGIN', { what: 'missing', plugin });
  try {
    for (const { args, body } of [...commands, done]) process.send(commandText(args, body));
    await new Conversation(plugin, process, known).listen(own);
  } finally {
    process.stop();
  }
}

const done: Command = { args: ['done'], body: new Uint8Array() };

class Conversation {
  readonly #plugin: string;
  readonly #process: PluginProcess;
  readonly #person: Plugins['person'];
  readonly #reader = new CommandReader();
  #failed = false;

  constructor(plugin: string, process: PluginProcess, { person }: Plugins) {
    this.#plugin = plugin;
    this.#process = process;
    this.#person = person;
  }

  async listen(own: Own): Promise<void> {
    for (let n = 0; n < maxCommands; n++) {
      const command = await this.#next();
      if (command.args[0] === 'done') {
        if (this.#failed) throw this.#fault('error');
        return;
      }
      const answer = await this.#answerTo(command, own);
      this.#process.send(commandText(answer.args, answer.body));
      wipe(answer.body);
    }
    throw this.#fault('protocol');
  }

  async #next(): Promise<Command> {
    for (;;) {
      const command = this.#read();
      if (command) return command;
      const piece = await this.#process.receive().catch(() => {
        throw this.#fault('silent');
      });
      if (piece === undefined) throw this.#fault('ended');
      this.#read(piece);
    }
  }

  /** Takes a piece in, or the next command out. */
  #read(piece?: string): Command | undefined {
    try {
      return piece === undefined ? this.#reader.next() : void this.#reader.add(piece);
    } catch {
      throw this.#fault('protocol');
    }
  }

  async #answerTo(command: Command, own: Own): Promise<Command> {
    const { args, body } = command;
    const text = tryUtf8(body) ?? '';
    switch (args[0]) {
      case 'msg':
        return this.#person.tell(this.#plugin, text) ? answer('ok') : answer('fail');
      case 'confirm':
        return this.#confirm(args, text);
      case 'request-public':
      case 'request-secret': {
        const typed = await this.#person.ask(this.#plugin, text, args[0] === 'request-secret');
        return typed === undefined ? answer('fail') : { args: ['ok'], body: utf8(typed) };
      }
      case 'error':
        this.#failed = true;
        this.#person.tell(this.#plugin, text);
        return answer('ok');
      default:
        return own(command) ? answer('ok') : answer('unsupported');
    }
  }

  async #confirm([, yes = '', no]: readonly string[], text: string): Promise<Command> {
    const said = await this.#person.confirm(this.#plugin, text, textOf(yes), no === undefined ? undefined : textOf(no));
    if (said === undefined) return answer('fail');
    return answer('ok', said ? 'yes' : 'no');
  }

  #fault(what: 'ended' | 'protocol' | 'silent' | 'error'): LockstepError {
    return new LockstepError('PLUGIN', { what, plugin: this.#plugin });
  }
}

const answer = (...args: string[]): Command => ({ args, body: new Uint8Array() });

function textOf(encoded: string): string {
  try {
    return tryUtf8(base64nopad.decode(encoded)) ?? '';
  } catch {
    return '';
  }
}
