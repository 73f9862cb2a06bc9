import assert from 'node:assert/strict';
import { openIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import { PrivateKey } from '../../../src/core/age/private/privatekey.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { opensFor } from '../../core/support.ts';
import { fakeContext } from '../../fakes/vscode.ts';
import { code, keyringOf, vaultOn } from './windows.ts';

const phrase = 'correct horse battery';

describe('a key under a pass phrase', () => {
  it('leaves nothing in SecretStorage that can be used without it', async () => {
    const { secrets } = fakeContext();
    const vault = vaultOn(secrets);
    const identity = await generateIdentity();
    const { recipient } = await vault.add(PrivateKey.of(identity), 'me');
    await vault.wrap(recipient, phrase);
    const dump = [...secrets.values.values()].join('\n');
    assert.ok(!/AGE-SECRET-KEY/i.test(dump), dump);
    assert.ok(!dump.includes(identity.slice(16, 40)));
    const [{ identity: stored = '' } = {}] = JSON.parse(secrets.values.get('lockstep.identities') ?? '') as {
      identity?: string;
    }[];
    assert.equal(await openIdentityFile(stored, phrase), `${identity}\n`);
    const other = vaultOn(secrets);
    assert.deepEqual(await keyringOf(other).openers(), []);
    assert.equal((await other.keys())[0]?.asleep, true);
  });

  it('is asked for once: it opens until the next lock, by hand too, and by the window that was asked alone', async () => {
    const { secrets } = fakeContext();
    const { recipient } = await vaultOn(secrets).create('me');
    const [vault, other] = [vaultOn(secrets), vaultOn(secrets)];
    await vault.wrap(recipient, phrase);
    assert.equal(await keyringOf(vault).asleep?.([recipient]), false, 'whoever chose it is not asked');
    assert.equal(await keyringOf(other).asleep?.([recipient]), true);
    assert.equal(await keyringOf(other).asleep?.(['age1other']), false);
    await other.wake(recipient, phrase);
    for (let n = 0; n < 2; n++) {
      const [opener] = await keyringOf(other).openers();
      assert.ok(opener && (await opensFor(opener, recipient)));
      opener.dispose?.();
    }
    const [held] = await keyringOf(other).openers();
    other.lock();
    assert.ok(held);
    await assert.rejects(opensFor(held, recipient), code('NO_IDENTITY'), 'wiped with the lock');
    other.unlock();
    assert.deepEqual(await keyringOf(other).openers(), []);
    assert.equal((await keyringOf(vault).openers()).length, 1);
  });

  it('stays shut for a wrong one, for what was cut, and for a lock that came meanwhile', async () => {
    const { secrets } = fakeContext();
    const vault = vaultOn(secrets);
    const { recipient } = await vault.create('me');
    await vault.wrap(recipient, phrase);
    vault.lock();
    const before = secrets.values.get('lockstep.identities') ?? '';
    for (let n = 0; n < 5; n++) await assert.rejects(vault.wake(recipient, 'wrong'), code('BAD_PASSPHRASE'));
    assert.equal(secrets.values.get('lockstep.identities'), before);
    assert.ok(vault.locked);
    const waking = vault.wake(recipient, phrase);
    vault.lock();
    await assert.rejects(waking, code('LOCKED'));
    assert.ok(vault.locked);
    const [stored] = JSON.parse(before) as { identity: string }[];
    for (const identity of [stored?.identity.slice(0, 200), await vaultText(await generateIdentity())]) {
      await secrets.store('lockstep.identities', JSON.stringify([{ ...stored, identity }]));
      await assert.rejects(vault.wake(recipient, phrase), code('BAD_IDENTITY'));
      assert.deepEqual(await keyringOf(vault).openers(), []);
    }
    await secrets.store('lockstep.identities', before);
    await vault.wake(recipient, phrase);
    assert.equal(vault.locked, false, 'the pass phrase is the unlock');
  });

  it('is backed up, exported and freed only while it is open', async () => {
    const { secrets } = fakeContext();
    const vault = vaultOn(secrets);
    const { recipient } = await vault.create('me');
    await vault.wrap(recipient, phrase);
    const shut = vaultOn(secrets);
    for (const work of [
      () => shut.backUp('another phrase'),
      () => shut.exportKey(recipient),
      () => shut.wrap(recipient, undefined),
    ])
      await assert.rejects(work, code('LOCKED'));
    await shut.wake(recipient, phrase);
    const text = await shut.exportKey(recipient);
    assert.match(text, /^# me\n# created: 2026-11-21T12:00:00.000Z\n# public key: age1\w+\nAGE-SECRET-KEY-1\w+\n$/);
    assert.equal(await recipientOf(text.trim().split('\n').at(-1) ?? ''), recipient);
    assert.equal(await openIdentityFile(await shut.backUp('another phrase'), 'another phrase'), text);
    await shut.wrap(recipient, 'another phrase');
    await assert.rejects(vaultOn(secrets).wake(recipient, phrase), code('BAD_PASSPHRASE'));
    await shut.wrap(recipient, undefined);
    assert.equal((await keyringOf(vaultOn(secrets)).openers()).length, 1);
  });

  it('comes back from a backup when the pass phrase is forgotten, with its name', async () => {
    const { secrets } = fakeContext();
    const vault = vaultOn(secrets);
    const identity = await generateIdentity();
    const { recipient } = await vault.add(PrivateKey.of(identity), 'me');
    await vault.wrap(recipient, phrase);
    await vault.add(PrivateKey.of(identity), 'again');
    assert.equal((await vault.keys())[0]?.wrapped, true, 'one that is open stays as it is');
    vault.lock();
    vault.unlock();
    await vault.add(PrivateKey.of(identity), 'again');
    const [key, ...others] = await vault.keys();
    assert.deepEqual([key?.label, key?.wrapped, others.length], ['me', false, 0]);
  });
});

const vaultText = async (identity: string) => {
  const { secrets } = fakeContext();
  const vault = vaultOn(secrets);
  const { recipient } = await vault.add(PrivateKey.of(identity), 'x');
  await vault.wrap(recipient, phrase);
  return (JSON.parse(secrets.values.get('lockstep.identities') ?? '') as { identity: string }[])[0]?.identity;
};
