import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { LockstepError } from '../../../src/core/errors.ts';
import { type Text, textOf, withTexts } from '../../../src/extension/versions/opening.ts';
import { type Driver, type Told, VersionsPanel } from '../../../src/extension/versions/panel.ts';
import { gitOf, placeOf, type Version, versionAt, versionNow } from '../../../src/extension/versions/reading.ts';
import { readVersionsMessage, type View } from '../../../src/protocol/versions.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const cell = { kind: 'hidden', text: '', mark: 'a1b2', shows: true } as const;

/** A feature that shows two rows, and keeps what it was asked for. */
class Desk implements Driver {
  readonly did: string[] = [];
  rows: View['rows'] = [
    {
      id: 'r1',
      kind: 'entry',
      name: 'db.password',
      tone: 'changed',
      state: 'changed',
      cells: [cell, cell],
      actions: ['go'],
    },
    {
      ...{ id: 'r2', kind: 'entry', name: 'b', tone: 'conflict', state: 'conflict', actions: [] },
      cells: [
        { ...cell, choice: 'open' },
        { kind: 'none', text: '', shows: false },
      ],
    },
  ];
  before: () => void = () => undefined;

  view(): View {
    return {
      ...{ title: 'Compare: a.yaml', notes: [], columns: ['HEAD', 'Now'], nothing: 'Nothing differs.' },
      ...{ rows: this.rows, actions: [{ id: 'all', label: 'All' }], rowActions: [{ id: 'go', label: 'Go' }] },
    };
  }
  async reveal(row: string, column: number): Promise<Told> {
    this.before();
    return { text: `canary ${row} ${column}`, uri: Uri.file('/a.yaml') as unknown as vscode.Uri, key: 'db.password' };
  }
  async choose(row: string, column: number): Promise<void> {
    this.did.push(`choose ${row} ${column}`);
    this.rows = this.rows.map((one) => (one.id === row ? { ...one, tone: 'done', state: 'taken' } : one));
  }
  async act(action: string, row?: string): Promise<void> {
    this.did.push(`act ${action} ${row}`);
  }
  dispose(): void {
    this.did.push('disposed');
  }
}

describe('the panel of versions', function () {
  this.timeout(20_000);
  let stage: Stage;
  let desk: Desk;
  let panel: VersionsPanel;
  const page = () => fake.panels.at(-1) ?? assert.fail();
  const types = () => page().sent.map(({ type }) => type);

  beforeEach(async () => {
    stage = await makeStage();
    desk = new Desk();
    panel = new VersionsPanel(stage.services, desk, 'Compare Secrets');
    await page().ask('ready');
  });
  afterEach(() => {
    panel.dispose();
    stage.end();
  });

  it('gives its page names and fingerprints, in messages of the right shape, and then only what changed', async () => {
    const [state] = page().sent;
    assert.equal(page().title, 'Compare: a.yaml');
    assert.ok(page().sent.every((message) => readVersionsMessage(message)));
    assert.ok(!JSON.stringify(state).includes('canary'));
    assert.match(page().webview.html, /default-src &#39;none&#39;; script-src &#39;nonce-[\w+/]{20,}&#39;/);
    panel.update();
    assert.equal(page().sent.length, 2);
    await page().ask('choose', { row: 'r2', column: 0 });
    const rows = page().sent.find(({ type }) => type === 'rows');
    assert.deepEqual(rows && { ...rows, rows: undefined }, {
      type: 'rows',
      revision: 2,
      at: 1,
      remove: 1,
      rows: undefined,
    });
    page().visible = false;
    page().viewState.fire({});
    desk.rows = [];
    const before = page().sent.length;
    panel.update();
    assert.equal(page().sent.length, before, 'a page that is gone is sent nothing');
    await page().ask('ready');
    assert.deepEqual((page().sent.at(-2) as unknown as View).rows, []);
  });

  it('shows a value on request, records it, and never while locked or presenting', async () => {
    const shown = await page().ask('reveal', { row: 'r1', column: 1 });
    assert.deepEqual(shown.result, { text: 'canary r1 1' });
    const record = stage.recorded.at(-1);
    assert.deepEqual([record?.purpose, record?.by, record?.key], ['reveal', 'Compare Secrets', 'db.password']);
    const refused = async (code: string, column = 1) => {
      const count = stage.recorded.length;
      const answer = await page().ask('reveal', { row: 'r1', column });
      assert.equal(answer.error?.code, code);
      assert.equal(stage.recorded.length, count);
    };
    stage.services.presentation.set(true);
    await refused('PRESENTING');
    stage.services.presentation.set(false);
    desk.before = () => stage.vault.lock();
    await refused('LOCKED');
    desk.before = () => undefined;
    await refused('LOCKED');
    assert.ok(types().filter((type) => type === 'forget').length >= 2);
    assert.equal((await page().ask('choose', { row: 'r2', column: 0 })).error?.code, 'LOCKED');
    stage.vault.unlock();
    await refused('NO_SUCH_ENTRY', 7);
  });

  it('does only what it offered, and answers what it does not understand', async () => {
    const code = async (type: string, args: object) => (await page().ask(type, args)).error?.code;
    assert.equal(await code('act', { action: 'go', row: 'r1' }), undefined);
    assert.equal(await code('act', { action: 'all' }), undefined);
    assert.deepEqual(desk.did, ['act go r1', 'act all undefined']);
    assert.equal(await code('act', { action: 'go' }), 'NO_SUCH_ENTRY');
    assert.equal(await code('act', { action: 'go', row: 'r2' }), 'NO_SUCH_ENTRY');
    assert.equal(await code('choose', { row: 'r1', column: 0 }), 'NO_SUCH_ENTRY');
    assert.equal(await code('reveal', { row: 'r2', column: 1 }), 'NO_SUCH_ENTRY');
    for (const odd of [
      { row: 'r1' },
      { row: 'r1', column: -1 },
      { row: 'r1', column: 1, more: 1 },
      { row: 1, column: 1 },
    ])
      assert.equal(await code('reveal', odd), 'IO');
    page().say('nothing');
    page().dispose();
    assert.equal(desk.did.at(-1), 'disposed');
  });
});

describe('versions of a file', function () {
  this.timeout(20_000);
  let stage: Stage;
  const uri = (name: string) => Uri.file(join(stage.folder, name)) as unknown as vscode.Uri;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], { cwd: stage.folder });
  const fails = (work: Promise<unknown>, code: string, what?: string) =>
    assert.rejects(
      work,
      (error: LockstepError) => error.code === code && (error.place as { what?: string }).what === what,
    );

  beforeEach(async () => {
    stage = await makeStage();
    git('init', '-q');
    stage.write('a.yaml', await stage.sealed('a: canary-old\n', 'yaml'));
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
    stage.write('a.yaml', await stage.sealed('a: canary-new\n', 'yaml'));
  });
  afterEach(() => stage.end());

  it('are read from HEAD, the index and the disk, and opened at once', async () => {
    const versions = [
      await versionAt(stage.services, uri('a.yaml'), 'head'),
      await versionAt(stage.services, uri('a.yaml'), 'index'),
      await versionNow(stage.services, uri('a.yaml')),
    ];
    assert.deepEqual(await versionAt(stage.services, uri('none.yaml'), 'head'), {
      uri: uri('none.yaml'),
      bytes: undefined,
    });
    assert.equal((await versionNow(stage.services, uri('none.yaml'))).bytes, undefined);
    const texts = versions.map((one: Version): Text => ({ uri: one.uri, text: textOf(one) ?? '' }));
    const work = () =>
      withTexts(stage.services, texts, async (sessions) => sessions.map((one) => one.opened().valueAt(0)?.type));
    assert.deepEqual(await work(), ['str', 'str', 'str']);
    stage.vault.lock();
    await fails(work(), 'LOCKED');
    assert.deepEqual(placeOf(uri('sub/b.env')), { folder: join(stage.folder, 'sub'), name: 'b.env' });
  });

  it('are not asked of git without trust, and not there outside git or for a commit that is not there', async () => {
    fake.trusted = false;
    await fails(versionAt(stage.services, uri('a.yaml'), 'head'), 'UNTRUSTED');
    fake.trusted = true;
    await fails(versionAt(stage.services, uri('a.yaml'), { hash: '0'.repeat(40) }), 'NO_SUCH_VERSION');
    rmSync(join(stage.folder, '.git'), { recursive: true });
    await fails(versionAt(stage.services, uri('a.yaml'), 'head'), 'NO_SUCH_VERSION');
    assert.throws(() => gitOf({ ...stage.services, platform: {} as never }, uri('a.yaml')), /NO_SUCH_VERSION/);
  });
});
