import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateHybridIdentity } from 'age-encryption';
import { keyText } from '../../src/core/age/armored.ts';
import { sealIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { wrapKey } from '../../src/core/age/wrap.ts';
import { open } from '../../src/core/open/open.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { StandardKeyring } from '../../src/node/identities.ts';
import { outputOf } from '../../src/node/program.ts';
import { builtCli, runCli } from '../cli/built.ts';
import { generateIdentity, parseIdentities, recipientOf, unlockPrivateFile, unwrapKey } from '../core/age/texts.ts';
import { keyFile, sshKeys } from '../core/age/vectors.ts';
import { fixtures } from '../core/shared.ts';
import { alice, bob, clock, keyringOf } from '../core/support.ts';
import { missing, skipFor } from '../skip.ts';
import { Bench, bundledIdentity } from './tools.ts';

const { passphrase } = sshKeys;
const source = 'a: example\n';
const dataKey = new Uint8Array(32).fill(5);

describe('keys of every kind, with the real sops and age', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.dispose());

  const put = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(bench.folder, name)), { recursive: true });
    const path = bench.write(name, content);
    execFileSync('chmod', ['600', path]);
    return path;
  };
  const sealed = async (...recipients: string[]) => (await seal(source, 'yaml', { recipients }, clock)).text;
  const sealedBySops = (recipient: string) => {
    bench.write('plain.yaml', source);
    return bench.sops(['encrypt', '--age', recipient, 'plain.yaml']);
  };
  /** Opens as the command line does: with the sources of sops in this environment. */
  const openWith = async (text: string, env: Record<string, string>, answer?: string) => {
    const whole = { PATH: process.env.PATH, HOME: bench.folder, XDG_CONFIG_HOME: bench.folder, ...env };
    const means = { ask: async () => answer, run: outputOf };
    return open(readSealed(text, 'yaml'), new StandardKeyring(whole, bench.folder, 'linux', means));
  };

  for (const [kind, form] of [
    ['ed25519', 'plain'],
    ['rsa', 'plain'],
    ['rsa', 'pem'],
    ['rsa', 'pkcs8'],
    ['openssl', 'pkcs8'],
  ] as const) {
    it(`SSH ${kind}, ${form}: what one program wrote the others read`, async () => {
      const path = put('key', keyFile(kind, form));
      const env = { SOPS_AGE_SSH_PRIVATE_KEY_FILE: path };
      const line = sshKeys[kind].public;
      put('ours.yaml', await sealed(bob.recipient, line));
      assert.equal(bench.sops(['decrypt', 'ours.yaml'], '', env), source);
      assert.ok((await openWith(sealedBySops(line), env)).verdict.ok);
      assert.deepEqual(new Uint8Array(bench.age(['-d', '-i', path], await wrapKey(dataKey, line))), dataKey);
      const byAge = bench.age(['-a', '-r', line], dataKey).toString();
      assert.deepEqual(await unwrapKey(byAge, keyFile(kind, form)), dataKey);
    });
  }

  for (const [kind, form] of [
    ['ed25519', 'aes256-ctr'],
    ['rsa', 'aes256-ctr of rsa'],
    ['rsa', 'pem protected'],
  ] as const) {
    it(`SSH ${kind} under a pass phrase, ${form}: found in ~/.ssh and asked for, by sops and by us`, async () => {
      const name = kind === 'rsa' ? 'id_rsa' : 'id_ed25519';
      put(`.ssh/${name}`, keyFile(kind, form));
      put(`.ssh/${name}.pub`, sshKeys[kind].public);
      const ours = await sealed(sshKeys[kind].public);
      put('ours.yaml', ours);
      assert.equal(bench.sopsOnTerminal('decrypt ours.yaml', passphrase), source);
      assert.throws(() => bench.sopsOnTerminal('decrypt ours.yaml', 'wrong'));
      for (const text of [ours, sealedBySops(sshKeys[kind].public)]) {
        assert.ok((await openWith(text, {}, passphrase)).verdict.ok);
        await assert.rejects(openWith(text, {}, 'wrong'), { code: 'NO_IDENTITY' });
      }
    });
  }

  it('the command line asks for the pass phrase of an SSH key in ~/.ssh', async () => {
    put('.ssh/id_ed25519', keyFile('ed25519', 'aes256-ctr'));
    bench.write('sealed.yaml', sealedBySops(sshKeys.ed25519.public));
    const decrypt = `${process.execPath} ${await builtCli()} decrypt sealed.yaml`;
    assert.equal(bench.onTerminal(decrypt, passphrase), source);
    // Without a terminal it says what is missing, and fails as sops does.
    const env = { PATH: process.env.PATH, HOME: bench.folder };
    const result = runCli(await builtCli(), ['decrypt', 'sealed.yaml'], bench.folder, env);
    assert.equal(result.status, 128);
    assert.match(result.stderr, /id_ed25519: A key needs its pass phrase/);
  });

  it('ssh-keygen reads what a pass phrase was taken off', async function () {
    skipFor(this, missing('ssh-keygen', spawnSync('ssh-keygen', ['-?']).error === undefined));
    for (const [kind, forms] of Object.entries({ ed25519: sshKeys.ed25519.files, rsa: sshKeys.rsa.files })) {
      for (const [form, file] of Object.entries(forms)) {
        if (form === '3des-cbc' || form === 'pkcs8 protected') continue;
        const path = put('key', await unlockPrivateFile(file, passphrase));
        const line = execFileSync('ssh-keygen', ['-y', '-P', '', '-f', path], { encoding: 'utf8' });
        const known = sshKeys[kind as 'rsa'].public.split(' ').slice(0, 2);
        assert.deepEqual(line.trim().split(' ').slice(0, 2), known, form);
      }
    }
  });

  it('post-quantum keys: what one program wrote the other reads', async () => {
    const identity = await generateHybridIdentity();
    const recipient = await recipientOf(identity);
    assert.match(recipient, /^age1pq1/);
    bench.write('ours.yaml', await sealed(recipient, bob.recipient));
    assert.equal(bench.sops(['decrypt', 'ours.yaml'], identity), source);
    const opened = await open(readSealed(sealedBySops(recipient), 'yaml'), await keyringOf(identity));
    assert.equal(opened.openedBy, recipient);
    assert.ok((await openWith(sealedBySops(recipient), { SOPS_AGE_KEY: identity })).verdict.ok);
  });

  it('key files under a pass phrase: sops opens ours, and we open those of age, in armor or not', async () => {
    const identity = await generateIdentity();
    const text = await sealed(await recipientOf(identity));
    bench.write('ours.yaml', text);
    const ours = bench.write('ours.age', await sealIdentityFile(`# me\n${identity}\n`, passphrase, 10));
    const env = { SOPS_AGE_KEY_FILE: ours };
    assert.ok((await openWith(text, env, passphrase)).verdict.ok);
    assert.equal(bench.sopsOnTerminal('decrypt ours.yaml', passphrase, env), source);
    assert.throws(() => bench.sopsOnTerminal('decrypt ours.yaml', 'wrong', env));
    bench.write('key.txt', `${identity}\n`);
    const bundled = await bundledIdentity();
    for (const [flags, name] of [
      ['-p -a', 'armored.age'],
      ['-p', 'binary.age'],
    ]) {
      assert.ok(bench.ageOnTerminal(`${flags} -o ${name} key.txt`, `${passphrase}\n${passphrase}`));
      const file = keyText(readFileSync(join(bench.folder, name ?? '')));
      assert.equal(await bundled.openIdentityFile(file, passphrase), `${identity}\n`);
    }
  });

  it('key files under a pass phrase: one of another age', async () => {
    const vectors = JSON.parse(readFileSync(join(fixtures, 'age-vectors.json'), 'utf8'));
    const { armored, passphrase: words } = vectors.passphrase_protected_identity_file;
    const { openIdentityFile } = await bundledIdentity();
    assert.deepEqual(parseIdentities(await openIdentityFile(armored, words)), [vectors.x25519.identity]);
  });

  it('the sources of identities give the same with sops and with us', async () => {
    const plugin = 'AGE-PLUGIN-YUBIKEY-1QQPQPQYZVZX4YU4Q0H2VG';
    const text = await sealed(alice.recipient);
    bench.write('ours.yaml', text);
    const good = put('good.txt', `# me\r\n\r\n${bob.identity}\r\n${alice.identity}\r\n`);
    const bad = put('bad.txt', `${alice.identity}\njunk\n`);
    const other = put('other.txt', `${bob.identity}\n`);
    put('show me.sh', `#!/bin/sh\ntest "$SOPS_AGE_RECIPIENT" = ${alice.recipient} && cat "$1"\n`);
    const script = `/bin/sh '${join(bench.folder, 'show me.sh')}'`;
    const cases: [Record<string, string>, boolean][] = [
      [{}, false],
      [{ SOPS_AGE_KEY: alice.identity }, true],
      [{ SOPS_AGE_KEY: `${bob.identity} ${alice.identity}` }, true],
      [{ SOPS_AGE_KEY: `# x\n${bob.identity}\n\n${alice.identity}\n` }, true],
      [{ SOPS_AGE_KEY: `# ${alice.identity}` }, false],
      [{ SOPS_AGE_KEY: bob.identity }, false],
      [{ SOPS_AGE_KEY: plugin }, false],
      [{ SOPS_AGE_KEY_FILE: good }, true],
      [{ SOPS_AGE_KEY_FILE: other }, false],
      [{ SOPS_AGE_KEY_FILE: bad }, false],
      [{ SOPS_AGE_KEY_FILE: bad, SOPS_AGE_KEY: alice.identity }, true],
      [{ SOPS_AGE_KEY_FILE: '/nowhere', SOPS_AGE_KEY: alice.identity }, true],
      [{ SOPS_AGE_KEY_FILE: bad, SOPS_AGE_KEY: bob.identity }, false],
      [{ SOPS_AGE_KEY_CMD: `${script} ${good}` }, true],
      [{ SOPS_AGE_KEY_CMD: `${script} "${good}" # and a comment` }, true],
      [{ SOPS_AGE_KEY_CMD: `${script} good.txt; true` }, false],
      [{ SOPS_AGE_KEY_CMD: `cat $HOME/good.txt` }, false],
      [{ SOPS_AGE_KEY_CMD: `cat '${good}` }, false],
      [{ SOPS_AGE_KEY_CMD: 'false', SOPS_AGE_KEY: alice.identity }, true],
      [{ SOPS_AGE_SSH_PRIVATE_KEY_FILE: good, SOPS_AGE_KEY: alice.identity }, true],
      [{ SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'false', SOPS_AGE_KEY: alice.identity }, true],
    ];
    for (const [env, expected] of cases) {
      // Bench sets SOPS_AGE_KEY; an empty one gives nothing.
      const status = bench.trySops(['decrypt', 'ours.yaml'], '', env).status;
      assert.equal(status === 0, expected, `sops with ${JSON.stringify(env)}`);
      const ours = await openWith(text, env).then(
        (opened) => opened.verdict.ok,
        () => false,
      );
      assert.equal(ours, expected, `we with ${JSON.stringify(env)}`);
    }
    put('sops/age/keys.txt', readFileSync(good));
    assert.equal(bench.sops(['decrypt', 'ours.yaml'], ''), source);
    assert.ok((await openWith(text, {})).verdict.ok);
  });
});
