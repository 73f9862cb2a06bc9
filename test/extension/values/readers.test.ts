import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ageNames } from '../../../src/core/keys/updatekeys.ts';
import { parseConfig } from '../../../src/core/rules/rules.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { hoverText } from '../../../src/extension/hover/text.ts';
import { commands } from '../../../src/extension/ids.ts';
import { fileTitles } from '../../../src/extension/lens/titles.ts';
import { encryptAll } from '../../../src/extension/session/encrypting.ts';
import { register } from '../../../src/extension/values/register.ts';
import { readerItems } from '../../../src/extension/why/readers.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { type FakeEditor, fake, Range, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
const text = 'a: canary\nb: two\n';

describe('who can read a file', () => {
  let stage: Stage;
  let other: string;
  let third: string;
  before(async () => {
    other = await recipientOf(await generateIdentity());
    third = await recipientOf(await generateIdentity());
  });
  beforeEach(async () => {
    stage = await makeStage();
  });
  afterEach(() => stage.end());

  const run = (editor?: FakeEditor) =>
    register(stage.services).commands[commands.updateReaders]?.(...(editor ? [editor.document.uri.toString()] : []));
  const rule = (body: string) => stage.write('.sops.yaml', `creation_rules:\n  - path_regex: x\n${body}`);
  const sealed = async (groups: string[][], shamirThreshold = 0) =>
    (await seal(text, 'yaml', { recipients: [], groups: groups.map(ageNames), shamirThreshold }, clock)).text;
  const groupsOf = (editor: FakeEditor) =>
    readSealed(editor.document.getText(), 'yaml').metadata.groups.map((keys) => keys.map((key) => key.name));
  const asked = () => JSON.stringify(stage.script.asked);

  it('becomes what the rule says, after a question that names who comes and who goes', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient, other]]));
    rule(`    age: ${stage.recipient},${third}\n`);
    const before = editor.document.getText();
    await run(editor);
    assert.equal(editor.document.getText(), before, 'not without a yes');
    assert.match(asked(), new RegExp(`Added: ${third.slice(0, 11)}…${third.slice(-4)}`));
    assert.match(asked(), new RegExp(`Removed: ${other.slice(0, 11)}…${other.slice(-4)}`));
    assert.match(asked(), /No value changes\. Whoever is removed may have kept the data key/);
    stage.script.confirm = true;
    await run(editor);
    assert.deepEqual(groupsOf(editor), [[stage.recipient, third]]);
    const envelopes = (all: string) => all.match(/ENC\[[^\]]*\]/g);
    assert.deepEqual(envelopes(editor.document.getText()), envelopes(before));
    assert.equal((await stage.state(editor)).kind, 'open');
    assert.match(asked(), /Give it a new one/);
    assert.ok(!asked().includes('canary'));
  });

  it('says nothing about who is removed where nobody is', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient]]));
    rule(`    age: ${stage.recipient},${third}\n`);
    await run(editor);
    assert.match(asked(), /Added: age1\S+\\n\\nNo value changes\.\\n\[/);
  });

  it('does nothing when the rule is kept already, and says so', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient, other]]));
    rule(`    age: [${other}, ${stage.recipient}]\n`);
    const before = editor.document.getText();
    stage.script.confirm = true;
    await run(editor);
    assert.equal(editor.document.getText(), before);
    assert.match(asked(), /already has exactly the readers in its rule/);
    stage.script.message = 'Open .sops.yaml';
    await run(editor);
    assert.match(String(fake.executed.at(-1)?.[1]), /\.sops\.yaml$/);
  });

  it('can become several groups, with a warning to whom it shuts out', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient]]));
    rule(
      `    shamir_threshold: 2\n    key_groups:\n      - age: [${stage.recipient}]\n      - age: [${other}]\n      - age: [${third}]\n`,
    );
    stage.script.confirm = true;
    await run(editor);
    assert.deepEqual(groupsOf(editor), [[stage.recipient], [other], [third]]);
    assert.match(asked(), /will need keys of 2 groups, and yours are in 1/);
    assert.match(asked(), /Needed together: keys of 2 of 3 groups/);
    const state = await stage.state(editor);
    assert.ok(state.kind === 'unreadable' && state.error.code === 'NOT_A_RECIPIENT' && state.error.place.missing === 1);
  });

  it('are written down where no rule names them, to be changed there', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient, other]]));
    const before = editor.document.getText();
    await run(editor);
    assert.match(asked(), /Write Down Who Can Read x\.yaml/);
    assert.equal(existsSync(join(stage.folder, '.sops.yaml')), false, 'not without a choice');
    stage.script.pick = 'files';
    await run(editor);
    const [one] = parseConfig(readFileSync(join(stage.folder, '.sops.yaml'), 'utf8')).rules ?? [];
    assert.deepEqual([one?.pathRegex, one?.recipients], ['^x\\.yaml$', [stage.recipient, other]]);
    assert.match(String(fake.executed.at(-1)?.[1]), /\.sops\.yaml$/);
    assert.equal(editor.document.getText(), before);
    stage.script.pick = undefined;
    await run(editor);
    assert.match(asked(), /already has exactly the readers in its rule/);
  });

  it('needs a rule, a whole file, a trusted folder and keys that can be wrapped', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient]]));
    const grouped = stage.open('grouped.yaml', await sealed([[stage.recipient], [stage.recipient, other]]));
    stage.script.confirm = true;
    await assert.rejects(
      async () => run(grouped),
      { code: 'NO_RULE' },
      'a rule of several groups is a person’s to write',
    );
    stage.script.confirm = undefined;
    rule(`    pgp: ABCD\n    age: ${stage.recipient}\n`);
    stage.rules.forget();
    stage.script.confirm = true;
    await assert.rejects(async () => run(editor), { code: 'FOREIGN_MASTER_KEY' });
    rule('    pgp: []\n');
    stage.rules.forget();
    await assert.rejects(async () => run(editor), { code: 'NO_RECIPIENTS' });
    const damaged = stage.open('x2.yaml', editor.document.getText().replace(/^b: .*\n/m, ''));
    await assert.rejects(async () => run(damaged), { code: 'EDIT_LOCKED' });
    fake.trusted = false;
    const before = stage.script.asked.length;
    await run(editor);
    assert.match(stage.script.asked.slice(before).join(), /Restricted Mode/);
  });

  it('follows the rule that is there, also where nobody told that it has changed', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient, other]]));
    const many = ['x1.yaml', 'x2.yaml'];
    for (const name of many) stage.write(name, editor.document.getText());
    rule(`    age: ${stage.recipient},${other}\n`);
    const uris = many.map((name) => Uri.file(join(stage.folder, name)));
    for (const uri of [stage.uri(editor), ...uris]) assert.ok(await stage.rules.find(uri as never));
    rule(`    age: ${stage.recipient}\n`);
    stage.script.confirm = true;
    await run(editor);
    assert.deepEqual(groupsOf(editor), [[stage.recipient]]);
    rule(`    age: ${stage.recipient},${third}\n`);
    await register(stage.services).commands[commands.updateReaders]?.(uris[0], uris);
    for (const name of many) {
      const { metadata } = readSealed(readFileSync(join(stage.folder, name), 'utf8'), 'yaml');
      assert.deepEqual(metadata.recipients, [stage.recipient, third]);
    }
  });

  it('is told by the names in .sops.yaml', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient, other]]));
    rule(`    age:\n      - ${stage.recipient}\n      - ${third} # Maria\n# Tom: ${other}\n`);
    stage.script.confirm = true;
    await run(editor);
    const short = (one: string) => `${one.slice(0, 11)}…${one.slice(-4)}`;
    assert.match(asked(), new RegExp(`Added: Maria \\(${short(third)}\\)`));
    assert.match(asked(), new RegExp(`Removed: Tom \\(${short(other)}\\)`));
    await register(stage.services).commands[commands.rotateDataKey]?.(editor.document.uri.toString());
    assert.match(asked(), new RegExp(`anew, for you and Maria \\(${short(third)}\\)`));
    const state = await stage.state(editor);
    assert.ok(state.kind === 'open');
    const [, you, maria] = await readerItems(stage.services, stage.uri(editor), state);
    assert.equal(you?.label, 'You');
    assert.deepEqual([maria?.label, maria?.description], ['Maria', short(third)]);
    // A .sops.yaml that cannot be read names people still.
    stage.write('.sops.yaml', `creation_rules: [\n# Maria: ${third}\n`);
    stage.rules.forget();
    assert.equal((await readerItems(stage.services, stage.uri(editor), state))[2]?.label, 'Maria');
  });

  it('is told for several groups in lens, hover, list and before a rotation', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient], [stage.recipient, other], [third]], 2));
    const state = await stage.state(editor);
    assert.ok(state.kind === 'open');
    assert.match(fileTitles(state, new Set([stage.recipient]))[0]?.title ?? '', /readable by any 2 of 3 groups$/);
    const keys = await stage.vault.keys();
    const leaf = state.sealed.leaves[0] ?? assert.fail();
    const shown = { revealed: false, presenting: false };
    const hover = hoverText({
      uri: 'x',
      leaf,
      state,
      change: undefined,
      keys,
      now: clock.now(),
      names: new Map(),
      policy: undefined,
      ...shown,
    }).value;
    assert.match(hover, /Readable by any 2 of 3 groups: you · you\\?, age1\S+ · age1\S+/);
    const items = await readerItems(stage.services, stage.uri(editor), state);
    assert.deepEqual(
      items.flatMap(({ icon, label }) => (icon === undefined ? [label] : [])),
      ['Who can read this file: any 2 of 3 groups', 'Group 1', 'Group 2', 'Group 3'],
    );
    stage.script.confirm = true;
    await register(stage.services).commands[commands.rotateDataKey]?.(editor.document.uri.toString());
    assert.match(asked(), /for any 2 of 3 groups\.\\nGroup 1: you\\nGroup 2: you, age1/);
    assert.deepEqual(groupsOf(editor), [[stage.recipient], [stage.recipient, other], [third]]);
    assert.equal((await stage.state(editor)).kind, 'open');
  });

  it('follows a rule with groups when a file is encrypted, after asking whoever cannot read it alone', async () => {
    stage.write('x.yaml', text);
    rule(`    key_groups:\n      - age: [${stage.recipient}]\n      - age: [${other}]\n`);
    const file = stage.uri(stage.open('x.yaml', text));
    assert.deepEqual(await encryptAll(stage.services, [file]), []);
    assert.match(asked(), /You will not be able to read x\.yaml alone/);
    stage.script.confirm = true;
    const [done] = await encryptAll(stage.services, [file]);
    assert.deepEqual(
      done?.sealed.metadata.groups.map((keys) => keys.map((key) => key.name)),
      [[stage.recipient], [other]],
    );
  });

  it('is not changed when your key opens the entry of somebody else', async () => {
    const honest = await sealed([[stage.recipient, other]]);
    const editor = stage.open('x.yaml', honest.replaceAll(stage.recipient, third));
    rule(`    age: ${stage.recipient}\n`);
    stage.script.confirm = true;
    const before = editor.document.getText();
    assert.equal((await stage.state(editor)).kind, 'open');
    await assert.rejects(async () => run(editor), { code: 'MISLABELLED_KEY' });
    const rotation = register(stage.services).commands[commands.rotateDataKey];
    await assert.rejects(async () => rotation?.(editor.document.uri.toString()), { code: 'MISLABELLED_KEY' });
    assert.equal(editor.document.getText(), before);
    assert.deepEqual(stage.script.asked, [], 'nobody is asked about it');
  });

  it('does not lock you out without a word of its own', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient, other]]));
    rule(`    age: ${other}\n`);
    const before = editor.document.getText();
    stage.script.confirm = [true, false];
    await run(editor);
    assert.equal(editor.document.getText(), before);
    assert.match(stage.script.asked.at(-1) ?? '', /^Lock yourself out of x\.yaml\?[\s\S]*\[Lock Me Out\]$/);
    stage.script.confirm = [true, true];
    await run(editor);
    assert.deepEqual(groupsOf(editor), [[other]]);
  });

  it('is named before a rotation, whom the rule does not name apart', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient, other, third]]));
    rule(`    age: ${stage.recipient},${other}\n`);
    const rotation = () => register(stage.services).commands[commands.rotateDataKey]?.(editor.document.uri.toString());
    await rotation();
    const short = `${third.slice(0, 11)}…${third.slice(-4)}`;
    assert.ok(stage.script.asked.join().includes(`Not named by the rule in .sops.yaml: ${short}\n`));
    rule(`    age: ${stage.recipient},${other},${third}\n`);
    stage.rules.forget();
    await rotation();
    assert.ok(!(stage.script.asked.at(-1) ?? '').includes('Not named by the rule'));
    stage.write('.sops.yaml', 'creation_rules: "\n');
    stage.rules.forget();
    await rotation();
    assert.match(stage.script.asked.at(-1) ?? '', /The rule in \.sops\.yaml cannot be read/);
  });

  it('is who was named, when the list changes while the question is open', async () => {
    const editor = stage.open('x.yaml', await sealed([[stage.recipient]]));
    const added = await sealed([[stage.recipient, third]]);
    const text = editor.document.getText();
    Object.defineProperty(stage.script, 'confirm', {
      get: () => {
        const all = new Range(0, 0, editor.document.lineCount, 0);
        fake.edit(editor.document, all, added);
        return true;
      },
    });
    const rotation = register(stage.services).commands[commands.rotateDataKey];
    await assert.rejects(async () => rotation?.(editor.document.uri.toString()), { code: 'CHANGED_ON_DISK' });
    assert.equal(editor.document.getText(), added);
    assert.notEqual(added, text);
  });
});
