import { readSealed } from '../sops/sealed.ts';
import { sealedTextOf } from '../sops/sealedfile.ts';
import { idsIn } from './ids.ts';

/** Where the files are that are known. */
export interface FilesPort {
  /** Every encrypted file, by a name that the port chooses. */
  all(): Promise<readonly string[]>;
  /** Where `all` may be a moment behind the disk: looks for files that it does not have yet. Not there where `all` always looks. */
  refresh?(): Promise<void>;
  /** What tells one content of a file from another, without reading it; undefined for one that is gone. */
  mark(file: string): Promise<string | undefined>;
  /** The path, whose end tells the format, and the bytes. Throws anything. */
  read(file: string): Promise<{ readonly path: string; readonly bytes: Uint8Array }>;
}

interface Known {
  readonly mark: string;
  readonly ids: readonly string[];
}

/** Work that is done once for all who ask while it is done for others. It begins after they have asked, so that it sees what they saw. */
class Shared {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  run(): Promise<void> {
    if (!this.#running) return this.#start();
    const start = () => {
      this.#next = undefined;
      return this.#start();
    };
    this.#next ??= this.#running.then(start, start);
    return this.#next;
  }

  #start(): Promise<void> {
    const running = this.#work().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}

/**
 * Which files hold a wrapped key: by the text of the key, since programs that ask for one name no file. What counts is what is on the
 * disk, where those programs read.
 */
export class KnownKeys {
  readonly #port: FilesPort;
  readonly #files = new Map<string, Known>();
  readonly #all = new Shared(() => this.#lookAtAll());
  readonly #afresh = new Shared(() => this.#lookAfresh());

  constructor(port: FilesPort) {
    this.#port = port;
  }

  /** As `AgentPort.find`. */
  async find(ids: readonly string[], first: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    await this.#look(first);
    const early = this.#among(ids, first);
    if (first.length > 0 && early.size === new Set(ids).size) return early;
    const looks = [() => Promise.resolve(), () => this.#all.run()];
    // A file that was written a moment ago is not called one of another place.
    if (this.#port.refresh) looks.push(() => this.#afresh.run());
    let known: ReadonlyMap<string, readonly string[]> = early;
    for (const look of looks) {
      await look();
      known = this.#among(ids, [...this.#files.keys()]);
      if (known.size === new Set(ids).size) break;
    }
    return known;
  }

  #among(ids: readonly string[], files: readonly string[]): Map<string, readonly string[]> {
    const wanted = new Set(ids);
    const found = new Map<string, readonly string[]>();
    for (const file of files)
      for (const id of this.#files.get(file)?.ids ?? [])
        if (wanted.has(id)) found.set(id, [...(found.get(id) ?? []), file].sort());
    return found;
  }

  async #lookAfresh(): Promise<void> {
    await this.#port.refresh?.();
    await this.#lookAtAll();
  }

  async #lookAtAll(): Promise<void> {
    const all = await this.#port.all();
    const there = new Set(all);
    for (const file of this.#files.keys()) if (!there.has(file)) this.#files.delete(file);
    await this.#look(all);
  }

  async #look(files: readonly string[]): Promise<void> {
    for (const file of files) {
      const mark = await this.#port.mark(file);
      if (mark === undefined) this.#files.delete(file);
      else if (this.#files.get(file)?.mark !== mark) this.#files.set(file, { mark, ids: await this.#idsOf(file) });
    }
  }

  async #idsOf(file: string): Promise<readonly string[]> {
    try {
      const { path, bytes } = await this.#port.read(file);
      const { text, format } = sealedTextOf(path, bytes);
      const keys = readSealed(text, format).metadata.groups.flat();
      const ids = await Promise.all(keys.filter(({ kind }) => kind === 'age').map(({ enc }) => idsIn(enc)));
      return [...new Set(ids.flat())];
    } catch {
      // It cannot be read now: it holds no key that anybody could have from it.
      return [];
    }
  }
}
