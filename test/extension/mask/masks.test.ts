import assert from 'node:assert/strict';
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
    assert.equal(masksOfVersion({ kind: 'none' }, '/w/a.yaml', 'a: b').kind, 'off');
    assert.deepEqual(masksOfVersion(plain('a: b', 'yaml'), '/w/a.yaml', 'a: c').spans, [{ start: 3, end: 4 }]);
  });
});
