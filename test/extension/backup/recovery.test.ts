import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { openIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import { parseConfig } from '../../../src/core/rules/rules.ts';
import { register } from '../../../src/extension/backup/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register as setup } from '../../../src/extension/setup/register.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const phrase = 'correct horse battery';

describe('a recovery key', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
    stage.write(
      '.sops.yaml',
      `# ours\ncreation_rules:\n  - path_regex: ^[ab]\\.\n    age:\n      - ${stage.recipient} # me\n`,
    );
    stage.write('a.env', await stage.sealed('A=canary\n', 'dotenv'));
    stage.write('b.yaml', await stage.sealed('b: canary\n', 'yaml'));
    stage.script.confirm = true;
    stage.script.choose = 'Add Recovery Key';
  });
  afterEach(() => stage.end());
  const run = async () => assert.equal(await register(stage.services).commands[commands.addRecoveryKey]?.(), undefined);
  const disk = (name: string) => readFileSync(join(stage.folder, name), 'utf8');
  const all = () => ['.sops.yaml', 'a.env', 'b.yaml'].map(disk);
  const asked = () => stage.script.asked.join('\n');

  it('is made, kept in its backup alone, and comes into every rule and every file', async () => {
    const file = join(stage.folder, 'recovery.age');
    Object.assign(stage.script, { pick: 'create', secret: [phrase, phrase], saveFile: file });
    await run();
    const text = await openIdentityFile(readFileSync(file, 'utf8'), phrase);
    const recipient = await recipientOf(/AGE-SECRET-KEY-\S+/.exec(text)?.[0] ?? '');
    assert.match(disk('.sops.yaml'), new RegExp(`- ${recipient} # Recovery`));
    assert.match(disk('.sops.yaml'), /^# ours\n/);
    for (const name of ['a.env', 'b.yaml']) assert.ok(disk(name).includes(recipient), name);
    const labels = (await stage.vault.keys()).map((key) => key.label);
    assert.deepEqual(labels, ['me'], 'it is in no SecretStorage');
    assert.doesNotMatch(asked(), /AGE-SECRET-KEY|canary/);
    // A rule that is written later names it as well.
    stage.write('new.env', 'N=canary\n');
    Object.assign(stage.script, { pick: 'own', pickMany: 'all' });
    await setup(stage.services).commands[commands.setUp]?.();
    const { rules = [] } = parseConfig(disk('.sops.yaml'));
    assert.equal(rules.length, 2);
    assert.ok(rules[1]?.recipients.includes(recipient));
    assert.ok(disk('new.env').includes(recipient));
  });

  it('comes into the rules that are on the disk, of which the system may tell late', async () => {
    const config = disk('.sops.yaml');
    unlinkSync(join(stage.folder, '.sops.yaml'));
    for (const name of ['a.env', 'b.yaml'])
      assert.equal(await stage.services.rules.find(Uri.file(join(stage.folder, name))), undefined);
    stage.write('.sops.yaml', config);
    const recipient = await recipientOf(await generateIdentity());
    Object.assign(stage.script, { pick: 'public', input: recipient });
    await run();
    for (const text of all()) assert.ok(text.includes(recipient), asked());
  });

  it('comes into files of whatever name that a rule covers, and into rules in folders of build results', async () => {
    stage.write('out/.sops.yaml', `creation_rules:\n  - age: ${stage.recipient}\n`);
    stage.write('out/notes.txt', await stage.sealed('n: canary\n', 'yaml'));
    const recipient = await recipientOf(await generateIdentity());
    Object.assign(stage.script, { pick: 'public', input: recipient });
    await run();
    for (const name of ['out/.sops.yaml', 'out/notes.txt']) assert.ok(disk(name).includes(recipient), name);
  });

  it('comes once into rules and files that two folders of a workspace hold, and into rules behind a link', async () => {
    stage.write('sub/.sops.yaml', `creation_rules:\n  - age: ${stage.recipient}\n`);
    stage.write('sub/c.env', await stage.sealed('C=canary\n', 'dotenv'));
    mkdirSync(join(stage.folder, 'linked'));
    symlinkSync('../.sops.yaml', join(stage.folder, 'linked', '.sops.yaml'));
    fake.folders.push(join(stage.folder, 'sub'), join(stage.folder, 'linked'));
    const recipient = await recipientOf(await generateIdentity());
    Object.assign(stage.script, { pick: 'public', input: recipient });
    await run();
    for (const name of ['.sops.yaml', 'sub/.sops.yaml']) {
      const all = parseConfig(disk(name)).rules?.flatMap(({ recipients }) => recipients) ?? [];
      assert.equal(all.filter((one) => one === recipient).length, 1, `${name}\n${asked()}`);
    }
    for (const name of ['a.env', 'sub/c.env']) assert.ok(disk(name).includes(recipient), name);
  });

  it('may be one that is kept elsewhere, and is never a private one', async () => {
    const identity = await generateIdentity();
    const before = all();
    stage.script.pick = 'public';
    for (const input of [identity, 'age1nonsense', '']) {
      stage.script.input = input;
      await run();
      assert.deepEqual(all(), before);
    }
    const recipient = await recipientOf(identity);
    stage.script.input = recipient;
    await run();
    for (const text of all()) assert.ok(text.includes(recipient));
    assert.ok(!asked().includes(identity.slice(16, 40)));
    const after = all();
    await run();
    assert.deepEqual(all(), after, 'once is enough');
  });

  it('changes nothing where a person says no, or where one file is not theirs to change', async () => {
    const before = all();
    const input = await recipientOf(await generateIdentity());
    Object.assign(stage.script, { pick: 'public', input, confirm: false, choose: undefined });
    await run();
    assert.deepEqual(all(), before);
    const other = await recipientOf(await generateIdentity());
    stage.write('a.env', await stage.sealed('A=1\n', 'dotenv', other));
    const broken = all();
    Object.assign(stage.script, { confirm: true, choose: 'Add Recovery Key' });
    await run();
    assert.deepEqual(all(), broken);
  });

  it('needs a rule', async () => {
    stage.write('.sops.yaml', '# nothing yet\n');
    stage.rules.forget();
    await run();
    assert.match(stage.script.asked.at(-1) ?? '', /^There is no \.sops\.yaml with a rule here yet\./);
  });
});
