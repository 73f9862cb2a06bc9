import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentity, recipientOf } from '../../src/core/age/identity.ts';
import { LockstepError } from '../../src/core/errors.ts';
import { standardKeyFile, standardKeyring } from '../../src/node/identities.ts';

describe('the standard keyring', () => {
  let home: string;
  let identities: string[];
  before(async () => {
    identities = await Promise.all([1, 2, 3].map(() => generateIdentity()));
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lockstep-home-'));
    await mkdir(join(home, '.config', 'sops', 'age'), { recursive: true });
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('is empty where nothing is', async () => {
    assert.deepEqual(await standardKeyring({}, home, 'linux').entries(), []);
    assert.deepEqual(await standardKeyring({ SOPS_AGE_KEY_FILE: join(home, 'none') }, home, 'linux').entries(), []);
  });

  it('reads the variable, the named file and the standard file, in the order of sops', async () => {
    const [a = '', b = '', c = ''] = identities;
    const named = join(home, 'named.txt');
    const standard = join(home, '.config', 'sops', 'age', 'keys.txt');
    await writeFile(named, `# a comment\n${b}\n${a}\n`);
    await writeFile(standard, `${c}\n`);
    const found = await standardKeyring({ SOPS_AGE_KEY: a, SOPS_AGE_KEY_FILE: named }, home, 'linux').entries();
    assert.deepEqual(
      found.map(({ identity, source }) => ({ identity, source })),
      [
        { identity: a, source: 'SOPS_AGE_KEY' },
        { identity: b, source: named },
        { identity: c, source: standard },
      ],
    );
    assert.equal(found[0]?.recipient, await recipientOf(a));
  });

  it('refuses text that is no key file, and does not quote it', async () => {
    await assert.rejects(standardKeyring({ SOPS_AGE_KEY: 'canary-4711' }, home, 'linux').entries(), (error) => {
      assert.ok(error instanceof LockstepError);
      assert.equal(error.code, 'BAD_IDENTITY');
      assert.ok(!String(error.stack).includes('canary-4711'));
      return true;
    });
  });

  it('knows where each system keeps the file', () => {
    assert.equal(standardKeyFile({}, '/home/a', 'linux'), '/home/a/.config/sops/age/keys.txt');
    assert.equal(standardKeyFile({ XDG_CONFIG_HOME: '/x' }, '/home/a', 'linux'), '/x/sops/age/keys.txt');
    assert.equal(standardKeyFile({}, '/Users/a', 'darwin'), '/Users/a/Library/Application Support/sops/age/keys.txt');
    assert.equal(standardKeyFile({ XDG_CONFIG_HOME: '/x' }, '/Users/a', 'darwin'), '/x/sops/age/keys.txt');
    assert.equal(standardKeyFile({ AppData: 'C:\\A' }, 'C:\\U', 'win32'), 'C:\\A\\sops\\age\\keys.txt');
    assert.equal(standardKeyFile({}, 'C:\\U', 'win32'), undefined);
  });
});
