import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { register as backup } from '../../../src/extension/backup/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register as keys } from '../../../src/extension/keys/register.ts';
import { register as lock } from '../../../src/extension/lock/register.ts';
import { Presence } from '../../../src/extension/person/presence.ts';
import { register as status } from '../../../src/extension/status/register.ts';
import { register as values } from '../../../src/extension/values/register.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { type FakeEditor, fake, Selection, window } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

/** What another extension can make happen by a command: it presses, picks, fills in and moves, and answers no modal dialog. */
const commanding = { message: 'Unlock', pick: 'Type or Paste', choose: 'x', input: 'x' };

describe('what only a person can do', () => {
  let stage: Stage;
  let editor: FakeEditor;
  let uri: string;
  let features: Record<string, ((...ids: unknown[]) => Promise<void>) | undefined>;
  const passwordId = JSON.stringify([0, 'password']);

  beforeEach(async () => {
    stage = await makeStage();
    features = Object.assign(
      {},
      ...[backup, keys, lock, status, values].map((register) => register(stage.services).commands),
    );
    editor = stage.open('x.yaml', await stage.sealed('password: canary\n', 'yaml'));
    uri = editor.document.uri.toString();
    Object.assign(stage.script, commanding, { gesture: false });
  });
  afterEach(() => {
    Object.assign(window.state, { focused: true, active: true });
    stage.end();
  });
  const run = (id: string, ...ids: unknown[]) => features[id]?.(...ids);

  it('unlock', async () => {
    await run(commands.lock);
    for (const id of [commands.unlock, commands.copyValue, commands.setValue, commands.backUpKey]) {
      await run(id, uri, passwordId);
      assert.ok(stage.vault.locked, id);
      assert.match(stage.script.asked.at(-1) ?? '', /^Lockstep is locked\.[\s\S]*\[Unlock\]$/, id);
    }
    assert.equal(fake.clipboard, '');
    stage.script.gesture = true;
    await run(commands.unlock);
    assert.ok(!stage.vault.locked);
  });

  it('end presentation mode; beginning it is for everybody', async () => {
    await run(commands.togglePresentation);
    assert.ok(stage.services.presentation.on);
    await run(commands.togglePresentation);
    assert.ok(stage.services.presentation.on);
    stage.script.gesture = true;
    await run(commands.togglePresentation);
    assert.ok(!stage.services.presentation.on);
  });

  it('copy a value of a file that nobody works in', async () => {
    await run(commands.copyValue, uri, passwordId);
    assert.equal(fake.clipboard, '');
    assert.match(stage.script.asked.at(-1) ?? '', /^Copy the value of password in x\.yaml\?\n/);
    assert.ok(!stage.script.asked.join().includes('canary'));
    stage.script.gesture = true;
    await run(commands.copyValue, uri, passwordId);
    assert.equal(fake.clipboard, 'canary');
  });

  it('take a key among one’s own: others would be encrypted for without a question', async () => {
    const identity = await generateIdentity();
    stage.script.secret = identity;
    await run(commands.importKey);
    assert.equal((await stage.vault.keys()).length, 1);
    const recipient = await recipientOf(identity);
    assert.match(
      stage.script.asked.join('\n'),
      new RegExp(`Import this key into SecretStorage\\?\n.*${recipient.slice(0, 11)}…`),
    );
    assert.ok(!stage.script.asked.join().includes(identity.slice(0, 30)));
    stage.script.gesture = true;
    await run(commands.importKey);
    assert.equal((await stage.vault.keys()).length, 2);
    // There is nothing new about it.
    stage.script.gesture = false;
    await run(commands.importKey);
    assert.match(stage.script.asked.at(-1) ?? '', /You already have this key/);
  });

  it('take the private keys out, be it under a pass phrase', async () => {
    const saveFile = join(stage.folder, 'keys.age');
    Object.assign(stage.script, { secret: 'a pass phrase of theirs', saveFile });
    await run(commands.backUpKey);
    assert.match(stage.script.asked.at(-1) ?? '', /^Write all your private keys to keys\.age\?/);
    assert.throws(() => writeFileSync(saveFile, '', { flag: 'r+' }), { code: 'ENOENT' });
  });
});

describe('presence', () => {
  let stage: Stage;
  let editor: FakeEditor;
  let presence: Presence;
  let now = 0;
  beforeEach(async () => {
    stage = await makeStage();
    now = 1000;
    presence = new Presence(() => now);
    editor = stage.open('x.yaml', 'a: b\n');
  });
  afterEach(() => {
    Object.assign(window.state, { focused: true, active: true });
    presence.dispose();
    stage.end();
  });
  const isIn = (one = editor) => presence.isIn(one.document as unknown as vscode.TextDocument);
  const select = (kind: number | undefined, textEditor = editor) =>
    fake.events.selection.fire({ textEditor, selections: [new Selection(0, 0, 0, 0)], kind });

  it('is in a file that somebody acts in, by key or mouse', () => {
    for (const kind of [1, 2]) {
      fake.events.activeEditor.fire(editor);
      assert.ok(!isIn());
      select(3);
      select(undefined);
      assert.ok(!isIn(), 'a command or an extension moved the cursor');
      select(kind);
      assert.ok(isIn());
    }
  });

  it('is in a file that somebody has had in front for a moment', () => {
    now += 999;
    assert.ok(!isIn());
    now += 1;
    assert.ok(isIn());
  });

  it('is nowhere while nobody touches keyboard or mouse, or the window is not in front', () => {
    select(2);
    window.state.active = false;
    assert.ok(!isIn());
    Object.assign(window.state, { active: true, focused: false });
    assert.ok(!isIn());
    window.state.focused = true;
    assert.ok(isIn());
  });

  it('is not in a file that is merely on the screen, nor in one that was just brought to the front', () => {
    select(2);
    now += 60_000;
    const other = stage.open('y.yaml', 'c: d\n');
    assert.ok(!isIn());
    assert.ok(!isIn(other));
    select(2, editor);
    assert.ok(!isIn(other), 'somebody acted in another editor');
    fake.active = editor;
    fake.events.activeEditor.fire(editor);
    assert.ok(!isIn(), 'what was done before it went to the back does not count');
  });
});
