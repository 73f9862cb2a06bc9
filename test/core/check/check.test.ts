import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { alice, bob, carol } from '../support.ts';
import { lines, Memory } from './memory.ts';

const rules = (...people: string[]) =>
  `creation_rules:\n  - path_regex: \\.enc\\.\n    age:\n${people.map((one, i) => `      - ${one} # Person ${i}\n`).join('')}`;
const password = 'canary-7Kq*zX9#wP2';

describe('what should not be committed', () => {
  let memory: Memory;
  beforeEach(async () => {
    memory = new Memory({ '.sops.yaml': rules(alice.recipient), 'main.ts': 'export {};\n' });
    await memory.seal('a.enc.yaml', `db:\n  password: "${password}"\nnote_unencrypted: hello\n`);
  });
  const found = async (...args: Parameters<Memory['check']>) => {
    const { findings } = await memory.check(...args);
    assert.ok(!JSON.stringify(findings).includes('canary'), 'names and places only');
    return lines(findings);
  };

  it('is nothing in a repository that is as it should be', async () => {
    assert.deepEqual(await memory.check(), { findings: [], unopened: [], unread: new Map() });
  });

  it('plaintext that a rule wants encrypted, at each line; by its name alone it is a warning', async () => {
    memory.texts.set('b.enc.yaml', 'x: canary-1\nin:\n  - canary-2\n  - y: canary-3\n');
    memory.texts.set('.env', 'A=canary-4\n');
    memory.texts.set('c.enc.env', 'A=canary\n broken');
    memory.texts.set('store.p12', 'canary');
    assert.deepEqual(await found(), [
      '.env:1 plain-name A',
      'b.enc.yaml:1 plain x',
      'b.enc.yaml:3 plain in[0]',
      'b.enc.yaml:4 plain in[1].y',
      'c.enc.env:2 plain',
      'store.p12 plain-name',
    ]);
  });

  it('lists the first places of very many', async () => {
    memory.texts.set('b.enc.yaml', Array.from({ length: 70 }, (_, i) => `k${i}: canary-${i}\n`).join(''));
    const { findings } = await memory.check();
    assert.deepEqual([findings.length, findings.at(-1)?.more], [50, 20]);
  });

  it('plaintext in the place of a ciphertext', async () => {
    memory.edit('a.enc.yaml', (text) =>
      text.replace(/password: .*/, 'password: canary-typed\n  port: 5432\n  none: null'),
    );
    assert.deepEqual(await found(undefined, ''), [
      'a.enc.yaml:2 in-clear db.password',
      'a.enc.yaml:3 in-clear db.port',
    ]);
  });

  it('plaintext that the selector of the rule would have encrypted', async () => {
    await memory.seal('a.enc.yaml', 'password: canary\nname: canary\n', undefined, {
      kind: 'encrypted_suffix',
      suffix: 'word',
    });
    assert.deepEqual(await found(), ['a.enc.yaml:2 rule-selects name']);
  });

  it('values and MACs that do not verify, where a key is at hand; and a MAC that is missing in any case', async () => {
    await memory.seal('b.enc.env', 'A=canary-1\nB=canary-2\n');
    const other = String(memory.texts.get('b.enc.env'));
    memory.edit('b.enc.env', (text) => text.replace(/^A=.*$/m, `A=${/^B=(.*)$/m.exec(text)?.[1]}`));
    memory.edit('a.enc.yaml', (text) => text.replace('note_unencrypted: hello', 'note_unencrypted: bye'));
    assert.deepEqual(await found(), ['a.enc.yaml:16 damaged', 'b.enc.env:1 damaged A']);
    const without = await memory.check(undefined, '');
    assert.deepEqual([without.findings, without.unopened], [[], ['a.enc.yaml', 'b.enc.env']]);
    memory.texts.set('b.enc.env', other.replace(/^sops_mac=.*\n/m, ''));
    memory.edit('a.enc.yaml', (text) => text.replace('note_unencrypted: bye', 'note_unencrypted: hello'));
    for (const identity of ['', alice.identity])
      assert.deepEqual(await found(undefined, identity), ['b.enc.env:3 damaged']);
  });

  it('a value that begins as a ciphertext and is none, with and without a key', async () => {
    memory.edit('a.enc.yaml', (text) => text.replace('ENC[AES256_GCM,data:', 'ENC[AES256_GCM,data:!'));
    for (const identity of ['', alice.identity])
      assert.deepEqual(await found(undefined, identity), ['a.enc.yaml:2 damaged db.password']);
    memory.edit('a.enc.yaml', (text) => text.replace(/ENC.*,type:/, 'ENC[AES256_GCM,plain words,type:'));
    assert.deepEqual(await found(), ['a.enc.yaml:2 damaged db.password']);
  });

  it('readers that differ from the rule, and a rule that is missing or names nobody', async () => {
    await memory.seal('b.enc.yaml', 'a: canary\n', [alice.recipient, bob.recipient]);
    await memory.seal('c.yaml', 'a: canary\n');
    memory.texts.set('.sops.yaml', rules(alice.recipient, carol.recipient));
    const { findings } = await memory.check();
    assert.deepEqual(lines(findings), ['a.enc.yaml:4 readers', 'b.enc.yaml:2 readers', 'c.yaml:2 no-rule']);
    assert.deepEqual([findings[0]?.extra, findings[0]?.lacks], [[], [carol.recipient]]);
    assert.deepEqual([findings[1]?.extra, findings[1]?.lacks], [[bob.recipient], [carol.recipient]]);
    memory.texts.set('.sops.yaml', 'creation_rules:\n  - path_regex: enc\n    key_groups: []\n  - {age: []}\n');
    assert.deepEqual(await found(), ['a.enc.yaml:4 bad-rule', 'b.enc.yaml:2 bad-rule', 'c.yaml:2 bad-rule']);
  });

  it('a .sops.yaml that cannot be read, once and not for each file; keys without an owner', async () => {
    memory.texts.set('sub/.sops.yaml', `creation_rules: [\n`);
    memory.texts.set('.sops.yaml', `creation_rules:\n  - age: ${bob.recipient}\n# ${carol.recipient}\n`);
    memory.texts.delete('a.enc.yaml');
    assert.deepEqual(await found(), [`.sops.yaml:2 nobodys-key ${bob.recipient}`, 'sub/.sops.yaml:2 bad-rule']);
    memory.texts.set('.sops.yaml', 'creation_rules:\n  - kms: arn:aws:kms:eu-west-1:111122223333:key/one\n');
    assert.deepEqual(await found(), ['sub/.sops.yaml:2 bad-rule']);
  });

  it('a file in the middle of a merge, and one that cannot be read', async () => {
    memory.edit('a.enc.yaml', (text) => `<<<<<<< ours\n${text}=======\n>>>>>>> theirs\n`);
    memory.texts.set('secrets.yaml', new LockstepError('TOO_LARGE'));
    memory.texts.set('b.enc.yaml', 'a: ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]\n');
    memory.texts.set('big.bin', new LockstepError('TOO_LARGE'));
    const { findings, unread } = await memory.check();
    assert.deepEqual(lines(findings), ['a.enc.yaml:1 conflict', 'b.enc.yaml unreadable', 'secrets.yaml unread']);
    assert.deepEqual(
      [...unread],
      [
        ['secrets.yaml', 'TOO_LARGE'],
        ['big.bin', 'TOO_LARGE'],
      ],
    );
  });

  it('a secret file in another encoding: no ciphertext is', async () => {
    memory.texts.set('utf16.enc.yaml', new LockstepError('NOT_UTF8'));
    memory.texts.set('picture.bin', new LockstepError('NOT_UTF8'));
    assert.deepEqual(await found(), ['utf16.enc.yaml unreadable']);
  });

  it('plaintext that was left behind, by the names of programs, and copies beside encrypted files', async () => {
    const sealed = String(memory.texts.get('a.enc.yaml'));
    const plain = 'db:\n  password: other-canary\nnote_unencrypted: hi\n';
    for (const name of ['.decrypted~a.enc.yaml', 'a.enc.yaml.dec', 'a.enc.dec.yaml', 'a.enc.yaml.bak', 'a.yaml'])
      memory.texts.set(name, plain);
    // Nothing to tell of these: encrypted, empty, or with other entries.
    for (const [name, text] of [
      ['a.enc.yaml.orig', sealed],
      ['a.enc.yaml.old', ''],
      ['sub/a.yaml', plain],
      ['b.yaml', 'db: {password: ""}\n'],
    ] as const)
      memory.texts.set(name, text);
    await memory.seal('b.enc.yaml', `db:\n  password: another-canary\n`);
    assert.deepEqual(await found(), [
      '.decrypted~a.enc.yaml left-over',
      '.decrypted~a.enc.yaml:2 plain db.password',
      'a.enc.dec.yaml left-over',
      'a.enc.dec.yaml:2 plain db.password',
      'a.enc.yaml.bak left-over',
      'a.enc.yaml.dec left-over',
      'a.yaml left-over',
    ]);
  });

  it('the values of secrets in other files, and private keys that open them', async () => {
    memory.texts.set('src/config.ts', `// a\nconst pw = '${password}';\n`);
    memory.texts.set('keys.txt', `# mine\n${alice.identity}\n`);
    memory.texts.set('others.txt', `${bob.identity}\n`);
    assert.deepEqual(await found(), [
      `keys.txt:2 private-key ${alice.recipient}`,
      'src/config.ts:2 own-value db.password',
    ]);
    const { findings } = await memory.check();
    assert.equal(findings.at(-1)?.of, 'a.enc.yaml');
    assert.ok(!JSON.stringify(findings).includes('AGE-SECRET'));
    assert.deepEqual(await found((path) => path === 'main.ts'), []);
    assert.deepEqual(await found((path) => path === 'src/config.ts'), ['src/config.ts:2 own-value db.password']);
    assert.deepEqual(await found((path) => path === 'src/config.ts', ''), []);
  });

  it('the values of secrets in files of which something else is told, or was accepted', async () => {
    const note = (path: string, rule: string) => `${path} | ${rule} | * | 2026-11-27 | a fixture\n`;
    memory.texts.set('.env', `A=canary-1\nPW=${password}\n`);
    memory.texts.set('.vscode/launch.json', `{"env": {"A": "lockstep:x#gone", "PW": "${password}"}}\n`);
    memory.texts.set('test/b.enc.yaml', `x: ${password}\n`);
    memory.texts.set('.lockstep/not-secrets', note('test/**', 'plain'));
    assert.deepEqual(await found(), [
      '.env:1 plain-name A',
      '.env:2 plain-name PW',
      '.env:2 own-value db.password',
      '.vscode/launch.json:1 missing gone',
      '.vscode/launch.json:1 own-value db.password',
      'test/b.enc.yaml:1 own-value db.password',
    ]);
  });

  it('the same in what an encrypted file has in clear text, as kubectl leaves a copy in an annotation', async () => {
    const data = Buffer.from('canary-Zp4Kq8Lm2Xt').toString('base64');
    const copy = JSON.stringify({ data: { token: data } });
    const manifest = `kind: Secret\nmetadata:\n  annotations:\n    last-applied: '${copy}'\ndata:\n  token: ${data}\n`;
    const selector = makeSelector('encrypted_regex', '^data$');
    memory.texts.set('.sops.yaml', `${rules(alice.recipient)}    encrypted_regex: '^data$'\n`);
    memory.texts.delete('a.enc.yaml');
    await memory.seal('b.enc.yaml', manifest, undefined, selector);
    // The name of a key is in its metadata, as in every file.
    await memory.seal('c.enc.yaml', `data:\n  secret: ${alice.recipient}\n`, undefined, selector);
    assert.deepEqual(await found(), ['.sops.yaml:4 own-value data.secret', 'b.enc.yaml:4 own-value data.token']);
    assert.deepEqual(await found((path) => path === 'b.enc.yaml'), ['b.enc.yaml:4 own-value data.token']);
  });

  it('the same in UTF-16, as PowerShell writes text', async () => {
    const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
    memory.texts.set('out.txt', utf16(`one\r\n${password}\r\n`));
    memory.texts.set('out.log', utf16(`one\r\n${password}\r\n`).swap16());
    memory.texts.set('keys.txt', utf16(`# mine\r\n${alice.identity}\r\n`));
    assert.deepEqual(await found(), [
      `keys.txt:2 private-key ${alice.recipient}`,
      'out.log:2 own-value db.password',
      'out.txt:2 own-value db.password',
    ]);
  });

  it('but not what somebody has said to be as it should be, in .lockstep/not-secrets', async () => {
    memory.texts.set('test/b.enc.yaml', 'x: canary-1\ny: canary-2\n');
    memory.texts.set('copy.ts', `'${password}'\n`);
    const note = (path: string, rule: string, name: string) => `${path} | ${rule} | ${name} | 2026-11-27 | a fixture\n`;
    memory.texts.set('.lockstep/not-secrets', note('test/**', 'plain', 'x') + note('copy.ts', 'plain', '*'));
    assert.deepEqual(await found(), ['copy.ts:1 own-value db.password', 'test/b.enc.yaml:2 plain y']);
    memory.texts.set('.lockstep/not-secrets', note('test/**', '*', '*') + note('copy.ts', 'own-secret', '-'));
    assert.deepEqual(await found(), []);
  });

  it('in files that are wanted; a rule that is wanted is about all of its files', async () => {
    await memory.seal('b.enc.yaml', 'a: canary\n', [bob.recipient]);
    memory.texts.set('c.enc.yaml', 'a: canary\n');
    memory.edit('a.enc.yaml', (text) =>
      text.replace(/^sops:\n(.*\n)*? {4}mac: .*\n/m, (all) => all.replace(/ {4}mac: .*\n/, '')),
    );
    assert.deepEqual(await found((path) => path === 'main.ts'), []);
    assert.deepEqual(await found((path) => path === 'b.enc.yaml'), ['b.enc.yaml:2 readers']);
    assert.deepEqual(await found((path) => path === '.sops.yaml'), ['b.enc.yaml:2 readers', 'c.enc.yaml:1 plain a']);
  });
});
