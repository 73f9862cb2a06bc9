import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bob } from '../../core/support.ts';
import { builtCli } from '../built.ts';
import { Repo } from './repo.ts';

const file = 's.enc.yaml';
const plain = `# head\na: one\nb: two\ng:\n  c: three\n  d: four\n`;

describe('git with the merge driver', function () {
  this.timeout(120_000);
  let cli: string;
  let repo: Repo;
  before(async () => {
    cli = await builtCli();
  });

  const start = async (...init: string[]) => {
    repo = new Repo(cli, ...init);
    await repo.seal(file, plain);
    repo.commit('base');
    repo.install();
  };
  afterEach(() => repo.dispose());

  /** A commit on a branch of its own, from where main is; then main again. */
  const onSide = async (change: (text: string) => string, { branch = 'side', rotated = false } = {}) => {
    repo.done('checkout', '-q', '-b', branch, 'main');
    await repo.edit(file, change, rotated);
    repo.commit(branch);
    repo.done('checkout', '-q', 'main');
  };
  const onMain = async (change: (text: string) => string, rotated = false) => {
    await repo.edit(file, change, rotated);
    repo.commit('main');
  };

  it('merges, cherry-picks, reverts, pulls and pops a stash, entry by entry', async () => {
    await start();
    await onSide((text) => text.replace('one', 'side').replace('# head', '# other'));
    await onMain((text) => text.replace('two', 'main'));
    const wanted = plain.replace('one', 'side').replace('# head', '# other').replace('two', 'main');
    repo.done('merge', '-q', '-m', 'merge', 'side');
    assert.equal(await repo.plain(file), wanted);
    // cherry-pick
    await onSide((text) => text.replace('three', 'picked'), { branch: 'pick' });
    await onMain((text) => text.replace('four', 'stays'));
    repo.done('cherry-pick', 'pick');
    assert.equal(await repo.plain(file), wanted.replace('three', 'picked').replace('four', 'stays'));
    // revert
    repo.done('revert', '--no-edit', 'HEAD~1');
    assert.equal(await repo.plain(file), wanted.replace('three', 'picked'));
    // stash
    await repo.edit(file, (text) => text.replace('picked', 'stashed'));
    repo.done('stash', '-q');
    await onMain((text) => `${text}e: five\n`);
    repo.done('stash', 'pop', '-q');
    assert.equal(await repo.plain(file), `${wanted.replace('three', 'stashed')}e: five\n`);
    repo.commit('popped');
    // pull
    const other = join(repo.home, 'clone');
    repo.done('clone', '-q', repo.folder, other);
    await onMain((text) => text.replace('five', 'upstream'));
    const upstream = repo.folder;
    repo.folder = other;
    for (const [name, value] of [
      ['merge.lockstep.driver', 'lockstep merge-driver %O %A %B %P'],
      ['pull.rebase', 'false'],
    ])
      repo.done('config', name ?? '', value ?? '');
    await onMain((text) => text.replace('stashed', 'local'));
    repo.done('pull', '-q', '--no-edit');
    assert.equal(await repo.plain(file), `${wanted.replace('three', 'local')}e: upstream\n`);
    repo.folder = upstream;
  });

  it('leaves a valid file and the stages of git where both changed an entry, and says which without a value', async () => {
    await start();
    await onSide((text) => text.replace('one', 'canary-side').replace('three', 'merged'));
    await onMain((text) => text.replace('one', 'canary-main'));
    const { code, err, out } = repo.git('merge', 'side');
    assert.equal(code, 1);
    assert.match(err, /^ {2}a\tchanged in ours, changed in theirs$/m);
    assert.ok(!`${out}${err}`.includes('canary'));
    assert.equal(await repo.plain(file), plain.replace('one', 'canary-main').replace('three', 'merged'));
    assert.equal(repo.done('ls-files', '-u', file).trim().split('\n').length, 3);
    const objects = repo.done('cat-file', '--batch', '--batch-all-objects');
    const files = readdirSync(repo.folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const texts = files.map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'));
    assert.ok(objects.includes('ENC[') && texts.length > 20);
    for (const text of [objects, ...texts]) assert.ok(!/canary|<<<<<<</.test(text));
  });

  describe('of a file with a named encryption key', () => {
    const [x, y, z] = [1, 2, 3].map((byte) => Buffer.alloc(16, byte).toString('base64')) as [string, string, string];
    const withKey = (key: string) => `${plain}encryption_keys:\n  orders: ${key}\n`;
    const begin = async () => {
      repo = new Repo(cli);
      await repo.seal(file, withKey(x));
      repo.commit('base');
      repo.install();
    };

    it('leaves a conflict where one side removed it, and loses it only by a choice that says so', async () => {
      await begin();
      await onSide((text) => text.slice(0, text.indexOf('encryption_keys')).replace('one', 'side'));
      await onMain((text) => text.replace('two', 'main'));
      const { code, err } = repo.git('merge', 'side');
      assert.equal(code, 1);
      assert.match(err, /You decide about one entry\. The file has ours there/);
      assert.match(err, /^ {2}encryption_keys\.orders\tunchanged in ours, removed in theirs$/m);
      assert.match(err, /An encryption key is lost with the side that is not taken/);
      assert.ok(!err.includes(x));
      const merged = withKey(x).replace('one', 'side').replace('two', 'main');
      assert.equal(await repo.plain(file), merged);
      const kept = repo.lockstep('git', 'repair', file, '--ours', 'encryption_keys.orders');
      assert.equal(kept.code, 0, kept.err);
      assert.ok(!/is replaced or removed/.test(kept.err));
      assert.equal(await repo.plain(file), merged);
      const gone = repo.lockstep('git', 'repair', file, '--take', 'theirs');
      assert.equal(gone.code, 0, gone.err);
      assert.match(gone.err, /The encryption key orders in s\.enc\.yaml is replaced or removed by this/);
      assert.match(gone.err, /cannot be decrypted without it/);
      assert.ok(!(await repo.plain(file)).includes(x));
    });

    it('does so in a revert of what brought it, a cherry-pick and a rebase of a reset, and says it of two resets', async () => {
      await begin();
      await onMain((text) => `${text}  users: ${y}\n`);
      await onMain((text) => text.replace('one', '1'));
      assert.equal(repo.git('revert', '--no-edit', 'HEAD~1').code, 1);
      assert.ok((await repo.plain(file)).includes(`users: ${y}`));
      repo.done('revert', '--abort');
      await onSide((text) => text.replace(x, z), { rotated: true });
      await onMain((text) => text.replace('two', '2'));
      assert.equal(repo.git('cherry-pick', 'side').code, 1);
      assert.ok((await repo.plain(file)).includes(`orders: ${x}`));
      repo.done('cherry-pick', '--abort');
      repo.done('checkout', '-q', 'side');
      assert.equal(repo.git('rebase', 'main').code, 1);
      assert.equal(repo.lockstep('git', 'repair', file, '--theirs', 'encryption_keys.orders').code, 0);
      repo.done('add', file);
      repo.done('-c', 'core.editor=true', 'rebase', '--continue');
      const rebased = await repo.plain(file);
      assert.ok([`orders: ${z}`, `users: ${y}`, 'a: 1', 'b: 2'].every((one) => rebased.includes(one)));
      repo.done('checkout', '-q', 'main');
      await onMain((text) => text.replace(x, Buffer.alloc(16, 4).toString('base64')));
      const { code, err } = repo.git('merge', 'side');
      assert.equal(code, 1);
      assert.match(err, /Both sides changed one entry\./);
      assert.match(err, /An encryption key is lost with the side that is not taken/);
    });

    it('keeps a reset of ours where an older commit is reverted or a branch from before comes, and says so', async () => {
      await begin();
      await onMain((text) => text.replace('one', '1'));
      await onSide((text) => text.replace('two', '2'));
      await onMain((text) => text.replace(x, z));
      for (const words of [
        ['revert', '--no-edit', 'HEAD~1'],
        ['merge', '-q', '-m', 'merge', 'side'],
      ]) {
        const { code, err } = repo.git(...words);
        assert.equal(code, 0, err);
        assert.match(err, /The encryption key orders in s\.enc\.yaml is replaced or removed by this/);
      }
      assert.equal(await repo.plain(file), withKey(z).replace('two', '2'));
    });
  });

  it('rebases fifty commits that each change a secret, both sides with a new data key', async () => {
    repo = new Repo(cli);
    const rows = Array.from({ length: 50 }, (_, i) => `k${i}: v\n`).join('');
    await repo.seal(file, `${rows}up: 0\n`);
    repo.commit('base');
    repo.install();
    repo.done('checkout', '-q', '-b', 'side');
    for (let i = 0; i < 50; i++) {
      await repo.edit(file, (text) => text.replace(`k${i}: v`, `k${i}: n${i}`), i === 20);
      repo.commit(`${i}`);
    }
    repo.done('checkout', '-q', 'main');
    await onMain((text) => text.replace('up: 0', 'up: 1'), true);
    repo.done('checkout', '-q', 'side');
    repo.done('rebase', '-q', 'main');
    assert.equal(repo.done('rev-list', '--count', 'main..side').trim(), '50');
    assert.equal(await repo.plain(file), `${rows.replace(/k(\d+): v/g, 'k$1: n$1')}up: 1\n`);
    const first = repo.done('show', `side~49:${file}`);
    assert.equal(await repo.plain(file, first), `${rows.replace('k0: v', 'k0: n0')}up: 1\n`);
  });

  it('merges criss-cross, with a conflict that a merged ancestor would hide', async () => {
    await start();
    await onSide((text) => text.replace('one', 'A'));
    await onMain((text) => text.replace('two', 'B'));
    const [main, side] = ['main', 'side'].map((name) => repo.done('rev-parse', name).trim());
    repo.done('merge', '-q', '-m', 'x', side ?? '');
    await onMain((text) => text.replace('three', 'main'));
    repo.done('checkout', '-q', 'side');
    repo.done('merge', '-q', '-m', 'x', main ?? '');
    await repo.edit(file, (text) => text.replace('three', 'side').replace('four', 'side'));
    repo.commit('side');
    repo.done('checkout', '-q', 'main');
    const { code, err } = repo.git('merge', 'side');
    assert.equal(code, 1);
    assert.match(err, /^ {2}g\.c\t/m);
    assert.equal(
      await repo.plain(file),
      plain.replace('one', 'A').replace('two', 'B').replace('three', 'main').replace('four', 'side'),
    );
  });

  it('merges in linked work trees, sparse check-outs and repositories with SHA-256', async () => {
    await start('--object-format=sha256');
    await onSide((text) => text.replace('one', 'A'), { branch: 'x' });
    await onSide((text) => text.replace('two', 'B'), { branch: 'y', rotated: true });
    await onMain((text) => text.replace('three', 'C'));
    const wanted = plain.replace('one', 'A').replace('two', 'B').replace('three', 'C');
    for (const branch of ['x', 'y']) repo.done('merge', '-q', '-m', branch, branch);
    assert.equal(await repo.plain(file), wanted);
    await onSide((text) => text.replace('four', 'linked'), { branch: 'z' });
    await onMain((text) => text.replace('A', 'AA'));
    const tree = join(repo.home, 'linked');
    repo.done('worktree', 'add', '-q', tree, 'z');
    const own = repo.folder;
    repo.folder = tree;
    repo.done('merge', '-q', '-m', 'linked', 'main');
    assert.equal(await repo.plain(file), wanted.replace('A', 'AA').replace('four', 'linked'));
    repo.folder = own;
    // A submodule is a repository with its folder elsewhere.
    const outer = new Repo(cli, '--object-format=sha256');
    outer.done('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', own, 'inner');
    repo.folder = join(outer.folder, 'inner');
    repo.done('config', 'merge.lockstep.driver', 'lockstep merge-driver %O %A %B %P');
    repo.done('checkout', '-q', '-b', 'inside', 'origin/main');
    await repo.edit(file, (text) => text.replace('B', 'inside'));
    repo.commit('inside');
    repo.done('merge', '-q', '-m', 'inside', 'origin/z');
    assert.ok((await repo.plain(file)).includes('b: inside'));
    outer.dispose();
    repo.folder = own;
    // The file is in no check-out of this one.
    repo.write('docs/readme', 'text');
    repo.commit('docs');
    repo.done('sparse-checkout', 'set', '--no-cone', '/docs/');
    assert.ok(!repo.has(file));
    repo.done('merge', '-q', '-m', 'sparse', 'z');
    assert.equal(
      await repo.plain(file, repo.done('show', `HEAD:${file}`)),
      wanted.replace('A', 'AA').replace('four', 'linked'),
    );
  });

  it('leaves to git what is deleted on one side, and merges what both added or renamed', async () => {
    await start();
    repo.done('checkout', '-q', '-b', 'gone');
    repo.done('rm', '-q', file);
    repo.commit('gone');
    repo.done('checkout', '-q', 'main');
    await onMain((text) => text.replace('one', 'kept'));
    assert.equal(repo.git('merge', 'gone').code, 1);
    assert.equal(await repo.plain(file), plain.replace('one', 'kept'));
    const { code, err } = repo.lockstep('git', 'repair', file);
    assert.deepEqual([code, /deleted in theirs/.test(err)], [1, true]);
    repo.done('merge', '--abort');
    repo.done('checkout', '-q', '-b', 'moved', 'HEAD~1');
    repo.done('mv', file, 'other.enc.yaml');
    await repo.edit('other.enc.yaml', (text) => text.replace('two', 'moved'));
    await repo.seal('new.enc.yaml', 'x: 1\nboth: same\n');
    repo.commit('moved');
    repo.done('checkout', '-q', 'main');
    await repo.seal('new.enc.yaml', 'z: 2\nboth: same\n');
    repo.commit('new');
    repo.done('merge', '-q', '-m', 'x', 'moved');
    assert.equal(await repo.plain('other.enc.yaml'), plain.replace('one', 'kept').replace('two', 'moved'));
    assert.deepEqual((await repo.plain('new.enc.yaml')).trim().split('\n').sort(), ['both: same', 'x: 1', 'z: 2']);
  });

  it('asks about readers that only the other side has', async () => {
    await start();
    repo.done('checkout', '-q', '-b', 'side');
    await repo.addReader(file, bob.recipient);
    repo.commit('bob');
    repo.done('checkout', '-q', 'main');
    await onMain((text) => text.replace('one', 'main'));
    const before = repo.read(file);
    const { code, err } = repo.git('merge', 'side');
    assert.equal(code, 1);
    assert.ok(err.includes(bob.recipient) && err.includes('--accept-readers'), err);
    assert.equal(repo.read(file), before);
    const repaired = repo.lockstep('git', 'repair', file, '--accept-readers');
    assert.equal(repaired.code, 0, repaired.err);
    assert.equal(await repo.plain(file), plain.replace('one', 'main'));
    assert.ok(repo.read(file).includes(bob.recipient));
  });

  it('says what is missing where no key is at hand, and leaves the file as git made it', async () => {
    await start();
    await onSide((text) => text.replace('one', 'side'));
    await onMain((text) => text.replace('two', 'main'));
    const before = repo.read(file);
    const key = repo.env.SOPS_AGE_KEY;
    repo.env.SOPS_AGE_KEY = bob.identity;
    const { code, err } = repo.git('merge', 'side');
    assert.equal(code, 1);
    assert.match(err, /s\.enc\.yaml \(ours\): /);
    assert.equal(repo.read(file), before);
    assert.equal(repo.done('ls-files', '-u', file).trim().split('\n').length, 3);
    repo.env.SOPS_AGE_KEY = key;
    const repaired = repo.lockstep('git', 'repair', file);
    assert.equal(repaired.code, 0, repaired.err);
    assert.equal(await repo.plain(file), plain.replace('one', 'side').replace('two', 'main'));
  });

  it('merges as git does without the configuration, and repairs what came of that', async () => {
    await start();
    repo.done('config', '--remove-section', 'merge.lockstep');
    await onSide((text) => text.replace('one', 'side'));
    await onMain((text) => text.replace('one', 'main').replace('four', 'other'));
    assert.equal(repo.git('merge', 'side').code, 1);
    assert.match(repo.read(file), /^<<<<<<< /m);
    const { code, err } = repo.lockstep('git', 'repair', file);
    assert.equal(code, 1);
    assert.match(err, /^ {2}a\tchanged in ours, changed in theirs$/m);
    assert.equal(await repo.plain(file), plain.replace('one', 'main').replace('four', 'other'));
    // Somebody chose a side of each part by hand, and said that it is done.
    repo.done('checkout', '-q', '--merge', '--', file);
    repo.write(
      file,
      repo
        .read(file)
        .replace(/<<<<<<< .*\n([\s\S]*?)=======\n[\s\S]*?>>>>>>> .*\n/g, '$1')
        .replace(/mac: \S+/, (mac) => mac.replace('data:', 'data:A')),
    );
    await assert.rejects(repo.plain(file));
    repo.done('add', file);
    const chosen = repo.lockstep('git', 'repair', file, '--take', 'theirs');
    assert.equal(chosen.code, 0, chosen.err);
    assert.equal(await repo.plain(file), plain.replace('one', 'side').replace('four', 'other'));
    assert.equal(repo.lockstep('git', 'repair', file).code, 0);
  });

  it('keeps what somebody made of a file in conflict', async () => {
    await start();
    await onSide((text) => text.replace('one', 'side'));
    await onMain((text) => text.replace('one', 'main'));
    assert.equal(repo.git('merge', 'side').code, 1);
    await repo.edit(file, (text) => text.replace('main', 'by hand'));
    const mine = repo.read(file);
    assert.equal(repo.lockstep('git', 'repair', file).code, 1);
    assert.equal(repo.read(file), mine);
    // A locked index is in nobody's way.
    mkdirSync(join(repo.folder, '.git', 'index.lock'));
    assert.equal(repo.lockstep('git', 'repair', file, '--theirs', '["a"]').code, 0);
    assert.equal(await repo.plain(file), plain.replace('one', 'side'));
    assert.match(repo.lockstep('git', 'repair', file, '--theirs', 'b').err, /b is not an entry/);
    assert.equal(repo.lockstep('git', 'repair', file, '--theirs', 'a', '--ours', 'a').code, 8);
  });

  it('says what was chosen so far in each next step, so that following them ends', async () => {
    repo = new Repo(cli);
    const odd = 'two words.enc.yaml';
    await repo.seal(odd, plain);
    repo.commit('base');
    repo.install();
    repo.done('checkout', '-q', '-b', 'side');
    await repo.edit(odd, (text) => text.replace('one', 'side').replace('two', 'side'));
    await repo.addReader(odd, bob.recipient);
    repo.commit('side');
    repo.done('checkout', '-q', 'main');
    await repo.edit(odd, (text) => text.replace('one', 'main').replace('two', 'main'));
    repo.commit('main');
    assert.equal(repo.git('merge', 'side').code, 1);
    let { code, err } = repo.lockstep('git', 'repair', odd, '--theirs', 'a');
    const steps: string[] = [];
    while (code !== 0 && steps.length < 5) {
      const [, step = ''] = /: (lockstep git repair .*?)(?:\. Then: .*)?$/m.exec(err) ?? [];
      steps.push(step);
      ({ code, err } = repo.program('sh', '-c', step));
    }
    assert.deepEqual(
      steps.map((step) => step.replace("lockstep git repair 'two words.enc.yaml' ", '')),
      ['--theirs a --accept-readers', '--theirs a --accept-readers --theirs b'],
    );
    assert.match(err, /Then: git add 'two words\.enc\.yaml'$/m);
    assert.equal(await repo.plain(odd), plain.replace('one', 'side').replace('two', 'side'));
  });

  it('takes a file with a blank and a quote in its name, and merges plain files as git does', async () => {
    repo = new Repo(cli);
    const odd = `dir x/-it's "a".enc.yaml`;
    await repo.seal(odd, plain);
    repo.write('plain.enc.yaml', 'a: 1\nb: 2\nc: 3\nd: 4\n');
    repo.commit('base');
    repo.install();
    repo.done('checkout', '-q', '-b', 'side');
    await repo.edit(odd, (text) => text.replace('one', 'side'));
    repo.write('plain.enc.yaml', 'a: 9\nb: 2\nc: 3\nd: 4\n');
    repo.commit('side');
    repo.done('checkout', '-q', 'main');
    await repo.edit(odd, (text) => text.replace('two', 'main'));
    repo.write('plain.enc.yaml', 'a: 1\nb: 2\nc: 3\nd: 8\n');
    repo.commit('main');
    repo.done('merge', '-q', '-m', 'x', 'side');
    assert.equal(await repo.plain(odd), plain.replace('one', 'side').replace('two', 'main'));
    assert.equal(repo.read('plain.enc.yaml'), 'a: 9\nb: 2\nc: 3\nd: 8\n');
    repo.write('plain.enc.yaml', 'a: 7\n');
    repo.commit('main');
    repo.done('checkout', '-q', 'side');
    appendFileSync(repo.path('plain.enc.yaml'), 'e: 5\n');
    repo.commit('side');
    assert.equal(repo.git('merge', 'main').code, 1);
    assert.match(repo.read('plain.enc.yaml'), /^<<<<<<< ours/m);
  });
});
