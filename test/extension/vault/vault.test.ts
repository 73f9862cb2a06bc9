import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { generateIdentity, openIdentityFile, parseIdentities, recipientOf } from '../../../src/core/age/identity.ts';
import { readKeyText } from '../../../src/core/age/keytext.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import { createVault } from '../../../src/extension/vault/vault.ts';
import { keyFile } from '../../core/age/vectors.ts';
import { fakeContext } from '../../fakes/vscode.ts';

const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
const code = (expected: string) => (error: unknown) => error instanceof LockstepError && error.code === expected;

/** SecretStorage as two windows see it: every call takes a moment, and other calls come in between. */
function slowSecrets(delay: () => number) {
  const { secrets } = fakeContext();
  const later = <T>(work: () => T) => new Promise<T>((resolve) => setTimeout(() => resolve(work()), delay()));
  return {
    values: secrets.values,
    onDidChange: secrets.onDidChange,
    get: (key: string) => later(() => secrets.values.get(key)),
    store: (key: string, value: string) => later(() => void secrets.store(key, value)),
    delete: (key: string) => later(() => void secrets.delete(key)),
  };
}

const vaultOn = (secrets: unknown) => createVault(secrets as vscode.SecretStorage, clock, 10);

describe('the vault', () => {
  it('makes, names and removes keys, and tells', async () => {
    const { secrets } = fakeContext();
    const vault = vaultOn(secrets);
    let told = 0;
    vault.onDidChange(() => told++);
    assert.deepEqual(await vault.keys(), []);
    const key = await vault.create(' me@here\u202e ');
    assert.equal(key.label, 'me@here\\u{202e}');
    assert.equal(key.created, '2026-11-21T12:00:00.000Z');
    assert.ok(told > 0);
    const [entry] = await vault.keyring.entries();
    assert.equal(entry?.source, 'SecretStorage');
    assert.equal(await recipientOf(entry?.identity ?? ''), key.recipient);
    await vault.rename(key.recipient, 'laptop');
    assert.deepEqual(await vault.keys(), [{ ...key, label: 'laptop' }]);
    assert.ok(!JSON.stringify(await vault.keys()).includes('SECRET'));
    await vault.remove(key.recipient);
    assert.deepEqual(await vault.keys(), []);
    assert.deepEqual([...secrets.values.keys()], ['lockstep.identities']);
  });

  it('takes an identity once, and nothing else', async () => {
    const vault = vaultOn(fakeContext().secrets);
    const identity = await generateIdentity();
    const first = await vault.add(`  ${identity}\n`, 'one');
    assert.deepEqual(await vault.add(identity, 'two'), first);
    assert.equal((await vault.keys()).length, 1);
    await assert.rejects(vault.add('AGE-SECRET-KEY-1QQ', 'x'), code('BAD_IDENTITY'));
    await assert.rejects(vault.add(`${identity}\n${await generateIdentity()}`, 'x'), code('BAD_IDENTITY'));
  });

  it('hands out nothing while it is locked', async () => {
    const vault = vaultOn(fakeContext().secrets);
    const key = await vault.create('a');
    let told = 0;
    vault.onDidChange(() => told++);
    vault.lock();
    vault.lock();
    assert.equal(told, 1);
    assert.equal(vault.locked, true);
    assert.deepEqual(await vault.keyring.entries(), []);
    assert.deepEqual(await vault.keys(), [key]);
    await assert.rejects(vault.backUp('correct horse'), code('NO_IDENTITY'));
    vault.unlock();
    assert.equal((await vault.keyring.entries()).length, 1);
  });

  it('counts a lock that comes while keys are on their way', async () => {
    const vault = vaultOn(slowSecrets(() => 20));
    await vault.create('a');
    const asked = vault.keyring.entries();
    vault.lock();
    assert.deepEqual(await asked, []);
  });

  it('backs up what can be read back, labels too', async () => {
    const vault = vaultOn(fakeContext().secrets);
    await vault.create('laptop');
    await vault.create('# created: nothing');
    await vault.add(keyFile('rsa', 'pem'), 'old one');
    await vault.add(keyFile('ed25519'), 'ssh');
    const file = await openIdentityFile(await vault.backUp('correct horse'), 'correct horse');
    const identities = (await vault.keyring.entries()).map((entry) => entry.identity);
    assert.deepEqual(parseIdentities(file), identities);
    const found = readKeyText(file).identities;
    assert.deepEqual(
      found.map((item) => [item.text, item.comment]),
      [
        [identities[0], 'laptop'],
        [identities[1], '# created: nothing'],
        [keyFile('rsa', 'pem'), 'old one'],
        [keyFile('ed25519'), 'ssh'],
      ],
    );
  });

  it('loses no key when two windows write at once', async function () {
    this.timeout(60_000);
    for (let round = 0; round < 5; round++) {
      const secrets = slowSecrets(() => Math.random() * 20);
      const windows = [vaultOn(secrets), vaultOn(secrets), vaultOn(secrets)];
      const made = await Promise.all(windows.flatMap((vault, i) => [vault.create(`a${i}`), vault.create(`b${i}`)]));
      const have = (await vaultOn(secrets).keys()).map((key) => key.recipient);
      assert.deepEqual(have.sort(), made.map((key) => key.recipient).sort(), `round ${round}`);
    }
  });

  it('does not say that a key is kept when the storage does not keep it', async function () {
    this.timeout(20_000);
    const { secrets } = fakeContext();
    const vault = vaultOn({ ...secrets, onDidChange: secrets.onDidChange, get: secrets.get, store: async () => {} });
    await assert.rejects(vault.create('a'), code('IO'));
    assert.deepEqual(await vault.keys(), []);
  });

  it('puts a list that it cannot read aside before it writes', async () => {
    const { secrets } = fakeContext();
    await secrets.store('lockstep.identities', '{"of": "a later version"}');
    const vault = vaultOn(secrets);
    assert.deepEqual(await vault.keys(), []);
    await vault.create('a');
    assert.equal(secrets.values.get('lockstep.identities.unreadable'), '{"of": "a later version"}');
    assert.equal((await vault.keys()).length, 1);
  });
});
