import assert from 'node:assert/strict';
import { ageOpener } from '../../../src/core/age/opener.ts';
import { PrivateKey } from '../../../src/core/age/private/privatekey.ts';
import { readingOf } from '../../../src/core/backup/check.ts';
import type { Keyring } from '../../../src/core/keys/keyring.ts';
import { seal } from '../../../src/core/seal/seal.ts';

describe('what keys make of a file', () => {
  const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
  const ringOf = async (key: PrivateKey): Promise<Keyring> => {
    const opener = ageOpener(key, {
      label: 'a',
      recipient: await key.recipient(),
      source: { kind: 'passphrase', name: 'backup' },
    });
    return { openers: async () => [opener] };
  };

  it('tells their own files from those of others, damaged ones and plain ones', async () => {
    const [mine, other] = [PrivateKey.generate(), PrivateKey.generate()];
    const ring = await ringOf(mine);
    const sealed = async (key: PrivateKey) =>
      (await seal('a: canary\nb: 2\n', 'yaml', { recipients: [await key.recipient()] }, clock)).text;
    const own = await sealed(mine);
    assert.equal(await readingOf('a.yaml', own, ring), 'opens');
    assert.equal(await readingOf('a.yaml', own, ring), 'opens', 'and once more');
    assert.equal(await readingOf('a.yaml', await sealed(other), ring), 'shut');
    assert.equal(await readingOf('a.yaml', own.replace(/^b: .*\n/m, ''), ring), 'damaged');
    assert.equal(await readingOf('secrets.yaml', 'a: canary\n', ring), 'plain');
    assert.equal(await readingOf('a.yaml', own.replace(/^sops:[\s\S]*/m, ''), ring), 'broken');
  });
});
