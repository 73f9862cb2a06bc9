import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { change } from '../../src/core/change/change.ts';
import type { Intent } from '../../src/core/change/intent.ts';
import { checklistFor, type Leaver } from '../../src/core/checklist/checklist.ts';
import { compare } from '../../src/core/checklist/compare.ts';
import type { OpenFile } from '../../src/core/checklist/digests.ts';
import { readChecklist } from '../../src/core/checklist/form.ts';
import { formatOfBytes } from '../../src/core/format/which.ts';
import { open } from '../../src/core/open/open.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { text as str } from '../../src/core/tree/value.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { alice, bob, clock, keyringOf } from '../core/support.ts';

const { git, disk } = nodePlatform;
const maria: Leaver = { name: 'Maria', recipients: [bob.recipient] };

describe('the checklist of a leaver', function () {
  this.timeout(30_000);
  let root: string;
  const run = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  const commit = (message = 'more') => {
    run('add', '-A');
    run('commit', '-q', '--allow-empty', '-m', message);
    return run('rev-parse', 'HEAD').slice(0, 10);
  };
  const read = (name: string) => readFileSync(join(root, name));
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
  const set = async (name: string, key: string, value: string) => {
    const leaf = (await opened(name)).sealed.leaves.find(({ path }) => path[0] === key);
    await edit(name, { kind: 'set', id: leaf?.id ?? '', value: str(value) });
  };
  const remove = (name: string) => edit(name, { kind: 'rotate', rmAge: [bob.recipient] });
  const files = (...names: string[]) => names.map((path) => ({ path, bytes: Uint8Array.from(read(path)) }));
  const make = async (...names: string[]) => {
    assert.ok(git && disk);
    return checklistFor({ leaver: maria, root, files: files(...names), git, disk, now: clock.now() });
  };
  const itemsOf = (text: string | undefined) => (text ?? '').split('\n').filter((line) => /^(?:##|- \[)/.test(line));
  const openFile =
    (identity: string): OpenFile =>
    async ({ path, bytes }, work) => {
      const { format, text } = formatOfBytes(path, bytes);
      const found = await open(readSealed(text, format), await keyringOf(identity)).catch(() => undefined);
      return found && work(found);
    };
  const standings = async (text: string | undefined, names: readonly string[], identity = alice.identity) => {
    const list = readChecklist(text ?? '');
    assert.ok(list && git);
    const { findings } = await compare(list, { git, root, files: files(...names), open: openFile(identity) });
    return findings.map(({ item, standing, now }) => `${item.entry} ${standing}${now === undefined ? '' : ` ${now}`}`);
  };

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep leaver ')));
    run('init', '-q', '-b', 'main');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('lists what was readable now and in the past, under former names, on other branches and in files that are gone', async () => {
    await sealed('old name.env', 'A=canary-1\nGONE=canary-2\n', alice.recipient, bob.recipient);
    const first = commit();
    run('checkout', '-q', '-b', 'side');
    await set('old name.env', 'A', 'canary-3');
    await edit('old name.env', {
      kind: 'add',
      to: { group: '[0]' },
      members: [{ key: 'SIDE', value: { kind: 'scalar', scalar: str('canary-4') } }],
    });
    const side = commit();
    run('checkout', '-q', 'main');
    await edit('old name.env', { kind: 'remove', ids: [(await opened('old name.env')).sealed.leaves[1]?.id ?? ''] });
    await sealed('dropped.yaml', 'token: canary-5\n', alice.recipient, bob.recipient);
    await sealed('other.yaml', 'theirs: canary-6\n', alice.recipient);
    const second = commit();
    run('mv', 'old name.env', 'config.env');
    run('rm', '-q', 'dropped.yaml');
    const renamed = commit();
    await edit('config.env', {
      kind: 'add',
      to: { group: '[0]' },
      members: [{ key: 'NEW', value: { kind: 'scalar', scalar: str('canary-7') } }],
    });
    const made = await make('config.env', 'other.yaml');
    assert.equal(made?.path, '.lockstep/leavers/maria.md');
    assert.deepEqual(itemsOf(made?.text), [
      '## `config.env`',
      `- [ ] \`A\`: in \`${renamed}\``,
      '- [ ] `NEW`: in no commit',
      `- [ ] \`GONE\`: in \`${side}\` as \`old name.env\`, no longer in the file`,
      `- [ ] \`SIDE\`: in \`${side}\` as \`old name.env\`, no longer in the file`,
      '## `dropped.yaml` (no longer here)',
      `- [ ] \`token\`: in \`${second}\``,
    ]);
    assert.equal(made?.items, 5);
    assert.ok(!/canary|ENC\[/.test(made?.text ?? ''), 'no value, encrypted or not');
    assert.notEqual(first, second);
  });

  it('lists what has the data key that they had, and what was plaintext, and nothing that they could not read', async () => {
    write('a.env', 'A=canary-1\nB=2\n');
    const plain = commit();
    await sealed('a.env', 'A=canary-1\n', alice.recipient, bob.recipient);
    commit();
    // The entry of the reader goes, the data key stays.
    write(
      'a.env',
      read('a.env')
        .toString()
        .replace(new RegExp(`(sops_age__list_\\d__map_recipient=)${bob.recipient}`), `$1${alice.recipient}`),
    );
    commit();
    const { sealed: kept, dataKey } = await opened('a.env');
    assert.ok(!kept.metadata.recipients.includes(bob.recipient));
    const enc = await dataKey.seal({ type: 'str', value: 'canary-3' }, 'B:');
    write('a.env', `B=${enc}\n${read('a.env')}`);
    const same = commit();
    await edit('a.env', { kind: 'rotate' }).catch(() => sealed('a.env', 'A=x\nB=y\nC=canary-4\n', alice.recipient));
    await sealed('a.env', 'A=x\nB=y\nC=canary-4\n', alice.recipient);
    commit();
    const items = itemsOf((await make('a.env'))?.text);
    assert.deepEqual(
      items.map((line) => line.replace(/:.*/, '')),
      ['## `a.env`', '- [ ] `A`', '- [ ] `B`'],
    );
    assert.ok(items[2]?.includes(same), 'the newest commit with that data key');
    assert.notEqual(plain, same);
  });

  it('knows what changed: a re-encrypted value did not', async () => {
    await sealed(
      'a.yaml',
      'a: canary-one\nb: canary-two\nc: canary-three\nd: canary-four\ne: canary-five\n',
      alice.recipient,
      bob.recipient,
    );
    commit();
    await set('a.yaml', 'a', 'canary-newer');
    commit();
    const made = await make('a.yaml');
    await remove('a.yaml');
    commit();
    assert.deepEqual(await standings(made?.text, ['a.yaml']), ['a same', 'b same', 'c same', 'd same', 'e same']);
    await set('a.yaml', 'a', 'canary-one');
    await set('a.yaml', 'b', 'canary-fresh');
    const leaf = (await opened('a.yaml')).sealed.leaves.find(({ path }) => path[0] === 'c');
    await edit('a.yaml', { kind: 'rename', id: leaf?.id ?? '', key: 'renamed' });
    const last = (await opened('a.yaml')).sealed.leaves.find(({ path }) => path[0] === 'd');
    await edit('a.yaml', { kind: 'remove', ids: [last?.id ?? ''] });
    const expected = ['a same', 'b changed', 'c renamed renamed', 'd gone', 'e same'];
    assert.deepEqual(await standings(made?.text, ['a.yaml']), expected);
    run('add', '-A');
    run('mv', 'a.yaml', 'moved.yaml');
    commit();
    assert.deepEqual(await standings(made?.text, ['moved.yaml']), expected, 'the file has another name');
    assert.deepEqual(await standings(made?.text, []), [
      'a file-gone',
      'b file-gone',
      'c file-gone',
      'd file-gone',
      'e file-gone',
    ]);
  });

  it('says what it cannot know', async () => {
    await sealed('a.yaml', 'a: canary-one\n', alice.recipient, bob.recipient);
    commit();
    const made = await make('a.yaml');
    assert.deepEqual(await standings(made?.text, ['a.yaml']), ['a still-reader']);
    await remove('a.yaml');
    commit();
    assert.deepEqual(await standings(made?.text, ['a.yaml'], bob.identity), ['a unread']);
    await set('a.yaml', 'a', 'canary-two');
    write(
      'a.yaml',
      read('a.yaml')
        .toString()
        .replace(/mac: ENC\[AES256_GCM,data:..../, 'mac: ENC[AES256_GCM,data:AAAA'),
    );
    assert.deepEqual(await standings(made?.text, ['a.yaml']), ['a unread'], 'a file with a wrong MAC is not believed');
    run('checkout', '-q', '--', 'a.yaml');
    run('checkout', '-q', '--orphan', 'fresh');
    commit();
    run('branch', '-q', '-D', 'main');
    assert.deepEqual(await standings(made?.text, ['a.yaml']), ['a unknown'], 'history was rewritten');
  });

  it('passes over damaged versions, and names them', async () => {
    await sealed('a.yaml', 'a: canary-one\n', alice.recipient, bob.recipient);
    commit();
    const whole = read('a.yaml').toString();
    write('a.yaml', `${whole}<<<<<<< ours\n: : [\n`);
    const broken = commit();
    write('a.yaml', whole);
    await set('a.yaml', 'a', 'canary-two');
    commit();
    const made = await make('a.yaml');
    assert.equal(made?.items, 1);
    assert.ok(made?.text.includes(`passed over: \`a.yaml\` in \`${broken}\`.`));
    await remove('a.yaml');
    await set('a.yaml', 'a', 'canary-one');
    assert.deepEqual(
      await standings(made?.text, ['a.yaml']),
      ['a same'],
      'the whole version beside the damaged one counts',
    );
  });

  it('has a name of its own, that every system takes', async () => {
    await sealed('a.yaml', 'a: canary-one\n', alice.recipient, bob.recipient);
    write('.lockstep/leavers/maria.md', 'there');
    assert.equal((await make('a.yaml'))?.path, '.lockstep/leavers/maria-2.md');
    assert.ok(git && disk);
    const named = async (name: string | undefined) =>
      (await checklistFor({ leaver: { ...maria, name }, root, files: files('a.yaml'), git, disk, now: clock.now() }))
        ?.path;
    assert.equal(await named('../../Zoë  Łukasz/'), '.lockstep/leavers/zoe-ukasz.md');
    assert.equal(await named('CON'), '.lockstep/leavers/leaver-con.md');
    assert.equal(await named('山田'), '.lockstep/leavers/leaver.md');
    assert.match((await named(undefined)) ?? '', /leavers\/age14zu526z-hqft\.md$/);
  });

  it('is about one folder of a repository, and follows a file into it', async () => {
    await sealed('elsewhere.yaml', 'a: canary-one\n', alice.recipient, bob.recipient);
    await sealed('other.yaml', 'b: canary-two\n', alice.recipient, bob.recipient);
    const first = commit();
    mkdirSync(join(root, 'app'));
    run('mv', 'elsewhere.yaml', 'app/a.yaml');
    commit();
    assert.ok(git && disk);
    const folder = join(root, 'app');
    const held = () => [{ path: 'a.yaml', bytes: Uint8Array.from(read('app/a.yaml')) }];
    const made = await checklistFor({ leaver: maria, root: folder, files: held(), git, disk, now: clock.now() });
    assert.deepEqual(itemsOf(made?.text).length, 2, 'nothing of other.yaml');
    await remove('app/a.yaml');
    await set('app/a.yaml', 'a', 'canary-one');
    const list = readChecklist(made?.text ?? '');
    assert.ok(list);
    const open = openFile(alice.identity);
    const compared = async () =>
      (await compare(list, { git, root: folder, files: held(), open })).findings.map(({ standing }) => standing);
    assert.deepEqual(await compared(), ['same']);
    await set('app/a.yaml', 'a', 'canary-new');
    assert.deepEqual(await compared(), ['changed']);
    assert.match(first, /^[0-9a-f]{10}$/);
  });

  it('does without git, and says so; nothing to list is no list', async () => {
    await sealed('a.yaml', 'a: canary-one\n', alice.recipient, bob.recipient);
    await sealed('b.yaml', 'a: canary-one\n', alice.recipient);
    assert.ok(disk);
    const made = await checklistFor({
      leaver: maria,
      root,
      files: files('a.yaml'),
      git: undefined,
      disk,
      now: clock.now(),
    });
    assert.ok(made?.text.includes('- [ ] `a`: in no commit\n') && made.text.includes('Git was not at hand'));
    assert.equal(await make('b.yaml'), undefined);
  });
});
