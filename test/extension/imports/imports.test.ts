import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../../src/core/errors.ts';
import { unseal } from '../../../src/core/open/unseal.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/imports/register.ts';
import { fake, Position, Range, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));
const vectors = JSON.parse(fixture('token-vectors.json').toString());

describe('Import Secrets', () => {
  let stage: Stage;
  const source = 'DB_PASSWORD="canary one"\nAPI_KEY=canary-two\n';
  const path = (name: string) => join(stage.folder, name);
  const disk = (name: string) => readFileSync(path(name), 'utf8');
  const asked = () => stage.script.asked.join('\n');
  const run = async (name: string) => {
    stage.script.asked.length = 0;
    const feature = register(stage.services);
    assert.equal(await feature.commands[commands.importSecrets]?.(Uri.file(path(name))), undefined);
    assert.ok(!`${asked()}${fake.log.join()}`.includes('canary'), asked());
  };
  /** The plaintext of an encrypted file. */
  const plain = (name: string, text = disk(name)): Promise<string> =>
    stage.sessions.with(Uri.file(path(name)) as never, text, async ({ state }) => {
      assert.equal(state?.kind, 'open');
      return state?.kind === 'open' ? (await unseal(state.opened)).text : '';
    });

  beforeEach(async () => {
    stage = await makeStage();
    stage.write('.sops.yaml', `creation_rules:\n  - age: ${stage.recipient}\n`);
  });
  afterEach(() => stage.end());

  it('makes an encrypted file of a .env after one question, and says what can be deleted', async () => {
    stage.write('.env', source);
    Object.assign(stage.script, { pick: 'new', saveFile: path('secrets.yaml'), pickMany: 'all' });
    await run('.env');
    assert.match(asked(), /DB_PASSWORD readable · new\nAPI_KEY readable · new/);
    assert.match(asked(), /Make secrets\.yaml with 2 values\?\nNew: DB_PASSWORD, API_KEY\n\[Import\]/);
    assert.match(asked(), /2 values were imported into secrets\.yaml\. Delete \.env once no program reads it\./);
    assert.equal(await plain('secrets.yaml'), 'DB_PASSWORD: canary one\nAPI_KEY: canary-two\n');
    assert.ok(!disk('secrets.yaml').includes('canary'));
    assert.equal(disk('.env'), source);
  });

  it('writes nothing unless a person says so at the end, nor in Restricted Mode, nor for what is no file', async () => {
    stage.write('.env', source);
    const to = path('secrets.yaml');
    const answers = { pick: 'new', saveFile: to, pickMany: 'all', gesture: true };
    for (const missing of [{ pick: undefined }, { saveFile: undefined }, { pickMany: [] }, { gesture: false }]) {
      Object.assign(stage.script, answers, missing);
      await run('.env');
      assert.ok(!existsSync(to), JSON.stringify(missing));
    }
    Object.assign(stage.script, answers);
    await register(stage.services).commands[commands.importSecrets]?.({ nothing: 1 });
    fake.trusted = false;
    await run('.env');
    assert.ok(!existsSync(to));
    assert.match(asked(), /Restricted Mode/);
  });

  it('replaces a named encryption key only after a question that says what becomes unreadable', async () => {
    const [old, fresh] = [Buffer.alloc(16, 1).toString('base64'), Buffer.alloc(16, 2).toString('base64')];
    const editor = stage.open('x.yaml', await stage.sealed(`encryption_keys:\n    orders: ${old}\n`, 'yaml'));
    const before = editor.document.getText();
    const source = (value: string) => stage.write('new.json', JSON.stringify({ encryption_keys: { orders: value } }));
    const answers = (...gesture: boolean[]) =>
      Object.assign(stage.script, { pick: ['x.yaml', 'replace'], pickMany: 'all', gesture });
    source(fresh);
    answers(true, false);
    await run('new.json');
    assert.match(asked(), /Replace the encryption key orders in x\.yaml\?\n.*cannot be decrypted without it/);
    assert.equal(editor.document.getText(), before);
    source('swordfish');
    answers(true, true);
    await assert.rejects(run('new.json'), { code: 'BAD_ENCRYPTION_KEY' });
    assert.equal(editor.document.getText(), before);
    source(fresh);
    answers(true, true);
    await run('new.json');
    assert.equal(await plain('x.yaml', editor.document.getText()), `encryption_keys:\n    orders: ${fresh}\n`);
  });

  it('decides each clash with the person, and leaves the rest of the file as it was', async () => {
    const editor = stage.open(
      'x.yaml',
      await stage.sealed('# kept\na: old-one\nb: old-two\nc: old-three\nsame: canary-s\n', 'yaml'),
    );
    stage.write('new.json', '{"a": "canary-a", "b": "canary-b", "c": "canary-c", "d": "canary-d", "same": "canary-s"}');
    const pick = ['x.yaml', 'keep', 'replace', 'rename', 'rename'];
    Object.assign(stage.script, { pick, pickMany: 'all', input: ['b', 'c2'] });
    await run('new.json');
    assert.match(asked(), /a readable · clashes with another value/);
    assert.match(asked(), /same readable · there already/);
    assert.match(asked(), /Write 3 values into x\.yaml\?\nNew: c2, d\nReplaced: b\nThere already: same\nLeft out: a\n/);
    assert.match(
      asked(),
      /In new\.json alone: a\. Delete from new\.json once no program reads them there: b, c, d, same\./,
    );
    assert.equal(
      await plain('x.yaml', editor.document.getText()),
      '# kept\na: old-one\nb: canary-b\nc: old-three\nsame: canary-s\nc2: canary-c\nd: canary-d\n',
    );
  });

  it('decides all clashes at once', async () => {
    const editor = stage.open('x.yaml', await stage.sealed('a: old-one\nb: old-two\ng:\n    in: x\n', 'yaml'));
    stage.write('new.yaml', 'a: canary-a\nb: canary-b\ng: canary-g\n');
    Object.assign(stage.script, { pick: ['x.yaml', 'replaceAll'], pickMany: 'all' });
    await run('new.yaml');
    assert.equal(await plain('x.yaml', editor.document.getText()), 'a: canary-a\nb: canary-b\ng:\n    in: x\n');
    const before = editor.document.getText();
    stage.write('new.yaml', 'a: canary-x\n');
    Object.assign(stage.script, { pick: ['x.yaml'], pickMany: 'all' });
    await run('new.yaml');
    assert.equal(editor.document.getText(), before);
  });

  it('takes only what is checked', async () => {
    stage.write('.env', source);
    Object.assign(stage.script, { pick: 'new', saveFile: path('s.env'), pickMany: ['API_KEY'] });
    await run('.env');
    assert.equal(await plain('s.env'), 'API_KEY=canary-two\n');
    assert.match(asked(), /Delete from \.env once no program reads them there: API_KEY\./);
  });

  it('asks for keys until everything is open, and imports the others without', async () => {
    const { ansible } = vectors;
    stage.write('vault.yml', ansible.v11);
    Object.assign(stage.script, {
      pick: 'new',
      saveFile: path('a.yaml'),
      pickMany: 'all',
      secret: ['wrong', ansible.password],
    });
    await run('vault.yml');
    assert.match(asked(), /Key or pass phrase of the file\n.*\nThat did not open it all/s);
    assert.equal(await plain('a.yaml'), 'db_password: hunter2\n');
    stage.write('.env', `A=${vectors.flet_100k.ciphertext}\nB=canary-b\n`);
    Object.assign(stage.script, { pick: 'new', saveFile: path('b.yaml'), secret: [''] });
    await run('.env');
    assert.match(asked(), /A Flet · to be set: there is no key for it/);
    assert.match(asked(), /1 value was imported into b\.yaml\. To be set: A\. Delete from \.env .*: B\./);
    assert.equal(await plain('b.yaml'), 'B: canary-b\n');
    stage.write('key', vectors.flet_100k.secret_key);
    Object.assign(stage.script, { saveFile: path('c.yaml'), secret: [{ button: 'file' }], openFile: path('key') });
    await run('.env');
    assert.equal(await plain('c.yaml'), 'A: héllo flet\nB: canary-b\n');
    Object.assign(stage.script, { saveFile: path('d.yaml'), secret: undefined });
    await run('.env');
    assert.ok(!existsSync(path('d.yaml')));
  });

  it('offers a rule for a new file that has none', async () => {
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: ^other/\n    age: ${stage.recipient}\n`);
    stage.rules.forget();
    stage.write('.env', source);
    Object.assign(stage.script, { pick: ['new', 'files'], saveFile: path('secrets.yaml'), pickMany: 'all' });
    await run('.env');
    assert.match(disk('.sops.yaml'), /secrets\\\.yaml/);
    assert.equal(await plain('secrets.yaml'), 'DB_PASSWORD: canary one\nAPI_KEY: canary-two\n');
  });

  /** Something happens at the last question, right before the file is written. */
  const meanwhile = (work: () => void) =>
    Object.defineProperty(stage.script, 'gesture', {
      configurable: true,
      get() {
        work();
        return true;
      },
    });

  it('writes into no file that came while it asked', async () => {
    stage.write('.env', source);
    Object.assign(stage.script, { pick: 'new', saveFile: path('secrets.yaml'), pickMany: 'all' });
    meanwhile(() => writeFileSync(path('secrets.yaml'), 'of somebody else\n'));
    await assert.rejects(run('.env'), { code: 'CHANGED_ON_DISK' });
    assert.equal(disk('secrets.yaml'), 'of somebody else\n');
    assert.deepEqual(
      readdirSync(stage.folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('writes nothing where it would come to something else than was agreed to', async () => {
    stage.write('.env', source);
    const editor = stage.open('x.yaml', await stage.sealed('a: old\n', 'yaml'));
    const other = await stage.sealed('a: old\nAPI_KEY: of somebody else\n', 'yaml');
    Object.assign(stage.script, { pick: 'x.yaml', pickMany: 'all' });
    meanwhile(() => {
      const end = editor.document.positionAt(editor.document.getText().length);
      fake.edit(editor.document, new Range(new Position(0, 0), end), other);
    });
    await assert.rejects(run('.env'), { code: 'CHANGED_ON_DISK' });
    assert.equal(editor.document.getText(), other);
  });

  it('goes by way of the Secrets Editor where that has the file', async () => {
    stage.write('.env', source);
    const editor = stage.open('x.yaml', await stage.sealed('a: old\n', 'yaml'));
    const labels: string[] = [];
    let settled = true;
    const { services } = stage;
    services.sessions.editors.set(String(editor.document.uri), {
      uri: stage.uri(editor),
      ready: () => stage.state(editor),
      async change(label, make) {
        labels.push(label);
        const state = await stage.state(editor);
        assert.equal(state.kind, 'open');
        if (state.kind === 'open') writeFileSync(path('x.yaml'), (await make(state.opened)).text);
      },
      requireSettled() {
        if (!settled) throw new Refusal('DRAFT');
      },
    });
    Object.assign(stage.script, { pick: 'x.yaml', pickMany: 'all' });
    await run('.env');
    assert.deepEqual(labels, ['Import Secrets']);
    assert.equal(await plain('x.yaml'), 'a: old\nDB_PASSWORD: canary one\nAPI_KEY: canary-two\n');
    settled = false;
    await assert.rejects(run('.env'), { code: 'DRAFT' });
  });
});
