import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCli } from '../built.ts';
import { Repo } from './repo.ts';

const file = 'a.enc.yaml';
const plain = 'a: canary-one\nb: canary-two\nc: canary-three\n';

describe('conflicts in odd places', function () {
  this.timeout(120_000);
  let cli: string;
  let repo: Repo;
  before(async () => {
    cli = await builtCli();
  });
  after(() => rmSync(cli, { force: true }));
  beforeEach(async () => {
    repo = new Repo(cli);
    repo.install();
    await repo.seal(file, plain);
    repo.commit('base');
  });
  afterEach(() => repo.dispose());

  const change = async (branch: string, from: string, to: string) => {
    if (branch !== 'main') repo.done('checkout', '-q', '-b', branch, 'main');
    else repo.done('checkout', '-q', 'main');
    await repo.edit(file, (text) => text.replace(from, to));
    repo.commit(branch);
    repo.done('checkout', '-q', 'main');
  };
  const clash = async () => {
    await change('side', 'one', 'side');
    await change('main', 'one', 'main');
  };

  it('git asks no driver for an octopus: git repair settles the last head, and of an earlier one git leaves all as it was', async () => {
    await change('x', 'one', 'x');
    await change('y', 'two', 'y');
    await change('z', 'three', 'z');
    const before = repo.read(file);
    const { code } = repo.git('merge', '-q', '-m', 'octopus', 'x', 'y');
    assert.equal(code, 1);
    assert.match(repo.read(file), /<<<<<<</);
    assert.equal(repo.lockstep('git', 'repair', file).code, 0);
    assert.equal(await repo.plain(file), plain.replace('one', 'x').replace('two', 'y'));
    repo.done('merge', '--abort');
    assert.equal(repo.git('merge', '-q', '-m', 'octopus', 'x', 'y', 'z').code, 2);
    assert.deepEqual([repo.done('status', '--porcelain'), repo.read(file)], ['', before]);
    for (const branch of ['x', 'y', 'z']) repo.done('merge', '-q', '-m', branch, branch);
    assert.equal(await repo.plain(file), plain.replace('one', 'x').replace('two', 'y').replace('three', 'z'));
  });

  it('git repair says that git has no content for a version, as in a clone without all contents', async () => {
    await clash();
    assert.equal(repo.git('merge', 'side').code, 1);
    const ours = repo.read(file);
    const [, id = ''] = /^\d+ ([0-9a-f]+) 1\t/m.exec(repo.done('ls-files', '-u', file)) ?? [];
    repo.done('config', 'extensions.partialClone', 'origin');
    repo.done('config', 'remote.origin.url', join(repo.home, 'nowhere'));
    repo.done('config', 'remote.origin.promisor', 'true');
    const object = repo.path(`.git/objects/${id.slice(0, 2)}/${id.slice(2)}`);
    renameSync(object, join(repo.home, 'aside'));
    const { code, err, out } = repo.lockstep('git', 'repair', file, '--take', 'theirs');
    assert.deepEqual([code, out, /git has no content for a version of this file/.test(err)], [1, '', true], err);
    assert.equal(repo.read(file), ours);
    renameSync(join(repo.home, 'aside'), object);
    assert.equal(repo.lockstep('git', 'repair', file, '--take', 'theirs').code, 0);
    assert.equal(await repo.plain(file), plain.replace('one', 'side'));
  });

  it('a locked index is git’s to refuse, and no hindrance to git repair', async () => {
    await clash();
    const before = repo.read(file);
    const lock = repo.path('.git/index.lock');
    writeFileSync(lock, '');
    const refused = repo.git('merge', 'side');
    assert.ok(refused.code !== 0 && /index/.test(refused.err), refused.err);
    assert.equal(repo.read(file), before);
    rmSync(lock);
    repo.done('merge', '--abort');
    assert.equal(repo.git('merge', 'side').code, 1);
    writeFileSync(lock, '');
    assert.equal(repo.lockstep('git', 'repair', file, '--take', 'theirs').code, 0);
    assert.equal(await repo.plain(file), plain.replace('one', 'side'));
    assert.notEqual(repo.git('add', file).code, 0);
    rmSync(lock);
    repo.done('add', file);
    repo.done('commit', '-q', '-m', 'merged');
  });

  it('says how to go on where the file in conflict was deleted, and that it is in conflict where it is as ours', async () => {
    await clash();
    assert.equal(repo.git('merge', 'side').code, 1);
    rmSync(repo.path(file));
    const { code, err } = repo.lockstep('git', 'repair', file);
    assert.equal(code, 1);
    const [, step = ''] = /^To bring back the conflict: (git .*)$/m.exec(err) ?? [];
    assert.equal(repo.program('sh', '-c', step).code, 0);
    assert.equal(repo.lockstep('git', 'repair', file, '--theirs', 'a').code, 0);
    repo.done('checkout', '-q', '--ours', '--', file);
    const shown = repo.lockstep('diff');
    assert.deepEqual([shown.code, shown.out], [0, `${file}\n`]);
    assert.match(shown.err, /It is in conflict: our side of it is compared/);
    assert.match(repo.lockstep('git', 'repair', 'none.yaml').err, /There is no such file/);
  });

  it('goes on with a rebase in the middle, whose theirs is one’s own commit', async () => {
    await clash();
    repo.done('checkout', '-q', 'side');
    await repo.edit(file, (text) => text.replace('two', 'later'));
    repo.commit('later');
    assert.notEqual(repo.git('rebase', 'main').code, 0);
    assert.equal(await repo.plain(file), plain.replace('one', 'main'));
    assert.equal(repo.lockstep('git', 'repair', file, '--theirs', 'a').code, 0);
    repo.done('add', file);
    repo.done('-c', 'core.editor=true', 'rebase', '--continue');
    assert.equal(await repo.plain(file), plain.replace('one', 'side').replace('two', 'later'));
    assert.equal(repo.done('status', '--porcelain'), '');
  });

  it('merges and repairs a thousand entries in conflict', async () => {
    const many = (value: string) => Array.from({ length: 1000 }, (_, i) => `k${i}: canary-${value}-${i}\n`).join('');
    await repo.seal(file, many('base'));
    repo.commit('many');
    repo.done('checkout', '-q', '-b', 'side');
    await repo.edit(file, () => many('side'));
    repo.commit('side');
    repo.done('checkout', '-q', 'main');
    await repo.edit(file, () => many('main'));
    repo.commit('main');
    const { code, err, out } = repo.git('merge', 'side');
    assert.equal(code, 1);
    assert.equal((err + out).split('\n').filter((line) => /^ {2}k\d+\tchanged in ours/.test(line)).length, 1000);
    assert.equal(await repo.plain(file), many('main'));
    assert.equal(repo.lockstep('git', 'repair', file, '--take', 'theirs').code, 0);
    assert.equal(await repo.plain(file), many('side'));
  });

  it('git install is whole or without effect, whichever call of git fails, and can be run again', async () => {
    repo.done('config', '--remove-section', 'merge.lockstep');
    const real = repo.done('--exec-path').trim();
    const bin = join(repo.home, 'bin', 'git');
    for (const failing of [1, 2, 3]) {
      writeFileSync(
        bin,
        `#!/bin/sh\ncase "$*" in *--replace-all*) echo x >> '${repo.home}/count'; [ $(wc -l < '${repo.home}/count') -eq ${failing} ] && exit 1;; esac\nexec '${real}/git' "$@"\n`,
      );
      chmodSync(bin, 0o755);
      const { code, err } = repo.lockstep('git', 'install', '--yes');
      assert.deepEqual([code, /git did not change its configuration/.test(err)], [1, true], err);
      rmSync(join(repo.home, 'count'));
      rmSync(bin);
      // Without the driver, which is written last, git merges as before.
      assert.equal(repo.git('config', 'merge.lockstep.driver').code, 1);
    }
    assert.equal(repo.lockstep('git', 'install', '--yes').code, 0);
    assert.equal(repo.lockstep('git', 'uninstall', '--yes').code, 0);
    assert.equal(repo.git('config', '--get-regexp', '^merge').code, 1);
  });

  it('leaves no temporary file and no value in git', async () => {
    await clash();
    repo.git('merge', 'side');
    repo.lockstep('git', 'repair', file, '--take', 'theirs');
    repo.commit('merged');
    assert.deepEqual(readdirSync(repo.folder).sort(), ['.git', '.gitattributes', '.sops.yaml', file]);
    const all = repo.done('cat-file', '--batch-all-objects', '--batch', '--unordered');
    assert.ok(!/canary/.test(all) && !/canary/.test(readFileSync(repo.path('.git/index'), 'latin1')));
  });
});
