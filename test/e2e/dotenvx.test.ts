import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readNpm } from '../../src/core/env/npm.ts';
import { dotenvxPublicKey, openDotenvx, sealDotenvx } from '../../src/core/tokens/dotenvx.ts';
import { commands } from '../../src/extension/ids.ts';
import { oneStory } from '../story.ts';
import { EditorPage } from './editorpage.ts';
import { describeLeaks } from './leaksuite.ts';
import { eventually, lineOf, pictureFailures, Workbench } from './workbench.ts';

const secret = '28c1e9e79b1c4d24baf184721e7529280db78c753f5cf69f77f11205be5ec689';
const publicKey = dotenvxPublicKey(secret);
const canaries = { stored: 'canary~stored~$(id)', typed: 'canary~typed~$HOME', added: 'canary~added~!' };

/** A file of dotenvx in use, and an export of it: no value is where it was not asked for. */
describeLeaks('a .env of dotenvx', function () {
  oneStory(this);
  let workbench: Workbench;
  pictureFailures(() => workbench);

  before(async () => {
    const token = await sealDotenvx(Buffer.from(canaries.stored), publicKey);
    workbench = await Workbench.start({
      files: {
        '.env': `DOTENV_PUBLIC_KEY="${publicKey}"\n\n# shop\nSTORED='${token}'\nTYPED=\n`,
        '.env.keys': `DOTENV_PRIVATE_KEY=${secret}\n`,
      },
      settings: { 'lockstep.offerSetUp': false, 'lockstep.clipboard.clearAfterSeconds': 10 },
      log: 'trace',
    });
  });
  after(() => workbench?.close());

  const nowhere = async () => {
    const all = Object.values(canaries);
    assert.deepEqual((await workbench.scan(...all)).map(lineOf), []);
    assert.deepEqual((await workbench.spyReport()).find(...all), []);
  };
  const read = async (name: string) => {
    const value = readNpm(readFileSync(workbench.path('.env'), 'utf8')).get(name) ?? '';
    return Buffer.from(await openDotenvx(value, secret)).toString();
  };

  it('opens in the Secrets Editor, takes edits in its own format, and leaks nothing', async () => {
    const page = await EditorPage.open(workbench, '.env');
    assert.equal(await page.reveal('STORED'), canaries.stored);
    await page.set('TYPED', canaries.typed);
    await page.insert('TYPED');
    await page.frame.getByLabel('Name', { exact: true }).fill('ADDED');
    await page.press('Tab');
    await page.type(canaries.added);
    await page.press('Enter');
    await page.unsaved('ADDED');
    await nowhere();
    await page.save();
    assert.deepEqual([await read('STORED'), await read('TYPED'), await read('ADDED')], Object.values(canaries));
    await nowhere();
  });

  it('is exported to the clipboard after a dialog, which is cleared', async () => {
    await workbench.spy.evaluate(`void vscode.commands.executeCommand(args.id)`, { id: commands.exportSecrets });
    await workbench.choose(/docker run/);
    await workbench.choose(/To the Clipboard/);
    await (await workbench.dialog(/Copy all values of \.env/)).press('Copy');
    const clipboard = () => workbench.page.evaluate('navigator.clipboard.readText()');
    const wanted = `STORED=${canaries.stored}\nTYPED=${canaries.typed}\nADDED=${canaries.added}\n`;
    await eventually(clipboard, (now) => now === wanted, 'the export on the clipboard');
    await eventually(clipboard, (now) => now === '', 'an empty clipboard');
    await nowhere();
  });
});
