import assert from 'node:assert/strict';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { decryptFile } from '../../../src/extension/encrypt/decrypt.ts';
import { showExposed } from '../../../src/extension/encrypt/exposed.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register as values } from '../../../src/extension/values/register.ts';
import { explainFile } from '../../../src/extension/why/explain.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { fake } from '../../fakes/vscode.ts';
import { type Custom, Desk } from './desk.ts';

const yaml = 'a: canary-a\nb: canary-b\n';

describe('the verbs of a file that is open in the Secrets Editor alone', () => {
  let desk: Desk;
  let custom: Custom;
  let other: string;
  const uri = () => custom.document.uri.toString();
  const run = (id: 'updateReaders' | 'rotateDataKey') => values(desk.stage.services).commands[commands[id]]?.(uri());
  const asked = () => desk.stage.script.asked.join('\n');
  const draft = async () => {
    await custom.page.ask('text', {});
    await custom.page.ask('textSet', { text: 'a: [' });
    assert.ok(custom.document.draft);
  };
  before(async () => {
    other = await recipientOf(await generateIdentity());
  });
  beforeEach(async () => {
    desk = await Desk.make();
    desk.stage.write('.sops.yaml', `creation_rules:\n  - path_regex: a\n    age: ${desk.stage.recipient},${other}\n`);
    custom = await desk.sealed('a.yaml', yaml, 'yaml');
    await custom.page.ask('set', { row: custom.page.row('a').id, text: 'mine', as: 'str' });
    desk.stage.script.confirm = true;
    for (const command of Object.values(commands)) fake.commands.set(command, async () => undefined);
  });
  afterEach(() => desk.end());

  const reveal = async (name: string) => (await custom.page.ask('reveal', { row: custom.page.row(name).id })).text;

  it('change its readers as one step over unsaved edits, which stay', async () => {
    const before = custom.document.text;
    const disk = desk.read('a.yaml');
    await run('updateReaders');
    await custom.settle();
    assert.deepEqual([custom.page.state.readers, custom.edits.length, custom.dirty], [2, 2, true]);
    assert.deepEqual([await reveal('a'), await reveal('b')], ['mine', 'canary-b']);
    assert.equal(desk.read('a.yaml'), disk, 'saving is the person’s');
    await custom.undo();
    assert.equal(custom.document.text, before);
    assert.ok(!asked().includes('canary'));
  });

  it('rotate its data key', async () => {
    const key = (text: string) => readSealed(text, 'yaml').metadata.groups.flat()[0]?.enc;
    const before = custom.document.text;
    await run('rotateDataKey');
    await custom.settle();
    assert.notEqual(key(custom.document.text), key(before));
    assert.deepEqual([await reveal('a'), await reveal('b'), custom.edits.length], ['mine', 'canary-b', 2]);
    await custom.save();
    assert.equal(desk.read('a.yaml'), custom.document.text);
  });

  it('wait for an answer while locked, and change nothing without it', async () => {
    const before = custom.document.text;
    desk.stage.vault.lock();
    desk.stage.script.gesture = false;
    await run('updateReaders');
    assert.equal(custom.document.text, before);
    desk.stage.script.gesture = true;
    await run('updateReaders');
    await custom.settle();
    assert.equal(custom.page.state.readers, 2);
  });

  it('say why the file is as it is', async () => {
    desk.stage.script.pick = 'Rotate the Data Key';
    const ran: unknown[] = [];
    fake.commands.set(commands.rotateDataKey, async (...ids: unknown[]) => void ran.push(ids));
    await explainFile(desk.stage.services, uri());
    assert.match(asked(), /a\.yaml\n[\s\S]*You/);
    assert.deepEqual(ran, [[uri()]]);
    desk.stage.vault.lock();
    await explainFile(desk.stage.services, uri());
    assert.match(asked(), /Lockstep is locked/);
  });

  it('lead to an entry that was damaged, in the Secrets Editor', async () => {
    const text = await desk.stage.sealed('zone: canary\n', 'yaml');
    desk.stage.write('bad.yaml', text.replace(/(zone: ENC\[AES256_GCM,data:)../, '$1AA'));
    custom = await desk.open('bad.yaml');
    const went: unknown[] = [];
    fake.commands.set(commands.openEditor, async (...ids: unknown[]) => void went.push(ids));
    desk.stage.script.pick = 'zone';
    await explainFile(desk.stage.services, uri());
    assert.deepEqual(went, [[uri(), '[0,"zone"]']]);
  });

  it('lead from a value in git history to its row, and save nothing on the way', async () => {
    const disk = desk.read('a.yaml');
    const went: unknown[] = [];
    fake.commands.set(commands.openEditor, async (...ids: unknown[]) => void went.push(ids));
    await showExposed(desk.stage.services, [uri(), '[0,"b"]']);
    assert.deepEqual([went, custom.dirty, desk.read('a.yaml')], [[[uri(), '[0,"b"]']], true, disk]);
  });

  it('are refused while a text waits that does not parse, and in a conflict', async () => {
    await draft();
    const before = custom.document.text;
    const disk = desk.read('a.yaml');
    for (const verb of ['readers', 'rotate', 'decrypt'] as const)
      assert.equal((await custom.page.refused('run', { verb })).code, 'DRAFT', verb);
    for (const command of [() => run('updateReaders'), () => run('rotateDataKey')])
      await assert.rejects(async () => command(), { code: 'DRAFT' });
    desk.stage.script.choose = 'Decrypt File';
    await assert.rejects(decryptFile(desk.stage.services, [uri()]), { code: 'DRAFT' });
    await custom.page.ask('run', { verb: 'explain' });
    assert.deepEqual([custom.document.text, desk.read('a.yaml')], [before, disk]);
    custom.document.setDraft('none');
    await desk.outside('a.yaml', await desk.stage.sealed('a: theirs\nb: canary-b\n', 'yaml'));
    await custom.settle();
    assert.equal(custom.page.state.conflict, true);
    await assert.rejects(async () => run('updateReaders'), { code: 'CHANGED_ON_DISK' });
    assert.equal((await custom.page.refused('run', { verb: 'rotate' })).code, 'CHANGED_ON_DISK');
  });
});
