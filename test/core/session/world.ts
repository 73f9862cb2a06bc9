import { LockstepError } from '../../../src/core/errors.ts';
import { DataKey } from '../../../src/core/keys/datakey.ts';
import type { Keyring } from '../../../src/core/keys/keyring.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import type { Rule } from '../../../src/core/rules/rules.ts';
import { parseConfig } from '../../../src/core/rules/rules.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { type Port, Session } from '../../../src/core/session/session.ts';
import type { FileState } from '../../../src/core/session/state.ts';
import { alice, bob, clock, keyringOf } from '../support.ts';

export type Kind = FileState['kind'];
export type Name = 'alice' | 'bob';

/** A text, and what it is under a lock, some keys and a rule. `undefined`: there is none, and that is an error. */
export interface Known {
  readonly text: string | undefined;
  readonly kind: (world: Pick<World, 'locked' | 'keys' | 'ruled'>) => Kind;
}

const encrypted = (reader: Name, whole: Kind): Known['kind'] => {
  return ({ locked, keys }) => (locked ? 'locked' : keys.has(reader) ? whole : 'unreadable');
};

/** Two versions under one data key, one under another, one for somebody else, a damaged one, broken and plain ones. */
export async function makeTexts(): Promise<readonly Known[]> {
  const sealed = async (text: string, { recipient }: { recipient: string }) =>
    (await seal(text, 'yaml', { recipients: [recipient] }, clock)).text;
  const one = await sealed('a: one\nb: two\n', alice);
  const [a, b] = [...one.matchAll(/^[ab]: (.*)$/gm)].map((match) => match[1] as string) as [string, string];
  const swapped = one.replace(a, '@').replace(b, a).replace('@', b);
  return [
    { text: one, kind: encrypted('alice', 'open') },
    { text: `# a line of its own\n${one}`, kind: encrypted('alice', 'open') },
    { text: await sealed('a: three\n', alice), kind: encrypted('alice', 'open') },
    { text: await sealed('a: four\n', bob), kind: encrypted('bob', 'open') },
    { text: swapped, kind: encrypted('alice', 'damaged') },
    { text: `a: [1\n${one}`, kind: () => 'broken' },
    { text: undefined, kind: () => 'broken' },
    { text: 'a: 1\n', kind: ({ ruled }) => (ruled ? 'plain' : 'none') },
    { text: '', kind: () => 'none' },
  ];
}

/** A promise that is kept when `open` is called. */
class Gate {
  readonly #waiting: (() => void)[] = [];
  wide = false;

  pass(): Promise<void> {
    return this.wide ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  open(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}

/** The data keys that were made since `start`, each with how often it was disposed of. */
export class KeyCount {
  readonly made = new Map<DataKey, number>();
  readonly #from = DataKey.from;

  start(): void {
    const { made } = this;
    const from = this.#from;
    DataKey.from = async (...args: Parameters<typeof from>) => {
      const key = await from.apply(DataKey, args);
      made.set(key, 0);
      const dispose = key.dispose.bind(key);
      key.dispose = () => {
        made.set(key, (made.get(key) ?? 0) + 1);
        dispose();
      };
      return key;
    };
  }

  stop(): void {
    DataKey.from = this.#from;
  }

  get alive(): readonly DataKey[] {
    return [...this.made].flatMap(([key, times]) => (times === 0 ? [key] : []));
  }
}

/** What a session does, as it happens. */
export interface Watch {
  changed?(): void;
  handOver?(previous: Opened, next: Opened): void;
}

/** Everything around a session, in a test's hand. What is slow waits at the gate. */
export class World {
  readonly texts: readonly Known[];
  readonly gate = new Gate();
  /** The text of each version. */
  readonly versions: Known[];
  locked = false;
  readonly keys = new Set<Name>(['alice']);
  ruled = false;
  handOverFails = false;
  session: Session;
  readonly #dropped: Session[] = [];
  readonly #rings: Readonly<Record<Name, Keyring>>;
  readonly #rule: Rule;
  #watch: Watch;

  private constructor(texts: readonly Known[], rings: Readonly<Record<Name, Keyring>>, rule: Rule, watch: Watch) {
    this.texts = texts;
    this.versions = [texts[0] as Known];
    this.#rings = rings;
    this.#rule = rule;
    this.#watch = watch;
    this.session = new Session(this.#port());
  }

  static async make(texts: readonly Known[], watch: Watch = {}): Promise<World> {
    const rings = { alice: await keyringOf(alice.identity), bob: await keyringOf(bob.identity) };
    const { rules } = parseConfig(`creation_rules:\n  - path_regex: a.yaml\n    age: ${alice.recipient}\n`);
    return new World(texts, rings, rules?.[0] as Rule, watch);
  }

  watch(watch: Watch): void {
    this.#watch = watch;
  }

  get version(): number {
    return this.versions.length - 1;
  }

  /** What the state of a version has to be, by what is known now. */
  expected(version = this.version): Kind {
    return (this.versions[version] as Known).kind(this);
  }

  edit(text: number): void {
    this.versions.push(this.texts[text] as Known);
  }

  /** A file that is looked at again after it was dropped. */
  renew(): void {
    this.session.dispose();
    this.#dropped.push(this.session);
    this.session = new Session(this.#port());
  }

  /** Looks that are not over, of sessions that were dropped too. */
  get looks(): number {
    return [this.session, ...this.#dropped].filter((one) => one.busy).length;
  }

  /** Lets what waits go on, until nothing waits any more or `turns` are over. */
  async settle(turns = 200): Promise<void> {
    for (let n = 0; n < turns; n++) {
      this.gate.open();
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (this.looks === 0) return;
    }
  }

  #port(): Port {
    const world = this;
    return {
      source: {
        path: '/work/a.yaml',
        get version() {
          return world.version;
        },
        text() {
          const { text } = world.versions.at(-1) as Known;
          if (text === undefined) throw new LockstepError('NOT_UTF8');
          return text;
        },
      },
      keys: {
        get locked() {
          return world.locked;
        },
        // As slow as can be: what was asked for before a lock comes after it all the same.
        keyring: {
          openers: async () => {
            const names = [...world.keys];
            await world.gate.pass();
            return (await Promise.all(names.map((name) => world.#rings[name].openers()))).flat();
          },
        },
      },
      async rule() {
        const rule = world.ruled ? world.#rule : undefined;
        await world.gate.pass();
        return rule;
      },
      async handOver(previous, next) {
        world.#watch.handOver?.(previous, next);
        await world.gate.pass();
        if (world.handOverFails) throw new LockstepError('VALUE_DAMAGED');
      },
      changed: () => world.#watch.changed?.(),
    };
  }
}
