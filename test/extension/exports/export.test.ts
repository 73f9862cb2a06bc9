import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readNpm } from '../../../src/core/env/npm.ts';
import { dotenvxPublicKey, openDotenvx, sealDotenvx } from '../../../src/core/tokens/dotenvx.ts';
import { fernetKey, openFernet } from '../../../src/core/tokens/fernet.ts';
import { register } from '../../../src/extension/exports/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import { fake } from '../../fakes/vscode.ts';
import { windows } from '../../skip.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('Export Secrets…', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
    execFileSync('git', ['init', '-q'], { cwd: stage.folder });
    stage.write('a.yaml', await stage.sealed('db:\n  url: canary-url-1\n  pin: "0042 canary"\n', 'yaml'));
    stage.script.saveFile = at('out.env');
  });
  afterEach(() => stage.end());

  const at = (name: string) => join(stage.folder, name);
  const read = (name: string) => readFileSync(at(name), 'utf8');
  const asked = () => stage.script.asked.join('\n');
  const run = (...ids: unknown[]) =>
    register(stage.services).commands[commands.exportSecrets]?.(...(ids.length > 0 ? ids : [`file://${at('a.yaml')}`]));
  const records = () => stage.recorded.map(({ purpose, to }) => [purpose, to]);

  it('writes a file that only this user can read, after a question that offers .gitignore', async () => {
    Object.assign(stage.script, { pick: ['docker', 'file'], choose: 'Export and Add to .gitignore' });
    await run();
    assert.equal(read('out.env'), 'DB_URL=canary-url-1\nDB_PIN=0042 canary\n');
    assert.equal(read('.gitignore'), '/out.env\n');
    if (!windows) assert.equal(statSync(at('out.env')).mode & 0o777, 0o600);
    assert.match(asked(), /Write all values of a\.yaml as plaintext to .*out\.env\?/);
    assert.match(asked(), /Git does not ignore this file/);
    assert.deepEqual(records(), [['export', `docker, ${at('out.env')}`]]);
    assert.doesNotMatch(asked() + JSON.stringify(stage.recorded), /canary/);
  });

  it('writes nothing without a yes, and over no file', async () => {
    Object.assign(stage.script, { pick: ['json', 'file'], choose: 'no such verb' });
    await run();
    assert.ok(!existsSync(at('out.env')));
    Object.assign(stage.script, { pick: ['json', 'file'], choose: 'Export' });
    stage.write('out.env', 'mine\n');
    await run();
    assert.equal(read('out.env'), 'mine\n');
    assert.match(asked(), /out\.env is there already/);
    assert.deepEqual(records(), []);
  });

  it('names what the target cannot hold, before it asks where to', async () => {
    stage.write('a.yaml', await stage.sealed('a-b: canary-1\nok: canary-2\nPEM: "canary\\nlines"\n', 'yaml'));
    Object.assign(stage.script, { pick: ['docker', 'file'], choose: 'Export' });
    await run();
    assert.match(asked(), /docker run --env-file cannot hold an entry of a\.yaml\. Nothing was written/);
    assert.match(asked(), /PEM: its value has several lines/);
    assert.ok(!existsSync(at('out.env')));
    assert.doesNotMatch(asked(), /canary/);
  });

  it('leaves encryption keys behind and says so, but for Anvil', async () => {
    const key = Buffer.from('0123456789abcdef').toString('base64');
    stage.write('a.yaml', await stage.sealed(`db:\n  url: canary-url-1\nencryption_keys:\n  orders: ${key}\n`, 'yaml'));
    Object.assign(stage.script, { pick: ['docker', 'file'], choose: 'Export' });
    await run();
    assert.equal(read('out.env'), 'DB_URL=canary-url-1\n');
    assert.match(asked(), /Its encryption keys stay behind/);
    Object.assign(stage.script, { pick: ['anvil', 'clipboard'], gesture: true });
    await run();
    assert.match(fake.clipboard, new RegExp(`encryption-key:\\s+orders: ["']?${key}`));
    assert.ok(!asked().includes(key));
  });

  it('copies after a gesture, and not without', async () => {
    Object.assign(stage.script, { pick: ['shell', 'clipboard'], gesture: false });
    await run();
    assert.equal(fake.clipboard, '');
    Object.assign(stage.script, { pick: ['shell', 'clipboard'], gesture: true });
    await run();
    assert.equal(fake.clipboard, "export DB_URL='canary-url-1'\nexport DB_PIN='0042 canary'\n");
    assert.deepEqual(records(), [['export', 'shell, clipboard']]);
  });

  it('encrypts for dotenvx, which is no plaintext', async () => {
    const secret = '28c1e9e79b1c4d24baf184721e7529280db78c753f5cf69f77f11205be5ec689';
    Object.assign(stage.script, { pick: ['dotenvx', 'file'], choose: 'Export', input: dotenvxPublicKey(secret) });
    await run();
    const text = read('out.env');
    assert.doesNotMatch(text + asked(), /canary|plaintext/);
    const value = readNpm(text).get('DB_URL') ?? '';
    assert.equal(Buffer.from(await openDotenvx(value, secret)).toString(), 'canary-url-1');
  });

  it('takes a .env of dotenvx, too, and says what does not open', async () => {
    const secret = '28c1e9e79b1c4d24baf184721e7529280db78c753f5cf69f77f11205be5ec689';
    const publicKey = dotenvxPublicKey(secret);
    const token = await sealDotenvx(Buffer.from('canary $x'), publicKey);
    stage.write('.env', `DOTENV_PUBLIC_KEY="${publicKey}"\nexport A='${token}'\nB=2 # why\n`);
    const file = `file://${at('.env')}`;
    Object.assign(stage.script, { pick: ['docker', 'clipboard'] });
    await assert.rejects(Promise.resolve(run(file)), { code: 'BAD_VALUE' });
    stage.write('.env.keys', `DOTENV_PRIVATE_KEY=${secret}\n`);
    Object.assign(stage.script, { pick: ['docker', 'clipboard'] });
    await run(file);
    assert.equal(fake.clipboard, 'A=canary $x\nB=2\n');
  });

  it('makes tokens by a key that is typed unseen', async () => {
    const key = Buffer.alloc(32, 9).toString('base64url');
    Object.assign(stage.script, { pick: ['fernet', 'clipboard'], secret: key });
    await run();
    const token = /^DB_URL=(.*)$/m.exec(fake.clipboard)?.[1] ?? '';
    assert.equal(Buffer.from(await openFernet(token, fernetKey(key))).toString(), 'canary-url-1');
    Object.assign(stage.script, { pick: ['fernet', 'clipboard'], secret: 'canary no key' });
    await assert.rejects(Promise.resolve(run()), { code: 'BAD_TOKEN_KEY' });
    assert.doesNotMatch(asked(), /canary/);
  });

  it('is refused while presenting, in Restricted Mode, and where nobody unlocks', async () => {
    Object.assign(stage.script, { pick: ['json', 'file'], choose: 'Export', gesture: false });
    stage.services.presentation.set(true);
    await assert.rejects(Promise.resolve(run()), { code: 'PRESENTING' });
    stage.services.presentation.set(false);
    stage.vault.lock();
    await run();
    stage.vault.unlock();
    fake.trusted = false;
    await run();
    assert.ok(!existsSync(at('out.env')));
    assert.deepEqual(records(), []);
  });
});
