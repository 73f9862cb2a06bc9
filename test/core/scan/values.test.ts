import assert from 'node:assert/strict';
import fc from 'fast-check';
import { looksRandom } from '../../../src/core/scan/look.ts';
import { namesSecret } from '../../../src/core/scan/names.ts';
import { OwnValues } from '../../../src/core/scan/values.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { cpuTime } from '../shared.ts';
import { alice, clock, reopen } from '../support.ts';

const secret = { file: 'secrets.yaml', entry: 'db.password' };
const canary = 'k7Q+canaryV9/tXw2';

function valuesOf(...all: (readonly [value: string, name: string])[]): OwnValues {
  const values = new OwnValues();
  for (const [value, name] of all) values.addValue(secret, value, name);
  return values;
}

const placesOf = (values: OwnValues, text: string) =>
  values.find(Buffer.from(text)).map(({ start, end }) => Buffer.from(text).subarray(start, end).toString());

describe('values of the own secrets', () => {
  it('are found wherever they stand, with whose they are', () => {
    const values = valuesOf([canary, 'note']);
    const text = `a = "${canary}"; ü ${canary}`;
    assert.deepEqual(placesOf(values, text), [canary, canary]);
    assert.deepEqual(values.find(Buffer.from(text))[0]?.secret, secret);
    assert.deepEqual(placesOf(values, canary), [canary]);
    assert.deepEqual(placesOf(values, canary.slice(0, -1)), []);
    assert.deepEqual(placesOf(values, canary.slice(1)), []);
  });

  it('are found in other spellings', () => {
    const values = valuesOf([canary, 'note']);
    for (const text of [
      encodeURIComponent(canary),
      Buffer.from(canary).toString('base64'),
      Buffer.from(`user:${canary}`).toString('base64'),
      Buffer.from(canary).toString('hex'),
    ])
      assert.equal(values.find(Buffer.from(`x ${text} y`)).length, 1, text);
  });

  it('are found at any place of any text', () => {
    const long = fc.stringMatching(/^[0-9][!-~]{16,60}[a-z]$/).filter((text) => looksRandom(text, 16));
    fc.assert(
      fc.property(fc.string(), long, fc.string(), (before, value, after) => {
        const [start, length] = [Buffer.byteLength(before), value.length];
        const found = valuesOf([value, '']).find(Buffer.from(before + value + after));
        assert.ok(found.some((one) => one.start <= start && one.end >= start + length));
      }),
      { numRuns: 300 },
    );
  });

  it('count if they can hardly stand elsewhere for another reason', () => {
    const counted = (value: string, name: string) => valuesOf([value, name]).size === 1;
    assert.ok(counted('correct horse battery', 'password'));
    assert.ok(counted('hunter2hunter2', 'DB_PASSWORD'));
    assert.ok(counted('postgres://app:geheim99@db.example.com/app', 'url'));
    assert.ok(counted('Zx81kQ4mPp27Lq', 'x'));
    for (const value of ['production', 'localhost', '5432', 'changeme', 'short', 'postgres'])
      assert.ok(!counted(value, 'password'), value);
    for (const value of [
      'https://api.example.com/v1/users',
      'ops@mail.example.com',
      '/var/lib/app/data',
      '2026-11-27T10:00:00Z',
      'eu-central-production-1',
      'a sentence that tells what it is',
      'application/json; charset=utf-8',
    ])
      assert.ok(!counted(value, 'note'), value);
    for (const value of ['<your password>', 'your-password-here', 'xxxxxxxxxxxx', '<<DB_PASSWORD>>'])
      assert.ok(!counted(value, 'password'), value);
  });

  it('come from an opened file: its encrypted entries only', async () => {
    const values = new OwnValues();
    const plain = `password: ${canary}\nopen_unencrypted: Zx81kQ4mPp27LqYY\nsize: 1234567\n`;
    const { text } = await seal(plain, 'yaml', { recipients: [alice.recipient] }, clock);
    const opened = await reopen(text, 'yaml');
    values.add('secrets.yaml', opened);
    opened.dispose();
    assert.equal(values.size, 1);
    assert.deepEqual(values.find(Buffer.from(canary)), [
      { start: 0, end: 17, secret: { file: 'secrets.yaml', entry: 'password' } },
    ]);
    assert.deepEqual(values.find(Buffer.from(text)), []);
  });

  it('are found as what they stand for, where they are base64 of a text, as in a Secret of Kubernetes', async () => {
    const inBase64 = (bytes: string | readonly number[]) => Buffer.from(bytes as string).toString('base64');
    const plain = `token: ${inBase64(`${canary}\n`)}\nbytes: ${inBase64([0, 1, 2, 200, 9, 7, 3, 5, 8])}\n`;
    const { text } = await seal(plain, 'yaml', { recipients: [alice.recipient] }, clock);
    const opened = await reopen(text, 'yaml');
    const values = new OwnValues();
    values.add('k.yaml', opened);
    assert.deepEqual(placesOf(values, `x ${canary} y`), [canary]);
    assert.deepEqual(values.find(Buffer.from(canary))[0]?.secret, { file: 'k.yaml', entry: 'token' });
  });

  it('are looked for at the same speed whatever the text is', () => {
    const values = new OwnValues();
    for (let i = 0; i < 1000; i++) values.addValue(secret, `-----BEGIN ${i} Zx81kQ4mPp27Lq${i * 7919}-----END`, 'key');
    const before = cpuTime();
    values.find(Buffer.from('-----BEGIN '.repeat(400_000)));
    values.find(Buffer.alloc(4_000_000, 'Zx81kQ4mPp27Lq'));
    assert.ok(cpuTime() - before < 3000);
  });
});

describe('names of secrets', () => {
  for (const name of [
    ...[
      'password',
      'DB_PASSWORD',
      'dbPassword',
      'apiKey',
      'API_KEY',
      'client_secret',
      'accessToken',
      'AWS_SECRET_ACCESS_KEY',
    ],
    ...[
      'stripe.secret-key',
      'jwtSecret',
      'passphrase',
      'githubToken',
      'private_key',
      'SESSION_SECRET',
      'pwd',
      'smtp_pass',
    ],
  ])
    it(`${name} is one`, () => assert.ok(namesSecret(name)));
  for (const name of [
    ...[
      'publicKey',
      'author',
      'compass',
      'monkey',
      'tokenizer',
      'passwordHint',
      'secretName',
      'token_url',
      'keyboard',
      'key',
    ],
    ...[
      'PASSWORD_MIN_LENGTH',
      'tokenCount',
      'bypass',
      'primary_key',
      'authorName',
      'secretRef',
      'passed',
      'PASSWORD_FILE',
    ],
  ])
    it(`${name} is none`, () => assert.ok(!namesSecret(name)));
});
