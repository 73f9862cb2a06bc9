import assert from 'node:assert/strict';
import { isOurs } from '../../../src/core/errors.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { text } from '../../../src/core/tree/value.ts';
import { applyChange } from '../../../src/extension/session/apply.ts';
import { setValue } from '../../core/changes.ts';
import { fake, Range, workspace } from '../../fakes/vscode.ts';
import { idOf, makeStage, type Stage } from './session.ts';

const code = (expected: string) => (error: unknown) => isOurs(error) && error.code === expected;

describe('changes of a document', () => {
  let stage: Stage;
  let changes: { text: string; count: number }[];
  beforeEach(async () => {
    stage = await makeStage();
    changes = [];
    fake.events.changeDocument.event(({ contentChanges, document }) =>
      changes.push({ text: document.getText(), count: contentChanges.length }),
    );
  });
  afterEach(() => stage.end());

  const set = (editor: ReturnType<Stage['open']>, key: string, value: string) =>
    applyChange(stage.services, stage.document(editor), (opened) =>
      setValue(opened, JSON.stringify([0, key]), text(value), stage.services.clock),
    );

  it('are one edit of ciphertext, and leave the rest alone', async () => {
    const before = await stage.sealed('# about A\nA=1\r\nB=2\n', 'dotenv');
    const editor = stage.open('.env', before);
    await set(editor, 'A', 'canary');
    assert.equal(changes.length, 1);
    assert.ok(!changes[0]?.text.includes('canary'));
    const changed = (lines: string[], i: number) => lines[i] !== before.split('\n')[i];
    const after = editor.document.getText().split('\n');
    const names = after.filter((_, i) => changed(after, i)).map((line) => line.split('=')[0]);
    assert.deepEqual(names, ['A', 'sops_mac'], 'the clock stands still, so lastmodified is the same');
    const state = await stage.state(editor);
    assert.deepEqual(state.kind === 'open' && state.opened.value(idOf(state, 'A')), text('canary'));
    assert.equal(editor.document.isDirty, true, 'saving is the person’s');
  });

  it('wait for each other', async () => {
    const editor = stage.open('.env', await stage.sealed('A=1\nB=2\n', 'dotenv'));
    await Promise.all([set(editor, 'A', 'x'), set(editor, 'B', 'y'), set(editor, 'A', 'z')]);
    const state = await stage.state(editor);
    assert.equal(state.kind, 'open');
    const value = (key: string) => state.kind === 'open' && state.opened.value(idOf(state, key));
    assert.deepEqual([value('A'), value('B')], [text('z'), text('y')]);
  });

  it('start again when the text changed meanwhile', async () => {
    const editor = stage.open('.env', await stage.sealed('A=1\nB=2\n', 'dotenv'));
    let calls = 0;
    await applyChange(stage.services, stage.document(editor), async (opened) => {
      const change = await setValue(
        opened,
        idOf({ kind: 'locked', sealed: opened.sealed }, 'A'),
        text('x'),
        stage.services.clock,
      );
      if (calls++ === 0) fake.edit(editor.document, new Range(0, 0, 0, 0), '\n');
      return change;
    });
    assert.equal(calls, 2);
    assert.equal((await stage.state(editor)).kind, 'open');
  });

  it('give up when the text will not hold still', async () => {
    const editor = stage.open('.env', await stage.sealed('A=1\n', 'dotenv'));
    const change = applyChange(stage.services, stage.document(editor), async (opened) => {
      const made = await setValue(opened, '[0,"A"]', text('x'), stage.services.clock);
      fake.edit(editor.document, new Range(0, 0, 0, 0), '\n');
      return made;
    });
    await assert.rejects(change, code('CHANGED_ON_DISK'));
    assert.equal(readSealed(editor.document.getText(), 'dotenv').leaves.length, 1);
    await set(editor, 'A', 'y');
    assert.equal((await stage.state(editor)).kind, 'open', 'and the next one is not held up');
  });

  it('are refused for files that are not open', async () => {
    const text = await stage.sealed('A=1\nB=2\n', 'dotenv');
    const damaged = stage.open('a.env', text.replace(/^B=.*\n/m, ''));
    await assert.rejects(set(damaged, 'A', 'x'), code('EDIT_LOCKED'));
    assert.equal(changes.length, 0);
    await assert.rejects(set(stage.open('b.env', 'A=1\n'), 'A', 'x'), code('NO_METADATA'));
    const locked = stage.open('c.env', text);
    stage.vault.lock();
    await assert.rejects(set(locked, 'A', 'x'), code('LOCKED'));
  });

  it('save a document that no tab shows', async () => {
    const editor = stage.open('.env', await stage.sealed('A=1\n', 'dotenv'));
    fake.editors = [];
    await set(editor, 'A', 'x');
    assert.equal(editor.document.isDirty, false);
  });

  it('try again when VS Code refuses the edit', async () => {
    const editor = stage.open('.env', await stage.sealed('A=1\n', 'dotenv'));
    const real = workspace.applyEdit;
    let refused = 0;
    workspace.applyEdit = async (edit) => (refused++ === 0 ? false : real(edit));
    try {
      await set(editor, 'A', 'x');
    } finally {
      workspace.applyEdit = real;
    }
    assert.equal(refused, 2);
    assert.equal(changes.length, 1);
  });
});
