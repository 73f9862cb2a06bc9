import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { change } from '../../../src/core/change/change.ts';
import { checklistFor } from '../../../src/core/checklist/checklist.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { text as str } from '../../../src/core/tree/value.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { isInside } from '../../../src/extension/leaver/checklists.ts';
import { register } from '../../../src/extension/leaver/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { bob } from '../../core/support.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('the checklists of those who left', function () {
  this.timeout(20_000);
  let stage: Stage;
  let feature: Feature;
  const listPath = '.lockstep/leavers/maria.md';
  const path = (name: string) => join(stage.folder, name);
  const uri = (name: string) => Uri.file(path(name)) as unknown as vscode.Uri;
  const disk = (name: string) => readFileSync(path(name), 'utf8');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], { cwd: stage.folder });
  const commit = () => {
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', 'more');
  };
  const tree = () => fake.trees.find(({ id }) => id === 'lockstep.leavers') ?? assert.fail();
  const shown = (): string[] => {
    const lines: string[] = [];
    const visit = (nodes: readonly unknown[], depth: number) => {
      for (const node of nodes) {
        const { label, description, checkboxState } = tree().provider.getTreeItem(node);
        const box = checkboxState ? (checkboxState.state ? '[x] ' : '[ ] ') : '';
        lines.push(`${'  '.repeat(depth)}${box}${label}${description ? `: ${description}` : ''}`);
        visit(tree().provider.getChildren(node), depth + 1);
      }
    };
    visit(tree().provider.getChildren(), 0);
    return lines;
  };
  const until = async (holds: () => boolean, what: string) => {
    for (let n = 0; n < 600 && !holds(); n++) await new Promise((resolve) => setTimeout(resolve, 25));
    assert.ok(holds(), `${what}\n${shown().join('\n')}\n${fake.log.join('\n')}`);
  };
  /** Another value for an entry, on the disk. */
  const set = async (name: string, key: string, value: string) => {
    const text = disk(name);
    const next = await stage.sessions.with(uri(name), text, async ({ state }) => {
      assert.ok(state.kind === 'open');
      const leaf = state.sealed.leaves.find((one) => one.path[0] === key) ?? assert.fail();
      return (await change(state.opened, { kind: 'set', id: leaf.id, value: str(value) }, stage.services.clock)).text;
    });
    writeFileSync(path(name), next);
    fake.events.files.fire(Uri.file(path(name)));
  };
  const run = (id: CommandId, ...ids: unknown[]) => feature.commands[id]?.(...ids);

  beforeEach(async () => {
    stage = await makeStage();
    git('init', '-q', '-b', 'main');
    const recipients = [stage.recipient, bob.recipient];
    const plain = 'one: canary-1\ntwo: canary-2\nthree: canary-3\n';
    stage.write('a.yaml', (await seal(plain, 'yaml', { recipients }, stage.services.clock)).text);
    commit();
    assert.ok(nodePlatform.disk);
    const made = await checklistFor({
      leaver: { name: 'Maria', recipients: [bob.recipient] },
      root: stage.folder,
      files: [{ path: 'a.yaml', bytes: Buffer.from(disk('a.yaml')) }],
      git: nodePlatform.git,
      disk: nodePlatform.disk,
      now: stage.services.clock.now(),
    });
    stage.write(listPath, made?.text ?? '');
    stage.write('a.yaml', await stage.sealed(plain, 'yaml'));
    commit();
    feature = register(stage.services);
    await until(() => tree().provider.getChildren().length === 1, 'the list is read');
  });
  afterEach(() => {
    feature.disposable.dispose();
    stage.end();
  });

  it('are shown by person and file, and tick themselves when a value really changes', async () => {
    assert.deepEqual(shown(), [
      'Maria: 3 of 3 left',
      '  a.yaml: 3 of 3 left',
      '    [ ] one',
      '    [ ] two',
      '    [ ] three',
    ]);
    assert.equal(tree().description, '3 left');
    assert.ok(
      fake.executed.some(([id, key, on]) => id === 'setContext' && key === 'lockstep.hasLeavers' && on === true),
    );
    // The same value, encrypted again, is no change; another one is.
    await set('a.yaml', 'two', 'canary-2');
    await set('a.yaml', 'one', 'canary-new');
    await until(() => tree().description === '2 left', 'one is ticked');
    assert.deepEqual(shown().slice(2), ['    [x] one: changed', '    [ ] two', '    [ ] three']);
    assert.match(disk(listPath), /- \[x\] `one`: in `[0-9a-f]{10}`; changed on 2026-11-21\n- \[ \] `two`/);
    assert.ok(!disk(listPath).includes('canary') && !`${fake.log}${stage.script.asked}`.includes('canary'));
  });

  it('wait while Lockstep is locked, and are looked at after it is unlocked', async () => {
    const text = disk(listPath);
    await set('a.yaml', 'one', 'canary-new');
    stage.vault.lock();
    fake.events.files.fire(Uri.file(path('a.yaml')));
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.equal(disk(listPath), text);
    stage.vault.unlock();
    await until(() => disk(listPath).includes('- [x] `one`'), 'ticked');
  });

  it('follow a file that moved', async () => {
    git('mv', 'a.yaml', 'moved.yaml');
    commit();
    await set('moved.yaml', 'three', 'canary-new');
    await until(() => disk(listPath).includes('- [x] `three`'), 'ticked');
    assert.ok(!existsSync(path('a.yaml')));
  });

  it('are ticked by hand in the file, and no other line of it changes', async () => {
    const before = disk(listPath);
    const [list] = tree().provider.getChildren();
    const [file] = tree().provider.getChildren(list);
    const second = tree().provider.getChildren(file)[1];
    tree().check([second, 1]);
    await until(() => tree().description === '2 left', 'ticked');
    assert.equal(disk(listPath), before.replace(/- \[ \] (`two`.*)/, '- [x] $1; by hand on 2026-11-21'));
    await set('a.yaml', 'one', 'canary-new');
    await until(() => tree().description === '1 left', 'the other is ticked');
    assert.ok(disk(listPath).includes('; by hand on'), 'what somebody ticked stays');
  });

  it('are not written over what somebody else wrote, nor through a link', async () => {
    const [list] = tree().provider.getChildren();
    const [file] = tree().provider.getChildren(list);
    const [first] = tree().provider.getChildren(file);
    writeFileSync(path(listPath), `${disk(listPath)}A note.\n`);
    tree().check([first, 1]);
    await until(() => stage.script.asked.length > 0, 'it is said');
    assert.match(stage.script.asked.join(), /Nothing was ticked/);
    assert.ok(disk(listPath).endsWith('A note.\n') && !disk(listPath).includes('[x]'));
    mkdirSync(path('elsewhere'));
    renameSync(path(listPath), path('elsewhere/maria.md'));
    symlinkSync(path('elsewhere/maria.md'), path(listPath));
    await run(commands.showChecklist);
    const before = disk('elsewhere/maria.md');
    await set('a.yaml', 'one', 'canary-new');
    await new Promise((resolve) => setTimeout(resolve, 800));
    assert.equal(disk('elsewhere/maria.md'), before);
  });

  it('lead to the entry, or to their own line where there is none', async () => {
    const [list] = tree().provider.getChildren();
    const [file] = tree().provider.getChildren(list);
    const items = () =>
      tree()
        .provider.getChildren(file)
        .map((node) => tree().provider.getTreeItem(node));
    const { command, arguments: args } = items()[1]?.command ?? assert.fail();
    await run(command as CommandId, ...args);
    assert.deepEqual(fake.executed.at(-1), ['lockstep.showExposed', String(uri('a.yaml')), '[0,"two"]']);
    stage.write('a.yaml', await stage.sealed('other: x\n', 'yaml'));
    await run(command as CommandId, ...args);
    const [id, at] = fake.executed.at(-1) ?? [];
    assert.equal(id, 'vscode.open');
    assert.equal(String(at), String(uri(listPath)));
  });

  it('read no file outside of their repository', async () => {
    for (const file of ['../x.yaml', '/etc/x.yaml', 'a/../../x.yaml', '..\\x.yaml', '..'])
      assert.equal(isInside(file), false, file);
    for (const file of ['x.yaml', 'a/b..c.yaml', '..x/y.yaml']) assert.equal(isInside(file), true, file);
    stage.write(listPath, disk(listPath).replaceAll('`a.yaml`', '`../a.yaml`'));
    await run(commands.showChecklist);
    const [list] = tree().provider.getChildren();
    const [file] = tree().provider.getChildren(list);
    const [first] = tree().provider.getChildren(file);
    const { command, arguments: args } = tree().provider.getTreeItem(first).command ?? assert.fail();
    await run(command as CommandId, ...args);
    assert.equal(String(fake.executed.at(-1)?.[1]), String(uri(listPath)), 'its own line');
  });

  it('are none in a workspace that is not trusted, and say so where there are none', async () => {
    fake.trusted = false;
    await run(commands.showChecklist);
    assert.match(stage.script.asked.join(), /Restricted Mode/);
    fake.trusted = true;
    git('rm', '-q', '-f', listPath);
    await run(commands.showChecklist);
    assert.match(stage.script.asked.at(-1) ?? '', /There is no checklist/);
  });
});
