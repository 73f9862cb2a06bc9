import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keyText } from '../../../src/core/age/armored.ts';
import { openIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import { pemText, readPem } from '../../../src/core/age/private/pem.ts';
import { checkRecipient } from '../../../src/core/age/recipient.ts';
import { wrapKey } from '../../../src/core/age/wrap.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import { alice, bob } from '../support.ts';
import { parseIdentities, readKeyText, unlockPrivateFile, unwrapKey } from './texts.ts';
import { keyFile, sshKeys } from './vectors.ts';

const numRuns = Number(process.env.LOCKSTEP_RUNS ?? 300);

/** Nothing but our error, which repeats nothing of the text. */
function judge(error: unknown): void {
  assert.ok(error instanceof LockstepError, `${error}`);
  assert.match(error.message, /^[A-Z_0-9]+( \([a-z0-9-]+\))?( at line \d+)?$/);
  assert.match(error.code, /^(BAD_IDENTITY|BAD_RECIPIENT|BAD_PASSPHRASE|NOT_UTF8)$/);
}

async function survives(text: string, read: (text: string) => unknown): Promise<void> {
  try {
    await read(text);
  } catch (error) {
    judge(error);
  }
}

/** Files of every form, by name. */
const files = [
  ...Object.values(sshKeys.ed25519.files),
  ...Object.values(sshKeys.rsa.files),
  keyFile('openssl', 'pkcs8'),
  keyFile('ecdsa'),
];

/** A private key file with some of its bytes changed, cut or repeated. */
const damaged = fc
  .tuple(
    fc.constantFrom(...files),
    fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 0, max: 255 })),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    fc.constantFrom('change', 'cut', 'double'),
  )
  .map(([file, changes, how]) => {
    const pem = readPem(file) ?? assert.fail();
    let bytes = Uint8Array.from(pem.bytes);
    for (const [place, byte] of changes) bytes[Math.floor(place * bytes.length)] = byte;
    const at = Math.floor((changes[0]?.[0] ?? 0) * bytes.length);
    if (how === 'cut') bytes = bytes.slice(0, at);
    if (how === 'double') bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes]);
    return pemText(pem.type, bytes);
  });

/** Text in which the marks of key files come up often. */
const marks = [
  ...['-----BEGIN ', '-----END ', 'OPENSSH PRIVATE KEY', 'RSA PRIVATE KEY', '-----', '\n', '\r\n', ' ', '#'],
  ...[
    'AGE-SECRET-KEY-1',
    'AGE-SECRET-KEY-PQ-1',
    'AGE-PLUGIN-X-1',
    'AGE ENCRYPTED FILE',
    'age-encryption.org/v1\n',
    'age1',
  ],
  ...['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,', 'ssh-rsa AAAAB3NzaC1yc2E', 'ssh-ed25519 ', alice.identity],
];
const messy = fc
  .array(fc.oneof(fc.constantFrom(...marks), fc.string({ unit: 'binary', maxLength: 8 }), fc.base64String()), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

describe('hostile key files', () => {
  it('of damaged bytes are read or refused, and never more', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, async (text) => {
        await survives(text, readKeyText);
        await survives(text, (file) => parseIdentities(`# x\n${file}\n${alice.identity}`));
      }),
      { numRuns },
    );
  });

  it('of damaged bytes are opened with a pass phrase or refused', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, async (text) => {
        // A changed number of rounds may cost a while: those of up to 2048 are honest.
        const bytes = readPem(text)?.bytes;
        const at = bytes ? Buffer.from(bytes).indexOf('bcrypt') : -1;
        if (bytes && at >= 0 && bytes.length > at + 34) new DataView(bytes.buffer).setUint32(at + 30, 1);
        const file = bytes ? pemText(readPem(text)?.type ?? '', bytes) : text;
        await survives(file, (file) => unlockPrivateFile(file, sshKeys.passphrase));
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });

  it('of any text are read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(messy, async (text) => {
        await survives(text, parseIdentities);
        await survives(text, checkRecipient);
        await survives(text, (file) => unlockPrivateFile(file, 'x'));
        await survives(text, (file) => openIdentityFile(file, 'x'));
        assert.equal(await unwrapKey(text, bob.identity), undefined);
        assert.equal(await unwrapKey(await wrapped, text), undefined);
      }),
      { numRuns },
    );
  });

  it('of any bytes are text or refused', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ maxLength: 60 }).map((tail) => Buffer.concat([Buffer.from('age-encryption.org/v1\n'), tail])),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        await survives('', async () => openIdentityFile(keyText(content), 'x'));
      }),
      { numRuns },
    );
  });

  it('that are very long are refused in linear time', async () => {
    const n = 200_000;
    for (const text of [
      '-----BEGIN A PRIVATE KEY-----\n'.repeat(n / 20),
      `-----BEGIN RSA PRIVATE KEY-----\n${'A: b\n'.repeat(n)}`,
      `-----BEGIN RSA PRIVATE KEY-----\n${'AAAA\n'.repeat(n)}-----END X`,
      'A'.repeat(n),
      `ssh-rsa ${'A'.repeat(4 * n)}`,
      `age1${'1'.repeat(n)}`,
      `AGE-PLUGIN-${'A1-'.repeat(n)}`,
      '-----BEGIN AGE ENCRYPTED FILE-----\n'.repeat(n / 20),
    ]) {
      await survives(text, parseIdentities);
      await survives(text, checkRecipient);
      await survives(text, (file) => openIdentityFile(file, 'x'));
    }
  });

  const wrapped = wrapKey(new Uint8Array(32), bob.recipient);
});
