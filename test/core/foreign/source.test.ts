// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are what loaders put variables into.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { utf8 } from '../../../src/core/bytes.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import { textOf } from '../../../src/core/foreign/found.ts';
import { flowfileMasterKey } from '../../../src/core/foreign/read/keyfiles.ts';
import { readForeign } from '../../../src/core/foreign/read/source.ts';
import type { System } from '../../../src/core/foreign/read/systems.ts';
import { fernetKey, sealFernet } from '../../../src/core/tokens/fernet.ts';
import { clock } from '../support.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));
const vectors = JSON.parse(fixture('token-vectors.json').toString());

interface Given {
  readonly keys?: readonly string[];
  readonly from?: System;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly root?: string;
}

/** What is read of a file, with the files beside it that were asked for. */
async function read(name: string, content: string | Uint8Array, { keys = [], from, files = {}, root }: Given = {}) {
  const asked: string[] = [];
  const beside = {
    root,
    read: async (path: string) => {
      asked.push(path);
      const found = files[path];
      return typeof found === 'string' ? utf8(found) : found;
    },
  };
  const bytes = typeof content === 'string' ? utf8(content) : content;
  return { ...(await readForeign({ name, bytes, from, keys, beside })), asked };
}

type Read = Awaited<ReturnType<typeof read>>;

/** `path kind = value` of each, or why there is none. */
const told = ({ found }: Read) =>
  found.map(({ path, kind, value, why }) => `${path.join('.')} ${kind} ${value ? `= ${textOf(value)}` : why}`);

const failsWith = (code: string, what?: string) => (error: unknown) =>
  error instanceof LockstepError && error.code === code && (error.place as { what?: string }).what === what;

describe('a file of another system', () => {
  const [dotenvx]: [string] = vectors.dotenvx.values.HELLO;
  const { private_key: privateKey } = vectors.dotenvx;
  const env = `DOTENV_PUBLIC_KEY="${vectors.dotenvx.public_key}"\nHELLO="${dotenvx}"\nPLAIN=as-it-is\n`;

  it('is opened with the key file of dotenvx beside it', async () => {
    const files = { '.env.keys': `# comment\nDOTENV_PRIVATE_KEY=${privateKey}\n` };
    const found = await read('/p/.env', env, { files });
    assert.deepEqual(told(found), ['HELLO dotenvx = World', 'PLAIN plain = as-it-is']);
    assert.deepEqual(found.keyFiles, ['.env.keys']);
    assert.equal(found.isAll, true);
  });

  it('finds that key file where its public key says, or in the folder of the project, and nothing by another name', async () => {
    const named = (path: string) => env.replace('"\nHELLO', `" # -fk ${path}\nHELLO`);
    const keys = `DOTENV_PRIVATE_KEY=${'0'.repeat(63)}1,${privateKey}\n`;
    const there = await read('/p/a/.env', named('../.env.keys'), { files: { '../.env.keys': keys } });
    assert.deepEqual([told(there)[0], there.keyFiles], ['HELLO dotenvx = World', ['../.env.keys']]);
    const root = await read('/p/a/b/.env', env, { root: '../..', files: { '../../.env.keys': keys } });
    assert.deepEqual(root.keyFiles, ['../../.env.keys']);
    const hostile = await read('/p/.env', named('../../etc/shadow'), { files: { '../../etc/shadow': keys } });
    assert.deepEqual([told(hostile)[0], hostile.asked], ['HELLO dotenvx key', ['.env.keys']]);
    assert.deepEqual((await read('/p/.env', 'A=1\n', { files: { '.env.keys': keys } })).asked, []);
  });

  it('keeps numbers and dates as they are written where a SOPS file would give back others', async () => {
    const text =
      'pin: &p 0123\nport: 80\nbig: 12345678901234567890\nday: 2020-01-01\nsame: *p\nlist: [1.50, a]\nq: "0123"\n';
    assert.deepEqual(told(await read('a.yaml', text)).slice(0, 5), [
      ...['pin number = 0123', 'port plain = undefined', 'big number = 12345678901234567890'],
      ...['day number = 2020-01-01', 'same number = 0123'],
    ]);
    const { found } = await read('a.yaml', text);
    assert.deepEqual(found.map(({ kind, line }) => [kind, line]).slice(5), [
      ['number', 6],
      ['plain', 7],
    ]);
    const json = '{"a": 1.5, "b": [12345678901234567890], "c": "\\"", "d": 1e999}';
    assert.deepEqual(
      (await read('a.json', json)).found.map(({ kind }) => kind),
      ['plain', 'number', 'plain', 'number'],
    );
    const compose = 'services:\n  a:\n    environment:\n      A: 0123\n';
    assert.deepEqual(told(await read('a.yml', compose)), ['A plain = 83']);
    assert.deepEqual(
      told(await read('a.yml', `${compose}      B: 12345678901234567890\n`))[1],
      'B plain = 12345678901234567890',
    );
  });

  it('says why a value is missing', async () => {
    const other = `DOTENV_PRIVATE_KEY=${'0'.repeat(63)}1\n`;
    assert.equal(told(await read('.env', env, { files: { '.env.keys': other } }))[0], 'HELLO dotenvx wrong-key');
    assert.equal(told(await read('.env', env, { keys: ['a pass phrase'] }))[0], 'HELLO dotenvx key');
    const cut = env.replace(dotenvx, dotenvx.slice(0, 60));
    assert.equal(told(await read('.env', cut, { keys: [privateKey] }))[0], 'HELLO dotenvx damaged');
  });

  it('may hold Flet, Fernet, Flowfile and Anvil values anywhere, each opened with the key that fits', async () => {
    const key = Buffer.alloc(32, 7).toString('base64url');
    const fernet = await sealFernet(utf8('of fernet'), fernetKey(key), clock.now());
    const { flet_600k: flet, flet_100k: old, flet_gcm: gcm, flowfile, anvil } = vectors;
    const text = `a: {b: ${fernet}, list: [x, ${fernet}]}\nflet: ${flet.ciphertext}\nold: ${old.ciphertext}\ngcm: ${gcm.ciphertext}\nflow: ${flowfile.stored}\nanvil: ${anvil.payload}\nplain: text\n`;
    const keys = [key, flet.secret_key, flowfile.master_key, anvil.key_b64];
    const found = await read('a.yaml', text, { keys });
    const list = found.found.find(({ path }) => path.join() === 'a,list')?.value;
    assert.equal(list?.kind === 'list' && list.items.map((item) => textOf(item)).join(), 'x,of fernet');
    assert.deepEqual(
      told(found).filter((line) => !line.includes('list')),
      [
        'a.b fernet = of fernet',
        'flet flet = héllo flet',
        'old flet = héllo flet',
        'gcm flet = héllo flet',
        'flow flowfile = s3cr3t-db-pw',
        'anvil anvil = Ada Lovelace',
        'plain plain = text',
      ],
    );
    const without = told(await read('a.yaml', text));
    assert.deepEqual(without.slice(0, 4), ['a.b fernet key', 'a.list fernet key', 'flet flet key', 'old flet key']);
    assert.equal(without[6], `anvil plain = ${anvil.payload}`, 'nothing tells it from other base64 without its key');
  });

  it('is decrypted as a whole, and in it inline, for ansible-vault', async () => {
    const { ansible } = vectors;
    for (const version of ['v11', 'v12'])
      assert.deepEqual(told(await read('group_vars/all.yml', ansible[version], { keys: ['no', ansible.password] })), [
        'db_password ansible = hunter2',
      ]);
    const other = vectors.ansible_repo_fixture;
    const whole = await read('secret.vault.txt', other.v11, { keys: [other.password] });
    assert.deepEqual(told(whole), [`secret ansible = ${other.plaintext}`]);
    const inline = `a: !vault |\n  ${ansible.v11.trim().replaceAll('\n', '\n  ')}\nb: plain\n`;
    assert.deepEqual(told(await read('vars.yml', inline, { keys: [ansible.password] })), [
      `a ansible = ${ansible.plaintext}`,
      'b plain = plain',
    ]);
    assert.deepEqual(told(await read('vars.yml', inline, { keys: ['wrong'] }))[0], 'a ansible wrong-key');
    await assert.rejects(read('all.yml', ansible.v11), failsWith('FOREIGN_FILE', 'key'));
    await assert.rejects(read('all.yml', ansible.v11, { keys: ['wrong'] }), failsWith('BAD_TOKEN_KEY'));
  });

  it('is decrypted with the key of Rails beside it', async () => {
    const { rails } = vectors;
    const files = { 'master.key': `${rails.master_key}\n` };
    const found = await read('/app/config/credentials.yml.enc', rails.file, { files });
    assert.deepEqual([told(found), found.keyFiles], [['aws.access_key_id plain = undefined'], ['master.key']]);
    assert.deepEqual(found.found[0]?.value, { kind: 'scalar', scalar: { type: 'int', value: 123n } });
    const own = { ...files, 'production.key': rails.master_key };
    const production = await read('/app/config/credentials/production.yml.enc', rails.file, { files: own });
    assert.deepEqual(production.keyFiles, ['production.key']);
    await assert.rejects(read('credentials.yml.enc', rails.file), failsWith('FOREIGN_FILE', 'key'));
  });

  it('may be the database of Flowfile, with the log beside it', async () => {
    const { flowfile } = vectors;
    const database = new Uint8Array(fixture('foreign/flowfile-wal.db'));
    const files = { 'catalog.db-wal': new Uint8Array(fixture('foreign/flowfile-wal.db-wal')) };
    const found = await read('/f/catalog.db', database, { files, keys: [flowfile.master_key] });
    assert.deepEqual(told(found), ['db_password flowfile = s3cr3t-db-pw', 'late flowfile = s3cr3t-db-pw']);
    assert.equal(found.isAll, false);
    assert.deepEqual(told(await read('/f/catalog.db', database)), ['db_password flowfile key']);
    const journal = { 'catalog.db-journal': Uint8Array.of(0xd9, 0xd5, 0x05, 0xf9) };
    await assert.rejects(read('catalog.db', database, { files: journal }), failsWith('FOREIGN_FILE', 'busy'));
  });

  it('gives the master key that Flowfile keeps outside Docker', async () => {
    const key = Buffer.alloc(32, 9).toString('base64url');
    const store = await sealFernet(utf8('{"master_key": "canary-master"}'), fernetKey(key), clock.now());
    assert.equal(await flowfileMasterKey(store, `${key}\n`), 'canary-master');
    const odd = await sealFernet(utf8('[1]'), fernetKey(key), clock.now());
    await assert.rejects(flowfileMasterKey(odd, key), failsWith('FOREIGN_FILE', 'damaged'));
  });

  it('is taken for Kestra where it shows, or where somebody says so', async () => {
    const { kestra } = vectors;
    const text = `${kestra.env ?? 'SECRET_MYPASSWORD=bXlQcml2YXRlQ29kZQ=='}\n`;
    assert.deepEqual(told(await read('.env', text)), ['MYPASSWORD kestra = myPrivateCode']);
    assert.deepEqual(told(await read('.env', text, { from: 'dotenv' })), [
      'SECRET_MYPASSWORD plain = bXlQcml2YXRlQ29kZQ==',
    ]);
    const mixed = `${text}SECRET_PIN=1234\n`;
    assert.equal(told(await read('.env', mixed))[0], 'SECRET_MYPASSWORD plain = bXlQcml2YXRlQ29kZQ==');
    assert.equal(told(await read('.env', mixed, { from: 'kestra' }))[0], 'MYPASSWORD kestra = myPrivateCode');
    const compose = 'services:\n  kestra:\n    environment:\n      SECRET_A: bXlQcml2YXRlQ29kZQ==\n      LANG: C\n';
    const found = await read('docker-compose.yml', compose);
    assert.deepEqual([found.system, told(found)], ['compose', ['A kestra = myPrivateCode', 'LANG plain = C']]);
  });

  it('lists what only Anvil has the key of, and opens what a key is known for', async () => {
    const { anvil } = vectors;
    const text = `secrets:\n  one: {type: secret, value: {APP1: ${anvil.payload}, APP2: AAAA}}\n`;
    const listed = await read('anvil.yaml', text);
    assert.deepEqual(
      [listed.system, told(listed), listed.found[0]?.apps],
      ['anvil', ['one anvil-hosted hosted'], ['APP1', 'APP2']],
    );
    const opened = await read('anvil.yaml', text, { keys: [anvil.key_b64] });
    assert.deepEqual(told(opened), ['one.APP1 anvil = Ada Lovelace', 'one anvil-hosted hosted']);
    const server = await read('config.yaml', 'app: A\nsecret: {a: x}\nencryption-key: {b: y}\n');
    assert.deepEqual(
      [server.system, told(server)],
      ['app-server', ['secret.a plain = x', 'encryption_keys.b anvil-key = y']],
    );
  });

  it('is known by its name and marks', async () => {
    const system = async (name: string, text: string) => (await read(name, text)).system;
    assert.equal(await system('a.properties', 'a=1'), 'properties');
    assert.equal(await system('a.cfg', '[a]\nb=1\n'), 'ini');
    assert.equal(await system('.env.local', 'a=1'), 'dotenv');
    assert.equal(await system('prod.env', 'a=1'), 'dotenv');
    assert.equal(await system('x', '{"a": 1}'), 'json');
    assert.equal(await system('x', '# c\n\nexport A=1\n'), 'dotenv');
    assert.equal(await system('x.yml', 'a: 1\n'), 'yaml');
    await assert.rejects(read('x', 'what is this'), failsWith('FOREIGN_FILE', 'unknown'));
  });

  it('is refused with a pointer where only another program has its key, and where it is ours', async () => {
    await assert.rejects(read('.env', '\0GITCRYPT\0abc'), failsWith('FOREIGN_FILE', 'git-crypt'));
    await assert.rejects(read('a.env.gpg', Uint8Array.of(0x85, 1, 2)), failsWith('FOREIGN_FILE', 'blackbox'));
    await assert.rejects(read('x', '-----BEGIN PGP MESSAGE-----\n'), failsWith('FOREIGN_FILE', 'blackbox'));
    const sops = 'A=ENC[AES256_GCM,data:aa==,iv:a=,tag:a==,type:str]\nsops_mac=x\nsops_version=3.9.0\n';
    await assert.rejects(read('.env', sops), failsWith('ALREADY_ENCRYPTED'));
  });

  it('stops where it is told to', async () => {
    let left = 2;
    const beside = { read: async () => undefined };
    const file = { name: 'a.json', bytes: utf8('{"a":"1","b":"2","c":"3"}'), keys: [], beside };
    const { found } = await readForeign(file, { cancelled: () => left-- === 0 });
    assert.deepEqual(
      found.map(({ path }) => path.join()),
      ['a', 'b'],
    );
  });
});
