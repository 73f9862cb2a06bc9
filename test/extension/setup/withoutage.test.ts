import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LockstepError } from '../../../src/core/errors.ts';
import { type Lacking, type OtherKeys, useOthers } from '../../../src/core/keys/others.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/setup/register.ts';
import { fake } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const arn = 'arn:aws:kms:eu-west-1:111122223333:key/0b5f3d3e-2d6c-4d43-9d0a-9c2d8e0f1a2b';
const fingerprint = 'A'.repeat(40);

describe('the wizard without an age key', () => {
  let stage: Stage;
  let home: NodeJS.ProcessEnv;
  beforeEach(async () => {
    home = process.env;
    process.env = { ...home, SOPS_AGE_KEY: undefined, SOPS_AGE_KEY_FILE: undefined, XDG_CONFIG_HOME: '/nowhere' };
    stage = await makeStage();
    await stage.vault.remove(stage.recipient);
    stage.write('app.yaml', 'a: canary\n');
    stage.script.pickMany = 'all';
    stage.script.confirm = true;
  });
  afterEach(() => {
    process.env = home;
    has(() => ({ lacks: undefined }));
    fake.commands.clear();
    stage.end();
  });

  const has = (keys: () => OtherKeys | Lacking) => useOthers(['pgp', 'kms'], keys);
  /** They wrap by writing the data key in base64. */
  const keys = (more: Partial<OtherKeys> = {}): OtherKeys =>
    ({
      openers: async (wanted: readonly { kind: 'pgp'; name: string }[]) =>
        wanted.map(({ kind, name }) => ({
          ...{ kind, label: name, recipient: name, source: { kind: 'program', name: 'gpg' } },
          unwrap: async (one: { name: string; enc: string }) =>
            one.name === name ? Uint8Array.from(Buffer.from(one.enc, 'base64')) : undefined,
        })),
      own: async (names: readonly object[]) => names,
      wrap: async (key: Uint8Array) => Buffer.from(key).toString('base64'),
      ...more,
    }) as OtherKeys;
  const rule = (body: string) => {
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: \\.yaml$\n    ${body}\n`);
    stage.rules.forget();
  };
  const run = async (step?: string) => {
    stage.script.asked.length = 0;
    await register(stage.services).commands[commands.setUp]?.(step);
  };
  const disk = (name = 'app.yaml') => readFileSync(join(stage.folder, name), 'utf8');
  const asked = () => stage.script.asked.join('\n');
  const rows = async () => {
    const shown: string[] = [];
    const pick = async (items: readonly { label: string; description?: string }[]) => {
      shown.push(...items.map(({ label, description }) => `${label}: ${description}`));
    };
    const ui = { ...stage.services.ui, pick } as unknown as Stage['services']['ui'];
    await register({ ...stage.services, ui }).commands[commands.setUp]?.('steps');
    return shown;
  };

  for (const [name, body, kind] of [
    ['PGP', `pgp: ${fingerprint}`, 'pgp'],
    ['AWS KMS', `kms: ${arn}`, 'kms'],
  ] as const)
    it(`encrypts for the ${name} keys of the rules, and makes no key`, async () => {
      has(() => keys());
      rule(body);
      const before = disk('.sops.yaml');
      assert.ok((await rows()).includes(`1. Create or import your key: done: not needed, the rules name ${name}`));
      await run();
      assert.deepEqual(
        readSealed(disk(), 'yaml').metadata.foreign.map((key) => key.kind),
        [kind],
      );
      assert.equal(disk('.sops.yaml'), before);
      assert.deepEqual(await stage.vault.keys(), []);
      assert.match(asked(), /1 file is encrypted\. The encrypted file decrypts with your keys/);
      assert.doesNotMatch(asked(), /Your Key|Back up your key/);
    });

  it('says what is missing before anything is asked or changed', async () => {
    rule(`kms: ${arn}`);
    const unchanged = async () => {
      assert.equal(disk(), 'a: canary\n');
      assert.deepEqual(await stage.vault.keys(), []);
      assert.doesNotMatch(asked(), /Your Key|encrypted\./);
    };
    const place = { kind: 'kms', what: 'program' } as const;
    has(() => ({ lacks: 'program' }));
    assert.ok((await rows()).includes('1. Create or import your key: to do'));
    await assert.rejects(run(), { code: 'FOREIGN_MASTER_KEY', place });
    await unchanged();
    // What shows only when somebody is asked.
    const requireUsable = () => Promise.reject(new LockstepError('FOREIGN_MASTER_KEY', place));
    has(() => keys({ requireUsable }));
    await run();
    assert.match(asked(), /AWS KMS/);
    await unchanged();
  });

  it('encrypts no file while the key of one of them is missing', async () => {
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: app\n    pgp: ${fingerprint}\n  - kms: ${arn}\n`);
    stage.rules.forget();
    stage.write('two.env', 'B=canary\n');
    has(() => keys());
    useOthers(['kms'], () => ({ lacks: 'program' }));
    await stage.vault.create('me');
    await run();
    assert.equal(disk(), 'a: canary\n');
    assert.equal(disk('two.env'), 'B=canary\n');
    assert.match(asked(), /AWS KMS/);
  });

  it('leaves files without a rule unticked, as their rule would need an age key', async () => {
    has(() => keys());
    rule(`pgp: ${fingerprint}`);
    stage.write('.env', 'B=canary\n');
    const ticked: string[] = [];
    const pickMany = async (items: readonly { label: string; picked?: boolean }[]) => {
      ticked.push(...items.filter((one) => one.picked).map(({ label }) => label));
      return items.filter((one) => one.picked);
    };
    const ui = { ...stage.services.ui, pickMany } as unknown as Stage['services']['ui'];
    await register({ ...stage.services, ui }).commands[commands.setUp]?.();
    assert.deepEqual(ticked, ['app.yaml']);
    assert.match(disk(), /ENC\[/);
    assert.equal(disk('.env'), 'B=canary\n');
    assert.deepEqual(await stage.vault.keys(), []);
  });

  it('still wants one where a rule names age keys of others only', async () => {
    has(() => keys());
    rule(`age: ${stage.recipient}`);
    await run();
    assert.match(asked(), /Your Key/);
  });

  it('wants none where a rule names a PGP key of one’s own beside age keys of others', async () => {
    has(() => keys());
    rule(`age: ${stage.recipient}\n    pgp: ${fingerprint}`);
    await run();
    assert.match(disk(), /ENC\[/);
    assert.deepEqual(await stage.vault.keys(), []);
  });
});
