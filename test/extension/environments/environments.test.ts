import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { register } from '../../../src/extension/environments/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { wordsOfAny } from '../../../src/extension/ui/words.ts';
import { eventually } from '../../e2e/wait.ts';
import { ColorThemeKind, fake, Position, Uri } from '../../fakes/vscode.ts';
import { skipFor, windows } from '../../skip.ts';
import { makeStage, type Stage } from '../session/session.ts';

const where = '.lockstep/environments.yaml';

describe('environments in the editor', () => {
  let stage: Stage;
  let feature: Feature;
  let folder: vscode.Uri;
  const item = () =>
    fake.statusItems[0] as unknown as {
      text: string;
      tooltip: string;
      visible: boolean;
      backgroundColor?: { id: string };
    };
  const until = (isSo: () => boolean, what: () => unknown) =>
    eventually(
      async () => what(),
      () => isSo(),
      'the status bar',
      15_000,
    );
  const shows = (text: string) =>
    until(
      () => item()?.text === text,
      () => fake.statusItems,
    );
  const write = (name: string, text: string) => {
    stage.write(name, text);
    fake.events.files.fire(Uri.file(join(stage.folder, name)));
  };
  const seal = async (name: string, text: string) =>
    write(name, await stage.sealed(text, name.endsWith('yaml') ? 'yaml' : 'dotenv'));
  const words = async (work: Promise<unknown>) => {
    try {
      await work;
    } catch (error) {
      const { message, next } = wordsOfAny(error);
      assert.doesNotMatch(message + next, /canary/);
      return message;
    }
    return '';
  };

  beforeEach(async () => {
    stage = await makeStage();
    folder = Uri.file(stage.folder) as unknown as vscode.Uri;
    mkdirSync(join(stage.folder, '.git'));
    await seal('.env', 'A=canary-1\n');
    await seal('.env.production', 'A=canary-2\nexport B=canary-3\n');
    await seal('config/db.yaml', 'db:\n  password: canary-4\n  hosts: [canary-5]\n"tls.key": canary-6\n');
    feature = register(stage.services);
  });
  afterEach(() => {
    feature.disposable.dispose();
    stage.end();
  });

  it('are in the status bar; another one is chosen there, and remembered', async () => {
    const { environments } = stage.services;
    await shows('$(server-environment) .env');
    assert.equal(item().backgroundColor, undefined);
    stage.script.pick = 'production';
    await feature.commands[commands.switchEnvironment]?.();
    await shows('$(flame) production');
    assert.equal(item().backgroundColor?.id, 'statusBarItem.warningBackground');
    assert.match(item().tooltip, /which is production/);
    fake.setTheme(ColorThemeKind.HighContrast);
    await until(() => item().backgroundColor === undefined, item);
    assert.equal((await environments.active(folder))?.name, 'production');
    assert.equal((await environments.find(folder, undefined)).name, 'production');
    await environments.activate(folder, undefined);
    await shows('$(server-environment) .env');
  });

  it('are as the command line finds them, and are handed to it by name', async () => {
    const { environments } = stage.services;
    write(where, 'qa: { files: [config/db.yaml], variables: { db.password: PGPASSWORD }, default: true }\n');
    await shows('$(server-environment) qa');
    const listed = await environments.list(folder);
    assert.deepEqual(
      listed.map(({ name, files }) => [name, ...files]),
      [
        ['', '.env'],
        ['production', '.env.production'],
        ['qa', 'config/db.yaml'],
      ],
    );
    const qa = await environments.find(folder, 'QA');
    assert.deepEqual(
      (await environments.names(qa)).map(({ path, variable }) => [path.join('.'), variable]),
      [
        ['db.password', 'PGPASSWORD'],
        ['db.hosts.0', 'DB_HOSTS_0'],
        ['tls.key', 'TLS_KEY'],
      ],
    );
    assert.deepEqual(environments.flags(qa), ['--env-name', 'qa', '--env-from', stage.folder]);
    const production = await environments.find(folder, 'prod');
    assert.deepEqual(
      (await environments.names(production)).map(({ variable }) => variable),
      ['A', 'B'],
    );
    fake.configure('lockstep.environments', { qa: { loader: 'compose', variables: { 'db.hosts[0]': 'HOST' } } });
    assert.deepEqual(environments.flags(await environments.find(folder, 'qa')), [
      ...['--file', join(stage.folder, 'config/db.yaml'), '--dotenv=compose'],
      ...['--rename', 'PGPASSWORD=db.password', '--rename', 'HOST=db.hosts[0]'],
    ]);
  });

  it('say what is wrong with them: the file, the setting, a name, a file, a secret', async () => {
    const { environments } = stage.services;
    assert.equal(await words(environments.find(folder, 'qa')), 'qa: There is no such environment.');
    write(where, 'qa:\n  loader: canary-go\n');
    await shows('$(warning) Environments');
    assert.equal(
      await words(environments.list(folder)),
      '.lockstep/environments.yaml, line 2: qa.loader: There is no such loader. There are dotenv, compose, python and literal.',
    );
    write(where, 'qa: [\n');
    assert.match(await words(environments.list(folder)), /^\.lockstep\/environments\.yaml, line 2: It cannot be read/);
    write(where, 'qa: { files: [plain.yaml] }\nx: { files: [.env], variables: { db.x: X } }\n');
    write('plain.yaml', 'a: canary\n');
    const qa = await environments.find(folder, 'qa');
    assert.equal(
      await words(environments.names(qa)),
      'plain.yaml: The file is not encrypted, so no program gets its values.',
    );
    rmSync(join(stage.folder, 'plain.yaml'));
    assert.equal(await words(environments.names(qa)), 'plain.yaml: There is no such file.');
    stage.write('plain.yaml', `${await stage.sealed('a: canary\n', 'yaml')}  canary: [\n`);
    assert.match(await words(environments.names(qa)), /^plain\.yaml: The file cannot be read/);
    const x = await environments.find(folder, 'x');
    assert.equal(await words(environments.names(x)), 'db.x: The variables name a secret that none of the files has.');
    fake.configure('lockstep.environments', { qa: { files: 'canary' } });
    assert.equal(
      await words(environments.list(folder)),
      'Setting lockstep.environments: qa.files: The files are not a list. Write brackets, also for one file.',
    );
    for (const senseless of ['canary', 1, ['canary'], { qa: 'canary' }]) {
      fake.configure('lockstep.environments', senseless);
      assert.notEqual(await words(environments.list(folder)), '', JSON.stringify(senseless));
    }
  });

  it('show nothing without trust, and nothing where there is none', async () => {
    fake.trusted = false;
    write('.env.x', 'A=b\n');
    await until(() => !item().visible, item);
    assert.equal(item().text, '');
    for (const name of ['.env', '.env.production', '.env.x']) rmSync(join(stage.folder, name));
    fake.trust();
    fake.events.files.fire(Uri.file(join(stage.folder, '.env')));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(item().visible, false);
    stage.script.pick = 'Create';
    await feature.commands[commands.switchEnvironment]?.().catch(() => undefined);
    const made = readFileSync(join(stage.folder, where), 'utf8');
    assert.match(made, /^# Environments: /);
    assert.deepEqual(await stage.services.environments.list(folder), [], 'it says nothing until it is edited');
  });

  it('never lead out of the repository', async function () {
    skipFor(this, windows);
    const elsewhere = mkdtempSync(join(tmpdir(), 'lockstep-elsewhere-'));
    try {
      writeFileSync(join(elsewhere, 'x.env'), await stage.sealed('A=canary\n', 'dotenv'));
      symlinkSync(join(elsewhere, 'x.env'), join(stage.folder, '.env.linked'));
      fake.events.files.fire(Uri.file(join(stage.folder, '.env.linked')));
      const { environments } = stage.services;
      assert.equal(
        await words(environments.find(folder, 'linked')),
        '.env.linked: The file is a link that leads out of the repository.',
      );
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('have their problems underlined', async () => {
    const text = `qa:
  files: [config/db.yaml, gone.env, plain.yaml]
  loader: go
production:
  variables: { A: X, db.pasword: Y }
`;
    stage.write('plain.yaml', 'a: canary\n');
    const editor = stage.open(where, text);
    const problems = () =>
      fake
        .problems('lockstep-environments', editor.document.uri)
        .map(({ range, message, severity }) => `${severity} ${editor.document.getText(range)}: ${message}`);
    await until(() => problems().length === 3, problems);
    assert.deepEqual(problems(), [
      '0 go: There is no such loader. There are dotenv, compose, python and literal.',
      '1 gone.env: There is no file gone.env.',
      '1 plain.yaml: The file is not encrypted, so no program gets its values.',
    ]);
    // Which files an environment has by their names is known when nothing else is wrong.
    write(where, text.replace('go\n', 'compose\n'));
    fake.edit(editor.document, editor.document.lineAt(2).range, '  loader: compose');
    await until(() => problems().length === 3 && !problems()[0]?.startsWith('0'), problems);
    assert.equal(problems()[2], '1 db.pasword: No file of this environment has a secret db.pasword.');
    fake.edit(editor.document, editor.document.lineAt(3).range, 'production: [\n');
    await until(() => problems().length === 1, problems);
    assert.match(problems()[0] ?? '', /^0 .*: It cannot be read as environments/);
    fake.close(editor);
    assert.deepEqual(problems(), []);
  });

  it('are completed, with their secrets, by name', async () => {
    const complete = async (name: string, text: string) => {
      const editor = stage.open(name, text.replace('|', ''));
      const before = text.slice(0, text.indexOf('|')).split('\n');
      const at = new Position(before.length - 1, before.at(-1)?.length ?? 0);
      const all = fake.providers.filter(({ kind }) => kind === 'completion');
      const { provider } = all[name === where ? 1 : 0] as { provider: vscode.CompletionItemProvider };
      const found = await provider.provideCompletionItems(
        stage.document(editor),
        at as unknown as vscode.Position,
        ...([undefined, undefined] as never[] as [never, never]),
      );
      fake.close(editor);
      return (found as vscode.CompletionItem[]).map(({ insertText }) => insertText);
    };
    const launch = '.vscode/launch.json';
    assert.deepEqual(await complete(launch, '{ "env": { "A": "lockstep:|" } }'), ['#', 'production#']);
    assert.deepEqual(await complete(launch, '{ "env": { "A": "lockstep:production#|" } }'), ['A', 'B']);
    assert.deepEqual(await complete(launch, '{ "env": { "A": "x|" } }'), []);
    assert.deepEqual(await complete(launch, '{ "env": { "A": "lockstep:nowhere#|" } }'), []);
    await stage.services.inventory.ready();
    assert.deepEqual(await complete(where, 'qa:\n  files: [c|]'), ['.env', '.env.production', 'config/db.yaml']);
    assert.deepEqual(await complete(where, 'qa:\n  loader: |'), ['dotenv', 'compose', 'python', 'literal']);
    assert.deepEqual(await complete(where, 'qa:\n  files: [config/db.yaml]\n  variables:\n    d|'), [
      ...['files: ', 'loader: ', 'variables: ', 'default: '],
      ...['db.password: ', '"db.hosts[0]": ', '"[\\"tls.key\\"]": '],
    ]);
  });
});
