import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { generateIdentity, openIdentityFile, recipientOf, sealIdentityFile } from '../../../src/core/age/identity.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/keys/register.ts';
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

  it('are removed after a question that names the files', async () => {
    stage.write('x.yaml', await stage.sealed('a: 1\n', 'yaml'));
    stage.script.pick = ['me', 'Remove'];
    stage.script.choose = 'Remove Key';
    await run(commands.manageKeys);
    assert.match(stage.script.asked.at(-1) ?? '', /encrypted for it:\nx\.yaml/);
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
