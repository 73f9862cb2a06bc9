import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { register } from '../../../src/extension/asof/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import type { Feature } from '../../../src/extension/services.ts';
import type { VersionsState } from '../../../src/protocol/versions.ts';
import { bob } from '../../core/support.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('Open Secrets as of…', () => {
  let stage: Stage;
  let feature: Feature;
  beforeEach(async () => {
    stage = await makeStage();
    git('init', '-q', '-b', 'main');
    stage.write('old.yaml', await stage.sealed('a: canary-then-1\nb: canary-kept-2\nc: canary-gone-3\n', 'yaml'));
    commit('the first one');
    git('tag', 'v1');
    renameSync(join(stage.folder, 'old.yaml'), join(stage.folder, 'a.yaml'));
    commit('renamed');
    stage.write('a.yaml', await stage.sealed('a: canary-now-1\nb: canary-kept-2\n', 'yaml'));
    commit('the second one');
    feature = register(stage.services);
  });
  afterEach(() => {
    feature.disposable.dispose();
    stage.end();
  });

  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b', ...words], {
      cwd: stage.folder,
      stdio: 'pipe',
    });
  const commit = (message: string) => {
    git('add', '-A');
    git('commit', '-qm', message);
  };
  const run = async (pick: string, input?: string) => {
    stage.script.asked = [];
    Object.assign(stage.script, { pick, input });
    await feature.commands[commands.openAsOf]?.(Uri.file(join(stage.folder, 'a.yaml')));
  };
  const panel = () => {
    const found = fake.panels.at(-1);
    assert.ok(found);
    return found;
  };
  const view = async () => {
    await panel().ask('ready');
    return panel().sent.findLast(({ type }) => type === 'state') as unknown as VersionsState;
  };

  it('shows the entries of a commit of the list, also of before a rename, and which are others now', async () => {
    await run('the first one');
    assert.match(
      stage.script.asked[0] ?? '',
      /the second one\n.*the first one|the second one\n.*renamed\n.*the first one/,
    );
    const { title, rows, notes, columns } = await view();
    assert.match(title, /^a\.yaml as of [0-9a-f]{10}$/);
    assert.deepEqual(
      rows.map(({ name, state, cells }) => [name, state, cells[0]?.kind]),
      [
        ['a', 'another value now', 'hidden'],
        ['b', 'the same now', 'hidden'],
        ['c', 'not there now', 'hidden'],
      ],
    );
    assert.match(notes[0]?.text ?? '', /Ada: the first one$/);
    assert.match(notes[1]?.text ?? '', /^Readable then by /);
    assert.equal(columns.length, 1);
    assert.ok(!JSON.stringify([await view(), stage.script.asked]).includes('canary'));
    const { result } = await panel().ask('reveal', { row: rows[0]?.id, column: 0 });
    assert.deepEqual(result, { text: 'canary-then-1' });
    const [{ purpose, key } = {}] = stage.recorded;
    assert.match(`${purpose} ${key}`, /^reveal a at [0-9a-f]{10}$/);
    // Nothing there can be changed.
    assert.equal((await panel().ask('choose', { row: rows[0]?.id, column: 0 })).ok, false);
    assert.equal((await panel().ask('act', { action: 'save' })).ok, false);
  });

  it('takes a commit that a person names, and says what is not there', async () => {
    await run('other', 'main~0');
    assert.equal((await view()).title, 'a.yaml as of main~0');
    await assert.rejects(run('other', 'v9'), { code: 'NO_SUCH_VERSION' });
    await assert.rejects(run('other', '--all'), { code: 'NO_SUCH_VERSION' });
    // The file had another name then; the list follows it, a name of a commit does not.
    await assert.rejects(run('other', 'v1'), { code: 'NO_SUCH_VERSION' });
    assert.equal(fake.panels.length, 1);
  });

  it('says why a version does not open, and opens it after an unlock', async () => {
    stage.write('a.yaml', await stage.sealed('a: canary-bobs-1\n', 'yaml', bob.recipient));
    commit('for bob alone');
    await run('for bob alone');
    assert.deepEqual((await view()).rows, []);
    assert.equal((await view()).notes[1]?.tone, 'error');
    stage.vault.lock();
    stage.script.gesture = false;
    await run('the second one');
    assert.deepEqual(
      (await view()).actions.map(({ id }) => id),
      ['unlock'],
    );
    await panel().ask('act', { action: 'unlock' });
    assert.equal((await view()).rows.length, 2);
  });

  it('asks no git without trust', async () => {
    fake.trusted = false;
    await assert.rejects(run('the first one'), { code: 'UNTRUSTED' });
  });
});
