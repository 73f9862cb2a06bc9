import assert from 'node:assert/strict';
import { register } from '../../../src/extension/fold/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { type FakeEditor, fake } from '../../fakes/vscode.ts';
import { painted, sealed, select, stage } from '../mask/stage.ts';

describe('the metadata block', () => {
  let on: ReturnType<typeof stage>;
  let feature: Feature;
  beforeEach(() => {
    fake.reset();
    on = stage();
    feature = register(on.services);
  });
  afterEach(() => feature.disposable.dispose());

  const folded = () => fake.executed.filter(([id]) => id === 'editor.fold').map(([, args]) => args);
  const lineOf = (editor: FakeEditor, text: string) =>
    editor.document.positionAt(editor.document.getText().indexOf(text)).line;

  it('is folded once and summed up', async () => {
    const file = await sealed('A=one\n', 'dotenv');
    const editor = fake.open('/w/x.env', file.text);
    assert.deepEqual(folded(), []);
    on.answer(editor, await file.opened());
    assert.deepEqual(folded(), [{ levels: 1, direction: 'down', selectionLines: [1] }]);
    assert.match(painted(editor), /\nsops_?encrypted in SOPS 3\.\d+ format, changed 2 days ago\nsops_/);
    on.answer(editor, await file.opened());
    fake.events.activeEditor.fire(editor);
    assert.equal(folded().length, 1);
    fake.events.closeDocument.fire(editor.document);
    fake.events.activeEditor.fire(editor);
    assert.equal(folded().length, 2);
  });

  it('stays open around a cursor', async () => {
    const file = await sealed('A=one\n', 'dotenv');
    const editor = fake.open('/w/x.env', file.text);
    select(editor, file.text.length - 2);
    on.answer(editor, await file.opened());
    assert.deepEqual(folded(), []);
  });

  it('can be folded in dotenv, where lines have no levels', async () => {
    const file = await sealed('A=one\n', 'dotenv');
    const editor = fake.open('/w/x.env', file.text);
    on.answer(editor, await file.opened());
    const provider = fake.providers[0]?.provider as {
      provideFoldingRanges(document: unknown): Promise<{ start: number; end: number }[]>;
    };
    const [range] = await provider.provideFoldingRanges(editor.document);
    assert.deepEqual([range?.start, range?.end], [lineOf(editor, 'sops_'), editor.document.lineCount - 2]);
    const other = fake.open('/w/y.env', 'A=b\n');
    on.answer(other, { kind: 'none' });
    assert.equal(await provider.provideFoldingRanges(other.document), undefined);
  });
});
