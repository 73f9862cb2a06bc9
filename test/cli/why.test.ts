import assert from 'node:assert/strict';
import { join } from 'node:path';
import { sealIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { useOthers } from '../../src/core/keys/others.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { alice, bob, carol, clock } from '../core/support.ts';
import { Lab } from './lab.ts';

describe('why', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = new Lab();
    const config = `creation_rules:\n  - age:\n      - ${alice.recipient} # Maria\n      - ${bob.recipient} # Bob Ray\n`;
    lab.write('.sops.yaml', config);
    lab.write('secrets.yaml', 'password: canary-plain\n');
    assert.equal((await lab.run(['encrypt', '-i', 'secrets.yaml'])).code, 0);
  });
  afterEach(() => lab.dispose());
  const why = (env: Record<string, string | undefined>, file = 'secrets.yaml', answers?: string[]) =>
    lab.run(['why', file], { env, ...(answers && { answers }) });
  const unseen = (text: string) => assert.ok(!/AGE-SECRET-KEY-1\w|canary|hunter/.test(text), text);

  it('says which key opens a file that opens', async () => {
    const { code, out, err } = await why({ SOPS_AGE_KEY: alice.identity });
    assert.equal(code, 0);
    assert.equal(err, '');
    assert.deepEqual(out.split('\n').slice(0, 7), [
      'secrets.yaml: Your keys open this file, and it matches its MAC.',
      'Who can read it:',
      `  ${alice.recipient} # Maria: yours, opens it`,
      `  ${bob.recipient} # Bob Ray`,
      'Your keys:',
      `  ${alice.recipient} in SOPS_AGE_KEY: opens it`,
      'Keys were looked for in:',
    ]);
    assert.match(out, /^ {2}SOPS_AGE_KEY_FILE: not set$/m);
    assert.doesNotMatch(out, /Next:/);
    unseen(out);
  });

  it('names those who can let one in, the key to send them, and every place', async () => {
    const { code, out } = await why({ SOPS_AGE_KEY: carol.identity, SOPS_AGE_KEYS: 'x' });
    assert.equal(code, 128);
    assert.match(out, /^secrets\.yaml: None of your keys can open this file\.$/m);
    assert.match(out, new RegExp(`^  ${carol.recipient} in SOPS_AGE_KEY: does not open it$`, 'm'));
    assert.match(out, /^ {2}SOPS_AGE_KEYS: set, but no variable of this name is read$/m);
    assert.match(
      out,
      /^Next: Send your public key to one of: Maria \(age18ru0xy8…ty6u\), Bob Ray \(age14zu526z…hqft\)$/m,
    );
    assert.ok(out.includes(`\n  ${carol.recipient}\n`));
    unseen(out);
  });

  it('says where to look when only keys of another kind are missing', async () => {
    useOthers(['gcp_kms'], () => ({ wrap: async () => 'eA==', unwrap: async () => undefined }));
    const groups = [[{ kind: 'age', name: alice.recipient }], [{ kind: 'gcp_kms', name: 'projects/p' }]] as const;
    lab.write('groups.yaml', (await seal('a: canary\n', 'yaml', { recipients: [], groups }, clock)).text);
    const env = { SOPS_AGE_KEY: alice.identity, PATH: lab.folder };
    const { code, out } = await why(env, 'groups.yaml');
    assert.equal(code, 128);
    assert.match(out, /Google Cloud KMS .*or a key service/);
    assert.match(out, /^Next: Keys of one more group are needed\. What they take is said above\.$/m);
    assert.match((await lab.run(['decrypt', 'groups.yaml'], { env })).err, /lockstep why FILE says/);
  });

  it('tells how to get a key where there is none', async () => {
    const { code, out } = await why({ SOPS_AGE_KEY: undefined });
    assert.equal(code, 128);
    assert.match(out, /^secrets\.yaml: There is no key on this machine\.$/m);
    assert.match(out, /^Your keys: none$/m);
    assert.ok(
      out.includes(`Next: Make a key, if you have none: lockstep keygen -o ${join(lab.folder, 'sops/age/keys.txt')}\n`),
    );
    assert.match(out, /Then send its public key to one of: Maria/);
  });

  it('asks for a pass phrase, and says so where nobody can be asked or it is wrong', async () => {
    const keys = lab.write('keys.age', await sealIdentityFile(`${alice.identity}\n`, 'hunter', 10));
    const env = { SOPS_AGE_KEY: undefined, SOPS_AGE_KEY_FILE: keys };
    assert.equal((await why(env, 'secrets.yaml', ['hunter'])).code, 0);
    for (const answers of [undefined, ['a', 'b', 'c', 'hunter']]) {
      const { code, out } = await why(env, 'secrets.yaml', answers);
      assert.equal(code, 128);
      assert.match(out, /Next: One of the places above has a key that was not unlocked\./);
      assert.match(out, answers ? /The pass phrase does not open the key/ : /there is no terminal to ask for it/);
      unseen(out);
    }
  });

  it('tells a file that was changed from one that is for others', async () => {
    const relabelled = lab.read('secrets.yaml').replace(alice.recipient, carol.recipient);
    lab.write('relabelled.yaml', relabelled);
    const { code, out } = await why({ SOPS_AGE_KEY: carol.identity }, 'relabelled.yaml');
    assert.equal(code, 128);
    assert.match(out, new RegExp(`Next: The file names your key ${carol.recipient}, but what is encrypted for it`));
    lab.write(
      'broken.yaml',
      lab.read('secrets.yaml').replace(/mac: ENC\[AES256_GCM,data:..../, 'mac: ENC[AES256_GCM,data:AAAA'),
    );
    const broken = await why({ SOPS_AGE_KEY: alice.identity }, 'broken.yaml');
    assert.equal(broken.code, 51);
    assert.match(broken.out, /^broken\.yaml: The MAC is damaged, so the file cannot be verified\.$/m);
  });

  it('says what opens a file whose keys cannot be had here', async () => {
    const pgp = 'FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4';
    const foreign = [
      `pgp:\n        - created_at: "2026-01-01T00:00:00Z"\n          enc: x\n          fp: ${pgp}`,
      'kms:\n        - arn: arn:aws:kms:eu-west-1:111122223333:key/aaaa\n          created_at: "2026-01-01T00:00:00Z"\n          enc: x\n          aws_profile: ""',
      'hc_vault:\n        - vault_address: https://vault.example\n          engine_path: sops\n          key_name: first\n          created_at: "2026-01-01T00:00:00Z"\n          enc: x',
    ].join('\n    ');
    const text = lab.read('secrets.yaml').replace(/ {4}age:\n(?: {8}.*\n)+/, `    ${foreign}\n`);
    lab.write('foreign.yaml', text);
    const { code, out } = await why({ SOPS_AGE_KEY: carol.identity, PATH: '/nowhere' }, 'foreign.yaml');
    assert.equal(code, 128, out);
    assert.match(out, /^foreign\.yaml: The file opens only with PGP or AWS KMS or HashiCorp Vault\.$/m);
    assert.match(
      out,
      new RegExp(`^  PGP ${pgp}: it needs \`gpg\` for PGP, and the private PGP key; gpg --list-secret-keys`, 'm'),
    );
    assert.match(
      out,
      /^ {2}AWS KMS arn:aws:kms:eu-west-1:111122223333:key\/aaaa: it needs `sops` 3\.9 or newer for AWS KMS, or a key service, and AWS credentials/m,
    );
    assert.match(
      out,
      /^ {2}HashiCorp Vault https:\/\/vault\.example\/v1\/sops\/keys\/first: it needs `sops` 3\.9 or newer for HashiCorp Vault, or a key service, and VAULT_ADDR/m,
    );
    assert.ok(out.includes(`sops rotate -i --add-age ${carol.recipient} FILE\n`));
  });

  it('has the words of other verbs for what is no encrypted file', async () => {
    lab.write('plain.yaml', 'a: b\n');
    for (const [file, code] of [
      ['plain.yaml', 1],
      ['none.yaml', 100],
    ] as const) {
      const ran = await why({}, file);
      assert.equal(ran.code, code);
      assert.equal(ran.out, '');
      assert.ok(ran.err.startsWith(`lockstep: ${file}: `), ran.err);
    }
    assert.equal((await lab.run(['why'])).code, 100);
  });
});
