import assert from 'node:assert/strict';
import type { Feature } from '../../../src/extension/services.ts';
import { copiedText } from '../../../src/extension/status/copied.ts';
import { statusText } from '../../../src/extension/status/item.ts';
import { register } from '../../../src/extension/status/register.ts';
import { fake } from '../../fakes/vscode.ts';
import { plain, select, stage } from '../mask/stage.ts';

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
    });
    select(editor, 0);
    await pause();
    assert.equal(keys()['lockstep.onEntry'], false);
    const before = fake.executed.length;
    select(editor, 1);
    await pause();
    assert.equal(fake.executed.length, before, 'what did not change is not set again');
  });

  it('are asked about in a menu that has no step without a key, or in Restricted Mode, that cannot work', async () => {
    const offered = async () => {
      await feature.commands['lockstep.showMenu']?.();
      return on.answers.offered.join();
    };
    on.vault.list = [];
    assert.doesNotMatch(await offered(), /Lock|Manage Keys|Copy My Public Key/);
    assert.match(await offered(), /Import Key.*Set Up|Set Up.*Import Key/);
    on.vault.list = [{ label: 'me', recipient: 'age1', created: '' }];
    assert.match(await offered(), /Lock/);
    const editor = fake.open('/w/.env', 'A=b\n');
    on.answer(editor, plain(editor.document.getText(), 'dotenv'));
    assert.match(await offered(), /Encrypt This File/);
    fake.trusted = false;
    assert.doesNotMatch(await offered(), /Encrypt This File|Set Up/);
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
