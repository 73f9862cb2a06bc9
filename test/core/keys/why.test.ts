import assert from 'node:assert/strict';
import { useOthers } from '../../../src/core/keys/others.ts';
import { UnwrapError, unwrapDataKey } from '../../../src/core/keys/unwrap.ts';
import { whyOf } from '../../../src/core/keys/why.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import type { KeyName } from '../../../src/core/sops/masterkey.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { alice, bob, carol, clock, keyringOf } from '../support.ts';

describe('why a file opens or not', () => {
  const age = (name: string): KeyName => ({ kind: 'age', name });
  const sealed = async (groups: string[][]) => {
    const recipe = { recipients: [], groups: groups.map((group) => group.map(age)), shamirThreshold: 0 };
    return readSealed((await seal('a: b\n', 'yaml', recipe, clock)).text, 'yaml').metadata;
  };
  const reason = async (
    metadata: Parameters<typeof unwrapDataKey>[0],
    own: { recipient: string; identity: string }[],
    waiting = false,
  ) => {
    const recipients = own.map(({ recipient }) => recipient);
    try {
      const { groups } = await unwrapDataKey(metadata, await keyringOf(...own.map(({ identity }) => identity)));
      return whyOf(groups, metadata.groups.length, true, { recipients, waiting });
    } catch (error) {
      if (!(error instanceof UnwrapError)) throw error;
      return whyOf(error.groups, error.required, false, { recipients, waiting });
    }
  };

  it('is nothing to be done when it opens, and says by which key', async () => {
    const { next, groups } = await reason(await sealed([[alice.recipient, bob.recipient]]), [alice]);
    assert.deepEqual(next, { kind: 'none' });
    assert.deepEqual(
      groups.flat().map(({ name, own, result }) => [name, own, result]),
      [
        [alice.recipient, true, 'opened'],
        [bob.recipient, false, 'untried'],
      ],
    );
  });

  it('names those who can help, and the key to send them', async () => {
    const { next } = await reason(await sealed([[alice.recipient, bob.recipient]]), [carol]);
    assert.deepEqual(next, {
      kind: 'ask',
      recipient: carol.recipient,
      readers: [age(alice.recipient), age(bob.recipient)],
    });
  });

  it('is a key first where there is none', async () => {
    const { next } = await reason(await sealed([[alice.recipient]]), []);
    assert.deepEqual(next, { kind: 'make-key', readers: [age(alice.recipient)] });
  });

  it('is a key that was not unlocked, before everything else', async () => {
    assert.deepEqual((await reason(await sealed([[alice.recipient]]), [bob], true)).next, { kind: 'unlock' });
  });

  it('is a file that was changed, when it names a key of one’s own and that does not open it', async () => {
    const metadata = await sealed([[alice.recipient]]);
    const [[entry]] = metadata.groups as unknown as [[{ name: string; enc: string }]];
    const relabelled = { ...metadata, groups: [[{ kind: 'age' as const, name: bob.recipient, enc: entry.enc }]] };
    assert.deepEqual((await reason(relabelled, [bob])).next, { kind: 'restore', recipient: bob.recipient });
  });

  it('says how many groups are missing, and who has their keys', async () => {
    const metadata = await sealed([[alice.recipient], [bob.recipient], [carol.recipient]]);
    assert.deepEqual((await reason(metadata, [alice])).next, {
      kind: 'groups',
      missing: 2,
      readers: [age(bob.recipient), age(carol.recipient)],
    });
  });

  it('sends nobody’s key to a service, also to one that was asked and did not open the file', () => {
    const kms = { kind: 'kms', name: 'arn:aws:kms:eu-west-1:111122223333:key/one', result: 'shut' } as const;
    const own = { recipients: [carol.recipient], waiting: false };
    const next = (...keys: Parameters<typeof whyOf>[0][number]['keys']) =>
      whyOf([{ openedBy: undefined, keys }], 1, false, own).next;
    useOthers(['kms'], () => ({ wrap: async () => '', unwrap: async () => undefined }));
    try {
      assert.deepEqual(next(kms), { kind: 'foreign', kinds: ['kms'], recipient: carol.recipient });
      assert.deepEqual(next(kms, { ...age(bob.recipient), result: 'shut' }), {
        kind: 'ask',
        recipient: carol.recipient,
        readers: [age(bob.recipient)],
      });
    } finally {
      useOthers(['kms'], () => ({ lacks: undefined }));
    }
  });

  it('names the services where nothing else opens it', async () => {
    const metadata = await sealed([[alice.recipient]]);
    const foreign = {
      ...metadata,
      groups: [[{ kind: 'pgp' as const, name: 'FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4', enc: 'x' }]],
      foreign: [{ kind: 'pgp' as const, name: 'FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4' }],
    };
    const { next, groups } = await reason(foreign, [alice]);
    assert.deepEqual(next, { kind: 'foreign', kinds: ['pgp'], recipient: alice.recipient });
    assert.equal(groups[0]?.[0]?.result, 'foreign');
    // One that is not needed is no reason.
    const both = { ...metadata, groups: [[...(metadata.groups[0] ?? []), ...(foreign.groups[0] ?? [])]] };
    assert.equal((await reason(both, [bob])).next.kind, 'ask');
  });
});
