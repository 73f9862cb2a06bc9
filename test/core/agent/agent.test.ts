import assert from 'node:assert/strict';
import { armor } from 'age-encryption';
import { stanzasOf } from '../../../src/core/age/stanzas.ts';
import { wrapKey } from '../../../src/core/age/wrap.ts';
import { Agent, type AgentPort } from '../../../src/core/agent/agent.ts';
import { heldProof, proofOf, rememberWraps } from '../../../src/core/agent/held.ts';
import { idsIn } from '../../../src/core/agent/ids.ts';
import type { AgentAnswer, AgentClient, WantedKey } from '../../../src/core/agent/protocol.ts';
import type { AgentQuestion, AgentReply } from '../../../src/core/agent/questions.ts';
import type { Keyring } from '../../../src/core/keys/keyring.ts';
import type { Opener } from '../../../src/core/keys/opener.ts';
import { alice, bob, keyringOf } from '../support.ts';

const raw = (n: number) => Uint8Array.from({ length: 32 }, (_, i) => i + n);

/** A program that runs from a terminal. */
const sops: AgentClient = {
  pid: 10,
  began: '1',
  program: '/usr/bin/sops',
  cwd: '/repo',
  parents: [{ pid: 2, began: '0', program: '/bin/bash' }],
};
const other: AgentClient = { ...sops, pid: 11, began: '2', program: '/usr/bin/other' };

/** An agent over the key of alice and some files, with a clock that a test turns. */
class Lab {
  readonly files = new Map<string, string>();
  /** Files that are found by their name alone. */
  readonly outside = new Map<string, string>();
  readonly asked: AgentQuestion[] = [];
  readonly recorded: (string | undefined)[] = [];
  /** Questions that stand, to be answered by the test. */
  readonly open: ((reply: AgentReply) => void)[] = [];
  reply: AgentReply | undefined;
  shut: 'LOCKED' | 'UNTRUSTED' | undefined;
  keyring!: Keyring;
  now = 0;
  /** How often a key was tried. */
  fitted = 0;
  /** Questions are gathered until this is over. */
  gathered: Promise<void> = Promise.resolve();
  #timers: { at: number; work: () => void }[] = [];
  readonly agent: Agent;

  constructor() {
    const port: AgentPort = {
      shut: () => this.shut,
      find: async (ids, first) => {
        const found = new Map<string, string[]>();
        for (const [file, enc] of [...this.files, ...[...this.outside].filter(([file]) => first.includes(file))])
          for (const id of await idsIn(enc)) if (ids.includes(id)) found.set(id, [...(found.get(id) ?? []), file]);
        return found;
      },
      keyring: () => ({ ...this.keyring, openers: async () => (await this.keyring.openers()).map(this.#counted) }),
      ask: (question) => {
        this.asked.push(question);
        if (this.reply) return Promise.resolve(this.reply);
        return new Promise((resolve) => this.open.push(resolve));
      },
      record: (file) => void this.recorded.push(file),
      now: () => this.now,
      later: (milliseconds, work) => {
        // Only a person is slow here.
        if (milliseconds < 1_000) {
          void this.gathered.then(() => setImmediate(work));
          return () => undefined;
        }
        const timer = { at: this.now + milliseconds, work };
        this.#timers.push(timer);
        return () => void this.#timers.splice(this.#timers.indexOf(timer) >>> 0, 1);
      },
    };
    this.agent = new Agent(port);
  }

  async add(file: string, n = 1, recipient = alice.recipient): Promise<WantedKey & { enc: string }> {
    const enc = await wrapKey(raw(n), recipient);
    this.files.set(file, enc);
    return { enc, recipient };
  }

  readonly #counted = (opener: Opener): Opener => ({
    ...opener,
    unwrap: async (wrapped) => {
      const found = await opener.unwrap(wrapped);
      this.fitted++;
      return found;
    },
  });

  pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const timer of this.#timers.filter(({ at }) => at <= this.now)) timer.work();
  }

  ask(keys: readonly WantedKey[], client = sops, launch?: string): Promise<AgentAnswer> {
    return this.agent.answer({ keys, launch }, client);
  }
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 2));
};

/** What is begun is done, as far as nobody is waited for. */
const idle = () => new Promise((resolve) => setTimeout(resolve, 50));

const keysOf = (answer: AgentAnswer) =>
  'keys' in answer ? answer.keys.map((one) => one && [...one.key]) : answer.code;

describe('an agent', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = new Lab();
    lab.keyring = await keyringOf(alice.identity);
  });

  it('gives a data key after a question that names program, folder and file, and records it', async () => {
    const key = await lab.add('a.yaml');
    lab.reply = 'once';
    const answer = lab.ask([key]);
    assert.deepEqual(keysOf(await answer), [[...raw(1)]]);
    assert.deepEqual(lab.asked, [{ client: sops, files: ['a.yaml'], unknown: 0, mayRemember: true }]);
    assert.deepEqual(lab.recorded, ['a.yaml']);
    const again = lab.ask([key]);
    await again;
    assert.equal(lab.asked.length, 2, 'once is once');
  });

  it('asks once where one program tries its age plugin and then a key service', async () => {
    const key = await lab.add('a.yaml');
    const plugin = { stanzas: (await stanzasOf(armor.decode(key.enc))) ?? [] };
    for (const [first, second] of [
      [plugin, key],
      [key, plugin],
    ] as const) {
      lab.now += 60_000;
      lab.asked.length = 0;
      lab.reply = 'no';
      assert.deepEqual(await lab.ask([first]), { code: 'DENIED' });
      assert.deepEqual(await lab.ask([second]), { code: 'DENIED' });
      assert.equal(lab.asked.length, 1);
      lab.now += 2_100;
      await lab.ask([first]);
      assert.equal(lab.asked.length, 2, 'the same way is a new question');
      lab.now += 2_100;
      await lab.ask([second], { ...sops, pid: 12, began: '9' });
      assert.equal(lab.asked.length, 3, 'another process is another question');
      lab.now += 11_000;
      lab.reply = 'once';
      assert.deepEqual('keys' in (await lab.ask([second])), true, 'and so is a later one');
    }
  });

  it('gives nothing after a no, and asks nobody about what it cannot open', async () => {
    const [own, theirs] = [await lab.add('a.yaml'), await lab.add('b.yaml', 2, bob.recipient)];
    assert.deepEqual(await lab.ask([theirs]), { code: 'NOT_MINE' });
    assert.deepEqual(await lab.ask([{ enc: 'junk' }, { enc: '' }]), { code: 'NOT_MINE' });
    assert.equal(lab.asked.length, 0);
    lab.reply = 'no';
    const answer = lab.ask([own, theirs]);
    assert.deepEqual(await answer, { code: 'DENIED' });
    assert.deepEqual(lab.asked[0]?.files, ['a.yaml']);
    assert.deepEqual(lab.recorded, []);
    lab.pass(2_000);
    lab.reply = 'once';
    const both = lab.ask([theirs, own]);
    assert.deepEqual(keysOf(await both), [undefined, [...raw(1)]]);
  });

  it('remembers for the session: one program, its starter and file, until a lock', async () => {
    const [a, b] = [await lab.add('a.yaml'), await lab.add('b.yaml', 2)];
    lab.reply = 'session';
    const first = lab.ask([a]);
    await first;
    assert.deepEqual(keysOf(await lab.ask([a], { ...sops, pid: 99, began: '9', cwd: '/else' })), [[...raw(1)]]);
    assert.equal(lab.asked.length, 1);
    lab.reply = 'no';
    const starters = [{ pid: 3, began: '0', program: '/usr/bin/git' }];
    const others = [lab.ask([b]), lab.ask([a], other), lab.ask([a], { ...sops, parents: starters }), lab.ask([a, b])];
    assert.deepEqual(
      (await Promise.all(others)).map(keysOf),
      others.map(() => 'DENIED'),
    );
    lab.agent.lock();
    const after = lab.ask([a]);
    assert.deepEqual(await after, { code: 'DENIED' });
  });

  it('names every file that has the key, so that no copy stands for another', async () => {
    const key = await lab.add('production.yaml');
    lab.files.set('a-sample.yaml', lab.files.get('production.yaml') ?? '');
    lab.reply = 'session';
    assert.deepEqual(keysOf(await lab.ask([key])), [[...raw(1)]]);
    assert.deepEqual(lab.asked[0]?.files, ['a-sample.yaml', 'production.yaml']);
    assert.deepEqual(keysOf(await lab.ask([key])), [[...raw(1)]]);
    assert.equal(lab.asked.length, 1);
  });

  it('takes a no for the same again, for a moment', async () => {
    const [a, b] = [await lab.add('a.yaml'), await lab.add('b.yaml', 2)];
    lab.reply = 'no';
    for (let n = 0; n < 3; n++) assert.deepEqual(await lab.ask([a], { ...sops, pid: 20 + n }), { code: 'DENIED' });
    assert.equal(lab.asked.length, 1);
    lab.reply = 'once';
    assert.deepEqual(keysOf(await lab.ask([b])), [[...raw(2)]]);
    assert.deepEqual(keysOf(await lab.ask([a], other)), [[...raw(1)]]);
    assert.deepEqual(await lab.ask([a, b]), { code: 'DENIED' });
    lab.pass(2_000);
    assert.deepEqual(keysOf(await lab.ask([a])), [[...raw(1)]]);
  });

  it('decrypts nothing but keys', async () => {
    lab.reply = 'once';
    for (const length of [0, 4, 16, 31, 34, 64]) {
      const enc = await wrapKey(new Uint8Array(length).fill(7), alice.recipient);
      assert.deepEqual(await lab.ask([{ enc, held: proofOf(new Uint8Array(length).fill(7)) }]), { code: 'NOT_MINE' });
    }
    const part = await wrapKey(new Uint8Array(33), alice.recipient);
    assert.deepEqual(keysOf(await lab.ask([{ enc: part }])), [[...new Uint8Array(33)]]);
  });

  it('never asks again after never, until that is forgotten', async () => {
    const a = await lab.add('a.yaml');
    lab.reply = 'never';
    const first = lab.ask([a]);
    assert.deepEqual(await first, { code: 'DENIED' });
    lab.agent.lock();
    assert.deepEqual(await lab.ask([a]), { code: 'DENIED' });
    assert.equal(lab.asked.length, 1);
    const [grant] = lab.agent.grants;
    assert.equal(grant?.verdict, 'never');
    lab.agent.forget(grant);
    lab.reply = 'once';
    const again = lab.ask([a]);
    assert.deepEqual(keysOf(await again), [[...raw(1)]]);
  });

  it('makes one question of a burst, and adds nothing to a question that stands', async () => {
    const [a, b, c] = [await lab.add('a.yaml'), await lab.add('b.yaml', 2), await lab.add('c.yaml', 3)];
    let begin: () => void = () => undefined;
    lab.gathered = new Promise((resolve) => {
      begin = resolve;
    });
    const burst = Array.from({ length: 30 }, (_, i) => lab.ask([i % 2 ? a : b], { ...sops, pid: 1000 + i }));
    await until(() => lab.fitted >= burst.length);
    begin();
    await until(() => lab.asked.length > 0);
    assert.deepEqual(
      lab.asked.map(({ files }) => files),
      [['a.yaml', 'b.yaml']],
    );
    const [same, more, foreign] = [lab.ask([a]), lab.ask([c]), lab.ask([a], other)];
    await until(() => lab.fitted >= burst.length + 3);
    assert.equal(lab.asked.length, 1, 'one question at a time');
    lab.open.shift()?.('once');
    assert.deepEqual(
      (await Promise.all(burst)).map(keysOf),
      burst.map((_, i) => [[...raw(i % 2 ? 1 : 2)]]),
    );
    assert.deepEqual(keysOf(await same), [[...raw(1)]]);
    for (let n = 0; n < 2; n++) {
      await until(() => lab.open.length > 0);
      lab.open.shift()?.('no');
    }
    assert.deepEqual([await more, await foreign], [{ code: 'DENIED' }, { code: 'DENIED' }]);
    assert.deepEqual(
      new Set(lab.asked.slice(1).map(({ files, client }) => `${files} ${client.program}`)),
      new Set([`c.yaml ${sops.program}`, `a.yaml ${other.program}`]),
    );
  });

  it('answers after a minute, at a lock and at the end, whatever the person does', async () => {
    const a = await lab.add('a.yaml');
    const slow = lab.ask([a]);
    await until(() => lab.asked.length > 0);
    lab.pass(60_000);
    assert.deepEqual(await slow, { code: 'NO_ANSWER' });
    const joined = lab.ask([a]);
    await until(() => lab.fitted >= 2);
    lab.shut = 'LOCKED';
    lab.agent.lock();
    assert.deepEqual(await joined, { code: 'LOCKED' });
    assert.deepEqual(await lab.ask([a]), { code: 'LOCKED' });
    lab.open.shift()?.('session');
    await idle();
    assert.deepEqual(lab.agent.grants, [], 'an answer of before the lock is good for nothing');
    lab.shut = undefined;
    const last = lab.ask([a]);
    await until(() => lab.open.length > 0);
    lab.agent.close();
    assert.deepEqual(await last, { code: 'CLOSED' });
    assert.deepEqual(await lab.ask([a]), { code: 'CLOSED' });
    lab.open.shift()?.('once');
    await idle();
    assert.deepEqual(lab.recorded, []);
  });

  it('takes an answer that comes late for the next time', async () => {
    const a = await lab.add('a.yaml');
    const slow = lab.ask([a]);
    await until(() => lab.asked.length > 0);
    lab.pass(60_000);
    assert.deepEqual(await slow, { code: 'NO_ANSWER' });
    lab.open.shift()?.('session');
    await until(() => lab.agent.grants.length > 0);
    assert.deepEqual(keysOf(await lab.ask([a])), [[...raw(1)]]);
  });

  it('gives nothing out of a workspace without trust', async () => {
    const a = await lab.add('a.yaml');
    lab.shut = 'UNTRUSTED';
    assert.deepEqual(await lab.ask([a]), { code: 'UNTRUSTED' });
    assert.equal(lab.asked.length, 0);
  });

  it('tells of a key that waits for its pass phrase', async () => {
    const theirs = await lab.add('b.yaml', 2, bob.recipient);
    lab.keyring = { ...lab.keyring, asleep: async (recipients) => recipients.includes(bob.recipient) };
    assert.deepEqual(await lab.ask([theirs]), { code: 'LOCKED' });
  });

  it('remembers nothing of a file or a program that it does not know', async () => {
    const a = await lab.add('a.yaml');
    const unknown = { enc: await wrapKey(raw(7), alice.recipient) };
    lab.reply = 'session';
    for (const [keys, client] of [
      [[unknown], sops],
      [[a, unknown], sops],
      [[a], {}],
      [[a], { ...sops, program: '/bin/bash', unscripted: true }],
    ] as const) {
      for (let n = 0; n < 2; n++) {
        const before = lab.asked.length;
        const answer = lab.ask(keys, client);
        assert.ok('keys' in (await answer));
        assert.equal(lab.asked.length, before + 1);
        assert.equal(lab.asked.at(-1)?.mayRemember, false);
      }
    }
    assert.deepEqual(lab.agent.grants, []);
    assert.deepEqual(lab.asked[0], { client: sops, files: [], unknown: 1, mayRemember: false });
  });

  it('opens an age header for a file that has it, and is not led astray by a mixed one', async () => {
    const [a, b] = [await lab.add('a.yaml'), await lab.add('b.yaml', 2)];
    const [one, two] = await Promise.all([a, b].map(({ enc }) => stanzasOf(armor.decode(enc))));
    lab.reply = 'session';
    const first = lab.ask([{ stanzas: one ?? [] }]);
    const [key] = keysOf(await first) as number[][];
    assert.equal(key?.length, 16);
    assert.deepEqual(lab.asked[0]?.files, ['a.yaml']);
    assert.deepEqual(keysOf(await lab.ask([{ stanzas: one ?? [] }])), [key]);
    lab.reply = 'no';
    // Allowed for a.yaml only: a header that begins or ends with its stanza opens nothing else.
    for (const stanzas of [
      [...(one ?? []), ...(two ?? [])],
      [...(two ?? []), ...(one ?? [])],
    ]) {
      const mixed = lab.ask([{ stanzas }]);
      assert.deepEqual(await mixed, { code: 'DENIED' });
      assert.equal(lab.asked.at(-1)?.unknown, 1);
    }
  });

  it('asks nobody about a key that the program has shown to have, and believes no other sign of one', async () => {
    rememberWraps();
    const enc = await wrapKey(raw(7), alice.recipient);
    const held = heldProof(enc);
    assert.equal(held, proofOf(raw(7)));
    assert.doesNotMatch(held ?? '', new RegExp(Buffer.from(raw(7)).toString('hex')));
    lab.reply = 'no';
    assert.deepEqual(keysOf(await lab.ask([{ enc, held }])), [[...raw(7)]]);
    assert.deepEqual([lab.asked.length, lab.recorded.length], [0, 0]);
    const a = await lab.add('a.yaml');
    for (const keys of [[{ ...a, held }], [{ enc, held: '' }], [{ enc, held: proofOf(raw(8)) }], [{ enc, held }, a]]) {
      assert.deepEqual(await lab.ask(keys), { code: 'DENIED' });
      lab.pass(2_000);
    }
    assert.deepEqual(lab.asked.at(-1)?.files, ['a.yaml']);
    assert.equal(heldProof('unknown'), undefined);
  });

  it('turns away who asks for too much at once', async () => {
    const a = await lab.add('a.yaml');
    const many = Array.from({ length: 25 }, (_, i) => lab.ask([a], { ...other, program: `/bin/p${i}` }));
    await until(() => lab.fitted >= many.length);
    lab.agent.close();
    const counts = (await Promise.all(many)).map(keysOf);
    assert.deepEqual(
      [counts.filter((code) => code === 'BUSY').length, counts.filter((code) => code === 'CLOSED').length],
      [5, 20],
    );
  });

  it('says that it failed rather than nothing', async () => {
    lab.keyring = {
      openers: () => Promise.reject(new Error('canary')),
    };
    assert.deepEqual(await lab.ask([await lab.add('a.yaml')]), { code: 'FAILED' });
  });
});

describe('a launch', () => {
  let lab: Lab;
  let a: WantedKey;
  let b: WantedKey;
  beforeEach(async () => {
    lab = new Lab();
    lab.keyring = await keyringOf(alice.identity);
    [a, b] = [await lab.add('a.yaml'), await lab.add('b.yaml', 2)];
    lab.reply = 'no';
  });
  const ask = async (keys: readonly WantedKey[], client: AgentClient, id: string | undefined) => {
    const answer = lab.ask(keys, client, id);
    return keysOf(await answer);
  };
  const child: AgentClient = {
    ...other,
    pid: 50,
    began: '5',
    parents: [{ pid: 10, began: '1', program: '/usr/bin/sops' }],
  };

  it('opens its files for its process and those that come of it, without a question', async () => {
    const { id } = lab.agent.launch(['a.yaml', 'b.yaml'], 60_000);
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.deepEqual(await ask([a, b], sops, id), [[...raw(1)], [...raw(2)]]);
    assert.deepEqual(await ask([a], child, id), [[...raw(1)]]);
    assert.equal(lab.asked.length, 0);
    assert.deepEqual(lab.recorded, ['a.yaml', 'b.yaml', 'a.yaml']);
  });

  it('opens nothing else, nothing for another process, and nothing later', async () => {
    const { id } = lab.agent.launch(['a.yaml'], 60_000);
    assert.equal(await ask([b], sops, id), 'DENIED');
    assert.equal(await ask([a, b], sops, id), 'DENIED');
    assert.equal(await ask([a], sops, id?.replace(/^./, 'x')), 'DENIED');
    assert.deepEqual(await ask([a], sops, id), [[...raw(1)]]);
    // A replay, also by one that has its number since.
    for (const client of [other, { ...sops, began: '2' }, {}]) assert.equal(await ask([a], client, id), 'DENIED');
    lab.pass(60_000);
    assert.equal(await ask([a], sops, id), 'DENIED');
    const ended = lab.agent.launch(['a.yaml'], 60_000);
    ended.end();
    assert.equal(await ask([a], sops, ended.id), 'DENIED');
  });

  it('is good once for a process that nobody can tell from another', async () => {
    const { id } = lab.agent.launch(['a.yaml'], 60_000);
    assert.deepEqual(await ask([a], {}, id), [[...raw(1)]]);
    assert.equal(await ask([a], {}, id), 'DENIED');
  });

  it('is a process that was started, by its number: for it and what comes of it, and for nobody else', async () => {
    lab.agent.allowProcess(Promise.resolve({ pid: 10, files: ['a.yaml'] }), 60_000);
    assert.deepEqual(await ask([a], child, undefined), [[...raw(1)]]);
    assert.deepEqual(await ask([a], sops, undefined), [[...raw(1)]]);
    assert.equal(lab.asked.length, 0);
    for (const client of [other, { ...sops, began: '2' }, {}])
      assert.equal(await ask([a], client, undefined), 'DENIED');
    for (const id of ['process 10', 'process undefined']) assert.equal(await ask([a], other, id), 'DENIED');
    assert.equal(await ask([b], sops, undefined), 'DENIED');
    lab.pass(60_000);
    assert.equal(await ask([a], sops, undefined), 'DENIED');
  });

  it('that is known by its number opens its files outside the workspace, too', async () => {
    const { enc } = await lab.add('../.env', 3);
    lab.files.delete('../.env');
    lab.outside.set('../.env', enc);
    lab.agent.allowProcess(Promise.resolve({ pid: 10, files: ['../.env'] }), 60_000);
    assert.deepEqual(await ask([{ enc }], child, undefined), [[...raw(3)]]);
    assert.equal(await ask([{ enc }], other, undefined), 'DENIED');
  });

  it('is waited for while it starts, but not for ever, and not where nothing starts', async () => {
    let start = (_: { pid: number; files: string[] }) => {};
    lab.agent.allowProcess(new Promise((resolve) => (start = resolve)), 60_000);
    const early = ask([a], sops, undefined);
    await idle();
    assert.equal(lab.asked.length, 0);
    start({ pid: 10, files: ['a.yaml'] });
    assert.deepEqual(await early, [[...raw(1)]]);
    lab.agent.allowProcess(new Promise(() => undefined), 60_000);
    lab.agent.allowProcess(Promise.reject(new Error('it did not start')), 60_000);
    const late = ask([b], sops, undefined);
    await idle();
    lab.pass(10_000);
    assert.equal(await late, 'DENIED');
    assert.equal(lab.asked.length, 1);
  });

  it('opens nothing while the keys are locked', async () => {
    const { id } = lab.agent.launch(['a.yaml'], 60_000);
    lab.shut = 'LOCKED';
    assert.equal(await ask([a], sops, id), 'LOCKED');
  });
});
