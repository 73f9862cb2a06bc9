import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { register as registerHover } from '../../../src/extension/hover/register.ts';
import { LensProvider } from '../../../src/extension/lens/provider.ts';
import { register } from '../../../src/extension/mask/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { until } from '../../e2e/wait.ts';
import { type FakeEditor, fake } from '../../fakes/vscode.ts';
import { painted, sealed, select, stage } from './stage.ts';

const dots = '••••••••';
const source = '# first line\n# second line\na: one # beside\n\n# alone\nb: two\n';

describe('encrypted comments', () => {
  let on: ReturnType<typeof stage>;
  let feature: Feature;
  let editor: FakeEditor;
  let file: Awaited<ReturnType<typeof sealed>>;
  const reveal = (...args: unknown[]) => feature.commands['lockstep.revealValue']?.(...args);
  const lineOf = (n: number) => editor.document.offsetAt({ line: n, character: 0 } as never);
  const lines = () => painted(editor).split('\n').slice(0, 6);
  /** The file is painted again in its own time. */
  const areShown = (expected: readonly string[]) =>
    until(() => lines().join('\n') === expected.join('\n'), expected.join(' | '));
  const hidden = [`#${dots}`, `#${dots}`, `a: ${dots} #${dots}`, '', `#${dots}`, `b: ${dots}`];

  beforeEach(async () => {
    fake.reset();
    on = stage();
    feature = register(on.services);
    file = await sealed(source, 'yaml');
    editor = fake.open('/w/x.yaml', file.text);
    on.answer(editor, await file.opened());
    await until(() => hovers().length === 4);
    await areShown(hidden);
  });
  afterEach(() => feature.disposable.dispose());

  /** The texts that the mouse brings up, as the editor has them from decorations. */
  const hovers = () =>
    [...editor.decorations.values()].flatMap((ranges) =>
      ranges.flatMap((one) => {
        const { hoverMessage } = one as { hoverMessage?: { value: string } };
        return hoverMessage ? [hoverMessage.value] : [];
      }),
    );

  it('are masked, and read where the mouse rests', async () => {
    assert.deepEqual(lines(), hidden);
    assert.deepEqual(hovers(), ['first line', 'second line', 'beside', 'alone']);
  });

  it('are read by nobody else: no provider says them', async () => {
    const feature = registerHover(on.services);
    const provider = fake.providers.at(-1)?.provider as vscode.HoverProvider;
    const hover = (await provider.provideHover(
      editor.document as never,
      { line: 4, character: 10 } as never,
      {} as never,
    )) as unknown as { contents: { value: string }[] };
    const [text] = hover.contents;
    assert.match(
      text?.value ?? '',
      new RegExp(`^\\*\\*Comment\\*\\*\\u2003${dots}\\n\\n\\[Reveal\\]\\(command:lockstep\\.revealValue\\?`),
    );
    assert.ok(!JSON.stringify(hover).includes('alone'));
    feature.disposable.dispose();
  });

  it('are revealed where the cursor is, those that belong together at once', async () => {
    select(editor, lineOf(1));
    await reveal();
    assert.deepEqual(lines().slice(0, 3), ['# first line', '# second line●', `a: ${dots} #${dots}`]);
    await reveal();
    assert.deepEqual(lines().slice(0, 2), [`#${dots}`, `#${dots}`]);
    select(editor, editor.document.getText().indexOf('#ENC', lineOf(2)) + 3);
    await reveal();
    assert.match(lines()[2] ?? '', new RegExp(`^a: ${dots} # beside●$`));
    select(editor, lineOf(2));
    await reveal();
    assert.match(lines()[2] ?? '', new RegExp(`^a: one● #${dots}$`));
  });

  it('have a lens under the cursor that reveals and hides', async () => {
    const provider = new LensProvider(on.services);
    const lensesOn = async (line: number) => {
      const all = await provider.provideCodeLenses(
        editor.document as never,
        { isCancellationRequested: false } as never,
      );
      return all.filter((lens) => lens.range.start.line === line).map((lens) => lens.command);
    };
    assert.deepEqual(await lensesOn(4), []);
    select(editor, lineOf(4));
    const [lens] = await lensesOn(4);
    // Above the first line it stands beside the lenses of the file.
    assert.deepEqual([lens?.title, lens?.command], ['Reveal Comment', 'lockstep.revealValue']);
    await reveal(...(lens?.arguments ?? []));
    assert.equal(lines()[4], '# alone●');
    assert.deepEqual(
      (await lensesOn(4)).map((one) => [one?.title, one?.command]),
      [['Hide', 'lockstep.hideValues']],
    );
  });

  it('are asked about where nobody works, and refused in presentation mode', async () => {
    on.answers.working = false;
    select(editor, lineOf(4));
    await reveal();
    assert.match(on.said.join(), /^Show the comment on line 5 of \S+\?$/);
    assert.equal(lines()[4], `#${dots}`);
    on.answers.working = true;
    on.presentation.set(true);
    await reveal();
    assert.equal(lines()[4], `#${dots}`);
    assert.deepEqual(hovers(), [], 'nothing under the mouse');
    on.presentation.set(false);
    await until(() => hovers().length === 4);
  });

  it('are shown all the time where the setting says so, but not locked or presenting', async () => {
    Object.assign(on.services.settings, { showComments: true });
    on.settingsChanged();
    const shown = ['# first line', '# second line', `a: ${dots} # beside`, '', '# alone', `b: ${dots}`];
    await areShown(shown);
    on.presentation.set(true);
    await areShown(hidden);
    on.presentation.set(false);
    await areShown(shown);
    on.answer(editor, { kind: 'locked', sealed: (await file.opened()).sealed });
    await areShown(hidden);
    assert.deepEqual(hovers(), []);
  });
});
