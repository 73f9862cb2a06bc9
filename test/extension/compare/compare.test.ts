import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { register } from '../../../src/extension/compare/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import type { Feature } from '../../../src/extension/services.ts';
import type { VersionsState } from '../../../src/protocol/versions.ts';
import { bob } from '../../core/support.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('Compare Secrets', function () {
  this.timeout(30_000);
  let stage: Stage;
  let feature: Feature;
  const uri = (name: string) => Uri.file(join(stage.folder, name)) as unknown as vscode.Uri;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], { cwd: stage.folder });
  const commit = (message: string) => {
    git('add', '-A');
    git('commit', '-q', '-m', message);
  };
  const page = () => fake.panels.at(-1) ?? assert.fail('no panel');
  const run = async (...ids: unknown[]) => {
    await feature.commands[commands.compareSecrets]?.(...ids);
    await page().ask('ready');
    return state();
  };
  const state = () =>
    page()
      .sent.filter(({ type }) => type === 'state')
      .at(-1) as unknown as VersionsState;
  const lines = ({ rows }: VersionsState) => rows.map(({ name, state }) => `${name}: ${state}`);
  const noValue = () => assert.ok(!JSON.stringify(page().sent).includes('canary'), JSON.stringify(page().sent));

  beforeEach(async () => {
    stage = await makeStage();
    feature = register(stage.services);
    git('init', '-q', '-b', 'main');
    stage.write('a.yaml', await stage.sealed('db:\n  password: canary-1\n  port: 5\nold: canary-2\n', 'yaml'));
    commit('one');
    stage.write('a.yaml', await stage.sealed('db:\n  password: canary-3\n  port: "5"\nnew: canary-4\n', 'yaml'));
  });
  afterEach(() => {
    feature.disposable.dispose();
    stage.end();
  });

  it('compares a file with the last commit by fingerprints, and shows one value old beside new', async () => {
    stage.script.pick = 'The Last Commit';
    const shown = await run(uri('a.yaml'));
    assert.deepEqual(shown.columns, ['HEAD', 'Working Tree']);
    assert.deepEqual(lines(shown), ['db.password: changed', 'db.port: other kind', 'old: removed', 'new: added']);
    const [password, port] = shown.rows;
    assert.notEqual(password?.cells[0]?.mark, password?.cells[1]?.mark);
    assert.equal(port?.cells[0]?.mark, port?.cells[1]?.mark);
    assert.deepEqual(
      [password, port].map((row) => row?.cells.map(({ text }) => text)),
      [
        ['', ''],
        ['integer', 'text'],
      ],
    );
    assert.ok(shown.notes.some(({ text }) => /data key is another one/.test(text)));
    noValue();
    const row = password?.id;
    assert.deepEqual((await page().ask('reveal', { row, column: 0 })).result, { text: 'canary-1' });
    assert.deepEqual((await page().ask('reveal', { row, column: 1 })).result, { text: 'canary-3' });
    assert.deepEqual(
      stage.recorded.map(({ key, by, purpose }) => [key, by, purpose]),
      [
        ['db.password at HEAD', 'Compare Secrets', 'reveal'],
        ['db.password', 'Compare Secrets', 'reveal'],
      ],
    );
    await page().ask('act', { action: 'equal' });
    assert.equal(state().rows.length, 4);
    assert.equal((await page().ask('act', { action: 'go', row })).error, undefined);
    assert.ok(fake.executed.some(([command]) => command === 'vscode.open'));
  });

  it('compares what the Source Control view lists as its group is', async () => {
    git('add', '-A');
    stage.write('a.yaml', await stage.sealed('db:\n  password: canary-3\n  port: "5"\nnew: canary-5\n', 'yaml'));
    const item = (resourceGroupType: number) => ({ resourceUri: uri('a.yaml'), resourceGroupType });
    const staged = await run(item(1));
    assert.deepEqual(staged.columns, ['HEAD', 'Index']);
    assert.equal(lines(staged).length, 4);
    const changed = await run(item(2));
    assert.deepEqual([changed.columns, lines(changed)], [['Index', 'Working Tree'], ['new: changed']]);
    assert.deepEqual((await run(item(0))).columns, ['Ours', 'Theirs']);
    fake.trusted = false;
    await assert.rejects(run(item(1)), /UNTRUSTED/);
    noValue();
  });

  it('compares two files, and an older commit under the name that the file had then', async () => {
    stage.write('b.yaml', await stage.sealed('db:\n  password: canary-3\n  port: "6"\nnew: canary-4\n', 'yaml'));
    const two = await run(uri('a.yaml'), [uri('a.yaml'), uri('b.yaml')]);
    assert.deepEqual([two.columns, lines(two)], [['a.yaml', 'b.yaml'], ['db.port: changed']]);
    await page().ask('act', { action: 'equal' });
    const rows = page().sent.findLast(({ type }) => type === 'rows' || type === 'state') as unknown as VersionsState;
    assert.ok(rows.rows.some(({ name, state }) => name === 'db.password' && state === 'same'));
    commit('two');
    renameSync(join(stage.folder, 'a.yaml'), join(stage.folder, 'c.yaml'));
    commit('renamed');
    stage.script.pick = ['An Older Commit…', 'one'];
    const older = await run(uri('c.yaml'));
    assert.deepEqual(lines(older), ['db.password: changed', 'db.port: other kind', 'old: removed', 'new: added']);
    stage.script.pick = ['An Older Commit…', 'A Tag, a Branch or a Commit…'];
    stage.script.input = 'main~1';
    assert.ok((await run(uri('c.yaml'))).notes.some(({ text }) => text === 'main~1 does not have the file.'));
    stage.script.pick = ['An Older Commit…', 'A Tag, a Branch or a Commit…'];
    stage.script.input = '--help';
    await assert.rejects(run(uri('c.yaml')), /NO_SUCH_VERSION/);
    noValue();
  });

  it('compares ciphertext while locked, says so, and compares again once it is unlocked', async () => {
    stage.vault.lock();
    stage.script.pick = 'The Last Commit';
    const locked = await run(uri('a.yaml'));
    assert.deepEqual(lines(locked).slice(0, 1), ['db.password: other ciphertext']);
    assert.equal(locked.notes.filter(({ text }) => /ciphertext was compared/.test(text)).length, 2);
    assert.deepEqual(locked.actions[0], { id: 'unlock', label: 'Unlock', primary: true });
    assert.equal((await page().ask('reveal', { row: locked.rows[0]?.id, column: 0 })).error?.code, 'LOCKED');
    await page().ask('act', { action: 'unlock' });
    for (let n = 0; n < 400 && lines(state())[0] !== 'db.password: changed'; n++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(lines(state())[0], 'db.password: changed');
    noValue();
  });

  it('says what it cannot compare: a version for others, a damaged one, markers', async () => {
    stage.write('a.yaml', await stage.sealed('db: canary-6\n', 'yaml', bob.recipient));
    stage.script.pick = 'The Last Commit';
    const foreign = await run(uri('a.yaml'));
    assert.ok(foreign.notes.some(({ text }) => /^Working Tree: It could not be opened/.test(text)));
    assert.ok(
      foreign.notes.some(({ tone, text }) => tone === 'warning' && /^Can read it now, and could not: /.test(text)),
    );
    stage.write('a.yaml', '<<<<<<< a\nb: 1\n=======\nb: 2\n>>>>>>> c\n');
    const broken = await run(uri('a.yaml'));
    assert.deepEqual([broken.rows, broken.notes.map(({ tone }) => tone)], [[], ['error']]);
    noValue();
    page().dispose();
    assert.equal(fake.panels.filter(({ closed }) => !closed).length, 1);
  });
});
