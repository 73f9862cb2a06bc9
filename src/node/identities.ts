import { isArmored, keyText, openIdentityFile, recipientOf } from '../core/age/identity.ts';
import { readKeyText } from '../core/age/keytext.ts';
import { publicKeyOf } from '../core/age/sshfile.ts';
import { readPublicLine, type SshPublicKey } from '../core/age/sshkey.ts';
import { isFor } from '../core/age/stanzas.ts';
import { wipe } from '../core/bytes.ts';
import { LockstepError } from '../core/errors.ts';
import type { Keyring, KeyringEntry, WrappedKey } from '../core/keys/keyring.ts';
import { type KeyPlace, keyPlaces, readKeyFile } from './keyplaces.ts';
import { shellWords } from './shellwords.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a person is asked for: the pass phrase of one source, a path or a variable's name. */
export interface Question {
  readonly source: string;
  /** An SSH private key, or a key file that age encrypted. */
  readonly kind: 'ssh-key' | 'key-file';
  /** The last answer was wrong. */
  readonly again: boolean;
}

/** What the caller lends to sources that need more than reading. */
export interface Means {
  /** A pass phrase, or undefined for none; a source that needs one is passed over without this. */
  readonly ask?: (question: Question) => Promise<string | undefined>;
  /** Standard output of a program (`outputOf`); sources that are programs are passed over without this. */
  readonly run?: (command: readonly string[], env: Environment) => Promise<Uint8Array>;
}

/** Why a source gave nothing, or not all that it holds. */
export interface Problem {
  readonly source: string;
  readonly error: LockstepError;
}

export interface StandardKeyring extends Keyring {
  /** What went wrong so far; NOT_A_RECIPIENT for an SSH key whose pass phrase no file was worth. */
  problems(): readonly Problem[];
}

/**
 * The identities that sops itself finds, by its rules (age/keysource.go): SOPS_AGE_SSH_PRIVATE_KEY_FILE,
 * SOPS_AGE_SSH_PRIVATE_KEY_CMD, the two keys in `~/.ssh`, SOPS_AGE_KEY, SOPS_AGE_KEY_FILE, SOPS_AGE_KEY_CMD and the standard
 * key file. Files are read once, at the first use; programs and pass phrases are for `asked`, in that order, and each pass
 * phrase is asked for once, an SSH key's only for a file that names it. A source that fails gives nothing, or less, and is
 * among the `problems`, which are worth telling when the file does not open.
 */
export function standardKeyring(
  env: Environment,
  home: string,
  platform: NodeJS.Platform,
  means: Means = {},
): StandardKeyring {
  const sources = new Sources(keyPlaces(env, home, platform), env, means);
  return {
    entries: () => sources.entries(),
    asked: (wanted) => sources.asked(wanted),
    problems: () => sources.problems(),
  };
}

/** Something that a pass phrase opens. */
interface Locked {
  readonly source: string;
  readonly kind: Question['kind'];
  /** Of an SSH key: what shows whether it is of use. */
  readonly publicKey?: SshPublicKey;
  /** Key file text. */
  readonly open: (passphrase: string) => Promise<string>;
  /** Once somebody was asked. */
  opened?: Promise<readonly KeyringEntry[]>;
}

const attempts = 3;

class Sources {
  readonly #problems: Problem[] = [];
  readonly #places: readonly KeyPlace[];
  readonly #env: Environment;
  readonly #means: Means;
  readonly #entries: KeyringEntry[] = [];
  readonly #locked: Locked[] = [];
  /** What programs gave, by program and recipient. */
  readonly #ran = new Map<string, Promise<readonly KeyringEntry[]>>();
  #read: Promise<void> | undefined;

  constructor(places: readonly KeyPlace[], env: Environment, means: Means) {
    this.#places = places;
    this.#env = env;
    this.#means = means;
  }

  async entries(): Promise<readonly KeyringEntry[]> {
    this.#read ??= this.#readAll();
    await this.#read;
    return [...this.#entries];
  }

  /** Two files at once share one question. */
  async *asked(wanted: readonly WrappedKey[]): AsyncGenerator<KeyringEntry> {
    const had = await this.entries();
    const fresh = (found: readonly KeyringEntry[]) => found.filter((entry) => !had.includes(entry));
    for (const place of this.#commands) {
      for (const recipient of new Set(wanted.map((key) => key.recipient))) {
        yield* fresh(await this.#outputOf(place, recipient));
      }
    }
    const ssh = this.#locked.filter((one) => one.publicKey);
    const files = this.#locked.filter((one) => !one.publicKey);
    for (const one of [...ssh, ...files]) {
      if (!one.opened && !(await isOfUse(one, wanted))) continue;
      one.opened ??= this.#gained(one.source, () => this.#unlock(one));
      yield* fresh(await one.opened);
    }
  }

  get #commands(): readonly KeyPlace[] {
    return this.#means.run ? this.#places.filter((place) => 'command' in place.from) : [];
  }

  problems(): readonly Problem[] {
    const unused = this.#locked.filter((one) => !one.opened);
    return [
      ...this.#problems,
      ...unused.map(({ source }) => ({ source, error: new LockstepError('NOT_A_RECIPIENT') })),
    ];
  }

  async #readAll(): Promise<void> {
    for (const place of this.#places) await this.#gained(place.source, () => this.#readPlace(place));
  }

  /** What a step adds to the entries; when it fails, a problem of the source. */
  async #gained(source: string, step: () => Promise<void>): Promise<readonly KeyringEntry[]> {
    const before = this.#entries.length;
    try {
      await step();
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      this.#problems.push({ source, error });
    }
    return this.#entries.slice(before);
  }

  async #readPlace(place: KeyPlace): Promise<void> {
    const { from } = place;
    if ('command' in from) return;
    if ('text' in from) return this.#take(place, from.text);
    const text = await readKeyFile(from.path);
    if (text !== undefined) await this.#take(place, text);
    else if (from.named) throw new LockstepError('GONE');
  }

  #outputOf(place: KeyPlace, recipient: string): Promise<readonly KeyringEntry[]> {
    const id = `${place.source} ${recipient}`;
    const found = this.#ran.get(id) ?? this.#gained(place.source, () => this.#run(place, recipient));
    this.#ran.set(id, found);
    return found;
  }

  async #run(place: KeyPlace, recipient: string): Promise<void> {
    if (!this.#means.run || !('command' in place.from)) return;
    const command = shellWords(place.from.command);
    if (!command?.length) throw new LockstepError('BAD_IDENTITY', { what: 'command' });
    const output = await this.#means.run(command, { ...this.#env, SOPS_AGE_RECIPIENT: recipient });
    try {
      if (output.length > 0) await this.#take(place, keyText(output));
    } finally {
      wipe(output);
    }
  }

  /** Sorts a key file's text: identities at hand, and what needs a pass phrase. */
  async #take({ source, kind, from }: KeyPlace, text: string): Promise<void> {
    if (isArmored(text)) {
      this.#locked.push({ source, kind, open: (passphrase) => openIdentityFile(text, passphrase) });
      return;
    }
    const { identities, locked, plugins } = readKeyText(text);
    for (const { text: identity } of identities) await this.#add(source, identity);
    for (const line of plugins) {
      this.#problems.push({ source, error: new LockstepError('BAD_IDENTITY', { what: 'plugin', line }) });
    }
    for (const { text: file } of locked) {
      if ('command' in from) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-passphrase' });
      const publicKey = publicKeyOf(file) ?? (await publicFile(from));
      // Its ciphers take a while to load, and few keys need them.
      const open = async (passphrase: string) =>
        (await import('../core/age/sshunlock.ts')).unlockPrivateFile(file, passphrase);
      this.#locked.push({ source, kind: 'ssh-key', publicKey, open });
    }
  }

  async #add(source: string, identity: string): Promise<void> {
    if (this.#entries.some((entry) => entry.identity === identity)) return;
    this.#entries.push({ label: source, recipient: await recipientOf(identity), identity, source });
  }

  async #unlock({ source, kind, open }: Locked): Promise<void> {
    for (let n = 0; n < attempts; n++) {
      const passphrase = await this.#means.ask?.({ source, kind, again: n > 0 });
      if (passphrase === undefined) throw new LockstepError('BAD_PASSPHRASE', { what: 'none' });
      const text = await open(passphrase).catch((error) => {
        if (error instanceof LockstepError && error.code === 'BAD_PASSPHRASE') return undefined;
        throw error;
      });
      if (text === undefined) continue;
      for (const { text: identity } of readKeyText(text).identities) await this.#add(source, identity);
      return;
    }
    throw new LockstepError('BAD_PASSPHRASE');
  }
}

async function isOfUse({ publicKey }: Locked, wanted: readonly WrappedKey[]): Promise<boolean> {
  if (!publicKey) return true;
  for (const { enc } of wanted) if (await isFor(enc, publicKey)) return true;
  return false;
}

/** The old form of protected keys does not tell whose it is; the `.pub` file beside it does, as for sops. */
async function publicFile(from: KeyPlace['from']): Promise<SshPublicKey> {
  const text = 'path' in from ? await readKeyFile(`${from.path}.pub`) : undefined;
  if (text === undefined) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-public' });
  return readPublicLine(text);
}
