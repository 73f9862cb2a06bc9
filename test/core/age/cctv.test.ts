import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { armor } from 'age-encryption';
import * as vectors from 'cctv-age';
import { keyText, openIdentityFile, parseIdentities } from '../../../src/core/age/identity.ts';
import { unwrapKey } from '../../../src/core/age/wrap.ts';
import { utf8 } from '../../../src/core/bytes.ts';
import { LockstepError } from '../../../src/core/errors.ts';

/** A file of age's test kit (C2SP CCTV): lines that say what it is, and what an implementation is given. */
interface Vector {
  readonly name: string;
  readonly expect: string;
  readonly payload: string | undefined;
  readonly armored: boolean;
  readonly identities: readonly string[];
  readonly passphrases: readonly string[];
  readonly file: Uint8Array;
}

function readVector(name: string, bytes: Uint8Array): Vector {
  const all = Buffer.from(bytes);
  const end = all.indexOf('\n\n');
  const lines = all.subarray(0, end).toString().split('\n');
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}: `)).map((line) => line.slice(key.length + 2));
  const known = ['expect', 'payload', 'identity', 'passphrase', 'armored', 'file key', 'comment', 'compressed'];
  for (const line of lines) assert.ok(known.includes(line.split(': ')[0] ?? ''), line);
  const rest = all.subarray(end + 2);
  return {
    name,
    expect: values('expect')[0] ?? '',
    payload: values('payload')[0],
    armored: values('armored')[0] === 'yes',
    identities: values('identity'),
    passphrases: values('passphrase'),
    file: values('compressed')[0] === 'zlib' ? inflateSync(rest) : rest,
  };
}

/** What our functions make of a file: its bytes, or undefined when they refuse it. */
async function opened({ file, identities, passphrases }: Vector): Promise<Uint8Array | undefined> {
  const text = textOf(file);
  if (text === undefined) return undefined;
  for (const identity of identities) {
    assert.deepEqual(parseIdentities(identity), [identity]);
    const found = await unwrapKey(text, identity);
    if (found) return found;
  }
  for (const passphrase of passphrases) {
    try {
      return utf8(await openIdentityFile(text, passphrase));
    } catch (error) {
      assert.ok(error instanceof LockstepError, `${error}`);
    }
  }
  return undefined;
}

function textOf(file: Uint8Array): string | undefined {
  try {
    return keyText(file);
  } catch (error) {
    assert.ok(error instanceof LockstepError);
    return undefined;
  }
}

const all = Object.entries(vectors).map(([name, bytes]) => readVector(name, bytes));
const expectations = ['success', 'no match', 'HMAC failure', 'header failure', 'payload failure', 'armor failure'];

describe('the test vectors of age', () => {
  it('are all here', () => {
    assert.equal(all.length, 143);
    for (const { expect } of all) assert.ok(expectations.includes(expect), expect);
    assert.ok(all.filter((one) => one.expect === 'success').length > 20);
  });

  for (const vector of all) {
    const { name, expect, payload, file } = vector;
    it(`${name}: ${expect}`, async function () {
      // Several vectors cost scrypt work, and the test runner makes that slow.
      this.timeout(60_000);
      const found = await opened(vector);
      if (expect !== 'success') assert.equal(found, undefined);
      else
        assert.equal(
          createHash('sha256')
            .update(found ?? '')
            .digest('hex'),
          payload,
        );
      if (expect === 'success' && vector.armored) {
        const bytes = armor.decode(keyText(file));
        assert.deepEqual(armor.decode(keyText(bytes)), bytes);
      }
    });
  }
});
