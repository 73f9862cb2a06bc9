// SSH keys in every form that ssh-keygen writes: npx tsx test/core/age/vectors/make.ts
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const passphrase = 'example pass phrase';

/** Kinds of keys, and how ssh-keygen is asked for them. */
const kinds: Record<string, readonly string[]> = {
  ed25519: ['-t', 'ed25519'],
  rsa: ['-t', 'rsa', '-b', '2048'],
  shortRsa: ['-t', 'rsa', '-b', '1024'],
  ecdsa: ['-t', 'ecdsa'],
};

const ciphers = [
  ...['aes128-ctr', 'aes192-ctr', 'aes256-ctr', 'aes128-cbc', 'aes192-cbc', 'aes256-cbc', '3des-cbc'],
  ...['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com'],
];

/** Forms of one key: the arguments that change a plain key into it, for the kinds that have it. */
const forms: Record<string, { readonly of: readonly string[]; readonly args: readonly string[] }> = {
  pem: { of: ['rsa'], args: ['-m', 'PEM', '-N', ''] },
  pkcs8: { of: ['rsa'], args: ['-m', 'PKCS8', '-N', ''] },
  'pem protected': { of: ['rsa'], args: ['-m', 'PEM', '-N', passphrase] },
  'pkcs8 protected': { of: ['rsa'], args: ['-m', 'PKCS8', '-N', passphrase] },
  ...Object.fromEntries(
    ciphers.map((cipher) => [cipher, { of: ['ed25519'], args: ['-Z', cipher, '-N', passphrase, '-a', '2'] }]),
  ),
  'aes256-ctr of rsa': { of: ['rsa'], args: ['-N', passphrase, '-a', '2'] },
};

const folder = mkdtempSync(join(tmpdir(), 'lockstep-vectors-'));
const keygen = (...args: string[]) =>
  execFileSync('ssh-keygen', ['-q', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });

function make(kind: string): { public: string; files: Record<string, string> } {
  const path = join(folder, kind);
  keygen(...(kinds[kind] ?? []), '-N', '', '-C', 'example', '-f', path);
  const files: Record<string, string> = { plain: readFileSync(path, 'utf8') };
  for (const [form, { of, args }] of Object.entries(forms)) {
    if (!of.includes(kind)) continue;
    copyFileSync(path, `${path}.form`);
    keygen('-p', '-P', '', ...args, '-f', `${path}.form`);
    files[form] = readFileSync(`${path}.form`, 'utf8');
  }
  return { public: readFileSync(`${path}.pub`, 'utf8').trim(), files };
}

/** ssh-keygen writes no Ed25519 key in PKCS#8; OpenSSL does. */
function makeByOpenssl(): { public: string; files: Record<string, string> } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const wire = Buffer.concat([Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20', 'latin1'), point]);
  const files = { pkcs8: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) };
  return { public: `ssh-ed25519 ${wire.toString('base64')}`, files };
}

const made = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, make(kind)]));
rmSync(folder, { recursive: true });
const target = join(dirname(fileURLToPath(import.meta.url)), 'sshkeys.json');
writeFileSync(target, `${JSON.stringify({ passphrase, ...made, openssl: makeByOpenssl() }, null, 2)}\n`);
