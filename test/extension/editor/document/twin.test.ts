import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { text as textScalar } from '../../../../src/core/tree/value.ts';
import { applyChange } from '../../../../src/extension/session/apply.ts';
import { setValue } from '../../../core/changes.ts';
import { type FakeEditor, fake, Range } from '../../../fakes/vscode.ts';
import { type Custom, Desk } from '../desk.ts';

describe('the Secrets Editor beside the text editor', () => {
  let desk: Desk;
  let custom: Custom;
  let editor: FakeEditor;
  beforeEach(async () => {
    desk = await Desk.make();
    custom = await desk.sealed('.env', 'A=canary-a\nB=canary-b\n', 'dotenv');
  });
  afterEach(() => desk.end());

  /** A text editor whose save writes the file, as VS Code's does. */
  async function openText(): Promise<void> {
    editor = fake.open(desk.at('.env'), desk.read('.env'));
    const { document } = editor;
    document.save = async () => {
      writeFileSync(desk.at('.env'), document.getText());
      document.isDirty = false;
      fake.events.saveDocument.fire(document);
      return true;
    };
    await custom.settle();
  }
  const set = (name: string, text: string) =>
    custom.page.ask('set', { row: custom.page.row(name).id, text, as: 'str' });
  const value = async (name: string) => (await custom.page.ask('reveal', { row: custom.page.row(name).id })).text;

  it('writes its edits into the text editor, as steps of that', async () => {
    await openText();
    const before = editor.document.getText();
    await set('A', 'canary-new');
    assert.equal(editor.document.getText(), custom.document.text);
    assert.deepEqual([editor.document.isDirty, custom.dirty, custom.edits.length], [true, true, 0]);
    // Undo there.
    fake.edit(editor.document, new Range(0, 0, 99, 0), before);
    editor.document.isDirty = false;
    await custom.settle();
    assert.equal(await value('A'), 'canary-a');
    assert.ok(!editor.document.getText().includes('canary'));
  });

  it('shows what lenses change, and is clean after the text editor saved', async () => {
    await openText();
    const document = desk.stage.document(editor);
    await applyChange(desk.stage.services, document, (opened) =>
      setValue(opened, '[0,"B"]', textScalar('canary-lens'), desk.stage.services.clock),
    );
    await custom.settle();
    assert.equal(await value('B'), 'canary-lens');
    assert.equal(custom.dirty, true);
    await document.save();
    await new Promise((resolve) => setTimeout(resolve, 250));
    await custom.settle();
    assert.deepEqual([custom.dirty, custom.document.dirty], [false, false]);
  });

  it('leaves the text editor clean after its own save', async () => {
    await openText();
    await set('A', 'x');
    await custom.save();
    assert.deepEqual([editor.document.isDirty, custom.dirty], [false, false]);
    assert.equal(desk.read('.env'), custom.document.text);
  });

  it('carries unsaved edits over to a text editor that opens later', async () => {
    await set('A', 'first');
    await set('B', 'second');
    await openText();
    assert.equal(editor.document.getText(), custom.document.text);
    await custom.undo();
    await custom.settle();
    assert.equal(editor.document.getText(), custom.document.text);
    assert.equal(await value('B'), 'canary-b');
  });

  it('does not carry them over what changed on the disk', async () => {
    await set('A', 'mine');
    const theirs = await desk.stage.sealed('A=theirs\n', 'dotenv');
    await desk.outside('.env', theirs);
    await custom.settle();
    await openText();
    assert.equal(editor.document.getText(), theirs);
    assert.equal(editor.document.isDirty, false);
    assert.equal(custom.page.state.conflict, true);
    const { entries } = await custom.page.ask('conflict', {});
    await custom.page.ask('resolve', { sides: entries.map(() => 'mine' as const) });
    await custom.settle();
    assert.equal(editor.document.getText(), custom.document.text);
    await custom.save();
    assert.equal(desk.read('.env'), custom.document.text);
    assert.deepEqual([editor.document.isDirty, custom.dirty], [false, false]);
  });

  it('keeps both when both have edits: the text editor’s count, undo brings the others', async () => {
    await set('A', 'mine');
    const mine = custom.document.text;
    const other = await desk.stage.sealed('A=canary-a\nB=typed\n', 'dotenv');
    editor = fake.open(desk.at('.env'), desk.read('.env'));
    fake.edit(editor.document, new Range(0, 0, 99, 0), other);
    await custom.settle();
    assert.equal(custom.document.text, other);
    await custom.undo();
    await custom.settle();
    assert.equal(custom.document.text, mine);
  });

  it('does not follow the text editor of a file that another program left empty, nor fills it', async () => {
    await openText();
    const { text } = custom.document;
    await desk.outside('.env', '');
    // VS Code loads the file into an editor without edits.
    fake.edit(editor.document, new Range(0, 0, 99, 0), '');
    editor.document.isDirty = false;
    await custom.settle();
    assert.deepEqual([custom.document.text, custom.page.notice?.kind], [text, 'gone']);
    assert.deepEqual([editor.document.getText(), desk.read('.env')], ['', '']);
    await desk.outside('.env', text);
    fake.edit(editor.document, new Range(0, 0, 99, 0), text);
    editor.document.isDirty = false;
    await custom.settle();
    assert.deepEqual([custom.document.text, custom.page.notice, custom.document.dirty], [text, undefined, false]);
  });

  it('does not take other characters for edits', async () => {
    editor = fake.open(desk.at('.env'), desk.read('.env').replace('A=', 'Ä='));
    await custom.settle();
    assert.deepEqual([custom.dirty, custom.document.dirty], [false, false]);
    await set('B', 'x');
    await custom.save();
    assert.ok(!desk.read('.env').includes('Ä'));
  });

  it('does not follow what somebody types until it is encrypted', async () => {
    await openText();
    let encrypted: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      encrypted = resolve;
    });
    let typing: Promise<void> | undefined = waiting;
    desk.stage.sessions.waitFor(() => typing);
    fake.edit(editor.document, new Range(0, 0, 0, 0), 'N=canary\n');
    await custom.settle();
    assert.ok(!custom.document.text.includes('canary'), 'nor does its backup');
    assert.equal(custom.page.notice, undefined);
    fake.edit(editor.document, new Range(0, 0, 99, 0), await desk.stage.sealed('A=a\nN=canary\n', 'dotenv'));
    typing = undefined;
    encrypted();
    await new Promise((resolve) => setTimeout(resolve, 120));
    await custom.settle();
    assert.equal(await value('N'), 'canary');
  });

  it('follows a text that does not parse for a moment', async () => {
    await openText();
    fake.edit(editor.document, new Range(0, 0, 0, 0), 'x\n');
    await custom.settle();
    assert.equal(custom.page.notice?.kind, 'broken');
    fake.edit(editor.document, new Range(0, 0, 1, 0), '');
    await custom.settle();
    assert.equal(custom.page.notice, undefined);
    assert.equal(await value('A'), 'canary-a');
  });
});
