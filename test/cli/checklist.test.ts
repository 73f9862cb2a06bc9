import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { checklistFor } from '../../src/core/checklist/checklist.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { alice, bob, carol, clock } from '../core/support.ts';
import { Lab } from './lab.ts';

describe('checklists on the command line', function () {
  this.timeout(30_000);
  let lab: Lab;
  const list = '.lockstep/leavers/maria.md';
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], {
      cwd: lab.folder,
      encoding: 'utf8',
    });
  const commit = () => {
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', 'more');
  };
  const rows = (out: string) =>
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t').slice(1).join(': '));

  beforeEach(async () => {
    lab = new Lab();
    git('init', '-q', '-b', 'main');
    const recipients = [alice.recipient, bob.recipient];
    lab.write(
      'a.yaml',
      (await seal('one: canary-1\ntwo: canary-2\nthree: canary-3\n', 'yaml', { recipients }, clock)).text,
    );
    commit();
    const { git: platformGit, disk } = nodePlatform;
    assert.ok(disk);
    const files = [{ path: 'a.yaml', bytes: Buffer.from(lab.read('a.yaml')) }];
    const leaver = { name: 'Maria', recipients: [bob.recipient] };
    const made = await checklistFor({ leaver, root: lab.folder, files, git: platformGit, disk, now: clock.now() });
    mkdirSync(join(lab.folder, '.lockstep/leavers'), { recursive: true });
    lab.write(list, made?.text ?? '');
    await lab.run(['rotate', '-i', '--rm-age', bob.recipient, 'a.yaml'], { answers: [] });
    commit();
  });
  afterEach(() => lab.dispose());

  it('lists what is left without a key, and ends with 10', async () => {
    const ran = await lab.run(['checklist', 'list'], { env: { SOPS_AGE_KEY: undefined } });
    assert.equal(ran.code, 10);
    assert.equal(ran.out, ['one', 'two', 'three'].map((entry) => `${list}\ta.yaml\t${entry}\n`).join(''));
    assert.equal(ran.err, '');
  });

  it('compares, ticks what changed, and takes a wrong tick away', async () => {
    assert.deepEqual(rows((await lab.run(['checklist', 'verify'])).out), [
      'a.yaml: one: still the value that could be read',
      'a.yaml: two: still the value that could be read',
      'a.yaml: three: still the value that could be read',
    ]);
    await lab.run(['set', 'a.yaml', '["one"]', '"canary-new"']);
    const text = lab.read(list);
    lab.write(
      list,
      text.replace('- [ ] `two`', '- [x] `two`').replace(/- \[ \] (`three`.*)/, '- [x] $1; changed on 2026-11-20'),
    );
    const verified = await lab.run(['checklist', 'verify', list]);
    assert.equal(verified.code, 10);
    assert.deepEqual(rows(verified.out), [
      'a.yaml: one: changed, not ticked yet: lockstep checklist tick',
      'a.yaml: two: ticked by hand; still the value that could be read',
      'a.yaml: three: ticked; still the value that could be read',
    ]);
    const ticked = await lab.run(['checklist', 'tick']);
    assert.equal(ticked.code, 10);
    assert.deepEqual(rows(ticked.out), ['a.yaml: three']);
    assert.match(lab.read(list), /- \[x\] `one`: in `[0-9a-f]{10}`; changed on 2026-11-21\n/);
    assert.match(lab.read(list), /- \[x\] `two`: in `[0-9a-f]{10}`\n- \[ \] `three`: in `[0-9a-f]{10}`\n/);
    await lab.run(['set', 'a.yaml', '["three"]', '"canary-new"']);
    assert.deepEqual({ ...(await lab.run(['checklist', 'tick'])) }, { code: 0, out: '', err: '' });
    assert.equal((await lab.run(['checklist', 'verify'])).code, 0);
    assert.equal((await lab.run(['checklist', 'list'])).code, 0);
    assert.ok(!lab.read(list).includes('canary'));
  });

  it('says why it cannot compare', async () => {
    const none = await lab.run(['checklist', 'verify'], { env: { SOPS_AGE_KEY: undefined } });
    assert.equal(none.code, 128);
    assert.equal(none.out, '');
    const other = await lab.run(['checklist', 'verify'], { env: { SOPS_AGE_KEY: carol.identity } });
    assert.equal(other.code, 10);
    assert.ok(rows(other.out).every((row) => row.includes('not compared: none of your keys opens the file')));
    const before = lab.read(list);
    await lab.run(['checklist', 'tick'], { env: { SOPS_AGE_KEY: carol.identity } });
    assert.equal(lab.read(list), before, 'what is not known ticks nothing and takes no tick away');
    const clone = join(lab.folder, 'clone');
    git('clone', '-q', '--depth', '1', `file://${lab.folder}`, clone);
    const shallow = await lab.run(['checklist', 'verify'], { cwd: clone });
    assert.equal(shallow.code, 10);
    assert.ok(rows(shallow.out).every((row) => row.includes('not compared: no version')));
    assert.match(shallow.err, /part of the history/);
  });

  it('takes no other file for a checklist, and is fine where there is none', async () => {
    lab.write('notes.md', '# Notes\n- [ ] `a`: b\n');
    assert.equal((await lab.run(['checklist', 'list', 'notes.md'])).code, 1);
    assert.equal((await lab.run(['checklist', 'list', 'none.md'])).code, 2);
    lab.write('.lockstep/leavers/notes.md', 'notes');
    lab.write('.lockstep/leavers/image.md', Buffer.from([0xff, 0xfe, 0x00]));
    assert.equal(rows((await lab.run(['checklist', 'list'])).out).length, 3);
    const empty = new Lab();
    try {
      assert.deepEqual({ ...(await empty.run(['checklist', 'verify'])) }, { code: 0, out: '', err: '' });
    } finally {
      empty.dispose();
    }
  });

  it('writes through no link', async () => {
    const outside = lab.write('outside.md', lab.read(list));
    git('rm', '-q', '--cached', list);
    symlinkSync(outside, join(lab.folder, '.lockstep/leavers/linked.md'));
    await lab.run(['set', 'a.yaml', '["one"]', '"canary-new"']);
    const before = lab.read('outside.md');
    await lab.run(['checklist', 'tick']);
    assert.equal(lab.read('outside.md'), before);
  });
});
