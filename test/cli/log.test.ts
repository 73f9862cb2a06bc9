import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { seal } from '../../src/core/seal/seal.ts';
import { alice, bob, clock } from '../core/support.ts';
import { Lab } from './lab.ts';

describe('log', function () {
  this.timeout(30_000);
  let lab: Lab;
  let days: number;
  const git = (...args: string[]) => {
    const date = new Date(Date.UTC(2026, 9, 1 + days)).toISOString();
    return execFileSync('git', ['-c', 'user.name=Ada\tL', '-c', 'user.email=ada@example', ...args], {
      cwd: lab.folder,
      encoding: 'utf8',
      env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    });
  };
  const commit = (message: string) => {
    days += 10;
    git('add', 'a.yaml');
    git('commit', '-q', '-m', message);
    return git('rev-parse', 'HEAD').slice(0, 10);
  };
  const set = (key: string, value: string) => lab.run(['set', 'a.yaml', `["${key}"]`, JSON.stringify(value)]);

  beforeEach(async () => {
    days = 0;
    lab = new Lab();
    git('init', '-q', '-b', 'main');
    const recipients = [alice.recipient, bob.recipient];
    const sealed = await seal('token: first-canary!\nother: second-canary!\n', 'yaml', { recipients }, clock);
    lab.write('a.yaml', sealed.text);
    lab.write('.sops.yaml', `creation_rules:\n  - age:\n    - ${alice.recipient} # Alice\n    - ${bob.recipient}\n`);
  });
  afterEach(() => lab.dispose());

  it('prints the commits that changed a value, with who could read it then, and no value', async () => {
    const first = commit('one\x1b[31m');
    await set('token', 'third-canary!');
    const second = commit('two');
    await lab.run(['rotate', '-i', '--rm-age', bob.recipient, 'a.yaml']);
    commit('rotated');
    await set('token', 'fourth-canary!');
    for (const entry of ['token', '["token"]']) {
      const { code, out, err } = await lab.run(['log', 'a.yaml', entry]);
      assert.deepEqual([code, err], [0, '']);
      const [a, b] = ['Alice (age18ru0xy8…ty6u)', 'age14zu526z…hqft'];
      assert.deepEqual(out.split('\n'), [
        `not committed\t\t\tchanged\ttoken\t${a}\t`,
        `${second}\t2026-10-21\tAda\\u{9}L\tchanged\ttoken\t${a}, ${b}\ttwo`,
        `${first}\t2026-10-11\tAda\\u{9}L\tadded\ttoken\t${a}, ${b}\tone\\u{1b}[31m`,
        '',
      ]);
    }
    const all = await lab.run(['log', '--json', 'a.yaml']);
    const rows = JSON.parse(all.out);
    assert.deepEqual(
      rows.map(({ entry, change, readers }: Record<string, string[]>) => [entry, change, readers?.length]),
      [
        ['token', 'changed', 1],
        ['token', 'changed', 2],
        ['token', 'added', 2],
        ['other', 'added', 2],
      ],
    );
    assert.equal(rows[1].commit.slice(0, 10), second);
    assert.ok(!/canary|ENC\[/.test(all.out + all.err));
  });

  it('says what it cannot tell', async () => {
    assert.match((await lab.run(['log', 'a.yaml'])).out, /^not committed\t\t\tadded\ttoken\t/);
    commit('one');
    await set('token', 'third-canary!');
    commit('two');
    const none = await lab.run(['log', 'a.yaml', 'token'], { env: { SOPS_AGE_KEY: undefined } });
    assert.equal(none.code, 0);
    assert.match(none.out, /encrypted anew, not compared: no key opens both versions\ttoken/);
    const wrong = await lab.run(['log', 'a.yaml', 'no.such']);
    assert.deepEqual([wrong.code, wrong.out], [1, '']);
    assert.match(wrong.err, /no entry no\.such/);
    await lab.run(['set', 'a.yaml', '["group"]', '{"one": "canary-1!", "more": ["canary-2!"]}']);
    for (const name of ['group', '["group"]']) {
      const group = await lab.run(['log', 'a.yaml', name]);
      assert.deepEqual([group.code, group.out], [1, '']);
      assert.match(group.err, /group in a\.yaml is a group.*\nName one of them: group\.one, group\.more\[0\]\./);
    }
    assert.match((await lab.run(['log', 'a.yaml', 'group.more'])).err, /: group\.more\[0\]\./);
    await lab.run(['unset', 'a.yaml', '["group"]']);
    assert.equal(JSON.parse((await lab.run(['log', '--json', 'a.yaml', 'no.such'])).out).length, 0);
    assert.equal((await lab.run(['log', 'a.yaml', '["x'])).code, 91);
    for (const args of [['b.yaml'], ['b.yaml', 'token']]) {
      const nowhere = await lab.run(['log', ...args]);
      assert.deepEqual([nowhere.code, nowhere.out], [100, '']);
      assert.match(nowhere.err, /b\.yaml is not there, and no commit of this branch has it\./);
    }
    const whole = lab.read('a.yaml');
    appendFileSync(join(lab.folder, 'a.yaml'), '<<<<<<< ours\n');
    commit('broken');
    lab.write('a.yaml', whole);
    commit('mended');
    // Its ciphertext was there all the time.
    const { err, out } = await lab.run(['log', 'a.yaml', 'token']);
    assert.equal(err, '');
    assert.match(
      (await lab.run(['log', 'a.yaml'])).err,
      /^lockstep: a\.yaml: 1 version is damaged or not in this clone/,
    );
    assert.equal(out.trimEnd().split('\n').length, 2);
    git('rm', '-q', 'a.yaml');
    git('commit', '-q', '-m', 'removed');
    assert.match((await lab.run(['log', 'a.yaml', 'token'])).out, /\tremoved\ttoken\t/);
  });

  it('says which values are old, whatever was only encrypted anew', async () => {
    commit('one');
    await set('token', 'third-canary!');
    commit('two');
    await lab.run(['rotate', '-i', 'a.yaml']);
    commit('rotated');
    const { code, out, err } = await lab.run(['stale', '--days', '35']);
    assert.deepEqual([code, out, err], [10, 'since 2026-10-11\ta.yaml\tother\n', '']);
    const all = await lab.run(['stale', '--days=20', '--json']);
    assert.deepEqual(JSON.parse(all.out), [
      { file: 'a.yaml', entry: 'other', since: '2026-10-11', atLeast: false },
      { file: 'a.yaml', entry: 'token', since: '2026-10-21', atLeast: false },
    ]);
    assert.deepEqual({ ...(await lab.run(['stale', '--days', '300'])) }, { code: 0, out: '', err: '' });
    // Without a key it is the last encryption that is known, which is said.
    const none = await lab.run(['stale', '--days', '15'], { env: { SOPS_AGE_KEY: undefined } });
    assert.match(none.out, /^since at least 2026-10-31\ta\.yaml\ttoken\n/);
    assert.match(none.err, /may be older than is said/);
    git('config', 'uploadpack.allowFilter', 'true');
    git('clone', '-q', '--depth=1', `file://${lab.folder}`, '.git/clone');
    const shallow = await lab.run(['stale', '--days', '15'], { cwd: join(lab.folder, '.git/clone') });
    assert.match(shallow.out, /^since at least 2026-10-31\ta\.yaml\t/);
    assert.match(shallow.err, /part of the history only/);
    assert.match((await lab.run(['stale', '--days', 'many'])).err, /whole number/);
  });
});
