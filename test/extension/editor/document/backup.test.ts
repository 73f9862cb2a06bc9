// What a Secrets Editor brings back after a restart, and from which backup.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { bob } from '../../../core/support.ts';
import { until } from '../../../e2e/wait.ts';
import { fake, Uri } from '../../../fakes/vscode.ts';
import { type Custom, Desk } from '../desk.ts';

const yaml = 'a: canary-1\nb: canary-2\n';
const lost = /unsaved changes of a\.yaml are lost.*You see the file as it was saved/;
const older = /latest unsaved changes of a\.yaml are lost.*You see an earlier backup/;

describe('the backups of the Secrets Editor', () => {
  let desk: Desk;
  let custom: Custom;
  let onDisk: string;
  beforeEach(async () => {
    desk = await Desk.make();
    mkdirSync(desk.at('storage'));
    Object.assign(desk.stage.services.context, {
      storageUri: Uri.file(desk.at('storage')),
    });
    custom = await desk.sealed('a.yaml', yaml, 'yaml');
    onDisk = desk.read('a.yaml');
  });
  afterEach(() => desk.end());

  const set = (text: string) => custom.page.ask('set', { row: custom.page.row('a').id, text, as: 'str' });
  const value = async () => (await custom.page.ask('reveal', { row: custom.page.row('a').id })).text;
  const left = () => readdirSync(desk.at('storage'));
  /** Sets a value and has it backed up, under a name in the folder. */
  const backUp = async (name: string, text: string): Promise<string> => {
    await set(text);
    return (await custom.backup(`storage/${name}`)).id;
  };
  const restart = async (id?: string, name = 'a.yaml') => {
    custom.close();
    custom = await desk.open(name, id);
    await custom.settle();
  };
  const stored = (name: string) => JSON.parse(readFileSync(desk.at(`storage/${name}`), 'utf8'));
  const tamper = (name: string, change: object) =>
    writeFileSync(desk.at(`storage/${name}`), JSON.stringify({ ...stored(name), ...change }));
  /** VS Code takes a document with a backup for a changed one, and is told better. */
  const becomesClean = async (one = custom) => {
    await until(() => !one.dirty, 'nothing unsaved');
  };
  const told = () => desk.stage.script.asked.splice(0).join('\n');

  it('bring back the newest edits, whichever VS Code names, also over several restarts', async () => {
    // The names are in another order than the contents.
    const old = await backUp('z', 'first');
    await backUp('a', 'second');
    await restart(old);
    assert.deepEqual([await value(), custom.dirty], ['second', true]);
    await backUp('m', 'third');
    await restart(old);
    assert.equal(await value(), 'third');
    await restart();
    assert.deepEqual([await value(), custom.dirty, custom.document.dirty], ['third', true, true]);
    await restart(Uri.file(desk.at('storage/gone')).toString());
    assert.equal(await value(), 'third');
    assert.deepEqual([told(), desk.read('a.yaml')], ['', onDisk]);
    assert.ok(!left().some((name) => readFileSync(desk.at(`storage/${name}`), 'utf8').includes('third')));
  });

  it('are gone after a save and after a revert', async () => {
    await backUp('one', 'x');
    await backUp('two', 'y');
    await restart();
    await custom.save();
    assert.deepEqual([left(), await value()], [[], 'y']);
    const id = await backUp('three', 'z');
    await restart(id);
    await custom.revert();
    assert.deepEqual([left(), await value()], [[], 'y']);
    await restart(id);
    await restart();
    assert.deepEqual([await value(), custom.dirty, told()], ['y', false, '']);
  });

  it('of another file are left alone, and said to be of no use', async () => {
    const id = await backUp('one', 'x');
    desk.stage.write('b.yaml', onDisk);
    custom.close();
    const other = await desk.open('b.yaml', id);
    await other.settle();
    assert.equal(other.document.text, onDisk);
    assert.match(told(), /unsaved changes of b\.yaml are lost/);
    await becomesClean(other);
    await other.save();
    assert.deepEqual([left(), desk.read('b.yaml')], [['one'], onDisk]);
    custom = await desk.open('a.yaml');
    assert.equal(await value(), 'x');
  });

  for (const [what, break_] of [
    ['cut off', (text: string) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['no text', () => '\uFFFD\0'],
    ['not an object', () => '[]'],
    ['without a field', (text: string) => text.replace('"base":', '"other":')],
    ['of another version', (text: string) => text.replace('"version":1', '"version":2')],
    ['with a count that cannot go on', (text: string) => text.replace(/"turn":\d+/, '"turn":1e999')],
  ] as const) {
    it(`that are damaged are refused: ${what}`, async () => {
      const id = await backUp('one', 'x');
      const at = desk.at('storage/one');
      writeFileSync(at, break_(readFileSync(at, 'utf8')));
      await restart(id);
      assert.match(told(), lost);
      await becomesClean();
      assert.deepEqual([await value(), desk.read('a.yaml')], ['canary-1', onDisk]);
      await set('y');
      await custom.save();
      await restart();
      assert.deepEqual([await value(), custom.dirty, told()], ['y', false, '']);
    });
  }

  it('that are damaged give way to an older one, and that is said', async () => {
    await backUp('one', 'older');
    const id = await backUp('two', 'newer');
    writeFileSync(desk.at('storage/two'), '{"version":1,');
    await restart(id);
    assert.match(told(), older);
    assert.deepEqual([await value(), custom.dirty], ['older', true]);
    await custom.save();
    // What cannot be read is nobody's to take away.
    assert.deepEqual([left(), await value()], [['two'], 'older']);
  });

  it('whose text does not hold are shown as damaged and never saved', async () => {
    const id = await backUp('one', 'x');
    const { text } = stored('one');
    const other = await desk.stage.sealed(yaml, 'yaml');
    const line = (from: string) => /^a: .*$/m.exec(from)?.[0] ?? assert.fail();
    for (const [wrong, kind] of [
      // A byte of a value; a value under another data key; an entry that is gone; the file of somebody else; no file at all.
      [
        text.replace(/(data:)(.)/, (_: string, data: string, one: string) => data + (one === 'A' ? 'B' : 'A')),
        'damaged',
      ],
      [text.replace(line(text), line(other)), 'damaged'],
      [text.replace(/^b: .*\n/m, ''), 'damaged'],
      [await desk.stage.sealed(yaml, 'yaml', bob.recipient), 'unreadable'],
      ['a: clear\n', 'plain'],
      [text.replace(/mac: .*/, 'mac: ['), 'broken'],
    ] as const) {
      tamper('one', { text: wrong });
      await restart(id);
      assert.deepEqual([custom.page.notice?.kind, custom.dirty, custom.page.state.readOnly], [kind, true, true]);
      await assert.rejects(custom.save(), /^Error: a\.yaml\b.+\. .+\.$/s, kind);
      assert.deepEqual([desk.read('a.yaml'), custom.dirty, left()], [onDisk, true, ['one']], kind);
    }
    await custom.revert();
    await set('y');
    await custom.save();
    assert.deepEqual([await value(), left()], ['y', []]);
  });

  it('whose text does not hold are not saved by way of the text editor either', async () => {
    const id = await backUp('one', 'x');
    tamper('one', { text: stored('one').text.replace(/^b: .*\n/m, '') });
    const { document } = fake.open(desk.at('a.yaml'), onDisk);
    let saves = 0;
    Object.assign(document, {
      save: async () => {
        saves++;
        writeFileSync(desk.at('a.yaml'), document.getText());
        return true;
      },
    });
    await restart(id);
    await assert.rejects(custom.save(), /does not match its MAC/);
    assert.deepEqual([saves, desk.read('a.yaml'), custom.dirty], [0, onDisk, true]);
  });

  it('are not saved while they cannot be looked at, and are once they can', async () => {
    const id = await backUp('one', 'x');
    await desk.stage.vault.lock();
    await restart(id);
    await assert.rejects(custom.save(), /a\.yaml: Lockstep is locked/);
    assert.deepEqual([desk.read('a.yaml'), custom.dirty, existsSync(desk.at('storage/one'))], [onDisk, true, true]);
    await desk.stage.vault.unlock();
    await custom.settle();
    await custom.save();
    assert.deepEqual([await value(), left()], ['x', []]);
  });

  it('that started from another file are a conflict, also with what they started from cut off', async () => {
    const id = await backUp('one', 'x');
    tamper('one', {
      base: 'other',
      baseText: stored('one').baseText.slice(0, 60),
    });
    await restart(id);
    assert.equal(custom.page.state.conflict, true);
    await assert.rejects(custom.save(), /changed in the meantime/);
    assert.equal((await custom.page.refused('conflict', {})).code, 'CHANGED_ON_DISK');
    assert.equal(desk.read('a.yaml'), onDisk);
  });

  it('with a draft of another data key show the table and no draft of it', async () => {
    const id = await backUp('one', 'x');
    tamper('one', {
      draft: {
        sealed: 'ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]',
        line: 1,
      },
    });
    await restart(id);
    assert.equal(await value(), 'x');
    await assert.rejects(custom.save());
    assert.equal(desk.read('a.yaml'), onDisk);
    await custom.revert();
    assert.deepEqual([await value(), custom.dirty], ['canary-1', false]);
  });

  it('are kept and not saved in Restricted Mode', async () => {
    const id = await backUp('one', 'x');
    fake.trusted = false;
    await restart(id);
    assert.deepEqual([await value(), custom.page.state.readOnly, custom.dirty], ['x', true, true]);
    const restricted = /: This workspace is in Restricted Mode\. Lockstep changes files only in trusted workspaces\./;
    await assert.rejects(custom.save(), restricted);
    await assert.rejects(custom.saveAs('b.yaml'), restricted);
    assert.deepEqual(
      [desk.read('a.yaml'), existsSync(desk.at('b.yaml')), left(), custom.dirty],
      [onDisk, false, ['one'], true],
    );
    fake.trusted = true;
    await custom.save();
    assert.deepEqual([await value(), left(), custom.dirty], ['x', [], false]);
    fake.trusted = false;
    await custom.save();
  });
});
