import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { alice } from '../core/support.ts';
import { oneStory } from '../story.ts';
import { importKey, sealed } from './editorpage.ts';
import { describeLeaks } from './leaksuite.ts';
import { act, canary, eventually, lineOf, pictureFailures, Workbench } from './workbench.ts';

/** An encrypted file edited as text, as somebody does who does not think of it being encrypted. */
describeLeaks('typing into an encrypted file', function () {
  oneStory(this);
  let workbench: Workbench;
  pictureFailures(() => workbench);
  const old = canary();
  const typed = canary();
  const pasted = canary();
  const nested = canary();
  const slow = canary();
  const auto = canary();
  const secrets = [old, typed, pasted, nested, slow, auto];
  const text = () => workbench.editorText();
  const disk = (name: string) => readFileSync(workbench.path(name), 'utf8');
  const nowhere = async () => assert.deepEqual((await workbench.scan(...secrets)).map(lineOf), []);
  const encrypted = () =>
    eventually(text, (now) => !secrets.some((secret) => now.includes(secret)) && /ENC\[/.test(now), 'ciphertext only');

  before(async () => {
    const env = await sealed('dotenv', `FIRST=${old}\nSECOND=two\n`);
    const yaml = await sealed('yaml', `db:\n    password: ${old}\nlast: 1\n`);
    workbench = await Workbench.start({
      files: { 'a.env': env, 'a.yaml': yaml, '.sops.yaml': `creation_rules:\n  - age: ${alice.recipient}\n` },
      prepare: ({ workspace }) => {
        const git = (...args: string[]) =>
          execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e@example.com', ...args], { cwd: workspace });
        git('init', '-q');
        git('add', '.');
        git('commit', '-qm', 'all');
      },
      settings: { 'lockstep.offerSetUp': false },
      size: { width: 1100, height: 700 },
    });
    await workbench.openFile('a.env');
    await importKey(workbench);
    await workbench.page.keyboard.press('Control+b');
    await workbench.waitForLens(/secrets/, 1);
  });
  after(() => workbench?.close());

  it('encrypts a new line on a pause, and goes on with the value after it', async () => {
    const before = await text();
    await workbench.gotoLine(1, 1);
    await workbench.press('Control+Shift+Enter');
    await workbench.type('TYPED=');
    await workbench.page.keyboard.type(typed.slice(0, 20), { delay: 20 });
    await eventually(text, (now) => now.includes('TYPED=ENC['), 'encrypted on a pause');
    await workbench.screenshot('typing-paused');
    await workbench.page.keyboard.type(typed.slice(20), { delay: 20 });
    await sleep(900);
    await encrypted();
    await workbench.screenshot('typing-encrypted');
    await workbench.gotoLine(1, 2);
    await workbench.palette('Lockstep: Copy Value');
    await eventually(
      () => workbench.spy.clipboard(),
      (copied) => copied === typed,
      'the whole value',
    );
    await workbench.spy.evaluate(`await vscode.env.clipboard.writeText('')`);
    await workbench.focusEditor();
    const whole = await text();
    for (let n = 0; n < 8 && (await text()) !== before; n++) {
      await workbench.undo();
      await sleep(700);
      assert.ok(!/TYPED=c/.test(await text()), 'a step with plaintext');
    }
    assert.equal(await text(), before);
    for (let n = 0; n < 8 && (await text()) !== whole; n++) {
      await workbench.redo();
      await sleep(700);
      assert.ok(!/TYPED=c/.test(await text()), 'a step with plaintext');
    }
    assert.equal(await text(), whole);
    await nowhere();
  });

  it('encrypts what is pasted, and saves', async () => {
    await workbench.gotoLine(2, 1);
    await workbench.spy.evaluate('await vscode.env.clipboard.writeText(args)', `PASTED=${pasted}\n`);
    await workbench.press('Control+v');
    await encrypted();
    await workbench.spy.evaluate(`await vscode.env.clipboard.writeText('')`);
    await workbench.page.keyboard.type(`SLOW=${slow}`, { delay: 5 });
    await workbench.page.keyboard.press('Enter');
    await workbench.save();
    await eventually(
      async () => disk('a.env'),
      (now) => /^SLOW=ENC\[/m.test(now),
      'saved',
    );
    await sleep(1500);
    await nowhere();
  });

  it('turns what is typed behind a ciphertext into Set', async () => {
    const before = await text();
    const line = before.split('\n').findIndex((one) => one.startsWith('SECOND')) + 1;
    await workbench.gotoLine(line, 1);
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.type('x');
    assert.match(await workbench.question(), /Set SECOND|stays unseen/);
    await workbench.cancel();
    await eventually(text, (now) => now === before, 'the ciphertext is whole');
  });

  it('shows no ciphertext after a click on the dots, and opens Set if that is wanted', async () => {
    const line = workbench.page.locator('.view-lines .view-line', { hasText: 'SECOND' }).first();
    await line.click({ position: { x: 90, y: 8 } });
    await sleep(400);
    assert.doesNotMatch((await workbench.waitForPainted(/SECOND/)).text, /ENC/);
    await workbench.setSetting('lockstep.mask.click', 'set');
    await workbench.gotoLine(1, 1);
    await act(
      () => line.click({ position: { x: 90, y: 8 }, timeout: 5000 }),
      () => workbench.isOpen(),
      'a click on the dots',
    );
    assert.match(await workbench.question(), /Set SECOND|stays unseen/);
    await workbench.cancel();
    await workbench.setSetting('lockstep.mask.click', undefined);
  });

  it('takes nested entries and renamed keys of YAML', async () => {
    await workbench.openFile('a.yaml');
    await workbench.waitForLens(/secrets/, 1);
    await workbench.gotoLine(2, 1);
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.keyboard.type(`other: ${nested}`, { delay: 5 });
    await workbench.page.keyboard.press('Enter');
    await encrypted();
    await workbench.save();
    await eventually(
      async () => disk('a.yaml'),
      (now) => /^ {4}other: ENC\[/m.test(now),
      'saved',
    );
    await workbench.screenshot('typing-yaml');
  });

  it('is not in the way of a person who types slowly while VS Code saves by itself', async () => {
    await workbench.openFile('a.env');
    await workbench.setSetting('files.autoSave', 'afterDelay');
    await workbench.setSetting('files.autoSaveDelay', 600);
    await workbench.gotoLine(1, 1);
    await workbench.press('Control+Shift+Enter');
    for (const part of ['AU', 'TO', '=', `${auto.slice(0, 10)}`, auto.slice(10)]) {
      await workbench.page.keyboard.type(part, { delay: 10 });
      await sleep(1500);
    }
    await eventually(
      async () => disk('a.env'),
      (now) => /^AUTO=ENC\[/m.test(now),
      'saved',
    );
    await workbench.gotoLine(1, 2);
    await workbench.palette('Lockstep: Copy Value');
    await eventually(
      () => workbench.spy.clipboard(),
      (copied) => copied === auto,
      'the whole value',
    );
    await workbench.spy.evaluate(`await vscode.env.clipboard.writeText('')`);
    await workbench.setSetting('files.autoSave', 'off');
    assert.deepEqual(await workbench.notifications(), []);
    await nowhere();
  });

  it('leaves nothing in Local History, backups, git, or anywhere else', async () => {
    execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e@example.com', 'commit', '-qam', 'more'], {
      cwd: workbench.folders.workspace,
    });
    await sleep(2500);
    await nowhere();
    await workbench.reload();
    await nowhere();
    await workbench.restart();
    await nowhere();
  });
});
