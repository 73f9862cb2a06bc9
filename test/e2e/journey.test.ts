import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { alice } from '../core/support.ts';
import { makeExample, oldValues } from '../example/make.mjs';
import { oneStory } from '../story.ts';
import { itLeaks } from './leaksuite.ts';
import { eventually, pictureFailures, Workbench } from './workbench.ts';

const secrets = 'config/secrets.production.yaml';
const account = 'service-account.json';

/** The line, from 1, that a pattern is on. */
const lineOf = (text: string, pattern: RegExp) => text.split('\n').findIndex((line) => pattern.test(line)) + 1;

/** The main job, as a person does it, on the example workspace in a real VS Code. */
describe('the main job', function () {
  // Each step stands on the one before it.
  oneStory(this);
  let workbench: Workbench;
  pictureFailures(() => workbench);
  const read = (name: string) => readFileSync(workbench.path(name), 'utf8');
  const plain: Record<string, string> = {};

  before(async () => {
    workbench = await Workbench.start({
      prepare: (folders) => makeExample(folders.workspace),
      settings: { 'workbench.colorTheme': 'Default Dark Modern' },
    });
    for (const name of ['.env', secrets, account]) plain[name] = read(name);
  });
  after(() => workbench?.close());

  /** What the real sops makes of a file. The runner sees to it that it is there, or says that this is not checked. */
  const sops = (name: string, ...more: string[]): string | undefined => {
    if (!process.env.LOCKSTEP_SOPS) {
      assert.ok(!process.env.LOCKSTEP_REQUIRE_INTEROP, 'sops is required');
      return undefined;
    }
    const env = { PATH: process.env.PATH, HOME: workbench.folders.tmp, SOPS_AGE_KEY: alice.identity };
    const result = spawnSync(process.env.LOCKSTEP_SOPS, ['decrypt', ...more, name], {
      cwd: workbench.folders.workspace,
      env,
      encoding: 'utf8',
    });
    assert.equal(result.status, 0, result.stderr);
    return result.stdout;
  };

  const offers = (labels: readonly string[]) => labels.some((label) => label.startsWith('Encrypt File'));
  const decrypts = (labels: readonly string[]) => labels.some((label) => label.startsWith('Decrypt File'));
  const inExplorer = (name: string) =>
    workbench.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: name }).first();
  interface Styles {
    getComputedStyle(element: unknown, pseudo: string): { readonly content: string };
  }
  const badge = async (name: string, wanted: string) =>
    eventually(
      () =>
        inExplorer(name)
          .locator('.monaco-icon-label')
          .evaluate((label) => (globalThis as unknown as Styles).getComputedStyle(label, '::after').content),
      (content) => content.includes(wanted),
      `the badge ${wanted} of ${name}`,
    );
  const explorerMenu = async (name: string): Promise<string[]> => {
    const found = await workbench.explorerMenu(name);
    assert.ok(
      found.some((label) => label.includes('Rename')),
      found.join(),
    );
    return found;
  };

  itLeaks('masks a plain .env from the start and says so', async () => {
    await workbench.openFile('.env');
    await workbench.waitForPainted(/^STRIPE_KEY=•{8}$/);
    const lines = await workbench.painted();
    assert.ok(!lines.some((line) => line.text.includes('example-')), 'a value is readable');
    await workbench.waitForLens(/values are plaintext/, 1);
    await workbench.screenshot('plain-env');
  });

  it('offers Encrypt File in the palette, the editor and the explorer', async () => {
    assert.ok(offers(await workbench.contextMenu()), 'in the editor');
    await badge('.env', '!');
    const plain = await explorerMenu('.env');
    assert.ok(offers(plain), 'in the explorer');
    assert.equal(decrypts(plain), false, plain.join());
    await workbench.page.keyboard.press('F1');
    await workbench.page.keyboard.type('Lockstep: Encrypt');
    await eventually(
      () => workbench.choices(),
      (rows) => rows.some((row) => row.includes('Lockstep: Encrypt File')),
    );
    await workbench.cancel();
  });

  it('imports a key', async () => {
    await workbench.palette('Lockstep: Import Key');
    await workbench.choose('Type or Paste It');
    assert.ok(
      (await workbench.typeInInput(alice.identity, { asked: 'AGE-SECRET-KEY' })).hidden,
      'a key is typed unseen',
    );
    await (await workbench.dialog(/into SecretStorage/)).press('Import Key');
    await workbench.waitForNotification(/key .* is now in SecretStorage/);
    await workbench.clearNotifications();
  });

  it('sets the workspace up: rule, choice of files, encryption', async () => {
    await workbench.palette('Lockstep: Set Up Secrets in This Workspace');
    const offered = await eventually(
      () => workbench.choices(),
      (items) => items.some((item) => /plaintext value/.test(item)),
      'the files',
    );
    for (const name of ['.env', 'secrets.production.yaml', account])
      assert.ok(
        offered.some((item) => item.includes(name)),
        offered.join('\n'),
      );
    await workbench.screenshot('set-up-files');
    await workbench.accept();
    for (const name of Object.keys(plain)) {
      await eventually(
        async () => read(name),
        (text) => text.includes('ENC[AES256_GCM,'),
        `${name} encrypted`,
      );
    }
    const exposed = await workbench.waitForNotification(/readable in git history/);
    assert.ok(exposed.buttons.includes('Show'));
    await workbench.screenshot('set-up-done');
    assert.match(read('.sops.yaml'), new RegExp(alice.recipient));
  });

  it('marks files in the explorer, whose menu fits them', async () => {
    await badge('.env', 'E');
    const encrypted = await explorerMenu('.env');
    assert.deepEqual([decrypts(encrypted), offers(encrypted)], [true, false], encrypted.join());
    const other = await explorerMenu('README.md');
    assert.deepEqual([decrypts(other), offers(other)], [false, false], other.join());
    await workbench.screenshot('badges');
  });

  itLeaks('leaves names and order, and no value', async () => {
    for (const [name, before] of Object.entries(plain)) {
      const after = read(name);
      const words = before.match(/[\w@-]*example[\w.-]{6,}/g) ?? [];
      assert.ok(words.length > 0);
      for (const word of words) assert.ok(!after.includes(word), name);
    }
    const keys = (text: string) =>
      text
        .split('\n')
        .map((line) => /^([A-Z_]+)=/.exec(line)?.[1])
        .filter(Boolean);
    assert.deepEqual(keys(read('.env')), keys(plain['.env'] ?? ''));
  });

  it('writes what sops reads', () => {
    const values = (text: string) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .join('\n');
    const env = sops('.env');
    if (env !== undefined) assert.equal(values(env), values(plain['.env'] ?? ''));
    const json = sops(account);
    if (json !== undefined) assert.deepEqual(JSON.parse(json), JSON.parse(plain[account] ?? ''));
    const yaml = sops(secrets, '--output-type', 'json');
    if (yaml !== undefined) assert.equal((JSON.parse(yaml) as { database: { port: number } }).database.port, 5432);
  });

  itLeaks('names the values that git has in clear text', async () => {
    await workbench.clearNotifications();
    await workbench.openFile('.env');
    await workbench.palette('Lockstep: Show Values Readable in Git History');
    const rows = workbench.page.locator('.part.panel .monaco-list-row');
    const names = await eventually(
      () => rows.allInnerTexts(),
      (items) => items.some((item) => item.includes('STRIPE_KEY')),
      'the names',
    );
    assert.ok(
      names.some((name) => name.includes('STRIPE_KEY')),
      names.join('\n'),
    );
    assert.ok(!names.some((name) => name.includes(oldValues.STRIPE_KEY)));
    await workbench.screenshot('exposed');
    await rows.filter({ hasText: 'STRIPE_KEY' }).first().locator('.monaco-custom-toggle').click();
    await rows.filter({ hasText: 'STRIPE_KEY' }).filter({ hasText: 'replaced' }).first().waitFor();
    await workbench.screenshot('exposed-ticked');
  });

  itLeaks('shows an encrypted file as masks with lenses, metadata folded', async () => {
    await workbench.openFile(secrets);
    await workbench.waitForPainted(/^ {2}password: •{8}/);
    const lines = await workbench.painted();
    assert.ok(!lines.some((line) => line.text.includes('ENC[')), lines.map((line) => line.text).join('\n'));
    await workbench.waitForLens(/secrets/, 1);
    await workbench.screenshot('encrypted-yaml-dark');
  });

  itLeaks('copies a value and clears the clipboard', async () => {
    await workbench.setSetting('lockstep.clipboard.clearAfterSeconds', 10);
    await workbench.gotoLine(lineOf(await workbench.editorText(), /^ {2}password:/), 6);
    await workbench.palette('Lockstep: Copy Value');
    await eventually(
      () => workbench.spy.clipboard(),
      (text) => text === 'example-prod-pw-Zt6mHc1q',
      'the value on the clipboard',
    );
    assert.ok((await workbench.statusBar()).some((item) => /database\.password.*clears in/.test(item)));
    await eventually(
      () => workbench.spy.clipboard(),
      (text) => text === '',
      'an empty clipboard',
    );
  });

  itLeaks('reveals one value, and hides it when another editor comes', async () => {
    await workbench.palette('Lockstep: Reveal Value');
    await workbench.waitForPainted(/example-prod-pw-Zt6mHc1q/);
    await workbench.screenshot('revealed-dark');
    await workbench.openFile('README.md');
    await workbench.openFile(secrets);
    await workbench.waitForPainted(/^ {2}password: •{8}/);
    assert.ok(!(await workbench.painted()).some((line) => line.text.includes('example-prod-pw')));
  });

  it('sets a value: three places of the file change, and one undo takes it back', async () => {
    const before = await workbench.editorText();
    await workbench.gotoLine(lineOf(before, /^ {2}user:/), 6);
    await workbench.palette('Lockstep: Set Value');
    assert.ok((await workbench.typeInInput('set-by-hand', { asked: 'value is not shown' })).hidden);
    const after = await eventually(
      () => workbench.editorText(),
      (text) => text !== before,
      'the new ciphertext',
    );
    const old = before.split('\n');
    const changed = after.split('\n').filter((line, i) => line !== old[i]);
    assert.deepEqual(changed.map((line) => line.trim().split(':')[0]).sort(), ['lastmodified', 'mac', 'user']);
    await workbench.undo();
    assert.equal(await workbench.editorText(), before);
    await workbench.redo();
    await workbench.save();
    const json = sops(secrets, '--output-type', 'json');
    if (json !== undefined)
      assert.equal((JSON.parse(json) as { database: { user: string } }).database.user, 'set-by-hand');
  });

  it('adds, generates, renames and deletes', async () => {
    await workbench.palette('Lockstep: Add Secret');
    await workbench.choose('payments');
    await workbench.typeInInput('refund_key', { asked: 'Name of' });
    await workbench.typeInInput('first value', { asked: 'Value of' });
    await workbench.waitForPainted(/^ {2}refund_key: •{8}/);
    await workbench.palette('Lockstep: Generate Value');
    await workbench.choose('128 bits, base64');
    await workbench.waitForPainted(/^ {2}refund_key: •{8}/);
    await workbench.palette('Lockstep: Rename Secret');
    await workbench.typeInInput('refund_token', { asked: /Rename/ });
    await workbench.waitForPainted(/^ {2}refund_token: •{8}/);
    await workbench.save();
    const json = sops(secrets, '--output-type', 'json');
    if (json !== undefined)
      assert.match(
        (JSON.parse(json) as { payments: { refund_token: string } }).payments.refund_token,
        /^[A-Za-z0-9+/]{22}==$/,
      );
    await workbench.palette('Lockstep: Delete Secret');
    await (await workbench.dialog(/refund_token/)).press('Delete Secret');
    await eventually(
      () => workbench.editorText(),
      (text) => !text.includes('refund_token'),
      'the entry gone',
    );
    await workbench.save();
    sops(secrets);
  });

  it('locks and unlocks', async () => {
    // The list of values below leaves little room: the line above the file may be out of sight.
    await workbench.gotoLine(1);
    await workbench.palette('Lockstep: Lock');
    await workbench.waitForLens(/Locked/, 1);
    await workbench.screenshot('locked');
    await workbench.palette('Lockstep: Unlock');
    await (await workbench.dialog(/Lockstep is locked/)).press('Unlock');
    await workbench.waitForLens(/secrets/, 1);
  });

  it('rotates the data key', async () => {
    const before = await workbench.editorText();
    await workbench.palette('Lockstep: Rotate Data Key');
    await (await workbench.dialog(/data key/i)).press('Rotate Data Key');
    const after = await eventually(
      () => workbench.editorText(),
      (text) => text !== before,
      'new ciphertext',
    );
    const tokens = new Set(before.match(/ENC\[[^\]]*\]/g));
    assert.ok((after.match(/ENC\[[^\]]*\]/g) ?? []).every((token) => !tokens.has(token)));
    await workbench.save();
    sops(secrets);
  });

  it('decrypts in place after asking, and offers the .gitignore line', async () => {
    await workbench.openFile(account);
    await workbench.palette('Lockstep: Decrypt File in Place');
    const dialog = await workbench.dialog(/clear text|plain/i);
    await workbench.screenshot('decrypt-question');
    await dialog.press(dialog.buttons.find((button) => /Decrypt/.test(button)) ?? assert.fail(dialog.buttons.join()));
    await eventually(
      async () => read(account),
      (text) => !text.includes('ENC['),
      'the plain file',
    );
    assert.equal(read(account), plain[account]);
    assert.ok(existsSync(await workbench.screenshot('decrypted')));
  });

  it('looks right in a light theme', async () => {
    await workbench.clearNotifications();
    await workbench.setTheme('light');
    await workbench.openFile(secrets);
    await workbench.waitForPainted(/^ {2}password: •{8}/);
    await workbench.screenshot('encrypted-yaml-light');
    await workbench.openFile('.env');
    await workbench.screenshot('encrypted-env-light');
    await workbench.setTheme('dark');
  });
});
