import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { utf8 } from '../../src/core/bytes.ts';
import { systemClock } from '../../src/core/ports.ts';
import { fernetKey, sealFernet } from '../../src/core/tokens/fernet.ts';
import {
  exposedView,
  historyView,
  commands as ids,
  leaversView,
  peopleView,
  secretsView,
} from '../../src/extension/ids.ts';
import { alice } from '../core/support.ts';
import { oneStory } from '../story.ts';
import { describeLeaks } from './leaksuite.ts';
import { scanBytes } from './scanner.ts';
import { act, canary, eventually, lineOf, pictureFailures, Workbench } from './workbench.ts';

const at = (text: string, pattern: RegExp) => text.split('\n').findIndex((line) => pattern.test(line)) + 1;

/**
 * One session that uses every command, with a value of its own for each way in. Afterwards none of them is in any file
 * that VS Code or its browser wrote, and another extension saw none of them.
 */
describeLeaks('leaks', function () {
  oneStory(this);
  let workbench: Workbench;
  pictureFailures(() => workbench);
  /** In clear text on disk before it is encrypted, so other extensions may have seen it; nothing may keep it. */
  const plain = canary();
  const typed = canary();
  const added = canary();
  const pasted = canary();
  /** In a file that is never opened in clear text. */
  const unopened = canary();
  /** In a file of another system, encrypted, and its key. */
  const brought = canary();
  const key = randomBytes(32).toString('base64url');
  const secret = [typed, added, pasted, unopened, brought, key, alice.identity];
  const read = (name: string) => readFileSync(workbench.path(name), 'utf8');

  before(async () => {
    workbench = await Workbench.start({
      files: {
        '.env': `# notes\nFIRST=${plain}\nSECOND=two\n`,
        'notes.txt': 'a file that somebody works in\n',
        'config/secrets.yaml': `db:\n  password: ${unopened} # why\n  pem: |\n    line one\n    ${unopened}\n  port: 5432\n`,
      },
    });
  });
  after(() => workbench?.close());

  const sightings = async () => (await workbench.spyReport()).find(...secret);
  const nowhere = async (...values: string[]) => assert.deepEqual((await workbench.scan(...values)).map(lineOf), []);

  /** Another extension calls commands with what it could know; nobody answers. Nothing comes back, and no value is copied. */
  const callEach = async (commands: readonly string[]) => {
    const uri = `vscode.Uri.file(${JSON.stringify(workbench.path('config/secrets.yaml'))})`;
    const id = JSON.stringify(JSON.stringify([0, 'db', 'password']));
    const results: string[] = [];
    for (const command of commands) {
      for (const args of [[], [`${uri}.toString()`, id], [uri, id], ['{ toString() { throw new Error() } }', '0']]) {
        const result = await workbench.spy.command(command, ...args);
        if (result.returned !== undefined) results.push(`${command} returned ${result.returned}`);
        if (result.failed && scanBytes('', result.failed, secret).length > 0)
          results.push(`${command} failed with a value`);
        for (let n = 0; n < 3; n++) await workbench.page.keyboard.press('Escape');
        const copied = await workbench.spy.clipboard();
        if (copied !== '' && scanBytes('', copied, [...secret, plain]).length > 0)
          results.push(`${command} copied a value`);
      }
    }
    assert.deepEqual(results, []);
  };

  it('takes a key in and encrypts', async () => {
    await workbench.openFile('.env');
    await workbench.waitForLens(/plaintext/, 1);
    await workbench.palette('Lockstep: Import Key');
    await workbench.choose('Type or Paste It');
    await workbench.typeInInput(alice.identity, { asked: 'AGE-SECRET-KEY' });
    await (await workbench.dialog(/into SecretStorage/)).press('Import Key');
    await workbench.waitForNotification(/in SecretStorage/);
    await workbench.palette('Lockstep: Set Up Secrets in This Workspace');
    await eventually(
      () => workbench.choices(),
      (items) => items.some((item) => /plaintext value/.test(item)),
    );
    await workbench.accept();
    for (const name of ['.env', 'config/secrets.yaml']) {
      await eventually(
        async () => read(name),
        (text) => text.includes('ENC[AES256_GCM,'),
        name,
      );
    }
    await workbench.waitForLens(/secrets/, 1);
    await workbench.clearNotifications();
  });

  it('does not bring the plain text back by undo', async () => {
    await workbench.focusEditor();
    for (let n = 0; n < 3; n++) await workbench.page.keyboard.press('Control+z');
    await sleep(500);
    assert.ok(!(await workbench.editorText()).includes(plain));
    assert.deepEqual(await workbench.dirty(), []);
    await nowhere(plain, ...secret);
  });

  it('imports what another system encrypted', async () => {
    const token = await sealFernet(utf8(brought), fernetKey(key), systemClock.now());
    writeFileSync(workbench.path('other.json'), JSON.stringify({ db: { brought: token } }));
    await workbench.spy.evaluate('void vscode.commands.executeCommand(args.id, args.uri)', {
      id: ids.importSecrets,
      uri: `file://${workbench.path('other.json')}`,
    });
    assert.ok((await workbench.typeInInput(key, { asked: 'Key or pass phrase' })).hidden);
    await workbench.choose(/secrets\.yaml/);
    await eventually(
      () => workbench.choices(),
      (items) => items.some((item) => /db\.brought/.test(item)),
    );
    await workbench.accept();
    await (await workbench.dialog(/Write 1 value into/)).press('Import');
    await workbench.waitForNotification(/imported into/);
    await workbench.clearNotifications();
    assert.match(read('config/secrets.yaml'), /brought: ENC\[AES256_GCM,/);
    await nowhere(brought, key);
    assert.deepEqual(await sightings(), []);
  });

  it('sets, adds, pastes, generates, renames, copies and reveals', async () => {
    await workbench.openFile('config/secrets.yaml');
    await workbench.waitForLens(/secrets/, 1);
    const go = async (pattern: RegExp) => workbench.gotoLine(at(await workbench.editorText(), pattern), 4);
    const changes = async (work: () => Promise<void>) => {
      const before = await workbench.editorText();
      await work();
      await eventually(
        () => workbench.editorText(),
        (text) => text !== before,
        'a change',
      );
    };
    await go(/^ {2}password:/);
    await changes(async () => {
      await workbench.palette('Lockstep: Set Value');
      assert.ok((await workbench.typeInInput(typed, { asked: 'value is not shown', accept: false })).hidden);
      const eye = (name: string, seen: () => Promise<boolean>) =>
        act(
          () => workbench.page.locator(`.quick-input-widget:visible [aria-label="${name}"]`).click({ timeout: 3000 }),
          seen,
          name,
        );
      await eye('Show What Is Typed', () => workbench.isOpen(typed));
      await workbench.screenshot('leaks-eye');
      await eye('Hide', async () => !(await workbench.isOpen(typed)));
      await workbench.page.locator('.quick-input-widget:visible .quick-input-box input[type=password]').press('Enter');
    });
    await changes(async () => {
      await workbench.palette('Lockstep: Add Secret');
      await workbench.choose('db');
      await workbench.typeInInput('added', { asked: 'Name of' });
      assert.ok((await workbench.typeInInput(added, { asked: 'Value of' })).hidden);
    });
    await workbench.spy.evaluate('await vscode.env.clipboard.writeText(args)', `one line\n${pasted}`);
    await go(/^ {2}added:/);
    await changes(async () => {
      await workbench.palette('Lockstep: Set Value');
      await act(
        () =>
          workbench.page.locator('.quick-input-widget:visible [aria-label="From Clipboard"]').click({ timeout: 5000 }),
        async () => !(await workbench.isOpen(/Set/)),
        'From Clipboard',
      );
    });
    await workbench.spy.evaluate(`await vscode.env.clipboard.writeText('')`);
    await changes(async () => {
      await workbench.palette('Lockstep: Generate Value');
      await workbench.choose('Password');
    });
    await changes(async () => {
      await workbench.palette('Lockstep: Rename Secret');
      await workbench.typeInInput('renamed', { asked: /Rename/ });
    });
    await go(/^ {2}password:/);
    await workbench.setSetting('lockstep.clipboard.clearAfterSeconds', 10);
    await workbench.palette('Lockstep: Copy Value');
    // By the page: what the spy reads of the clipboard it has seen.
    const onClipboard = () => workbench.page.evaluate<string>('navigator.clipboard.readText()');
    await eventually(onClipboard, (text) => text === typed, 'the copied value');
    await eventually(onClipboard, (text) => text === '', 'an empty clipboard');
    await eventually(
      () => workbench.spy.clipboard(),
      (text) => text === '',
      'an empty clipboard',
    );
    await workbench.palette('Lockstep: Reveal Value');
    await workbench.waitForPainted(new RegExp(typed));
    await workbench.palette('Lockstep: Hide');
    await workbench.waitForPainted(/^ {2}password: •{8}/);
  });

  it('hovers, explains and lists without a value', async () => {
    const hover = await workbench.hover(at(await workbench.editorText(), /^ {2}password:/), 4);
    assert.match(hover, /db\.password/);
    assert.ok(!hover.includes(typed));
    await workbench.page.keyboard.press('Escape');
  });

  it('keeps unsaved edits as ciphertext: in the backup, over a reload', async () => {
    assert.deepEqual(await workbench.dirty(), ['secrets.yaml']);
    await workbench.foundIn(/Backups/, 'sops:');
    await nowhere(...secret, plain);
    assert.deepEqual(await sightings(), []);
    await workbench.reload();
    await workbench.waitForPainted(/^ {2}password: •{8}/);
    await nowhere(...secret, plain);
  });

  it('undoes and redoes in ciphertext, saves, rotates, locks and unlocks', async () => {
    await workbench.save();
    await workbench.palette('Lockstep: Rotate Data Key');
    await (await workbench.dialog(/data key/i)).press('Rotate Data Key');
    await eventually(
      () => workbench.dirty(),
      (dirty) => dirty.length === 1,
    );
    await workbench.undo();
    await workbench.redo();
    await workbench.save();
    await workbench.palette('Lockstep: Lock');
    await workbench.waitForLens(/Locked/, 1);
    await workbench.palette('Lockstep: Unlock');
    await (await workbench.dialog(/Lockstep is locked/)).press('Unlock');
    await workbench.waitForLens(/secrets/, 1);
    assert.deepEqual(await sightings(), []);
    await nowhere(...secret, plain);
  });

  it('gives nothing to another extension that calls every command, while somebody works in another file', async function () {
    // Each command is called in four ways, and some wait for somebody to answer.
    this.timeout(480_000);
    await workbench.spy.evaluate(
      `await vscode.env.clipboard.writeText('');
       await vscode.window.showTextDocument(vscode.Uri.file(args), { viewColumn: vscode.ViewColumn.Two });`,
      workbench.path('notes.txt'),
    );
    await workbench.focusEditor();
    await callEach(Object.values(ids));
    const all = await workbench.spy.evaluate<string[]>(
      `return (await vscode.commands.getCommands(true)).filter((c) => c.startsWith('lockstep'))`,
    );
    // VS Code makes these for a view: they move it and give it the focus.
    const ofView = [exposedView, historyView, leaversView, secretsView, peopleView].flatMap((view) =>
      ['open', 'focus', 'resetViewLocation', 'toggleVisibility', 'removeView'].map((verb) => `${view}.${verb}`),
    );
    assert.deepEqual(
      all.filter((one) => !(Object.values(ids) as string[]).includes(one) && !ofView.includes(one)),
      [],
      'no other command is there',
    );
    assert.deepEqual(await sightings(), []);
  });

  it('stays locked for another extension, which unlocks and copies', async () => {
    await workbench.spy.command(ids.lock);
    await callEach([ids.unlock, ids.copyValue, ids.unlock, ids.revealValue, ids.copyValue]);
    await workbench.openFile('config/secrets.yaml', 'default');
    await workbench.waitForLens(/Locked/, 1);
    assert.deepEqual(await sightings(), []);
    await nowhere(...secret, plain);
  });

  it('leaves nothing after everything is closed', async () => {
    assert.ok((await workbench.spyReport()).kinds().length > 10, 'the spy did look');
    await workbench.close();
    await nowhere(...secret, plain);
    assert.ok(existsSync(workbench.folders.userData) && existsSync(workbench.folders.profile));
  });
});
