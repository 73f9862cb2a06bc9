import assert from 'node:assert/strict';
import { fingerprintWords } from '../../../src/core/people/fingerprint.ts';
import { readRequest, writeRequest } from '../../../src/core/people/request.ts';
import { alice, bob } from '../support.ts';

const ssh = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILQWM2gmlG6hsoByj3/T3ZvfM7Weg3z+1LVuUbzF3zgH';
const maria = { name: 'Maria Ångström', recipient: alice.recipient, file: 'prod/a b.yaml' };
const written = writeRequest(maria, ['Compare the words first.']);
const refused = (text: string) => {
  try {
    readRequest(text);
  } catch (error) {
    const { code, place, message } = error as { code: string; place: { what?: string }; message: string };
    assert.doesNotMatch(message, /age1|AGE|Maria/);
    return [code, place.what].filter(Boolean).join(' ');
  }
  return 'taken';
};

describe('a request for access', () => {
  it('is read as it was written', () => {
    assert.deepEqual(readRequest(written), maria);
    const least = { name: 'Tom', recipient: ssh, file: undefined };
    assert.deepEqual(readRequest(writeRequest({ ...least, recipient: `${ssh} tom@host` }, [])), least);
    assert.match(written, /^Request for access\n\nName: Maria Ångström\nPublic key: age1/);
  });

  it('is read as chats and mails quote it', () => {
    assert.deepEqual(readRequest(written.replaceAll('\n', '\r\n')), maria);
    assert.deepEqual(readRequest(`Hi!\n${written.replace(/^/gm, '> ')}`), maria);
    assert.deepEqual(readRequest(written.replace(/^(\w[\w ]*):/gm, '**$1:**')), maria);
    assert.deepEqual(readRequest(written.normalize('NFD').replaceAll('-', '–')), maria);
  });

  it('is refused when it was altered', () => {
    assert.equal(refused(written.replace(alice.recipient, bob.recipient)), 'BAD_REQUEST altered');
    assert.equal(refused(written.replace('Maria', 'Marta')), 'BAD_REQUEST altered');
    assert.equal(refused(written.replace('prod/', 'test/')), 'BAD_REQUEST altered');
    assert.equal(refused(written.replace(/For: .*\n/, '')), 'BAD_REQUEST altered');
    assert.equal(refused(written.replace(/Checksum: .*\n/, '')), 'BAD_REQUEST altered');
    assert.equal(refused(written.replace(/Name: .*\n/, '')), 'BAD_REQUEST altered');
    assert.equal(refused(written.replace(/Checksum: ./, 'Checksum: g')), 'BAD_REQUEST altered');
    for (let at = written.indexOf('age1') + 4; at < written.indexOf('\nFor:'); at++) {
      const other = written[at] === 'q' ? 'p' : 'q';
      assert.equal(refused(written.slice(0, at) + other + written.slice(at + 1)), 'BAD_REQUEST altered');
    }
  });

  it('may be a bare public key', () => {
    for (const text of [alice.recipient, ` ${alice.recipient}\n`, `my key is <${alice.recipient}>, thanks`])
      assert.deepEqual(readRequest(text), { name: undefined, recipient: alice.recipient, file: undefined });
    assert.equal(readRequest(`${ssh} tom@host`).recipient, ssh);
    assert.equal(refused(`${alice.recipient} ${bob.recipient}`), 'BAD_REQUEST several');
    assert.equal(refused(`${alice.recipient.slice(0, -1)}x`), 'BAD_RECIPIENT');
    assert.equal(refused('age1short'), 'BAD_RECIPIENT');
    assert.equal(refused('ecdsa-sha2-nistp256 AAAA'), 'BAD_RECIPIENT ssh');
    for (const text of [
      'FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4',
      ' fbc7 b9e2 a4f9 289a c0c1  d484 3d16 cee4 a273 81b4\n',
      '0x3D16CEE4A27381B4',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n',
      'arn:aws:kms:eu-west-1:111122223333:key/one',
      'projects/p/locations/l/keyRings/r/cryptoKeys/k',
    ])
      assert.equal(refused(text), 'BAD_RECIPIENT other-kind', text);
    for (const text of ['', 'hello', 'x'.repeat(20_000)]) assert.equal(refused(text), 'BAD_REQUEST');
  });

  it('never holds a private key', () => {
    const key = alice.identity;
    for (const text of [
      key,
      key.toLowerCase(),
      `my key:\n# public key: ${alice.recipient}\n${key}\n`,
      `${written}${key}`,
    ])
      assert.equal(refused(text), 'BAD_RECIPIENT private-key');
    assert.equal(refused('-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl'), 'BAD_RECIPIENT private-key');
    assert.throws(() => writeRequest({ ...maria, recipient: key }, []), { code: 'BAD_RECIPIENT' });
  });

  it('has a name that a comment can hold', () => {
    for (const name of ['', '  ', '!?', 'a\u202eb', 'a\u0000b', 'x'.repeat(61), '# x', bob.recipient])
      assert.throws(() => writeRequest({ ...maria, name }, []), { code: 'BAD_NAME' }, name);
    assert.match(writeRequest({ ...maria, name: ' Maria\n  L. ' }, []), /^Name: Maria L\.$/m);
  });

  it('is read in time, whatever it is', () => {
    const start = performance.now();
    for (const piece of ['\n', ' ', '*', '> ', 'Name: ', 'Checksum:', 'age1', 'ssh-rsa '])
      refused(piece.repeat(10_000 / piece.length));
    assert.ok(performance.now() - start < 2000);
  });
});

describe('the words of a key', () => {
  it('are six, the same for ever, and others for another key', () => {
    const words = fingerprintWords(alice.recipient);
    assert.equal(words.join(' '), 'flower because since ceiling address tired');
    assert.deepEqual(fingerprintWords(` ${alice.recipient} `), words);
    assert.notDeepEqual(fingerprintWords(bob.recipient), words);
  });

  it('do not depend on the comment of an SSH key', () => {
    assert.equal(fingerprintWords(ssh).length, 6);
    assert.deepEqual(fingerprintWords(`${ssh} tom@host`), fingerprintWords(ssh));
    assert.throws(() => fingerprintWords('ssh-ed25519 AAAA'), { code: 'BAD_RECIPIENT' });
  });
});
