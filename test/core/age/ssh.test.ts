import assert from 'node:assert/strict';
import { checkRecipient } from '../../../src/core/age/recipient.ts';
import { bareRecipient, readPublicLine } from '../../../src/core/age/sshkey.ts';
import { wireOf } from '../../../src/core/age/wire.ts';
import { wrapKey } from '../../../src/core/age/wrap.ts';
import { base64 } from '../../../src/core/bytes.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { alice, clock, reopen } from '../support.ts';
import { parseIdentities, recipientOf, unwrapKey } from './texts.ts';
import { keyFile, sshKeys } from './vectors.ts';

/** Every plain file of the vectors, with its public line. */
const plain = [
  ['ed25519', keyFile('ed25519'), sshKeys.ed25519.public],
  ['ed25519 in PKCS#8', keyFile('openssl', 'pkcs8'), sshKeys.openssl.public],
  ['RSA', keyFile('rsa'), sshKeys.rsa.public],
  ['RSA in PKCS#1', keyFile('rsa', 'pem'), sshKeys.rsa.public],
  ['RSA in PKCS#8', keyFile('rsa', 'pkcs8'), sshKeys.rsa.public],
] as const;

/** The `what` of the refusal, or 'accepted'. What is refused is never repeated. */
function refusal(text: string, read: (text: string) => unknown): string | undefined {
  try {
    read(text);
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof LockstepError, `${error}`);
    assert.match(error.code, /^BAD_(IDENTITY|RECIPIENT)$/);
    const found = text.match(/[A-Za-z0-9+/]{8,}/g) ?? [];
    assert.ok(!found.some((part) => !/^[A-Z]+$/.test(part) && String(error.stack).includes(part)));
    return error.place.what;
  }
}

describe('ssh keys', () => {
  for (const [name, file, line] of plain) {
    it(`of the kind ${name} are read, and their public line is the recipient`, async () => {
      assert.deepEqual(parseIdentities(`\n${file.replaceAll('\n', '\r\n')}`), [file]);
      assert.equal(await recipientOf(file), bareRecipient(line));
      assert.equal(checkRecipient(` ${line}\n`), line);
    });

    it(`of the kind ${name} wrap and unwrap a data key, and nobody else does`, async () => {
      const key = new Uint8Array(32).fill(3);
      const enc = await wrapKey(key, line);
      assert.deepEqual(await unwrapKey(enc, file), key);
      for (const [, other, otherLine] of plain)
        if (otherLine !== line) assert.equal(await unwrapKey(enc, other), undefined);
      assert.equal(await unwrapKey(enc, alice.identity), undefined);
      assert.equal(await unwrapKey(await wrapKey(key, alice.recipient), file), undefined);
    });
  }

  it('may stand among age keys, as in a backup', () => {
    const [rsa, ed25519] = [keyFile('rsa', 'pem'), keyFile('ed25519')];
    const text = `# mine\n${alice.identity}\n\n# ssh\n${rsa}\n# another\n${ed25519}`;
    assert.deepEqual(parseIdentities(text), [alice.identity, rsa, ed25519]);
  });

  it('open files beside age keys', async () => {
    const recipients = [alice.recipient, sshKeys.ed25519.public, sshKeys.rsa.public];
    const { text } = await seal('a: 1\n', 'yaml', { recipients }, clock);
    assert.ok(text.includes(' example'), 'the recipient is written as given');
    for (const kind of ['ed25519', 'rsa'] as const)
      assert.equal((await reopen(text, 'yaml', keyFile(kind))).openedBy, bareRecipient(sshKeys[kind].public));
    assert.equal((await reopen(text, 'yaml')).openedBy, alice.recipient);
  });

  it('are refused by name when they cannot be used', () => {
    const identity = (text: string) => refusal(text, parseIdentities);
    assert.equal(identity(keyFile('ed25519', 'aes256-ctr')), 'ssh-passphrase');
    assert.equal(identity(keyFile('rsa', 'pem protected')), 'ssh-passphrase');
    assert.equal(identity(keyFile('rsa', 'pkcs8 protected')), 'pkcs8-passphrase');
    assert.equal(identity(keyFile('ecdsa')), 'ssh-kind');
    assert.equal(identity(keyFile('shortRsa')), 'rsa-size');
    assert.equal(identity('-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n'), 'ssh-kind');
    const recipient = (text: string) => refusal(text, checkRecipient);
    assert.equal(recipient(sshKeys.ecdsa.public), 'ssh');
    assert.equal(recipient(sshKeys.shortRsa.public), 'rsa-size');
    assert.equal(recipient(sshKeys.rsa.public.replace('ssh-rsa', 'ssh-ed25519')), undefined);
    assert.equal(recipient(`ssh-rsa ${base64(wireOf('ssh-rsa', 2n ** 20000n))}`), undefined);
  });

  it('are refused when they are cut or do not hold together', () => {
    for (const [, file] of plain) {
      for (let cut = 0; cut < file.length - 2; cut += 7)
        assert.notEqual(refusal(file.slice(0, cut), parseIdentities), 'accepted');
      // Each line changed: the numbers of a key no longer belong together. A comment is nobody's business.
      const lines = file.trimEnd().split('\n');
      for (let i = 1; i < lines.length - 2; i++) {
        const line = (lines[i] ?? '').replace(/^./, (c) => (c === 'A' ? 'B' : 'A'));
        assert.notEqual(refusal(lines.with(i, line).join('\n'), parseIdentities), 'accepted', `line ${i}`);
      }
    }
  });

  it('are refused as recipients when nothing can be encrypted for them', async () => {
    const line = (point: Uint8Array) => `ssh-ed25519 ${base64(wireOf('ssh-ed25519', point))}`;
    // No point of the curve; the point of order one; a point of order two.
    for (const bytes of [[2], [1], [236, ...Array(30).fill(255), 127]]) {
      const point = Uint8Array.from({ length: 32 }, (_, i) => bytes[i] ?? 0);
      await assert.rejects(wrapKey(new Uint8Array(32), line(point)), { code: 'BAD_RECIPIENT' });
    }
    assert.equal(readPublicLine(sshKeys.rsa.public).type, 'ssh-rsa');
  });
});
