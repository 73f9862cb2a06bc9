import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import { register as hover } from '../../../src/extension/hover/register.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { register as leaver } from '../../../src/extension/leaver/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { register as values } from '../../../src/extension/values/register.ts';
import { fake, type Hover, Position, Uri } from '../../fakes/vscode.ts';
import { idOf, makeStage, type Stage } from '../session/session.ts';

describe('owners and expiry in the editor', () => {
  let stage: Stage;
  let features: Feature[];
  const policy = '.lockstep/policy.yaml';
  const path = (name: string) => join(stage.folder, name);
  const disk = (name: string) => readFileSync(path(name), 'utf8');
  const run = (id: CommandId, ...ids: unknown[]) =>
    features.map(({ commands: all }) => all[id]).find((one) => one !== undefined)?.(...ids);
  const write = (text: string) => {
    stage.write(policy, text);
    fake.events.files.fire(Uri.file(path(policy)));
  };
  const open = async (text = 'A: canary-1\ngroup:\n  B: canary-2\n') => {
    const editor = stage.open('a.yaml', await stage.sealed(text, 'yaml'));
    await stage.state(editor);
    return editor;
  };
  const hovered = async (editor: Awaited<ReturnType<typeof open>>, line: number) => {
    const provider = fake.providers.find(({ kind }) => kind === 'hover')?.provider as vscode.HoverProvider;
    const at = new Position(line, 0) as unknown as vscode.Position;
    const found = (await provider.provideHover(stage.document(editor), at, undefined as never)) as unknown as Hover;
    return (found.contents[0] as { value: string }).value;
  };
  const becomes = async (expected: string) => {
    for (let n = 0; n < 600 && disk(policy) !== expected; n++) await new Promise((resolve) => setTimeout(resolve, 25));
    assert.equal(disk(policy), expected);
  };

  beforeEach(async () => {
    stage = await makeStage();
    features = [leaver(stage.services), values(stage.services), hover(stage.services)];
  });
  afterEach(() => {
    for (const { disposable } of features) disposable.dispose();
    stage.end();
  });

  it('are asked for, checked and written; the hover has them', async () => {
    const editor = await open();
    const id = idOf(await stage.state(editor), 'A');
    stage.script.input = [' Ada (team) ', '2026-11-30'];
    await run(commands.setPolicy, stage.uri(editor), id);
    assert.match(disk(policy), /^#.*\n#.*\na\.yaml:\n {2}A:\n {4}owner: Ada \(team\)\n {4}expires: "2026-11-30"\n$/);
    const text = await hovered(editor, 0);
    assert.match(text, /Owned by Ada \\\(team\\\) · \*\*due in 9 days\*\*/);
    write(disk(policy).replace('2026-11-30', '2028-01-01'));
    assert.match(await hovered(editor, 0), /Owned by Ada \\\(team\\\) · until 2028\\-01\\-01/);
    write('a.yaml: [\n');
    assert.match(await hovered(editor, 0), /The policy with its owner and expiry cannot be read/);
    stage.script.input = ['Bob', ''];
    await assert.rejects(async () => run(commands.setPolicy, stage.uri(editor), id), /BAD_POLICY at line/);
    assert.equal(disk(policy), 'a.yaml: [\n');
  });

  it('follow an entry that gets another name when it is saved, and back when that is undone', async () => {
    const editor = await open();
    const text = 'a.yaml:\n  A: { owner: Ada } # hers\n  group.B: { owner: Bob }\n';
    write(text);
    stage.script.input = 'C';
    await run(commands.renameSecret, stage.uri(editor), idOf(await stage.state(editor), 'A'));
    assert.equal(disk(policy), text, 'not before the file is saved');
    const before = disk('a.yaml');
    const save = (content: string) => {
      writeFileSync(path('a.yaml'), content);
      stage.services.policies.saved(stage.uri(editor));
    };
    save(stage.document(editor).getText());
    await becomes(text.replace('  A:', '  C:'));
    save(before);
    await becomes(text);
    stage.services.policies.renamed(stage.uri(editor), { document: 0, from: ['group'], to: ['other'] });
    save(await stage.sealed('A: x\nother:\n  B: y\n', 'yaml'));
    await becomes(text.replace('group.B', 'other.B'));
  });

  it('follow a file and a folder that VS Code moves', async () => {
    const text = 'app/a.yaml: { A: { owner: Ada } }\napp/b.yaml: { A: { owner: Bob } }\n';
    write(text);
    stage.write('app/a.yaml', 'x');
    stage.write('app/b.yaml', 'x');
    const move = (from: string, to: string) => {
      mkdirSync(dirname(path(to)), { recursive: true });
      renameSync(path(from), path(to));
      fake.events.didRename.fire({ files: [{ oldUri: Uri.file(path(from)), newUri: Uri.file(path(to)) }] });
    };
    move('app/a.yaml', 'app/c.yaml');
    await becomes(text.replace('app/a', 'app/c'));
    move('app', 'web/app');
    await becomes(text.replace('app/a', 'web/app/c').replace('\napp/b', '\nweb/app/b'));
  });

  it('are written into no folder outside, and over no unsaved edits', async () => {
    const editor = await open();
    const id = idOf(await stage.state(editor), 'A');
    stage.script.input = '2028-01-01';
    const outside = mkdtempSync(join(tmpdir(), 'lockstep-outside-'));
    symlinkSync(outside, path('.lockstep'));
    await assert.rejects(async () => run(commands.setPolicy, stage.uri(editor), id), /NOT_A_FILE/);
    assert.equal(existsSync(join(outside, 'policy.yaml')), false);
  });
});
