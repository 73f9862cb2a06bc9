import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRecipients } from '../../../../src/core/keys/updatekeys.ts';
import { generateIdentity, recipientOf } from '../../../core/age/texts.ts';
import { bob } from '../../../core/support.ts';
import { CancellationError, fake } from '../../../fakes/vscode.ts';
import { cannotMount } from '../../../mounting.ts';
import { itUnless } from '../../../skip.ts';
import { Desk } from '../desk.ts';

const yaml = 'a: canary-1\nb: canary-2\ngroup:\n  c: canary-3\nlist: [1, 2]\n';

describe('the Secrets Editor and the disk', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.make();
  });
  afterEach(() => desk.end());

  const sealed = (text: string) => desk.stage.sealed(text, 'yaml');
  const set = (custom: Awaited<ReturnType<Desk['open']>>, name: string, text: string) =>
    custom.page.ask('set', { row: custom.page.row(name).id, text, as: 'str' });
  const value = async (custom: Awaited<ReturnType<Desk['open']>>, name: string) =>
    (await custom.page.ask('reveal', { row: custom.page.row(name).id })).text;

  it('reloads quietly while nothing is unsaved', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    await set(custom, 'a', 'x');
    await custom.save();
    await desk.outside('a.yaml', await sealed(`${yaml}new: 1\n`));
    await custom.settle();
    assert.deepEqual([custom.dirty, custom.document.dirty, custom.page.state.conflict], [false, false, false]);
    assert.equal(await value(custom, 'a'), 'canary-1');
    assert.ok(custom.page.row('new'));
    // The step belongs to a text that is gone: nothing happens to this one, and nothing that is on the disk is lost.
    const { text } = custom.document;
    await custom.undo();
    assert.equal(custom.document.text, text);
  });

  it('takes no file for an empty one that VS Code is about to fill', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { text } = custom.document;
    setTimeout(() => writeFileSync(join(desk.stage.folder, 'a.yaml'), text), 100);
    await desk.outside('a.yaml', '');
    await custom.settle();
    assert.equal(custom.document.text, text);
    assert.equal(custom.page.state.notice, undefined);
  });

  it('keeps what is open of a file that another program left empty, says so, and writes nothing over it', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page, document } = custom;
    const before = document.text;
    await desk.outside('a.yaml', '');
    await custom.settle();
    assert.deepEqual([document.text, page.notice?.kind, custom.dirty], [before, 'gone', true]);
    assert.match(page.notice?.text ?? '', /a\.yaml is empty on disk.*kept here.*Save As/);
    await set(custom, 'a', 'mine');
    const mine = document.text;
    await assert.rejects(custom.save(), /changed in the meantime/);
    assert.deepEqual([desk.read('a.yaml'), document.text, custom.dirty], ['', mine, true]);
    await custom.undo();
    await custom.settle();
    assert.deepEqual([document.text, page.notice?.kind], [before, 'gone'], 'an undo takes no empty file');
    await custom.redo();
    const { id } = await custom.backup('backup');
    custom.close();
    const again = await desk.open('a.yaml', id);
    assert.deepEqual([again.document.text, again.page.notice?.kind, again.dirty], [mine, 'gone', true]);
    await again.saveAs('a.yaml');
    await desk.outside('a.yaml', desk.read('a.yaml'));
    await again.settle();
    assert.deepEqual([desk.read('a.yaml'), again.page.notice, again.document.dirty], [mine, undefined, false]);
  });

  it('takes what such a file has later: as it is without edits, as a conflict with them', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page, document } = custom;
    await desk.outside('a.yaml', '');
    await custom.settle();
    const later = await sealed(`${yaml}new: 1\n`);
    await desk.outside('a.yaml', later);
    await custom.settle();
    assert.deepEqual(
      [document.text, page.notice, page.state.conflict, document.dirty],
      [later, undefined, false, false],
    );
    await set(custom, 'a', 'mine');
    const mine = document.text;
    await desk.outside('a.yaml', '');
    await custom.settle();
    await desk.outside('a.yaml', await sealed('a: theirs\n'));
    await custom.settle();
    assert.deepEqual([document.text, page.notice, page.state.conflict], [mine, undefined, true]);
    await assert.rejects(custom.save(), /changed in the meantime/);
  });

  itUnless(cannotMount(), 'saves a file that something is mounted on', async () => {
    const folder = desk.stage.folder;
    writeFileSync(join(folder, 'source'), await sealed(yaml));
    writeFileSync(join(folder, 'a.yaml'), '');
    execFileSync('mount', ['--bind', join(folder, 'source'), join(folder, 'a.yaml')]);
    try {
      const custom = await desk.sealed('a.yaml', yaml, 'yaml');
      for (const text of ['x', 'a longer text than before']) {
        await set(custom, 'a', text);
        await custom.save();
        assert.equal(custom.dirty, false);
        assert.equal(desk.read('a.yaml'), custom.document.text);
        assert.equal(desk.read('source'), custom.document.text);
      }
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.endsWith('.tmp')),
        [],
      );
    } finally {
      execFileSync('umount', [join(folder, 'a.yaml')]);
    }
  });

  it('calls a save off that is refused: what VS Code would say stays until it is closed, whatever was saved since', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    await set(custom, 'a', 'mine');
    await desk.outside('a.yaml', await sealed(`${yaml}new: 1\n`));
    await custom.settle();
    await assert.rejects(desk.editor.saveCustomDocument(custom.document), CancellationError);
    assert.match(desk.stage.script.asked.at(-1) ?? '', /a\.yaml: The file changed in the meantime\./);
    assert.match(fake.log.join(), /CHANGED_ON_DISK/);
    assert.equal(custom.dirty, true);
  });

  it('refuses to save over another version, and brings both together', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page, document } = custom;
    await set(custom, 'a', 'mine-a');
    await set(custom, 'b', 'mine-b');
    await page.ask('add', { place: {}, name: 'mine', text: 'm', as: 'str' });
    const mine = document.text;
    const theirs = await sealed('a: canary-theirs\nb: canary-2\ngroup:\n  c: canary-3\n  d: theirs\nlist: [1]\n');
    await desk.outside('a.yaml', theirs);
    await custom.settle();
    assert.equal(page.state.conflict, true);
    await assert.rejects(custom.save(), /changed in the meantime/);
    assert.equal(desk.read('a.yaml'), theirs);
    assert.deepEqual([custom.dirty, document.text], [true, mine]);
    const { entries } = await page.ask('conflict', {});
    assert.deepEqual(
      entries.map((one) => [one.path, one.mine, one.theirs, one.clash]),
      [
        ['a', 'changed', 'changed', true],
        ['b', 'changed', 'same', false],
        ['group.d', 'same', 'added', false],
        ['list', 'same', 'changed', false],
        ['mine', 'added', 'same', false],
      ],
    );
    assert.deepEqual(await page.ask('revealSide', { index: 0, side: 'mine' }), { text: 'mine-a' });
    assert.deepEqual(await page.ask('revealSide', { index: 0, side: 'theirs' }), { text: 'canary-theirs' });
    assert.deepEqual(await page.ask('revealSide', { index: 3, side: 'theirs' }), { text: '- 1' });
    assert.equal((await page.refused('resolve', { sides: ['mine'] })).code, 'BAD_VALUE');
    await page.ask('resolve', { sides: ['theirs', 'mine', 'theirs', 'theirs', 'mine'] });
    assert.deepEqual([page.state.conflict, custom.dirty], [false, true]);
    assert.deepEqual(
      [await value(custom, 'a'), await value(custom, 'b'), await value(custom, 'd'), await value(custom, 'mine')],
      ['canary-theirs', 'mine-b', 'theirs', 'm'],
    );
    await custom.save();
    assert.equal(desk.read('a.yaml'), document.text);
    await custom.undo();
    assert.deepEqual([document.text, custom.dirty], [mine, true], 'my version is a step back');
    assert.ok(!JSON.stringify(page.sent.filter((one) => one.type !== 'answer')).includes('canary'));
  });

  it('asks before my edits go to people who came to the file on the disk', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const { page, document } = custom;
    await set(custom, 'a', 'mine-a');
    const mine = document.text;
    const opened = document.opened();
    await desk.outside('a.yaml', (await addRecipients(opened.sealed, opened.dataKey, [bob.recipient])).text);
    await custom.settle();
    const { entries } = await page.ask('conflict', {});
    const sides = entries.map(() => 'mine' as const);
    desk.stage.script.confirm = false;
    assert.equal(await page.ask('resolve', { sides }), null);
    assert.deepEqual([document.text, page.state.conflict], [mine, true]);
    assert.ok(desk.stage.script.asked.some((one) => one.includes(bob.recipient.slice(0, 8))));
    desk.stage.script.confirm = true;
    await page.ask('resolve', { sides });
    assert.deepEqual([page.state.conflict, page.state.readers, await value(custom, 'a')], [false, 2, 'mine-a']);
  });

  it('says that changed comments are those of the file on the disk', async () => {
    const words = /comments now are those of the file on disk/;
    for (const [name, wanted] of [
      ['values.yaml', false],
      ['comments.yaml', true],
    ] as const) {
      const custom = await desk.sealed(name, `# canary-old\n${yaml}`, 'yaml');
      const { page, document } = custom;
      if (wanted) await page.ask('setComment', { row: page.row('a').id, text: 'canary-here' });
      else await set(custom, 'a', 'mine');
      const before = document.text;
      await desk.outside(name, await sealed(`# canary-there\n${yaml.replace('canary-2', 'theirs')}`));
      await custom.settle();
      const { entries } = await page.ask('conflict', {});
      desk.stage.script.asked.length = 0;
      await page.ask('resolve', { sides: entries.map(({ mine }) => (mine === 'same' ? 'theirs' : 'mine')) });
      const asked = desk.stage.script.asked.join();
      assert.equal(words.test(asked), wanted, asked);
      assert.ok(!asked.includes('canary'));
      await custom.undo();
      assert.equal(document.text, before);
      custom.close();
    }
  });

  it('starts again when the disk changes once more', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    await set(custom, 'a', 'x');
    await desk.outside('a.yaml', await sealed('a: 2\n'));
    await custom.settle();
    const { entries } = await custom.page.ask('conflict', {});
    await desk.outside('a.yaml', await sealed('a: 3\n'));
    await custom.settle();
    const sides = entries.map(() => 'mine' as const);
    assert.equal((await custom.page.refused('resolve', { sides })).code, 'CHANGED_ON_DISK');
    await desk.outside('a.yaml', 'a: plain now\n');
    await custom.settle();
    const refused = await custom.page.refused('conflict', {});
    assert.match(refused.text, /Use Save As to keep your edits/);
    await custom.revert();
    assert.equal(custom.page.notice?.kind, 'plain');
  });

  it('lets a conflict go when the edits are undone, or the disk has the old version again', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    const before = desk.read('a.yaml');
    await set(custom, 'a', 'x');
    const theirs = await sealed('a: 2\n');
    await desk.outside('a.yaml', theirs);
    await custom.settle();
    await desk.outside('a.yaml', before);
    await custom.settle();
    assert.deepEqual([custom.page.state.conflict, custom.dirty], [false, true]);
    await desk.outside('a.yaml', theirs);
    await custom.settle();
    await custom.undo();
    await custom.settle();
    assert.deepEqual([custom.page.state.conflict, custom.document.text, custom.dirty], [false, theirs, false]);
  });

  it('knows after a restart that the disk has another version', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    await set(custom, 'a', 'mine');
    const { id } = await custom.backup('backup');
    custom.close();
    await desk.outside('a.yaml', await sealed(`${yaml}new: 1\n`));
    const again = await desk.open('a.yaml', id);
    assert.deepEqual([again.page.state.conflict, again.dirty], [true, true]);
    const { entries } = await again.page.ask('conflict', {});
    assert.deepEqual(
      entries.map((one) => [one.path, one.clash]),
      [
        ['a', false],
        ['new', false],
      ],
    );
    await again.page.ask('resolve', { sides: ['mine', 'theirs'] });
    await again.save();
    assert.equal(await value(again, 'a'), 'mine');
    assert.ok(again.page.row('new'));
  });

  it('keeps edits of a file that is deleted, and takes it back when it is there again', async () => {
    const custom = await desk.sealed('a.yaml', yaml, 'yaml');
    await set(custom, 'a', 'x');
    const { text } = custom.document;
    unlinkSync(desk.at('a.yaml'));
    fake.events.files.fire(custom.document.uri as never);
    await custom.settle();
    assert.equal(custom.page.notice?.kind, 'gone');
    await assert.rejects(custom.save(), /no longer exists/);
    assert.deepEqual([custom.dirty, custom.document.text], [true, text]);
    await custom.saveAs('b.yaml');
    assert.equal(desk.read('b.yaml'), text);
    await assert.rejects(custom.saveAs('b.json'), /another format/);
    await assert.rejects(custom.saveAs('.sops.yaml'), /another format/);
    assert.ok(!existsSync(desk.at('b.json')));
    renameSync(desk.at('b.yaml'), desk.at('a.yaml'));
    fake.events.files.fire(custom.document.uri as never);
    await custom.settle();
    assert.equal(custom.page.notice, undefined);
  });

  it('is saved under another name that does not tell its format, as its own does not', async () => {
    const custom = await desk.sealed('values.yaml.enc', yaml, 'yaml');
    await set(custom, 'a', 'x');
    await custom.saveAs('other.yaml.enc');
    assert.equal(desk.read('other.yaml.enc'), custom.document.text);
    await assert.rejects(custom.saveAs('b.json'), /another format/);
  });

  it('stays changed when it cannot be written', async () => {
    const custom = await desk.sealed('sub/a.yaml', yaml, 'yaml');
    await set(custom, 'a', 'x');
    const before = desk.read('sub/a.yaml');
    chmodSync(desk.at('sub/a.yaml'), 0o444);
    await assert.rejects(custom.save(), /sub\/a\.yaml: You have no permission to read or write the file/);
    assert.deepEqual([custom.dirty, custom.document.dirty, desk.read('sub/a.yaml')], [true, true, before]);
    assert.deepEqual(readdirSync(desk.at('sub')), ['a.yaml']);
    chmodSync(desk.at('sub/a.yaml'), 0o644);
    rmSync(desk.at('sub'), { recursive: true });
    await assert.rejects(custom.save(), /no longer exists/);
    assert.equal(custom.dirty, true);
  });

  it('shows what a file is that is not open, and reads it anew', async () => {
    writeFileSync(desk.at('plain.yaml'), 'a: 1\n');
    const plain = await desk.open('plain.yaml');
    assert.deepEqual([plain.page.notice?.kind, plain.page.rows], ['plain', []]);
    writeFileSync(desk.at('latin.yaml'), Buffer.from('a: \xe4\n', 'latin1'));
    const latin = await desk.open('latin.yaml');
    assert.deepEqual([latin.page.notice?.kind, latin.page.state.readOnly], ['broken', true]);
    const missing = await desk.open('missing.yaml');
    assert.equal(missing.page.notice?.kind, 'gone');
    writeFileSync(desk.at('missing.yaml'), await sealed(yaml));
    await missing.page.ask('act', { action: 'reload' });
    assert.equal(await value(missing, 'a'), 'canary-1');
    const damaged = await desk.open('a.yaml').catch(() => undefined);
    damaged?.close();
    const text = (await sealed('a: canary-1\nb: canary-2\n')).replace(/^b: .*\n/m, '');
    writeFileSync(desk.at('damaged.yaml'), text);
    const bad = await desk.open('damaged.yaml');
    assert.deepEqual([bad.page.notice?.kind, bad.page.state.readOnly, bad.page.rows.length], ['damaged', true, 1]);
    assert.equal(await value(bad, 'a'), 'canary-1');
    const refused = await bad.page.refused('set', { row: bad.page.row('a').id, text: '2', as: 'str' });
    assert.equal(refused.code, 'EDIT_LOCKED');
  });

  it('is read and edited under a word about its readers when the own entry names somebody else', async () => {
    const { recipient } = desk.stage;
    const other = await recipientOf(await generateIdentity());
    writeFileSync(desk.at('r.yaml'), (await sealed('a: canary-1\n')).replaceAll(recipient, other));
    const { page } = await desk.open('r.yaml');
    assert.deepEqual([page.notice?.kind, page.state.readOnly, page.rows.length], ['readers', false, 1]);
    await page.ask('set', { row: page.row('a').id, text: '2', as: 'str' });
  });
});
