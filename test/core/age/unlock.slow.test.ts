import assert from 'node:assert/strict';
import { pemText, readPem } from '../../../src/core/age/private/pem.ts';
import { isProtected } from '../../../src/core/age/private/sshfile.ts';
import { bareRecipient } from '../../../src/core/age/sshkey.ts';
import { parseIdentities, readKeyText, recipientOf, unlockPrivateFile } from './texts.ts';
import { keyFile, sshKeys } from './vectors.ts';

const { passphrase } = sshKeys;

const protectedFiles = [
  ...Object.keys(sshKeys.ed25519.files).flatMap((form) =>
    form === 'plain' || form === '3des-cbc' ? [] : [['ed25519', form] as const],
  ),
  ['rsa', 'aes256-ctr of rsa'],
  ['rsa', 'pem protected'],
] as const;

describe('SSH keys under a pass phrase', () => {
  for (const [kind, form] of protectedFiles) {
    it(`are opened: ${kind}, ${form}`, async () => {
      const file = keyFile(kind, form);
      assert.ok(isProtected(file));
      const open = await unlockPrivateFile(file, passphrase);
      assert.ok(!isProtected(open));
      assert.deepEqual(parseIdentities(open), [open]);
      assert.equal(await recipientOf(open), bareRecipient(sshKeys[kind].public));
      for (const wrong of [`${passphrase}!`, '', passphrase.toUpperCase()])
        await assert.rejects(unlockPrivateFile(file, wrong), { code: 'BAD_PASSPHRASE' });
    });
  }

  it('are told from others in a key file', () => {
    const text = `# work\n${keyFile('ed25519', 'aes256-ctr')}\n# home\n${keyFile('rsa')}`;
    assert.deepEqual(readKeyText(text), {
      identities: [{ text: keyFile('rsa'), comment: 'home' }],
      locked: [{ text: keyFile('ed25519', 'aes256-ctr'), comment: 'work' }],
    });
  });

  it('come back as they are when they have none', async () => {
    for (const file of [keyFile('ed25519'), keyFile('rsa', 'pem')])
      assert.equal(await unlockPrivateFile(file, 'x'), file);
  });

  it('are refused by name when their protection is not known', async () => {
    const refused = (file: string, what?: string) =>
      assert.rejects(unlockPrivateFile(file, passphrase), { code: 'BAD_IDENTITY', place: what ? { what } : {} });
    await refused(keyFile('ed25519', '3des-cbc'), 'ssh-cipher');
    await refused(keyFile('rsa', 'pem protected').replace(/AES-\d+-CBC/, 'DES-EDE3-CBC'), 'ssh-cipher');
    await refused('no key');
    const file = keyFile('ed25519', 'aes256-ctr');
    await refused(changed(file, 'bcrypt', 'b-crypt'.slice(0, 6)), 'ssh-kdf');
    await refused(changed(file, 'aes256-ctr', 'toString!!'), 'ssh-cipher');
  });

  it('cannot keep us busy with their rounds', async () => {
    // Salt of 16 bytes, then the rounds: two in the vectors.
    const bytes = readPem(keyFile('ed25519', 'aes256-ctr'))?.bytes ?? assert.fail();
    const at = Buffer.from(bytes).indexOf('bcrypt') + 6 + 4 + 4 + 16;
    assert.equal(new DataView(bytes.buffer).getUint32(at), 2);
    for (const [rounds, what] of [
      [2049, 'ssh-rounds'],
      [0xffffffff, 'ssh-rounds'],
      [0, undefined],
    ] as const) {
      new DataView(bytes.buffer).setUint32(at, rounds);
      await assert.rejects(unlockPrivateFile(pemText('OPENSSH PRIVATE KEY', bytes), passphrase), {
        code: 'BAD_IDENTITY',
        place: what ? { what } : {},
      });
    }
  });
});

/** The key file with one text in its bytes replaced by another of the same length. */
function changed(file: string, from: string, to: string): string {
  const bytes = Buffer.from(readPem(file)?.bytes ?? assert.fail());
  bytes.write(to, bytes.indexOf(from), 'latin1');
  return pemText('OPENSSH PRIVATE KEY', bytes);
}
