import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { change } from '../../src/core/change/change.ts';
import type { Intent } from '../../src/core/change/intent.ts';
import { Digests, type OpenFile } from '../../src/core/checklist/digests.ts';
import { formatOfBytes } from '../../src/core/format/which.ts';
import { agesOf } from '../../src/core/history/ages.ts';
import { exposuresOf } from '../../src/core/history/exposed.ts';
import { type Source, walk } from '../../src/core/history/walk.ts';
import { open } from '../../src/core/open/open.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { labelOf } from '../../src/core/sops/label.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { text as str } from '../../src/core/tree/value.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { alice, bob, carol, clock, keyringOf } from '../core/support.ts';

const { git } = nodePlatform;

describe('the history of a value', function () {
  this.timeout(60_000);
  let root: string;
  let days: number;
  const env = () => ({ ...process.env, GIT_AUTHOR_DATE: date(), GIT_COMMITTER_DATE: date() });
  const date = () => new Date(Date.UTC(2026, 0, 1 + days)).toISOString();
  const runIn = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], {
      cwd,
      encoding: 'utf8',
      env: env(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const run = (...args: string[]) => runIn(root, ...args);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  /** Each a day after the one before. */
  const commit = (message: string) => {
    days++;
    run('add', '-A');
    run('commit', '-q', '--allow-empty', '-m', message);
  };
  const read = (name: string, at = root) => readFileSync(join(at, name));
  const sealed = async (name: string, text: string, ...recipients: string[]) => {
    const { format } = formatOfBytes(name, Buffer.from(text));
    write(name, (await seal(text, format, { recipients }, clock)).text);
  };
  const opened = async (name: string) => {
    const { format, text } = formatOfBytes(name, read(name));
    return open(readSealed(text, format), await keyringOf(alice.identity));
  };
  const edit = async (name: string, intent: Intent) =>
    write(name, (await change(await opened(name), intent, clock)).text);
  const idOf = async (name: string, label: string) =>
    (await opened(name)).sealed.leaves.find((leaf) => labelOf(leaf) === label)?.id ?? '';
  const set = async (name: string, label: string, value: string) =>
    edit(name, { kind: 'set', id: await idOf(name, label), value: str(value) });
  const opener =
    (identity: string): OpenFile =>
    async ({ path, bytes }, work) => {
      const { format, text } = formatOfBytes(path, bytes);
      const found = await open(readSealed(text, format), await keyringOf(identity)).catch(() => undefined);
      return found && work(found);
    };
  const source = (path: string, more: Partial<Source> = {}) => {
    assert.ok(git);
    const at = more.root ?? root;
    const file = { path, bytes: Uint8Array.from(read(path, at)) };
    return { git, root: at, open: opener(alice.identity), ...more, file };
  };
  /** `<subject>: <kind> <entry>`, newest first. */
  const seen = async (path: string, entry?: string, more: Partial<Source> = {}) => {
    const rows: string[] = [];
    for await (const { commit, changes } of walk(source(path, more), entry === undefined ? undefined : { entry }))
      for (const one of changes)
        rows.push(
          `${commit.made?.summary ?? 'disk'}: ${one.kind} ${one.formerly === undefined ? '' : `${one.formerly} → `}${one.entry}`,
        );
    return rows;
  };
  const labels = async (path: string) => (await opened(path)).sealed.leaves.map(labelOf);
  const ages = async (path: string, more: Partial<Source> = {}) => {
    const found: Record<string, string> = {};
    for await (const { entry, since, atLeast } of agesOf(source(path, more), await labels(path)))
      found[entry] = `${atLeast ? '≥ ' : ''}${since?.toISOString().slice(0, 10) ?? 'not committed'}`;
    return found;
  };

  beforeEach(() => {
    days = 0;
    root = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep git ')));
    run('init', '-q', '-b', 'main');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('has the commits in which it changed, through renames of file and entry, and none that only encrypted it anew', async () => {
    write('old name/a.env', 'TOKEN=first-value!\nOTHER=something-else!\n');
    commit('plain');
    await sealed('old name/a.env', 'TOKEN=first-value!\nOTHER=something-else!\n', alice.recipient, bob.recipient);
    commit('encrypted');
    await set('old name/a.env', 'TOKEN', 'second-value!');
    commit('changed');
    await edit('old name/a.env', { kind: 'rotate', rmAge: [bob.recipient] });
    commit('rotated');
    await edit('old name/a.env', { kind: 'rename', id: await idOf('old name/a.env', 'TOKEN'), key: 'API_TOKEN' });
    commit('entry renamed');
    mkdirSync(join(root, 'config'));
    run('mv', 'old name/a.env', 'config/b.env');
    commit('file renamed');
    await set('config/b.env', 'OTHER', 'another-one!');
    commit('other');
    await set('config/b.env', 'API_TOKEN', 'third-value!');
    assert.deepEqual(await seen('config/b.env', 'API_TOKEN'), [
      'disk: changed API_TOKEN',
      'entry renamed: renamed TOKEN → API_TOKEN',
      'changed: changed TOKEN',
      'plain: added TOKEN',
    ]);
    assert.deepEqual(await ages('config/b.env'), { API_TOKEN: 'not committed', OTHER: '2026-01-08' });
    const readers: unknown[] = [];
    for await (const { changes, readers: who, commit } of walk(source('config/b.env'), { entry: 'API_TOKEN' }))
      if (changes.length > 0) readers.push([commit.path, who?.map(({ name }) => name.slice(0, 8))]);
    const [a, b] = [alice.recipient.slice(0, 8), bob.recipient.slice(0, 8)];
    assert.deepEqual(readers, [
      ['config/b.env', [a]],
      ['old name/a.env', [a]],
      ['old name/a.env', [a, b]],
      ['old name/a.env', undefined],
    ]);
  });

  it('has what branches changed, and of a merge what none of them has', async () => {
    await sealed('a.env', 'TOKEN=first-value!\nOTHER=something-else!\n', alice.recipient);
    commit('one');
    run('checkout', '-q', '-b', 'side');
    run('mv', 'a.env', 'moved.env');
    commit('moved on side');
    await set('moved.env', 'TOKEN', 'side-value!');
    commit('side');
    run('checkout', '-q', 'main');
    await set('a.env', 'TOKEN', 'main-value!');
    commit('main');
    run('merge', '-q', '--no-commit', '-X', 'ours', 'side');
    await set('moved.env', 'TOKEN', 'merged-value!');
    commit('merge');
    assert.deepEqual(await seen('moved.env', 'TOKEN'), [
      'merge: changed TOKEN',
      'side: changed TOKEN',
      'main: changed TOKEN',
      'one: added TOKEN',
    ]);
    // Somebody took one side whole: the merge changed nothing, the other side is still told.
    run('checkout', '-q', '-b', 'two', 'HEAD^');
    run('merge', '-q', '-s', 'ours', 'side');
    assert.deepEqual(await seen('a.env', 'TOKEN'), ['main: changed TOKEN', 'one: added TOKEN']);
    assert.deepEqual(await seen('a.env', 'TOKEN', { all: true }), await seen('a.env', 'TOKEN'), 'another name');
  });

  it('passes over what cannot be read, and tells what changed meanwhile', async () => {
    await sealed('a.yaml', 'db:\n  token: first-value!\n  n: 1\n', alice.recipient);
    commit('one');
    const before = read('a.yaml');
    write('a.yaml', `<<<<<<< ours\n${before}=======\n>>>>>>> theirs\n`);
    commit('broken');
    writeFileSync(join(root, 'a.yaml'), before);
    await set('a.yaml', 'db.token', 'second-value!');
    commit('mended');
    run('rm', '-q', 'a.yaml');
    commit('removed');
    await sealed('a.yaml', 'db:\n  token: third-value!\n  n: 1\n', alice.recipient);
    commit('again');
    const rows = await seen('a.yaml', 'db.token');
    assert.deepEqual(rows, [
      'again: added db.token',
      'removed: removed db.token',
      'broken: changed db.token',
      'one: added db.token',
    ]);
    let passed = 0;
    for await (const one of walk(source('a.yaml'), { entry: 'db.token' })) passed = one.passed;
    assert.equal(passed, 1);
    assert.deepEqual(await seen('a.yaml', 'no.such'), []);
  });

  it('says which versions no key here opens', async () => {
    await sealed('a.env', 'TOKEN=first-value!\n', bob.recipient);
    commit('for bob');
    await sealed('a.env', 'TOKEN=first-value!\n', alice.recipient);
    commit('for alice');
    assert.deepEqual(await seen('a.env', 'TOKEN'), ['for alice: unseen TOKEN', 'for bob: added TOKEN']);
    assert.deepEqual(await ages('a.env'), { TOKEN: '≥ 2026-01-03' });
  });

  it('knows what a clone does not have', async () => {
    await sealed('a.env', 'TOKEN=first-value!\nOTHER=something-else!\n', alice.recipient);
    commit('one');
    await set('a.env', 'TOKEN', 'second-value!');
    commit('two');
    await set('a.env', 'OTHER', 'another-one!');
    commit('three');
    run('config', 'uploadpack.allowFilter', 'true');
    const clone = (name: string, ...how: string[]) => {
      const at = join(root, name);
      runIn(root, 'clone', '-q', ...how, `file://${root}`, at);
      return at;
    };
    const shallow = clone('.git/shallow-clone', '--depth=2');
    assert.deepEqual(await seen('a.env', undefined, { root: shallow }), [
      'three: changed OTHER',
      'two: added TOKEN',
      'two: added OTHER',
    ]);
    assert.deepEqual(await ages('a.env', { root: shallow }), { OTHER: '2026-01-04', TOKEN: '≥ 2026-01-03' });
    // Nothing is fetched: what is not there is passed over.
    const partial = clone('.git/partial-clone', '--filter=blob:none');
    assert.deepEqual(await seen('a.env', 'TOKEN', { root: partial }), ['one: added TOKEN']);
    let last: { standsIn: boolean; passed: number } | undefined;
    for await (const one of walk(source('a.env', { root: partial }), { entry: 'TOKEN' })) last = one;
    assert.deepEqual([last?.standsIn, last?.passed], [true, 2]);
    assert.deepEqual(await ages('a.env', { root: partial }), {});
    const bare = clone('.git/no-trees', '--filter=tree:0');
    await assert.rejects(() => seen('a.env', 'TOKEN', { root: bare }), { code: 'GIT_FAILED' });
    rmSync(join(root, '.git/no-trees'), { recursive: true });
  });

  it('gives nothing outside git, and takes no name for a flag or a pattern', async () => {
    assert.ok(git);
    const outside = mkdtempSync(join(tmpdir(), 'lockstep no git '));
    writeFileSync(join(outside, 'a.env'), 'A=1\n');
    assert.deepEqual(await seen('a.env', undefined, { root: outside }), []);
    rmSync(outside, { recursive: true });
    write('a.env', 'A=1\n');
    assert.deepEqual(await seen('a.env'), ['disk: added A'], 'no commit yet');
    for (const name of ['--output=x.env', ':(glob)*.env', '*.env', '\x02a\x03\n"b.env']) {
      await sealed(name, 'TOKEN=first-value!\n', alice.recipient);
      commit(name === '*.env' ? 'star' : 'file');
    }
    assert.deepEqual(await seen('*.env'), ['star: added TOKEN']);
    assert.deepEqual(await seen('\x02a\x03\n"b.env'), ['file: added TOKEN']);
    assert.deepEqual(await seen('--output=x.env'), ['file: added TOKEN']);
  });

  it('knows what a commit has in plaintext, or for somebody who is no reader any more', async () => {
    assert.ok(git);
    write('old.env', 'PLAIN=plain-value!\n');
    commit('plain');
    run('mv', 'old.env', 'a.env');
    await sealed(
      'a.env',
      'PLAIN=plain-value!\nTOKEN=first-value!\nOTHER=something-else!\n',
      alice.recipient,
      bob.recipient,
    );
    commit('for two');
    run('checkout', '-q', '-b', 'side');
    await set('a.env', 'TOKEN', 'side-value!');
    commit('on side');
    run('checkout', '-q', 'main');
    await edit('a.env', { kind: 'rotate', rmAge: [bob.recipient] });
    await edit('a.env', {
      kind: 'add',
      to: { group: '[0]' },
      members: [{ key: 'NEW', value: { kind: 'scalar', scalar: str('new-value!') } }],
    });
    commit('for one');
    const exposed = async (identity = alice.identity) => {
      const digests = new Digests(opener(identity));
      const bytes = Uint8Array.from(read('a.env'));
      const now = (await opened('a.env')).sealed;
      const found = await exposuresOf({ git, root }, 'a.env', now, digests);
      const present = await digests.present({ path: 'a.env', bytes });
      return [...found].map(([label, { former, values, unseen }]) => {
        const digest = present?.get(label)?.digest;
        const is = unseen ? 'unseen' : digest !== undefined && values.has(digest) ? 'the same' : 'another';
        return `${label} ${former.map(({ name }) => name === bob.recipient).join() || 'plaintext'} ${is}`;
      });
    };
    assert.deepEqual((await exposed()).sort(), ['OTHER true the same', 'PLAIN true the same', 'TOKEN true the same']);
    await set('a.env', 'TOKEN', 'fresh-value!');
    await set('a.env', 'PLAIN', 'fresh-value!');
    assert.deepEqual((await exposed()).sort(), ['OTHER true the same', 'PLAIN true another', 'TOKEN true another']);
    await set('a.env', 'TOKEN', 'side-value!');
    assert.ok((await exposed()).includes('TOKEN true the same'), 'as another branch has it');
    await sealed('a.env', 'PLAIN=plain-value!\nTOKEN=x-value!\n', alice.recipient);
    assert.deepEqual(
      (await exposed(carol.identity)).sort(),
      ['PLAIN true unseen', 'TOKEN true unseen'],
      'without a key',
    );
  });

  it('ends git when nobody reads on', async () => {
    for (let n = 0; n < 20; n++) {
      write('a.env', `A=value-${n}\n`);
      commit(`number ${n}`);
    }
    for await (const { commit, changes } of walk(source('a.env')))
      if (changes.length > 0) {
        assert.equal(commit.made?.summary, 'number 19');
        break;
      }
  });
});
