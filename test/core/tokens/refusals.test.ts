import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAge, sealAge } from '../../../src/core/tokens/age.ts';
import { textOf } from '../../../src/core/tokens/bytes.ts';
import { checkPlain, checkToken, recognise, tokenFormats } from '../../../src/core/tokens/formats.ts';
import type { TokenKind } from '../../../src/core/tokens/kinds.ts';
import { fixtures } from '../shared.ts';

const vectors = JSON.parse(readFileSync(join(fixtures, 'token-vectors.json'), 'utf8'));
const { flet_600k: flet, flet_gcm: gcm, flowfile, anvil, ansible, rails, dotenvx, age_scrypt: age } = vectors;

type Kind = Exclude<TokenKind, 'age'>;
const otherFernet = Buffer.alloc(32, 7).toString('base64url');

/** Of each kind: a value, its key, and another key of the same kind. */
const samples: Readonly<Record<Exclude<Kind, 'kestra'>, readonly [value: string, secret: string, other: string]>> = {
  flet: [flet.ciphertext, flet.secret_key, 'another phrase'],
  'flet-gcm': [gcm.ciphertext, gcm.secret_key, 'another phrase'],
  fernet: [flet.token, Buffer.from(flet.derived, 'hex').toString('base64url'), otherFernet],
  anvil: [anvil.payload, anvil.key_b64, Buffer.alloc(16, 7).toString('base64')],
  flowfile: [flowfile.stored, flowfile.master_key, otherFernet],
  dotenvx: [dotenvx.values.HELLO[0], dotenvx.private_key, '1'.repeat(64)],
  ansible: [ansible.v12, ansible.password, 'another phrase'],
  rails: [rails.file, rails.master_key, '7'.repeat(32)],
};

const refused = (work: () => unknown, code: string, ...whats: (string | undefined)[]) =>
  assert.rejects(
    async () => work(),
    (error: Error & { code?: string; place?: { what?: string } }) => {
      assert.equal(error.code, code, error.stack);
      assert.ok(whats.includes(error.place?.what), `${error.message} is none of ${whats}`);
      return true;
    },
  );

describe('what is no value, or not of this key', () => {
  for (const [name, [value, secret, other]] of Object.entries(samples)) {
    const { open } = tokenFormats[name as Kind];

    it(`${name}: another key`, () => refused(() => open(value, other), 'BAD_TOKEN_KEY', undefined));

    it(`${name}: cut off, at any place`, async function () {
      this.timeout(60_000);
      const count = name.startsWith('flet') ? 3 : 10;
      const places = Array.from({ length: count }, (_, i) => Math.floor((value.length * i) / count));
      for (const end of [...places, value.length - 5]) {
        const cut = value.slice(0, end);
        await assert.rejects(async () => open(cut, secret), { name: 'LockstepError' }, `${end}`);
      }
    });

    it(`${name}: altered, at any place, and with signs of no alphabet`, async function () {
      this.timeout(60_000);
      const step = Math.ceil(value.length / (name.startsWith('flet') ? 4 : 40));
      for (let at = 0; at < value.length - 3; at += step) {
        const altered = `${value.slice(0, at)}${value[at] === 'A' ? 'B' : 'A'}${value.slice(at + 1)}`;
        const opened = await Promise.resolve(open(altered, secret)).then(textOf, ({ code }) => code);
        // The name in the first line of ansible-vault is a hint that nothing protects; hexadecimal has two cases.
        const same =
          name === 'ansible' && (altered.split('\n')[0] !== value.split('\n')[0] || /a/i.test(value[at] ?? ''));
        if (!same) assert.match(opened, /^BAD_TOKEN(_KEY)?$/, `${at}`);
      }
      await refused(
        () => open(`${value.slice(0, -6)}§${value.slice(-5)}`, secret),
        'BAD_TOKEN',
        'altered',
        'truncated',
      );
    });
  }

  it('each key that is none of its kind', async () => {
    for (const kind of ['fernet', 'flowfile', 'anvil', 'rails', 'dotenvx'] as const)
      for (const bad of ['', 'short', 'z'.repeat(15), `${samples[kind][1]}!`, samples[kind][1].slice(0, -3)])
        await refused(() => tokenFormats[kind].open(samples[kind][0], bad), 'BAD_TOKEN_KEY', kind);
    // Of no use on the curve: zero, and the order of the group.
    for (const bad of ['0'.repeat(64), 'f'.repeat(64)])
      await refused(() => tokenFormats.dotenvx.open(samples.dotenvx[0], bad), 'BAD_TOKEN_KEY', 'dotenvx');
    for (const kind of ['flet', 'flet-gcm', 'ansible'] as const)
      await refused(() => tokenFormats[kind].open(samples[kind][0], ''), 'BAD_TOKEN_KEY', 'empty');
    for (const bad of ['', 'z', dotenvx.private_key, `05${dotenvx.public_key.slice(2)}`])
      await refused(
        () => tokenFormats.dotenvx.seal?.(Buffer.from('x'), bad, { now: new Date(0), user: 1 }),
        'BAD_TOKEN_KEY',
        'dotenvx-public',
      );
  });

  it('what comes from versions that are not known', async () => {
    const { open } = tokenFormats.ansible;
    for (const header of ['$ANSIBLE_VAULT;1.0;AES', '$ANSIBLE_VAULT;1.1;AES', '$ANSIBLE_VAULT;2.0;AES256'])
      await refused(() => open(ansible.v11.replace(/^.*/, header), ansible.password), 'BAD_TOKEN', 'unsupported');
    await refused(
      () => tokenFormats.flowfile.open(flowfile.stored.replace('$1$', '$2$'), flowfile.master_key),
      'BAD_TOKEN',
      'unsupported',
    );
  });

  it('a point that is not on the curve', () => {
    const bytes = Buffer.from(samples.dotenvx[0].slice('encrypted:'.length), 'base64');
    bytes.fill(1, 33, 65);
    const value = `encrypted:${bytes.toString('base64')}`;
    return refused(() => tokenFormats.dotenvx.open(value, dotenvx.private_key), 'BAD_TOKEN', 'altered');
  });

  it('age: another pass phrase, cut off, altered, too much work', async () => {
    const passphrase = age.passphrase;
    await refused(() => openAge(age.armored, { passphrase: 'another phrase' }), 'BAD_TOKEN_KEY', undefined);
    await refused(() => openAge(age.armored, { passphrase: '' }), 'BAD_TOKEN_KEY', undefined);
    await refused(() => openAge(age.armored, { keyring: { openers: async () => [] } }), 'NO_IDENTITY', undefined);
    await refused(() => openAge(vectors.age_x25519.armored, { passphrase }), 'BAD_TOKEN_KEY', undefined);
    await refused(() => openAge(age.armored.slice(0, -60), { passphrase }), 'BAD_TOKEN', 'truncated');
    await refused(() => openAge('plain text', { passphrase }), 'BAD_TOKEN', undefined);
    const lines: string[] = age.armored.trim().split('\n');
    const body = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    const file = (bytes: Uint8Array) =>
      [
        lines[0],
        ...(Buffer.from(bytes)
          .toString('base64')
          .match(/.{1,64}/g) ?? []),
        lines.at(-1),
        '',
      ].join('\n');
    const tampered = Buffer.from(body);
    tampered[tampered.length - 1] = (tampered.at(-1) ?? 0) ^ 1;
    await refused(() => openAge(file(tampered), { passphrase }), 'BAD_TOKEN', 'altered');
    const dear = Buffer.from(body.toString('latin1').replace(' 10\n', ' 21\n'), 'latin1');
    await refused(() => openAge(file(dear), { passphrase }), 'BAD_TOKEN', 'cost');
    await refused(() => sealAge(Buffer.from('x'), { passphrase: '' }), 'BAD_TOKEN_KEY', 'empty');
    await refused(() => sealAge(Buffer.from('x'), { recipients: [] }), 'NO_RECIPIENTS', 'empty');
    await refused(() => sealAge(Buffer.from('x'), { recipients: ['age1nonsense'] }), 'BAD_RECIPIENT', undefined);
    await refused(
      () => sealAge(Buffer.from('x'), { recipients: [vectors.age_x25519.identity] }),
      'BAD_RECIPIENT',
      'private-key',
    );
  });

  it('more than 1 MB, and what is not text where a system has text only', async () => {
    const large = new Uint8Array(1024 * 1024 + 1);
    await refused(() => checkPlain(large, 'fernet'), 'TOO_LARGE', 'token');
    checkPlain(large.subarray(1), 'fernet');
    await refused(() => checkToken('A'.repeat(5 * 1024 * 1024 + 1)), 'TOO_LARGE', 'token');
    await refused(() => checkPlain(Uint8Array.of(0xff), 'flet'), 'BAD_TOKEN', 'not-text');
    checkPlain(Uint8Array.of(0xff), 'fernet');
    checkPlain(Uint8Array.of(0xff), 'age');
    await refused(() => textOf(Uint8Array.of(0xff)), 'BAD_TOKEN', 'not-text');
  });

  it('what says nothing of itself is not recognised', () => {
    for (const text of ['', 'secret', 'gAAAA', 'encrypted', '$ffsec', 'a--b--c', anvil.payload, gcm.ciphertext])
      assert.equal(recognise(text), undefined, text);
  });
});
