// A machine in memory for changes of many files, which can be killed, or fail, at any of its calls.
import type { Machine } from '../../../src/core/batch/file.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import { keyedHashOf } from '../../../src/core/hash.ts';
import { contentOf, type Disk, type Staged } from '../../../src/core/platform/disk.ts';
import type { Journals } from '../../../src/core/platform/journals.ts';

export const root = '/repo';

/** The end of a process: from here on nothing that it calls has any effect. */
export class Killed extends Error {}

export class World {
  readonly files = new Map<string, Uint8Array>();
  /** New bytes beside files, by a name of their own. */
  readonly beside = new Map<string, string>();
  journal: Uint8Array | undefined;
  /** Everything that was ever written into a journal. */
  readonly written: Uint8Array[] = [];
  key = 'this user of this machine';
  readonly running = new Set<string>();
  /** Paths that cannot be written. */
  readonly closed = new Set<string>();
  /** Paths that are links, and where out of the root they lead. */
  readonly links = new Map<string, string>();
  calls = 0;
  /** At which call, before its effect (`-`) or after it (`+`), the process is killed. */
  kill: `${number}${'-' | '+'}` | undefined;
  /** At which calls it fails, without an effect. */
  fail: (call: number) => boolean = () => false;
  #dead = false;

  put(path: string, text: string): void {
    this.files.set(path, Buffer.from(text));
  }

  texts(): Record<string, string> {
    return Object.fromEntries([...this.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
  }

  /** A process on this machine. The ones before it are gone. */
  start(name = 'first'): Machine {
    this.#dead = false;
    this.calls = 0;
    return { disk: this.#disk(), journals: this.#journals(name) };
  }

  async #call<T>(effect: () => T): Promise<T> {
    await undefined;
    if (this.#dead) throw new Killed();
    const call = ++this.calls;
    const die = (side: string) => {
      if (this.kill !== `${call}${side}`) return;
      this.#dead = true;
      throw new Killed();
    };
    die('-');
    if (this.fail(call)) throw new LockstepError('IO');
    const result = effect();
    die('+');
    return result;
  }

  #check(path: string, expected: string | undefined): void {
    if (this.closed.has(path)) throw new LockstepError('READ_ONLY');
    if (expected === undefined) return;
    const found = this.files.get(path);
    if (!found) throw new LockstepError('GONE');
    if (contentOf(found).hash !== expected) throw new LockstepError('CHANGED_ON_DISK');
  }

  #disk(): Disk {
    const stage = (path: string, bytes: Uint8Array): Promise<Staged> =>
      this.#call(() => {
        const name = `${path}.${this.calls}.tmp`;
        this.beside.set(name, path);
        return {
          path,
          check: (expected) => this.#call(() => this.#check(path, expected)),
          discard: () =>
            this.#call(() => void this.beside.delete(name)).catch((error) => {
              if (error instanceof Killed) throw error;
              this.beside.delete(name);
            }),
          commit: (expected) =>
            this.#call(() => {
              this.beside.delete(name);
              this.#check(path, expected);
              this.files.set(path, bytes);
            }),
        };
      });
    const readIfThere = (path: string) =>
      this.#call(() => {
        const found = this.files.get(path);
        return found && contentOf(found);
      });
    return {
      read: async (path) => {
        const found = await readIfThere(path);
        if (!found) throw new LockstepError('GONE');
        return found;
      },
      readIfThere,
      stage,
      write: async (path, bytes, expected) => (await stage(path, bytes)).commit(expected),
      requireWritable: (path) => this.#call(() => this.#check(path, undefined)),
      isLink: async () => false,
      leadsOut: async () => undefined,
      otherNames: async () => 0,
      syncFolders: () => this.#call(() => undefined),
      isAnybodys: () => false,
      listenToWrites: () => undefined,
    };
  }

  #journals(self: string): Journals {
    return {
      self,
      read: () => this.#call(() => this.journal),
      write: (_, bytes) =>
        this.#call(() => {
          if (this.journal) throw new LockstepError('IN_PROGRESS');
          this.journal = bytes;
          this.written.push(bytes);
        }),
      remove: () =>
        this.#call(() => {
          this.journal = undefined;
        }),
      seal: async (folder, bytes) =>
        keyedHashOf(Buffer.from(this.key), `${folder} ${Buffer.from(bytes).toString('latin1')}`),
      runs: (process) => this.running.has(process),
      clean: (path) =>
        this.#call(() => {
          for (const [name, of] of this.beside) if (of === path) this.beside.delete(name);
        }),
      unlink: (path) =>
        this.#call(() => {
          this.#check(path, undefined);
          this.files.delete(path);
        }),
      real: async (path) => this.links.get(path) ?? path,
      gitState: async () => undefined,
    };
  }
}
