import assert from 'node:assert/strict';
import { secretsView } from '../../../src/extension/ids.ts';
import { teamOf } from '../../fakes/team.ts';
import { fake, Uri, workspace } from '../../fakes/vscode.ts';
import { makeViews, type Row, type Views } from './views.ts';

describe('the Secrets view', () => {
  let views: Views;
  const lines = () => views.lines(secretsView);
  const flat = (rows: readonly Row[]): Row[] => rows.flatMap((row) => [row, ...flat(row.below)]);
  const rowOf = async (label: string) =>
    flat(await views.rows(secretsView)).find(({ item }) => item.label === label) ?? assert.fail(label);

  beforeEach(async () => {
    views = await makeViews();
  });
  afterEach(() => views.end());

  /** A workspace with a file in every state, by name. */
  async function everyState() {
    const { stage } = views;
    const other = (await teamOf({ files: 1 })).people[1]?.recipient as string;
    const rule = (pattern: string, ...people: string[]) =>
      `  - path_regex: ${pattern}\n${people.length > 0 ? `    age: ${people.join(',')}\n` : ''}`;
    const rules = [
      ...[rule('differs', stage.recipient, other), rule('nobody'), rule('theirs', other), rule('no-rule-for-this')],
      rule('ours|merging|damaged|broken', stage.recipient),
    ];
    stage.write('.sops.yaml', `creation_rules:\n${rules.join('')}`);
    const text = await stage.sealed('token: canary-value\nport_unencrypted: 1\n', 'yaml');
    stage.write('production/ours.yaml', text);
    stage.write('production/differs.yaml', text);
    stage.write('nobody.yaml', text);
    stage.write('alone.yaml', text);
    stage.write('theirs.yaml', await stage.sealed('token: canary-value\n', 'yaml', other));
    stage.write('damaged.yaml', text.replace(/^ {4}mac:.*\n/m, ''));
    const line = text.split('\n')[0] as string;
    stage.write('merging.yaml', text.replace(line, `<<<<<<< HEAD\n${line}\n=======\n${line}\n>>>>>>> x`));
    stage.write('dev/.env', 'TOKEN=canary-value\n');
    await views.settled();
  }

  it('lists files by environment, their entries below, names only', async () => {
    await everyState();
    assert.deepEqual(await lines(), [
      'Production | 2 files · 1 to look at',
      '  differs.yaml | readers differ · 1 secret',
      '    token',
      '    port_unencrypted | not encrypted',
      '  ours.yaml | 1 secret',
      '    token',
      '    port_unencrypted | not encrypted',
      'Development | 1 file · 1 to look at',
      '  .env | plaintext · 1 secret',
      '    TOKEN | plaintext',
      'Other Files | 5 files · 4 to look at',
      '  alone.yaml | no rule · 1 secret',
      '    token',
      '    port_unencrypted | not encrypted',
      '  damaged.yaml | damaged · 1 secret',
      '    token',
      '    port_unencrypted | not encrypted',
      '  merging.yaml | in a merge conflict',
      '  nobody.yaml | rule cannot be used · 1 secret',
      '    token',
      '    port_unencrypted | not encrypted',
      '  theirs.yaml | not readable by you · 1 secret',
      '    token',
    ]);
  });

  it('tells each state by a sign and by words, for eye and ear', async () => {
    await everyState();
    const files = flat(await views.rows(secretsView)).filter(({ item }) => item.contextValue?.startsWith('file'));
    const looks = files.map(({ item }) => [item.label, (item.iconPath as { id: string }).id]);
    assert.equal(new Set(looks.map(([, icon]) => icon)).size, files.length, String(looks));
    for (const { item } of files) {
      const { label } = item.accessibilityInformation ?? assert.fail();
      assert.ok(label.startsWith(`${item.label}, `), label);
      assert.ok(String(item.tooltip).split('\n').length >= 2, String(item.tooltip));
    }
    const differs = await rowOf('differs.yaml');
    assert.equal(differs.item.accessibilityInformation?.label, 'differs.yaml, readers differ, 1 secret');
    assert.deepEqual(views.viewOf(secretsView).badge, { value: 2, tooltip: '2 files damaged, or in a merge conflict' });
  });

  it('gives no value to VS Code, whatever the state', async () => {
    await everyState();
    const text = await views.everything(secretsView);
    assert.ok(text.includes('TOKEN'));
    assert.ok(!text.includes('canary-value'));
    assert.ok(!text.includes('ENC['));
  });

  it('shows names as they are: no icon, no link, nothing that cannot be seen', async () => {
    const { stage } = views;
    stage.write('.env', 'A=canary\n');
    stage.write('secrets.yaml', '"$(key) [x](command:y)\\u202e": canary\n');
    await views.settled();
    const [name] = (await rowOf('secrets.yaml')).below;
    assert.ok(!String(name?.item.label).includes('$(key)'), name?.item.label);
    assert.ok(!String(name?.item.label).includes('](command'), name?.item.label);
    assert.ok(!String(name?.item.label).includes('\u202e'), name?.item.label);
  });

  it('marks what git history holds as plaintext', async () => {
    await everyState();
    const uri = Uri.file(`${views.stage.folder}/production/ours.yaml`) as never;
    const id = (await rowOf('ours.yaml')).below.map(({ node }) => (node as { id: string }).id)[0] as string;
    await views.stage.services.context.workspaceState.update('lockstep.exposed', {
      [String(uri)]: [{ id, name: 'token', commit: 'abc1234', replaced: false }],
    });
    await views.run('lockstep.listByPerson');
    views.stage.rules.forget();
    await views.settled();
    const row = await rowOf('ours.yaml');
    assert.equal(row.text, 'ours.yaml | 1 in git history · 1 secret');
    assert.equal(row.below[0]?.text, 'token | in git history');
  });

  it('has one level less where all files are of one environment, and none without files', async () => {
    await views.settled();
    assert.deepEqual(await lines(), []);
    views.stage.write('a.env', 'A=canary\n');
    fake.events.files.fire(Uri.file(`${views.stage.folder}/a.env`));
    for (let n = 0; n < 200 && (await lines()).length === 0; n++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(await lines(), ['a.env | plaintext · 1 secret', '  A | plaintext']);
  });

  it('lists a thousand entries, and says how many more there are', async () => {
    views.stage.write('a.env', Array.from({ length: 1_500 }, (_, i) => `A${i}=canary\n`).join(''));
    await views.settled();
    const { below } = await rowOf('a.env');
    assert.equal(below.length, 1_001);
    assert.equal(below.at(-1)?.text, '500 more. Open the file to see them.');
  });

  it('opens a file at an entry, and runs a verb on it only then', async () => {
    await everyState();
    const { node } = (await rowOf('ours.yaml')).below[0] ?? assert.fail();
    fake.executed = [];
    await views.run('lockstep.openEntry', node, [node]);
    await views.run('lockstep.copyEntry', node, undefined);
    const { id, uri } = node as { id: string; uri: Uri };
    assert.deepEqual(
      fake.executed.map(([name]) => name),
      ['vscode.open', 'vscode.open', 'lockstep.copyValue'],
    );
    assert.deepEqual(fake.executed.at(-1), ['lockstep.copyValue', String(uri), id]);
    await views.run('lockstep.copyEntry', { uri: 'nothing' }, undefined);
    assert.equal(fake.executed.length, 3, 'what is no row does nothing');
  });

  it('encrypts the plain ones of what is selected', async () => {
    await everyState();
    const rows = await views.rows(secretsView, 1);
    fake.executed = [];
    await views.run('lockstep.encryptListed', rows[0]?.node, [rows[0]?.node, rows[1]?.node]);
    const [name, first, all] = fake.executed.at(-1) ?? [];
    assert.equal(name, 'lockstep.encryptFile');
    assert.equal(workspace.asRelativePath(first as Uri), 'dev/.env');
    assert.equal((all as Uri[]).length, 1);
    fake.executed = [];
    await views.run('lockstep.encryptListed', rows[0]?.node, [rows[0]?.node]);
    assert.deepEqual(fake.executed, []);
    assert.ok(views.stage.script.asked.at(-1)?.includes('None of these files is plaintext'));
  });
});
