import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import { UnwrapError, unwrapDataKey } from '../../../src/core/keys/unwrap.ts';
import type { KeyName } from '../../../src/core/sops/masterkey.ts';
import type { Sealed } from '../../../src/core/sops/sealed.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { register } from '../../../src/extension/why/register.ts';
import { alice, bob, carol, keyringOf } from '../../core/support.ts';
import { type FakeEditor, fake } from '../../fakes/vscode.ts';
import { sealed, stage } from '../mask/stage.ts';

describe('why a file cannot be opened', () => {
  let on: ReturnType<typeof stage>;
  let feature: Feature;
  beforeEach(() => {
    fake.reset();
    on = stage();
    feature = register(on.services);
  });
  afterEach(() => feature.disposable.dispose());

  const own = (...people: { recipient: string }[]) => {
    on.vault.list = people.map(({ recipient }, i) => ({ label: `key ${i + 1}`, recipient, created: '' }));
  };
  /** What comes of trying to open it with some keys. */
  const refused = async (file: Sealed, ...identities: string[]) => {
    const { metadata } = file;
    const error = await unwrapDataKey(metadata, await keyringOf(...identities)).then(
      () => assert.fail('it opens'),
      (error) => error as UnwrapError,
    );
    assert.ok(error instanceof UnwrapError);
    return { kind: 'unreadable', sealed: file, error: error as unknown as LockstepError } as const;
  };
  const shown = async (editor: FakeEditor) => {
    await feature.commands['lockstep.whyNotOpen']?.(String(editor.document.uri));
    return on.answers.offered;
  };
  const fileFor = async (...others: string[]) => {
    const file = await sealed('A=one\n', 'dotenv', others);
    return { file: (await file.opened()).sealed, editor: fake.open('/w/x.env', file.text) };
  };

  it('says first what to do: send the public key to those who can help, by name', async () => {
    const { file, editor } = await fileFor(bob.recipient);
    on.named.set(bob.recipient, 'Bob Ray');
    own(alice);
    on.answer(editor, await refused(file, alice.identity));
    const items = await shown(editor);
    assert.deepEqual(items.slice(0, 2), ['What you can do', '$(mail) Request Access…']);
    const places = items.slice(items.indexOf('Where a key was looked for'));
    assert.equal(places[1], '$(key) key 1');
    assert.ok(items.includes('$(person) Bob Ray (age14zu526z…hqft)'), items.join('\n'));
    on.answers.pick = '$(copy) Copy My Public Key';
    await shown(editor);
    assert.deepEqual(fake.executed.at(-1), ['lockstep.copyPublicKey']);
  });

  it('offers a key first where there is none', async () => {
    const { file, editor } = await fileFor();
    on.answer(editor, await refused(file));
    assert.deepEqual((await shown(editor)).slice(0, 3), ['What you can do', '$(key) Import a Key', '$(add) Set Up']);
  });

  it('tells a file that was changed from one that is for others', async () => {
    const { file, editor } = await fileFor();
    own(carol);
    const [group = []] = file.metadata.groups;
    const groups = [group.map((key) => ({ ...key, name: carol.recipient }))];
    const changed = { ...file, metadata: { ...file.metadata, groups, recipients: [carol.recipient] } };
    on.answer(editor, await refused(changed, carol.identity));
    assert.equal((await shown(editor))[1], '$(git-compare) Compare with the Last Commit');
  });

  it('names keys that only sops uses, and says what each needs', async () => {
    const { file, editor } = await fileFor();
    own(alice);
    const foreign: (KeyName & { enc: string })[] = [
      { kind: 'pgp', name: 'FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4', enc: 'x' },
      { kind: 'kms', name: 'arn:aws:kms:eu-west-1:111122223333:key/aaaa', enc: 'x' },
      { kind: 'hc_vault', name: 'https://vault.example/v1/sops/keys/first', enc: 'x' },
    ];
    const metadata = {
      ...file.metadata,
      groups: [foreign],
      recipients: [],
      foreign: foreign.map(({ kind, name }) => ({ kind: kind as 'pgp', name })),
    };
    on.answer(editor, await refused({ ...file, metadata }, alice.identity));
    const items = await shown(editor);
    assert.equal(items[1], '$(terminal) Open It with sops in a Terminal');
    for (const kind of ['PGP', 'AWS KMS', 'HashiCorp Vault'])
      assert.ok(
        items.some((item) => item.startsWith(`$(cloud) ${kind} `)),
        items.join('\n'),
      );
    on.answers.pick = '$(terminal) Open It with sops in a Terminal';
    await shown(editor);
    assert.match(on.said.at(-1) ?? '', /sops rotate -i --add-age age1… FILE/);
  });

  it('lets a plugin be tried again, and says what it did not do', async () => {
    const { file, editor } = await fileFor(alice.recipient);
    own(alice);
    on.vault.faults.set(alice.recipient, new LockstepError('PLUGIN', { what: 'missing', plugin: 'yubikey' }));
    on.answer(editor, await refused(file, bob.identity));
    assert.equal((await shown(editor))[1], '$(refresh) Try Again');
    on.answers.pick = '$(refresh) Try Again';
    await shown(editor);
    assert.equal(on.vault.faults.size, 0);
  });

  it('is another explanation for a file that opens', async () => {
    const file = await sealed('A=one\n', 'dotenv');
    const editor = fake.open('/w/x.env', file.text);
    on.answer(editor, await file.opened());
    assert.equal((await shown(editor))[0], 'Who can read this file');
  });
});
