import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealBytes } from '../../../src/core/seal/seal.ts';
import { isSealed } from '../../../src/core/sops/sealed.ts';
import { masksOf } from '../../../src/core/view/masks.ts';
import { register as registerEncrypt } from '../../../src/extension/encrypt/register.ts';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/values/register.ts';
import { type FakeEditor, fake, Uri } from '../../fakes/vscode.ts';
import { idOf, makeStage, type Stage } from '../session/session.ts';

const ini = '; who\n[db]\nuser = me\npass = `canary # 1`\n\n[other]\nk = v\n';

describe('INI and binary files', () => {
  let stage: Stage;
  let run: (id: CommandId, ...ids: unknown[]) => Promise<void>;
  const path = (name: string) => join(stage.folder, name);
  const uri = (name: string) => Uri.file(path(name)).toString();

  beforeEach(async () => {
    stage = await makeStage();
    const features = { ...register(stage.services).commands, ...registerEncrypt(stage.services).commands };
    run = async (id, ...ids) => void (await features[id]?.(...ids));
    stage.write('.sops.yaml', `creation_rules:\n  - age: ${stage.recipient}\n`);
  });
  afterEach(() => stage.end());

  const value = async (editor: FakeEditor, ...at: string[]): Promise<unknown> => {
    const state = await stage.state(editor);
    assert.equal(state.kind, 'open');
    return state.kind === 'open' && (state.opened.value(idOf(state, ...at)) as { value: unknown }).value;
  };

  it('an INI file goes from plain to sealed and back, byte for byte', async () => {
    stage.write('a.ini', ini);
    await run(commands.encryptFile, uri('a.ini'));
    const sealed = readFileSync(path('a.ini'), 'utf8');
    assert.ok(isSealed(sealed, 'ini') && !/canary|who/.test(sealed));
    const editor = stage.open('a.ini', sealed);
    const state = await stage.state(editor);
    assert.equal(state.kind, 'open');
    const { spans } = masksOf(state, '/a.ini', sealed);
    for (const leaf of 'sealed' in state ? state.sealed.leaves : [])
      assert.ok(spans.some((span) => span.start >= leaf.node.span.start && span.end <= leaf.node.span.end));
    stage.script.choose = 'Decrypt File';
    await run(commands.decryptFile, uri('a.ini'));
    assert.equal(readFileSync(path('a.ini'), 'utf8'), ini);
  });

  it('entries of an INI file are copied, set, added, renamed and deleted', async () => {
    const editor = stage.open('a.ini', await stage.sealed(ini, 'ini'));
    const at = uri('a.ini');
    await run(commands.copyValue, at, '[0,"db","pass"]');
    assert.equal(fake.clipboard, 'canary # 1');
    stage.script.secret = 'it "is" #2';
    await run(commands.setValue, at, '[0,"db","pass"]');
    assert.equal(await value(editor, 'db', 'pass'), 'it "is" #2');
    stage.script.pick = 'db';
    stage.script.input = 'port';
    await run(commands.addSecret, at);
    assert.equal(await value(editor, 'db', 'port'), 'it "is" #2');
    stage.script.input = 'host';
    await run(commands.renameSecret, at, '[0,"db","port"]');
    assert.equal(await value(editor, 'db', 'host'), 'it "is" #2');
    stage.script.confirm = true;
    await run(commands.deleteSecret, at, '[0,"db","user"]');
    const state = await stage.state(editor);
    assert.deepEqual('sealed' in state && state.sealed.leaves.map((leaf) => leaf.path.join('.')), [
      'db.pass',
      'db.host',
      'other.k',
    ]);
  });

  it('a file of any bytes goes from plain to sealed and back', async () => {
    const bytes = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
    stage.write('store.p12', bytes);
    await run(commands.encryptFile, uri('store.p12'));
    const sealed = readFileSync(path('store.p12'), 'utf8');
    assert.ok(isSealed(sealed, 'binary'));
    stage.script.choose = 'Decrypt File';
    await run(commands.decryptFile, uri('store.p12'));
    assert.deepEqual(new Uint8Array(readFileSync(path('store.p12'))), bytes);
  });

  it('the value of a binary file is set when it is text, and refused kindly when it is not', async () => {
    const seal = (plain: Uint8Array) =>
      sealBytes(plain, 'binary', { recipients: [stage.recipient] }, stage.services.clock);
    const note = stage.open('note.txt', (await seal(Buffer.from('canary'))).text);
    stage.script.secret = 'new';
    await run(commands.setValue, uri('note.txt'), '[0,"data"]');
    assert.equal(await value(note, 'data'), 'new');
    const image = stage.open('image.png', (await seal(Uint8Array.of(0xff, 0))).text);
    const before = image.document.getText();
    await assert.rejects(run(commands.setValue, uri('image.png'), '[0,"data"]'), { code: 'BAD_VALUE' });
    await assert.rejects(run(commands.addSecret, uri('image.png')), { code: 'BAD_VALUE' });
    stage.script.input = 'other';
    await assert.rejects(run(commands.renameSecret, uri('image.png'), '[0,"data"]'), { code: 'BAD_VALUE' });
    assert.equal(image.document.getText(), before);
    await run(commands.moreActions, uri('image.png'), '[0,"data"]');
    const offered = stage.script.asked.at(-1) ?? '';
    assert.match(offered, /Copy Value[\s\S]*Replace From File…[\s\S]*Save a Copy…/);
    assert.doesNotMatch(offered, /Set|Generate|Rename|Delete/);
  });

  it('a plain file that no format claims is no business of ours', async () => {
    for (const name of ['notes.txt', 'photo.png', 'Makefile'])
      assert.equal((await stage.state(stage.open(name, 'PASSWORD=canary\n'))).kind, 'none');
  });
});
