import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { usePlugins } from '../../../src/core/age/plugin/port.ts';
import { openIdentityFile, sealIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import { bareRecipient } from '../../../src/core/age/sshkey.ts';
import { wrapKey } from '../../../src/core/age/wrap.ts';
import { register as backup } from '../../../src/extension/backup/register.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { register as keys } from '../../../src/extension/keys/register.ts';
import type { Services } from '../../../src/extension/services.ts';
import { startPlugin } from '../../../src/node/keys/plugin.ts';
import { pluginKey } from '../../core/age/plugin/key.ts';
import { generateIdentity, recipientOf, unlockPrivateFile } from '../../core/age/texts.ts';
import { keyFile, sshKeys } from '../../core/age/vectors.ts';
import { installPlugin } from '../../fakes/plugin/install.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const register = (services: Services) => ({ commands: { ...keys(services).commands, ...backup(services).commands } });

describe('keys', () => {
  let stage: Stage;
  let run: (id: CommandId, ...ids: unknown[]) => Promise<void>;
  let environment: NodeJS.ProcessEnv;
  beforeEach(async () => {
    environment = process.env;
    process.env = {
      ...environment,
      SOPS_AGE_KEY: undefined,
      SOPS_AGE_KEY_FILE: undefined,
      XDG_CONFIG_HOME: '/nowhere',
    };
    stage = await makeStage();
    const PATH = installPlugin(join(stage.folder, 'bin'));
    usePlugins({
      start: (plugin, machine) =>
        startPlugin({ env: { ...environment, PATH }, platform: process.platform, home: stage.folder }, plugin, machine),
      person: { tell: () => false, confirm: async () => undefined, ask: async () => undefined },
    });
    const feature = register(stage.services);
    run = async (id, ...ids) => {
      assert.equal(await feature.commands[id]?.(...ids), undefined);
    };
  });
  afterEach(() => {
    process.env = environment;
    stage.end();
  });
  const recipients = async () => (await stage.vault.keys()).map((key) => key.recipient);

  it('copy their public half: the only one at once, else the one picked', async () => {
    await run(commands.copyPublicKey);
    assert.equal(fake.clipboard, stage.recipient);
    const second = await stage.vault.create('ci');
    stage.script.pick = 'ci';
    await run(commands.copyPublicKey);
    assert.equal(fake.clipboard, second.recipient);
  });

  it('come in typed, and only whole', async () => {
    const identity = await generateIdentity();
    stage.script.pick = 'Type or Paste';
    stage.script.secret = [identity.slice(0, -2), identity];
    await run(commands.importKey);
    assert.equal((await recipients()).length, 1);
    await run(commands.importKey);
    assert.ok((await recipients()).includes(await recipientOf(identity)));
    assert.ok(!stage.script.asked.join().includes(`AGE-SECRET-KEY-1${identity.slice(16, 30)}`));
  });

  it('leave the clipboard when they have come in from it', async () => {
    fake.clipboard = `# comment\n${await generateIdentity()}\n`;
    stage.script.pick = 'Clipboard';
    await run(commands.importKey);
    assert.equal((await recipients()).length, 2);
    assert.equal(fake.clipboard, '');
    fake.clipboard = 'no key';
    await assert.rejects(run(commands.importKey), { code: 'BAD_IDENTITY' });
    assert.equal(fake.clipboard, 'no key');
  });

  it('come in from where sops looks', async () => {
    const identity = await generateIdentity();
    process.env.SOPS_AGE_KEY = identity;
    stage.script.pick = 'Key File of sops';
    await run(commands.importKey);
    assert.ok((await recipients()).includes(await recipientOf(identity)));
  });

  it('go out under a pass phrase typed twice, and come back', async () => {
    const file = join(stage.folder, 'keys.age');
    stage.script.saveFile = file;
    stage.script.secret = ['too short'];
    await run(commands.backUpKey);
    stage.script.secret = ['correct horse battery', 'correct horse'];
    await run(commands.backUpKey);
    assert.equal(existsSync(file), false);
    stage.script.secret = ['correct horse battery', 'correct horse battery'];
    await run(commands.backUpKey);
    const armored = readFileSync(file, 'utf8');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(!armored.includes('AGE-SECRET-KEY'));
    assert.match(await openIdentityFile(armored, 'correct horse battery'), /^# me\n/);
    await stage.vault.remove(stage.recipient);
    stage.script.pick = 'From a File';
    stage.script.openFile = file;
    stage.script.secret = ['wrong', 'correct horse battery'];
    await run(commands.importKey);
    assert.deepEqual(
      (await stage.vault.keys()).map((key) => [key.recipient, key.label]),
      [[stage.recipient, 'me']],
    );
  });

  describe('go out', () => {
    const phrase = 'correct horse battery';
    let home: string;
    const backUp = async (change: object = {}) => {
      const platform = { ...stage.services.platform, homeFolder: () => home, ...change };
      await register({ ...stage.services, platform }).commands[commands.backUpKey]?.();
    };
    beforeEach(() => {
      home = join(stage.folder, 'home');
      mkdirSync(join(stage.folder, '.git'));
      mkdirSync(home);
      stage.script.saveFile = join(home, 'keys.age');
      stage.script.secret = [phrase, phrase];
    });
    const told = () => stage.script.asked.join('\n');

    it('to a folder outside any repository, and the question says when there is none', async () => {
      const proposed = (folder: string) => `Save the Backup of Your Keys\n${join(folder, 'lockstep-keys.age')}\n`;
      await backUp();
      assert.ok(told().includes(proposed(home)), told());
      assert.match(told(), /in a git repository: do not commit/);
      rmSync(join(stage.folder, '.git'), { recursive: true });
      mkdirSync(join(home, 'Documents', '.git'), { recursive: true });
      for (const folder of [home, join(home, 'Documents')]) {
        stage.script.asked.length = 0;
        stage.script.secret = [phrase, phrase];
        await backUp();
        assert.ok(told().includes(proposed(folder)), told());
        assert.doesNotMatch(told(), /git repository/);
        rmSync(join(home, 'Documents', '.git'), { recursive: true, force: true });
      }
    });

    it('under a pass phrase whose strength is said while it is typed; a weak one needs a yes', async () => {
      stage.script.secret = ['aaaaaaaaaaaa', 'Password1234', 'summer winter autumn orange tiger', undefined as never];
      stage.script.confirm = [false, false];
      await backUp();
      assert.equal(existsSync(stage.script.saveFile ?? ''), false);
      assert.equal(told().match(/Weak: a program can guess it/g)?.length, 2);
      assert.equal(told().match(/Use a weak pass phrase\?/g)?.length, 2);
      assert.match(told(), /Strong\./);
      Object.assign(stage.script, { secret: ['aaaaaaaaaaaa', 'aaaaaaaaaaaa'], confirm: true });
      await backUp();
      assert.equal(existsSync(stage.script.saveFile ?? ''), true);
    });

    it('under one that is generated, shown once, copied for a while and asked for again', async () => {
      for (const presenting of [false, true]) {
        stage.script.asked.length = 0;
        stage.services.presentation.set(presenting);
        let copied = '';
        Object.assign(stage.script, { secret: [{ button: 'generate' }], choose: 'Copy and Continue' });
        const secret = stage.script.secret as unknown[];
        const stop = stage.services.clipboard.onDidChange(() => {
          copied = fake.clipboard;
          secret.push('not this', copied);
        });
        await backUp();
        assert.match(copied, /^[a-z]+(?: [a-z]+){5}$/);
        assert.equal(existsSync(stage.script.saveFile ?? ''), false, 'another pass phrase is refused');
        secret.splice(0, secret.length, { button: 'generate' });
        stop.dispose();
        const again = stage.services.clipboard.onDidChange(() => secret.push(fake.clipboard));
        await backUp();
        again.dispose();
        assert.equal(stage.services.clipboard.copied?.name, 'pass phrase', 'the countdown runs');
        const file = stage.script.saveFile ?? '';
        assert.match(await openIdentityFile(readFileSync(file, 'utf8'), fake.clipboard), /^# me\n/);
        assert.equal(
          told().split(fake.clipboard).length - 1,
          presenting ? 0 : 1,
          'shown once, and not while presenting',
        );
        rmSync(file);
        await stage.services.clipboard.clear();
      }
    });

    it('and are read back: a file that does not open is no backup', async () => {
      await backUp();
      assert.match(told(), /the pass phrase opens it: 1 key\./);
      const { disk } = stage.services.platform;
      stage.script.secret = [phrase, phrase];
      await backUp({
        disk: { ...disk, write: (path: string, bytes: Uint8Array) => disk?.write(path, bytes.slice(0, 200)) },
      });
      assert.match(stage.script.asked.at(-1) ?? '', /is damaged: it could not be opened again/);
    });
  });

  it('come in from a binary age file, too', async () => {
    const identity = await generateIdentity();
    const armored = await sealIdentityFile(`${identity}\n`, 'pass phrase', 10);
    const binary = Buffer.from(armored.split('\n').slice(1, -2).join(''), 'base64');
    const decrypter = new Decrypter();
    decrypter.addPassphrase('pass phrase');
    assert.equal(await decrypter.decrypt(binary, 'text'), `${identity}\n`);
    const file = join(stage.folder, 'keys.age');
    writeFileSync(file, binary);
    Object.assign(stage.script, { pick: 'From a File', openFile: file, secret: 'pass phrase' });
    await run(commands.importKey);
    assert.ok((await recipients()).includes(await recipientOf(identity)));
  });

  const unlocked = (text: string) => unlockPrivateFile(text, sshKeys.passphrase);
  const importFile = async (text: string, ...secret: string[]) => {
    const file = join(stage.folder, 'key');
    writeFileSync(file, text);
    Object.assign(stage.script, { pick: 'From a File', openFile: file, secret });
    await run(commands.importKey);
  };
  const identitiesIn = async (): Promise<string[]> => {
    const stored = await stage.services.context.secrets.get('lockstep.identities');
    return JSON.parse(stored ?? '[]').map((key: { identity: string }) => key.identity);
  };

  it('come in as SSH keys under a pass phrase, and are kept without it', async () => {
    for (const [kind, form] of [
      ['ed25519', 'aes256-ctr'],
      ['rsa', 'pem protected'],
    ] as const) {
      stage.script.asked.length = 0;
      await importFile(keyFile(kind, form), 'wrong', sshKeys.passphrase);
      const asked = stage.script.asked.join('\n');
      assert.match(asked, /The pass phrase of the SSH key\./);
      assert.match(asked, /The pass phrase does not open the SSH key\. Try again\./);
      assert.ok(!asked.includes(sshKeys.passphrase));
      assert.ok((await recipients()).includes(bareRecipient(sshKeys[kind].public)));
      assert.ok((await identitiesIn()).includes(await unlocked(keyFile(kind, form))));
    }
    await importFile(keyFile('rsa', 'aes256-ctr of rsa'));
    assert.equal((await recipients()).length, 3, 'nothing comes in without an answer');
  });

  it('come in together: age keys, SSH keys with and without a pass phrase, and those of plugins', async () => {
    const identity = await generateIdentity();
    const plugin = pluginKey('vault');
    const text = `# a\n${identity}\n\n# token\n${plugin.file}\n\n# b\n${keyFile('rsa')}\n# c\n${keyFile('ed25519', 'aes256-ctr')}`;
    await importFile(await sealIdentityFile(text, 'example', 10), 'example', sshKeys.passphrase);
    assert.match(stage.script.asked.at(-3) ?? '', /The pass phrase of the SSH key “c”\./);
    assert.match(stage.script.asked.at(-2) ?? '', /^Import these 4 keys into SecretStorage\?/);
    assert.match(stage.script.asked.at(-1) ?? '', /^4 keys are now in SecretStorage\./);
    assert.deepEqual((await stage.vault.keys()).map((key) => key.label).sort(), ['a', 'b', 'c', 'me', 'token']);
    assert.ok((await recipients()).includes(plugin.recipient));
    // Nothing could be encrypted for a key whose public half nobody knows, or for somebody else's.
    const other = pluginKey('other');
    await assert.rejects(importFile(`# public key: ${other.recipient}\n${pluginKey('bare').identity}`), {
      code: 'BAD_IDENTITY',
      place: { what: 'plugin-other' },
    });
    await assert.rejects(importFile(pluginKey('bare').identity), {
      code: 'BAD_IDENTITY',
      place: { what: 'plugin-public' },
    });
  });

  it('come in from a plugin by its name, with the public key that it printed', async () => {
    const token = pluginKey('');
    stage.script.pick = 'From an age Plugin';
    stage.script.input = ['fake', token.recipient];
    await run(commands.importKey);
    assert.ok((await recipients()).includes(token.recipient));
    const { enc } = { enc: await wrapKey(new Uint8Array(32).fill(7), token.recipient) };
    const { keyring } = stage.vault.keysFor(Uri.file('/w/a.yaml') as never);
    assert.ok(!(await keyring.openers()).some(({ recipient }) => recipient === token.recipient));
    const found: (Uint8Array | undefined)[] = [];
    for await (const opener of keyring.asked?.([]) ?? [])
      found.push(await opener.unwrap({ kind: 'age', name: token.recipient, enc }));
    assert.deepEqual(found, [new Uint8Array(32).fill(7)]);
    stage.script.input = ['fake', pluginKey('other').recipient];
    await assert.rejects(run(commands.importKey), { code: 'BAD_IDENTITY', place: { what: 'plugin-other' } });
    stage.script.input = ['none', token.recipient];
    await assert.rejects(run(commands.importKey), { code: 'PLUGIN', place: { what: 'missing', plugin: 'none' } });
    for (const input of [
      ['../evil', token.recipient],
      ['fake', 'age1x'],
      ['fake', await generateIdentity()],
    ]) {
      stage.script.input = input;
      await run(commands.importKey);
    }
    assert.equal((await recipients()).length, 2);
  });

  it('come in from a program, which is started only when chosen', async () => {
    const identity = await generateIdentity();
    process.env.SOPS_AGE_KEY_CMD = `"${process.execPath}" -p '"# from a program\\n${identity}"'`;
    stage.script.pick = 'From the Program in SOPS_AGE_KEY_CMD';
    await run(commands.importKey);
    assert.ok((await recipients()).includes(await recipientOf(identity)));
    assert.ok(!stage.script.asked.join().includes(identity.slice(16, 30)));
    process.env.SOPS_AGE_KEY_CMD = '/nowhere/program';
    await assert.rejects(run(commands.importKey), { code: 'BAD_IDENTITY', place: { what: 'command' } });
  });

  it('come in from where SSH keeps them, which is read only when chosen', async () => {
    // The real environment, not the copy: this is where the home folder is looked up.
    const name = process.platform === 'win32' ? 'USERPROFILE' : 'HOME';
    const before = environment[name];
    environment[name] = stage.folder;
    mkdirSync(join(stage.folder, '.ssh'));
    writeFileSync(join(stage.folder, '.ssh', 'id_rsa'), keyFile('rsa'));
    stage.script.pick = 'id_rsa';
    await run(commands.importKey).finally(() => {
      environment[name] = before;
    });
    assert.ok((await recipients()).includes(bareRecipient(sshKeys.rsa.public)));
    assert.ok(!stage.script.asked.join('\n').includes('id_ed25519'));
  });

  it('are listed in short lines, however long they are', async () => {
    await importFile(keyFile('rsa'));
    const shown: string[] = [];
    const pick = async (items: readonly { description?: string; detail?: string }[]) => {
      shown.push(...items.flatMap(({ description = '', detail = '' }) => [description, detail]));
    };
    const ui = { ...stage.services.ui, pick } as unknown as typeof stage.services.ui;
    await register({ ...stage.services, ui }).commands[commands.manageKeys]?.();
    assert.equal(shown.filter((line) => line.includes('since')).length, 2);
    assert.ok(shown.every((line) => line.length < 120));
  });

  it('are named by the comment above them, their own comment, or their file, and never two alike', async () => {
    const labels = async () => (await stage.vault.keys()).map((key) => key.label).slice(1);
    await importFile(keyFile('ed25519'));
    assert.deepEqual(await labels(), ['example']);
    const text = `# me\n${await generateIdentity()}\n\n${await generateIdentity()}\n# created: x\n${await generateIdentity()}`;
    await importFile(text);
    assert.deepEqual(await labels(), ['example', 'me (2)', 'key', 'key (2)']);
    process.env.SOPS_AGE_KEY = await generateIdentity();
    stage.script.pick = 'Key File of sops';
    await run(commands.importKey);
    assert.equal((await labels()).at(-1), 'SOPS_AGE_KEY');
    stage.script.pick = ['key (2)', 'Rename'];
    stage.script.input = 'me';
    await run(commands.manageKeys);
    assert.ok((await labels()).includes('key (2)'), 'another key has that name');
  });

  it('that are there already are named, and so are new ones beside them', async () => {
    const identity = await generateIdentity();
    await importFile(`# laptop\n${identity}`);
    await importFile(`# other name\n${identity}`);
    assert.equal(stage.script.asked.at(-1), 'You already have this key: laptop.');
    await importFile(`# new\n${await generateIdentity()}\n${identity}`);
    assert.equal(stage.script.asked.at(-1), 'The key new is now in SecretStorage. You already have this key: laptop.');
  });

  it('open what is sealed for an SSH key', async () => {
    await importFile(keyFile('rsa', 'pkcs8'));
    const editor = stage.open('a.yaml', await stage.sealed('a: canary\n', 'yaml', sshKeys.rsa.public));
    assert.equal((await stage.state(editor)).kind, 'open');
  });

  it('are removed after a question that names the files', async () => {
    stage.write('x.yaml', await stage.sealed('a: 1\n', 'yaml'));
    stage.script.pick = ['me', 'Remove'];
    stage.script.choose = 'Remove Key';
    await run(commands.manageKeys);
    assert.match(stage.script.asked.at(-1) ?? '', /nobody could read any more:\nx\.yaml/);
    assert.deepEqual(await recipients(), []);
  });

  it('are not removed without the names of files in folders of build results, or under names that say nothing', async () => {
    stage.write('out/x.yaml', await stage.sealed('a: 1\n', 'yaml'));
    stage.write('notes.txt', await stage.sealed('n: canary\n', 'yaml'));
    stage.write('readme.md', 'Values look like ENC[AES256_GCM,data:…].\n');
    // One folder of the workspace may be in another.
    fake.folders.push(join(stage.folder, 'out'));
    stage.script.pick = ['me', 'Remove'];
    await run(commands.manageKeys);
    assert.match(stage.script.asked.at(-1) ?? '', /nobody could read any more:\nnotes\.txt\nout\/x\.yaml\n\n/);
    assert.equal((await recipients()).length, 1);
  });

  it('are renamed', async () => {
    stage.script.pick = ['me', 'Rename'];
    stage.script.input = 'laptop';
    await run(commands.manageKeys);
    assert.equal((await stage.vault.keys())[0]?.label, 'laptop');
  });

  it('are offered where there are none', async () => {
    await stage.vault.remove(stage.recipient);
    for (const id of [commands.copyPublicKey, commands.backUpKey, commands.manageKeys]) {
      stage.script.asked.length = 0;
      await run(id);
      assert.match(stage.script.asked[0] ?? '', /no key yet/);
    }
    assert.equal(fake.clipboard, '');
  });
});
