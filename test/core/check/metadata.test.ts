import assert from 'node:assert/strict';
import { alice } from '../support.ts';
import { lines, Memory } from './memory.ts';

const own = 'canary-7Kq*zX9#wP2';

describe('what another program put among the metadata of an encrypted file', () => {
  let memory: Memory;
  const rules = `creation_rules:\n  - path_regex: \\.enc\\.\n    age: ${alice.recipient} # Alice\n`;
  beforeEach(() => {
    memory = new Memory({ '.sops.yaml': rules });
  });
  const found = async (identity?: string) => {
    const { findings, unopened } = await memory.check(undefined, identity);
    assert.ok(!/canary|hunter/.test(JSON.stringify(findings)), 'names and places only');
    assert.deepEqual(unopened, identity === '' ? memory.paths.filter((path) => path.includes('.enc.')) : []);
    return lines(findings);
  };
  /** What is added to the end of each file. */
  const append = (path: string, more: string) => memory.edit(path, (text) => text.trimEnd() + more);
  const lastLine = (path: string) => String(memory.texts.get(path)).trimEnd().split('\n').length;

  it('is found by its name, in every format, with and without a key', async () => {
    await memory.seal('a.enc.ini', '[db]\nhost = canary\n');
    await memory.seal('a.enc.env', 'HOST=canary\n');
    await memory.seal('a.enc.yaml', 'host: canary\n');
    await memory.seal('a.enc.json', '{"host": "canary"}\n');
    append('a.enc.ini', '\nPASSWORD = hunter2canary\n');
    append('a.enc.env', '\nsops_db_password=hunter2canary\n');
    append('a.enc.yaml', '\n    db:\n        - api_token: hunter2canary\n');
    memory.edit('a.enc.json', (text) => text.replace(/"sops": \{/, '"sops": {\n"password": "hunter2canary",'));
    for (const identity of ['', alice.identity])
      assert.deepEqual(await found(identity), [
        `a.enc.env:${lastLine('a.enc.env')} in-metadata sops_db_password`,
        `a.enc.ini:${lastLine('a.enc.ini')} in-metadata sops.PASSWORD`,
        'a.enc.json:2 in-metadata sops.password',
        `a.enc.yaml:${lastLine('a.enc.yaml')} in-metadata sops.db[0].api_token`,
      ]);
  });

  it('is found by its value, beside a key, in every document, and in a field that only differs in its letters', async () => {
    await memory.seal('a.enc.yaml', 'host: canary\n---\nhost: canary\n');
    memory.edit('a.enc.yaml', (text) =>
      text
        .replace(/( +)- (?=enc:|recipient:)/, '$1- note: ghp_hunter2canary0123456789\n$1  ')
        .replace(/( +)mac: /, '$1Mac: postgres://me:hunter2@db/canary\n$1mac: ')
        .replace(/( +)version: (?![\s\S]*version:)/, '$1text: token=Zp4Kq8Lm2Xt9hunter\n$1version: '),
    );
    const at = (text: string) =>
      String(memory.texts.get('a.enc.yaml'))
        .split('\n')
        .findIndex((line) => line.includes(text)) + 1;
    assert.deepEqual(await found(), [
      `a.enc.yaml:${at('note: ghp_')} in-metadata sops.age[0].note`,
      `a.enc.yaml:${at('Mac: ')} in-metadata sops.Mac`,
      `a.enc.yaml:${at('text: ')} in-metadata 2: sops.text`,
    ]);
  });

  it('is found in a comment there', async () => {
    for (const [path, plain] of [
      ['a.enc.ini', '[db]\nhost = canary\n'],
      ['a.enc.env', 'HOST=canary\n'],
      ['a.enc.yaml', 'host: canary\n'],
    ] as const)
      await memory.seal(path, plain);
    append('a.enc.ini', ' ; password = hunter2canary\n# harmless\n;ghp_hunter2canary0123456789\n');
    append('a.enc.env', '\n#PASSWORD=hunter2canary\n# harmless, the password is elsewhere\n');
    append('a.enc.yaml', ' # password: hunter2canary\n    # harmless\n# api_key=Zp4Kq8Lm2Xt9hunter\n');
    const last = lastLine;
    assert.deepEqual(await found(), [
      `a.enc.env:${last('a.enc.env') - 1} in-metadata`,
      `a.enc.ini:${last('a.enc.ini') - 2} in-metadata`,
      `a.enc.ini:${last('a.enc.ini')} in-metadata`,
      `a.enc.yaml:${last('a.enc.yaml') - 2} in-metadata`,
      `a.enc.yaml:${last('a.enc.yaml')} in-metadata`,
    ]);
  });

  it('is found in a comment that says it in words', async () => {
    await memory.seal('a.enc.yaml', 'host: canary\n');
    append(
      'a.enc.yaml',
      '\n    # password is hunter2hunter2\n    # The old api-token was Zp4Kq8Lm2Xt9hunter, until May.\n',
    );
    const last = lastLine('a.enc.yaml');
    const all = [`a.enc.yaml:${last - 1} in-metadata`, `a.enc.yaml:${last} in-metadata`];
    assert.deepEqual(await found(), all);
    append('a.enc.yaml', '\n    # the key is base64encoded, the password is elsewhere, a token was added in 2024\n');
    assert.deepEqual(await found(), all);
  });

  it('is found where it is the value of a secret or a private key, whatever it is called', async () => {
    await memory.seal('a.enc.ini', `[db]\npassword = "${own}"\n`);
    append('a.enc.ini', `\nnote = "${own}"\nother = ${alice.identity}\n`);
    const last = lastLine('a.enc.ini');
    assert.deepEqual(await found(), [
      `a.enc.ini:${last - 1} own-value db.password`,
      `a.enc.ini:${last} in-metadata sops.other`,
      `a.enc.ini:${last} private-key ${alice.recipient}`,
    ]);
  });

  it('is none where it looks harmless: a later sops may have more fields', async () => {
    const harmless = {
      ...{ lastrotated: '2026-11-27T21:00:00Z', next_token: '2026-11-27', generation: '3', master_key: '12' },
      ...{ checksum: 'ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]', owner: 'maria', empty_password: '' },
      ...{ access_token: 'enabled', secret: 'ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]' },
      ...{ format: 'v2.1', docs: 'https://getsops.io/docs', id: '6f1d7a52-0c0e-4a9c-9d0e-2f3a4b5c6d7e' },
      attention: 'This section contains key material that should only be modified with extra care. See `sops -h`.',
    };
    await memory.seal('a.enc.ini', '[db]\nhost = canary\n');
    await memory.seal('a.enc.env', 'HOST=canary\n');
    await memory.seal('a.enc.yaml', 'host: canary\n');
    const enc = 'Zp4Kq8Lm2Xt9Rb5Vn7Yc3Wd6';
    const fields = Object.entries(harmless);
    append('a.enc.ini', fields.map(([name, value]) => `\n${name} = ${value}`).join(''));
    append('a.enc.env', fields.map(([name, value]) => `\nsops_${name}=${value}`).join(''));
    append(
      'a.enc.yaml',
      fields.map(([name, value]) => `\n    ${name}: ${value.replace(/^(?=\w+ )/, '>-\n        ')}`).join(''),
    );
    append('a.enc.ini', `\nnew_kms__list_0__map_enc = ${enc}\n`);
    append('a.enc.env', `\nsops_new_kms__list_0__map_enc=${enc}\n`);
    append('a.enc.yaml', `\n    new_kms:\n        - enc: ${enc}\n`);
    append('a.enc.yaml', '\n    password: true\n    token: 12\n    keys: [{secret: 2026-11-27}, null, {}]\n');
    assert.deepEqual(await found(), []);
  });

  it('is accepted by its code, in .lockstep/not-secrets', async () => {
    await memory.seal('a.enc.env', 'HOST=canary\n');
    append('a.enc.env', '\nsops_password=hunter2canary\n');
    memory.texts.set('.lockstep/not-secrets', 'a.enc.env | in-metadata | sops_password | 2026-11-27 | a fixture\n');
    assert.deepEqual(await found(), []);
  });
});
