import assert from 'node:assert/strict';
import { register } from '../../../src/extension/mask/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { Range } from '../../fakes/values.ts';
import { type FakeEditor, fake } from '../../fakes/vscode.ts';
import { painted, plain, sealed, select, stage } from './stage.ts';

const dots = '••••••••';

describe('reveal', () => {
  let on: ReturnType<typeof stage>;
  let feature: Feature;
  let editor: FakeEditor;
  let id: string;
  let file: Awaited<ReturnType<typeof sealed>>;
  const uri = () => String(editor.document.uri);
  const reveal = (...args: unknown[]) => feature.commands['lockstep.revealValue']?.(...args);
  const shown = (what = 'two ⏎lines') => painted(editor).includes(what);

  beforeEach(async () => {
    fake.reset();
    on = stage();
    feature = register(on.services);
    file = await sealed('a: one\nb: "two \\nlines"\n', 'yaml');
    editor = fake.open('/w/x.yaml', file.text);
    const state = await file.opened();
    on.answer(editor, state);
    id = state.sealed.leaves[1]?.id ?? '';
  });
  afterEach(() => feature.disposable.dispose());

  it('shows one value on one line', async () => {
    assert.equal(await reveal(uri(), id), undefined);
    assert.match(painted(editor), new RegExp(`^a: ${dots}\nb: "?two ⏎lines"?●\nsops:`));
    assert.ok(!editor.document.getText().includes('lines'));
    assert.deepEqual(
      on.recorded.map(({ purpose, key, by }) => [purpose, key, by]),
      [['reveal', 'b', 'text editor']],
    );
  });

  it('shows nothing when a lock comes while it asks', async () => {
    const { sealed } = await file.opened();
    on.answers.working = false;
    Object.defineProperty(on.answers, 'gesture', {
      get() {
        on.answer(editor, { kind: 'locked', sealed });
        return true;
      },
    });
    await assert.rejects(async () => reveal(uri(), id), { code: 'LOCKED' });
    assert.equal(shown(), false);
  });

  it('ends', async () => {
    const ends: Record<string, () => unknown> = {
      'with the window': () => fake.events.windowState.fire({ focused: false, active: false }),
      'with another editor': () => fake.events.activeEditor.fire(undefined),
      'when the editor is hidden': () => fake.events.visibleEditors.fire([]),
      'with an edit': () => fake.edit(editor.document, new Range(0, 0, 0, 0) as never, ' '),
      'with a click': () => select(editor, editor.document.getText().indexOf('\nb: ') + 8),
      'with a lock': () => {
        on.vault.locked = true;
        on.vaultChanged();
        on.vault.locked = false;
      },
      'with presentation mode': () => {
        on.presentation.set(true);
        on.presentation.set(false);
      },
      'by command': () => feature.commands['lockstep.hideValues']?.(),
    };
    for (const [how, end] of Object.entries(ends)) {
      const tracked = on.services.sessions.current(editor.document.uri as never);
      await reveal(uri(), id);
      assert.ok(shown(), how);
      await end();
      assert.ok(!shown(), how);
      if (how === 'with an edit')
        on.answer(editor, await file.opened(editor.document.getText()).catch(() => tracked!.state));
      select(editor, 0);
    }
  });

  it('ends after its time', async () => {
    Object.assign(on.services.settings, { revealSeconds: 0.05 });
    await reveal(uri(), id);
    assert.ok(shown());
    await new Promise((resolve) => setTimeout(resolve, 120));
    assert.match(painted(editor), new RegExp(`^a: ${dots}\nb: "?${dots}"?\nsops:`));
  });

  it('shows one value at a time', async () => {
    const state = await file.opened();
    await reveal(uri(), id);
    await reveal(uri(), state.sealed.leaves[0]?.id);
    assert.ok(shown('a: one') && !shown());
  });

  it('is refused in presentation mode', async () => {
    on.presentation.set(true);
    await reveal(uri(), id);
    assert.ok(!shown());
    assert.deepEqual(on.said, ['Presentation mode is on, so no value is shown.']);
    assert.ok(on.presentation.on);
    on.answers.gesture = true;
    await reveal(uri(), id);
    assert.ok(!on.presentation.on && !shown());
  });

  it('asks about a file that nobody works in, and not about a plain one', async () => {
    on.answers.working = false;
    await reveal(uri(), id);
    assert.ok(!shown());
    assert.match(on.said.join(), /^Show the value of b in \S+\?$/);
    on.answers.gesture = true;
    await reveal(uri(), id);
    assert.ok(shown());
    on.answers.gesture = false;
    editor = fake.open('/w/.env', 'A=one\n');
    const state = plain(editor.document.getText(), 'dotenv');
    on.answer(editor, state);
    await reveal(uri(), state.leaves[0]?.id);
    assert.ok(shown('one'));
    assert.equal(on.said.length, 2);
  });

  it('takes the entry under the cursor, else asks by name', async () => {
    select(editor, editor.document.getText().indexOf('\nb: ') + 1);
    await reveal();
    assert.ok(shown());
    on.answers.pick = 'a';
    select(editor, editor.document.getText().length);
    await reveal();
    assert.deepEqual(on.answers.offered, ['a', 'b']);
    assert.ok(shown('a: one'));
  });

  it('checks what it is given', async () => {
    for (const args of [
      [uri(), 'no such id'],
      ['file:///nowhere', id],
      [uri(), 5],
      [{}, {}],
    ]) {
      select(editor, 0);
      await feature.commands['lockstep.hideValues']?.();
      await reveal(...args)?.catch((error) => assert.equal(error.code, 'NO_SUCH_ENTRY'));
      assert.ok(!shown());
    }
  });

  it('shows a plain value, too', async () => {
    const other = fake.open('/w/.env', 'A=b c\nD=e\n');
    const state = plain('A=b c\nD=e\n', 'dotenv');
    on.answer(other, state);
    await reveal(String(other.document.uri), state.leaves[0]?.id);
    assert.equal(painted(other), `A=b c●\nD=${dots}\n`);
  });

  it('hides what it has shown when it is asked again', async () => {
    const contexts = () => fake.executed.filter(([id]) => id === 'setContext').map(([, key, on]) => [key, on]);
    await reveal(uri(), id);
    assert.ok(shown() && on.services.revealed.is(uri(), id));
    assert.deepEqual(contexts().at(-1), ['lockstep.revealed', true]);
    await reveal(uri(), id);
    assert.ok(!shown() && !on.services.revealed.is(uri(), id));
    assert.deepEqual(contexts().at(-1), ['lockstep.revealed', false]);
    await reveal(uri(), id);
    assert.ok(shown());
  });

  it('asks which of several selected entries is meant', async () => {
    on.answers.pick = 'b';
    const text = editor.document.getText();
    select(editor, 0, text.indexOf('\nb: ') + 20);
    await reveal();
    assert.deepEqual(on.answers.offered, ['a', 'b']);
    assert.ok(shown());
    on.answers.offered = [];
    select(editor, text.indexOf('\nb: ') + 1, text.indexOf('\nb: ') + 20);
    await reveal();
    assert.deepEqual(on.answers.offered, []);
  });

  it('offers to unlock', async () => {
    const { sealed: closed } = await file.opened();
    on.answer(editor, { kind: 'locked', sealed: closed });
    on.vault.locked = true;
    await reveal(uri(), id);
    assert.deepEqual(on.said, ['Lockstep is locked.']);
    assert.ok(!shown());
  });
});
