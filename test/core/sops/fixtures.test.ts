import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, faults, LockstepError } from '../../../src/core/errors.ts';
import { formatOf as formatOfText } from '../../../src/core/format/which.ts';
import { DataKey } from '../../../src/core/keys/datakey.ts';
import { open, openWith } from '../../../src/core/open/open.ts';
import { unsealBytes } from '../../../src/core/open/unseal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { valueBytes } from '../../../src/core/sops/value.ts';
import { parseIdentities } from '../age/texts.ts';
import { fixtures } from '../shared.ts';
import { formatOf, keyringOf } from '../support.ts';

interface Vector {
  data_key_hex: string;
  leaves: { aad: string; enc: string; go_type: string; plain_b64: string }[];
}

const list = (set: string) => readdirSync(join(fixtures, set));
const handled = /\.(ya?ml|json|env|ini)$/;
const read = (...parts: string[]) => readFileSync(join(fixtures, ...parts), 'utf8');
const identities = () => parseIdentities(read('generated/identities.txt'));

/** sops's exit code for each negative file, as our code. */
const refusals: Record<string, string> = {
  'duplicate-top-level-key.yaml': 'DUPLICATE_KEY',
  'key-removed.yaml': 'MAC_MISMATCH',
  'lastmodified-changed.yaml': 'MAC_DAMAGED',
  'lastmodified-unquoted.yaml': 'BAD_METADATA',
  'list-items-swapped.yaml': 'MAC_MISMATCH',
  'mac-ciphertext-tampered.yaml': 'MAC_DAMAGED',
  'no-mac.yaml': 'MAC_MISSING',
  'no-sops-metadata.yaml': 'NO_METADATA',
  'no-version.yaml': 'BAD_VERSION',
  'non-string-where-ciphertext-expected.yaml': 'BAD_ENVELOPE',
  'plaintext-added.yaml': 'BAD_ENVELOPE',
  'two-crypt-rules.yaml': 'CONFLICTING_SELECTORS',
  'unencrypted-value-added.yaml': 'MAC_MISMATCH',
  'unknown-datatype.yaml': 'BAD_VALUE_TYPE',
  'values-swapped-between-keys.yaml': 'VALUE_DAMAGED',
};

describe('files made by sops', () => {
  const age = ['generated', 'earlier'].flatMap((set) =>
    list(set)
      .filter((file) => handled.test(file) && file.includes('.enc.'))
      .map((file) => [set, file] as const),
  );

  for (const [set, file] of age) {
    const ssh = file.startsWith('ssh-only');
    it(`${set}/${file} opens, with every value and its MAC`, async () => {
      const text = read(set, file);
      const keys = ssh ? parseIdentities(read('generated/ssh_ed25519_test_key')) : identities();
      const opened = await open(readSealed(text, formatOf(file)), await keyringOf(...keys));
      assert.deepEqual(opened.verdict, { ok: true });
      const vector =
        (JSON.parse(read(set, 'vectors.json')) as Record<string, Vector>)[file] ?? assert.fail('no vector');
      assert.equal(Buffer.from(opened.dataKey.raw).toString('hex'), vector.data_key_hex);
      const expected = vector.leaves.filter((leaf) => leaf.go_type !== 'sops.Comment').map((leaf) => leaf.plain_b64);
      const found = opened.sealed.leaves
        .filter((leaf) => leaf.encrypted)
        .map((leaf) => {
          const value = opened.value(leaf.id);
          return value && value.type !== 'null' ? Buffer.from(valueBytes(value)).toString('base64') : undefined;
        });
      assert.deepEqual(found, expected);
    });
  }

  const byDataKey = [
    'format.enc.env',
    'format.enc.json',
    'format.enc.yaml',
    'format.enc.ini',
    'format-2.enc.ini',
    'comments.enc.yaml',
    'plain-comments.enc.yaml',
    'multiple-keys.enc.yaml',
    'no-mac.enc.yaml',
  ];
  for (const file of byDataKey) {
    it(`pgp/${file} opens with its data key`, async () => {
      const sealed = readSealed(read('pgp', file), formatOf(file));
      assert.ok(sealed.metadata.foreign.some((key) => key.kind === 'pgp'));
      const vector = (JSON.parse(read('pgp/vectors.json')) as Record<string, Vector>)[file] ?? assert.fail('no vector');
      const opened = await openWith(
        sealed,
        await DataKey.from(Uint8Array.from(Buffer.from(vector.data_key_hex, 'hex'))),
      );
      if (file === 'no-mac.enc.yaml') assert.equal(opened.verdict.ok ? '' : opened.verdict.code, 'MAC_MISSING');
      else assert.deepEqual(opened.verdict, { ok: true });
    });
  }

  it('covers every negative file', () => {
    const files = list('negative').filter((file) => file.endsWith('.yaml') && !file.startsWith('POSITIVE'));
    assert.deepEqual(files.sort(), Object.keys(refusals).sort());
  });

  for (const [file, code] of Object.entries(refusals)) {
    it(`negative/${file} is refused as ${code}, with the exit code of sops`, async () => {
      const found = await refusal(read('negative', file));
      assert.equal(found, code);
      const row = read('negative/expected.tsv')
        .split('\n')
        .find((line) => line.startsWith(`${file}\t`));
      assert.equal(String(faults[found as ErrorCode].exit), row?.split('\t')[1]);
    });
  }

  it('every encrypted file has a test here', () => {
    const tested = new Set([...age.map(([set, file]) => `${set}/${file}`), ...byDataKey.map((file) => `pgp/${file}`)]);
    for (const [set, file] of binary) tested.add(`${set}/${file}`);
    for (const set of ['generated', 'earlier', 'pgp']) {
      for (const file of list(set)) {
        const looks = /"?mac"?[:=]|^sops_mac=|^mac +=/m.test(readFileSync(join(fixtures, set, file), 'latin1'));
        if (looks && !file.startsWith('vectors')) assert.ok(tested.has(`${set}/${file}`), `${set}/${file}`);
      }
    }
  });

  for (const file of list('negative').filter((name) => name.startsWith('POSITIVE'))) {
    it(`negative/${file} opens`, async () => assert.equal(await refusal(read('negative', file)), undefined));
  }

  const binary = [
    ['generated', 'allbytes.enc.bin', 'allbytes.input.bin'],
    ['generated', 'empty.enc.bin', 'empty.input.bin'],
    ['earlier', 'example.enc.txt', 'example.input.txt'],
  ] as const;
  for (const [set, file, plain] of binary) {
    it(`${set}/${file} gives back its bytes`, async () => {
      const text = read(set, file);
      assert.equal(formatOfText(file, text), 'binary');
      const opened = await open(readSealed(text, 'binary'), await keyringOf(...identities()));
      assert.deepEqual(opened.verdict, { ok: true });
      assert.deepEqual(Buffer.from(await unsealBytes(opened)), readFileSync(join(fixtures, set, plain)));
    });
  }
});

async function refusal(text: string): Promise<string | undefined> {
  try {
    const opened = await open(readSealed(text, 'yaml'), await keyringOf(...identities()));
    if (opened.verdict.ok) return undefined;
    return opened.verdict.failures[0]?.code;
  } catch (error) {
    assert.ok(error instanceof LockstepError);
    return error.code;
  }
}
