import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../../src/extension/ids.ts';
import { quickFixes } from '../../../src/extension/scan/actions.ts';
import { register } from '../../../src/extension/scan/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { type FakeEditor, fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const token = ['gh', 'p_', 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb7d'].join('');
const canary = 'k7Q+canaryV9/tXw2';
const source = `export const githubToken = '${token}';\n`;

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

describe('hard-coded secrets', () => {
  let stage: Stage;
  let feature: Feature;
  beforeEach(async () => {
    stage = await makeStage();
    execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: stage.folder });
    feature = register(stage.services);
  });
  afterEach(() => {
    feature.disposable.dispose();
    stage.end();
  });

  const run = (id: keyof typeof commands, ...ids: unknown[]) => feature.commands[commands[id]]?.(...ids);
  const problems = (editor: FakeEditor) =>
    (fake.collections.get('lockstep-secrets')?.get(String(editor.document.uri)) ?? []) as readonly Diagnostic[];
  const settled = async (editor: FakeEditor, count: number) => {
    for (let n = 0; n < 200 && problems(editor).length !== count; n++)
      await new Promise((done) => setTimeout(done, 20));
    assert.equal(problems(editor).length, count);
  };
  const commit = () => {
    execFileSync('git', ['add', '-A'], { cwd: stage.folder });
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
    execFileSync('git', [...who, 'commit', '-qm', 'x'], { cwd: stage.folder });
  };
  const atToken = (editor: FakeEditor) => [String(editor.document.uri), 0, source.indexOf(token)];
  const said = () => JSON.stringify([stage.script.asked, problems]);

  it('are problems of open documents, with quick fixes that hold places only', async () => {
    const editor = stage.open('src/a.ts', source);
    await settled(editor, 1);
    const [one] = problems(editor);
    assert.match(one?.message ?? '', /looks like a secret in plaintext \(github-pat\)/);
    const fixes = quickFixes.provideCodeActions(
      editor.document as never,
      {} as never,
      { diagnostics: [one] } as never,
      {} as never,
    );
    assert.deepEqual(
      (fixes as { command: { command: string; arguments: unknown } }[]).map((fix) => [
        fix.command.command,
        fix.command.arguments,
      ]),
      ['lockstep.moveToSecrets', 'lockstep.notSecret'].map((id) => [id, atToken(editor)]),
    );
    assert.ok(!JSON.stringify([problems(editor), fixes]).includes(token));
  });

  for (const [file, format, plain, name, read] of [
    ['.env', 'dotenv', 'OTHER=example-1\n', 'GITHUB_TOKEN', 'GITHUB_TOKEN'],
    ['secrets.yaml', 'yaml', 'other-name: example-1\n', 'github-token', 'GITHUB_TOKEN'],
    ['secrets.json', 'json', '{\n\t"other": "example-1"\n}\n', 'github_token', 'GITHUB_TOKEN'],
    ['secrets.ini', 'ini', '[main]\nother = example-1\n', 'github_token', 'MAIN_GITHUB_TOKEN'],
  ] as const)
    it(`move into ${file}, and are read from there`, async () => {
      const target = stage.open(file, await stage.sealed(plain, format));
      const editor = stage.open('src/a.ts', source);
      await settled(editor, 1);
      stage.script.pick = file;
      stage.script.input = name;
      await run('moveToSecrets', ...atToken(editor));
      assert.equal(editor.document.getText(), `export const githubToken = process.env.${read};\n`);
      const state = await stage.state(target);
      assert.equal(state.kind, 'open');
      const values =
        'opened' in state
          ? state.sealed.leaves.map(({ path, id }) => {
              const value = state.opened.value(id);
              return [path.at(-1), value?.type === 'str' ? value.value : undefined];
            })
          : [];
      assert.deepEqual(values.at(-1), [name, token]);
      assert.ok(!target.document.getText().includes(token) && !said().includes(token));
      await settled(editor, 0);
    });

  it('are read from the entry that has the value already', async () => {
    const plain = `db:\n  github: ${token}\n`;
    const target = stage.open('secrets.yaml', await stage.sealed(plain, 'yaml'));
    const before = target.document.getText();
    const editor = stage.open('src/a.ts', source);
    await settled(editor, 1);
    stage.script.pick = 'secrets.yaml';
    await run('moveToSecrets', ...atToken(editor));
    assert.equal(editor.document.getText(), 'export const githubToken = process.env.DB_GITHUB;\n');
    assert.equal(target.document.getText(), before);
  });

  it('propose a name, and explain one that cannot be', async () => {
    stage.open('.env', await stage.sealed('OTHER=example-1\n', 'dotenv'));
    const editor = stage.open('src/a.ts', source);
    stage.script.pick = '.env';
    const shown: { value?: string; validate?: (text: string) => string | undefined } = {};
    const ui = new Proxy(stage.services.ui, {
      get: (real, key) =>
        key === 'input' ? async (options: object) => void Object.assign(shown, options) : Reflect.get(real, key),
    });
    const other = register({ ...stage.services, ui });
    await other.commands[commands.moveToSecrets]?.(...atToken(editor));
    other.disposable.dispose();
    assert.equal(shown.value, 'GITHUB_TOKEN');
    assert.equal(shown.validate?.('GITHUB_TOKEN'), undefined);
    for (const bad of ['', 'a b', '1A', 'A-B', 'OTHER', 'sops_mac', 'Ä']) assert.ok(shown.validate?.(bad), bad);
    assert.equal(editor.document.getText(), source);
  });

  it('stay where nobody knows how the file reads them, or nothing is open', async () => {
    const editor = stage.open('src/a.swift', source);
    await run('moveToSecrets', ...atToken(editor));
    assert.match(said(), /does not know how src\/a\.swift reads a secret/);
    const other = stage.open('src/b.ts', source);
    await run('moveToSecrets', ...atToken(other));
    assert.match(said(), /There is no encrypted file yet/);
    stage.open('.env', await stage.sealed('OTHER=example-1\n', 'dotenv'));
    await stage.services.inventory.refresh();
    stage.script.pick = '.env';
    stage.script.input = 'GITHUB_TOKEN';
    stage.vault.lock();
    stage.script.gesture = false;
    await run('moveToSecrets', ...atToken(other));
    assert.equal(other.document.getText(), source);
    fake.trusted = false;
    await run('moveToSecrets', ...atToken(other));
    fake.trusted = true;
    assert.equal(other.document.getText(), source);
  });

  it('are known to git history afterwards, and on the list of values to replace', async () => {
    const target = stage.open('.env', await stage.sealed('OTHER=example-1\n', 'dotenv'));
    const editor = stage.open('src/a.ts', source);
    commit();
    stage.script.pick = '.env';
    stage.script.input = 'GITHUB_TOKEN';
    await run('moveToSecrets', ...atToken(editor));
    assert.match(said(), /Git history still has the value in src\/a\.ts/);
    const listed = () => stage.services.exposed.of(stage.uri(target)).map(({ name, replaced }) => [name, replaced]);
    assert.deepEqual(listed(), [['GITHUB_TOKEN', false]]);
    assert.doesNotMatch(readFileSync(stage.uri(target).fsPath, 'utf8'), /GITHUB_TOKEN/);
    await stage.services.exposed.check(stage.uri(target));
    assert.deepEqual(listed(), [['GITHUB_TOKEN', false]], 'what is not saved yet is not replaced');
  });

  it('are none where somebody said so, in a file with the reason and the day', async () => {
    const editor = stage.open('src/a.ts', source);
    await settled(editor, 1);
    stage.script.input = 'expired | sample';
    await run('notSecret', ...atToken(editor));
    const written = readFileSync(join(stage.folder, '.lockstep/not-secrets'), 'utf8');
    assert.match(written, /^src\/a\.ts \| github-pat \| githubToken \| 2026-11-21 \| expired \\\| sample$/m);
    assert.ok(!written.includes(token));
    await settled(editor, 0);
  });

  it('are found in the whole workspace, and the own values with them', async () => {
    stage.write('secrets.yaml', await stage.sealed(`note: ${canary}\n`, 'yaml'));
    stage.write('src/a.ts', source);
    stage.write('docs/b.md', `x ${canary}\n`);
    stage.write('out/c.ts', source);
    stage.write('.gitignore', 'out/\n');
    await run('findSecrets');
    const all = [...(fake.collections.get('lockstep-secrets') ?? [])].flatMap(([uri, found]) =>
      (found as readonly Diagnostic[]).map(({ message }) => `${uri.slice(uri.lastIndexOf('/') + 1)}: ${message}`),
    );
    assert.deepEqual(all.sort(), [
      'a.ts: This looks like a secret in plaintext (github-pat). Move it to an encrypted file.',
      'b.md: This is the value of note in secrets.yaml, in plaintext.',
    ]);
    assert.match(said(), /2 hard-coded secrets were found in 2 files/);
    assert.ok(!said().includes(token) && !said().includes(canary));
  });
});

describe('left-over plaintext', () => {
  it('is listed by place and name, and removed on request', async () => {
    const stage = await makeStage();
    const user = mkdtempSync(join(tmpdir(), 'lockstep-user-'));
    const history = join(user, 'History', '1a2b');
    mkdirSync(history, { recursive: true });
    const context = { ...stage.services.context, globalStorageUri: Uri.file(join(user, 'globalStorage', 'lockstep')) };
    const feature = register({ ...stage.services, context } as never);
    try {
      stage.write('secrets.yaml', await stage.sealed(`note: ${canary}\n`, 'yaml'));
      stage.write('secrets.yaml.decrypted~secrets.yaml', `note: ${canary}\n`);
      stage.write('.decrypted~short.yaml', 'a: pw\n');
      stage.write('.env.bak', `A=${canary}\n`);
      stage.write('other.bak', 'nothing\n');
      writeFileSync(join(history, 'x1Y2.yaml'), `note: ${canary}\n`);
      writeFileSync(join(history, 'z3.yaml'), 'note: other\n');
      const entries = [{ id: 'x1Y2.yaml' }, { id: 'z3.yaml' }, { id: '../../escape' }];
      writeFileSync(
        join(history, 'entries.json'),
        JSON.stringify({ resource: String(Uri.file(join(stage.folder, 'secrets.yaml'))), entries }),
      );
      writeFileSync(join(user, 'escape'), canary);
      const dirty = stage.open('dirty.txt', 'x');
      (dirty.document as { isDirty: boolean }).isDirty = true;
      const backups = join(user, 'Backups', '5e6f', 'file');
      mkdirSync(backups, { recursive: true });
      const backup = (name: string, path: string) =>
        writeFileSync(join(backups, name), `${Uri.file(path)} {"typeId":""}\nnote: ${canary}\n`);
      backup('stale', join(stage.folder, 'notes.txt'));
      backup('now', join(stage.folder, 'dirty.txt'));
      backup('elsewhere', '/somewhere/notes.txt');
      stage.script.pickMany = ['.env.bak', 'x1Y2.yaml', 'stale'];
      await feature.commands[commands.findLeftOver]?.();
      const asked = JSON.stringify(stage.script.asked);
      assert.match(asked, /Remove 3 files\?/);
      assert.match(asked, /unsaved text of notes\.txt/);
      assert.match(asked, /\.decrypted~short\.yaml/);
      assert.ok(!asked.includes('other.bak') && !asked.includes('z3.yaml') && !asked.includes('escape'));
      assert.ok(!asked.includes(canary));
      assert.ok(!existsSync(join(stage.folder, '.env.bak')) && !existsSync(join(history, 'x1Y2.yaml')));
      for (const kept of ['secrets.yaml.decrypted~secrets.yaml', 'other.bak', 'secrets.yaml'])
        assert.ok(existsSync(join(stage.folder, kept)), kept);
      assert.ok(existsSync(join(history, 'z3.yaml')) && existsSync(join(user, 'escape')));
      for (const [name, there] of Object.entries({ stale: false, now: true, elsewhere: true }))
        assert.equal(existsSync(join(backups, name)), there, name);
      stage.script.asked.length = 0;
      fake.cancelling = true;
      await feature.commands[commands.findLeftOver]?.();
      fake.cancelling = false;
      assert.deepEqual(stage.script.asked, [], 'who stops the search is told nothing that was not looked at');
      stage.script.gesture = false;
      stage.script.pickMany = ['decrypted'];
      await feature.commands[commands.findLeftOver]?.();
      assert.ok(existsSync(join(stage.folder, 'secrets.yaml.decrypted~secrets.yaml')));
    } finally {
      feature.disposable.dispose();
      stage.end();
      rmSync(user, { recursive: true });
    }
  });

  it('finds a decrypted file by its name where no value is long enough to be looked for', async () => {
    const stage = await makeStage();
    const feature = register(stage.services);
    try {
      stage.write('secrets.yaml', await stage.sealed('a: pw\n', 'yaml'));
      stage.write('.decrypted~secrets.yaml', 'a: pw\n');
      stage.script.pickMany = ['decrypted'];
      await feature.commands[commands.findLeftOver]?.();
      assert.match(JSON.stringify(stage.script.asked), /Remove \.decrypted~secrets\.yaml/);
      assert.ok(!existsSync(join(stage.folder, '.decrypted~secrets.yaml')));
    } finally {
      feature.disposable.dispose();
      stage.end();
    }
  });
});
