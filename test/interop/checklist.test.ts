import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checklistFor } from '../../src/core/checklist/checklist.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { Lab } from '../cli/lab.ts';
import { alice, bob, clock } from '../core/support.ts';
import { Bench } from './tools.ts';

describe('the checklist of a leaver, in a repository of the real sops', function () {
  this.timeout(60_000);
  let bench: Bench;
  let lab: Lab;
  beforeEach(() => {
    bench = new Bench();
    lab = new Lab();
  });
  afterEach(() => {
    bench.dispose();
    lab.dispose();
  });

  it('knows what sops changed from what it merely encrypted again', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], { cwd: bench.folder });
    const commit = () => {
      git('add', '-A');
      git('commit', '-q', '-m', 'more');
    };
    const names = ['a.yaml', 'b.json', 'c.env', 'd.ini'];
    const texts = [
      'one: canary-1\ntwo:\n  - canary-2\n',
      '{"one": "canary-1", "two": 5}\n',
      'one=canary-1\ntwo=canary-2\n',
      '[s]\none = canary-1\ntwo = canary-2\n',
    ];
    git('init', '-q');
    for (const [i, name] of names.entries()) {
      bench.write(name, texts[i] ?? '');
      bench.sops(['encrypt', '-i', '--age', `${alice.recipient},${bob.recipient}`, name]);
    }
    commit();
    assert.ok(nodePlatform.disk);
    const files = names.map((path) => ({ path, bytes: readFileSync(join(bench.folder, path)) }));
    const made = await checklistFor({
      leaver: { name: 'Bob', recipients: [bob.recipient] },
      root: bench.folder,
      files,
      git: nodePlatform.git,
      disk: nodePlatform.disk,
      now: clock.now(),
    });
    assert.equal(made?.items, 8);
    mkdirSync(join(bench.folder, '.lockstep/leavers'), { recursive: true });
    bench.write(made?.path ?? '', made?.text ?? '');
    for (const name of names) bench.sops(['rotate', '-i', '--rm-age', bob.recipient, name]);
    commit();
    bench.sops(['set', 'a.yaml', '["two"][0]', '"canary-new"']);
    bench.sops(['set', 'b.json', '["two"]', '6']);
    bench.sops(['set', 'c.env', '["one"]', '"canary-1"']);
    bench.sops(['set', 'd.ini', '["s"]["two"]', '"canary-new"']);
    const ran = await lab.run(['checklist', 'verify'], { cwd: bench.folder });
    const changed = ran.out.split('\n').filter((line) => line.includes('changed, not ticked'));
    assert.deepEqual(
      changed.map((line) => line.split('\t').slice(1, 3).join(' ')),
      ['a.yaml two[0]', 'b.json two', 'd.ini s.two'],
    );
    assert.equal(ran.out.split('\n').filter((line) => line.endsWith('still the value that could be read')).length, 5);
    assert.equal((await lab.run(['checklist', 'tick'], { cwd: bench.folder })).code, 10);
    assert.equal(readFileSync(join(bench.folder, made?.path ?? ''), 'utf8').match(/- \[x\]/g)?.length, 3);
    // The folder of Lockstep's own is nothing to sops, and it opens what is left for whom it should.
    for (const name of names) assert.notEqual(bench.trySops(['decrypt', name], bob.identity).status, 0);
  });
});
