import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { cleanUp, editorOf, putCursor, show, textsOf, undo } from './editors.ts';
import { Folder, sealed, valuesOf } from './files.ts';
import { type Key, newKey, onlyKey } from './keys.ts';
import { assertUnseen, entry, run, start } from './support.ts';

const dotenv = '# top\nA=canary-a\nB=canary-b\n\nC=canary-c\n';
const yaml =
  'db:\n  password: canary-a # why\n  port: 5432\n  on: true\nlist:\n  - canary-b\n  - canary-c\nrate: 1.5\n';
type Answers = Parameters<typeof run>[1];

describe('values', () => {
  let key: Key;
  let folder: Folder;
  let document: vscode.TextDocument;

  before(async () => {
    await start();
    key = await onlyKey();
  });
  afterEach(cleanUp);

  async function open(name: string, text: string): Promise<void> {
    folder = new Folder({ [name]: await sealed(name, text, [key, await newKey()]) });
    ({ document } = await show(folder.uri(name)));
  }
  const nameOf = () => document.uri.path.split('/').at(-1) ?? '';
  const values = () => valuesOf(nameOf(), document.getText(), key);

  /** A command that is one undo step on ciphertext and writes nothing to the disk. Returns the lines that changed. */
  async function change(
    id: Parameters<typeof run>[0],
    answers: Answers,
    ...path: (string | number)[]
  ): Promise<string[]> {
    const { isDirty } = document;
    const before = document.getText();
    const disk = folder.text(nameOf());
    const ids = [document.uri.toString(), ...(path.length > 0 ? [entry(...path)] : [])];
    let asked: string[] = [];
    const texts = await textsOf(document.uri, async () => {
      asked = await run(id, answers, ...ids);
    });
    const after = document.getText();
    assertUnseen('canary', ...asked, ...texts, after);
    assert.equal(document.isDirty, true, `${asked}`);
    assert.equal(folder.text(nameOf()), disk, 'saving is the person’s');
    await undo();
    assert.equal(document.getText(), before, 'one step');
    assert.equal(document.isDirty, isDirty);
    await vscode.commands.executeCommand('redo');
    assert.equal(document.getText(), after);
    await values();
    const old = new Set(before.split('\n'));
    return after.split('\n').filter((line) => !old.has(line));
  }

  /** Only these entries changed, and what seals the file. */
  function assertOnly(lines: readonly string[], ...names: readonly string[]): void {
    const seal = /^ *(sops_)?(mac|lastmodified)[=:]/;
    const found = lines.filter((line) => !seal.test(line)).map((line) => line.replace(/[=:].*/, '').trim());
    assert.deepEqual(found, names);
    assert.ok(lines.some((line) => /mac[=:]/.test(line)));
  }

  it('set: one entry and the seal change', async () => {
    await open('.env', dotenv);
    assertOnly(await change('setValue', { secret: 'canary-new' }, 'B'), 'B');
    assert.deepEqual(Object.values(await values()), ['canary-a', 'canary-new', 'canary-c']);
    assert.equal(await document.save(), true);
    assert.equal(folder.text('.env'), document.getText());
  });

  it('set: the entry under the cursor, from the palette', async () => {
    await open('a.yaml', yaml);
    const editor = editorOf(document.uri) ?? assert.fail();
    putCursor(editor, 'password');
    const [title = ''] = await run('setValue', { secret: 'canary-new' });
    assert.match(title, /^Set db\.password\nThe value is not shown\./);
    assert.equal((await values())[entry('db', 'password')], 'canary-new');
  });

  it('set: a value keeps its type where it fits', async () => {
    await open('a.yaml', yaml);
    assert.match((await change('setValue', { secret: '6543' }, 'db', 'port')).join('\n'), /port: ENC\[.*type:int\]/);
    assert.match((await change('setValue', { secret: 'false' }, 'db', 'on')).join('\n'), /on: ENC\[.*type:bool\]/);
    assert.match((await change('setValue', { secret: '2.25' }, 'rate')).join('\n'), /rate: ENC\[.*type:float\]/);
    assertOnly(await change('setValue', { secret: 'canary-new' }, 'list', 1), '- ENC[AES256_GCM,data');
    const set = (secret: NonNullable<NonNullable<Answers>['secret']>) =>
      run('setValue', { secret }, document.uri.toString(), entry('db', 'port'));
    const asked = await set('many');
    assert.match(asked.join(), /This is not a whole number, .* Store as Text, above, changes the type\./);
    assert.match(document.getText(), /port: ENC\[.*type:int\]/);
    await set([{ button: 'text' }, 'many']);
    assert.match(document.getText(), /port: ENC\[.*type:str\]/);
  });

  it('set: the value that is there already changes nothing', async () => {
    await open('.env', dotenv);
    await run('setValue', { secret: 'canary-b' }, document.uri.toString(), entry('B'));
    assert.equal(document.isDirty, false);
  });

  it('set: an empty value only after a question', async () => {
    await open('.env', dotenv);
    const asked = await run('setValue', { secret: [''] }, document.uri.toString(), entry('A'));
    assert.match(asked.join('\n'), /Set an empty value\?\nAn empty value is not encrypted/);
    assert.equal(document.isDirty, false);
    assertOnly(await change('setValue', { secret: '', confirm: true }, 'A'), 'A');
    assert.match(document.getText(), /^A=$/m);
  });

  it('generate: new values that nobody has seen', async () => {
    await open('.env', dotenv);
    assertOnly(await change('generateValue', { pick: 'base64_128' }, 'A'), 'A');
    assertOnly(await change('generateValue', { pick: 'password' }, 'B'), 'B');
    assertOnly(await change('setValue', { secret: [{ button: 'generate' }], pick: 'hex' }, 'C'), 'C');
    const [a = '', b = '', c = ''] = Object.values(await values()).map(String);
    assert.equal(Buffer.from(a, 'base64').length, 16);
    assert.match(b, /^[A-Za-z2-9]{24}$/);
    assert.match(c, /^[0-9a-f]{64}$/);
  });

  it('from the clipboard and from a file: line breaks stay', async () => {
    const lines = '-----BEGIN canary-----\nline 2\nline 3\n';
    await open('a.yaml', yaml);
    await vscode.env.clipboard.writeText(lines);
    assertOnly(await change('setValue', { secret: [{ button: 'clipboard' }] }, 'db', 'password'), 'password');
    // The box would join the lines; it does not take them.
    const asked = await run(
      'setValue',
      { secret: [lines.replaceAll('\n', ' ')] },
      document.uri.toString(),
      entry('rate'),
    );
    assert.match(asked.join('\n'), /The box has joined the lines of this value\. Use the button From Clipboard\./);
    const openFile = new Folder({ 'key.pem': lines.replaceAll('\n', '\r\n') }).at('key.pem');
    await change('setValue', { secret: [{ button: 'file' }], openFile }, 'list', 0);
    const now = await values();
    assert.equal(now[entry('db', 'password')], lines);
    assert.equal(now[entry('list', 0)], lines.replaceAll('\n', '\r\n'));
    assert.equal(now[entry('rate')], '1.5');
    await vscode.env.clipboard.writeText('');
  });

  it('add: at the top and in a map', async () => {
    await open('a.yaml', yaml);
    assertOnly(await change('addSecret', { pick: 'db', input: 'token', secret: 'canary-new' }), 'token');
    assertOnly(await change('addSecret', { pick: 'Top level', input: 'key', secret: 'canary-key' }), 'key');
    const now = await values();
    assert.equal(now[entry('db', 'token')], 'canary-new');
    assert.equal(now[entry('key')], 'canary-key');
  });

  it('add: refuses a name that is there, or that is none', async () => {
    await open('.env', dotenv);
    for (const input of ['A', '', 'sops_mac', 'with space']) {
      assert.deepEqual(await run('addSecret', { input, secret: 'canary' }, document.uri.toString()), ['Add Secret']);
    }
    assert.equal(document.isDirty, false);
  });

  it('rename: the value stays', async () => {
    await open('.env', dotenv);
    assertOnly(await change('renameSecret', { input: 'NEW' }, 'B'), 'NEW');
    assert.deepEqual(await values(), {
      [entry('A')]: 'canary-a',
      [entry('NEW')]: 'canary-b',
      [entry('C')]: 'canary-c',
    });
  });

  it('delete: after one question', async () => {
    await open('.env', dotenv);
    const [question = ''] = await run('deleteSecret', {}, document.uri.toString(), entry('B'));
    assert.match(question, /^Delete B\?\nUndo brings it back\. Git history keeps it readable/);
    assert.equal(document.isDirty, false);
    assertOnly(await change('deleteSecret', { confirm: true }, 'B'));
    assert.deepEqual(Object.keys(await values()), [entry('A'), entry('C')]);
  });

  it('remove quotes: of one, and of all in one step', async () => {
    await open('.env', 'A="canary-a"\nB=canary-b\nC=\'canary-c\' # why\n');
    assertOnly(await change('removeQuotes', {}, 'A'), 'A');
    await undo();
    assertOnly(await change('removeQuotes', { pick: 'All 2 values' }), 'A', 'C');
    assert.deepEqual(Object.values(await values()), ['canary-a', 'canary-b', 'canary-c']);
  });

  it('two changes at once: both are there', async () => {
    await open('.env', dotenv);
    const uri = document.uri.toString();
    const [one, two] = ['A', 'B'].map((name) => [uri, entry(name)]);
    await run('generateValue', { pick: 'uuid' }, ...(one ?? []));
    const both = [one, two].map((ids) => vscode.commands.executeCommand('lockstep.generateValue', ...(ids ?? [])));
    await Promise.all(both);
    const [a = '', b = '', c] = Object.values(await values());
    assert.ok(a?.length === 36 && b?.length === 36 && a !== b && c === 'canary-c');
  });
});
