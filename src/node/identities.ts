import { isArmored, keyText } from '../core/age/armored.ts';
import { ageOpener } from '../core/age/opener.ts';
import { isUnnamed } from '../core/age/plugin/names.ts';
import { openIdentityFile } from '../core/age/private/identityfile.ts';
import { type FoundKey, readKeyText } from '../core/age/private/keytext.ts';
import { publicKeyOf } from '../core/age/private/sshfile.ts';
import { publicLine, readPublicLine, type SshPublicKey } from '../core/age/sshkey.ts';
import { isFor } from '../core/age/stanzas.ts';
import { agentPlugin } from '../core/agent/identity.ts';
import { wipe } from '../core/bytes.ts';
import type { Environment } from '../core/env/environment.ts';
import { LockstepError } from '../core/errors.ts';
import type { Keyring } from '../core/keys/keyring.ts';
import type { KeySource, Opener } from '../core/keys/opener.ts';
import { otherOpeners } from '../core/keys/others.ts';
import { isPlace, type KeyOffer, type KeyPlace, type KeySpot, type Look } from '../core/platform/keyplaces.ts';
import type { WrappedKey } from '../core/sops/masterkey.ts';
import { isThere, keySpots, readKeyFile } from './keyplaces.ts';
import { isAtHand, type KeyWay, keyWays, wayOf } from './keys/order.ts';
import { outputOf } from './program.ts';
import { shellWords } from './shellwords.ts';

/** What a person is asked for: the pass phrase of one source, a path or a variable's name. */
export interface Question {
  readonly source: string;
  /** An SSH private key, or a key file that age encrypted. */
  readonly kind: 'ssh-key' | 'key-file';
  /** The last answer was wrong. */
  readonly again: boolean;
}

/** A public key of one's own. */
export interface OwnKey {
  readonly recipient: string;
  readonly place: KeyPlace;
  /** The comment that names it: above it in a key file, or in the `.pub` file beside an SSH key. */
  readonly label: string | undefined;
  /** Its private half is under a pass phrase. */
  readonly locked: boolean;
}

/** What the caller lends to sources that need more than reading. */
export interface Means {
  /** A pass phrase, or undefined for none; a source that needs one is passed over without this. */
  readonly ask?: (question: Question) => Promise<string | undefined>;
  /** Standard output of a program (`outputOf`); sources that are programs are passed over without this. */
  readonly run?: (command: readonly string[], env: Environment) => Promise<Uint8Array>;
  /** Openers of what other processes opened that hold keys: agents are passed over without this. */
  readonly agent?: (wanted: readonly WrappedKey[]) => Promise<readonly Opener[]>;
  /** Keys come by these ways alone, in this order. Without it by all that the rest of this allows. */
  readonly ways?: readonly KeyWay[];
}

/** Why a source gave nothing, or not all that it holds. */
interface Problem {
  readonly source: string;
  readonly error: LockstepError;
}

/** What is in the places of age keys, without asking anybody, starting a program, or reading an SSH key. */
export function keyFileLooks(env: Environment, home: string, platform: NodeJS.Platform): Promise<readonly Look[]> {
  const spots = keySpots(env, home, platform).filter((spot) => !isPlace(spot) || spot.kind === 'key-file');
  return new StandardKeyring(env, home, platform, {}, spots).looks();
}

/** The programs that variables name for printing a key; each runs when its key is read. */
export function keyPrograms(env: Environment, home: string, platform: NodeJS.Platform): readonly KeyOffer[] {
  return keySpots(env, home, platform).flatMap((spot) => {
    if (!isPlace(spot) || !('command' in spot.from)) return [];
    const { source } = spot;
    return [{ source, read: async () => keyText(await outputOf(commandIn(env, source), { ...env })) }];
  });
}

/** The program that a variable names. Throws BAD_IDENTITY (`command`) for what is no command line. */
function commandIn(env: Environment, source: string): readonly string[] {
  const command = shellWords(env[source] ?? '');
  if (!command?.length) throw new LockstepError('BAD_IDENTITY', { what: 'command' });
  return command;
}

/** Something that a pass phrase opens. */
interface Locked {
  readonly place: KeyPlace;
  readonly kind: Question['kind'];
  /** Of an SSH key: what shows whether it is of use. */
  readonly publicKey?: SshPublicKey;
  readonly open: (passphrase: string) => Promise<readonly FoundKey[]>;
  /** Once somebody was asked. */
  opened?: Promise<readonly Opener[]>;
}

const attempts = 3;

/**
 * Openers for the identities that sops itself finds, by its rules (age/keysource.go): SOPS_AGE_SSH_PRIVATE_KEY_FILE,
 * SOPS_AGE_SSH_PRIVATE_KEY_CMD, the two keys in `~/.ssh`, SOPS_AGE_KEY, SOPS_AGE_KEY_FILE, SOPS_AGE_KEY_CMD and the standard
 * key file. Files are read once, at the first use; programs, agents, pass phrases of SSH keys, age plugins and pass phrases of files are for
 * `asked`, in that order, and each pass phrase is asked for once, an SSH key's only for a file that names it. A source that fails
 * gives nothing, or less, and is among the `problems`, which matter when the file does not open.
 */
export class StandardKeyring implements Keyring {
  readonly #problems: (Problem & { readonly place: KeyPlace })[] = [];
  readonly #spots: readonly KeySpot[];
  readonly #places: readonly KeyPlace[];
  readonly #env: Environment;
  readonly #means: Means;
  readonly #openers: Opener[] = [];
  readonly #ways = new Map<Opener, KeyWay>();
  /** Those that start the program of an age plugin. */
  readonly #plugins: Opener[] = [];
  readonly #found: FoundKey[] = [];
  readonly #locked: Locked[] = [];
  /** What each place has given, also what another one had given before. */
  readonly #given: OwnKey[] = [];
  /** What programs gave, by program and recipient. */
  readonly #ran = new Map<string, Promise<readonly Opener[]>>();
  #read: Promise<void> | undefined;

  constructor(
    env: Environment,
    home: string,
    platform: NodeJS.Platform,
    means: Means = {},
    spots = keySpots(env, home, platform),
  ) {
    const { ways = keyWays } = means;
    this.#spots = spots.filter((spot) => !isPlace(spot) || ways.includes(wayOf(spot)));
    this.#places = this.#spots.filter(isPlace);
    this.#env = env;
    this.#means = means;
  }

  async openers(): Promise<readonly Opener[]> {
    this.#read ??= this.#readAll();
    await this.#read;
    const { ways } = this.#means;
    if (ways === undefined) return [...this.#openers];
    // Those that come before what must be asked.
    const first = ways.findIndex((way) => !isAtHand(way));
    return (first < 0 ? ways : ways.slice(0, first)).flatMap((way) => this.#openersOf(way));
  }

  #openersOf(way: KeyWay): Opener[] {
    return this.#openers.filter((one) => this.#ways.get(one) === way);
  }

  /** Two files at once share one question. */
  async *asked(wanted: readonly WrappedKey[]): AsyncGenerator<Opener> {
    const had = await this.openers();
    const fresh = (found: readonly Opener[]) => found.filter((one) => !had.includes(one));
    const own = wanted.filter(({ kind }) => kind === 'age');
    for (const way of this.#means.ways ?? (['programs', 'agent'] as const)) {
      if (isAtHand(way)) yield* fresh(this.#openersOf(way));
      if (way === 'programs') yield* this.#fromPrograms(own, fresh);
      // It asks nobody about a file that it cannot open. What a person types, and a token that they touch, come after.
      if (way === 'agent') yield* (await this.#means.agent?.(wanted)) ?? [];
      if (way === 'gpg') yield* otherOpeners(wanted.filter(({ kind }) => kind === 'pgp'));
      if (way === 'keyservice') yield* otherOpeners(wanted.filter(({ kind }) => kind !== 'pgp'));
    }
    const ssh = this.#locked.filter((one) => one.publicKey);
    for (const one of ssh) yield* fresh(await this.#unlocked(one, own));
    yield* this.#plugins;
    const known = this.#plugins.length;
    const files = this.#locked.filter((one) => !one.publicKey);
    for (const one of files) yield* fresh(await this.#unlocked(one, own));
    // A key file under a pass phrase may hold keys of plugins.
    yield* this.#plugins.slice(known);
    if (!this.#means.ways) yield* otherOpeners(wanted);
  }

  async *#fromPrograms(
    own: readonly WrappedKey[],
    fresh: (found: readonly Opener[]) => readonly Opener[],
  ): AsyncGenerator<Opener> {
    for (const place of this.#commands) {
      for (const recipient of new Set(own.map(({ name }) => name))) {
        yield* fresh(await this.#outputOf(place, recipient));
      }
    }
  }

  async #unlocked(one: Locked, wanted: readonly WrappedKey[]): Promise<readonly Opener[]> {
    if (!one.opened && !(await isOfUse(one, wanted))) return [];
    one.opened ??= this.#gained(one.place, () => this.#unlock(one));
    return one.opened;
  }

  get #commands(): readonly KeyPlace[] {
    return this.#means.run ? this.#places.filter((place) => 'command' in place.from) : [];
  }

  /** What went wrong so far; NOT_A_RECIPIENT for an SSH key whose pass phrase no file was worth. */
  problems(): readonly Problem[] {
    const unused = this.#locked.filter((one) => !one.opened);
    return [
      ...this.#problems.map(({ source, error }) => ({ source, error })),
      ...unused.map(({ place: { source } }) => ({ source, error: new LockstepError('NOT_A_RECIPIENT') })),
    ];
  }

  /** Everywhere that keys are looked for, and what has come of it so far. */
  async looks(): Promise<readonly Look[]> {
    await this.openers();
    return Promise.all(this.#spots.map((spot) => this.#lookOf(spot)));
  }

  async #lookOf(spot: KeySpot): Promise<Look> {
    if (!isPlace(spot)) return { spot, there: undefined, recipients: [], locked: 0, errors: [] };
    return {
      spot,
      there: 'path' in spot.from ? await isThere(spot.from.path) : undefined,
      recipients: [...new Set(this.#given.filter((key) => key.place === spot).map((key) => key.recipient))],
      locked: this.#locked.filter((one) => one.place === spot && !one.opened).length,
      errors: this.#problems.filter((problem) => problem.place === spot).map(({ error }) => error),
    };
  }

  /** One's own public keys, each once: those of programs too, and of SSH keys under a pass phrase, which is not asked for. */
  async own(): Promise<readonly OwnKey[]> {
    await this.openers();
    for (const place of this.#commands) await this.#outputOf(place, '');
    const locked = this.#locked.flatMap(({ place, publicKey }): OwnKey[] =>
      publicKey ? [{ recipient: publicLine(publicKey), place, label: undefined, locked: true }] : [],
    );
    const all = [...this.#given, ...locked].sort(
      (a, b) => this.#places.indexOf(a.place) - this.#places.indexOf(b.place),
    );
    const once = all.filter((key, i) => all.findIndex((other) => other.recipient === key.recipient) === i);
    return Promise.all(once.map(async (key) => ({ ...key, label: key.label ?? (await sshComment(key.place)) })));
  }

  async #readAll(): Promise<void> {
    for (const place of this.#places) await this.#gained(place, () => this.#readPlace(place));
  }

  /** What a step adds to the openers; when it fails, a problem of the source. */
  async #gained(place: KeyPlace, step: () => Promise<void>): Promise<readonly Opener[]> {
    const before = this.#openers.length;
    try {
      await step();
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      this.#tell(place, error);
    }
    return this.#openers.slice(before);
  }

  async #readPlace(place: KeyPlace): Promise<void> {
    const { from } = place;
    if ('command' in from) return;
    if ('misplaced' in from) throw new LockstepError('BAD_IDENTITY', { what: 'misplaced' });
    if ('text' in from) return this.#take(place, this.#env[place.source] ?? '');
    const text = await readKeyFile(from.path);
    if (text !== undefined) await this.#take(place, text);
    else if (from.named && (await isThere(from.path))) throw new LockstepError('BAD_IDENTITY', { what: 'none' });
    // Only a shell makes the home folder of it.
    else if (from.named) throw new LockstepError('GONE', from.path.startsWith('~') ? { what: 'tilde' } : {});
  }

  #outputOf(place: KeyPlace, recipient: string): Promise<readonly Opener[]> {
    const id = `${place.source} ${recipient}`;
    const found = this.#ran.get(id) ?? this.#gained(place, () => this.#run(place, recipient));
    this.#ran.set(id, found);
    return found;
  }

  async #run(place: KeyPlace, recipient: string): Promise<void> {
    if (!this.#means.run || !('command' in place.from)) return;
    const command = commandIn(this.#env, place.source);
    const asked = recipient === '' ? {} : { SOPS_AGE_RECIPIENT: recipient };
    const output = await this.#means.run(command, { ...this.#env, ...asked });
    try {
      if (output.length > 0) await this.#take(place, keyText(output));
    } finally {
      wipe(output);
    }
  }

  /** Sorts a key file's text: identities at hand, and what needs a pass phrase. */
  async #take(place: KeyPlace, text: string): Promise<void> {
    const { kind, from } = place;
    if (isArmored(text)) {
      const open = async (passphrase: string) => readKeyText(await openIdentityFile(text, passphrase)).keys;
      this.#locked.push({ place, kind, open });
      return;
    }
    const { keys, locked } = readKeyText(text);
    for (const found of keys) await this.#add(place, found, sourceKind(place));
    for (const { text: file } of locked) {
      if ('command' in from) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-passphrase' });
      const publicKey = publicKeyOf(file) ?? (await publicFile(from));
      // Its ciphers take a while to load, and few keys need them.
      const open = async (passphrase: string) => {
        const { unlockPrivateFile } = await import('../core/age/private/sshunlock.ts');
        return [{ key: await unlockPrivateFile(file, passphrase), comment: undefined }];
      };
      this.#locked.push({ place, kind: 'ssh-key', publicKey, open });
    }
  }

  async #add(place: KeyPlace, found: FoundKey, kind: KeySource['kind']): Promise<void> {
    // Not by way of its program: that asks the agent, which the command line does itself.
    if (found.key.plugin === agentPlugin) return found.key.wipe();
    const { source: name } = place;
    const [recipient, label] = [await found.key.recipient(), found.comment];
    if (isUnnamed(recipient)) this.#tell(place, new LockstepError('BAD_IDENTITY', { what: 'plugin-public' }));
    else this.#given.push({ recipient, place, label, locked: false });
    const openers = found.key.plugin === undefined ? this.#openers : this.#plugins;
    if (openers.some((one) => one.recipient === recipient)) return found.key.wipe();
    this.#found.push(found);
    const opener = ageOpener(found.key, { label: label ?? name, recipient, source: { kind, name } });
    this.#ways.set(opener, wayOf(place));
    openers.push(found.key.plugin === undefined ? opener : this.#watched(place, opener));
  }

  /** An opener that may fail for reasons outside the file: they are told among the problems, and it is not tried again. */
  #watched(place: KeyPlace, opener: Opener): Opener {
    let failed = false;
    return {
      ...opener,
      unwrap: async (wrapped) => {
        if (failed) return undefined;
        try {
          return await opener.unwrap(wrapped);
        } catch (error) {
          if (!(error instanceof LockstepError) || error.code !== 'PLUGIN') throw error;
          failed = true;
          this.#tell(place, error);
          return undefined;
        }
      },
    };
  }

  #tell(place: KeyPlace, error: LockstepError): void {
    this.#problems.push({ source: place.source, place, error });
  }

  /** Wipes the private keys, which are kept for the next file until then. After that nothing opens any more. */
  forget(): void {
    for (const { key } of this.#found) key.wipe();
  }

  async #unlock({ place, kind, open }: Locked): Promise<void> {
    const { source } = place;
    for (let n = 0; n < attempts; n++) {
      const passphrase = await this.#means.ask?.({ source, kind, again: n > 0 });
      if (passphrase === undefined) throw new LockstepError('BAD_PASSPHRASE', { what: 'none' });
      const keys = await open(passphrase).catch((error) => {
        if (error instanceof LockstepError && error.code === 'BAD_PASSPHRASE') return undefined;
        throw error;
      });
      if (keys === undefined) continue;
      for (const found of keys) await this.#add(place, found, 'passphrase');
      return;
    }
    throw new LockstepError('BAD_PASSPHRASE');
  }
}

function sourceKind({ kind, from }: KeyPlace): KeySource['kind'] {
  if ('command' in from) return 'program';
  return 'text' in from ? 'environment' : kind;
}

async function isOfUse({ publicKey }: Locked, wanted: readonly WrappedKey[]): Promise<boolean> {
  if (!publicKey) return true;
  for (const { enc } of wanted) if (await isFor(enc, publicKey)) return true;
  return false;
}

/** The old form of protected keys does not hold the public key; the `.pub` file beside it does, as for sops. */
async function publicFile(from: KeyPlace['from']): Promise<SshPublicKey> {
  const text = 'path' in from ? await readKeyFile(`${from.path}.pub`) : undefined;
  if (text === undefined) throw new LockstepError('BAD_IDENTITY', { what: 'ssh-public' });
  return readPublicLine(text);
}

/** The comment in the public file beside an SSH key. */
async function sshComment({ kind, from }: KeyPlace): Promise<string | undefined> {
  if (kind !== 'ssh-key' || !('path' in from)) return undefined;
  const line = await readKeyFile(`${from.path}.pub`).catch(() => undefined);
  if (!line || isArmored(line)) return undefined;
  return line.split(/\r?\n/)[0]?.trim().split(/\s+/).slice(2).join(' ') || undefined;
}
