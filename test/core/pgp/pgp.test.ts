import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64 } from '../../../src/core/bytes.ts';
import { keysOfListing } from '../../../src/core/pgp/listing.ts';
import { keyIdsOf } from '../../../src/core/pgp/message.ts';
import { isNamed, isPgpName } from '../../../src/core/pgp/name.ts';
import { GpgStatus } from '../../../src/core/pgp/status.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { fixtures } from '../shared.ts';

const armored = (...bytes: number[]) =>
  `-----BEGIN PGP MESSAGE-----\n\n${base64(Uint8Array.from(bytes))}\n-----END PGP MESSAGE-----`;
const id = [1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];
/** A session key for one public key, in the old form of packets and the new one. */
const session = [0x84, 12, 3, ...id, 18, 0, 0];
const data = [0xd2, 3, 1, 2, 3];

describe('PGP messages', () => {
  it('say for whom they are', () => {
    assert.deepEqual(keyIdsOf(armored(...session, ...data)), ['0123456789ABCDEF']);
    assert.deepEqual(keyIdsOf(armored(0xc1, 12, 3, ...id, 18, 0, 0, ...session, ...data)), [
      '0123456789ABCDEF',
      '0123456789ABCDEF',
    ]);
    const v6 = [0xc1, 24, 6, 21, 4, ...Array(12).fill(9), ...id, 25];
    assert.deepEqual(keyIdsOf(armored(...v6, ...data)), ['0123456789ABCDEF']);
    const text =
      readSealed(readFileSync(join(fixtures, 'pgp', 'format.enc.yaml'), 'utf8'), 'yaml').metadata.groups[0]?.[0]?.enc ??
      '';
    for (const one of [text, `${text}\n`, text.replaceAll('\n', '\r\n')]) assert.equal(keyIdsOf(one)?.length, 1);
  });

  it('that gpg would ask about, unpack, or take for something else are none', () => {
    const bySecret = [0xc3, 4, 4, 9, 0, 8];
    for (const bytes of [
      [...bySecret, ...data],
      [...session, ...bySecret, ...data],
      [...data],
      [...session],
      // A literal, compressed data, a signature; something behind the data.
      [0xcb, 5, 0x62, 0, 0, 0, 0],
      [...session, 0xc8, 2, 1, 0],
      [0xc2, 2, 4, 0, ...session, ...data],
      [...session, ...data, 0xcb, 1, 0],
      [0x12, 3],
      [],
      Array(51).fill(session).flat().concat(data),
    ])
      assert.equal(keyIdsOf(armored(...bytes)), undefined, bytes.join());
    const whole = armored(...session, ...data);
    for (const text of ['', whole.slice(1), `x\n${whole}`, `${whole}\n${whole}`, whole.replace('MESSAGE', 'SIGNATURE')])
      assert.equal(keyIdsOf(text), undefined, text);
    assert.equal(keyIdsOf(`${whole}${' '.repeat(1 << 20)}`), undefined);
  });

  it('that are hostile take no time', () => {
    const start = performance.now();
    for (const middle of ['A\n'.repeat(30_000), 'A: b\n'.repeat(12_000), '='.repeat(60_000), '\r\n'.repeat(30_000)])
      keyIdsOf(`-----BEGIN PGP MESSAGE-----\n\n${middle}`);
    assert.ok(performance.now() - start < 5_000);
  });
});

describe('names of PGP keys', () => {
  const fingerprint = 'FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4';
  const key = { parts: [{ fingerprint, validity: 'u', capabilities: 'sc' }] };

  it('are fingerprints and long key IDs', () => {
    for (const name of [
      fingerprint,
      fingerprint.toLowerCase(),
      `0x${fingerprint}`,
      `${fingerprint}!`,
      '3D16CEE4A27381B4',
    ]) {
      assert.ok(isPgpName(name), name);
      assert.ok(isNamed(key, name), name);
    }
    for (const name of [
      '',
      '--output',
      '-r',
      'A27381B4',
      'a@b.c',
      `${fingerprint} `,
      `${fingerprint}\n`,
      'x'.repeat(40),
      `=${fingerprint}`,
      `${fingerprint}!!`,
    ]) {
      assert.ok(!isPgpName(name), name);
      assert.ok(!isNamed(key, name), name);
    }
    assert.ok(!isNamed(key, 'F'.repeat(40)));
    assert.ok(!isNamed({ parts: [{ ...key.parts[0], fingerprint: '', validity: '', capabilities: '' }] }, fingerprint));
  });
});

describe('what gpg says', () => {
  it('is a list of keys and their parts', () => {
    const text =
      'tru::1:1:0:3:1:5\nsec:u:255:22:E60011B9F7581FA6:1::::::scESC:::+::ed25519:::0:\nfpr:::::::::AAAA:\ngrp:::::::::CCCC:\n' +
      'uid:u::::1::X::fpr <a@b>::::::::::0:\nssb:e:255:18:219CB3B858C1A8F3:1::::::e:::+::cv25519::\r\nfpr:::::::::BBBB:\npub:r:::::::::::\n';
    assert.deepEqual(keysOfListing(text), [
      {
        fingerprint: 'AAAA',
        validity: 'u',
        capabilities: 'scESC',
        parts: [
          { fingerprint: 'AAAA', validity: 'u', capabilities: 'scESC' },
          { fingerprint: 'BBBB', validity: 'e', capabilities: 'e' },
        ],
      },
    ]);
    assert.deepEqual(keysOfListing('fpr:::::::::AAAA:\nrubbish\n'), []);
  });

  it('is why it failed', () => {
    const of = (...lines: string[]) => new GpgStatus(lines.map((line) => `[GNUPG:] ${line}\n`).join(''));
    assert.equal(of('ERROR pkdecrypt_failed 83886179').fault(), 'cancelled');
    assert.equal(of('ERROR pkdecrypt_failed 83886278').fault(), 'cancelled');
    assert.equal(of('ERROR pkdecrypt_failed 67108875').fault(), 'passphrase');
    assert.equal(of('ERROR pkdecrypt_failed 67108949').fault(), 'pinentry');
    assert.equal(of('ERROR pkdecrypt_failed 83918950').fault(), 'pinentry');
    assert.equal(of('INV_RECP 1 X', 'FAILURE encrypt 9').fault(), 'no-public');
    assert.equal(of('DECRYPTION_FAILED', 'WARNING x').fault(), 'failed');
    assert.equal(new GpgStatus('gpg: [GNUPG:] ERROR pkdecrypt_failed 83886179').fault(), 'failed');
    assert.deepEqual(of('DECRYPTION_KEY aa bb u').openedBy(), { part: 'AA', primary: 'BB' });
    assert.equal(of('DECRYPTION_OKAY').openedBy(), undefined);
  });
});
