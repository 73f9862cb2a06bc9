import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fakes } from '../node/managers/fakes.ts';
import { describeUnless, windows } from '../skip.ts';
import { EditorPage, importKey, sealed } from './editorpage.ts';
import { itLeaks } from './leaksuite.ts';
import { lineOf, pictureFailures, Workbench } from './workbench.ts';

/** A value of the file names a secret that a manager's own program has: here one that stands in for 1Password's. */
describeUnless(windows, 'a secret of another manager in VS Code', () => {
  let workbench: Workbench;
  let fakes: Fakes;
  pictureFailures(() => workbench);
  const place = `place${randomBytes(8).toString('hex')}`;
  const field = `field${randomBytes(8).toString('hex')}`;
  const secret = `canary-${field}`;

  before(async () => {
    fakes = new Fakes();
    workbench = await Workbench.start({
      files: { 'vault.yaml': await sealed('yaml', `token: op://Private/${place}/${field}\nown: example\n`) },
      settings: { 'lockstep.offerSetUp': false },
      // VS Code asks a login shell for its PATH.
      prepare: ({ home }) => {
        const folder = join(home, '.config', 'lockstep');
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'managers.yaml'), `op: ${join(fakes.bin, 'op')}\n`);
      },
      log: 'trace',
    });
    await workbench.openFile('vault.yaml');
    await importKey(workbench);
    await workbench.closeAll();
  });
  after(async () => {
    await workbench?.close();
    fakes?.dispose();
  });

  itLeaks('is shown by Reveal, and neither it nor its place is left anywhere', async () => {
    const page = await EditorPage.open(workbench, 'vault.yaml');
    const cell = page.row('token').locator('.cell.value');
    assert.match(await cell.innerText(), new RegExp(`1Password.*Private/${place}/${field}`, 's'));
    assert.deepEqual(fakes.calls, [], 'nobody is asked for what the table shows');
    assert.equal(await page.reveal('token'), secret);
    assert.deepEqual(fakes.calls, [`op read --no-newline op://Private/${place}/${field}`]);
    assert.deepEqual((await workbench.scan(secret, place, field)).map(lineOf), []);
    assert.deepEqual((await workbench.spyReport()).find(secret, place, field), []);
  });
});
