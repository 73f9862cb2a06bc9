import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { type OtherKeys, otherOpeners, useOthers } from '../../../src/core/keys/others.ts';
import { rotate } from '../../../src/core/keys/rotate.ts';
import { addGroup, planForRule, updateKeys } from '../../../src/core/keys/updatekeys.ts';
import { type Opened, open } from '../../../src/core/open/open.ts';
import { parseConfig } from '../../../src/core/rules/rules.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { type ForeignKind, foreignKinds } from '../../../src/core/sops/kinds.ts';
import { timestamp } from '../../../src/core/sops/mac.ts';
import type { KeyName } from '../../../src/core/sops/masterkey.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { alice, bob, clock, keyringOf, later } from '../support.ts';

const arn = 'arn:aws:kms:eu-west-1:111122223333:key/one';
const config = `creation_rules:
  - key_groups:
      - kms:
          - arn: ${arn}
            role: arn:aws:iam::111122223333:role/reader
            context: {team: "a,b:c|d", app: web}
            aws_profile: prod
        gcp_kms: [{resource_id: projects/p/locations/l/keyRings/r/cryptoKeys/k}]
        azure_keyvault: [{vaultUrl: https://v.vault.azure.net, key: k, version: "7"}]
        hc_vault: [https://vault.example.com:8200/v1/deep/transit/keys/main]
        hckms: [{key_id: "eu-west-101:0f1e"}]
        pgp: [FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4]
`;

const plains: readonly (readonly [FormatId, string])[] = [
  ['yaml', 'name: swordfish-1\n'],
  ['json', '{"name": "swordfish-1"}\n'],
  ['dotenv', 'NAME=swordfish-1\n'],
  ['ini', '[part]\nname=swordfish-1\n'],
];

const partsOf = (kms: KeyName['kms']) => (kms ? { ...kms, context: [...kms.context].sort() } : '');

/** Wraps by writing the key down beside the name: what is opened has to be asked for by the same name. */
const plainly: OtherKeys & { readonly asked: string[] } = {
  asked: [],
  wrap: async (dataKey, { kind, name, kms }) =>
    Buffer.from(JSON.stringify([kind, name, partsOf(kms), Buffer.from(dataKey).toString('hex')])).toString('base64'),
  async unwrap({ kind, name, enc, kms }) {
    plainly.asked.push(kind);
    const [k, n, parts, hex] = JSON.parse(Buffer.from(enc, 'base64').toString());
    const same = k === kind && n === name && JSON.stringify(parts) === JSON.stringify(partsOf(kms));
    return same ? Uint8Array.from(Buffer.from(hex, 'hex')) : undefined;
  },
};

const keyring = {
  openers: async () => [],
  asked: async function* (wanted: never) {
    yield* otherOpeners(wanted);
  },
};
const openAgain = (text: string, format: FormatId): Promise<Opened> => open(readSealed(text, format), keyring);
const secretOf = (opened: Opened) => {
  const value = opened.value(opened.sealed.leaves[0]?.id ?? '');
  return value?.type === 'str' ? value.value : undefined;
};

/** When each key was made for the file, as its metadata says. */
const timesIn = (text: string) => [...text.matchAll(/created_at"? *[:=] ?"?([-\dT:]+Z)/g)].map(([, time]) => time);

describe('master keys of other kinds', () => {
  afterEach(() => useOthers(foreignKinds, () => ({ lacks: undefined })));
  const have = (kinds: readonly ForeignKind[] = foreignKinds) => useOthers(kinds, () => plainly);
  const groups = (parseConfig(config).rules?.[0]?.groups ?? []) as readonly (readonly KeyName[])[];

  for (const [format, plain] of plains)
    it(`are written whole, opened one by one, rotated and shared, in ${format}`, async () => {
      have();
      const made = await seal(plain, format, { recipients: [], groups }, clock);
      // What a rule says of each key comes back from the file, the context with its signs.
      const written = readSealed(made.text, format).metadata.groups.flat();
      assert.deepEqual(
        written.map(({ kind, name, kms }) => [kind, name, kms]).sort(),
        groups
          .flat()
          .map(({ kind, name, kms }) => [kind, name, kms && { ...kms, context: [...kms.context].sort() }])
          .sort(),
      );
      assert.deepEqual(timesIn(made.text), Array(6).fill(timestamp(clock.now())));
      for (const kind of foreignKinds) {
        useOthers(foreignKinds, () => ({ lacks: 'program' }));
        have([kind]);
        plainly.asked.length = 0;
        assert.equal(secretOf(await openAgain(made.text, format)), 'swordfish-1');
        assert.deepEqual(plainly.asked, [kind]);
      }
      have();
      const opened = await openAgain(made.text, format);
      const turned = await rotate(opened, later, { add: [{ kind: 'kms', name: 'arn:aws:kms:x:1:key/two' }] });
      assert.equal(secretOf(await openAgain(turned.text, format)), 'swordfish-1');
      assert.equal(readSealed(turned.text, format).metadata.groups.flat().length, groups.flat().length + 1);
      assert.equal(timesIn(turned.text).filter((time) => time === timestamp(later.now())).length, 1);
      const again = await openAgain(turned.text, format);
      const shared = await addGroup(again.sealed, again.dataKey, [{ kind: 'age', name: bob.recipient }], 2, later);
      assert.deepEqual(timesIn(shared.text), Array(7).fill(timestamp(later.now())));
      await assert.rejects(openAgain(shared.text, format), { code: 'NOT_A_RECIPIENT' });
      const both = { ...keyring, openers: (await keyringOf(bob.identity)).openers };
      const opensWithBoth = await open(readSealed(shared.text, format), both);
      assert.equal(opensWithBoth.verdict.ok, true);
    });

  it('take the place of others by a rule, and only those who come are wrapped for', async () => {
    have();
    const { text } = await seal('a: swordfish-2\n', 'yaml', { recipients: [alice.recipient] }, clock);
    const opened = await open(readSealed(text, 'yaml'), await keyringOf(alice.identity));
    const plan = planForRule(opened.sealed.metadata, { groups, shamirThreshold: 0 });
    const change = await updateKeys(opened.sealed, opened.dataKey, plan.groups, plan.threshold.after);
    assert.equal((await openAgain(change.text, 'yaml')).verdict.ok, true);
  });

  it('are refused before anything is wrapped when a kind cannot be had', async () => {
    useOthers(['kms'], () => ({ lacks: 'program' }));
    let wrapped = 0;
    useOthers(['pgp'], () => ({ ...plainly, wrap: async () => `${++wrapped}` }));
    await assert.rejects(
      seal(
        'a: b\n',
        'yaml',
        { recipients: [], groups: [groups[0]?.filter(({ kind }) => kind === 'kms' || kind === 'pgp') ?? []] },
        clock,
      ),
      {
        code: 'FOREIGN_MASTER_KEY',
        place: { kind: 'kms', what: 'program' },
      },
    );
    assert.equal(wrapped, 0);
  });

  it('say first why one of the user did not open a file, and last that others are not there', async () => {
    have();
    const two: readonly KeyName[] = ['A', 'B'].map((digit) => ({ kind: 'pgp', name: digit.repeat(40) }));
    const { text } = await seal('a: b\n', 'yaml', { recipients: [], groups: [two] }, clock);
    for (const own of two) {
      const unwrap = async ({ name }: KeyName) => {
        throw new LockstepError('PGP', { what: name === own.name ? 'cancelled' : 'no-secret' });
      };
      useOthers(['pgp'], () => ({ ...plainly, unwrap }));
      await assert.rejects(openAgain(text, 'yaml'), ({ faults }: { faults: LockstepError[] }) => {
        assert.deepEqual(
          faults.map(({ place }) => place.what),
          ['cancelled', 'no-secret'],
        );
        return true;
      });
    }
  });

  it('are named where nothing opens with the key that a service gave, and gpg is not', async () => {
    const gcp = { kind: 'gcp_kms', name: 'projects/p' } as const;
    const wrong = (length: number) => ({ ...plainly, unwrap: async () => new Uint8Array(length).fill(7) });
    const blamed = (kind: string) => ({ code: 'KEY_SERVICE', place: { kind, what: 'other-key' } });
    for (const [format, plain] of plains) {
      have();
      const { text } = await seal(plain, format, { recipients: [], groups: [[gcp]] }, clock);
      for (const length of [32, 33]) {
        useOthers(['gcp_kms'], () => wrong(length));
        await assert.rejects(openAgain(text, format), blamed('gcp_kms'));
      }
      // A value that was changed is the file's affair: the MAC still opens.
      have();
      const damaged = await openAgain(
        text.replace(/ENC\[AES256_GCM,data:./, (found) => `${found}A`),
        format,
      );
      assert.ok(!damaged.verdict.ok && damaged.verdict.code === 'VALUE_DAMAGED');
    }
    // A part of one group makes another key of all.
    have();
    const groups = [[gcp], [{ kind: 'age', name: alice.recipient }]] as const;
    const { text } = await seal('a: b\n', 'yaml', { recipients: [], groups }, clock);
    const both = { ...keyring, openers: (await keyringOf(alice.identity)).openers };
    for (const length of [32, 33]) {
      useOthers(['gcp_kms'], () => wrong(length));
      await assert.rejects(open(readSealed(text, 'yaml'), both), blamed('gcp_kms'));
    }
    have();
    const pgp = await seal(
      'a: b\n',
      'yaml',
      { recipients: [], groups: [[{ kind: 'pgp', name: 'A'.repeat(40) }]] },
      clock,
    );
    useOthers(['pgp'], () => wrong(32));
    assert.equal((await openAgain(pgp.text, 'yaml')).verdict.ok, false);
  });

  it('say why they did not open a file, and names that are none are refused', async () => {
    have();
    const { text } = await seal('a: b\n', 'yaml', { recipients: [], groups }, clock);
    const failing = async () => {
      throw new LockstepError('KEY_SERVICE', { kind: 'kms', what: 'denied', reason: 'no' });
    };
    useOthers(foreignKinds, () => ({ ...plainly, unwrap: failing }));
    await assert.rejects(openAgain(text, 'yaml'), (error: { code?: string; faults?: { code: string }[] }) => {
      assert.equal(error.code, 'NOT_A_RECIPIENT');
      return error.faults?.length === 6 && error.faults.every(({ code }) => code === 'KEY_SERVICE');
    });
    have();
    const wrong: readonly KeyName[] = [
      { kind: 'hc_vault', name: 'vault.example.com/transit/keys/x' },
      { kind: 'azure_kv', name: 'http://v.vault.azure.net/keys/x/1' },
      { kind: 'kms', name: `${arn}|a:b` },
    ];
    for (const name of wrong)
      await assert.rejects(seal('a: b\n', 'yaml', { recipients: [], groups: [[name]] }, clock), {
        code: 'BAD_RECIPIENT',
        place: { what: 'master-key' },
      });
  });
});
