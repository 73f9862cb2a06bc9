import { fromUtf8 } from '../../core/bytes.ts';
import type { Environment } from '../../core/env/environment.ts';
import { LockstepError, type Word } from '../../core/errors.ts';
import { type ManagersConfig, noManagersConfig, readManagersConfig } from '../../core/managers/config.ts';
import { type Manager, managers } from '../../core/managers/kinds.ts';
import { literalOf, lookupOf, managerOf } from '../../core/managers/reference.ts';
import { reasonOf } from '../../core/managers/refused.ts';
import type { Lookup } from '../../core/managers/schemes.ts';
import type { Fetched, Managers, Stored } from '../../core/platform/managers.ts';
import { readBytes } from '../files.ts';
import { isAnybodys } from '../owner.ts';
import { withoutKeys } from '../spawn.ts';
import { ask } from './ask.ts';
import { managersFile } from './place.ts';
import { managerCommand, repositoriesOf } from './program.ts';

/** The user whose managers are asked. */
interface ManagersUser {
  readonly env: Environment;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** Programs of one manager that run at the same time. */
const atOnce = 4;
/** More than anybody writes by hand. */
const maxConfig = 64 * 1024;

/** Asks the programs of this user's managers. Whatever came is with the caller alone. */
export const managersFor = (user: ManagersUser) => ({
  /** As `Managers` says. @param stop ends the programs that are asked */
  fetch: (...[all, folders, stop]: [...Parameters<Managers['fetch']>, stop?: AbortSignal]) =>
    fetchAll(user, all, folders, stop),
});

async function fetchAll(
  user: ManagersUser,
  all: readonly Stored[],
  folders: readonly string[],
  stop: AbortSignal | undefined,
): Promise<Fetched[]> {
  const plain = all.map(({ value }): Fetched => ({ value: literalOf(value), manager: undefined }));
  if (!all.some(({ value }) => managerOf(value))) return plain;
  const config = await configOf(user);
  const wanted = all.flatMap(({ path, value }) => {
    const manager = managerOf(value);
    return manager && config.programs.get(manager) !== 'off' ? [{ path, value, manager }] : [];
  });
  const asker = new Asker(user, config, repositoriesOf(folders, user.home), stop);
  // All are looked at before the first is asked for.
  const questions = wanted.map(({ path, value, manager }) => at(path, () => asker.question(value, manager)));
  const found = new Map<string, Fetched>();
  await inTurn(wanted, async ({ path, value, manager }, i) => {
    const question = questions[i];
    if (question) found.set(value, { value: await at(path, () => asker.answer(question)), manager });
  });
  return all.map(({ value }, i) => found.get(value) ?? (plain[i] as Fetched));
}

/** The first of each manager alone, since it may ask a person to unlock; then several at once. Rejects with the first failure. */
async function inTurn<T extends { readonly manager: Manager }>(
  all: readonly T[],
  work: (one: T, index: number) => Promise<void>,
): Promise<void> {
  const firsts = all.flatMap((one, i) => (all.findIndex(({ manager }) => manager === one.manager) === i ? [i] : []));
  const later = all.map((_, i) => i).filter((i) => !firsts.includes(i));
  const one = (i: number) => work(all[i] as T, i);
  for (const i of firsts) await one(i);
  const next = async (): Promise<void> => {
    for (let i = later.shift(); i !== undefined; i = later.shift()) await one(i);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}

/** Says which entry an error is about. */
function at<T>(path: Stored['path'], work: () => T): T {
  const named = (error: unknown) => (error instanceof LockstepError ? error.at({ path }) : error);
  try {
    const result = work();
    return result instanceof Promise ? (result.catch((error) => Promise.reject(named(error))) as T) : result;
  } catch (error) {
    throw named(error);
  }
}

interface Question extends Lookup {
  readonly manager: Manager;
  readonly words: readonly string[];
}

class Asker {
  readonly #user: ManagersUser;
  readonly #config: ManagersConfig;
  readonly #outside: readonly string[];
  readonly #stop: AbortSignal | undefined;
  /** What was asked, by the words of the command: two fields of one secret are one question. */
  readonly #asked = new Map<string, Promise<string>>();

  constructor(user: ManagersUser, config: ManagersConfig, outside: readonly string[], stop: AbortSignal | undefined) {
    this.#user = user;
    this.#config = config;
    this.#outside = outside;
    this.#stop = stop;
  }

  /** What to ask for a reference. Throws MANAGER where it cannot be asked for. */
  question(value: string, manager: Manager): Question {
    const lookup = lookupOf(value, manager);
    const own = this.#config.programs.get(manager);
    // What is behind `ref+` says where to ask, too: a repository would choose who is shown a token.
    if (manager === 'vals' && !own) throw new LockstepError('MANAGER', { what: 'unset', manager });
    const program = own && own !== 'off' ? own : [managers[manager].program];
    const question = { ...lookup, manager, words: [...program, ...lookup.args] };
    this.#command(question);
    return question;
  }

  /** The secret. Throws MANAGER. */
  async answer(question: Question): Promise<string> {
    const { manager, words, read } = question;
    const key = JSON.stringify(words);
    const output = this.#asked.get(key) ?? this.#ask(question);
    this.#asked.set(key, output);
    const value = read(await output);
    // One that asks something, and gets no answer, ends its line and no more.
    if (/^[\r\n]*$/.test(value)) throw failed(manager, 'empty');
    if (value.includes('\0')) throw failed(manager, 'bytes');
    return value;
  }

  #command({ manager, words }: Pick<Question, 'manager' | 'words'>) {
    const command = managerCommand(words, { ...this.#user, outside: this.#outside });
    if (typeof command === 'string') throw failed(manager, command);
    return command;
  }

  async #ask(question: Question): Promise<string> {
    const { env, home } = this.#user;
    const answer = await ask(this.#command(question), {
      env: { ...withoutKeys(env), ...quiet },
      // Not in the repository, whose files some programs read.
      cwd: home || '/',
      seconds: this.#config.seconds,
      stop: this.#stop,
    });
    const { manager } = question;
    if (typeof answer === 'string') throw failed(manager, answer);
    if ('errors' in answer) throw failed(manager, reasonOf(answer.errors));
    if (answer.output === '') throw failed(manager, 'empty');
    return answer.output;
  }
}

/** No pager, no questions, no colours. */
const quiet = {
  AWS_PAGER: '',
  AWS_CLI_AUTO_PROMPT: 'off',
  CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
  NO_COLOR: '1',
  VAULT_FORMAT: 'table',
};

const failed = (manager: Manager, what: Word<'MANAGER'>) => new LockstepError('MANAGER', { what, manager });

async function configOf({ env, home, platform }: ManagersUser): Promise<ManagersConfig> {
  const path = managersFile(env, home, platform);
  if (!path) return noManagersConfig;
  try {
    const { bytes } = await readBytes(path, maxConfig);
    if (!isAnybodys(path, home)) return readManagersConfig(fromUtf8(bytes));
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'GONE') return noManagersConfig;
    if (error instanceof LockstepError && error.code === 'MANAGER') throw error;
  }
  throw new LockstepError('MANAGER', { what: 'config' });
}
