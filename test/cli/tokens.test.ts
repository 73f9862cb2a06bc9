import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useNative } from '../../src/core/platform/native.ts';
import { tokenFormats } from '../../src/core/tokens/formats.ts';
import { nodeNative } from '../../src/node/native.ts';
import { fixtures } from '../core/shared.ts';
import { alice } from '../core/support.ts';
import { type Given, Lab } from './lab.ts';

const vectors = JSON.parse(readFileSync(join(fixtures, 'token-vectors.json'), 'utf8'));
const { flet_600k: flet, flet_gcm: gcm, flowfile, anvil, dotenvx, rails, ansible, age_scrypt: age } = vectors;
const fernetKey = Buffer.alloc(32, 7).toString('base64url');
const secret = 'canary: häß\nlich, on two lines';

describe('encrypt-string and decrypt-string', function () {
  this.timeout(30_000);
  let lab: Lab;
  before(() => useNative(nodeNative));
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  const run = async (args: string, given: Given = {}) => {
    const ran = await lab.run(args.split(' '), given);
    assert.doesNotMatch(ran.err, /canary|correct horse/);
    return ran;
  };
  const good = async (args: string, given: Given = {}) => {
    const { code, err, out } = await run(args, given);
    assert.equal(code, 0, err);
    return out;
  };
  const refused = async (args: string, code: number, words: RegExp, given: Given = {}) => {
    const ran = await run(args, given);
    assert.deepEqual([ran.code, ran.out], [code, ''], ran.err);
    assert.match(ran.err, words);
  };

  const samples: readonly (readonly [format: string, seal: string, open?: string])[] = [
    ['flet', 'correct horse'],
    ['flet-gcm', 'correct horse'],
    ['fernet', fernetKey],
    ['anvil', anvil.key_b64],
    ['flowfile', flowfile.master_key],
    ['dotenvx', dotenvx.public_key, dotenvx.private_key],
    ['kestra', 'not asked for'],
  ];
  for (const [format, seal, open = seal] of samples)
    it(`${format}: there and back, byte by byte`, async () => {
      const value = await good(`encrypt-string --format ${format} --key-env KEY`, {
        stdin: secret,
        env: { KEY: seal },
      });
      assert.match(value, /^[\x21-\x7e]+$/);
      const kind = format as keyof typeof tokenFormats;
      assert.equal(Buffer.from(await tokenFormats[kind].open(value, open)).toString('utf8'), secret);
      const back = { stdin: `${value}\n`, env: { KEY: open } };
      assert.equal(await good(`decrypt-string --key-env KEY --format ${format}`, back), secret);
      const unmarked = ['flet-gcm', 'anvil', 'kestra'].includes(format);
      if (!unmarked) assert.equal(await good('decrypt-string --key-env KEY', back), secret);
      else await refused('decrypt-string --key-env KEY', 25, /does not say what it is/, back);
    });

  it('age: for public keys, with the keys that open files or those that are given; under a pass phrase', async () => {
    const sealed = await good(`encrypt-string --format age --recipient ${alice.recipient}`, { stdin: secret });
    assert.match(sealed, /^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    assert.equal(await good('decrypt-string', { stdin: sealed }), secret);
    const alone = {
      stdin: sealed,
      env: { SOPS_AGE_KEY: undefined, MINE: alice.identity, OTHER: vectors.age_x25519.identity },
    };
    assert.equal(await good('decrypt-string --key-env MINE', alone), secret);
    await refused('decrypt-string --key-env OTHER', 128, /None of your keys opens this value/, alone);
    await refused('decrypt-string', 128, /key/i, alone);
    assert.equal(
      await good('decrypt-string --key-env P', { stdin: age.armored, env: { P: age.passphrase } }),
      age.plaintext,
    );
  });

  it('what others wrote, by its mark; AES-GCM of Flet by --format flet', async () => {
    for (const [value, key, plain] of [
      [rails.file, rails.master_key, rails.plaintext],
      [ansible.v12, ansible.password, ansible.plaintext],
      [flet.ciphertext, flet.secret_key, flet.plaintext],
    ])
      assert.equal(await good('decrypt-string --key-env KEY', { stdin: value, env: { KEY: key } }), plain);
    const old = { stdin: gcm.ciphertext, env: { KEY: gcm.secret_key } };
    assert.equal(await good('decrypt-string --key-env KEY --format flet', old), gcm.plaintext);
  });

  it('the key from an open file, without its line end', async () => {
    const file = openSync(lab.write('key', `${fernetKey}\r\n`), 'r');
    const value = await good(`encrypt-string --format fernet --key-fd ${file}`, { stdin: secret });
    closeSync(file);
    assert.equal(await good('decrypt-string --key-env KEY', { stdin: value, env: { KEY: fernetKey } }), secret);
    const large = openSync(lab.write('large', 'x'.repeat(70_000)), 'r');
    await refused(`decrypt-string --key-fd ${large}`, 1, /not open, empty, or too long/, { stdin: value });
    closeSync(large);
    for (const bad of ['0', '2', '-1', 'x', '9999', String(large)])
      await refused(`decrypt-string --key-fd=${bad}`, 1, /--key-fd/, { stdin: value });
  });

  it('a hidden question, twice for a new pass phrase', async () => {
    const value = await good('encrypt-string --format flet', {
      stdin: secret,
      answers: ['correct horse', 'correct horse'],
    });
    assert.deepEqual(lab.asked, ['Pass phrase (nothing is shown): ', 'The same again: ']);
    assert.equal(await good('decrypt-string', { stdin: value, answers: ['correct horse'] }), secret);
    await refused('encrypt-string --format flet', 1, /two different texts/, { stdin: secret, answers: ['one', 'two'] });
    await refused('encrypt-string --format flet', 1, /nobody to ask.*\n.*--key-env/, { stdin: secret });
    for (const answers of [[], ['correct horse']])
      await refused('encrypt-string --format flet', 1, /There is no answer/, { stdin: secret, answers });
    await refused('encrypt-string --format flet', 128, /empty/, { stdin: secret, answers: ['', ''] });
  });

  it('a clear refusal for each kind of fault', async () => {
    const env = { KEY: flet.secret_key, F: fernetKey, BAD: 'canary key', NONE: '' };
    const value = await good('encrypt-string --format fernet --key-env F', { stdin: secret, env });
    const open = (stdin: string, more = '--key-env F', code = 25, words = /./) =>
      refused(`decrypt-string ${more}`, code, words, { stdin, env });
    await open(value.slice(0, -30), undefined, 25, /A part of the value is missing/);
    await open(`${value.slice(0, 50)}!${value.slice(51)}`, undefined, 25, /The value was altered/);
    await open(
      `${value.slice(0, 50)}${value[50] === 'A' ? 'B' : 'A'}${value.slice(51)}`,
      undefined,
      128,
      /does not open the value/,
    );
    await open(value, '--key-env BAD', 128, /This is no Fernet key/);
    await open(flet.ciphertext, '--key-env BAD', 128, /The key or pass phrase does not open the value/);
    await open(value, '--format flet --key-env F', 1, /a value of fernet, and not of flet/);
    await open('ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]', undefined, 1, /value of a SOPS file/);
    await open('A'.repeat(6_000_000), undefined, 1, /larger than 1 MB/);
    for (const nothing of ['', ' \n']) await open(nothing, undefined, 92, /There is no value/);
    await open(value, '--format nonsense', 1, /does not know this format/);
    await open(value, '--key-env NONE', 1, /not set, or empty/);
    await open(value, '--key-env F --key-fd 3', 8, /contradict/);
    const seal = (more: string, code: number, words: RegExp, stdin: string | Uint8Array = secret) =>
      refused(`encrypt-string ${more}`, code, words, { stdin, env });
    await seal('--key-env F', 1, /Which format/);
    await seal('--format rails --key-env F', 1, /only reads this format/);
    await seal('--format flet --key-env F', 1, /larger than 1 MB/, Buffer.alloc(1024 * 1024 + 1, 'x'));
    await seal('--format flet --key-env F', 25, /It is not text/, Uint8Array.of(0xff));
    await seal('--format dotenvx --key-env F', 128, /no public key of dotenvx/);
    await seal(`--format age --recipient ${alice.recipient} --key-env F`, 8, /contradict/);
    await seal(`--format flet --recipient ${alice.recipient}`, 8, /for age alone/);
    await seal('--format age --recipient age1canary', 1, /public key/);
    await seal('--format flowfile --user-id -1 --key-env F', 1, /--user-id/);
  });

  it('says that a line break at the end is a part of the value', async () => {
    const { err, out } = await run('encrypt-string --format kestra', { stdin: 'canary\n' });
    assert.equal(out, Buffer.from('canary\n').toString('base64'));
    assert.match(err, /ends with a line break/);
  });

  it('records what was decrypted, and no value', async () => {
    await good('decrypt-string --key-env KEY', { stdin: rails.file, env: { KEY: rails.master_key } });
    const { out } = await lab.run(['log', 'list']);
    assert.match(out, /\tdecrypt\t.*a value of rails\tstandard output/);
  });
});
