import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LockstepError } from '../../../src/core/errors.ts';
import type { Fetched } from '../../../src/core/platform/managers.ts';
import { managersFor } from '../../../src/node/managers/fetch.ts';
import { describeUnless, windows } from '../../skip.ts';
import { Fakes } from './fakes.ts';

describeUnless(windows, 'secrets of other managers', () => {
  let fakes: Fakes;
  let home: string;
  let work: string;
  before(() => {
    fakes = new Fakes();
    home = join(fakes.folder, 'home');
    work = join(fakes.folder, 'work');
    for (const folder of [join(home, '.config', 'lockstep'), work]) mkdirSync(folder, { recursive: true });
  });
  after(() => fakes.dispose());
  beforeEach(() => {
    fakes.forget();
    configure('vals: vals\n');
  });

  const configure = (text: string) => writeFileSync(join(home, '.config', 'lockstep', 'managers.yaml'), text);
  const env = (more: NodeJS.ProcessEnv = {}) => ({
    PATH: `${fakes.bin}:${process.env.PATH}`,
    SOPS_AGE_KEY: 'AGE-SECRET-KEY-1CANARY',
    ...more,
  });
  const fetch = (values: readonly string[], more: NodeJS.ProcessEnv = {}, stop?: AbortSignal): Promise<Fetched[]> =>
    managersFor({ env: env(more), home, platform: process.platform }).fetch(
      values.map((value, i) => ({ path: [`name${i}`], value })),
      [work],
      stop,
    );
  const one = async (value: string, more?: NodeJS.ProcessEnv) => (await fetch([value], more))[0]?.value;

  async function refused(value: string, what: string, more?: NodeJS.ProcessEnv): Promise<void> {
    await assert.rejects(fetch(['plain', value], more), (error) => {
      assert.ok(error instanceof LockstepError && error.code === 'MANAGER', String(error));
      assert.deepEqual([error.place.what, error.place.path], [what, ['name1']], value);
      assert.doesNotMatch(JSON.stringify(error) + error.message, /canary/);
      return true;
    });
  }

  it('take the place of references, and nothing else is changed', async () => {
    const values = [
      ...['plain', 'op://Private/db/password', 'vault://secret/app#password', 'bw://GitHub', 'bw://GitHub#username'],
      ...['gcp-sm://my-project/db', 'azure-kv://my-vault/db-pass', 'ref+echo://a/b', 'literal:op://a/b/c', ''],
    ];
    const found = await fetch(values);
    assert.deepEqual(
      found.map(({ value }) => value),
      [
        ...['plain', 'canary-password', 'canary-app', 'canary-GitHub', 'canary-user', 'canary-db', 'canary-db-pass'],
        ...['canary-b', 'op://a/b/c', ''],
      ],
    );
    assert.deepEqual(
      found.map(({ manager }) => manager),
      [undefined, 'op', 'vault', 'bw', 'bw', 'gcp-sm', 'azure-kv', 'vals', undefined, undefined],
    );
  });

  it('are asked for once each, with no value among the words', async () => {
    await fetch(['op://a/b/c', 'bw://x', 'op://a/b/c', 'bw://x#username', 'op://a/b/d']);
    assert.deepEqual(fakes.calls.sort(), [
      'bw get item x --nointeraction',
      'op read --no-newline op://a/b/c',
      'op read --no-newline op://a/b/d',
    ]);
    await fetch(['op://a/b/c']);
    assert.equal(fakes.calls.length, 4, 'nothing is kept from one run to the next');
  });

  it('no program is started where there is no reference', async () => {
    configure('this is: [broken\n');
    assert.equal(await one('https://example.com'), 'https://example.com');
    assert.deepEqual(fakes.calls, []);
  });

  it('a reference in a secret stays', async () => {
    assert.equal(await one('vault://secret/nested#x'), 'op://Private/db/password');
    assert.deepEqual(fakes.calls, ['vault kv get -field=x secret/nested']);
  });

  it('a program has no input and no terminal, and warnings are not the secret', async () => {
    assert.equal(await one('op://a/b/ask'), 'no-input');
    assert.equal(await one('op://a/b/noise'), 'canary-noise');
  });

  it('a program is started in the home folder, without keys of ours', async () => {
    assert.equal(await one('op://a/b/where'), `canary-${home}`);
    assert.equal(await one('op://a/b/environment', { LOCKSTEP_LAUNCH: 'x' }), 'canary-0');
  });

  it('what goes wrong is told by its kind', async () => {
    await refused('op://a/b/nothing', 'empty');
    await refused('op://a/b/unanswered', 'empty');
    await refused('op://a/b/flood', 'large');
    await refused('op://a/b/bytes', 'bytes');
    await refused('op://a/b/away', 'signed-out');
    await refused('op://a/b/forbidden', 'denied');
    await refused('op://a/b/absent', 'none');
    await refused('op://a/b/broken', 'failed');
    await refused('bw://nothing', 'empty');
    await refused('op://a/b/', 'reference');
    await refused('aws-sm://a', 'missing', { PATH: fakes.bin });
  });

  it('all are looked at before one is asked for', async () => {
    await assert.rejects(fetch(['op://a/b/c', 'op://a/../c']), /reference/);
    assert.deepEqual(fakes.calls, []);
  });

  it('a program that hangs is ended with what it started', async () => {
    configure('seconds: 1\n');
    await refused('op://a/b/hang', 'slow');
    await gone(fakes.child);
  });

  it('so it is when the run ends', async () => {
    const stop = new AbortController();
    const run = fetch(['op://a/b/hang2'], {}, stop.signal);
    while (fakes.calls.length === 0) await wait(20);
    stop.abort();
    await assert.rejects(run, /MANAGER/);
  });

  it('one that leaves a program behind has answered', async () => {
    assert.equal(await one('op://a/b/child'), 'canary-child');
    process.kill(fakes.child);
  });

  it('no program of the repository is started', async () => {
    const bin = join(work, 'node_modules', '.bin');
    mkdirSync(bin, { recursive: true });
    fakes.add('op', 'name=evil', 'echo canary-evil', bin);
    fakes.add('az', 'name=evil', 'echo canary-evil', bin);
    assert.equal(await one('op://a/b/c', { PATH: `${bin}:.:${fakes.bin}:/bin:/usr/bin` }), 'canary-c');
    await refused('azure-kv://my-vault/x', 'workspace', { PATH: `${bin}:.` });
    assert.deepEqual(fakes.calls, ['op read --no-newline op://a/b/c']);
  });

  it('a person names the program, and turns a manager off', async () => {
    const other = join(fakes.folder, 'other');
    mkdirSync(other);
    const path = fakes.add('bao', 'name=$6', 'echo canary-bao', other);
    configure(`vault: [${path}, -ca, x]\nop: off\n`);
    assert.equal(await one('vault://a/b#c'), 'canary-bao\n');
    assert.equal(fakes.calls.at(-1), 'bao -ca x kv get -field=c a/b');
    assert.equal(await one('op://a/b/c'), 'op://a/b/c');
    await refused('ref+echo://a', 'unset');
  });

  it('settings that cannot be read stop it', async () => {
    configure('op: ./op\n');
    await assert.rejects(fetch(['op://a/b/c']), /config/);
    assert.deepEqual(fakes.calls, []);
  });
});

/** Waits for the end of a process. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await wait(50);
  }
}
