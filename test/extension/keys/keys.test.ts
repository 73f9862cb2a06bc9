import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { openIdentityFile, sealIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import { bareRecipient } from '../../../src/core/age/sshkey.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/keys/register.ts';
import { generateIdentity, recipientOf, unlockPrivateFile } from '../../core/age/texts.ts';
import { keyFile, sshKeys } from '../../core/age/vectors.ts';
import { fake } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

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

  it('come in together: age keys, SSH keys with and without a pass phrase, and nothing of plugins', async () => {
    const identity = await generateIdentity();
    const plugin = 'AGE-PLUGIN-YUBIKEY-1QQPQPQYZVZX4YU4Q0H2VG';
    const text = `# a\n${identity}\n\n${plugin}\n\n# b\n${keyFile('rsa')}\n# c\n${keyFile('ed25519', 'aes256-ctr')}`;
    await importFile(await sealIdentityFile(text, 'example', 10), 'example', sshKeys.passphrase);
    assert.match(stage.script.asked.at(-3) ?? '', /The pass phrase of the SSH key “c”\./);
    assert.match(stage.script.asked.at(-2) ?? '', /^Import these 3 keys into SecretStorage\?/);
    assert.match(stage.script.asked.at(-1) ?? '', /^3 keys are now in SecretStorage\. Keys for age plug-ins/);
    assert.deepEqual((await stage.vault.keys()).map((key) => key.label).sort(), ['a', 'b', 'c', 'me']);
    await assert.rejects(importFile(plugin), { code: 'BAD_IDENTITY', place: { what: 'plugin' } });
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

  it('are listed in one line each, however long they are', async () => {
    await importFile(keyFile('rsa'));
    const shown: string[] = [];
    const pick = async (items: readonly { description?: string }[]) => {
      shown.push(...items.map((item) => item.description ?? ''));
    };
    const ui = { ...stage.services.ui, pick } as unknown as typeof stage.services.ui;
    await register({ ...stage.services, ui }).commands[commands.manageKeys]?.();
    assert.equal(shown.filter((line) => line.includes('since')).length, 2);
    assert.ok(shown.every((line) => line.length < 120));
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
    assert.match(stage.script.asked.at(-1) ?? '', /encrypted for this key:\nx\.yaml/);
    assert.deepEqual(await recipients(), []);
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
