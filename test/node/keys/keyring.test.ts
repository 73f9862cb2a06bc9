import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKeyringOff } from '../../../src/node/keys/keyring.ts';

describe('the keyring of VS Code', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'lockstep-keyring-'));
    mkdirSync(join(home, 'app'));
    mkdirSync(join(home, '.vscode-other'));
    mkdirSync(join(home, '.vscode'));
    writeFileSync(join(home, 'app', 'product.json'), '{"dataFolderName": ".vscode-other"}');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const isOff = (env: NodeJS.ProcessEnv = {}, platform: NodeJS.Platform = 'linux') =>
    isKeyringOff(join(home, 'app'), env, home, platform);
  const settings = (text: string, folder = '.vscode-other') => writeFileSync(join(home, folder, 'argv.json'), text);

  it('is off when its own argv.json says so', async () => {
    assert.equal(await isOff(), false);
    for (const [text, expected] of [
      ['// comments\n{\n\t"password-store": "basic",\n}', true],
      ['{\n  // "password-store": "basic"\n}', false],
      ['{\n  "password-store": "gnome-libsecret"\n}', false],
      ['', false],
    ] as const) {
      settings(text);
      assert.equal(await isOff(), expected, text);
    }
    settings('{\n"password-store": "basic"\n}', '.vscode');
    assert.equal(await isOff(), false, 'that of another VS Code');
    assert.equal(await isOff({ VSCODE_PORTABLE: join(home, '.vscode') }), true);
    assert.equal(await isOff({ VSCODE_PORTABLE: join(home, '.vscode') }, 'darwin'), false);
    rmSync(join(home, 'app'), { recursive: true });
    assert.equal(await isOff(), true, 'without product.json it is the usual folder');
  });

  it('is off when VS Code was started so', async () => {
    // Elsewhere there is no /proc, and no such choice.
    const linux = process.platform === 'linux';
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', '--', '--password-store=basic']);
    try {
      await new Promise((resolve) => child.once('spawn', resolve));
      assert.equal(await isOff({ VSCODE_PID: String(child.pid) }), linux);
      assert.equal(await isOff({ VSCODE_PID: String(process.pid) }), false);
      assert.equal(await isOff({ VSCODE_PID: '../../etc/passwd' }), false);
    } finally {
      child.kill();
    }
  });
});
