import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { cleanUp, show, textsOf, undo } from './editors.ts';
import { Folder, sealed, valuesOf } from './files.ts';
import { type Key, newKey, onlyKey } from './keys.ts';
import { assertUnseen, entry, found, person, run, start, until } from './support.ts';

const token = ['gh', 'p_', 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb7d'].join('');
const source = `import os\n\ngithub_token = '${token}'\n`;

describe('hard-coded secrets', () => {
  let key: Key;

  before(async () => {
    await start();
    key = await onlyKey();
  });
  afterEach(cleanUp);

  const problemsOf = (uri: vscode.Uri) =>
    vscode.languages.getDiagnostics(uri).filter((one) => one.code === 'hard-coded-secret');

  it('move by a quick fix: both files are one undo step, and no value shows', async () => {
    const folder = new Folder({
      // No other test has one of this name.
      'moved-to.env': await sealed('moved-to.env', 'OTHER=example-1\n', [key, await newKey()]),
      'a.py': source,
    });
    const { document: target } = await show(folder.uri('moved-to.env'));
    const { document } = await show(folder.uri('a.py'));
    const before = target.getText();
    const [problem] = await found('the problem', () =>
      problemsOf(document.uri).length > 0 ? problemsOf(document.uri) : undefined,
    );
    assert.ok(problem);
    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem.range,
      'quickfix',
    );
    const fix = fixes.find(({ title }) => title === 'Move to Secrets…');
    assert.ok(fix?.command);
    assertUnseen(
      token,
      problem.message,
      fixes.map(({ title, command }) => [title, command?.arguments]),
    );
    await run('refreshViews');
    const asked = await person({ pick: 'moved-to.env', input: 'GITHUB_TOKEN' });
    const { command, arguments: ids = [] } = fix.command;
    const texts = await textsOf(target.uri, async () => void (await vscode.commands.executeCommand(command, ...ids)));
    assert.equal(document.getText(), 'import os\n\ngithub_token = os.environ["GITHUB_TOKEN"]\n', asked.join('\n'));
    assert.deepEqual(await valuesOf('moved-to.env', target.getText(), key), {
      [entry('OTHER')]: 'example-1',
      [entry('GITHUB_TOKEN')]: token,
    });
    assertUnseen(token, ...asked, ...texts, folder.text('moved-to.env'));
    await until('no problem', () => problemsOf(document.uri).length === 0);
    const after = target.getText();
    await undo();
    assert.equal(document.getText(), source);
    assert.equal(target.getText(), before);
    await vscode.commands.executeCommand('redo');
    assert.equal(target.getText(), after);
    await undo();
  });

  it('are found in the workspace, and left-over copies are removed', async () => {
    const folder = new Folder({
      'secrets.yaml': await sealed('secrets.yaml', `note: ${token}\n`, [key, await newKey()]),
      'b.md': `see ${token}\n`,
      'secrets.yaml.bak': `note: ${token}\n`,
    });
    const asked = await run('findSecrets');
    const [problem] = problemsOf(folder.uri('b.md'));
    assert.match(problem?.message ?? '', /^This is the value of note in .*secrets\.yaml, in plaintext\.$/);
    assert.match(asked.join('\n'), /hard-coded secrets? w(?:as|ere) found/);
    const removed = await run('findLeftOver', { pickMany: ['secrets.yaml.bak'] });
    assert.ok(!existsSync(join(folder.uri('secrets.yaml.bak').fsPath)), removed.join('\n'));
    assertUnseen(token, ...asked, ...removed);
  });
});
