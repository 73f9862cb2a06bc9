import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { usePlugins } from '../../src/core/age/plugin/port.ts';
import { systemClock } from '../../src/core/ports.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { startPlugin } from '../../src/node/keys/plugin.ts';
import { pluginKey } from '../core/age/plugin/key.ts';
import { bob } from '../core/support.ts';
import { installPlugin } from '../fakes/plugin/install.ts';
import { itLeaks } from './leaksuite.ts';
import { eventually, lineOf, pictureFailures, Workbench } from './workbench.ts';

/** A colleague on the first day: a token with an age plugin, a file for it, and one for somebody else. */
describe('a file that cannot be opened', () => {
  const token = pluginKey('token-4711');
  let workbench: Workbench;
  let folder: string;
  pictureFailures(() => workbench);
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-token-'));
    const PATH = installPlugin(join(folder, 'bin'));
    const keys = join(folder, 'keys.txt');
    writeFileSync(keys, `# Ada's token\n${token.file}`, { mode: 0o600 });
    usePlugins({
      start: (plugin, machine) =>
        startPlugin({ env: { ...process.env, PATH }, platform: process.platform, home: homedir() }, plugin, machine),
      person: { tell: () => false, confirm: async () => undefined, ask: async () => undefined },
    });
    const sealed = async (recipient: string) =>
      (await seal('A=example-plain\n', 'dotenv', { recipients: [recipient] }, systemClock)).text;
    workbench = await Workbench.start({
      files: {
        'other.env': await sealed(bob.recipient),
        'token.env': await sealed(token.recipient),
        '.sops.yaml': `creation_rules:\n  - age:\n      - ${bob.recipient} # Bob Ray\n      - ${token.recipient} # Ada\n`,
      },
      settings: { 'lockstep.offerSetUp': false },
      // VS Code asks the shell of the person for PATH.
      prepare: ({ home }) => writeFileSync(join(home, '.profile'), `export PATH='${join(folder, 'bin')}':"$PATH"\n`),
      env: { SOPS_AGE_KEY_FILE: keys },
    });
  });
  after(async () => {
    await workbench?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const why = async (shown: RegExp) => {
    await workbench.palette("Lockstep: Why Can't I Open This?");
    return eventually(
      () => workbench.choices(),
      (found) => found.some((one) => shown.test(one)),
      `${shown} in the list`,
    );
  };

  it('says who can read it, where keys were looked for, and what to do', async () => {
    await workbench.openFile('other.env');
    await workbench.waitForLens('You cannot read this file', 1);
    const items = await why(/Bob Ray/);
    await workbench.screenshot('why');
    assert.match(items[0] ?? '', /Import a Key/);
    assert.ok(
      items.some((item) => /SOPS_AGE_KEY_FILE/.test(item)),
      items.join('\n'),
    );
    await workbench.cancel();
  });

  it('opens with the key of an age plugin, once that is imported; the other one is to be asked for', async () => {
    await workbench.palette('Lockstep: Import Key');
    await workbench.choose('From the Key File of sops');
    await (await workbench.dialog(/into SecretStorage/)).press('Import Key');
    await workbench.waitForNotification(/in SecretStorage/);
    await workbench.clearNotifications();
    await workbench.openFile('token.env');
    await workbench.waitForLens(/1 secret/, 1);
    await workbench.openFile('other.env');
    await workbench.waitForLens('You cannot read this file', 1);
    const items = await why(/Bob Ray/);
    assert.match(items[0] ?? '', /Request Access.*Bob Ray/);
    assert.ok(
      items.some((item) => item.includes('Copy My Public Key')),
      items.join('\n'),
    );
    await workbench.screenshot('why-with-key');
    await workbench.cancel();
  });

  itLeaks('leaves the identity of the plugin nowhere in the clear', async () => {
    const found = await workbench.scan(token.identity.slice('AGE-PLUGIN-FAKE-1'.length), 'example-plain');
    assert.deepEqual(found.map(lineOf), []);
  });
});
