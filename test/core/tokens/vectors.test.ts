import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ageOpener } from '../../../src/core/age/opener.ts';
import { PrivateKey } from '../../../src/core/age/private/privatekey.ts';
import { openAge, wantsPassphrase } from '../../../src/core/tokens/age.ts';
import { textOf } from '../../../src/core/tokens/bytes.ts';
import { dotenvxPublicKey } from '../../../src/core/tokens/dotenvx.ts';
import { fernetKey, openFernet } from '../../../src/core/tokens/fernet.ts';
import { recognise, tokenFormats } from '../../../src/core/tokens/formats.ts';
import type { TokenKind } from '../../../src/core/tokens/kinds.ts';
import { fixtures } from '../shared.ts';

const read = (name: string) => JSON.parse(readFileSync(join(fixtures, name), 'utf8'));
const vectors = read('token-vectors.json');

describe('values that other systems made', () => {
  type Sample = readonly [
    kind: Exclude<TokenKind, 'age'>,
    value: string,
    secret: string,
    plain: string,
    marked?: false,
  ];
  const { flet_600k: flet, flet_100k: old, flet_gcm: gcm, flowfile, anvil, ansible, dotenvx, kestra } = vectors;
  const { rails, rails_written_by_activesupport_6_1_7: written, ansible_repo_fixture: upstream } = vectors;
  const samples: Readonly<Record<string, Sample>> = {
    'Flet since 0.27.5': ['flet', flet.ciphertext, flet.secret_key, flet.plaintext],
    'Flet before': ['flet', old.ciphertext, old.secret_key, old.plaintext],
    'Flet, AES-GCM': ['flet-gcm', gcm.ciphertext, gcm.secret_key, gcm.plaintext, false],
    'the Fernet token in it': [
      'fernet',
      flet.token,
      Buffer.from(flet.derived, 'hex').toString('base64url'),
      flet.plaintext,
    ],
    Flowfile: ['flowfile', flowfile.stored, flowfile.master_key, flowfile.plaintext],
    Anvil: ['anvil', anvil.payload, anvil.key_b64, anvil.plaintext, false],
    'ansible-vault 1.1': ['ansible', ansible.v11, ansible.password, ansible.plaintext],
    'ansible-vault 1.2': ['ansible', ansible.v12, ansible.password, ansible.plaintext],
    'ansible-vault 1.1, of its own tests': ['ansible', upstream.v11, upstream.password, upstream.plaintext],
    'ansible-vault 1.2, of its own tests': ['ansible', upstream.v12, upstream.password, upstream.plaintext],
    'Rails credentials': ['rails', rails.file, rails.master_key, rails.plaintext],
    'Rails credentials, bytes': [
      'rails',
      written.binary_string_variant_as_credentials_edit_writes,
      written.master_key,
      written.plaintext,
    ],
    'Rails credentials, UTF-8': ['rails', written.utf8_string_variant, written.master_key, written.plaintext],
    'a variable of Kestra': ['kestra', kestra.env.slice(kestra.env.indexOf('=') + 1), '', kestra.plaintext, false],
    ...Object.fromEntries(
      Object.entries(dotenvx.values as Record<string, [string, string]>).map(([name, [value, plain]]) => [
        `dotenvx, ${name}`,
        ['dotenvx', value, dotenvx.private_key, plain] as const,
      ]),
    ),
  };
  for (const [name, [kind, value, secret, plain, marked]] of Object.entries(samples)) {
    it(name, async () => {
      assert.equal(recognise(`\n ${value}\n`), marked === false ? undefined : kind);
      assert.equal(textOf(await tokenFormats[kind].open(`\n ${value}\n`, secret)), plain);
    });
  }

  it('the public key of a private one of dotenvx; several private keys', async () => {
    assert.equal(dotenvxPublicKey(dotenvx.private_key), dotenvx.public_key);
    const [value, plain] = dotenvx.values.HELLO;
    const keys = `${'1'.repeat(64)}, ${dotenvx.private_key}`;
    assert.equal(textOf(await tokenFormats.dotenvx.open(value, keys)), plain);
  });

  it('a value of ansible-vault as it stands in a YAML file', async () => {
    const block = ansible.v11.split('\n').map((line: string) => `          ${line}`);
    assert.equal(textOf(await tokenFormats.ansible.open(block.join('\r\n'), ansible.password)), ansible.plaintext);
  });

  it('age, for a key and under a pass phrase', async () => {
    const { age_x25519: keyed, age_scrypt: phrased } = vectors;
    const opener = ageOpener(PrivateKey.of(keyed.identity), {
      label: '',
      recipient: keyed.recipient,
      source: { kind: 'environment', name: '' },
    });
    assert.deepEqual([recognise(keyed.armored), recognise(phrased.armored)], ['age', 'age']);
    assert.deepEqual([await wantsPassphrase(keyed.armored), await wantsPassphrase(phrased.armored)], [false, true]);
    assert.equal(textOf(await openAge(keyed.armored, { keyring: { openers: async () => [opener] } })), keyed.plaintext);
    assert.equal(textOf(await openAge(phrased.armored, { passphrase: phrased.passphrase })), phrased.plaintext);
    const indented = keyed.armored.replaceAll('\n', '\n    ');
    assert.equal(
      textOf(await openAge(`    ${indented}`, { keyring: { openers: async () => [opener] } })),
      keyed.plaintext,
    );
  });

  it('an old secret of Flowfile, under the master key or one that is made for the user', async () => {
    const { seal, open } = tokenFormats.fernet;
    const { master_key: master, derived } = flowfile;
    const now = new Date(0);
    const old = (await seal?.(Buffer.from('old password'), master, { now, user: 1 })) ?? '';
    const made = Buffer.from(derived, 'hex').toString('base64url');
    const own = (await seal?.(Buffer.from('own password'), made, { now, user: 1 })) ?? '';
    assert.equal(textOf(await open(own, `${made}=`)), 'own password');
    assert.equal(textOf(await tokenFormats.flowfile.open(old, `"${master}"`)), 'old password');
    assert.equal(textOf(await tokenFormats.flowfile.open(own, master, 7)), 'own password');
    await assert.rejects(async () => tokenFormats.flowfile.open(own, master), { code: 'BAD_TOKEN_KEY' });
  });
});

describe('the vectors of Fernet', () => {
  const [generated, verified, invalid] = ['generate', 'verify', 'invalid'].map((name) => read(`fernet-${name}.json`));

  it('good tokens', async () => {
    for (const { token, secret, src } of [...generated, ...verified])
      assert.equal(textOf(await openFernet(token, fernetKey(secret))), src);
  });

  // How long a token is good is for the caller to say; the two whose time is wrong alone are good otherwise.
  const expected: Readonly<Record<string, { code: string; what?: string } | 'opens'>> = {
    'incorrect mac': { code: 'BAD_TOKEN_KEY' },
    'too short': { code: 'BAD_TOKEN', what: 'truncated' },
    'invalid base64': { code: 'BAD_TOKEN', what: 'altered' },
    'payload size not multiple of block size': { code: 'BAD_TOKEN', what: 'truncated' },
    'payload padding error': { code: 'BAD_TOKEN', what: 'altered' },
    'far-future TS (unacceptable clock skew)': 'opens',
    'expired TTL': 'opens',
    'incorrect IV (causes padding error)': { code: 'BAD_TOKEN', what: 'altered' },
  };
  for (const { desc, token, secret } of invalid as { desc: string; token: string; secret: string }[]) {
    it(desc, async () => {
      const opened = async () => textOf(await openFernet(token, fernetKey(secret)));
      const want = expected[desc];
      assert.ok(want);
      if (want === 'opens') return assert.equal(await opened(), '');
      await assert.rejects(opened, ({ code, place }) => {
        assert.deepEqual([code, place.what], [want.code, want.what]);
        return true;
      });
    });
  }
});
