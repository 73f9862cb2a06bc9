import assert from 'node:assert/strict';
import type { BatchFile, Watch } from '../../../src/core/batch/file.ts';
import { type Recovery, recover } from '../../../src/core/batch/recover.ts';
import { writeAll } from '../../../src/core/batch/transaction.ts';
import { contentOf } from '../../../src/core/platform/disk.ts';
import type { SealedBytes } from '../../../src/core/seal/prove.ts';
import { clock } from '../support.ts';
import { Killed, root, World } from './world.ts';

const paths = Array.from({ length: 8 }, (_, i) => `${root}/service-${i}/secrets.yaml`);
const policy = `${root}/.lockstep/policy.yaml`;
const config = `${root}/.sops.yaml`;

/** Eight encrypted files, the rules, and a policy that is not there yet. */
function world(): World {
  const made = new World();
  for (const path of paths) made.put(path, `old ${path}`);
  made.put(config, 'old rules');
  return made;
}

// Whether a text is proved is not what is looked at here.
const sealed = (text: string) => Buffer.from(text) as Uint8Array as SealedBytes;

function batchOf(made: World): { root: string; what: string; files: BatchFile[] } {
  const before = (path: string) => contentOf(made.files.get(path) ?? new Uint8Array());
  const files: BatchFile[] = paths.map((path) => ({ path, before: before(path), sealed: sealed(`new ${path}`) }));
  files.push({ path: config, before: before(config), config: 'new rules' });
  files.push({ path: policy, before: undefined, config: 'new policy' });
  return { root, what: 'a test', files };
}

const stateOf = (made: World): 'old' | 'new' | 'mixed' => {
  const texts = made.texts();
  const all = Object.values(texts);
  if (all.every((text) => text.startsWith('new'))) return policy in texts ? 'new' : 'mixed';
  return all.every((text) => text.startsWith('old')) ? 'old' : 'mixed';
};

const nothingLeft = (made: World) => assert.deepEqual([made.journal, [...made.beside]], [undefined, []]);
const write = (made: World, watch?: Watch) => writeAll(made.start(), batchOf(made), clock, watch);

/** How many calls a change makes when nothing is in its way. */
async function callsOf(): Promise<number> {
  const made = world();
  assert.equal((await write(made)).kind, 'done');
  return made.calls;
}

describe('a change of many files', () => {
  it('writes all of them, and leaves no journal', async () => {
    const made = world();
    const outcome = await write(made);
    assert.equal(outcome.kind === 'done' && outcome.files.length, 10);
    assert.equal(stateOf(made), 'new');
    nothingLeft(made);
    assert.equal(await recover(made.start('second'), root), undefined);
  });

  it('killed at any moment: the next start finishes it, or finds all files as they were, and says which', async () => {
    const calls = await callsOf();
    const seen = new Map<string, number>();
    for (let n = 1; n <= calls; n++) {
      for (const side of ['-', '+'] as const) {
        const made = world();
        made.kill = `${n}${side}`;
        await assert.rejects(write(made), Killed, `${n}${side}`);
        made.kill = undefined;
        const found = await recover(made.start('second'), root);
        const said = found?.kind ?? 'nothing';
        seen.set(said, (seen.get(said) ?? 0) + 1);
        assert.equal(
          stateOf(made),
          said === 'finished' || (said === 'nothing' && n === calls) ? 'new' : 'old',
          `${n}${side}: ${said}`,
        );
        assert.ok(['nothing', 'untouched', 'finished'].includes(said), `${n}${side}: ${said}`);
        nothingLeft(made);
        assert.equal(await recover(made.start('third'), root), undefined);
      }
    }
    for (const said of ['nothing', 'untouched', 'finished']) assert.ok((seen.get(said) ?? 0) > 3, said);
  });

  it('killed, and killed again at any moment of the recovery: a third start ends it', async () => {
    const calls = await callsOf();
    const made = () => {
      const one = world();
      one.kill = `${calls - 5}+`;
      return one;
    };
    const half = made();
    await assert.rejects(write(half), Killed);
    assert.equal(stateOf(half), 'mixed');
    half.kill = undefined;
    await recover(half.start('second'), root);
    for (let n = 1; n <= half.calls; n++) {
      const again = made();
      await assert.rejects(write(again), Killed);
      again.kill = `${n}${n % 2 ? '-' : '+'}`;
      await assert.rejects(recover(again.start('second'), root), Killed);
      again.kill = undefined;
      await recover(again.start('third'), root);
      assert.equal(stateOf(again), 'new', `${n}`);
      nothingLeft(again);
    }
  });

  it('that fails at any moment leaves all files as they were', async () => {
    const calls = await callsOf();
    const seen = new Set<string>();
    for (let n = 1; n <= calls; n++) {
      const made = world();
      made.fail = (call) => call === n;
      const { kind } = await write(made);
      seen.add(kind);
      made.fail = () => false;
      // Only the last two fail after everything was done: the folders could not be synced, or the journal not be removed.
      assert.equal(stateOf(made), n >= calls - 1 ? 'new' : 'old', `${n}: ${kind}`);
      await recover(made.start('second'), root);
      assert.equal(stateOf(made), n >= calls - 1 ? 'new' : 'old', `${n}: ${kind}`);
      assert.equal(made.journal, undefined);
    }
    assert.deepEqual([...seen].sort(), ['done', 'put-back', 'refused']);
  });

  it('that fails and cannot be put back says which files are new, and the next start ends it', async () => {
    const made = world();
    const calls = await callsOf();
    made.fail = (call) => call > calls - 6;
    const outcome = await write(made);
    assert.ok(outcome.kind === 'half');
    assert.equal(outcome.written.length + outcome.rest.length, 10);
    for (const path of outcome.written) assert.match(made.texts()[path] ?? '', /^new/);
    for (const path of outcome.rest) assert.doesNotMatch(made.texts()[path] ?? '', /^new/);
    made.fail = () => false;
    assert.equal((await recover(made.start('second'), root))?.kind, 'finished');
    assert.equal(stateOf(made), 'new');
    nothingLeft(made);
  });

  const refusals: Record<string, [(made: World) => void, Watch, string, RegExp]> = {
    'a file that changed after it was read': [(made) => made.put(paths[7] ?? '', 'theirs'), {}, 'CHANGED_ON_DISK', /7/],
    'a file that is gone': [(made) => made.files.delete(paths[3] ?? ''), {}, 'GONE', /3/],
    'a file that came': [(made) => made.put(policy, 'theirs'), {}, 'CHANGED_ON_DISK', /policy/],
    'a read-only file': [(made) => made.closed.add(paths[5] ?? ''), {}, 'READ_ONLY', /5/],
    'a link out of the root': [(made) => made.links.set(paths[2] ?? '', '/etc/passwd'), {}, 'NOT_A_FILE', /2/],
    'unsaved edits': [() => undefined, { unsaved: (path) => path === paths[4] }, 'CHANGED_ON_DISK', /4/],
    'another change on its way': [
      (made) => {
        made.journal = Buffer.from('x');
      },
      {},
      'IN_PROGRESS',
      /repo$/,
    ],
  };
  for (const [name, [prepare, watch, code, path]] of Object.entries(refusals)) {
    it(`is refused whole for ${name}, which is named`, async () => {
      const made = world();
      const batch = batchOf(made);
      prepare(made);
      const texts = made.texts();
      const journal = made.journal;
      const outcome = await writeAll(made.start(), batch, clock, watch);
      assert.ok(outcome.kind === 'refused', outcome.kind);
      assert.deepEqual(
        outcome.failures.map(({ error }) => error.code),
        [code],
      );
      assert.match(outcome.failures[0]?.path ?? '', path);
      assert.deepEqual(made.texts(), texts);
      assert.deepEqual([made.journal, [...made.beside]], [journal, []]);
    });
  }

  it('takes nothing outside its root, nothing of git, no file twice, and no text without proof but rules and what is in .lockstep', async () => {
    const one = (file: object) => ({ root, what: 'a test', files: [file as BatchFile] });
    for (const path of ['/other/a.yaml', `${root}/../a.yaml`, `${root}/.git/config`, `${root}/a/.GIT/hooks/x`]) {
      const made = world();
      const outcome = await writeAll(made.start(), one({ path, before: undefined, sealed: sealed('new') }), clock);
      assert.equal(outcome.kind, 'refused', path);
      assert.ok(!made.files.has(path));
    }
    const made = world();
    const plain = { path: `${root}/plain.yaml`, before: undefined, config: 'password: example' };
    assert.equal((await writeAll(made.start(), one(plain), clock)).kind, 'refused');
    const [first] = batchOf(made).files;
    const twice = { root, what: 'a test', files: [first, first] as BatchFile[] };
    assert.equal((await writeAll(made.start(), twice, clock)).kind, 'refused');
    assert.equal(stateOf(made), 'old');
  });

  it('can be stopped until the first file is replaced, and not after that', async () => {
    const asked = async (stopAt: number) => {
      const made = world();
      let n = 0;
      const outcome = await write(made, { cancelled: () => ++n >= stopAt });
      return { made, outcome, n };
    };
    const { n: most } = await asked(Number.POSITIVE_INFINITY);
    for (let at = 1; at <= most; at++) {
      const { made, outcome } = await asked(at);
      assert.deepEqual([outcome.kind, stateOf(made)], ['cancelled', 'old'], `${at}`);
      nothingLeft(made);
    }
    assert.equal((await asked(most + 1)).outcome.kind, 'done');
  });

  it('writes no plaintext down, and after a kill finishes what was to be encrypted', async () => {
    const made = world();
    const [path = ''] = paths;
    made.put(path, 'canary: example-plaintext');
    const batch = batchOf(made);
    const files = batch.files.map((file) => (file.path === path ? { ...file, wasPlain: true } : file)) as BatchFile[];
    made.kill = `${(await callsOf()) - 3}+`;
    await assert.rejects(writeAll(made.start(), { ...batch, files }, clock), Killed);
    assert.equal(made.written.length, 1);
    for (const bytes of made.written) assert.ok(!Buffer.from(bytes).includes('example-plaintext'));
    made.kill = undefined;
    made.put(paths[6] ?? '', 'theirs');
    const found = await recover(made.start('second'), root);
    assert.ok(found?.kind === 'finished');
    assert.deepEqual(found.changed, [paths[6]]);
    assert.equal(made.texts()[path], `new ${path}`);
  });
});

describe('a change of many files that was not ended', () => {
  /** Killed when about half of the files were replaced. */
  async function half(): Promise<World> {
    const made = world();
    made.kill = `${(await callsOf()) - 5}+`;
    await assert.rejects(write(made), Killed);
    made.kill = undefined;
    assert.equal(stateOf(made), 'mixed');
    return made;
  }
  const untouched = async (made: World, look: (found: Recovery | undefined) => void, watch?: Watch) => {
    const [texts, journal] = [made.texts(), made.journal];
    look(await recover(made.start('second'), root, watch));
    assert.deepEqual([made.texts(), made.journal], [texts, journal]);
  };

  it('is put back when somebody changed one of its files meanwhile, whose change stays', async () => {
    for (const change of ['theirs', undefined]) {
      for (const path of [paths[0] ?? '', paths[7] ?? '']) {
        const made = await half();
        if (change === undefined) made.files.delete(path);
        else made.put(path, change);
        const found = await recover(made.start('second'), root);
        assert.ok(found?.kind === 'put-back');
        assert.deepEqual(found.changed, [path]);
        assert.equal(made.texts()[path], change);
        for (const [one, text] of Object.entries(made.texts())) if (one !== path) assert.match(text, /^old/);
        nothingLeft(made);
      }
    }
  });

  it('is dropped when everything was restored meanwhile', async () => {
    const made = await half();
    for (const path of paths) made.put(path, `old ${path}`);
    made.put(config, 'old rules');
    made.files.delete(policy);
    assert.equal((await recover(made.start('second'), root))?.kind, 'untouched');
    assert.equal(stateOf(made), 'old');
    nothingLeft(made);
  });

  it('waits while another process is at it, and while a file has unsaved edits', async () => {
    const made = await half();
    made.running.add('first');
    await untouched(made, (found) => assert.equal(found?.kind, 'running'));
    made.running.clear();
    const unsaved = (path: string) => path === paths[6];
    await untouched(made, (found) => assert.deepEqual(found?.kind === 'waiting' && found.files, [paths[6]]), {
      unsaved,
    });
    assert.equal((await recover(made.start('second'), root))?.kind, 'finished');
  });

  it('stays when a file cannot be written, and is ended later', async () => {
    const made = await half();
    made.closed.add(paths[7] ?? '');
    const found = await recover(made.start('second'), root);
    assert.ok(found?.kind === 'stuck');
    assert.deepEqual(
      found.failures.map(({ path, error }) => [path, error.code]),
      [[paths[7], 'READ_ONLY']],
    );
    assert.ok(made.journal);
    made.closed.clear();
    assert.equal((await recover(made.start('second'), root))?.kind, 'finished');
    nothingLeft(made);
  });

  it('is not touched on the word of a journal that is damaged, cut, or of another machine or folder', async () => {
    const whole = (await half()).journal ?? new Uint8Array();
    const cases: Record<string, Uint8Array> = { nothing: new Uint8Array(), words: Buffer.from('a\nb\nc') };
    for (let n = 1; n < 20; n++) cases[`cut ${n}`] = whole.subarray(0, Math.floor((whole.length * n) / 20));
    for (let n = 0; n < 40; n++) {
      const bent = Uint8Array.from(whole);
      const at = Math.floor((whole.length * n) / 40);
      bent[at] = (bent[at] ?? 0) ^ 1;
      cases[`bent ${n}`] = bent;
    }
    for (const [name, journal] of Object.entries(cases)) {
      const made = await half();
      made.journal = journal;
      await untouched(made, (found) => assert.equal(found?.kind, 'unusable', name));
    }
    const other = await half();
    other.key = 'another machine';
    await untouched(other, (found) => assert.ok(found?.kind === 'unusable' && found.error.place.what === 'foreign'));
    const moved = await half();
    const found = await recover(moved.start('second'), '/elsewhere');
    assert.ok(found?.kind === 'unusable');
  });

  it('does not follow a link that was put in the place of a file', async () => {
    const made = await half();
    made.links.set(paths[1] ?? '', '/etc/passwd');
    await untouched(made, (found) => assert.ok(found?.kind === 'unusable' && found.error.place.what === 'path'));
  });
});
