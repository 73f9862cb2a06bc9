import { LockstepError } from '../errors.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { Opened } from '../open/open.ts';
import type { Rule } from '../rules/rules.ts';
import { inspect } from './inspect.ts';
import { type FileState, requireOpened, type Tracked } from './state.ts';

/** Where a text comes from: a text document, a document of the Secrets Editor, bytes of a file. */
interface Source {
  /** With forward slashes. The name says what the text may be. */
  readonly path: string;
  /** Another number, 0 or more, for each text. */
  readonly version: number;
  /** The present text. Throws why there is none. */
  text(): string;
}

/** Whether and by what a file may be opened now. */
export interface Keys {
  readonly locked: boolean;
  readonly keyring: Keyring;
}

/** What a session needs of the world outside. */
export interface Port {
  readonly source: Source;
  readonly keys: Keys;
  /** The creation rule for the file. Asked for when it is not encrypted. */
  rule(): Promise<Rule | undefined>;
  /** The private key of a file of dotenvx; undefined where it is nowhere. Without this, such a file is no encrypted one. */
  dotenvx?(text: string, publicKey: string): Promise<string | undefined>;
  /** An opened file with some of the same ciphertext, which is not decrypted again. It stays its owner's. */
  kin?(): Opened | undefined;
  /** One decryption is about to take the place of another, which is still alive. */
  handOver?(previous: Opened, next: Opened): Promise<void>;
  /** A look at the text has put a state. */
  changed?(): void;
}

/** The version of a state that is to be looked at anew. */
const stale = -1;

/**
 * What one text is to us: it is inspected, opened while nothing is locked, and let go of here and nowhere else. One look at
 * a time. `docs/architecture.md` has the table of transitions.
 */
export class Session {
  readonly #port: Port;
  #tracked: Tracked | undefined;
  /** The last decryption, kept over broken texts, as there are in the middle of an edit, so that the next one is quick. */
  #opened: Opened | undefined;
  /** Counts locks, new keys and other rules. What was begun before is thrown away when it comes. */
  #epoch = 0;
  #running: Promise<void> | undefined;
  #disposed = false;

  constructor(port: Port) {
    this.#port = port;
  }

  /** The state last put, and of which text; undefined until there is one. The same object until it changes. */
  get tracked(): Tracked | undefined {
    return this.#tracked;
  }

  get state(): FileState {
    return this.#tracked?.state ?? { kind: 'none' };
  }

  /** Whether somebody waits for a look that is not over. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** As `requireOpened`, of the state last put. */
  opened(): Opened {
    return requireOpened(this.state);
  }

  /**
   * The state of the text that is there when this resolves; undefined when the session was disposed of meanwhile. Rejects
   * with what `handOver` throws; the state is the old one then.
   */
  async ready(): Promise<Tracked | undefined> {
    while (!this.#disposed) {
      // A second caller waits for the first one's look, and looks itself only if the text went on.
      if (this.#running) await this.#running;
      else if (this.#tracked && this.#tracked.version === this.#port.source.version) return this.#tracked;
      else await this.#start();
    }
    return undefined;
  }

  /** The same, looked at anew even where the version is the same: the rule, or the reason why there is no text, may be another. */
  look(): Promise<Tracked | undefined> {
    this.outdate();
    return this.ready();
  }

  /** What is known no longer counts. The state stays on screen until the next one is there. */
  outdate(): void {
    this.#epoch++;
    if (this.#tracked) this.#tracked = { ...this.#tracked, version: stale };
  }

  /** Keys came or went, or the lock changed. After a lock nothing decrypted stays, not even until the next look. */
  keysChanged(): void {
    this.outdate();
    if (!this.#port.keys.locked) return;
    this.#letGo();
    const { state } = this;
    if ('sealed' in state) this.#tracked = { version: stale, state: { kind: 'locked', sealed: state.sealed } };
  }

  dispose(): void {
    this.#disposed = true;
    this.#epoch++;
    this.#letGo();
    this.#tracked = undefined;
  }

  #start(): Promise<void> {
    this.#running = this.#look().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #look(): Promise<void> {
    const epoch = this.#epoch;
    const { version } = this.#port.source;
    const previous = this.#opened;
    const state = await this.#inspect(previous);
    const opened = 'opened' in state ? state.opened : undefined;
    let put = false;
    try {
      if (opened && previous && epoch === this.#epoch) await this.#port.handOver?.(previous, opened);
      put = epoch === this.#epoch;
    } finally {
      if (!put) opened?.dispose();
    }
    if (!put) return;
    this.#tracked = { version, state };
    if (state.kind !== 'broken') {
      this.#opened = opened;
      previous?.dispose();
    }
    this.#port.changed?.();
  }

  async #inspect(previous: Opened | undefined): Promise<FileState> {
    const port = this.#port;
    const { source, keys } = port;
    try {
      return await inspect({
        path: source.path,
        text: source.text(),
        locked: keys.locked,
        keyring: keys.keyring,
        rule: () => port.rule(),
        ...(port.dotenvx && {
          dotenvx: (text, publicKey) => port.dotenvx?.(text, publicKey) ?? Promise.resolve(undefined),
        }),
        previous: previous ?? port.kin?.(),
      });
    } catch (error) {
      const known = error instanceof LockstepError ? error : new LockstepError('IO');
      return { kind: 'broken', plain: false, error: known };
    }
  }

  #letGo(): void {
    this.#opened?.dispose();
    this.#opened = undefined;
  }
}
