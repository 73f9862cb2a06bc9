import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { register } from '../../../src/extension/backup/register.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { register as status } from '../../../src/extension/status/register.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { fake } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const phrase = 'correct horse battery';

describe('backups', () => {
  let stage: Stage;
  let run: (id: CommandId) => Promise<void>;
  let file: string;
  let page: string;
  beforeEach(async () => {
    stage = await makeStage();
    const feature = register(stage.services);
    run = async (id) => assert.equal(await feature.commands[id]?.(), undefined);
    file = join(stage.folder, 'keys.age');
    page = join(stage.folder, 'sheet.html');
  });
  afterEach(() => stage.end());
  const asked = () => stage.script.asked.join('\n');
  const last = () => stage.script.asked.at(-1) ?? '';
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

  /** The file, and the sheet after it. */
  async function backUp(sheet = false) {
    const isSheet = () => last().startsWith('Save the Printable Sheet');
    Object.defineProperty(stage.script, 'saveFile', { get: () => (isSheet() ? page : file), configurable: true });
    Object.assign(stage.script, { secret: [phrase, phrase], message: sheet ? 'Make a Printable Sheet' : undefined });
    await run(commands.backUpKey);
    // The last that is said of it, which comes after the file.
    for (let n = 0; sheet && n < 500 && !/^The sheet is in/.test(last()); n++) await settled();
    await settled();
    stage.script.message = undefined;
  }

  async function restore(secret: string | string[] = phrase) {
    Object.assign(stage.script, { pick: 'file', openFile: file, secret });
    stage.script.asked.length = 0;
    await run(commands.restoreKeys);
  }

  const recipients = async () => (await stage.vault.keys()).map(({ recipient }) => recipient);
  const other = async () => recipientOf(await generateIdentity());

  it('are printed as a sheet that says what the keys open, and holds no private key', async () => {
    stage.write('a.env', await stage.sealed('A=canary\n', 'dotenv'));
    stage.write('b.yaml', await stage.sealed('b: canary\n', 'yaml', await other()));
    await backUp(true);
    const html = readFileSync(page, 'utf8');
    assert.ok(html.includes(stage.recipient));
    assert.ok(html.includes('<li>a.env</li>'));
    assert.ok(!html.includes('b.yaml'));
    assert.ok(html.includes(readFileSync(file, 'utf8').trim()));
    assert.doesNotMatch(html, /AGE-SECRET-KEY|canary/);
    assert.ok(!html.includes(phrase));
    assert.match(last(), /^The sheet is in sheet\.html\. Open it in a browser and print it\./);
  });

  it('are restored after a look at what they open', async () => {
    stage.write('a.env', await stage.sealed('A=canary\n', 'dotenv'));
    stage.write('b.yaml', await stage.sealed('b: canary\n', 'yaml', await other()));
    const damaged = await stage.sealed('c: canary\nd: 1\n', 'yaml');
    stage.write('c.yaml', damaged.replace(/^d: .*\n/m, ''));
    await backUp();
    await stage.vault.remove(stage.recipient);
    stage.script.gesture = [false];
    await restore();
    assert.deepEqual(await recipients(), [], 'only a person takes keys');
    assert.match(last(), /^This backup opens 2 of the 3 encrypted files here\.\n/);
    assert.match(last(), /\nme: age1/);
    assert.match(last(), /It does not open:\nb\.yaml\n/);
    assert.match(last(), /It opens these, which are damaged:\nc\.yaml\n/);
    assert.ok(last().endsWith('[Restore Key]'));
    stage.script.gesture = true;
    await restore();
    assert.deepEqual(
      (await stage.vault.keys()).map(({ recipient, label }) => [recipient, label]),
      [[stage.recipient, 'me']],
    );
    assert.equal(last(), 'The key is restored.');
    assert.doesNotMatch(asked(), /canary|AGE-SECRET-KEY/);
  });

  it('of other keys are named as that', async () => {
    await backUp();
    await stage.vault.remove(stage.recipient);
    const now = await stage.vault.create('new');
    for (const name of ['a', 'b']) stage.write(`${name}.yaml`, await stage.sealed('a: 1\n', 'yaml', now.recipient));
    await restore();
    const question = stage.script.asked.at(-2) ?? '';
    assert.match(question, /^This is a backup of other keys: it opens none of the 2 encrypted files here\./);
    assert.match(question, /Not in this backup: new\. Back up your keys again\./);
  });

  it('of the keys that are there are only checked', async () => {
    await backUp();
    stage.write('a.env', await stage.sealed('A=1\n', 'dotenv'));
    await restore();
    assert.equal(last(), 'This backup opens the encrypted file here. You have all keys in it already.');
    assert.deepEqual(await recipients(), [stage.recipient]);
  });

  it('stay shut after five wrong pass phrases, which is said, and change nothing', async () => {
    await backUp();
    await stage.vault.remove(stage.recipient);
    await restore(['1', '2', '3', '4', '5', phrase]);
    assert.match(asked(), /does not open keys\.age\. Try again: 5 of 5\./);
    assert.match(last(), /^5 pass phrases did not open keys\.age\. Nothing was changed\./);
    assert.deepEqual(await recipients(), []);
    assert.ok(existsSync(file));
    await restore([phrase]);
    assert.deepEqual(await recipients(), [stage.recipient]);
  });

  it('come back from a scanned sheet: from the clipboard, or from a file', async () => {
    await backUp();
    await stage.vault.remove(stage.recipient);
    const scanned = `Scan of today\n${readFileSync(file, 'utf8').replaceAll('\n', ' ')}`;
    fake.clipboard = scanned;
    Object.assign(stage.script, { pick: 'clipboard', secret: phrase });
    await run(commands.restoreKeys);
    assert.deepEqual(await recipients(), [stage.recipient]);
    await stage.vault.remove(stage.recipient);
    writeFileSync(file, scanned);
    await restore();
    assert.deepEqual(await recipients(), [stage.recipient]);
    for (const text of ['', 'A=1\n', scanned.slice(0, 300), await generateIdentity()]) {
      writeFileSync(file, text);
      await assert.rejects(restore(), { code: 'BAD_IDENTITY', place: { what: 'sheet' } });
    }
  });

  it('are missed until there is one of the present keys', async () => {
    const missing = async () => (await stage.services.backUps.missing()).map(({ label }) => label);
    assert.deepEqual(await missing(), ['me']);
    await status(stage.services).commands[commands.showMenu]?.();
    const shown: string[] = [];
    const pick = async (items: readonly { label: string; description?: string }[]) => {
      shown.push(...items.map(({ label, description }) => `${label} ${description ?? ''}`));
    };
    const menu = async () => {
      shown.length = 0;
      const ui = { ...stage.services.ui, pick } as unknown as typeof stage.services.ui;
      await status({ ...stage.services, ui }).commands[commands.showMenu]?.();
      return shown.find((line) => line.startsWith('Back Up Key'));
    };
    assert.equal(await menu(), 'Back Up Key there is no backup of it yet');
    await backUp();
    assert.deepEqual(await missing(), []);
    assert.equal(await menu(), 'Back Up Key ');
    await stage.vault.create('second');
    assert.deepEqual(await missing(), ['second']);
    await restore();
    assert.deepEqual(await missing(), ['second'], 'an old backup is not one of the new key');
    await backUp();
    assert.deepEqual(await missing(), []);
  });

  it('are reminded of quietly: not on the first day, once a week, and not for a key that needs none', async () => {
    let now = new Date('2026-11-21T13:00:00Z');
    const services = { ...stage.services, clock: { now: () => now } };
    const { disposable } = register(services);
    const reminders = () => stage.script.asked.filter((one) => one.startsWith('There is no backup')).length;
    const sealed = await stage.sealed('A=1\n', 'dotenv');
    let count = 0;
    const openOne = async () => {
      await stage.state(stage.open(`${count++}.env`, sealed));
      await settled();
    };
    const later = (days: number) => {
      now = new Date(now.getTime() + days * 24 * 60 * 60 * 1000);
    };
    await openOne();
    assert.equal(reminders(), 0, 'the key is new');
    later(2);
    await openOne();
    await openOne();
    assert.equal(reminders(), 1);
    disposable.dispose();
    const next = register(services).disposable;
    await openOne();
    assert.equal(reminders(), 1, 'not in each window');
    later(8);
    stage.script.message = 'Not for This Key';
    await openOne();
    assert.equal(reminders(), 2);
    next.dispose();
    later(8);
    register(services);
    await openOne();
    assert.equal(reminders(), 2);
    assert.doesNotMatch(asked(), /age1/);
  });
});
