import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type * as vscode from 'vscode';
import { activate, deactivate } from '../../src/extension/extension.ts';
import { mayMatter } from '../../src/extension/gate.ts';
import { commands } from '../../src/extension/ids.ts';
import { scriptedUi } from '../../src/extension/testing.ts';
import { ExtensionMode, FakeDocument, fake, commands as fakeCommands, fakeContext, Uri } from '../fakes/vscode.ts';
import { root } from '../rules/tree.ts';
import { makeStage } from './session/session.ts';

/** The files that a module loads at once: imports of types and `import()` do not count. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, target] of text.matchAll(/^(?:import|export)(?! type\b)[^;]*? from '(\.[^']+)';/gm)) {
    loadedWith(join(dirname(file), target ?? ''), seen);
  }
  return seen;
}

describe('activation', () => {
  it('loads next to nothing', () => {
    const files = [...loadedWith(join(root, 'src/extension/extension.ts'))].map((file) => relative(root, file));
    assert.ok(files.length > 4);
    // The first masks need the view, which works on text alone; no parser, no cryptography, no session.
    const allowed = /^src\/(?:core\/view|extension|extension\/mask|extension\/debug)\/[\w-]+\.ts$/;
    assert.deepEqual(
      files.map((file) => file.replaceAll('\\', '/')).filter((file) => !allowed.test(file)),
      [],
    );
    const packages = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/^import(?! type\b)[^;]*? from '([^.'][^']*)';/gm)].map(
        (match) => match[1],
      ),
    );
    assert.deepEqual([...new Set(packages)], ['vscode']);
    const bytes = files.reduce((sum, file) => sum + readFileSync(join(root, file)).length, 0);
    assert.ok(bytes < 150 * 1024, `${bytes} bytes of source`);
  });

  it('registers every command, loads the engine for one, and gives nothing away', async () => {
    fake.reset();
    const context = fakeContext(ExtensionMode.Production) as unknown as vscode.ExtensionContext;
    assert.equal(activate(context), undefined);
    assert.deepEqual([...fake.commands.keys()].sort(), Object.values(commands).sort());
    const before = context.subscriptions.length;
    const run = (id: string, ...args: unknown[]) => fakeCommands.executeCommand(id, ...(args as never[]));
    assert.equal(await run(commands.lock), undefined);
    assert.ok(context.subscriptions.length > before, 'the engine is there now');
    assert.ok(!fake.commands.has('lockstep._test'), 'the test seam exists in test mode only');
    for (const id of Object.values(commands)) {
      assert.equal(await run(id, { odd: true }, 7), undefined, id);
    }
    assert.deepEqual(
      fake.log.filter((line) => line.includes('no feature answers')),
      [],
      'each command has its handler',
    );
    await deactivate();
    for (const one of context.subscriptions) one.dispose();
  });
});

describe('the gate', () => {
  const matters = (path: string, text: string) =>
    mayMatter(new FakeDocument(path, text) as unknown as vscode.TextDocument);

  it('lets in what may be a secret file', async () => {
    const stage = await makeStage();
    const at = (name: string) => join(stage.folder, name);
    for (const name of ['.env', '.env.local', 'x/prod.env']) assert.equal(await matters(at(name), 'A=1'), true, name);
    assert.equal(await matters(at('any.thing'), 'a: ENC[AES256_GCM,data:x'), true);
    for (const name of ['a.yaml', 'package.json', 'a.ts', 'env'])
      assert.equal(await matters(at(name), 'a: 1'), false, name);
    stage.write('.sops.yaml', '');
    assert.equal(await matters(at('deep/down/a.yaml'), 'a: 1'), true);
    assert.equal(await matters(at('a.ts'), ''), false);
    assert.equal(await matters('/elsewhere/a.yaml', 'a: 1'), false);
    const untitled = new FakeDocument(Uri.parse('untitled:x.env'), 'A=1') as unknown as vscode.TextDocument;
    assert.equal(await mayMatter(untitled), false);
    stage.end();
  });
});

describe('scripted answers', () => {
  it('are used up one by one, and cancel when they run out', async () => {
    const asked: string[] = [];
    const ui = scriptedUi({
      confirm: [true],
      pick: ['two', 'x'],
      secret: ['a', { button: 'b' }],
      message: 'Go',
      asked,
    });
    assert.deepEqual([await ui.confirm('q', 'd', 'v'), await ui.confirm('q', 'd', 'v')], [true, false]);
    const items = [{ label: 'one', id: 'x' }, { label: 'number two' }];
    assert.equal((await ui.pick(items, { title: 't' }))?.label, 'number two');
    assert.equal((await ui.pick(items, { title: 't' }))?.id, 'x');
    assert.equal(await ui.pick(items, { title: 't' }), undefined);
    const check = (text: string) => (text === 'a' ? { message: 'no', block: true } : undefined);
    assert.equal(await ui.secret({ title: 't', check }), undefined);
    assert.deepEqual(await ui.secret({ title: 't' }), { button: 'b' });
    assert.equal(await ui.info('hello', 'Stay'), undefined);
    assert.equal(await ui.warn('hello', 'Stay', 'Go'), 'Go');
    assert.ok(asked.includes('hello') && asked.includes('no'));
  });
});
