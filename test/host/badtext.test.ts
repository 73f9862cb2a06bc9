// Texts that cannot be read as what their names say.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { commands } from '../../src/extension/ids.ts';
import { assertLeft, cleanUp, show } from './editors.ts';
import { Folder, ruleFor, sealed, valuesOf } from './files.ts';
import { type Key, onlyKey } from './keys.ts';
import { run, start, until } from './support.ts';

const broken = /line \d+: The file cannot be read because of a syntax error\. Correct the file in the editor/;
const twice = /line \d+: A name occurs twice in one map\. Remove or rename one of the two/;

describe('bad input: a text', () => {
  let key: Key;

  before(async () => {
    await start();
    key = await onlyKey();
  });
  afterEach(cleanUp);

  const folderWith = (name: string, text: string | Uint8Array) =>
    new Folder({ '.sops.yaml': ruleFor([key.recipient]), [name]: text });

  async function assertSays(folder: Folder, name: string, message: RegExp, ...ids: (keyof typeof commands)[]) {
    await assertLeft(folder, name, async () => {
      const all: string[] = [];
      for (const id of ids) {
        const asked = await run(id, { input: 'NEW', secret: 'canary-new', confirm: true, choose: 'Decrypt File' });
        assert.equal(asked.length, 1, `${id}: ${asked}`);
        assert.match(`${id}: ${asked[0]}`, message);
        all.push(...asked);
      }
      return all;
    });
  }

  const plainTexts: readonly [title: string, name: string, text: string, message: RegExp][] = [
    ['malformed YAML', 'a.yaml', 'A: canary-a\n  B: [canary-b\n', broken],
    ['malformed JSON', 'a.json', '{\n  "A": "canary-a",\n  "B":\n}\n', broken],
    ['a malformed .env', '.env', 'A=canary-a\ncanary-b without a sign\n', broken],
    ['a name twice in YAML', 'a.yaml', 'A: canary-a\nB: x\nA: canary-b\n', twice],
    [
      'a list',
      'a.json',
      '["canary-a"]\n',
      /The top level is a list or a single value\. A SOPS file needs a map there\. Put it under a name/,
    ],
    ['nothing', 'a.yaml', '\n', /The file is empty\. Add a name and a value first\./],
    ['an entry named sops that is text', 'a.yaml', 'sops: canary-a\nb: canary-b\n', /has an entry named “sops”\./],
    ['an entry named sops', 'a.yaml', 'sops:\n  owner: canary-a\n', /has an entry named “sops”\./],
  ];
  for (const [title, name, text, message] of plainTexts) {
    it(`with ${title} is not encrypted`, async () => {
      await assertSays(folderWith(name, text), name, message, 'encryptFile');
    });
  }

  const all = ['explainFile', 'copyValue', 'setValue', 'addSecret', 'rotateDataKey', 'decryptFile'] as const;

  it('that was encrypted and is malformed YAML now', async () => {
    const text = (await sealed('a.yaml', 'A: canary-a\nB: canary-b\n', [key])).replace('\nB: ', '\nB: [');
    await assertSays(folderWith('a.yaml', text), 'a.yaml', broken, ...all);
  });

  it('that was encrypted and is malformed JSON now', async () => {
    const text = (await sealed('a.json', '{\n  "A": "canary-a",\n  "B": "canary-b"\n}\n', [key])).replace(
      /",\n/,
      '"\n',
    );
    await assertSays(folderWith('a.json', text), 'a.json', broken, ...all);
  });

  it('that was encrypted and has a name twice now', async () => {
    const text = (await sealed('a.yaml', 'A: canary-a\nB: canary-b\n', [key])).replace('\nB:', '\nA: canary\nB:');
    await assertSays(folderWith('a.yaml', text), 'a.yaml', twice, ...all);
  });

  // These formats allow it, and so does sops: both values are kept.
  it('with a name twice in a .env loses neither value', async () => {
    const folder = folderWith('.env', 'A=canary-a\nA=canary-b\n');
    await run('encryptFile', {}, folder.uri('.env'));
    const values = await valuesOf('.env', folder.text('.env'), key);
    assert.deepEqual(Object.values(values), ['canary-a', 'canary-b']);
  });

  it('that is not UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from('A: canary-a'),
      Buffer.from([0xff, 0xe9]),
      Buffer.from('\nB: canary-b\n'),
    ]);
    const message = /a\.yaml: The file is not UTF-8 text\. Save it as UTF-8/;
    await assertSays(folderWith('a.yaml', bytes), 'a.yaml', message, 'encryptFile', 'decryptFile');
  });

  // The values of a .env may be any bytes, as for sops.
  it('that is not UTF-8 in the values of a .env is encrypted, and comes back', async () => {
    const bytes = Buffer.concat([Buffer.from('A=canary-a'), Buffer.from([0xff, 0xe9]), Buffer.from('\nB=canary-b\n')]);
    const folder = folderWith('.env', bytes);
    await run('encryptFile', {}, folder.uri('.env'));
    assert.match(folder.text('.env'), /^A=ENC\[/);
    await run('decryptFile', { choose: 'Decrypt File' }, folder.uri('.env'));
    assert.ok(folder.bytes('.env').equals(bytes));
  });

  it('that is not UTF-8 and has unsaved changes', async () => {
    const folder = folderWith(
      '.env',
      Buffer.concat([Buffer.from('A=canary-a'), Buffer.from([0xe9]), Buffer.from('\n')]),
    );
    const before = folder.bytes('.env');
    const editor = await show(folder.uri('.env'));
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), 'B=canary-b\n'));
    const [message = ''] = await run('encryptFile');
    assert.match(message, /The file is not UTF-8 text\. /);
    assert.ok(folder.bytes('.env').equals(before));
    assert.match(editor.document.getText(), /B=canary-b/);
  });

  it('with a byte order mark and CRLF: YAML keeps its line ends', async () => {
    const folder = folderWith('a.yaml', '\uFEFFA: canary-a\r\nB: canary-b\r\n');
    await show(folder.uri('a.yaml'));
    assert.deepEqual(await run('encryptFile'), []);
    assert.doesNotMatch(folder.text('a.yaml'), /[^\r]\n|\uFEFF/);
    assert.deepEqual(Object.values(await valuesOf('a.yaml', folder.text('a.yaml'), key)), ['canary-a', 'canary-b']);
  });

  // sops would take the CR of a line in a .env for a part of the value.
  it('with a byte order mark and CRLF: a .env gets LF', async () => {
    const folder = folderWith('.env', '\uFEFFA=canary-a\r\n# why\r\nB=canary-b\r\n');
    await show(folder.uri('.env'));
    assert.deepEqual(await run('encryptFile'), []);
    assert.doesNotMatch(folder.text('.env'), /\r|\uFEFF/);
    assert.deepEqual(Object.values(await valuesOf('.env', folder.text('.env'), key)), ['canary-a', 'canary-b']);
  });

  it('that was encrypted elsewhere and has got a byte order mark is edited', async () => {
    const folder = folderWith(
      'a.yaml',
      `\uFEFF${(await sealed('a.yaml', 'a: canary-a\nb: 1\n', [key])).replaceAll('\n', '\r\n')}`,
    );
    const { document } = await show(folder.uri('a.yaml'));
    await run('setValue', { secret: 'canary-new' }, document.uri.toString(), '[0,"a"]');
    assert.equal(await document.save(), true);
    assert.doesNotMatch(folder.text('a.yaml'), /[^\r]\n/);
    const values = await valuesOf('a.yaml', folder.text('a.yaml').replace('\uFEFF', ''), key);
    assert.deepEqual(Object.values(values), ['canary-new', '1']);
  });

  it('of more than 50 MB', async () => {
    const folder = folderWith('.env', `A=canary-a\nB=${'canary-b'.repeat(6.7 * 1024 * 1024)}\n`);
    const before = folder.bytes('.env');
    const uri = folder.uri('.env');
    await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
    await until('its tab', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
    });
    const asked: string[] = [];
    for (const id of [...all, 'encryptFile'] as const) asked.push(...(await run(id)));
    asked.push(...(await run('encryptFile', {}, uri)));
    assert.equal(asked.length, all.length + 2);
    for (const message of asked) {
      assert.match(message, /\.env: The file is larger than 50 MB\. Split it, or use sops in a terminal\.$/);
    }
    assert.ok(folder.bytes('.env').equals(before));
  });
});
