import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { Managers, Stored } from '../../../src/core/platform/managers.ts';
import { register } from '../../../src/extension/mask/register.ts';
import { fake } from '../../fakes/vscode.ts';
import { painted } from '../mask/stage.ts';
import { type Custom, Desk } from './desk.ts';

const yaml = `password: op://Private/canary-item/password
plain_unencrypted: vault://secret/app#field
ordinary: canary-ordinary
two: bw://two
`;

describe('references to other managers in VS Code', () => {
  let desk: Desk;
  let custom: Custom;
  let asked: { values: string[]; folders: readonly string[] }[];
  let fails: LockstepError | undefined;

  beforeEach(async () => {
    desk = await Desk.make();
    asked = [];
    fails = undefined;
    const managers: Managers = {
      async fetch(all: readonly Stored[], folders: readonly string[]) {
        asked.push({ values: all.map(({ value }) => value), folders });
        if (fails) throw fails;
        return all.map(({ value }) => ({
          value: `canary-secret of ${value.length}\nline two`,
          manager: 'op' as const,
        }));
      },
    };
    use(managers);
    custom = await desk.sealed('a.yaml', yaml, 'yaml');
  });
  afterEach(() => desk.end());

  const use = (managers: Managers | undefined) =>
    Object.assign(desk.stage.services, { platform: { ...desk.stage.services.platform, managers } });
  const row = (name: string) => ({ row: custom.page.row(name).id });

  it('are shown as who has the secret and where, and nobody is asked for that', () => {
    const { page } = custom;
    assert.deepEqual(page.row('password').reference, { manager: '1Password', where: 'Private/canary-item/password' });
    assert.deepEqual(page.row('plain_unencrypted').reference, {
      manager: 'HashiCorp Vault',
      where: 'secret/app#field',
    });
    assert.equal(page.row('ordinary').reference, undefined);
    assert.deepEqual(asked, []);
  });

  it('do not say where while values are hidden from an audience', () => {
    desk.stage.services.presentation.set(true);
    const { page } = custom;
    assert.deepEqual(page.row('password').reference, { manager: '1Password', where: '' });
    assert.equal(page.row('plain_unencrypted').reference?.where, 'secret/app#field', 'this one is in clear');
    desk.stage.services.presentation.set(false);
    assert.equal(page.row('password').reference?.where, 'Private/canary-item/password');
  });

  it('are resolved by Reveal alone, each time, and the access log says where the value came from', async () => {
    const { page } = custom;
    assert.equal((await page.ask('reveal', row('password'))).text, 'canary-secret of 33\nline two');
    await page.ask('reveal', row('password'));
    assert.equal(asked.length, 2);
    assert.deepEqual(asked[0], {
      values: ['op://Private/canary-item/password'],
      folders: [desk.stage.folder, desk.stage.folder],
    });
    assert.equal((await page.ask('reveal', row('ordinary'))).text, 'canary-ordinary');
    assert.equal((await page.ask('edit', row('password'))).text, 'op://Private/canary-item/password');
    await page.ask('copy', row('password'));
    assert.equal(fake.clipboard, 'op://Private/canary-item/password');
    assert.deepEqual((await page.ask('findValues', { text: 'canary-secret', matchCase: true })).rows, []);
    assert.equal(asked.length, 2);
    const keys = desk.stage.recorded.map(({ purpose, key }) => `${purpose} ${key}`);
    assert.equal(keys[0], 'reveal password from 1Password');
    assert.ok(keys.includes('reveal ordinary') && keys.includes('copy password'), keys.join());
    assert.doesNotMatch(keys.join(), /canary/);
  });

  it('that do not come are told in words, without the place', async () => {
    fails = new LockstepError('MANAGER', { what: 'signed-out', manager: 'op', path: ['password'] });
    const problem = await custom.page.refused('reveal', row('password'));
    assert.match(problem.text, /You are not signed in to 1Password.*op signin/s);
    assert.doesNotMatch(JSON.stringify(problem), /canary/);
  });

  it('start no program in Restricted Mode, and none where there is none', async () => {
    fake.trusted = false;
    const { code, text } = await custom.page.refused('reveal', row('password'));
    assert.equal(code, 'UNTRUSTED_START');
    assert.match(text, /Restricted Mode/);
    assert.equal((await custom.page.ask('reveal', row('ordinary'))).text, 'canary-ordinary');
    fake.trusted = true;
    use(undefined);
    assert.match((await custom.page.refused('reveal', row('password'))).text, /no program can be started/);
    assert.deepEqual(asked, []);
  });

  it('are no secret to show once a lock or a presentation came while a program was asked', async () => {
    use({
      async fetch() {
        desk.stage.services.presentation.set(true);
        return [{ value: 'canary-secret', manager: 'op' }];
      },
    });
    const problem = await custom.page.refused('reveal', row('password'));
    assert.equal(problem.code, 'PRESENTING');
    assert.doesNotMatch(JSON.stringify(custom.page.sent), /canary-secret/);
  });

  it('are resolved by Reveal in the text editor, after its question where nobody works there', async () => {
    const { stage } = desk;
    const editor = stage.open('b.yaml', await stage.sealed('a: op://Private/x/y\n', 'yaml'));
    const feature = register(stage.services);
    const reveal = () => feature.commands['lockstep.revealValue']?.(String(editor.document.uri), '[0,"a"]');
    stage.script.gesture = false;
    await reveal();
    assert.deepEqual(asked, [], 'the person said no');
    stage.script.gesture = true;
    await reveal();
    assert.match(painted(editor), /canary-secret of 16⏎line two/);
    assert.ok(!editor.document.getText().includes('canary'));
    assert.equal(stage.recorded.at(-1)?.key, 'a from 1Password');
    feature.disposable.dispose();
  });
});
