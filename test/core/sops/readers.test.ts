import assert from 'node:assert/strict';
import { generateHybridIdentity } from 'age-encryption';
import { bareRecipient } from '../../../src/core/age/sshkey.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { LabelError } from '../../../src/core/keys/openedentry.ts';
import { requireStillOpens } from '../../../src/core/keys/proof.ts';
import { rotate } from '../../../src/core/keys/rotate.ts';
import { unwrapDataKey } from '../../../src/core/keys/unwrap.ts';
import {
  addGroup,
  addRecipients,
  ageNames,
  deleteGroup,
  newWraps,
  planKeys,
  removeRecipients,
  updateKeys,
} from '../../../src/core/keys/updatekeys.ts';
import { open } from '../../../src/core/open/open.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { generateIdentity, parseIdentities, recipientOf } from '../age/texts.ts';
import { keyFile, sshKeys } from '../age/vectors.ts';
import { alice, bob, carol, clock, keyringOf, later } from '../support.ts';

const plain: Partial<Record<FormatId, string>> = {
  yaml: 'a: one\nb: two\n',
  json: '{"a": "one"}\n',
  dotenv: 'A=one\n',
  ini: '[s]\na = one\n',
};
const stranger = carol.recipient;
let newcomer: string;
before(async () => {
  newcomer = await recipientOf(await generateIdentity());
});

const sealedFor = async (format: FormatId, groups: string[][], shamirThreshold = 0) =>
  (await seal(plain[format] ?? '', format, { recipients: [], groups: groups.map(ageNames), shamirThreshold }, clock))
    .text as string;

describe('a list of readers that somebody changed without the key', () => {
  const changes = (text: string, format: FormatId, identity: string) => {
    const opened = async () => open(readSealed(text, format), await keyringOf(identity));
    const with2 = async <T>(work: (file: Awaited<ReturnType<typeof opened>>) => Promise<T>) => work(await opened());
    return {
      rotate: () => with2((file) => rotate(file, later)),
      'rotate and add': () => with2((file) => rotate(file, later, { addAge: [newcomer] })),
      'rotate and remove': () => with2((file) => rotate(file, later, { rmAge: [stranger] })),
      'update keys': () => with2((file) => updateKeys(file.sealed, file.dataKey, [ageNames([bob.recipient])], 0)),
      'add a recipient': () => with2((file) => addRecipients(file.sealed, file.dataKey, [newcomer])),
      'remove a recipient': () => with2((file) => removeRecipients(file.sealed, file.dataKey, [bob.recipient])),
      'add a group': () => with2((file) => addGroup(file.sealed, file.dataKey, ageNames([bob.recipient]))),
    };
  };

  for (const format of Object.keys(plain) as FormatId[])
    it(`opens in ${format}, says so, and is not wrapped for`, async () => {
      const text = (await sealedFor(format, [[alice.recipient, bob.recipient]])).replaceAll(alice.recipient, stranger);
      const opened = await open(readSealed(text, format), await keyringOf(alice.identity));
      assert.ok(opened.verdict.ok);
      assert.deepEqual(opened.mislabelled, { group: 0, recipient: alice.recipient, label: stranger });
      assert.deepEqual(opened.ownRecipients, [alice.recipient]);
      for (const [name, change] of Object.entries(changes(text, format, alice.identity)))
        await assert.rejects(
          change(),
          (error) => {
            assert.ok(error instanceof LabelError, `${name}: ${error}`);
            assert.equal(error.code, 'MISLABELLED_KEY');
            assert.equal(error.entry.label, stranger);
            return true;
          },
          name,
        );
    });

  it('is seen for every kind of key', async () => {
    const identities = {
      hybrid: await generateHybridIdentity(),
      ed25519: keyFile('ed25519'),
      rsa: keyFile('rsa'),
    };
    for (const [kind, file] of Object.entries(identities)) {
      const [identity = ''] = parseIdentities(file);
      const recipient = await recipientOf(identity);
      const text = await sealedFor('json', [[recipient, bob.recipient]]);
      const honest = await open(readSealed(text, 'json'), await keyringOf(identity));
      assert.equal(honest.mislabelled, undefined, kind);
      assert.ok((await rotate(honest, later)).text, kind);
      // Another spelling of an SSH key is the same key.
      const commented = kind === 'hybrid' ? text : text.replaceAll(`"${recipient}"`, `"${recipient} me@here"`);
      const same = await open(readSealed(commented, 'json'), await keyringOf(identity));
      assert.equal(same.mislabelled, undefined, kind);
      for (const label of [stranger, sshKeys.ed25519.public, sshKeys.rsa.public].map(bareRecipient)) {
        if (label === recipient) continue;
        const relabelled = text.replaceAll(recipient, label);
        const opened = await open(readSealed(relabelled, 'json'), await keyringOf(identity));
        assert.equal(opened.mislabelled?.label, label, kind);
        await assert.rejects(rotate(opened, later), { code: 'MISLABELLED_KEY' }, kind);
      }
    }
  });

  it('is seen behind a decoy under the own name, and in any group', async () => {
    const text = await sealedFor('yaml', [[alice.recipient, bob.recipient]]);
    // Alice's entry goes to the stranger, and Bob's to her: it does not open for her.
    const decoy = text.replaceAll(alice.recipient, stranger).replaceAll(bob.recipient, alice.recipient);
    const opened = await open(readSealed(decoy, 'yaml'), await keyringOf(alice.identity));
    assert.equal(opened.mislabelled?.label, stranger);
    const groups = await sealedFor('yaml', [[alice.recipient], [bob.recipient]]);
    const second = await open(
      readSealed(groups.replaceAll(bob.recipient, stranger), 'yaml'),
      await keyringOf(alice.identity, bob.identity),
    );
    assert.deepEqual(second.mislabelled, { group: 1, recipient: bob.recipient, label: stranger });
    await assert.rejects(rotate(second, later), { code: 'MISLABELLED_KEY' });
    await assert.rejects(deleteGroup(second.sealed, second.dataKey, 1, 0), { code: 'KEY_GROUPS' });
  });

  it('names what opened, and with which identity', async () => {
    const text = await sealedFor('yaml', [[alice.recipient], [bob.recipient, stranger]]);
    const { entries } = await unwrapDataKey(
      readSealed(text, 'yaml').metadata,
      await keyringOf(carol.identity, alice.identity),
    );
    assert.deepEqual(entries, [
      { group: 0, recipient: alice.recipient, label: alice.recipient },
      { group: 1, recipient: stranger, label: stranger },
    ]);
  });
});

describe('the proof of a change of keys', () => {
  const ring = () => keyringOf(alice.identity);
  const openedFor = async (groups: string[][], threshold = 0) =>
    open(readSealed(await sealedFor('yaml', groups, threshold), 'yaml'), await keyringOf(alice.identity, bob.identity));

  it('holds for whoever stays, and fails for whoever is shut out', async () => {
    const opened = await openedFor([[alice.recipient, bob.recipient]]);
    await requireStillOpens((await rotate(opened, later)).text, 'yaml', await ring());
    const without = await rotate(opened, later, { rmAge: [alice.recipient] });
    await assert.rejects(requireStillOpens(without.text, 'yaml', await ring()), { code: 'LOCKED_OUT' });
    await assert.rejects(requireStillOpens(without.text, 'yaml', await keyringOf()), { code: 'LOCKED_OUT' });
    const removed = await removeRecipients(opened.sealed, opened.dataKey, [alice.recipient]);
    await assert.rejects(requireStillOpens(removed.text, 'yaml', await ring()), { code: 'LOCKED_OUT' });
    const grouped = await addGroup(opened.sealed, opened.dataKey, ageNames([stranger]));
    await assert.rejects(requireStillOpens(grouped.text, 'yaml', await ring()), {
      code: 'LOCKED_OUT',
      place: { missing: 1 },
    });
  });

  it('fails for a key that is not of this file', async () => {
    const [one, other] = [await openedFor([[alice.recipient]]), await openedFor([[alice.recipient]])];
    const foreign = (await addRecipients(other.sealed, other.dataKey, [bob.recipient])).text;
    const enc = (text: string) => /enc: \|[\s\S]*?END AGE[^\n]*\n/.exec(text)?.[0] ?? assert.fail();
    const mixed = one.sealed.doc.text.replace(enc(one.sealed.doc.text), () => enc(foreign));
    await assert.rejects(requireStillOpens(mixed, 'yaml', await ring()), { code: 'BAD_DATA_KEY' });
  });

  it('knows for whom a change wraps', async () => {
    const { sealed } = await openedFor([[alice.recipient, bob.recipient]]);
    const wraps = (groups: string[][]) =>
      newWraps(sealed.metadata, planKeys(sealed.metadata, groups.map(ageNames), 0)).map((keys) =>
        keys.map(({ name }) => name),
      );
    assert.deepEqual(wraps([[alice.recipient, stranger]]), [[stranger]]);
    assert.deepEqual(wraps([[alice.recipient]]), [[]]);
    assert.deepEqual(wraps([[alice.recipient], [stranger]]), [[alice.recipient], [stranger]]);
  });
});
