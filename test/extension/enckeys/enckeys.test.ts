import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { decryptWithKey, encryptWithKey } from '../../../src/core/enckeys/payload.ts';
import { register } from '../../../src/extension/enckeys/register.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { register as mask } from '../../../src/extension/mask/register.ts';
import { register as selection } from '../../../src/extension/selection/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { register as typing } from '../../../src/extension/typing/register.ts';
import { register as values } from '../../../src/extension/values/register.ts';
import { ruleOf } from '../../../src/protocol/requests.ts';
import { type FakeEditor, fake, Range, Selection } from '../../fakes/vscode.ts';
import { type Custom, Desk } from '../editor/desk.ts';
import { painted } from '../mask/stage.ts';
import { idOf } from '../session/session.ts';

const key = Buffer.from('0123456789abcdef').toString('base64');
const long = Buffer.alloc(32, 9).toString('base64');
const yaml = `db:\n    password: canary-a\nencryption_keys:\n    orders: ${key}\n    users: ${long}\n`;

describe('named encryption keys', function () {
  this.timeout(20_000);
  let desk: Desk;
  let features: Feature[];
  let custom: Custom;
  beforeEach(async () => {
    desk = await Desk.make();
    features = [register(desk.stage.services), selection(desk.stage.services), mask(desk.stage.services)];
    fake.configure('lockstep.reveal.seconds', 60);
  });
  afterEach(() => {
    for (const { disposable } of features) disposable.dispose();
    desk.end();
  });

  const open = async (text = yaml) => {
    custom = await desk.sealed('secrets.yaml', text, 'yaml');
  };
  const run = async (id: CommandId, ...ids: unknown[]) => {
    for (const { commands: handlers } of features) assert.equal(await handlers[id]?.(...ids), undefined);
    await custom?.settle();
    const told = JSON.stringify([desk.stage.script.asked, fake.log, desk.stage.recorded]);
    for (const secret of [key, long, 'canary']) assert.ok(!told.includes(secret), told);
  };
  const uri = () => custom.document.uri.toString();
  const asked = () => desk.stage.script.asked.join('\n');
  const rows = () => custom.page.rows.filter((row) => row.encryptionKey).map(({ name }) => name);
  const reveal = async (name: string) => (await custom.page.ask('reveal', { row: custom.page.row(name).id })).text;
  const id = (name: string) => JSON.stringify([0, 'encryption_keys', name]);

  it('are added in the Secrets Editor, with the first group', async () => {
    await open('db:\n    password: canary-a\n');
    assert.deepEqual(rows(), []);
    Object.assign(desk.stage.script, { input: 'orders', secret: ` ${key}\n` });
    await run(commands.addEncryptionKey, uri());
    assert.deepEqual(rows(), ['orders']);
    assert.equal(await reveal('orders'), key);
    Object.assign(desk.stage.script, { input: 'users', pick: '256' });
    await run(commands.generateEncryptionKey, uri());
    assert.deepEqual(rows(), ['orders', 'users']);
    assert.equal(Buffer.from(await reveal('users'), 'base64').length, 32);
    assert.equal(custom.edits.length, 2);
    await custom.undo();
    assert.deepEqual(rows(), ['orders']);
    assert.ok(!custom.document.text.includes(key));
  });

  it('are refused with a bad name, a name that is taken, and what is no key', async () => {
    await open();
    const before = custom.document.text;
    for (const [input, secret, fault] of [
      ['or\nders', key, undefined],
      ['ORDERS', key, undefined],
      ['new', Buffer.alloc(24, 1).toString('base64'), /This encryption key has the wrong length/],
      ['new', 'no key!', /This is no encryption key/],
    ] as const) {
      Object.assign(desk.stage.script, { input, secret });
      await run(commands.addEncryptionKey, uri());
      assert.equal(custom.document.text, before);
      if (fault) assert.match(asked(), fault);
    }
  });

  it('are reset and removed only after a question that says what becomes unreadable', async () => {
    await open();
    const before = custom.document.text;
    const ask = (row: string, verb: 'reset' | 'remove') =>
      custom.page.ask('key', { row: custom.page.row(row).id, verb });
    fake.commands.set(commands.resetEncryptionKey, async (...ids: unknown[]) =>
      run(commands.resetEncryptionKey, ...ids),
    );
    fake.commands.set(commands.removeEncryptionKey, async (...ids: unknown[]) =>
      run(commands.removeEncryptionKey, ...ids),
    );
    desk.stage.script.gesture = false;
    await ask('orders', 'reset');
    await ask('orders', 'remove');
    assert.equal(custom.document.text, before);
    assert.match(asked(), /Reset the encryption key orders in secrets\.yaml\?\n.*cannot be decrypted without it/);
    assert.match(asked(), /Remove the encryption key orders from secrets\.yaml\?\n.*cannot be decrypted without it/);
    desk.stage.script.gesture = true;
    await ask('users', 'reset');
    const fresh = await reveal('users');
    assert.notEqual(fresh, long);
    assert.equal(fresh.length, long.length);
    assert.equal(await reveal('orders'), key);
    await ask('orders', 'remove');
    assert.deepEqual(rows(), ['users']);
  });

  it('get another value, and go with their group, only after that question; what is no key is refused', async () => {
    await open(`${yaml}other: canary-c\n`);
    const before = custom.document.text;
    const set = (name: string, text: string) =>
      custom.page.ask('set', { row: custom.page.row(name).id, text, as: 'str' });
    const fresh = Buffer.alloc(16, 3).toString('base64');
    for (const text of ['swordfish', Buffer.alloc(24, 1).toString('base64')]) {
      const row = custom.page.row('orders').id;
      assert.equal((await custom.page.refused('set', { row, text, as: 'str' })).code, 'BAD_ENCRYPTION_KEY');
    }
    desk.stage.script.gesture = false;
    assert.equal(await set('orders', fresh), null);
    const group = custom.page.row('encryption_keys').id;
    assert.equal(await custom.page.ask('remove', { rows: [group] }), null);
    for (const name of ['set', 'remove'] as const) assert.equal(ruleOf(name).waits, 'person', 'who reads the question');
    await custom.page.ask('remove', { rows: [custom.page.row('other').id, custom.page.row('users').id] });
    assert.equal(custom.document.text, before);
    assert.match(asked(), /Replace the encryption key orders in secrets\.yaml\?\n.*cannot be decrypted without it/);
    assert.match(asked(), /Remove the encryption key users from secrets\.yaml\?\n.*cannot be decrypted without it/);
    // The same value, and one that is no key, ask nothing.
    desk.stage.script.asked.length = 0;
    await set('orders', key);
    await set('other', 'swordfish');
    assert.equal(asked(), '');
    desk.stage.script.gesture = true;
    await set('orders', fresh);
    assert.equal(await reveal('orders'), fresh);
    await custom.page.ask('remove', { rows: [custom.page.row('encryption_keys').id] });
    assert.deepEqual(rows(), []);
  });

  describe('that an edit of the text takes away', () => {
    const fresh = Buffer.alloc(16, 3).toString('base64');
    const tokenOf = (text: string, name: string) =>
      new RegExp(`${name}: (.*)`).exec(text)?.[1] ?? assert.fail(`no ${name} in ${text}`);
    const edit = async (change: (text: string) => string) => {
      const { text } = await custom.page.ask('text', {});
      return custom.page.ask('textSet', { text: change(text) });
    };
    const save = () =>
      custom.save().then(
        () => 'saved',
        ({ message }: Error) => message,
      );
    const replaced = (text: string) => text.replace(tokenOf(text, 'orders'), fresh);

    it('are saved only after that question, once; a no leaves the text as it was typed', async () => {
      await open();
      const disk = desk.read('secrets.yaml');
      await edit((text) => replaced(text).replace(/ *users: .*\n/, ''));
      desk.stage.script.gesture = [true, false];
      assert.match(await save(), /secrets\.yaml was not saved, and what you edited is still here\..* save again/);
      assert.match(asked(), /Replace the encryption key orders in secrets\.yaml\?\n.*cannot be decrypted without it/);
      assert.match(asked(), /Remove the encryption key users from secrets\.yaml\?\n.*cannot be decrypted without it/);
      assert.equal(desk.read('secrets.yaml'), disk);
      assert.ok(custom.dirty && custom.document.dirty);
      assert.equal(await reveal('orders'), fresh);
      assert.deepEqual(rows(), ['orders']);
      desk.stage.script.asked.length = 0;
      desk.stage.script.gesture = true;
      assert.equal(await save(), 'saved');
      // What was agreed to before is not asked again.
      assert.ok(!asked().includes('orders'), asked());
      assert.match(asked(), /Remove the encryption key users/);
      assert.notEqual(desk.read('secrets.yaml'), disk);
      // The next one is asked about again.
      await edit((text) => text.replace(tokenOf(text, 'orders'), key));
      desk.stage.script.gesture = false;
      assert.match(await save(), /was not saved/);
      await custom.undo();
      assert.equal(await reveal('orders'), fresh);
    });

    it('ask nothing where they get another name or place, where they come back, and where the row was asked about', async () => {
      await open();
      desk.stage.script.gesture = false;
      await edit((text) => text.replace('orders:', 'orders_old:').replace('users:', `orders: ${fresh}\n    users:`));
      assert.equal(await save(), 'saved');
      await edit((text) => text.replace(tokenOf(text, 'users'), fresh));
      await custom.undo();
      await edit((text) => text.replace('password:', 'word:'));
      assert.equal(await save(), 'saved');
      assert.equal(asked(), '');
      desk.stage.script.gesture = true;
      await custom.page.ask('set', { row: custom.page.row('users').id, text: fresh, as: 'str' });
      await run(commands.resetEncryptionKey, uri(), id('orders_old'));
      assert.equal(desk.stage.script.asked.length, 2);
      assert.equal(await save(), 'saved');
      assert.equal(desk.stage.script.asked.length, 2);
    });

    it('are asked about anew where another program put a new one on the disk meanwhile, and mine is chosen', async () => {
      await open();
      const row = custom.page.row('orders').id;
      await custom.page.ask('set', { row, text: fresh, as: 'str' });
      const theirs = Buffer.alloc(16, 4).toString('base64');
      await desk.outside('secrets.yaml', await desk.stage.sealed(yaml.replace(key, theirs), 'yaml'));
      await custom.settle();
      const { entries } = await custom.page.ask('conflict', {});
      await custom.page.ask('resolve', { sides: entries.map(() => 'mine' as const) });
      const { length } = desk.stage.script.asked;
      desk.stage.script.gesture = false;
      assert.match(await save(), /was not saved/);
      assert.match(
        desk.stage.script.asked.slice(length).join(),
        /Replace the encryption key orders in secrets\.yaml\?/,
      );
      desk.stage.script.gesture = true;
      assert.equal(await save(), 'saved');
      assert.equal(await reveal('orders'), fresh);
    });

    it('are one question where VS Code saves twice', async () => {
      await open();
      await edit(replaced);
      desk.stage.script.gesture = [false];
      const all = await Promise.all([save(), save()]);
      for (const told of all) assert.match(told, /was not saved/);
      assert.equal(asked().match(/Replace the encryption key/g)?.length, 1);
    });

    it('are asked about where a .env is pasted over them, and where text is replaced in values', async () => {
      custom = await desk.sealed('.env', `A=canary\nENCRYPTION_KEY_ORDERS=${key}\n`, 'dotenv');
      const disk = desk.read('.env');
      desk.stage.script.gesture = false;
      await custom.page.ask('paste', { text: `ENCRYPTION_KEY_ORDERS=${fresh}\n`, replace: true });
      assert.match(await save(), /\.env was not saved/);
      await custom.undo();
      const { text } = await custom.page.ask('text', {});
      const tokens = await custom.page.ask('textFind', { text: '==', matchCase: true });
      await custom.page.ask('textReplace', { text: '==', by: '--', matchCase: true, ...tokens });
      assert.notEqual((await custom.page.ask('text', {})).text, text);
      assert.match(await save(), /\.env was not saved/);
      assert.equal(asked().match(/Replace the encryption key ORDERS in \.env\?/g)?.length, 2);
      assert.equal(desk.read('.env'), disk);
    });
  });

  describe('that are typed over in an encrypted text', () => {
    const fresh = Buffer.alloc(16, 3).toString('base64');
    let editor: FakeEditor;
    beforeEach(async () => {
      features.push(typing(desk.stage.services));
      editor = desk.stage.open('b.yaml', await desk.stage.sealed(yaml, 'yaml'));
      await desk.stage.state(editor);
    });
    const value = async (name: string) => {
      const state = await desk.stage.state(editor);
      assert.equal(state.kind, 'open');
      return state.kind === 'open' ? state.opened.value(id(name)) : undefined;
    };
    const lineOf = (name: string) =>
      editor.document
        .getText()
        .split('\n')
        .findIndex((line) => line.trim().startsWith(`${name}:`));
    const put = (name: string, text: string, lines = 1) =>
      fake.edit(editor.document, new Range(lineOf(name), 0, lineOf(name) + lines, 0), text);
    const save = () => fake.saveAs(editor.document);
    /** What is said of a save comes once the old file was opened. */
    const told = async (words: RegExp) => {
      while (!words.test(asked())) await new Promise((resolve) => setTimeout(resolve, 1));
    };

    it('are told of at the unlock where the save was while Lockstep was locked', async () => {
      const { vault, sealed } = desk.stage;
      const other = await sealed(yaml.replace(/^( *orders: ).*$/m, `$1${fresh}`), 'yaml');
      for (const [locked, words] of [
        [() => put('orders', ''), /encryption key orders was removed from b\.yaml/],
        [
          () => fake.edit(editor.document, new Range(0, 0, editor.document.lineCount, 0), other),
          /encryption key orders in b\.yaml was replaced/,
        ],
      ] as const) {
        const whole = editor.document.getText();
        vault.lock();
        await desk.stage.state(editor);
        locked();
        await save();
        assert.doesNotMatch(asked(), words);
        vault.unlock();
        await told(words);
        fake.edit(editor.document, new Range(0, 0, editor.document.lineCount, 0), whole);
        await desk.stage.state(editor);
        await save();
      }
    });

    it('are told of after the save, and can be put back', async () => {
      put('orders', `    orders: ${fresh}\n`);
      desk.stage.script.message = 'Put the Old Key Back';
      await save();
      await told(/The encryption key orders in b\.yaml was replaced\. .*cannot be decrypted without it/);
      while (!editor.document.isDirty) await new Promise((resolve) => setTimeout(resolve, 1));
      assert.deepEqual(await value('orders'), { type: 'str', value: key });
      await save();
      put('users', '');
      await save();
      await told(/The encryption key users was removed from b\.yaml\. .*cannot be decrypted without it/);
      while (!editor.document.isDirty) await new Promise((resolve) => setTimeout(resolve, 1));
      assert.deepEqual(await value('users'), { type: 'str', value: long });
      assert.ok(!editor.document.getText().includes(long));
      for (const secret of [key, long, fresh]) assert.ok(!JSON.stringify([asked(), fake.log]).includes(secret));
    });

    it('stay replaced where nobody wants them back; what is asked about, or is there still, is not told of', async () => {
      await run(commands.resetEncryptionKey, editor.document.uri.toString(), id('orders'));
      await save();
      put('users', `    members: ${editor.document.lineAt(lineOf('users')).text.split(': ')[1]}\n`);
      await save();
      assert.deepEqual(await value('members'), { type: 'str', value: long });
      put('orders', `    orders: ${fresh}\n`);
      await save();
      await told(/was replaced/);
      assert.deepEqual(await value('orders'), { type: 'str', value: fresh });
      assert.equal(desk.stage.script.asked.length, 2, asked());
    });

    it('are one question where the Secrets Editor saves by way of the text editor', async () => {
      custom = await desk.open('b.yaml');
      const { text } = await custom.page.ask('text', {});
      const token = /orders: (.*)/.exec(text)?.[1] ?? '';
      await custom.page.ask('textSet', { text: text.replace(token, fresh) });
      await custom.settle();
      assert.ok(editor.document.isDirty, 'both hold the same text');
      await custom.save();
      await custom.settle();
      assert.ok(!editor.document.isDirty);
      assert.deepEqual(await value('orders'), { type: 'str', value: fresh });
      assert.equal(desk.stage.script.asked.length, 1, asked());
      assert.match(asked(), /Replace the encryption key orders in b\.yaml\?/);
    });

    it('are asked about where edits from elsewhere are encrypted', async () => {
      const git = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e@example.com', ...args], {
          cwd: desk.stage.folder,
        });
      git('init', '-q');
      git('add', 'b.yaml');
      git('commit', '-qm', 'x');
      const edited = editor.document.getText().replace(/orders: .*/, `orders: ${fresh}`);
      fake.close(editor);
      desk.stage.write('b.yaml', edited);
      const other = fake.open(desk.at('b.yaml'), edited);
      desk.stage.script.gesture = [true, false];
      await features.at(-1)?.commands[commands.encryptEdits]?.(other.document.uri.toString());
      assert.match(asked(), /Replace the encryption key orders in b\.yaml\?/);
      assert.equal(other.document.getText(), edited);
    });
  });

  it('that are none leave a map of somebody else’s as it was to edit', async () => {
    const hex = 'ab'.repeat(32);
    await open(`encryption_keys:\n    primary: ${hex}\n`);
    desk.stage.script.gesture = false;
    await custom.page.ask('set', { row: custom.page.row('primary').id, text: 'cd'.repeat(32), as: 'str' });
    assert.equal(await reveal('primary'), 'cd'.repeat(32));
    assert.equal(asked(), '');
  });

  it('are set and deleted in a text editor only after that question', async () => {
    const editor = desk.stage.open('b.yaml', await desk.stage.sealed(yaml, 'yaml'));
    const uri = editor.document.uri.toString();
    const before = editor.document.getText();
    features.push(values(desk.stage.services));
    desk.stage.script.secret = 'swordfish';
    await assert.rejects(async () => features.at(-1)?.commands[commands.setValue]?.(uri, id('orders')), {
      code: 'BAD_ENCRYPTION_KEY',
    });
    desk.stage.script.gesture = false;
    desk.stage.script.confirm = true;
    desk.stage.script.secret = Buffer.alloc(16, 3).toString('base64');
    for (const command of [commands.setValue, commands.deleteSecret])
      await features.at(-1)?.commands[command]?.(uri, id('orders'));
    assert.equal(editor.document.getText(), before);
    assert.match(asked(), /Replace the encryption key orders in b\.yaml\?/);
    assert.match(asked(), /Remove the encryption key orders from b\.yaml\?/);
    desk.stage.script.gesture = true;
    await features.at(-1)?.commands[commands.setValue]?.(uri, id('orders'));
    assert.notEqual(editor.document.getText(), before);
  });

  it('are copied after a question, and recorded by name', async () => {
    await open();
    desk.stage.script.pick = 'users';
    desk.stage.script.gesture = false;
    await run(commands.copyEncryptionKey, uri());
    assert.equal(fake.clipboard, '');
    desk.stage.script.gesture = true;
    await run(commands.copyEncryptionKey, uri());
    assert.equal(fake.clipboard, long);
    await run(commands.copyEncryptionKey, uri(), id('orders'));
    assert.equal(fake.clipboard, key);
    assert.deepEqual(
      desk.stage.recorded.map(({ purpose, key: name }) => [purpose, name]),
      [
        ['copy', 'users'],
        ['copy', 'orders'],
      ],
    );
    await assert.rejects(
      async () => features[0]?.commands[commands.copyEncryptionKey]?.(uri(), JSON.stringify([0, 'db', 'password'])),
      { code: 'NO_ENCRYPTION_KEY' },
    );
  });

  it('of a file in a text editor are changed there', async () => {
    const editor = desk.stage.open('b.yaml', await desk.stage.sealed(yaml, 'yaml'));
    await run(commands.resetEncryptionKey, editor.document.uri.toString(), id('orders'));
    const state = await desk.stage.state(editor);
    assert.equal(state.kind, 'open');
    const now = state.kind === 'open' ? state.opened.value(idOf(state, 'encryption_keys', 'orders')) : undefined;
    assert.notEqual(now?.type === 'str' && now.value, key);
    assert.ok(!editor.document.getText().includes(key));
  });

  describe('and a selection', () => {
    let editor: FakeEditor;
    const openCode = async (text: string, part: string, empty = false) => {
      desk.stage.write('conf/secrets.yaml', await desk.stage.sealed(yaml, 'yaml'));
      desk.stage.write('.env', await desk.stage.sealed(`ENCRYPTION_KEY_MAIL=${key}\n`, 'dotenv'));
      editor = desk.stage.open('src/app.py', text);
      const from = text.indexOf(part);
      const [start, end] = empty ? [from + 5, from + 5] : [from, from + part.length];
      editor.selection = new Selection(editor.document.positionAt(start), editor.document.positionAt(end));
    };
    const text = () => editor.document.getText();

    it('is encrypted with a key of the workspace, and decrypted again', async () => {
      await openCode('x = "canary-plain"\n', 'canary-plain');
      desk.stage.script.pick = 'users';
      await run(commands.encryptWithKey);
      const [, value = ''] = /"([A-Za-z0-9+/=]+)"/.exec(text()) ?? [];
      assert.ok(!text().includes('canary'));
      assert.match(asked(), /Encrypt With Key\n\$\(key\) MAIL\n\$\(key\) orders\n\$\(key\) users/);
      await openCode(text(), value);
      await run(commands.decryptWithKey);
      assert.match(painted(editor), /canary-plain/);
      assert.ok(!text().includes('canary'));
      assert.deepEqual(
        desk.stage.recorded.map(({ purpose, key: name }) => [purpose, name]),
        [['reveal', 'value of the encryption key users on line 1']],
      );
    });

    it('is encrypted with a key that another manager has', async () => {
      const [stored, asked] = ['op://Private/keys/orders', [] as string[]];
      const managers = {
        async fetch(all: readonly { readonly value: string }[]) {
          asked.push(...all.map(({ value }) => value));
          return all.map(() => ({ value: key, manager: 'op' }));
        },
      };
      Object.assign(desk.stage.services, { platform: { ...desk.stage.services.platform, managers } });
      await openCode('x = "canary-plain"\n', 'canary-plain');
      desk.stage.write('conf/secrets.yaml', await desk.stage.sealed(yaml.replace(key, stored), 'yaml'));
      desk.stage.script.pick = 'orders';
      await run(commands.encryptWithKey);
      assert.deepEqual(asked, [stored]);
      const [, value = ''] = /"([A-Za-z0-9+/=]+)"/.exec(text()) ?? [];
      assert.equal(await decryptWithKey(key, value), 'canary-plain');
    });

    it('is found around the cursor', async () => {
      const value = await encryptWithKey(key, 'canary-plain');
      await openCode(`x = "${value}"\n`, value, true);
      desk.stage.script.pick = 'MAIL';
      await run(commands.decryptWithKey);
      assert.match(painted(editor), /canary-plain/);
    });

    it('is left alone for another key, a changed value, no key, and a person who says no', async () => {
      const value = await encryptWithKey(key, 'canary-plain');
      await openCode(`x = "${value}"\n`, value);
      const decrypt = async () => features[1]?.commands[commands.decryptWithKey]?.();
      desk.stage.script.pick = 'users';
      await assert.rejects(decrypt, { code: 'BAD_TOKEN_KEY' });
      const changed = Buffer.from(value, 'base64');
      changed[14] = (changed[14] ?? 0) ^ 1;
      await openCode(`x = "${changed.toString('base64')}"\n`, changed.toString('base64'));
      desk.stage.script.pick = 'orders';
      await assert.rejects(decrypt, { code: 'BAD_TOKEN_KEY' });
      await openCode(`x = "${value}"\n`, value);
      desk.stage.script.gesture = false;
      desk.stage.services.vault.lock();
      await run(commands.decryptWithKey);
      await run(commands.encryptWithKey);
      assert.ok(!painted(editor).includes('canary'));
      assert.equal(text(), `x = "${value}"\n`);
    });

    it('says so where the workspace has no key', async () => {
      editor = desk.stage.open('app.py', 'x = "canary-plain"\n');
      editor.selection = new Selection(editor.document.positionAt(5), editor.document.positionAt(17));
      await run(commands.encryptWithKey);
      assert.match(asked(), /There is no encryption key in this workspace/);
      assert.match(text(), /canary-plain/);
    });
  });
});
