import assert from 'node:assert/strict';
import { believe, believesDirty, newBelief } from '../../../src/core/document/belief.ts';
import { unknownFile } from '../../../src/core/document/file.ts';
import { meeting } from '../../../src/core/document/meeting.ts';
import { isDirty, newState, type State } from '../../../src/core/document/state.ts';
import { unknownText } from '../../../src/core/seal/prove.ts';
import { World } from './world.ts';

const onDisk = (text: string) => ({ text: unknownText(text), hash: text, mark: false });

describe('the document meets the text editor', () => {
  const base = onDisk('file');
  const state = (change: Partial<State>): State => ({
    ...newState,
    text: unknownText('file'),
    file: { ...unknownFile, base },
    ...change,
  });
  const conflict = { ...unknownFile, base, theirs: onDisk('other') };
  const mine = unknownText('mine');
  const met = (text: string) => ({ text, base });

  for (const [what, state_, text, dirty, wanted] of [
    ['the same text', state({}), 'file', false, 'same'],
    ['the same text but for line ends', state({ text: unknownText('a\r\nb') }), 'a\nb', true, 'same'],
    ['ours went on', state({ text: mine, met: met('file') }), 'file', false, 'push'],
    ['ours went on in a conflict', state({ text: mine, met: met('file'), file: conflict }), 'file', false, 'apart'],
    ['ours went back', state({ met: met('mine') }), 'mine', true, 'push'],
    ['the file went on', state({ met: met('old') }), 'old', false, 'apart'],
    ['other characters', state({}), 'fïle', false, 'apart'],
    ['typed, in step', state({ text: mine, met: met('mine') }), 'typed', true, 'take'],
    ['typed, in step, in a conflict', state({ text: mine, met: met('mine'), file: conflict }), 'typed', true, 'take'],
    ['typed in a conflict', state({ text: mine, file: conflict }), 'typed', true, 'apart'],
    ['the other version', state({ text: mine, file: conflict }), 'other', false, 'apart'],
    ['typed, nothing of ours', state({}), 'typed', true, 'take'],
    ['typed, and ours', state({ text: mine }), 'typed', true, 'step'],
    ['typed, and ours went on', state({ text: mine, met: met('file') }), 'typed', true, 'step'],
    ['opened later', state({ text: mine }), 'file', false, 'push'],
  ] as const) {
    it(`${what}: ${wanted}`, () => {
      assert.equal(meeting(state_, { text: unknownText(text), dirty }), wanted);
    });
  }
});

describe('what VS Code believes', () => {
  const dirtyAfter = (restored: boolean, ...all: Parameters<typeof believe>[1][]) =>
    believesDirty(all.reduce(believe, newBelief(restored)));

  it('counts edits and does not look at the text', () => {
    assert.equal(dirtyAfter(false), false);
    assert.equal(dirtyAfter(false, 'edit'), true);
    assert.equal(dirtyAfter(false, 'edit', 'undo'), false);
    assert.equal(
      dirtyAfter(false, 'edit', 'edit', 'save', 'undo', 'edit'),
      false,
      'another edit at the place of the saved one',
    );
    assert.equal(dirtyAfter(false, 'change', 'save'), false);
    assert.equal(dirtyAfter(false, 'edit', 'save', 'edit', 'revert'), false);
    assert.equal(dirtyAfter(true), true);
    assert.equal(dirtyAfter(true, 'edit', 'undo'), false, 'an edit makes it forget that there was a backup');
    assert.equal(dirtyAfter(true, 'save'), false);
  });
});

describe('the document of the Secrets Editor', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  const text = () => world.model.state.text;

  it('keeps the edits of a backup when its file is gone, and comes back with another content', () => {
    world.edit();
    world.rest();
    const mine = text();
    world.remove();
    world.restart();
    world.rest();
    assert.equal(text(), mine);
    world.outside();
    world.rest();
    assert.deepEqual([text(), world.model.state.file.theirs !== undefined], [mine, true]);
  });

  it('keeps what it holds of a file that another program left empty, as unsaved, and takes what the file has later', () => {
    world.empty();
    world.rest();
    assert.deepEqual([text(), world.model.state.file.gone, world.code.dirty], ['v0\n', 'emptied', true]);
    world.restart();
    world.rest();
    assert.deepEqual(
      [text(), world.model.state.file.gone, world.code.dirty],
      ['v0\n', 'emptied', true],
      'out of its backup',
    );
    world.save();
    world.rest();
    assert.deepEqual([world.disk, world.code.dirty], ['', true], 'nothing is written over what may come yet');
    world.disk = 'v0\n';
    world.rest();
    assert.deepEqual([text(), world.model.state.file.gone, world.code.dirty], ['v0\n', false, false]);
    world.empty();
    world.rest();
    world.outside();
    world.rest();
    assert.deepEqual([text(), world.model.state.file.theirs, world.code.dirty], [world.disk, undefined, false]);
  });

  it('keeps edits of a file that another program left empty, behind undo and redo, and sets them against what comes', () => {
    world.edit();
    world.rest();
    const mine = text();
    world.empty();
    world.rest();
    assert.deepEqual([text(), world.model.state.file.gone], [mine, 'emptied']);
    world.undo();
    world.rest();
    assert.equal(text(), 'v0\n');
    world.redo();
    world.save();
    world.rest();
    assert.deepEqual([text(), world.disk, world.code.dirty], [mine, '', true]);
    world.outside();
    world.rest();
    assert.deepEqual([text(), world.model.state.file.theirs?.text], [mine, world.disk]);
    const theirs = world.disk;
    world.empty();
    world.rest();
    assert.deepEqual([text(), world.model.state.file.theirs?.text], [mine, theirs], 'the other version, too');
    world.undo();
    world.rest();
    assert.deepEqual([text(), world.model.state.file.gone], [theirs, 'emptied']);
  });

  it('puts nothing of an emptied file into the text editor, and takes nothing from it', () => {
    world.openText();
    world.rest();
    world.empty();
    world.rest();
    assert.deepEqual([text(), world.editor?.text], ['v0\n', '']);
    world.outside();
    world.rest();
    assert.deepEqual([text(), world.editor?.text], [world.disk, world.disk]);
  });

  it('takes a file that the person emptied in the text editor', () => {
    world.openText();
    world.rest();
    world.typeText('');
    world.rest();
    assert.equal(text(), '');
    world.saveText();
    world.rest();
    assert.deepEqual([text(), world.model.state.file.gone, isDirty(world.model.state)], ['', false, false]);
  });

  it('lets VS Code know that nothing is unsaved, also when the file is gone', () => {
    world.edit();
    world.proceed();
    world.proceed();
    world.remove();
    world.undo();
    world.rest();
    assert.deepEqual([world.code.dirty, isDirty(world.model.state)], [false, false]);
  });

  it('makes an edit behind an undo that came while it was worked out', () => {
    world.edit();
    world.edit();
    world.rest();
    world.edit();
    world.proceed();
    world.undo();
    world.rest();
    assert.deepEqual(
      world.code.edits.map(({ after }) => after),
      ['mine1\n', 'mine3\n'],
    );
  });

  it('saves nothing that somebody edits while VS Code learns that nothing is unsaved', () => {
    world.edit();
    world.rest();
    world.save();
    world.rest();
    const saved = world.disk;
    world.undo();
    world.redo();
    world.edit();
    world.rest();
    assert.deepEqual([world.disk, isDirty(world.model.state), world.code.dirty], [saved, true, true]);
  });

  it('takes what was typed over an older version of the file for a conflict', () => {
    world.openText();
    world.rest();
    world.outside();
    world.typeText();
    world.rest();
    const { file } = world.model.state;
    assert.deepEqual([text(), file.theirs?.text], ['typed2\n', 'other1\n']);
    world.save();
    world.rest();
    assert.equal(world.disk, 'other1\n');
  });
});
