import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Session } from '../../../src/core/session/session.ts';
import type { FileState } from '../../../src/core/session/state.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { FakeDocument, FakeEditor, fake, Range, Uri } from '../../fakes/vscode.ts';
import { idOf, makeStage, type Stage } from './session.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const errorOf = (state: FileState) => ('error' in state ? state.error.code : undefined);

describe('sessions', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
  });
  afterEach(() => stage.end());

  const plainOf = (state: FileState, ...path: string[]) => {
    assert.equal(state.kind, 'open');
    const value = state.kind === 'open' ? state.opened.value(idOf(state, ...path)) : undefined;
    return value && 'value' in value ? value.value : undefined;
  };

  it('open an encrypted file', async () => {
    const editor = stage.open('.env', await stage.sealed('A=canary\nB=2\n', 'dotenv'));
    assert.equal(plainOf(await stage.state(editor), 'A'), 'canary');
    assert.equal(stage.sessions.current(stage.uri(editor))?.version, 1);
  });

  it('know a file that none of our keys opens', async () => {
    const other = await recipientOf(await generateIdentity());
    const editor = stage.open('.env', await stage.sealed('A=1\n', 'dotenv', other));
    const state = await stage.state(editor);
    assert.equal(state.kind, 'unreadable');
    assert.equal(errorOf(state), 'NOT_A_RECIPIENT');
    await stage.vault.remove(stage.recipient);
    assert.equal(errorOf(await stage.state(editor)), 'NO_IDENTITY');
  });

  it('know a damaged file, and which entry it is', async () => {
    const text = await stage.sealed('a: one\nb: two\n', 'yaml');
    const [a, b] = [...text.matchAll(/^(?:a|b): (.*)$/gm)].map((match) => match[1] ?? '');
    const swapped = text
      .replace(a ?? '', '@')
      .replace(b ?? '', a ?? '')
      .replace('@', b ?? '');
    const state = await stage.state(stage.open('x.yaml', swapped));
    assert.equal(state.kind, 'damaged');
    const failures = state.kind === 'damaged' && !state.opened.verdict.ok ? state.opened.verdict.failures : [];
    assert.deepEqual(
      failures.map((failure) => failure.leaf?.path[0]),
      ['a', 'b'],
    );
    const noMac = await stage.state(stage.open('y.yaml', text.replace(/^a: .*\n/m, '')));
    assert.equal(noMac.kind, 'damaged');
  });

  const cases: [name: string, text: string, kind: FileState['kind'], code?: string][] = [
    ['.env', 'A=1\n', 'plain'],
    ['.env.local', 'A=1\n', 'plain'],
    ['prod.env', 'A=1\n', 'plain'],
    ['.env', '# nothing yet\nA=\n', 'none'],
    ['.env', '', 'none'],
    ['.env.example', 'A=1\n', 'none'],
    ['.env.sample', 'A=1\n', 'none'],
    ['package.json', '{"a": "b"}', 'none'],
    ['app.yaml', 'a: 1\n', 'none'],
    ['readme.md', 'It looks like `ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]`.', 'none'],
    ['broken.yaml', 'a: [1\nsops:\n    mac: x\n', 'broken', 'SYNTAX'],
    ['left.yaml', 'a: ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]\n', 'broken', 'NO_METADATA'],
    ['x.ini', '[a]\nb = ENC[AES256_GCM,data:x]\n[sops]\nmac = x\n', 'broken', 'BAD_METADATA'],
    ['x.ini', '[sops]\na = 1\n', 'none'],
    ['photo.png', '{"data": "ENC[AES256_GCM,data:x]", "sops": {"mac": "x"}}', 'broken', 'BAD_METADATA'],
    ['photo.png', '{"a": "ENC[AES256_GCM,data:x]", "sops": {}}', 'unsupported', 'UNSUPPORTED_FORMAT'],
    ['secrets.json.enc', '{"a": "ENC[AES256_GCM,data:x]", "sops": {"mac": "x"}}', 'broken', 'BAD_METADATA'],
    ['.env', 'A=1\nKEY="one\ntwo"\n', 'broken', 'SYNTAX'],
    ['notes.txt', '{ it has "sops": in it', 'none'],
    ['.env', '{"data": "ENC[AES256_GCM,data:x]", "sops": {"mac": "x"}}', 'broken', 'BAD_METADATA'],
  ];
  for (const [name, text, kind, code] of cases) {
    it(`take ${name} with ${JSON.stringify(text.slice(0, 24))} for ${kind}`, async () => {
      const state = await stage.state(stage.open(name, text));
      assert.equal(state.kind, kind, errorOf(state));
      if (code) assert.equal(errorOf(state), code);
    });
  }

  it('open a file whose name does not tell its format, by what is in it', async () => {
    const texts = { yaml: 'a: 1\n', json: '{"a": 1}\n', dotenv: 'a=1\n', ini: '[s]\na = 1\n' } as const;
    for (const name of ['values.yaml.enc', 'secrets.json.enc', '.env.sops', 'prod.env.encrypted', 'x.ini.enc', 'x.ini'])
      for (const [format, text] of Object.entries(texts)) {
        const sealed = await stage.sealed(text, format as keyof typeof texts);
        const state = await stage.state(stage.open(`${format}/${name}`, sealed));
        assert.equal(state.kind === 'open' && state.sealed.format, format, `${name} with ${format}`);
      }
  });

  it('take text over the limit for too large, if it is any of our business', async () => {
    const text = `A=${'x'.repeat(50 * 1024 * 1024)}`;
    assert.equal(errorOf(await stage.state(stage.open('.env', text))), 'TOO_LARGE');
    assert.equal((await stage.state(stage.open('big.json', text))).kind, 'none');
  });

  it('follow the rules of the nearest .sops.yaml', async () => {
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: ^config/.*\\.yaml$\n    age: ${stage.recipient}\n`);
    const covered = stage.open('config/a.yaml', 'a: 1\nb_unencrypted: 2\n');
    const state = await stage.state(covered);
    assert.equal(state.kind, 'plain');
    assert.deepEqual(state.kind === 'plain' && state.leaves.map((leaf) => leaf.encrypted), [true, false]);
    assert.equal((await stage.state(stage.open('a.yaml', 'a: 1\n'))).kind, 'none');
    stage.write('config/.sops.yaml', 'creation_rules: []\n');
    stage.rules.forget();
    assert.equal((await stage.state(covered)).kind, 'none', 'the nearest file alone counts');
  });

  it('do not put masks on everything for a rule that is for everything', async () => {
    for (const rule of ['', 'path_regex: .*\n    ', "path_regex: ''\n    "]) {
      stage.write('.sops.yaml', `creation_rules:\n  - ${rule}age: ${stage.recipient}\n`);
      stage.rules.forget();
      assert.equal((await stage.state(stage.open('package.json', '{"a": "b"}'))).kind, 'none');
      assert.equal((await stage.state(stage.open('.sops.yaml', 'creation_rules: []\n'))).kind, 'none');
      const state = await stage.state(stage.open('.env', 'A=1\n'));
      assert.ok(state.kind === 'plain' && state.rule);
    }
  });

  it('keep the masks on a .env when the rules cannot be read', async () => {
    stage.write('.sops.yaml', 'creation_rules: [{path_regex: "("}]\n');
    assert.equal((await stage.state(stage.open('.env', 'A=1\n'))).kind, 'plain');
  });

  it('keep the masks on a .env by a rule that chooses none of its values', async () => {
    stage.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: env\n    encrypted_regex: ^nothing$\n    age: ${stage.recipient}\n`,
    );
    stage.rules.forget();
    const state = await stage.state(stage.open('.env', 'A=b\n'));
    assert.ok(state.kind === 'plain' && state.leaves.some((leaf) => leaf.encrypted));
  });

  it('leave documents alone that are no files', async () => {
    const document = new FakeDocument(Uri.parse('untitled:Untitled-1.env'), 'A=1\n');
    fake.documents.push(document);
    assert.equal((await stage.state(new FakeEditor(document))).kind, 'none');
    assert.equal(stage.sessions.current(document.uri as never), undefined);
  });

  it('look again a moment after an edit, and keep what they have decrypted', async () => {
    const editor = stage.open('.env', await stage.sealed('A=canary\nB=2\n', 'dotenv'));
    const first = await stage.state(editor);
    fake.edit(editor.document, new Range(0, 0, 0, 0), '=\n');
    fake.edit(editor.document, new Range(0, 0, 1, 0), '# more\n');
    assert.equal(stage.sessions.current(stage.uri(editor))?.version, 1);
    for (let n = 0; n < 100 && stage.sessions.current(stage.uri(editor))?.version !== 3; n++) await sleep(30);
    const tracked = stage.sessions.current(stage.uri(editor));
    assert.equal(tracked?.version, 3);
    assert.ok(tracked && plainOf(tracked.state, 'A') === 'canary');
    assert.notEqual(tracked.state, first);
    assert.equal(first.kind === 'open' && first.opened.value(idOf(first, 'A')), undefined, 'the old one is let go');
  });

  it('answer for the present text, also while they are at an older one', async () => {
    const editor = stage.open('.env', await stage.sealed('A=canary\nB=2\n', 'dotenv'));
    const early = stage.state(editor);
    fake.edit(editor.document, new Range(0, 0, 0, 0), '# more\n');
    const { version } = await stage.sessions.ready(stage.document(editor));
    assert.equal(version, 2);
    assert.equal((await early).kind, 'open');
  });

  it('drop everything on a lock, at once, and open again after it', async () => {
    const editor = stage.open('.env', await stage.sealed('A=canary\n', 'dotenv'));
    const open = await stage.state(editor);
    stage.vault.lock();
    assert.equal(stage.sessions.current(stage.uri(editor))?.state.kind, 'locked');
    assert.equal(open.kind === 'open' && open.opened.value(idOf(open, 'A')), undefined);
    assert.equal((await stage.state(editor)).kind, 'locked');
    stage.vault.unlock();
    assert.equal(plainOf(await stage.state(editor), 'A'), 'canary');
  });

  it('throw a result away that a lock has overtaken', async () => {
    const editor = stage.open('.env', await stage.sealed('A=canary\n', 'dotenv'));
    const running = stage.state(editor);
    stage.vault.lock();
    assert.equal((await running).kind, 'locked');
  });

  it('open a text that no document holds for as long as the work takes, and not over a lock', async () => {
    const uri = Uri.file(join(stage.folder, 'x.env')) as never;
    const base = await stage.sealed('A=canary\n', 'dotenv');
    let after: Session | undefined;
    const work = stage.sessions.with(uri, base, async (session) => {
      after = session;
      assert.equal(plainOf(session.state, 'A'), 'canary');
      const opened = session.opened();
      stage.vault.lock();
      assert.equal(session.state.kind, 'locked');
      assert.equal(opened.valueAt(0), undefined);
      stage.vault.unlock();
      await session.ready();
      assert.equal(plainOf(session.state, 'A'), 'canary');
      const kin = session.opened();
      await stage.sessions.with(uri, base, async (other) => assert.equal(plainOf(other.state, 'A'), 'canary'), session);
      kin.dataKey.requireAlive();
      throw new Error('the work failed');
    });
    await assert.rejects(work, /the work failed/);
    assert.equal(after?.state.kind, 'none');
  });

  it('drop a file when its last editor closes', async () => {
    const editor = stage.open('.env', await stage.sealed('A=canary\n', 'dotenv'));
    const open = await stage.state(editor);
    const told: string[] = [];
    stage.sessions.onDidChange((uri) => told.push(uri.path));
    fake.close(editor);
    assert.equal(stage.sessions.current(stage.uri(editor)), undefined);
    assert.equal(open.kind === 'open' && open.opened.value(idOf(open, 'A')), undefined);
    assert.deepEqual(told, [join(stage.folder, '.env')]);
    assert.equal((await stage.state(editor)).kind, 'none', 'a closed document is nothing');
  });
});
