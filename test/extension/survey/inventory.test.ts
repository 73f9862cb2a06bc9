import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conditionOf } from '../../../src/core/survey/access.ts';
import type { Inventory } from '../../../src/extension/survey/inventory.ts';
import { teamOf, writeTeam } from '../../fakes/team.ts';
import { fake, Uri, workspace } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('the secret files of a workspace', () => {
  let stage: Stage;
  let inventory: Inventory;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const list = () =>
    Object.fromEntries(
      inventory.files.map(({ uri, facts }) => [uri.path.slice(stage.folder.length + 1), conditionOf(facts)]),
    );
  const rules = (recipients: string, pattern = '.') =>
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: ${pattern}\n    age: ${recipients}\n`);
  const touch = (name: string) => fake.events.files.fire(Uri.file(join(stage.folder, name)));
  /** How long nothing else had its turn, in milliseconds, at most. */
  const held = async (work: () => Promise<unknown>): Promise<number> => {
    let [longest, last] = [0, performance.now()];
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    await work();
    clearInterval(timer);
    return longest;
  };

  beforeEach(async () => {
    stage = await makeStage();
    inventory = stage.services.inventory;
  });
  afterEach(() => stage.end());

  it('are found by what they are, in folders of nobody else', async () => {
    rules(stage.recipient, '^certs/|yaml$');
    stage.write('a.yaml', await stage.sealed('a: canary\n', 'yaml'));
    stage.write('certs/deep/cert', await stage.sealed('a: canary\n', 'yaml'));
    stage.write('.env', 'A=canary\n');
    stage.write('package.json', '{}');
    stage.write('node_modules/x/.env', 'A=1\n');
    await inventory.ready();
    assert.equal(inventory.complete, true);
    assert.deepEqual(list(), { '.env': 'plain', 'a.yaml': 'encrypted', 'certs/deep/cert': 'encrypted' });
    assert.ok(!JSON.stringify(inventory.files).includes('canary'));
  });

  it('follow what changes, comes and goes', async () => {
    const sealed = await stage.sealed('a: canary\n', 'yaml');
    rules(stage.recipient);
    stage.write('a.yaml', sealed);
    stage.write('b.yaml', sealed);
    await inventory.ready();
    rmSync(join(stage.folder, 'b.yaml'));
    writeFileSync(join(stage.folder, 'a.yaml'), sealed.replace(/^a: .*$/m, 'a: typed over'));
    stage.write('c/d.yaml', sealed);
    for (const name of ['a.yaml', 'b.yaml', 'c/d.yaml']) touch(name);
    const expected = { 'a.yaml': 'damaged', 'c/d.yaml': 'encrypted' };
    for (let n = 0; n < 200 && JSON.stringify(list()) !== JSON.stringify(expected); n++) await pause(25);
    assert.deepEqual(list(), expected);
  });

  it('differ from their rules as soon as those change', async () => {
    const sealed = await stage.sealed('a: canary\n', 'yaml');
    rules(stage.recipient);
    for (const name of ['a.yaml', 'b/c.yaml']) stage.write(name, sealed);
    await inventory.ready();
    const { people } = await teamOf({ files: 1 });
    rules(`${stage.recipient},${people[1]?.recipient}`);
    const changed = new Promise((resolve) => inventory.onDidChange(() => list()['a.yaml'] === 'differs' && resolve(1)));
    touch('.sops.yaml');
    await changed;
    await inventory.ready();
    assert.deepEqual(list(), { 'a.yaml': 'differs', 'b/c.yaml': 'differs' });
  });

  it('200 among 2,000 files are found in slices, and differ soon after a change of the rules', async function () {
    this.timeout(60_000);
    const team = await teamOf();
    writeTeam(stage.folder, team);
    for (let i = 0; i < 1_800; i++) stage.write(`src/n${i % 20}/f${i}.${i % 2 ? 'ts' : 'json'}`, '{"a": "b"}');
    const all = await workspace.findFiles('**/*');
    // VS Code finds them in another process.
    const find = workspace.findFiles;
    workspace.findFiles = async () => all;
    try {
      const longest = await held(() => inventory.ready());
      assert.equal(inventory.files.length, 200);
      assert.ok(longest < 500, `held up for ${longest} ms`);
      assert.ok(Object.values(list()).every((one) => one === 'encrypted'));
      writeFileSync(join(stage.folder, '.sops.yaml'), team.rules.replaceAll(/^.*# Maria\n/gm, ''));
      const differ = () => Object.values(list()).filter((one) => one === 'differs').length === 200;
      const start = performance.now();
      const changed = new Promise<void>((resolve) => inventory.onDidChange(() => differ() && resolve()));
      touch('.sops.yaml');
      await changed;
      assert.ok(performance.now() - start < 10_000, `${performance.now() - start} ms`);
    } finally {
      workspace.findFiles = find;
    }
  });
});
