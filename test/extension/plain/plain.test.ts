import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockstepError } from '../../../src/core/errors.ts';
import { fileTitles } from '../../../src/extension/lens/titles.ts';
import { quickFixes } from '../../../src/extension/plain/actions.ts';
import { diagnosticsOf } from '../../../src/extension/plain/diagnostics.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { inert } from '../../../src/extension/ui/inert.ts';
import { register } from '../../../src/extension/why/register.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { type FakeEditor, fake } from '../../fakes/vscode.ts';
import { plain, sealed, stage } from '../mask/stage.ts';

describe('problems', () => {
  let on: ReturnType<typeof stage>;
  let feature: Feature;
  beforeEach(() => {
    fake.reset();
    on = stage();
    feature = register(on.services);
  });
  afterEach(() => feature.disposable.dispose());

  const found = (editor: FakeEditor) => {
    const tracked = on.services.sessions.current(editor.document.uri as never);
    return diagnosticsOf(editor.document as never, tracked!);
  };
  const explain = (editor: FakeEditor) => feature.commands['lockstep.explainFile']?.(String(editor.document.uri));

  it('offer to encrypt what looks like no secret, where that can be done', async () => {
    const editor = fake.open('/w/notes.txt', 'a\n');
    on.answers.message = 'Encrypt File';
    await explain(editor);
    assert.deepEqual(on.said, ['There are no secrets in this file.']);
    assert.deepEqual(fake.executed.at(-1), ['lockstep.encryptFile', 'file:///w/notes.txt']);
    const before = fake.executed.length;
    fake.trusted = false;
    await explain(editor);
    fake.trusted = true;
    await explain(fake.open('/w/.sops.yaml', 'creation_rules: []\n'));
    assert.equal(fake.executed.length, before);
  });

  it('name a plain file once, on a name and not on a value', () => {
    const editor = fake.open('/w/.env', '# x\nA=S3CR3T\nB=c\n');
    on.answer(editor, plain(editor.document.getText(), 'dotenv'));
    const [one, ...rest] = found(editor);
    assert.equal(rest.length, 0);
    assert.equal(one?.message, '2 values are plaintext. Encrypt this file.');
    assert.deepEqual([one?.source, one?.code, one?.severity], ['Lockstep', 'plain-secrets', 2]);
    assert.equal(editor.document.getText(one?.range as never), 'A');
    const fixes = quickFixes.provideCodeActions(
      editor.document as never,
      {} as never,
      { diagnostics: [one] } as never,
      {} as never,
    );
    assert.deepEqual(
      (fixes as { title: string; command: unknown }[]).map((fix) => fix.command),
      [{ title: 'Encrypt this file', command: 'lockstep.encryptFile', arguments: ['file:///w/.env'] }],
    );
  });

  it('name each entry that fails', async () => {
    const file = await sealed('A=one\nB=two\n', 'dotenv');
    const [a, b] = [...file.text.matchAll(/ENC\[.*\]/g)].map((match) => match[0]);
    const swapped = file.text.replace(a!, '%').replace(b!, a!).replace('%', b!);
    const editor = fake.open('/w/x.env', swapped);
    on.answer(editor, await file.opened(swapped));
    assert.deepEqual(
      found(editor).map((one) => [editor.document.getText(one.range as never), one.severity]),
      [
        ['A', 0],
        ['B', 0],
      ],
    );
    assert.match(found(editor)[0]?.message ?? '', /^A: /);
    await explain(editor);
    assert.ok(
      on.answers.offered.includes('$(warning) A') &&
        on.answers.offered.includes('$(git-compare) Compare with the Last Commit') &&
        on.answers.offered.includes('$(history) Look for an Older Version in the Timeline'),
    );
  });

  it('name the MAC when no entry fails', async () => {
    const file = await sealed('A=one\nB=two\n', 'dotenv');
    const text = file.text.replace(/^B=.*\n/m, '');
    const editor = fake.open('/w/x.env', text);
    on.answer(editor, await file.opened(text));
    assert.deepEqual(
      found(editor).map((one) => editor.document.getText(one.range as never)),
      ['sops_mac'],
    );
  });

  it('end with their cause', async () => {
    const file = await sealed('A=one\n', 'dotenv');
    const editor = fake.open('/w/x.env', file.text);
    on.answer(editor, await file.opened());
    assert.deepEqual(found(editor), []);
  });

  it('are explained in plain words', async () => {
    const file = await sealed('A=one\n', 'dotenv', ['age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun']);
    const editor = fake.open('/w/x.env', file.text);
    const state = await file.opened();
    on.vault.list = [{ label: '$(flame)', recipient: file.recipient, created: '' }];
    on.answer(editor, state);
    await explain(editor);
    assert.deepEqual(on.answers.offered.slice(0, 3), [
      'Who can read this file',
      '$(person) You',
      '$(person) age1lzd99uk…nvun',
    ]);
    on.answer(editor, { kind: 'unreadable', sealed: state.sealed, error: new LockstepError('NOT_A_RECIPIENT') });
    await explain(editor);
    assert.ok(on.answers.offered.includes('$(key) Import a Key'));
    assert.deepEqual(
      on.answers.offered.filter((_, i, all) => i >= all.indexOf('Where a key was looked for')).slice(0, 2),
      ['Where a key was looked for', `$(key) ${inert('$(flame)')}`],
    );
    on.answer(editor, plain('A=S3CR3T\n', 'dotenv'));
    on.answers.message = 'Encrypt File';
    await explain(editor);
    assert.match(on.said.at(-1) ?? '', /^The values in \/w\/x\.env can be read by everything/);
    assert.deepEqual(fake.executed.at(-1), ['lockstep.encryptFile', 'file:///w/x.env']);
    assert.ok(!JSON.stringify(on.said).includes('S3CR3T'));
  });

  it('say where a key was looked for, and which variable is set and wrong', async () => {
    const home = mkdtempSync(join(tmpdir(), 'lockstep-home-'));
    const environment = process.env;
    const { HOME } = environment;
    // The real environment, not the copy: this is where the home folder is looked up.
    environment.HOME = home;
    const own = await generateIdentity();
    const offered = async (env: Record<string, string>) => {
      process.env = { PATH: environment.PATH, HOME: home, XDG_CONFIG_HOME: home, ...env };
      await explain(editor);
      assert.ok(!on.answers.offered.join().includes(own.slice(0, 30)));
      return on.answers.offered.slice(on.answers.offered.indexOf('Where a key was looked for'));
    };
    const file = await sealed('A=one\n', 'dotenv');
    const editor = fake.open('/w/x.env', file.text);
    const state = { kind: 'unreadable', sealed: (await file.opened()).sealed } as const;
    on.answer(editor, { ...state, error: new LockstepError('NO_IDENTITY') });
    try {
      assert.deepEqual(await offered({}), ['Where a key was looked for', '$(key) No key is in SecretStorage']);
      const path = join(home, 'keys.txt');
      writeFileSync(path, `${own}\n`);
      mkdirSync(join(home, '.ssh'));
      writeFileSync(join(home, '.ssh', 'id_rsa'), 'is not read');
      assert.deepEqual(
        (await offered({ SOPS_AGE_KEY_FILE: path, SOPS_AGE_KEY: file.recipient, SOPS_AGE_KEYFILE: 'x' })).slice(2),
        [
          'Not used before you import it',
          '$(warning) SOPS_AGE_KEY',
          `$(arrow-down) SOPS_AGE_KEY_FILE: ${path}`,
          `$(arrow-down) ${join(home, '.ssh', 'id_rsa')}`,
          '$(warning) SOPS_AGE_KEYFILE',
        ],
      );
      assert.deepEqual((await offered({ SOPS_AGE_KEY_FILE: '/none', SOPS_AGE_SSH_PRIVATE_KEY_FILE: own })).slice(3), [
        '$(warning) SOPS_AGE_KEY_FILE: /none',
        '$(warning) SOPS_AGE_SSH_PRIVATE_KEY_FILE',
        `$(arrow-down) ${join(home, '.ssh', 'id_rsa')}`,
      ]);
    } finally {
      process.env = environment;
      environment.HOME = HOME;
      rmSync(home, { recursive: true });
    }
  });

  it('name an entry that opens under another name, in list and lens', async () => {
    const file = await sealed('A=one\n', 'dotenv');
    const stranger = await recipientOf(await generateIdentity());
    const text = file.text.replaceAll(file.recipient, stranger);
    const editor = fake.open('/w/x.env', text);
    const state = await file.opened(text);
    on.answer(editor, state);
    await explain(editor);
    assert.match(on.answers.offered[1] ?? '', /^\$\(warning\) Your key age1\S+ opens the entry of age1/);
    assert.match(fileTitles(state, new Set())[0]?.title ?? '', /the list of readers does not fit your key · Show$/);
  });
});
