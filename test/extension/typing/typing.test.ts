import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from '../../../src/core/tree/value.ts';
import { commands } from '../../../src/extension/ids.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { applyChange } from '../../../src/extension/session/apply.ts';
import { register } from '../../../src/extension/typing/register.ts';
import { setValue } from '../../core/changes.ts';
import { FakeDocument, type FakeEditor, fake, Range, Selection } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const plain = 'A=1\nB=two\n';
const deferred = () => {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('typing into an encrypted file', () => {
  let stage: Stage;
  let feature: Feature;
  let editor: FakeEditor;
  let sealed: string;
  let isOver: boolean;

  beforeEach(async () => {
    isOver = false;
    stage = await makeStage();
    feature = register(stage.services);
    sealed = await stage.sealed(plain, 'dotenv');
    editor = stage.open('.env', sealed);
    await stage.state(editor);
  });
  /** Documents that Lockstep saves are written. */
  const written = FakeDocument.prototype.save;
  before(() => {
    FakeDocument.prototype.save = async function () {
      await fake.saveAs(this);
      return true;
    };
  });
  after(() => {
    FakeDocument.prototype.save = written;
  });
  afterEach(() => {
    isOver = true;
    feature.disposable.dispose();
    stage.end();
  });

  const now = () => editor.document.getText();
  const disk = () => readFileSync(join(stage.folder, '.env'), 'utf8');
  const type = (line: number, character: number, what: string, length = 0) => {
    fake.edit(editor.document, new Range(line, character, line, character + length), what);
    const lines = what.split('\n');
    const end = lines.length === 1 ? character + what.length : (lines.at(-1)?.length ?? 0);
    cursor(line + lines.length - 1, end);
  };
  const cursor = (line: number, character: number) => {
    editor.selection = new Selection(line, character, line, character);
    fake.events.selection.fire({ textEditor: editor, selections: editor.selections });
  };
  /** Until nothing is waited for. */
  const settled = async () => {
    const { kind, ...state } = await stage.state(editor);
    return { kind, ...state };
  };
  const value = async (name: string) => {
    const state = await stage.state(editor);
    assert.equal(state.kind, 'open');
    return state.kind === 'open' ? state.opened.value(JSON.stringify([0, name])) : undefined;
  };
  const save = () => fake.saveAs(editor.document);
  /** A save before which VS Code asks nobody. */
  const saveUnasked = () => {
    const { document } = editor;
    writeFileSync(document.uri.fsPath, document.getText());
    document.isDirty = false;
    fake.events.saveDocument.fire(document);
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo() && !isOver) await sleep(1);
  };
  /** Somebody types a line each of the next times that the document is edited. */
  const typeInTheWay = (times: number, each: (n: number) => void = () => undefined) => {
    const { edit } = editor;
    let n = 0;
    editor.edit = async () => {
      if (++n === times) editor.edit = edit;
      fake.edit(editor.document, new Range(1, 0, 1, 0), 'C=3\n');
      each(n);
      return false;
    };
  };

  it('encrypts a new entry on a pause, in the undo step of the typing, and nobody sees a damaged file meanwhile', async () => {
    const kinds: string[] = [];
    stage.sessions.onDidChange(() => kinds.push(stage.sessions.current(stage.uri(editor))?.state.kind ?? ''));
    type(0, 0, '\n');
    cursor(0, 0);
    for (const [i, letter] of [...'NEW=canary'].entries()) type(0, i, letter);
    assert.ok(now().includes('canary'));
    assert.deepEqual(await value('NEW'), text('canary'));
    assert.ok(!now().includes('canary'));
    assert.deepEqual(await value('B'), text('two'));
    assert.ok(editor.edits.length > 0);
    assert.ok(editor.edits.every((one) => one.undoStopBefore === false && one.undoStopAfter === false));
    assert.ok(!kinds.includes('damaged'), kinds.join());
  });

  it('encrypts at once what is pasted, and what the cursor leaves', async () => {
    const real = globalThis.setTimeout;
    // No pause ever ends.
    const started = (work: () => void, ms: number) => real(ms === 500 ? () => undefined : work, ms);
    Object.assign(globalThis, { setTimeout: started });
    try {
      type(0, 0, 'PASTED=canary\n');
      await value('PASTED');
      type(0, 0, 'L');
      for (const [i, letter] of [...'=canary'].entries()) type(0, i + 1, letter);
      type(0, 8, '\n');
      await value('L');
    } finally {
      Object.assign(globalThis, { setTimeout: real });
    }
    assert.ok(!now().includes('canary'));
  });

  it('takes renamed, moved and deleted entries', async () => {
    type(0, 0, 'C', 1);
    assert.deepEqual(await value('C'), text('1'));
    const [first, second] = now().split('\n') as [string, string];
    fake.edit(editor.document, new Range(0, 0, 2, 0), `${second}\n${first}\n`);
    assert.deepEqual(await value('C'), text('1'));
    fake.edit(editor.document, new Range(0, 0, 1, 0), '');
    assert.equal(await value('B'), undefined);
  });

  it('goes on with a value after a pause, also backwards', async () => {
    type(0, 0, 'N=ab\n');
    type(0, 3, '', 1);
    cursor(0, 3);
    await value('N');
    type(0, now().split('\n')[0]?.length ?? 0, 'x');
    assert.deepEqual(await value('N'), text('ax'));
    type(0, (now().split('\n')[0]?.length ?? 1) - 1, '', 1);
    assert.deepEqual(await value('N'), text('a'));
    assert.equal(fake.executed.length, 0);
  });

  it('gives back what was typed into a ciphertext, and opens Set', async () => {
    for (const at of [20, sealed.split('\n')[0]?.length ?? 0]) {
      type(0, at, 'x');
      await settled();
      await sleep(1);
      assert.equal(now(), sealed);
      assert.deepEqual(fake.executed.pop(), [commands.setValue, stage.uri(editor).toString(), '[0,"A"]']);
    }
  });

  it('goes through undo steps that hold a value in plaintext', async () => {
    const undone: string[] = [];
    fake.commands.set('undo', () => {
      undone.push('undo');
      const contentChanges = editor.document.change([{ range: new Range(0, 0, 1, 0), newText: '' }]);
      fake.events.changeDocument.fire({ document: editor.document, contentChanges, reason: 1 });
    });
    const contentChanges = editor.document.change([{ range: new Range(0, 0, 0, 0), newText: 'N=canary\n' }]);
    fake.events.changeDocument.fire({ document: editor.document, contentChanges, reason: 1 });
    await settled();
    assert.deepEqual(undone, ['undo']);
    assert.equal(now(), sealed);
  });

  it('goes through the undo of a plain text that was pasted over all of it', async () => {
    const all = () => new Range(0, 0, editor.document.lineCount, 0);
    fake.edit(editor.document, all(), 'N=canary\n');
    await value('N');
    const undone: string[] = [];
    const undo = (newText: string) => {
      const contentChanges = editor.document.change([{ range: all(), newText }]);
      fake.events.changeDocument.fire({ document: editor.document, contentChanges, reason: 1 });
    };
    fake.commands.set('undo', () => {
      undone.push('undo');
      undo(sealed);
    });
    undo('N=canary\n');
    await settled();
    assert.deepEqual(undone, ['undo']);
    assert.equal(now(), sealed);
  });

  it('leaves an undo alone that comes to the plain text from before the encryption', async () => {
    const undone: string[] = [];
    fake.commands.set('undo', () => void undone.push('undo'));
    const all = new Range(0, 0, editor.document.lineCount, 0);
    const contentChanges = editor.document.change([{ range: all, newText: plain }]);
    fake.events.changeDocument.fire({ document: editor.document, contentChanges, reason: 1 });
    await settled();
    assert.deepEqual(undone, []);
    assert.equal(now(), plain);
  });

  it('is encrypted before a save', async () => {
    type(0, 0, 'N=c');
    for (const [i, letter] of [...'anary'].entries()) type(0, i + 3, letter);
    type(0, 8, '\n');
    await save();
    assert.ok(!disk().includes('canary'));
    assert.deepEqual(await value('N'), text('canary'));
    assert.equal(disk(), now());
  });

  it('sees the first edit, which comes before the document counts as unsaved', async () => {
    const { document } = editor;
    const contentChanges = document.change([{ range: new Range(0, 0, 0, 0), newText: 'N=canary\n' }]);
    document.isDirty = false;
    fake.events.changeDocument.fire({ document, contentChanges });
    document.isDirty = true;
    fake.events.changeDocument.fire({ document, contentChanges: [] });
    assert.deepEqual(await value('N'), text('canary'));
    assert.ok(!now().includes('canary'));
  });

  it('goes on with a value after a save', async () => {
    const { document } = editor;
    type(0, 0, 'N=ab\n');
    type(0, 3, '', 1);
    await value('N');
    await save();
    const at = now().split('\n')[0]?.length ?? 0;
    const contentChanges = document.change([{ range: new Range(0, at, 0, at), newText: 'c' }]);
    document.isDirty = false;
    fake.events.changeDocument.fire({ document, contentChanges });
    document.isDirty = true;
    fake.events.changeDocument.fire({ document, contentChanges: [] });
    assert.deepEqual(await value('N'), text('ac'));
    assert.deepEqual(fake.executed, []);
  });

  it('goes on right behind a change by a command', async () => {
    const document = stage.document(editor);
    const set = applyChange(stage.services, document, (opened) =>
      setValue(opened, '[0,"A"]', text('set'), stage.services.clock),
    );
    const { promise, resolve } = deferred();
    const listening = fake.events.changeDocument.event(() => resolve());
    await promise;
    listening.dispose();
    type(0, 0, 'N=canary\n');
    await set;
    assert.deepEqual(await value('N'), text('canary'));
    assert.deepEqual(await value('A'), text('set'));
    type(0, 0, 'M=canary\n');
    assert.deepEqual(await value('M'), text('canary'));
  });

  it('is known after a save that comes while it is encrypted', async () => {
    for (const [i, letter] of [...'N=canary'].entries()) type(0, i, letter);
    type(0, 8, '\n');
    await sleep(2);
    await save();
    await save();
    assert.deepEqual(await value('N'), text('canary'));
    assert.ok(!disk().includes('canary'));
    const before = now();
    type(2, now().split('\n')[2]?.length ?? 0, 'x');
    await settled();
    assert.equal(now(), before);
    await sleep(1);
    assert.deepEqual(fake.executed.pop()?.[0], commands.setValue);
  });

  it('is not saved when it cannot be encrypted, and comes back', async () => {
    type(0, 0, 'this is = no "dotenv canary\n(((\n');
    fake.edit(editor.document, new Range(0, 0, 0, 0), '\u0000=canary\nx y z canary\n');
    await settled();
    const typed = now();
    await save();
    if (typed.includes('canary')) {
      assert.ok(!disk().includes('canary'), 'not even for a moment');
      await until(() => now() === typed && /saved without/.test(stage.script.asked.at(-1) ?? ''));
      assert.match(stage.script.asked.at(-1) ?? '', /saved without your last edit/);
    } else assert.fail('it was encrypted after all');
  });

  it('says so while locked, saves nothing of it, and goes on after an unlock', async () => {
    stage.vault.lock();
    await settled();
    type(0, 0, 'N=canary\n');
    await settled();
    assert.match(stage.script.asked.at(-1) ?? '', /locked, so what you type/);
    await save();
    assert.equal(disk(), sealed);
    assert.equal(now(), sealed);
    assert.match(stage.script.asked.at(-1) ?? '', /neither encrypted nor saved/);
    stage.vault.unlock();
    await sleep(20);
    assert.deepEqual(await value('N'), text('canary'));
    assert.ok(!now().includes('canary'));
  });

  it('keeps for an unlock what was typed before and after a save', async () => {
    stage.vault.lock();
    await settled();
    type(0, 0, 'N=canary\n');
    await save();
    type(2, 0, 'M=canary\n');
    await save();
    assert.equal(disk(), sealed);
    fake.edit(editor.document, new Range(0, 0, 0, 0), 'N=canary\nO=canary\n');
    stage.vault.unlock();
    await sleep(20);
    for (const name of ['N', 'M', 'O']) assert.deepEqual(await value(name), text('canary'));
    assert.equal(now().match(/^N=/gm)?.length, 1, 'once, although it was typed again');
    assert.ok(!now().includes('canary'));
  });

  it('keeps for an unlock what was typed before the file became another one on the disk', async () => {
    const other = await stage.sealed(`${plain}C=three\n`, 'dotenv');
    stage.vault.lock();
    await settled();
    type(0, 0, 'N=canary\n');
    await save();
    assert.equal(now(), sealed);
    const { document } = editor;
    const contentChanges = document.change([{ range: new Range(0, 0, document.lineCount, 0), newText: other }]);
    document.isDirty = false;
    writeFileSync(join(stage.folder, '.env'), other);
    fake.events.changeDocument.fire({ document, contentChanges });
    await settled();
    type(0, 0, 'M=canary\n');
    await save();
    assert.equal(disk(), other);
    stage.vault.unlock();
    await sleep(20);
    for (const name of ['N', 'M']) assert.deepEqual(await value(name), text('canary'));
    assert.deepEqual(await value('C'), text('three'));
    assert.ok(!now().includes('canary'));
  });

  it('gets into no file when somebody types in the middle of a save, and comes back with that', async () => {
    fake.edit(editor.document, new Range(0, 0, 0, 0), 'x y canary\n');
    await settled();
    typeInTheWay(7);
    await save();
    assert.equal(disk(), sealed);
    await until(() => now() !== sealed);
    assert.match(now(), /^x y canary\n(C=3\n){7}A=/);
  });

  it('is out of the file again at once where somebody typed for as long as a save waits', async () => {
    fake.edit(editor.document, new Range(0, 0, 0, 0), 'x y canary\n');
    await settled();
    const real = globalThis.setTimeout;
    let end = () => {};
    const started = (work: () => void, ms: number) => real(ms === 1400 ? () => undefined : work, ms);
    Object.assign(globalThis, {
      setTimeout: (work: () => void, ms: number) => {
        if (ms === 1400) end = work;
        return started(work, ms);
      },
    });
    try {
      typeInTheWay(9, (n) => n === 7 && end());
      await save();
      assert.match(disk(), /canary/, 'VS Code waits no longer');
      await until(() => stage.script.asked.some((one) => /in plaintext/.test(one)));
    } finally {
      Object.assign(globalThis, { setTimeout: real });
    }
    assert.equal(disk(), sealed);
    assert.match(now(), /^x y canary\n(C=3\n){9}A=/);
    assert.match(
      stage.script.asked.join('\n'),
      /\.env was saved with what you typed in plaintext. It is out of the file again/,
    );
  });

  it('is encrypted before a save also when it is typed right behind something that was just encrypted', async () => {
    const { edit } = editor;
    editor.edit = async (...how) => {
      editor.edit = edit;
      const done = await edit(...how);
      fake.edit(editor.document, new Range(0, 0, 0, 0), 'M=canary\n');
      return done;
    };
    type(0, 0, 'N=canary\n');
    await save();
    assert.doesNotMatch(disk(), /canary/);
    for (const name of ['M', 'N']) assert.deepEqual(await value(name), text('canary'));
  });

  it('is taken out before a save also when its editor is being closed', async () => {
    fake.edit(editor.document, new Range(0, 0, 0, 0), 'x y canary\n');
    await settled();
    const { edit } = editor;
    editor.edit = async () => {
      editor.edit = edit;
      throw new Error('not possible on closed editors');
    };
    await save();
    assert.equal(disk(), sealed);
  });

  it('is encrypted at once behind a save that did not ask', async () => {
    type(0, 0, 'N=canary\n');
    saveUnasked();
    assert.match(disk(), /N=canary/);
    await until(() => stage.script.asked.some((one) => /in plaintext. It is out of the file again/.test(one)));
    assert.doesNotMatch(disk(), /canary/);
    assert.equal(disk(), now());
    assert.deepEqual(await value('N'), text('canary'));
  });

  it('is taken out at once behind a save that did not ask, of a file that was never unlocked', async () => {
    fake.close(editor);
    stage.vault.lock();
    editor = stage.open('.env', sealed);
    await settled();
    type(0, 0, 'N=canary\n');
    saveUnasked();
    await until(() => stage.script.asked.some((one) => /in plaintext. It is out of the file again/.test(one)));
    assert.equal(disk(), sealed);
    stage.vault.unlock();
    await until(() => now() !== sealed);
    assert.deepEqual(await value('N'), text('canary'));
  });

  /** Another program puts an entry into the file; what the file is then. */
  const plant = async () => {
    const foreign = sealed.replace('A=', 'N=planted\nA=');
    const { document } = editor;
    document.change([{ range: new Range(0, 0, document.lineCount, 0), newText: foreign }]);
    document.isDirty = false;
    writeFileSync(join(stage.folder, '.env'), foreign);
    fake.events.changeDocument.fire({ document, contentChanges: [{ range: new Range(0, 0, 1, 0), text: '' }] });
    assert.equal((await settled()).kind, 'damaged');
    return foreign;
  };

  it('is taken out behind a save that did not ask, and what the disk had before stays', async () => {
    const foreign = await plant();
    const said = stage.script.asked.length;
    saveUnasked();
    type(0, 0, 'M=canary\n');
    saveUnasked();
    await until(() => stage.script.asked.slice(said).some((one) => /saved with what you typed/.test(one)));
    await settled();
    assert.equal(disk(), foreign, 'that stays, and nothing else');
  });

  it('is not saved behind or in a value of the metadata of a locked file, and comes back', async () => {
    for (const [name, format] of [
      ['m.env', 'dotenv'],
      ['m.ini', 'ini'],
      ['m.yaml', 'yaml'],
      ['m.json', 'json'],
    ] as const) {
      const plainText = { dotenv: plain, ini: '[s]\nA = 1\n', yaml: 'A: 1\n', json: '{"A": 1}\n' }[format];
      const whole = await stage.sealed(plainText, format);
      stage.vault.lock();
      for (const where of [/age1[0-9a-z]{58}/, /BEGIN AGE ENCRYPTED FILE-----(?:\n|\\n)\s*\w{9}/, /_unencrypted/]) {
        editor = stage.open(name, whole);
        await settled();
        const found = where.exec(whole);
        assert.ok(found);
        const at = editor.document.positionAt(found.index + found[0].length);
        type(at.line, at.character, 'canary');
        const typed = now();
        await settled();
        await save();
        assert.equal(readFileSync(join(stage.folder, name), 'utf8'), whole, `${name} ${where}`);
        assert.match(stage.script.asked.at(-1) ?? '', /neither encrypted nor saved/);
        stage.vault.unlock();
        await until(() => now() === typed);
        stage.vault.lock();
        fake.close(editor);
      }
      stage.vault.unlock();
    }
  });

  it('comes back when somebody types right behind a save', async () => {
    fake.edit(editor.document, new Range(0, 0, 0, 0), 'x y canary\n');
    await settled();
    const { edit } = editor;
    editor.edit = async (...how) => {
      editor.edit = edit;
      const done = await edit(...how);
      fake.edit(editor.document, new Range(1, 0, 1, 0), 'C=3\n');
      return done;
    };
    await save();
    assert.doesNotMatch(disk(), /canary|^C=3/m);
    await until(() => /^x y canary\nA=[^\n]*\nC=/.test(now()));
    assert.match(now(), /^x y canary\nA=[^\n]*\nC=/);
  });

  it('leaves alone what came from the disk', async () => {
    await plant();
    type(0, 0, 'M=mine\n');
    await settled();
    assert.ok(now().includes('N=planted'), 'nobody signs it because a person types');
    assert.equal((await settled()).kind, 'damaged');
  });

  it('encrypts what a restart brought back half typed', async () => {
    fake.close(editor);
    editor = stage.open('.env', `N=canary\n${sealed}`);
    editor.document.isDirty = true;
    await settled();
    await sleep(5);
    assert.deepEqual(await value('N'), text('canary'));
    assert.ok(!now().includes('canary'));
  });

  it('says where to put what was typed among the metadata, and does not save it', async () => {
    const ini = await stage.sealed('[db]\nA = 1\n', 'ini');
    editor = stage.open('a.ini', ini);
    await settled();
    type(ini.split('\n').length - 1, 0, 'N = canary\n');
    const typed = now();
    await settled();
    await save();
    await sleep(5);
    assert.equal(readFileSync(join(stage.folder, 'a.ini'), 'utf8'), ini);
    assert.equal(now(), typed);
    assert.match(stage.script.asked.at(-1) ?? '', /without your last edit.*Put new entries above it/);
    stage.script.message = 'Move It Above';
    fake.edit(
      editor.document,
      new Range(editor.document.lineCount - 1, 0, editor.document.lineCount - 1, 0),
      'M = canary\n',
    );
    await save();
    await sleep(5);
    const state = await stage.state(editor);
    assert.ok(state.kind === 'open');
    for (const name of ['N', 'M'])
      assert.deepEqual(state.opened.value(JSON.stringify([0, 'db', name])), text('canary'));
    assert.ok(!now().includes('canary'));
  });

  it('is moved above the metadata only as long as the file is open', async () => {
    const ini = await stage.sealed('[db]\nA = 1\n', 'ini');
    editor = stage.open('a.ini', ini);
    await settled();
    type(ini.split('\n').length - 1, 0, 'N = canary\n');
    await settled();
    const old = editor;
    const clicked = deferred();
    Object.defineProperty(stage.script, 'message', {
      get: () => {
        if (!/without your last edit/.test(stage.script.asked.at(-1) ?? '')) return undefined;
        fake.close(old);
        editor = stage.open('a.ini', ini);
        setImmediate(clicked.resolve);
        return 'Move It Above';
      },
    });
    await fake.saveAs(old.document);
    await clicked.promise;
    await settled();
    assert.equal(now(), ini);
  });

  it('does not save a plain text that was pasted over all of a file that is locked', async () => {
    fake.close(editor);
    stage.vault.lock();
    editor = stage.open('.env', sealed);
    await settled();
    fake.edit(editor.document, new Range(0, 0, editor.document.lineCount, 0), 'A=canary\n');
    await settled();
    await save();
    assert.equal(disk(), sealed);
    stage.vault.unlock();
    await sleep(20);
    assert.deepEqual(await value('A'), text('canary'));
    assert.ok(!now().includes('canary'));
  });

  it('gets into no file that it is saved as while Lockstep is locked', async () => {
    stage.vault.lock();
    await settled();
    type(0, 0, 'N=canary\n');
    editor = stage.open('copy.env', now());
    editor.document.isDirty = true;
    writeFileSync(join(stage.folder, 'copy.env'), '');
    await save();
    assert.equal(readFileSync(join(stage.folder, 'copy.env'), 'utf8'), sealed);
    stage.vault.unlock();
    await sleep(20);
    assert.deepEqual(await value('N'), text('canary'));
    assert.ok(!now().includes('canary'));
  });

  it('is not in the way of a file that is plain by now', async () => {
    const { document } = editor;
    document.change([{ range: new Range(0, 0, document.lineCount, 0), newText: plain }]);
    document.isDirty = false;
    writeFileSync(join(stage.folder, '.env'), plain);
    fake.events.changeDocument.fire({ document, contentChanges: [{ range: new Range(0, 0, 1, 0), text: '' }] });
    await settled();
    type(0, 0, 'N=2\n');
    await settled();
    await save();
    await sleep(5);
    assert.equal(disk(), `N=2\n${plain}`);
  });

  it('does not save what is typed into a file that does not verify', async () => {
    fake.close(editor);
    const foreign = sealed.replace(/^B=.*\n/m, '');
    editor = stage.open('f.env', foreign);
    await settled();
    type(0, 0, 'N=canary\n');
    await settled();
    stage.script.message = 'Why?';
    await save();
    await sleep(5);
    assert.equal(readFileSync(join(stage.folder, 'f.env'), 'utf8'), foreign);
    assert.match(stage.script.asked.at(-1) ?? '', /last verified version/);
    assert.deepEqual(fake.executed.at(-1), [commands.explainFile, editor.document.uri.toString()]);
  });

  it('sets or reveals by a click on the dots, if that is set', async () => {
    const end = sealed.split('\n')[0]?.length ?? 0;
    const click = async (from: number, to = from) => {
      fake.executed.length = 0;
      editor.selection = new Selection(0, from, 0, to);
      fake.events.selection.fire({ textEditor: editor, selections: editor.selections, kind: 2 });
      await sleep(300);
      return fake.executed.map(([id]) => id);
    };
    assert.deepEqual(await click(20), []);
    fake.configure('lockstep.mask.click', 'set');
    assert.deepEqual(await click(20), [commands.setValue]);
    assert.deepEqual(await click(end), [commands.setValue], 'the dots are drawn behind the ciphertext');
    assert.deepEqual(await click(1), [], 'the name');
    assert.deepEqual(await click(12, 20), [], 'a drag');
    fake.configure('lockstep.mask.click', 'reveal');
    assert.deepEqual(await click(20), [commands.revealValue]);
  });

  describe('elsewhere', () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e@example.com', ...args], { cwd: stage.folder });

    it('is encrypted when a person who sees the names says so', async () => {
      git('init', '-q');
      git('add', '.env');
      git('commit', '-qm', 'x');
      stage.write('b.env', sealed);
      fake.close(editor);
      const foreign = sealed.replace('A=', 'N=planted\nC=');
      stage.write('.env', foreign);
      editor = stage.open('.env', foreign);
      assert.equal((await settled()).kind, 'damaged');
      assert.match(stage.script.asked.at(-1) ?? '', /values in plaintext among/);
      stage.script.gesture = false;
      await feature.commands[commands.encryptEdits]?.();
      assert.equal(now(), foreign);
      assert.match(stage.script.asked.at(-1) ?? '', /New: N\nRenamed: A → C/);
      stage.script.gesture = true;
      await feature.commands[commands.encryptEdits]?.();
      assert.deepEqual(await value('N'), text('planted'));
      assert.deepEqual(await value('C'), text('1'));
      assert.ok(!now().includes('planted'));
    });

    it('stays what it is without a verified version, and with a ciphertext of another file', async () => {
      fake.close(editor);
      const foreign = sealed.replace('A=', 'N=planted\nA=');
      editor = stage.open('c.env', foreign);
      await settled();
      await assert.rejects(async () => feature.commands[commands.encryptEdits]?.(), { code: 'EDIT_LOCKED' });
      git('init', '-q');
      stage.write('d.env', sealed);
      git('add', 'd.env');
      git('commit', '-qm', 'x');
      const other = (await stage.sealed('Z=9\n', 'dotenv')).split('\n')[0];
      stage.write('d.env', `${other}\n${sealed}`);
      editor = stage.open('d.env', `${other}\n${sealed}`);
      await settled();
      await assert.rejects(async () => feature.commands[commands.encryptEdits]?.(), { code: 'FOREIGN_EDIT' });
      assert.equal(now(), `${other}\n${sealed}`);
    });
  });
});
