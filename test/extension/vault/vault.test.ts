import assert from 'node:assert/strict';
import { openIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import { PrivateKey } from '../../../src/core/age/private/privatekey.ts';
import { generateIdentity, parseIdentities, readKeyText } from '../../core/age/texts.ts';
import { keyFile } from '../../core/age/vectors.ts';
import { opensFor } from '../../core/support.ts';
import { fakeContext } from '../../fakes/vscode.ts';
import { code, keyringOf, vaultOn } from './windows.ts';

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
    const [opener] = await keyringOf(vault).openers();
    assert.ok(opener);
    assert.deepEqual(opener.source, { kind: 'secret-storage', name: 'SecretStorage' });
    assert.equal(opener.recipient, key.recipient);
    assert.ok(await opensFor(opener, key.recipient));
    opener.dispose?.();
    await assert.rejects(opensFor(opener, key.recipient), code('NO_IDENTITY'));
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
    const add = async (text: string, label: string) => vault.add(PrivateKey.of(text), label);
    const first = await add(`  ${identity}\n`, 'one');
    assert.deepEqual(await add(identity, 'two'), first);
    assert.equal((await vault.keys()).length, 1);
    await assert.rejects(add('AGE-SECRET-KEY-1QQ', 'x'), code('BAD_IDENTITY'));
    await assert.rejects(add(`${identity}\n${await generateIdentity()}`, 'x'), code('BAD_IDENTITY'));
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
    assert.deepEqual(await keyringOf(vault).openers(), []);
    assert.deepEqual(await vault.keys(), [key]);
    await assert.rejects(vault.backUp('correct horse'), code('LOCKED'));
    vault.unlock();
    assert.equal((await keyringOf(vault).openers()).length, 1);
  });

  it('counts a lock that comes while keys are on their way', async () => {
    const vault = vaultOn(slowSecrets(() => 20));
    await vault.create('a');
    const asked = keyringOf(vault).openers();
    vault.lock();
    assert.deepEqual(await asked, []);
  });

  it('backs up what can be read back, labels too', async () => {
    const { secrets } = fakeContext();
    const vault = vaultOn(secrets);
    await vault.create('laptop');
    await vault.create('# created: nothing');
    await vault.add(PrivateKey.of(keyFile('rsa', 'pem')), 'old one');
    await vault.add(PrivateKey.of(keyFile('ed25519')), 'ssh');
    const file = await openIdentityFile(await vault.backUp('correct horse'), 'correct horse');
    const stored: { identity: string }[] = JSON.parse(secrets.values.get('lockstep.identities') ?? '');
    const identities = stored.map((key) => key.identity);
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

  it('makes post-quantum keys on request', async () => {
    const vault = vaultOn(fakeContext().secrets);
    const { recipient } = await vault.create('pq', { kind: 'hybrid' });
    assert.match(recipient, /^age1pq1/);
    const [opener] = await keyringOf(vault).openers();
    assert.ok(opener && (await opensFor(opener, recipient)));
  });

  it('offers one key for new files, or none', async () => {
    const vault = vaultOn(fakeContext().secrets);
    const [a, b] = [await vault.create('a'), await vault.create('b')];
    const offered = async () => (await vault.keys()).filter(({ forNew }) => forNew).map(({ label }) => label);
    assert.deepEqual(await offered(), []);
    for (const [recipient, expected] of [
      [a.recipient, ['a']],
      [b.recipient, ['b']],
      [undefined, []],
    ] as const) {
      await vault.offer(recipient);
      assert.deepEqual(await offered(), expected);
    }
  });

  it('keeps what is whole of a list that was cut, and the rest for whoever can make something of it', async () => {
    const { secrets } = fakeContext();
    const made = vaultOn(secrets);
    const [a, b] = [await made.create('a'), await made.create('b')];
    const text = secrets.values.get('lockstep.identities') ?? '';
    for (let length = text.length - 1; length > 0; length -= 17) {
      const cut = text.slice(0, length);
      await secrets.store('lockstep.identities', cut);
      const vault = vaultOn(secrets);
      const kept = (await vault.keys()).map(({ recipient }) => recipient);
      assert.deepEqual(kept, [a.recipient, b.recipient].slice(0, cut.split('}').length - 1), cut.slice(-30));
      assert.equal(await vault.isDamaged(), true);
    }
    for (const [n, damaged] of ['[{"label":"of a later version"}]', text.slice(0, -9), text.slice(0, -9)].entries()) {
      await secrets.store('lockstep.identities', damaged);
      await vaultOn(secrets).create(`new ${n}`);
      assert.equal(await vaultOn(secrets).isDamaged(), false);
      assert.ok([...secrets.values.values()].includes(damaged), 'nothing is lost');
    }
    assert.equal(secrets.values.size, 3, 'the same text is put aside once');
    const vault = vaultOn(secrets);
    assert.equal(await vault.hasAside(), true);
    await vault.forgetAside();
    assert.deepEqual([...secrets.values.keys()], ['lockstep.identities']);
    assert.equal(await vault.hasAside(), false);
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
