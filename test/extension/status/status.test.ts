import assert from 'node:assert/strict';
import type { Feature } from '../../../src/extension/services.ts';
import { copiedText } from '../../../src/extension/status/copied.ts';
import { statusText } from '../../../src/extension/status/item.ts';
import { register } from '../../../src/extension/status/register.ts';
import { ColorThemeKind, fake } from '../../fakes/vscode.ts';
import { plain, sealed, select, stage } from '../mask/stage.ts';

describe('the status bar', () => {
  it('says one thing, or nothing', () => {
    const text = (presenting: boolean, locked: boolean, relevant: boolean) =>
      statusText({ presenting, locked, relevant })?.text;
    assert.equal(text(false, false, false), undefined);
    assert.equal(text(false, false, true), '$(key) Lockstep');
    assert.equal(text(false, true, false), '$(lock) Lockstep');
    assert.equal(text(true, true, true), '$(eye-closed) Presenting');
  });

  it('counts a copied value down', () => {
    assert.equal(copiedText({ name: 'STRIPE_KEY', until: 27_000 }, 500), '$(clippy) STRIPE_KEY · clears in 27 s');
    assert.equal(copiedText({ name: 'K', until: 0 }, 500), '$(clippy) K · clears in 0 s');
    assert.doesNotMatch(copiedText({ name: `$(flame)${'x'.repeat(99)}`, until: 0 }, 0), /\$\(flame|x{50}/);
  });
});

describe('context keys and presentation mode', () => {
  let on: ReturnType<typeof stage>;
  let feature: Feature;
  beforeEach(() => {
    fake.reset();
    on = stage();
    feature = register(on.services);
  });
  afterEach(() => feature.disposable.dispose());

  const keys = () =>
    Object.fromEntries(fake.executed.filter(([id]) => id === 'setContext').map(([, key, value]) => [key, value]));
  const pause = () => new Promise((resolve) => setTimeout(resolve, 70));

  it('are kept true', async () => {
    const editor = fake.open('/w/.env', '# x\nA=b\n');
    on.answer(editor, plain(editor.document.getText(), 'dotenv'));
    select(editor, 5);
    on.vault.locked = true;
    on.vault.list = [{ label: 'me', recipient: 'age1', created: '' }];
    on.vaultChanged();
    await pause();
    assert.deepEqual(keys(), {
      'lockstep.file': 'plain',
      'lockstep.binary': false,
      'lockstep.canEncrypt': true,
      'lockstep.onEntry': true,
      'lockstep.locked': true,
      'lockstep.noKey': false,
      'lockstep.presenting': false,
      'lockstep.encryptedFiles': undefined,
    });
    select(editor, 0);
    await pause();
    assert.equal(keys()['lockstep.onEntry'], false);
    const before = fake.executed.length;
    select(editor, 1);
    await pause();
    assert.equal(fake.executed.length, before, 'what did not change is not set again');
  });

  it('cannot be overlooked, and are left with one click', async () => {
    const item = fake.statusItems[0] as unknown as { backgroundColor?: { id: string }; command: string };
    const colour = () => item.backgroundColor?.id;
    assert.equal(colour(), undefined);
    assert.equal(item.command, 'lockstep.showMenu');
    on.presentation.set(true);
    assert.equal(colour(), 'statusBarItem.warningBackground');
    assert.equal(item.command, 'lockstep.togglePresentation');
    on.answers.gesture = true;
    await feature.commands['lockstep.togglePresentation']?.();
    assert.equal(on.presentation.on, false);
    assert.equal(colour(), undefined);
  });

  it('cannot be overlooked in high contrast either, which has no such background', () => {
    const item = fake.statusItems[0] as unknown as Record<'color' | 'backgroundColor', { id: string } | undefined>;
    const colours = () => [item.color?.id, item.backgroundColor?.id];
    on.presentation.set(true);
    fake.setTheme(ColorThemeKind.HighContrast);
    assert.deepEqual(colours(), ['editorWarning.foreground', undefined]);
    fake.setTheme(ColorThemeKind.HighContrastLight);
    assert.deepEqual(colours(), [undefined, 'statusBarItem.warningBackground']);
    fake.setTheme(ColorThemeKind.HighContrast);
    on.presentation.set(false);
    assert.deepEqual(colours(), [undefined, undefined]);
  });

  it('are asked about in a menu that has no step without a key, or in Restricted Mode, that cannot work', async () => {
    const offered = async () => {
      await feature.commands['lockstep.showMenu']?.();
      return on.answers.offered.join();
    };
    fake.folders = ['/w'];
    on.vault.list = [];
    assert.doesNotMatch(await offered(), /Lock|Manage Keys|Copy My Public Key/);
    assert.match(await offered(), /Import Key.*Set Up|Set Up.*Import Key/);
    on.vault.list = [{ label: 'me', recipient: 'age1', created: '' }];
    assert.match(await offered(), /Lock/);
    const editor = fake.open('/w/.env', 'A=b\n');
    on.answer(editor, plain(editor.document.getText(), 'dotenv'));
    assert.match(await offered(), /Encrypt \.env/);
    fake.trusted = false;
    assert.doesNotMatch(await offered(), /Encrypt \.env|Set Up|Find Files/);
  });

  it('are switched by command', async () => {
    await feature.commands['lockstep.togglePresentation']?.();
    assert.equal(on.presentation.on, true);
    assert.equal(keys()['lockstep.presenting'], true);
    on.answers.pick = '$(eye) End Presentation Mode';
    await feature.commands['lockstep.showMenu']?.();
    assert.deepEqual(fake.executed.at(-1), ['lockstep.togglePresentation']);
  });
});

describe('the menu of the status bar', () => {
  let on: ReturnType<typeof stage>;
  let feature: Feature;
  beforeEach(() => {
    fake.reset();
    on = stage();
    feature = register(on.services);
  });
  afterEach(() => feature.disposable.dispose());
  const offered = async () => {
    await feature.commands['lockstep.showMenu']?.();
    return on.answers.offered.map((label) => label.replace(/^\$\(.*?\) /, ''));
  };
  const ofKeys = ['Back Up Key', 'Copy My Public Key', 'Manage Keys', 'Lock'];
  const withKey = () => {
    on.vault.list = [{ label: 'me', recipient: 'age1', created: '' }];
  };

  it('offers what works now, for the file in front first', async () => {
    assert.deepEqual(
      await offered(),
      ['Import Key', 'Restore Keys From a Backup', 'Start Presentation Mode'],
      'no folder, no file, no key',
    );
    fake.folders = ['/w'];
    withKey();
    const start = 'Start Presentation Mode';
    const run = ['Run With Secrets…', 'Import Secrets…'];
    const find = ['Find Files to Encrypt in This Workspace', 'Find Hard-Coded Secrets in Workspace'];
    assert.deepEqual(await offered(), [...run, ...find, ...ofKeys, start]);
    const file = await sealed('a: b\n', 'yaml');
    const editor = fake.open('/w/x.yaml', file.text);
    on.answer(editor, await file.opened());
    const open = [
      'Copy Value',
      'Reveal Value',
      'Add Secret',
      'Open Secrets Editor',
      'Who Can Read x.yaml',
      'Compare Secrets…',
      'Export Secrets…',
    ];
    assert.deepEqual(await offered(), [...open, ...run, ...find, ...ofKeys, start]);
    on.presentation.on = true;
    const presented = open.filter((label) => label !== 'Reveal Value' && label !== 'Export Secrets…');
    assert.deepEqual(await offered(), ['End Presentation Mode', ...presented, ...run, ...find, ...ofKeys]);
    on.presentation.on = false;
    fake.trusted = false;
    const untrusted = open.filter((label) => label !== 'Add Secret' && label !== 'Export Secrets…');
    assert.deepEqual(await offered(), [...untrusted, ...find.slice(1), ...ofKeys, start]);
  });

  it('offers to encrypt a plain file by its name, and Unlock first while locked', async () => {
    fake.folders = ['/w'];
    on.answer(fake.open('/w/.env', 'A=b\n'), plain('A=b\n', 'dotenv'));
    assert.deepEqual((await offered()).slice(0, 2), ['Encrypt .env', 'Set Up Secrets in This Workspace']);
    withKey();
    on.vault.locked = true;
    const labels = await offered();
    assert.equal(labels[0], 'Unlock');
    assert.ok(!labels.includes('Lock'));
  });
});
