import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dotenvxPublicKey } from '../../../src/core/tokens/dotenvx.ts';
import { register } from '../../../src/extension/exports/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import { fake } from '../../fakes/vscode.ts';
import { itUnless, windows } from '../../skip.ts';
import { makeStage, type Stage } from '../session/session.ts';

const secret = '28c1e9e79b1c4d24baf184721e7529280db78c753f5cf69f77f11205be5ec689';
const other = '1'.repeat(64);
const publicKey = dotenvxPublicKey(secret);
const name = `lockstep.dotenvx.${publicKey}`;

describe('the private key of dotenvx', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
    stage.write('.env', `DOTENV_PUBLIC_KEY="${publicKey}"\nA=1\n`);
  });
  afterEach(() => stage.end());

  const at = (file: string) => join(stage.folder, file);
  const read = (file: string) => readFileSync(at(file), 'utf8');
  const asked = () => stage.script.asked.join('\n');
  const stored = () => stage.services.context.secrets.get(name);
  const run = (file = '.env') =>
    register(stage.services).commands[commands.moveDotenvxKey]?.(`file://${at(file)}`) ?? assert.fail('no command');

  it('moves into SecretStorage, and its line goes; other keys stay', async () => {
    stage.write('.env.keys', `# both\nDOTENV_PRIVATE_KEY="${secret}"\nDOTENV_PRIVATE_KEY_CI=${other}\n`);
    await run();
    assert.equal(await stored(), secret);
    assert.equal(read('.env.keys'), `# both\nDOTENV_PRIVATE_KEY_CI=${other}\n`);
    assert.match(asked(), /Move the private key of \.env/);
    assert.doesNotMatch(asked() + JSON.stringify(stage.recorded), /28c1e9/);
  });

  it('takes the file along where it was the only one', async () => {
    stage.write('.env.keys', `# mine\nDOTENV_PRIVATE_KEY="${secret}"\n`);
    await run();
    assert.ok(!existsSync(at('.env.keys')));
    assert.equal(await stored(), secret);
  });

  it('takes along the keys of other files that stand in its lines, and leaves what is no key', async () => {
    const third = '2'.repeat(64);
    const rest = 'OF_SOMEBODY=kept\nDOTENV_PRIVATE_KEY_BROKEN=12\n';
    stage.write(
      '.env.keys',
      `DOTENV_PRIVATE_KEY="${secret}"\nDOTENV_PRIVATE_KEY_CI=${other},${secret},${third}\n${rest}`,
    );
    await run();
    for (const one of [secret, other, third])
      assert.match(
        String(await stage.services.context.secrets.get(`lockstep.dotenvx.${dotenvxPublicKey(one)}`)),
        new RegExp(one),
      );
    assert.equal(read('.env.keys'), rest);
  });

  it('stays where it is without a yes, in Restricted Mode, and where SecretStorage does not keep it', async () => {
    const keys = `DOTENV_PRIVATE_KEY="${secret}"\n`;
    stage.write('.env.keys', keys);
    stage.script.gesture = false;
    await run();
    stage.script.gesture = true;
    fake.trusted = false;
    await run();
    fake.trusted = true;
    Object.assign(stage.services.context.secrets, { store: async () => undefined });
    await assert.rejects(Promise.resolve(run()), { code: 'IO' });
    assert.equal(read('.env.keys'), keys);
    assert.equal(await stored(), undefined);
  });

  itUnless(windows, 'is in both places where the file cannot be changed, and nowhere lost', async () => {
    stage.write('.env.keys', `DOTENV_PRIVATE_KEY="${secret}"\nDOTENV_PRIVATE_KEY_CI=${other}\n`);
    const write = stage.services.platform.disk?.write;
    const disk = { ...stage.services.platform.disk, write: () => Promise.reject(new Error('full')) };
    Object.assign(stage.services, { platform: { ...stage.services.platform, disk } });
    await assert.rejects(Promise.resolve(run()), /full/);
    assert.equal(await stored(), secret);
    assert.match(read('.env.keys'), /28c1e9/);
    Object.assign(stage.services, { platform: { ...stage.services.platform, disk: { ...disk, write } } });
    await run();
    assert.doesNotMatch(read('.env.keys'), /28c1e9/);
  });

  it('goes back into the file, for this user alone, and is recorded', async () => {
    await stage.services.context.secrets.store(name, secret);
    await run();
    assert.equal(read('.env.keys'), `# .env\nDOTENV_PRIVATE_KEY=${secret}\n`);
    if (!windows) assert.equal(statSync(at('.env.keys')).mode & 0o777, 0o600);
    assert.equal(await stored(), undefined);
    assert.deepEqual(
      stage.recorded.map(({ purpose, key, to }) => [purpose, key, to]),
      [['key-export', publicKey, at('.env.keys')]],
    );
    assert.doesNotMatch(asked(), /28c1e9/);
  });

  itUnless(windows, 'is looked for in no file that a link outside leads to', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'lockstep-outside-'));
    writeFileSync(join(outside, 'keys'), `DOTENV_PRIVATE_KEY=${secret}\n`);
    symlinkSync(join(outside, 'keys'), at('.env.keys'));
    await run();
    rmSync(outside, { recursive: true });
    assert.match(asked(), /neither in SecretStorage nor in a \.env\.keys/);
  });

  it('is nothing of another file', async () => {
    stage.write('b.env', 'A=1\n');
    await run('b.env');
    assert.match(asked(), /no \.env of dotenvx/);
  });
});
