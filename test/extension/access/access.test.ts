import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { check } from '../../../src/core/access/verify.ts';
import type { Platform } from '../../../src/core/platform/platform.ts';
import { Recorder } from '../../../src/extension/access/recorder.ts';
import { register } from '../../../src/extension/access/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import type { Services } from '../../../src/extension/services.ts';
import { appendRecordSync, readLog } from '../../../src/node/access/append.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('the access log in the editor', () => {
  let stage: Stage;
  let services: Services;
  let recorder: Recorder;
  let platform: Platform;
  beforeEach(async () => {
    stage = await makeStage();
    Object.assign(stage.services.context, { globalStorageUri: Uri.file(join(stage.folder, 'storage')) });
    const ofCommandLine = join(stage.folder, 'shell');
    platform = { ...nodePlatform, accessDisk: { ...nodePlatform.accessDisk!, ofCommandLine } };
    recorder = new Recorder({ ...stage.services, platform });
    services = { ...stage.services, platform, access: recorder };
  });
  afterEach(() => {
    recorder.dispose();
    stage.end();
  });

  const folder = () => join(stage.folder, 'storage');
  const uri = (name = 'a.yaml') => Uri.file(join(stage.folder, name)) as unknown as vscode.Uri;
  const copy = (key = 'db.password', name?: string) =>
    recorder.record({ purpose: 'copy', uri: uri(name), key, by: 'text editor' });
  const stored = () => {
    const { files, head } = readLog(folder());
    return check(files, [head]);
  };
  const show = () => register(services).commands[commands.showAccessLog]?.();

  it('is written in order, for its owner only, without anybody waiting', async () => {
    for (let i = 0; i < 20; i++) copy(`k${i}`);
    assert.ok(!existsSync(folder()), 'a record takes no time');
    await recorder.settled();
    const { records, findings } = stored();
    assert.deepEqual(
      records.map(({ key }) => key),
      Array.from({ length: 20 }, (_, i) => `k${i}`),
    );
    assert.deepEqual(findings, []);
    assert.equal(records[0]?.file, join(stage.folder, 'a.yaml'));
    assert.equal(statSync(join(folder(), 'access.jsonl')).mode & 0o777, 0o600);
  });

  it('of two windows is one chain', async () => {
    const other = new Recorder({ ...stage.services, platform });
    for (let i = 0; i < 20; i++) {
      copy(`a${i}`);
      other.record({ purpose: 'reveal', uri: uri(), key: `b${i}`, by: 'Secrets Editor' });
    }
    await Promise.all([recorder.settled(), other.settled()]);
    assert.equal(stored().records.length, 40);
    assert.deepEqual((await recorder.read())?.own.findings, []);
    other.dispose();
  });

  it('says once that it cannot be written, and loses no work', async () => {
    writeFileSync(folder(), '');
    copy();
    copy();
    await recorder.settled();
    const told = stage.script.asked.filter((text) => text.includes('not recorded'));
    assert.equal(told.length, 1, stage.script.asked.join());
    assert.equal(fake.log.filter((line) => line.includes('access log')).length, 2);
    rmSync(folder());
    copy();
    await recorder.settled();
    writeFileSync(join(folder(), 'x'), '');
    rmSync(folder(), { recursive: true });
    writeFileSync(folder(), '');
    copy();
    await recorder.settled();
    assert.equal(stage.script.asked.filter((text) => text.includes('not recorded')).length, 2);
  });

  it('says once that there is no place for it', async () => {
    const bare = new Recorder({ ...stage.services, platform: { ...platform, accessDisk: undefined } });
    bare.record({ purpose: 'unlock', by: 'VS Code' });
    bare.record({ purpose: 'unlock', by: 'VS Code' });
    await bare.settled();
    assert.equal(stage.script.asked.filter((text) => text.includes('no place')).length, 1);
    services = { ...services, access: bare };
    await show();
    assert.equal(stage.script.asked.filter((text) => text.includes('no place')).length, 2);
  });

  it('knows by SecretStorage that it was made anew, also with what stands beside it', async () => {
    for (let i = 0; i < 3; i++) copy();
    await recorder.settled();
    rmSync(folder(), { recursive: true });
    for (let i = 0; i < 5; i++)
      appendRecordSync(folder(), { purpose: 'copy', key: 'harmless', by: 'text editor' }, new Date());
    assert.deepEqual(stored().findings, [], 'by itself it looks whole');
    const found = (await recorder.read())?.own.findings.map(({ kind }) => kind);
    assert.deepEqual(found, ['cut']);
  });

  it('that was cut is told, recorded, and goes on from there', async () => {
    for (let i = 0; i < 4; i++) copy();
    await recorder.settled();
    const path = join(folder(), 'access.jsonl');
    writeFileSync(
      path,
      readFileSync(path, 'utf8')
        .split(/(?<=\n)/)
        .slice(0, 2)
        .join(''),
    );
    copy();
    await recorder.settled();
    assert.match(stage.script.asked.join(), /lost its last records \(2\)/);
    assert.deepEqual(
      (await recorder.read())?.own.findings.map(({ kind }) => kind),
      ['noticed'],
    );
  });

  it('warns of a change at the start of a window, once, and records it', async () => {
    for (let i = 0; i < 3; i++) copy();
    await recorder.settled();
    const path = join(folder(), 'access.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('db.password', 'db.passw0rd'));
    const start = async () => {
      const feature = register({ ...services, clock: services.clock }, 0);
      await eventually(() => stage.script.asked.some((text) => text.includes('changed by something other')), 300);
      await recorder.settled();
      feature.disposable.dispose();
    };
    await start();
    assert.equal(stage.script.asked.filter((text) => text.includes('changed by something other')).length, 1);
    assert.match(stored().records.at(-1)?.key ?? '', /changed access\.jsonl:1/);
    stage.script.asked.length = 0;
    await start();
    assert.deepEqual(stage.script.asked, []);
  });

  it('has what unlocked', async () => {
    const { disposable } = register(services);
    stage.vault.lock();
    stage.vault.unlock();
    stage.vault.unlock();
    await recorder.settled();
    assert.deepEqual(
      stored().records.map(({ purpose }) => purpose),
      ['unlock'],
    );
    disposable.dispose();
  });

  it('gives notice on the screen where the person wants it', async () => {
    copy();
    assert.deepEqual(stage.script.asked, []);
    fake.configure('lockstep.access.notify', true);
    copy();
    recorder.record({ purpose: 'unlock', by: 'VS Code' });
    await recorder.settled();
    assert.deepEqual(stage.script.asked, ['Copied: db.password (a.yaml)']);
  });

  describe('gives notice in the repository', () => {
    const notices = () => join(stage.folder, '.lockstep', 'extractions');
    const lines = () =>
      readdirSync(notices())
        .filter((name) => name.endsWith('.tsv'))
        .flatMap((name) => readFileSync(join(notices(), name), 'utf8').trimEnd().split('\n'));
    beforeEach(() => mkdirSync(join(stage.folder, '.git')));

    it('where the person or the repository wants it, and nowhere else', async () => {
      copy();
      await recorder.settled();
      assert.ok(!existsSync(notices()));
      fake.configure('lockstep.access.writeNotices', true);
      copy('a.b', 'sub/b.env');
      recorder.record({ purpose: 'unlock', by: 'VS Code' });
      await recorder.settled();
      assert.deepEqual(lines(), ['2026-11-21T12:00:00Z\tcopy\tsub/b.env\ta.b\ttext editor']);
      fake.configure('lockstep.access.writeNotices', false);
      copy();
      await recorder.settled();
      assert.equal(lines().length, 2, 'the folder asks for it');
      fake.trusted = false;
      copy();
      await recorder.settled();
      assert.equal(lines().length, 2, 'nothing is written where nobody is trusted');
    });

    it('never by a link of the repository', async () => {
      mkdirSync(join(stage.folder, 'outside'));
      symlinkSync(join(stage.folder, 'outside'), join(stage.folder, '.lockstep'));
      fake.configure('lockstep.access.writeNotices', true);
      copy();
      await recorder.settled();
      assert.deepEqual(readdirSync(join(stage.folder, 'outside')), []);
      assert.equal(stored().records.length, 1, 'the record itself is there');
      assert.ok(
        stage.script.asked.some((text) => text.includes('notice')),
        stage.script.asked.join(),
      );
    });

    it('in a form that git merges by itself', async () => {
      rmSync(join(stage.folder, '.git'), { recursive: true });
      const git = (...words: string[]) =>
        execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
          cwd: stage.folder,
          stdio: 'pipe',
        });
      git('init', '-q', '-b', 'main');
      fake.configure('lockstep.access.writeNotices', true);
      const commit = async (key: string) => {
        copy(key);
        await recorder.settled();
        git('add', '.lockstep');
        git('commit', '-qm', key);
      };
      await commit('first');
      git('checkout', '-qb', 'side');
      await commit('side');
      git('checkout', '-q', 'main');
      await commit('main');
      git('merge', '-q', '--no-edit', 'side');
      assert.deepEqual(
        lines()
          .map((line) => line.split('\t')[3])
          .sort(),
        ['first', 'main', 'side'],
      );
    });
  });

  describe('is shown', () => {
    beforeEach(async () => {
      copy('one');
      copy('two', 'b.env');
      recorder.record({ purpose: 'reveal', uri: uri(), key: 'three', by: 'Secrets Editor' });
      await recorder.settled();
      const shell = join(stage.folder, 'shell');
      const file = join(stage.folder, 'c.yaml');
      appendRecordSync(
        shell,
        { purpose: 'exec-env', file, by: 'make (process 7)', to: 'npm' },
        new Date('2026-11-22T12:00:00Z'),
      );
    });
    const shown = () => stage.script.asked.at(-1)?.split('\n') ?? [];

    it('with the records of windows and the command line, newest first, and whether it is whole', async () => {
      await show();
      assert.deepEqual(shown(), [
        'Access Log',
        '$(pass) 4 records, unchanged',
        '$(file) Filter by File…',
        '$(tag) Filter by Purpose…',
        '$(calendar) Filter by Time…',
        '$(export) Export…',
        'Newest first',
        '$(terminal) Given to a program, in its environment',
        ...['$(eye) Shown: three', '$(copy) Copied: two', '$(copy) Copied: one'],
      ]);
    });

    it('filtered by file, purpose and time, and whole again', async () => {
      stage.script.pick = [
        'Filter by File',
        'b.env',
        'Show Everything',
        'Filter by Purpose',
        'Filter by Time',
        'Last 24',
      ];
      stage.script.pickMany = ['Copied'];
      await show();
      const lists = stage.script.asked.filter((text) => text.startsWith('Access Log')).map((text) => text.split('\n'));
      const records = lists.map((list) => list.filter((line) => /: |program/.test(line)).length);
      assert.deepEqual(records, [4, 1, 4, 2, 2]);
      stage.script.pick = ['Shown: three', 'Only Shown'];
      await show();
      assert.deepEqual(shown().slice(-1), ['$(eye) Shown: three']);
      stage.script.pick = ['Shown: three', 'Open a.yaml'];
      await show();
    });

    it('and exported, as it is filtered', async () => {
      for (const [kind, name] of [
        ['JSON Lines', 'log.jsonl'],
        ['CSV', 'log.csv'],
      ] as const) {
        stage.script.saveFile = join(stage.folder, name);
        stage.script.pick = ['Filter by File', 'a.yaml', 'Export These', kind];
        await show();
        const text = readFileSync(join(stage.folder, name), 'utf8');
        assert.ok(text.includes('three') && !text.includes('two'), text);
        assert.equal(statSync(join(stage.folder, name)).mode & 0o077, 0);
      }
    });

    it('with what is wrong with it', async () => {
      const path = join(folder(), 'access.jsonl');
      writeFileSync(path, readFileSync(path, 'utf8').replace('two', 'tvo'));
      stage.script.pick = ['Changed by something'];
      await show();
      assert.ok(stage.script.asked.join('\n').includes('access.jsonl, line 2: This line is not as it was written.'));
      assert.match(shown()[1] ?? '', /^\$\(warning\) Changed by something other than Lockstep: 2$/);
    });

    it('with hostile names as mere names', async () => {
      copy('$(check) [x](command:evil)\n‮');
      await recorder.settled();
      await show();
      assert.ok(!shown().some((line) => line.includes('$(check)') || line.includes('](command')), shown().join('\n'));
    });
  });
});

async function eventually(holds: () => boolean, most: number): Promise<void> {
  for (let waited = 0; waited < most && !holds(); waited += 10) await new Promise((resolve) => setTimeout(resolve, 10));
}
