import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { change } from '../../../src/core/change/change.ts';
import type { Intent } from '../../../src/core/change/intent.ts';
import { labelOf } from '../../../src/core/sops/label.ts';
import { text as str } from '../../../src/core/tree/value.ts';
import { register } from '../../../src/extension/history/register.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { type FakeEditor, fake, Range, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('the history of a secret', function () {
  this.timeout(30_000);
  let stage: Stage;
  let feature: Feature;
  let editor: FakeEditor;
  const name = 'a.env';
  const path = () => join(stage.folder, name);
  const uri = () => Uri.file(path()) as unknown as vscode.Uri;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], { cwd: stage.folder });
  const commit = (message: string) => {
    git('add', '-A');
    git('commit', '-q', '-m', message);
  };
  const run = (id: CommandId, ...ids: unknown[]) => feature.commands[id]?.(...ids) ?? assert.fail(id);
  const tree = () => fake.trees.find(({ id }) => id === 'lockstep.history') ?? assert.fail();
  const rows = () => tree().provider.getChildren() as readonly unknown[];
  const shown = () => rows().map((row) => tree().provider.getTreeItem(row).label);
  const edited = async (make: (label: (one: string) => string) => Intent) => {
    const next = await stage.sessions.with(uri(), readFileSync(path(), 'utf8'), async ({ state }) => {
      assert.ok(state.kind === 'open');
      const { leaves } = state.sealed;
      const idOf = (label: string) => leaves.find((leaf) => labelOf(leaf) === label)?.id ?? assert.fail(label);
      return (await change(state.opened, make(idOf), stage.services.clock)).text;
    });
    writeFileSync(path(), next);
  };
  const idOf = async (label: string) => {
    const state = await stage.state(editor);
    assert.ok(state.kind === 'open');
    return state.sealed.leaves.find((leaf) => labelOf(leaf) === label)?.id ?? assert.fail(label);
  };
  const valueNow = async (label: string) => {
    const state = await stage.state(editor);
    assert.ok(state.kind === 'open');
    return state.opened.value(await idOf(label));
  };
  const page = () => fake.panels.at(-1) ?? assert.fail();

  beforeEach(async () => {
    stage = await makeStage();
    feature = register(stage.services);
    git('init', '-q', '-b', 'main');
    stage.write(name, 'TOKEN=canary-first\nOTHER=canary-other\n');
    commit('in plaintext');
    writeFileSync(path(), await stage.sealed('TOKEN=canary-first\nOTHER=canary-other\n', 'dotenv'));
    commit('encrypted');
    await edited((id) => ({ kind: 'set', id: id('TOKEN'), value: str('canary-second') }));
    commit('changed $(trash) it');
    await edited((id) => ({ kind: 'rename', id: id('TOKEN'), key: 'API_TOKEN' }));
    commit('renamed');
    await edited((id) => ({ kind: 'set', id: id('API_TOKEN'), value: str('canary-third') }));
    commit('changed again');
    editor = stage.open(name, readFileSync(path(), 'utf8'));
  });
  afterEach(() => {
    feature.disposable.dispose();
    stage.end();
  });

  it('lists the commits that changed it, with no value in it', async () => {
    await run(commands.showHistory, uri().toString(), await idOf('API_TOKEN'));
    assert.deepEqual(shown(), ['Changed', 'Renamed from TOKEN', 'Changed', 'Added']);
    assert.equal(tree().message, 'API_TOKEN · a.env');
    const items = rows().map((row) => tree().provider.getTreeItem(row));
    assert.match(String(items[2]?.description), /Ada: changed \$\u200b\(trash\) it/);
    assert.match(String(items[3]?.tooltip), /In plaintext: everybody with the repository/);
    assert.match(String(items[0]?.tooltip), /Readable then by age1/);
    assert.ok(!JSON.stringify(items).includes('canary'));
    assert.deepEqual(stage.recorded, []);
  });

  it('says of a commit that removed it what there is to say, and no more', async () => {
    await edited((id) => ({ kind: 'remove', ids: [id('API_TOKEN')] }));
    commit('gone');
    await run(commands.showHistory, uri().toString(), await idOf('API_TOKEN'));
    const { accessibilityInformation: said } = tree().provider.getTreeItem(rows()[0]) as vscode.TreeItem;
    assert.match(said?.label ?? '', /^Removed, .* · Ada: gone$/);
  });

  it('names who could read it, as soon as the names are known', async () => {
    let know: (names: Map<string, string>) => void = () => assert.fail();
    const { rules } = stage.services;
    Object.assign(rules, {
      names: () =>
        new Promise((resolve) => {
          know = resolve;
        }),
    });
    await run(commands.showHistory, uri().toString(), await idOf('API_TOKEN'));
    let drawn = 0;
    (tree().provider as unknown as { onDidChangeTreeData(listener: () => void): void }).onDidChangeTreeData(() => {
      drawn++;
    });
    know(new Map([[stage.recipient, 'Maria']]));
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(drawn, 1);
    assert.match(String(tree().provider.getTreeItem(rows()[0]).tooltip), /Readable then by Maria/);
  });

  it('shows an old value in a tab of its own, when it is asked for', async () => {
    await run(commands.showHistory, uri().toString(), await idOf('API_TOKEN'));
    for (const [row, value] of [
      [2, 'canary-second'],
      [3, 'canary-first'],
    ] as const) {
      await run(commands.showOldValue, rows()[row]);
      await page().ask('ready');
      assert.ok(!JSON.stringify(page().sent).includes('canary'));
      const { result } = (await page().ask('reveal', { row: 'value', column: 0 })) as { result?: unknown };
      assert.deepEqual(result, { text: value });
    }
    assert.deepEqual(
      stage.recorded.map(({ purpose, by }) => [purpose, by]),
      [
        ['reveal', 'History of a Secret'],
        ['reveal', 'History of a Secret'],
      ],
    );
    assert.match(stage.recorded[0]?.key ?? '', /^API_TOKEN in [0-9a-f]{10}$/);
    // Whoever runs the command without a row of ours gets nothing.
    const panels = fake.panels.length;
    for (const forged of [undefined, {}, { ...(rows()[2] as object) }]) {
      await run(commands.showOldValue, forged);
      await run(commands.restoreValue, forged);
    }
    assert.equal(fake.panels.length, panels);
    stage.vault.lock();
    const { ok } = (await page().ask('reveal', { row: 'value', column: 0 })) as { ok?: boolean };
    assert.equal(ok, false);
    stage.vault.unlock();
    stage.services.presentation.set(true);
    await run(commands.showOldValue, rows()[2]);
    assert.equal(fake.panels.length, panels);
  });

  it('gives no value of a version whose MAC does not hold', async () => {
    await edited((id) => ({ kind: 'set', id: id('API_TOKEN'), value: str('canary-fourth') }));
    const whole = readFileSync(path(), 'utf8');
    writeFileSync(path(), whole.replace(/^OTHER=.*\n/m, ''));
    commit('cut by hand');
    writeFileSync(path(), whole);
    await run(commands.showHistory, uri().toString(), await idOf('API_TOKEN'));
    assert.match(String(tree().provider.getTreeItem(rows()[0]).description), /cut by hand/);
    await run(commands.showOldValue, rows()[0]);
    await page().ask('ready');
    const answer = (await page().ask('reveal', { row: 'value', column: 0 })) as { ok?: boolean };
    assert.equal(answer.ok, false);
    await run(commands.restoreValue, rows()[0]).catch(() => undefined);
    assert.deepEqual(await valueNow('API_TOKEN'), { type: 'str', value: 'canary-third' });
    assert.deepEqual(stage.recorded, []);
  });

  it('restores a value as an edit of the file, under the name that it has now', async () => {
    await run(commands.showHistory, uri().toString(), await idOf('API_TOKEN'));
    await run(commands.restoreValue, rows()[2]);
    assert.deepEqual(await valueNow('API_TOKEN'), { type: 'str', value: 'canary-second' });
    assert.ok(!editor.document.getText().includes('canary'));
    assert.match(stage.script.asked.at(-1) ?? '', /API_TOKEN has its value of [0-9a-f]{10} again/);
    await run(commands.restoreValue, rows()[2]);
    assert.match(stage.script.asked.at(-1) ?? '', /has this value already/);
  });

  it('puts nothing that was encrypted into a place that is not', async () => {
    await edited((id) => ({ kind: 'markPlain', id: id('API_TOKEN'), on: true }));
    const now = readFileSync(path(), 'utf8');
    assert.match(now, /^API_TOKEN_unencrypted=canary-third$/m);
    commit('no secret any more');
    fake.edit(
      editor.document,
      new Range(editor.document.positionAt(0), editor.document.positionAt(editor.document.getText().length)),
      now,
    );
    await run(commands.showHistory, uri().toString(), await idOf('API_TOKEN_unencrypted'));
    const older = shown().lastIndexOf('Changed');
    await assert.rejects(run(commands.restoreValue, rows()[older]) as Promise<unknown>, /NOT_SELECTED/);
    assert.equal(editor.document.getText(), now);
  });

  it('puts an old encryption key into the place of the one of now only after its question', async () => {
    const label = 'ENCRYPTION_KEY_ORDERS';
    const keyOf = (byte: number) => Buffer.alloc(16, byte).toString('base64');
    for (const value of ['no key', keyOf(1), keyOf(2)]) {
      await edited(() => ({ kind: 'put', entries: [{ name: label, value: str(value) }] }));
      commit('a key');
    }
    const { document } = editor;
    const all = new Range(document.positionAt(0), document.positionAt(document.getText().length));
    fake.edit(document, all, readFileSync(path(), 'utf8'));
    const before = document.getText();
    await run(commands.showHistory, uri().toString(), await idOf(label));
    stage.script.gesture = false;
    await run(commands.restoreValue, rows()[1]);
    assert.match(stage.script.asked.at(-1) ?? '', /^Replace the encryption key ORDERS in a\.env\?/);
    assert.equal(document.getText(), before);
    stage.script.gesture = true;
    await assert.rejects(run(commands.restoreValue, rows()[2]) as Promise<unknown>, /BAD_ENCRYPTION_KEY/);
    assert.equal(document.getText(), before);
    await run(commands.restoreValue, rows()[1]);
    assert.deepEqual(await valueNow(label), str(keyOf(1)));
  });

  it('brings back an entry that is gone', async () => {
    await run(commands.showHistory, uri().toString(), await idOf('API_TOKEN'));
    const [first] = rows();
    await edited((id) => ({ kind: 'remove', ids: [id('API_TOKEN')] }));
    const { document } = editor;
    const all = document.getText();
    fake.edit(
      document,
      new Range(document.positionAt(0), document.positionAt(all.length)),
      readFileSync(path(), 'utf8'),
    );
    await run(commands.restoreValue, first);
    assert.deepEqual(await valueNow('API_TOKEN'), { type: 'str', value: 'canary-third' });
  });

  it('asks git nothing in a workspace that is not trusted, and says where there is none', async () => {
    fake.trusted = false;
    await run(commands.showHistory, uri().toString(), await idOf('API_TOKEN'));
    assert.deepEqual(rows(), []);
    fake.trusted = true;
    execFileSync('rm', ['-rf', join(stage.folder, '.git')]);
    await run(commands.showHistory, uri().toString(), await idOf('API_TOKEN'));
    assert.deepEqual(rows(), []);
    assert.match(stage.script.asked.at(-1) ?? '', /is in no git repository/);
  });
});
