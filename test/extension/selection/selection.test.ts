import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAge, sealAge } from '../../../src/core/tokens/age.ts';
import { textOf } from '../../../src/core/tokens/bytes.ts';
import { tokenFormats } from '../../../src/core/tokens/formats.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { register as mask } from '../../../src/extension/mask/register.ts';
import { register } from '../../../src/extension/selection/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { fixtures } from '../../core/shared.ts';
import { type FakeEditor, fake, Selection } from '../../fakes/vscode.ts';
import { painted } from '../mask/stage.ts';
import { makeStage, type Stage } from '../session/session.ts';

const {
  flet_600k: flet,
  dotenvx,
  anvil,
  rails,
  kestra,
} = JSON.parse(readFileSync(join(fixtures, 'token-vectors.json'), 'utf8'));
const secret = 'canary {häß}';

describe('Encrypt Selection and Decrypt Selection', function () {
  this.timeout(20_000);
  let stage: Stage;
  let features: Feature[];
  let editor: FakeEditor;

  beforeEach(async () => {
    stage = await makeStage();
    features = [mask(stage.services), register(stage.services)];
    fake.configure('lockstep.reveal.seconds', 60);
  });
  afterEach(() => {
    for (const { disposable } of features) disposable.dispose();
    stage.end();
  });

  const run = async (id: CommandId) => {
    for (const { commands: handlers } of features) assert.equal(await handlers[id]?.(), undefined);
    assert.ok(!JSON.stringify([stage.script.asked, fake.log, stage.recorded]).includes('canary'));
  };
  const open = (name: string, text: string, part: string, to = part) => {
    editor = stage.open(name, text);
    const from = text.indexOf(part);
    const [start, end] = [from, text.indexOf(to, from) + to.length];
    editor.selection = new Selection(editor.document.positionAt(start), editor.document.positionAt(end));
  };
  const cursorIn = (part: string) => {
    const at = editor.document.positionAt(editor.document.getText().indexOf(part) + 10);
    editor.selection = new Selection(at, at);
  };
  const text = () => editor.document.getText();
  const asked = () => stage.script.asked.join('\n');

  it('show a value of Flet in its place, and nothing of it in the text', async () => {
    const before = `token = decrypt("${flet.ciphertext}", key)\n`;
    open('a.py', before, `"${flet.ciphertext}"`);
    stage.script.secret = ['another phrase', flet.secret_key];
    await run(commands.decryptSelection);
    assert.match(asked(), /Pass Phrase of Flet\n.*\n.*The key or pass phrase does not open the value\..*\(2 of 5\)/s);
    assert.equal(painted(editor).split('\n')[0], `token = decrypt("${flet.plaintext}●", key)`);
    assert.equal(text(), before);
    assert.deepEqual(
      stage.recorded.map(({ purpose, key, by }) => [purpose, key, by]),
      [['reveal', 'Flet value on line 1', 'text editor']],
    );
    stage.services.vault.lock();
    assert.ok(!painted(editor).includes(flet.plaintext), 'a lock hides it');
  });

  it('take the value around the cursor', async () => {
    const [value, plain] = dotenvx.values.HELLO;
    open('.env', `A=1\nHELLO="${value}" # why\nB=2\n`, 'A=1');
    cursorIn(value);
    stage.script.secret = dotenvx.private_key;
    await run(commands.decryptSelection);
    assert.match(asked(), /Private Key of dotenvx/);
    assert.equal(painted(editor).split('\n')[1], `HELLO="${plain}●" # why`);
  });

  it('take the key of the system itself, after a question', async () => {
    const [value, plain] = dotenvx.values.HELLO;
    stage.write('.env.keys', `DOTENV_PRIVATE_KEY="${dotenvx.private_key}"\n`);
    const named = `DOTENV_PUBLIC_KEY="${dotenvx.public_key}"\n`;
    open('.env', `${named}HELLO="${value}"\n`, value);
    stage.script.gesture = false;
    await run(commands.decryptSelection);
    assert.ok(!painted(editor).includes(plain));
    stage.script.gesture = true;
    await run(commands.decryptSelection);
    assert.equal(painted(editor).split('\n')[1], `HELLO="${plain}●"`);
    stage.services.vault.lock();
    stage.script.gesture = [false];
    const asks = stage.script.asked.length;
    await run(commands.decryptSelection);
    assert.match(
      stage.script.asked.slice(asks).join(),
      /^Lockstep is locked\./,
      'a file with a key opens nothing then',
    );
    assert.ok(!painted(editor).includes(plain));
    stage.services.vault.unlock();
    stage.script.gesture = true;
    stage.write('master.key', '7'.repeat(32));
    open('credentials.yml.enc', rails.file, rails.file);
    stage.script.secret = rails.master_key;
    await run(commands.decryptSelection);
    assert.match(asked(), /Master Key of Rails credentials$/m, 'the key beside it is another one');
    assert.ok(painted(editor).includes('access_key_id'));
  });

  it('copy, and put plaintext into the document only after a question', async () => {
    const before = `x: ${rails.file}\n`;
    open('a.txt', before, rails.file);
    stage.script.secret = rails.master_key;
    stage.script.message = 'Copy';
    await run(commands.decryptSelection);
    assert.equal(fake.clipboard, rails.plaintext);
    stage.script.message = 'Replace With Plaintext…';
    stage.script.gesture = false;
    await run(commands.decryptSelection);
    assert.equal(text(), before);
    assert.match(asked(), /Put the plaintext into a\.txt\?\nOther extensions can read it there/);
    stage.script.gesture = true;
    await run(commands.decryptSelection);
    assert.equal(text(), `x: ${rails.plaintext}\n`);
    const purposes = stage.recorded.map(({ purpose }) => purpose);
    assert.deepEqual(purposes, ['reveal', 'copy', 'reveal', 'reveal', 'decrypt']);
  });

  it('ask which system a value without a mark is of', async () => {
    open('a.yaml', `v: ${anvil.payload}\n`, anvil.payload);
    stage.script.pick = 'anvil';
    stage.script.secret = anvil.key_b64;
    await run(commands.decryptSelection);
    assert.match(asked(), /Decrypt Selection\nAnvil\nKestra\nEncryption Key of Anvil/);
    assert.ok(painted(editor).includes(anvil.plaintext));
    const value = kestra.env.split('=').slice(1).join('=');
    open('k.env', `${kestra.env}\n`, value);
    stage.script.pick = 'kestra';
    stage.script.gesture = false;
    await run(commands.decryptSelection);
    assert.ok(!painted(editor).includes(kestra.plaintext), 'a person has to say so where no key is asked for');
    stage.script.gesture = true;
    await run(commands.decryptSelection);
    assert.ok(painted(editor).includes(kestra.plaintext));
  });

  it('open an age file with the keys of the window, after a question', async () => {
    const armored = await sealAge(Buffer.from(secret), { recipients: [stage.recipient] });
    open('a.txt', `before\n${armored}after\n`, 'before');
    cursorIn('-----BEGIN');
    await run(commands.decryptSelection);
    assert.match(asked(), /Show the age value in a\.txt\?/);
    assert.ok(painted(editor).includes(secret));
    stage.services.vault.lock();
    assert.ok(!painted(editor).includes(secret));
    stage.script.gesture = false;
    await run(commands.decryptSelection);
    assert.ok(!painted(editor).includes(secret), 'it stays locked');
  });

  it('send a value of a SOPS file to the reveal of its entry', async () => {
    open('x.yaml', await stage.sealed(`a: ${secret}\n`, 'yaml'), 'ENC[', ']');
    await run(commands.decryptSelection);
    assert.deepEqual(fake.executed.at(-1), [commands.revealValue, String(editor.document.uri)]);
  });

  it('show nothing while presenting, of another text, and where there is no value', async () => {
    open('a.txt', `x: ${rails.file}\n`, rails.file);
    Object.defineProperty(stage.script, 'secret', {
      get() {
        fake.edit(editor.document, new Selection(0, 0, 0, 1), 'y');
        return rails.master_key;
      },
    });
    await run(commands.decryptSelection);
    assert.deepEqual(stage.recorded, []);
    stage.services.presentation.set(true);
    stage.script.gesture = false;
    await run(commands.decryptSelection);
    assert.match(asked(), /Presentation mode is on/);
    stage.services.presentation.set(false);
    open('b.txt', 'nothing here\n', 'nothing here');
    await run(commands.decryptSelection);
    assert.match(asked(), /This is no encrypted value that Lockstep knows/);
    editor.selection = new Selection(0, 0, 0, 0);
    await run(commands.decryptSelection);
    assert.match(asked(), /Select an encrypted value, or put the cursor into one/);
    assert.deepEqual(stage.recorded, []);
  });

  it('refuse what is damaged, with its reason', async () => {
    const cut = flet.ciphertext.slice(0, 80);
    open('a.py', `x = "${cut}"\n`, cut);
    stage.script.secret = flet.secret_key;
    const { decryptSelection } = commands;
    await assert.rejects(async () => features[1]?.commands[decryptSelection]?.(), { code: 'BAD_TOKEN' });
    const many = 'gAAAAA'.padEnd(6_000_000, 'A');
    open('b.py', many, many);
    await assert.rejects(async () => features[1]?.commands[decryptSelection]?.(), { code: 'TOO_LARGE' });
  });

  it('encrypt the selected text inside its quotes, as one step', async () => {
    open('a.py', `token = "${secret}"  # why\n`, `"${secret}"`);
    stage.script.pick = 'flet';
    stage.script.secret = ['correct horse', 'correct horse'];
    await run(commands.encryptSelection);
    const value = /^token = "([\w=-]+)" {2}# why\n$/.exec(text())?.[1] ?? '';
    assert.equal(textOf(await tokenFormats.flet.open(value, 'correct horse')), secret);
    assert.match(asked(), /The plaintext is still in the undo history/);
    stage.script.secret = ['correct horse', 'battery'];
    open('b.py', `token = "${secret}"\n`, secret);
    await run(commands.encryptSelection);
    assert.ok(text().includes(secret), 'two different phrases');
  });

  it('encrypt for the public key of a dotenvx file, and for those who read the file', async () => {
    open('.env.x', `DOTENV_PUBLIC_KEY="${dotenvx.public_key}"\nA='${secret}'\n`, secret);
    stage.script.pick = 'dotenvx';
    await run(commands.encryptSelection);
    const value = /A='(.*)'/.exec(text())?.[1] ?? '';
    assert.equal(textOf(await tokenFormats.dotenvx.open(value, dotenvx.private_key)), secret);
    open('a.txt', `<${secret}>`, secret);
    stage.script.pick = ['age', 'own'];
    await run(commands.encryptSelection);
    const armored = text().slice(1, -1);
    const { keyring } = stage.vault.keysFor(stage.uri(editor));
    assert.equal(textOf(await openAge(armored, { keyring })), secret);
  });

  it('encrypt for the readers of the rule on the disk: of one who was taken out the system may tell late', async () => {
    const gone = await recipientOf(await generateIdentity());
    open('b.txt', `<${secret}>`, secret);
    const rule = (...all: string[]) => stage.write('.sops.yaml', `creation_rules:\n  - age: ${all.join(',')}\n`);
    rule(stage.recipient, gone);
    assert.equal((await stage.services.rules.find(stage.uri(editor)))?.rule.recipients.length, 2);
    rule(stage.recipient);
    stage.script.pick = ['age', 'rule'];
    await run(commands.encryptSelection);
    const header = Buffer.from(text().slice(1, -1).split('\n').slice(1, -2).join(''), 'base64').toString('latin1');
    assert.equal(header.match(/-> X25519/g)?.length, 1);
  });

  it('leave an encrypted file to its own encryption, and a workspace without trust alone', async () => {
    open('x.yaml', await stage.sealed('a: b\n', 'yaml'), 'a:');
    await run(commands.encryptSelection);
    assert.deepEqual(fake.executed.at(-1), [commands.encryptEdits, String(editor.document.uri)]);
    fake.trusted = false;
    open('c.txt', secret, secret);
    stage.script.pick = 'kestra';
    await run(commands.encryptSelection);
    assert.equal(text(), secret);
    assert.match(asked(), /Restricted Mode/);
  });
});
