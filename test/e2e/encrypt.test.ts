import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { oneStory } from '../story.ts';
import { itLeaks } from './leaksuite.ts';
import { act, canary, eventually, pictureFailures, Workbench } from './workbench.ts';

/** Encrypt File where nothing is prepared: no key, no rule, and a file that nobody has open. */
describe('Encrypt File', function () {
  // Each step stands on the one before it.
  oneStory(this);
  const secret = canary();
  const pem = `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`;
  const rules = '# ours\ncreation_rules:\n  - path_regex: ^prod/ # keep\n    age: age1x\n';
  let workbench: Workbench;
  pictureFailures(() => workbench);
  const read = (name: string) => readFileSync(workbench.path(name), 'utf8');

  before(async () => {
    workbench = await Workbench.start({
      files: { '.sops.yaml': rules, 'server.pem': pem, 'other.pem': pem, 'notes.md': 'x\n' },
      settings: { 'lockstep.offerSetUp': false },
    });
  });
  after(() => workbench?.close());

  itLeaks('masks a private key that no rule covers', async () => {
    await workbench.openFile('other.pem');
    await workbench.waitForPainted(/^•{8}$/);
    const screen = (await workbench.painted()).map((line) => line.text).join('\n');
    assert.ok(!screen.includes(secret), screen);
    await workbench.screenshot('plain-pem');
  });

  itLeaks('makes a key, writes the rule that is chosen, and names the file', async () => {
    await workbench.explorerMenu('server.pem', 'Encrypt File');
    await workbench.typeInInput('me@here', { asked: /name/ });
    const offered = await eventually(
      () => workbench.choices(),
      (items) => items.some((item) => item.includes('Every .pem File')),
      'what the rule may cover',
    );
    assert.ok(
      offered.some((item) => item.includes('Only server.pem')),
      offered.join('\n'),
    );
    await workbench.screenshot('encrypt-rule');
    await workbench.choose('Only server.pem');
    await workbench.waitForNotification('server.pem is encrypted.');
    assert.ok(read('server.pem').includes('ENC[AES256_GCM,'));
    assert.ok(!read('server.pem').includes(secret));
    assert.ok(read('.sops.yaml').startsWith(rules));
    assert.match(read('.sops.yaml'), /\^server\\\.pem\$/);
    await workbench.screenshot('encrypt-unseen');
  });

  it('presents in colour, with a way out that is one click and a question', async () => {
    await workbench.clearNotifications();
    await workbench.palette('Lockstep: Toggle Presentation Mode');
    const item = workbench.page.locator('.statusbar-item', { hasText: 'Presenting' });
    await item.waitFor();
    assert.match((await item.getAttribute('class')) ?? '', /warning-kind/);
    await workbench.screenshot('presenting');
    await act(
      () => item.locator('a').click({ timeout: 5000 }),
      () => workbench.asks(/./),
      'a click on Presenting',
    );
    await (await workbench.dialog()).press('End Presentation Mode');
    await item.waitFor({ state: 'detached' });
    const own = workbench.page.locator('.statusbar-item', { hasText: 'Lockstep' }).locator('a');
    await act(
      () => own.click({ timeout: 5000 }),
      () => workbench.isOpen(),
      'a click on Lockstep',
    );
    const items = await eventually(
      () => workbench.choices(),
      (all) => all.some((one) => one.includes('Back Up Key')),
      'the menu',
    );
    assert.equal(
      items.some((one) => one.includes('End Presentation')),
      false,
    );
    await workbench.screenshot('status-menu');
    await workbench.cancel();
  });
});
