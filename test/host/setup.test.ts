import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { cleanUp, editorOf, show } from './editors.ts';
import { Folder } from './files.ts';
import { labels, useKeys } from './keys.ts';
import { assertUnseen, entry, found, run, start, unlock, until } from './support.ts';

describe('set up', () => {
  const config = () => join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', '.sops.yaml');

  before(start);
  beforeEach(() => useKeys({}));
  afterEach(async () => {
    await cleanUp();
    rmSync(config(), { force: true });
    await unlock();
  });

  function makeFiles(): Folder {
    const folder = new Folder({
      'sub/.env': '# db\nDATABASE_URL=canary-one\nPORT=8080\n',
      'secrets.yaml': 'db:\n  password: canary-two # why\n',
      '.env.example': 'DATABASE_URL=made-up\n',
      'package.json': '{ "name": "canary-package" }\n',
    });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder.path });
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=b', 'commit', '-qm', 'one');
    return folder;
  }

  it('makes a key and a rule, and encrypts what is chosen', async () => {
    const folder = makeFiles();
    const { document } = await show(folder.uri('sub/.env'));
    const asked = await run('setUp', { input: 'me@here', pick: 'create', pickMany: 'all', message: [] });
    assert.deepEqual(await labels(), ['me@here']);
    const offered = asked.find((one) => one.startsWith('Set Up Secrets (2 of 7)')) ?? '';
    assert.match(offered, /\/sub\/\.env 2 plaintext values/);
    assert.match(offered, /\/secrets\.yaml 1 plaintext value/);
    assert.doesNotMatch(offered, /example|package/);
    const rule = readFileSync(config(), 'utf8');
    assert.match(rule, /creation_rules:\n[\s\S]*age:\s+- age1/);
    assert.doesNotMatch(rule, /AGE-SECRET-KEY/);
    for (const name of ['sub/.env', 'secrets.yaml']) assertUnseen('canary', folder.text(name));
    assert.match(folder.text('sub/.env'), /^#ENC\[.*\nDATABASE_URL=ENC\[.*\nPORT=ENC\[/);
    assert.match(folder.text('package.json'), /canary-package/);
    assert.equal(document.isClosed, true, 'the plain document is gone');
    const again = await found('the editor comes back', () => editorOf(folder.uri('sub/.env')));
    assertUnseen('canary', again.document.getText());
    // What git has had in clear text, and what comes next.
    assert.ok(
      asked.some((one) => /^These 3 values are readable in git history\. Replace them/.test(one)),
      `${asked}`,
    );
    assert.ok(
      asked.some((one) => /2 files are encrypted\. .* Back up your key next/.test(one)),
      `${asked}`,
    );
    assertUnseen('canary', ...asked);
  });

  it('says which values git has in clear text', async () => {
    const folder = makeFiles();
    await run('setUp', { input: 'me@here', pick: 'create', pickMany: 'all' });
    const uri = folder.uri('sub/.env');
    assert.deepEqual(await run('showExposed', {}, uri.toString()), [], 'nothing but the list, which is a view');
    await run('showExposed', {}, uri.toString(), entry('PORT'));
    const editor = await found('the entry is shown', () => editorOf(uri));
    await until('the cursor is there', () => editor.selection.active.line === 2);
  });

  it('can be left at each step, and then has changed nothing', async () => {
    const folder = makeFiles();
    const before = folder.text('sub/.env');
    await run('setUp', { input: ' ', pick: 'create' });
    assert.deepEqual(await labels(), []);
    await run('setUp', { input: 'me@here', pick: 'create' });
    assert.deepEqual(await labels(), ['me@here'], 'the key was said yes to');
    assert.equal(existsSync(config()), false);
    assert.equal(folder.text('sub/.env'), before);
  });

  it('uses the key that is there, and keeps the rules that are there', async () => {
    const folder = makeFiles();
    await run('setUp', { input: 'me@here', pick: 'create', pickMany: ['sub/.env'] });
    const rule = readFileSync(config(), 'utf8');
    assert.match(folder.text('secrets.yaml'), /canary-two/);
    const asked = await run('setUp', { pickMany: 'all' });
    assert.deepEqual(await labels(), ['me@here']);
    assert.equal(readFileSync(config(), 'utf8'), rule);
    assertUnseen('canary', folder.text('secrets.yaml'), ...asked);
  });
});
