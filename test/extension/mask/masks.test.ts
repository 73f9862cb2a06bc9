import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/core/rules/rules.ts';
import { firstMasks, masksOfVersion } from '../../../src/core/view/masks.ts';
import { register } from '../../../src/extension/mask/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { FakeDocument } from '../../fakes/document.ts';
import { Range, Uri } from '../../fakes/values.ts';
import { FakeEditor, fake } from '../../fakes/vscode.ts';
import { painted, plain, sealed, select, stage } from './stage.ts';

const dots = '••••••••';

describe('masks on screen', () => {
  let on: ReturnType<typeof stage>;
  let feature: Feature;
  beforeEach(() => {
    fake.reset();
    on = stage();
    feature = register(on.services);
  });
  afterEach(() => feature.disposable.dispose());

  it('stand before the session has answered', async () => {
    const file = await sealed('a: secret\nb: 5\n', 'yaml');
    assert.match(painted(fake.open('/w/x.yaml', file.text)), new RegExp(`^a: ${dots}\nb: ${dots}\nsops:`));
    assert.equal(painted(fake.open('/w/.env', 'A=b\n# C=d\n')), `A=${dots}\n# C=${dots}\n`);
    assert.equal(painted(fake.open('/w/secrets.yaml', 'a: b\n')), `a: ${dots}\n`);
    assert.equal(painted(fake.open('/w/app.yaml', 'a: b\n')), 'a: b\n');
    assert.equal(painted(fake.open('/w/.env.example', 'A=b\n')), 'A=b\n');
    assert.equal(painted(fake.open('/w/notes.txt', 'a: b\n')), 'a: b\n');
    const key = '-----BEGIN EC PRIVATE KEY-----\nsecret\n-----END EC PRIVATE KEY-----\n';
    assert.equal(painted(fake.open('/w/tls.pem', `# a\n${key}`)), `# a\n${dots}\n${dots}\n${dots}\n`);
    assert.equal(painted(fake.open('/w/notes.txt', key)), key);
  });

  it('follow what the session says', () => {
    const editor = fake.open('/w/app.yaml', 'a: b\nc:\n  - d\n');
    on.answer(editor, plain(editor.document.getText(), 'yaml'));
    assert.equal(painted(editor), `a: ${dots}\nc:\n  - ${dots}\n`);
    const other = fake.open('/w/secrets.yaml', 'a: b\n');
    on.answer(other, { kind: 'none' });
    assert.equal(painted(other), 'a: b\n');
  });

  it('cover every line of a block', () => {
    const editor = fake.open('/w/app.yaml', 'k: |\n  one\n\n  two\nl: m\n');
    on.answer(editor, plain(editor.document.getText(), 'yaml'));
    assert.equal(painted(editor), `k: ${dots}\n  ${dots}\n\n  ${dots}\nl: ${dots}\n`);
  });

  it('stay on ciphertext where the cursor is', async () => {
    const file = await sealed('A=b\nC=d\n', 'dotenv');
    const editor = fake.open('/w/x.env', file.text);
    select(editor, 2);
    assert.match(painted(editor), new RegExp(`^A=${dots}\nC=${dots}\n`));
    select(editor, 0);
    assert.match(painted(editor), new RegExp(`^A=${dots}\nC=${dots}\n`));
  });

  it('of plain values give way only to who goes there', () => {
    const editor = fake.open('/w/.env', 'A=bcd\nE=f\n');
    on.answer(editor, plain(editor.document.getText(), 'dotenv'));
    const masked = `A=${dots}\nE=${dots}\n`;
    select(editor, 3, 3, 'restored');
    assert.equal(painted(editor), masked, 'a restored cursor');
    select(editor, 3, 3, 3);
    assert.equal(painted(editor), masked, 'a jump right after opening');
    select(editor, 3);
    assert.equal(painted(editor), `A=bcd\nE=${dots}\n`);
    select(editor, 0, 9);
    assert.equal(painted(editor), masked, 'a selection across values');
    select(editor, 3);
    fake.events.windowState.fire({ focused: false, active: false });
    assert.equal(painted(editor), masked, 'a window without focus');
    select(editor, 3);
    on.presentation.set(true);
    assert.equal(painted(editor), masked);
    select(editor, 3);
    assert.equal(painted(editor), masked, 'presentation mode');
  });

  it('move with the text until the session has looked again', () => {
    const editor = fake.open('/w/.env', 'A=b\nC=d\n');
    on.answer(editor, plain(editor.document.getText(), 'dotenv'));
    fake.edit(editor.document, new Range(0, 0, 0, 0) as never, '# note\nNEW=secret\n');
    assert.equal(painted(editor), `# note\nNEW=${dots}\nA=${dots}\nC=${dots}\n`);
    on.answer(editor, plain(editor.document.getText(), 'dotenv'));
    assert.equal(painted(editor), `# note\nNEW=${dots}\nA=${dots}\nC=${dots}\n`);
  });

  it('send nothing while somebody types elsewhere', async () => {
    const file = await sealed(Array.from({ length: 50 }, (_, i) => `K${i}=v\n`).join(''), 'dotenv');
    const editor = fake.open('/w/x.env', `# note\n${file.text}`);
    let sent = 0;
    const set = editor.setDecorations.bind(editor);
    editor.setDecorations = (...args) => {
      sent++;
      set(...args);
    };
    for (const letter of 'hello') fake.edit(editor.document, new Range(0, 6, 0, 6) as never, letter);
    assert.equal(sent, 0);
    const at = editor.document.getText().indexOf('ENC[');
    const { line, character } = editor.document.positionAt(at);
    fake.edit(editor.document, new Range(line, character, line, character + 2) as never, '');
    assert.equal(sent, 1);
  });

  it('hold where the text no longer parses', async () => {
    const file = await sealed('a: secret\nb: other\n', 'yaml');
    const editor = fake.open('/w/x.yaml', file.text);
    on.answer(editor, await file.opened());
    fake.edit(editor.document, new Range(0, 0, 0, 0) as never, '\t}{ broken: [\n');
    const split = new FakeEditor(editor.document);
    fake.editors.push(split);
    fake.events.visibleEditors.fire(fake.editors);
    assert.ok(!painted(split).includes('ENC['));
  });

  it('hide a value that somebody typed into an encrypted place', async () => {
    const file = await sealed('a: secret\nb: other\n', 'yaml');
    const text = file.text.replace(/^b: .*$/m, 'b: oops');
    const editor = fake.open('/w/x.yaml', text);
    on.answer(editor, await file.opened(text));
    assert.match(painted(editor), new RegExp(`^a: ${dots}\nb: ${dots}\n`));
  });

  it('stand on both sides of a diff and in every split', async () => {
    const editor = fake.open('/w/app.yaml', 'a: b\n');
    on.answer(editor, plain('a: b\n', 'yaml'));
    const past = new FakeEditor(
      new FakeDocument(Uri.file('/w/app.yaml').with({ scheme: 'git', query: 'HEAD' }), 'a: old\n'),
    );
    const split = new FakeEditor(editor.document);
    fake.editors.push(past, split);
    fake.events.visibleEditors.fire(fake.editors);
    assert.deepEqual([past, split].map(painted), [`a: ${dots}\n`, `a: ${dots}\n`]);
  });

  /** An editor on a version of a file, as git's peek at a change has it. */
  function version(path: string, text: string, query = JSON.stringify({ path, ref: '' })): FakeEditor {
    const uri = Uri.file(`${path}.git`).with({ scheme: 'git', query });
    const editor = new FakeEditor(new FakeDocument(uri, text));
    fake.editors.push(editor);
    fake.events.visibleEditors.fire(fake.editors);
    return editor;
  }
  const soon = () => new Promise((resolve) => setTimeout(resolve, 5));
  const covering = (pattern: string) => ({
    rule: parseConfig(`creation_rules:\n  - path_regex: ${pattern}\n`)?.rules?.[0],
  });

  it('stand on a version that was shown before its file was looked at', () => {
    const past = version('/w/app.yaml', 'a: old\n');
    assert.equal(painted(past), 'a: old\n');
    const editor = fake.open('/w/app.yaml', 'a: b\n');
    on.answer(editor, plain('a: b\n', 'yaml'));
    assert.equal(painted(past), `a: ${dots}\n`);
  });

  it('stand on a version of a file that a rule covers and no editor shows', async () => {
    on.rules.set('/w/app.yaml', covering('app'));
    on.rules.set('/w/any.yaml', covering('.*'));
    const [past, other] = [version('/w/app.yaml', 'a: old\n'), version('/w/any.yaml', 'a: old\n')];
    await soon();
    assert.equal(painted(past), `a: ${dots}\n`);
    assert.equal(painted(other), 'a: old\n', 'a rule for everything says nothing of one file');
  });

  it('stand on the old values of a file that is empty now', () => {
    const editor = fake.open('/w/.env', '');
    on.answer(editor, { kind: 'none' });
    assert.equal(painted(version('/w/.env', 'A=old\n')), `A=${dots}\n`);
  });

  it('stand on versions of any scheme', () => {
    const schemes = [
      'git',
      'vscode-local-history',
      'clipboardCompare',
      'showModifications',
      'conflictResolution',
      'pr',
    ];
    for (const scheme of schemes) {
      const uri = Uri.file('/w/.env').with({ scheme, query: '{"location":"file:///h/1"}' });
      const past = new FakeEditor(new FakeDocument(uri, 'A=old\n'));
      fake.editors.push(past);
      fake.events.visibleEditors.fire(fake.editors);
      assert.equal(painted(past), `A=${dots}\n`, scheme);
    }
  });

  it('stand on what a search found in secret files', async () => {
    fake.folders.push('/w');
    on.rules.set('/w/conf/app.yaml', covering('conf'));
    const text =
      '2 results - 3 files\n\n.env:\n  1: A=one\n  2  B=two\n\nconf/app.yaml:\n  9:   p: w\n\nnotes.txt:\n  3: C=d\n';
    const editor = new FakeEditor(new FakeDocument(Uri.parse('search-editor:#1'), text));
    fake.editors.push(editor);
    fake.events.visibleEditors.fire(fake.editors);
    await soon();
    assert.equal(painted(editor), text.replace('one', dots).replace('two', dots).replace('p: w', `p: ${dots}`));
  });

  it('stand on what a search found in secret files on Windows', async () => {
    const { file } = Uri;
    Uri.file = (path) => Uri.from({ scheme: 'file', path: `/${path.replaceAll('\\', '/')}` });
    fake.folders.push('/w');
    on.rules.set('/D:/conf/app.yaml', covering('conf'));
    const lines = [
      '2 results - 2 files',
      '',
      'conf\\.env.local:',
      '  1: A=one',
      '',
      'D:\\conf\\app.yaml:',
      '  9:   p: w',
      '',
    ];
    const text = lines.join('\r\n');
    const editor = new FakeEditor(new FakeDocument(Uri.parse('search-editor:#1'), text));
    fake.editors.push(editor);
    fake.events.visibleEditors.fire(fake.editors);
    await soon();
    Uri.file = file;
    assert.equal(painted(editor), text.replace('one', dots).replace('p: w', `p: ${dots}`));
  });

  it('can be switched off', () => {
    const editor = fake.open('/w/.env', 'A=b\n');
    Object.assign(on.services.settings, { maskPlain: false });
    fake.edit(editor.document, new Range(1, 0, 1, 0) as never, 'C=d');
    on.answer(editor, plain(editor.document.getText(), 'dotenv'));
    assert.equal(painted(editor), 'A=b\nC=d');
  });

  it('stand on each of 10,000 entries', async () => {
    const token =
      'ENC[AES256_GCM,data:kZP+1n8=,iv:BGT8USdcVS0uxldxgRrI5042eP7oK1QZLCVaCRSmX5g=,tag:7qNDzDV8PkbX6UCknTDH/w==,type:str]';
    const text = `${Array.from({ length: 10_000 }, (_, i) => `KEY_${i}=${token}`).join('\n')}\nsops_version=3.13.0\n`;
    const { spans } = firstMasks('/w/.env', text);
    assert.equal(spans.length, 10_000);
  });

  it('of an older version are those of a file of that kind', () => {
    assert.equal(masksOfVersion({ kind: 'none' }, false, '/w/a.yaml', 'a: b').kind, 'off');
    assert.deepEqual(masksOfVersion(plain('a: b', 'yaml'), false, '/w/a.yaml', 'a: c').spans, [{ start: 3, end: 4 }]);
  });
});
