import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { oneStory } from '../story.ts';
import { decrypted, dots, EditorPage, importKey, sealed } from './editorpage.ts';
import { itLeaks } from './leaksuite.ts';
import { eventually, pictureFailures, Workbench } from './workbench.ts';

const yaml = `database:
    host: db.shop.example
    port: 5432
    password: example-password
    tls: true
payments:
    stripe_key: example-stripe
    hosts:
        - one
        - two
tls_key: |
    -----BEGIN EXAMPLE-----
    abcdef
    -----END EXAMPLE-----
`;

interface Vault {
  readonly database: Record<string, unknown>;
  readonly payments: Record<string, unknown>;
  readonly [name: string]: unknown;
}

/** A day with the Secrets Editor, by keyboard. What it saves is read by the real sops. */
describe('a day with the Secrets Editor', function () {
  oneStory(this);
  let workbench: Workbench;
  let page: EditorPage;
  pictureFailures(() => workbench);
  const vault = () => decrypted(workbench, 'vault.yaml') as Vault | undefined;
  const onDisk = (name: string) => readFileSync(workbench.path(name), 'utf8');
  const clipboard = (text: string) =>
    eventually(
      () => workbench.spy.clipboard(),
      (now) => now === text,
      text === '' ? 'an empty clipboard' : 'the value on the clipboard',
    );

  before(async () => {
    workbench = await Workbench.start({
      files: {
        'vault.yaml': await sealed('yaml', yaml),
        'marked.yaml': await sealed('yaml', 'host: example-host\ntoken: example-token\n', {
          kind: 'unencrypted_suffix',
          suffix: '_open',
        }),
        'app.env': await sealed('dotenv', 'FIRST=example-first\nSECOND=example-second\n'),
      },
      settings: { 'lockstep.offerSetUp': false, 'lockstep.clipboard.clearAfterSeconds': 3 },
    });
    await workbench.openFile('vault.yaml');
    await importKey(workbench);
  });
  after(() => workbench?.close());

  itLeaks('shows a nested file as a tree of masks', async () => {
    page = await EditorPage.open(workbench, 'vault.yaml');
    assert.deepEqual(await page.names(), [
      ...['database', 'host', 'port', 'password', 'tls'],
      ...['payments', 'stripe_key', 'hosts', '[0]', '[1]', 'tls_key'],
    ]);
    assert.equal(await page.shown('password'), dots);
    assert.ok(!(await page.everything()).includes('example-'));
  });

  it('searches names while one types, and values on request', async () => {
    await page.go('database');
    await page.type('strip');
    await eventually(
      () => page.names(),
      (names) => names.join() === 'payments,stripe_key',
    );
    const all = async () => (await page.names()).length === 11;
    await page.pressUntil(all, 'Escape');
    await page.searchValues(true);
    await page.type('db.shop');
    await eventually(
      () => page.names(),
      (names) => names.join() === 'database,host',
    );
    await page.pressUntil(all, 'Escape');
    await page.searchValues(false);
    await eventually(all, (there) => there, 'all names');
  });

  itLeaks('reveals for its time, and hides early on blur, lock and presentation', async () => {
    const value = page.row('password').locator('.shown-value');
    const reveal = async () => {
      await page.show('password');
      assert.equal(await value.innerText(), 'example-password');
    };
    assert.equal(await page.reveal('password'), 'example-password');
    await workbench.setSetting('lockstep.reveal.seconds', 5);
    await reveal();
    await value.waitFor({ state: 'detached' });
    await page.forgets('example-password');
    await workbench.setSetting('lockstep.reveal.seconds', 60);
    await reveal();
    await workbench.spy.evaluate(`await vscode.commands.executeCommand('workbench.view.explorer')`);
    await value.waitFor({ state: 'detached' });
    await page.forgets('example-password');
    await reveal();
    await workbench.spy.evaluate(`await vscode.commands.executeCommand('lockstep.togglePresentation')`);
    await value.waitFor({ state: 'detached' });
    await page.go('password');
    await page.row('password').locator('[data-act=reveal]').waitFor({ state: 'detached' });
    await page.press('Space', 'Enter');
    assert.equal(await page.frame.locator('.body .field').count(), 0);
    await page.forgets('example-password');
    await workbench.spy.evaluate(`void vscode.commands.executeCommand('lockstep.togglePresentation')`);
    await (await workbench.dialog(/Presentation mode/)).press('End Presentation Mode');
    await reveal();
    await workbench.spy.evaluate(`await vscode.commands.executeCommand('lockstep.lock')`);
    await page.button('Unlock').waitFor();
    await page.forgets('example-password');
    await page.unlock();
    await page.row('password').waitFor();
  });

  itLeaks('copies, and clears the clipboard', async () => {
    await page.go('stripe_key');
    const countdown = async () =>
      (await workbench.statusBar()).some((item) => /payments\.stripe_key.*clears in/.test(item));
    await workbench.setSetting('lockstep.clipboard.clearAfterSeconds', 20);
    await page.pressUntil(countdown, 'Control+c');
    await clipboard('example-stripe');
    await workbench.setSetting('lockstep.clipboard.clearAfterSeconds', 3);
    await page.press('Control+c');
    await clipboard('');
  });

  it('edits a line, several lines, and checks types', async () => {
    await page.set('password', 'typed-by-hand');
    await page.edit('tls_key');
    assert.equal(await page.field.inputValue(), '-----BEGIN EXAMPLE-----\nabcdef\n-----END EXAMPLE-----\n');
    await page.press('Control+Home');
    await page.type('first');
    await page.press('Enter');
    await page.enter('Control+Enter');
    await page.unsaved('tls_key');
    // One line becomes several while it is typed.
    await page.edit('host');
    await page.press('Control+a');
    await page.type('up');
    await page.press('Shift+Enter');
    await page.type('down');
    await page.enter('Control+Enter');
    await page.unsaved('host');
    await page.edit('port');
    await page.over('many');
    await page.pressUntil(() => page.frame.getByText('This type needs a whole number').isVisible(), 'Enter');
    await page.over('8443');
    await page.enter();
    await page.unsaved('port');
    await page.set('tls', 'false');
    await page.save();
    const now = vault();
    if (now) {
      const database = { host: 'up\ndown', port: 8443, password: 'typed-by-hand', tls: false };
      assert.deepEqual(now.database, database);
      assert.equal(now.tls_key, 'first\n-----BEGIN EXAMPLE-----\nabcdef\n-----END EXAMPLE-----\n');
    }
  });

  it('generates', async () => {
    await page.menu('stripe_key', 'Generate…');
    await page.frame.getByText(/Very strong/).waitFor();
    await page.frame.getByLabel('UUID').check();
    await page.frame.getByText(/12\d bits/).waitFor();
    await page.take('stripe_key');
    await page.save();
    const now = vault();
    if (now) assert.match(String(now.payments.stripe_key), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  itLeaks('adds, renames, duplicates, moves, comments and deletes', async () => {
    await page.insert('tls');
    await page.frame.getByLabel('Name', { exact: true }).fill('added');
    await page.frame.getByLabel('Value', { exact: true }).fill('added value');
    await page.enter();
    await page.unsaved('added');
    await page.go('added');
    await page.pressUntil(() => page.isInField(), 'F2');
    await page.inField();
    await page.over('renamed');
    await page.enter();
    await page.unsaved('renamed');
    await page.menu('renamed', 'Duplicate');
    await page.inField();
    await page.over('twin');
    await page.enter();
    await page.row('twin').waitFor();
    await page.go('twin');
    const isAbove = async () => {
      const names = await page.names();
      return names.indexOf('twin') < names.indexOf('renamed');
    };
    await page.pressUntil(isAbove, 'Alt+ArrowUp');
    await page.menu('twin', 'Move to…');
    await page.inField();
    await page.type('payments');
    await page.press('Enter');
    await eventually(
      () => page.names(),
      (names) => names.indexOf('twin') > names.indexOf('payments'),
    );
    await page.menu('twin', 'Edit Comment');
    await page.inField();
    await page.type('why it is here');
    await page.enter('Control+Enter');
    await page.row('twin').locator('.cell.comment .mask, .cell.comment:not(:empty)').first().waitFor();
    await page.go('renamed');
    await page.pressUntil(() => page.button('Delete').first().isVisible(), 'Delete');
    await page.click('Delete');
    await page.row('renamed').waitFor({ state: 'detached' });
    await page.save();
    const now = vault();
    if (now) {
      assert.deepEqual(Object.keys(now.database), ['host', 'port', 'password', 'tls']);
      assert.equal(now.payments.twin, 'added value');
    }
    assert.ok(!onDisk('vault.yaml').includes('why it is here'));
  });

  it('undoes, redoes and reverts', async () => {
    const before = onDisk('vault.yaml');
    await page.set('password', 'one');
    await page.set('password', 'two');
    await page.go('password');
    await page.press('Control+z');
    await eventually(
      () => page.reveal('password'),
      (text) => text === 'one',
    );
    await page.go('password');
    const dirty = async () => (await workbench.dirty()).length > 0;
    await page.pressUntil(async () => !(await dirty()), 'Control+z');
    await page.pressUntil(dirty, 'Control+Shift+z');
    await eventually(
      () => page.reveal('password'),
      (text) => text === 'one',
    );
    await workbench.spy.evaluate(`await vscode.commands.executeCommand('workbench.action.files.revert')`);
    await page.clean();
    await eventually(
      () => page.reveal('password'),
      (text) => text === 'typed-by-hand',
    );
    assert.equal(onDisk('vault.yaml'), before);
  });

  itLeaks('marks a value as not encrypted, and encrypts it again', async () => {
    const marked = await EditorPage.open(workbench, 'marked.yaml');
    await marked.menu('host', 'Store Unencrypted…');
    await marked.click('Store Unencrypted');
    await marked.row('host_open').locator('.plain', { hasText: 'example-host' }).waitFor();
    await marked.save();
    assert.match(onDisk('marked.yaml'), /^host_open: example-host\ntoken: ENC\[/);
    const now = decrypted(workbench, 'marked.yaml');
    if (now) assert.deepEqual(now, { host_open: 'example-host', token: 'example-token' });
    await marked.menu('host_open', 'Encrypt This Value');
    await marked.row('host').locator('.mask').waitFor();
    await marked.save();
    assert.ok(!onDisk('marked.yaml').includes('example-'));
  });

  it('takes a pasted .env into a flat file, and asks about what is there', async () => {
    page = await EditorPage.open(workbench, 'app.env');
    await workbench.page.evaluate(`navigator.clipboard.writeText('# new\\nTHIRD=three\\nFIRST="not this"\\n')`);
    await page.go('SECOND');
    await page.pressUntil(() => page.frame.locator('dialog textarea').isVisible(), 'Control+v');
    await page.click('Add');
    await page.frame.getByText('1 secret was added.').waitFor();
    await page.frame.locator('dialog .names', { hasText: 'FIRST' }).waitFor();
    await page.click('Keep');
    await page.row('THIRD').waitFor();
    await page.save();
    assert.deepEqual(decrypted(workbench, 'app.env') ?? {}, {
      ...(process.env.LOCKSTEP_SOPS && { FIRST: 'example-first', SECOND: 'example-second', THIRD: 'three' }),
    });
  });

  it('saves all, and saves as', async () => {
    await page.set('THIRD', 'all of them');
    await EditorPage.open(workbench, 'vault.yaml');
    await page.set('password', 'saved with all');
    await workbench.spy.evaluate(`await vscode.commands.executeCommand('workbench.action.files.saveAll')`);
    await eventually(
      () => workbench.dirty(),
      (dirty) => dirty.length === 0,
      'nothing unsaved',
    );
    const now = vault();
    if (now) assert.equal(now.database.password, 'saved with all');
    await workbench.palette('File: Save As...');
    const box = workbench.page.locator('.quick-input-widget:visible .quick-input-box input');
    await eventually(
      () => box.inputValue(),
      (value) => value.endsWith('vault.yaml'),
    );
    await box.fill(workbench.path('copy.yaml'));
    await workbench.page.locator('.quick-input-widget:visible').getByRole('button', { name: 'OK' }).click();
    await workbench.tab('copy.yaml').waitFor();
    if (now) assert.deepEqual(decrypted(workbench, 'copy.yaml'), now);
  });
});
