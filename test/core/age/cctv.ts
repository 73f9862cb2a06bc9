import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { armor } from 'age-encryption';
import { keyText } from '../../../src/core/age/armored.ts';
import { openIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import { utf8 } from '../../../src/core/bytes.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import type { Vector } from './kit.ts';
import { parseIdentities, unwrapKey } from './texts.ts';

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

/** A test for each of some vectors of age. */
export function testVectors(vectors: readonly Vector[]): void {
  for (const vector of vectors) {
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
}

/** Vectors of many megabytes, or with the work of scrypt. */
export const isSlow = ({ passphrases, file }: Vector) => passphrases.length > 0 || file.length > 1_000_000;
