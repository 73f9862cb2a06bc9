import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import { checklistFor } from '../../src/core/checklist/checklist.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { cleanUp, show } from './editors.ts';
import { Folder, sealed } from './files.ts';
import { save } from './given.ts';
import { type Key, newKey, onlyKey } from './keys.ts';
import { closeSecrets, Secrets } from './secrets.ts';
import { assertUnseen, entry, run, start, until } from './support.ts';

const list = '.lockstep/leavers/maria.md';
const policy = '.lockstep/policy.yaml';

describe('after somebody left', () => {
  let folder: Folder;
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example', ...args], { cwd: folder.path });
  const commit = () => {
    git('add', '-A');
    git('commit', '-q', '-m', 'more');
  };

  /** A file that Maria could read, with the list of what she read. */
  async function left(maria: Key): Promise<void> {
    const plain = 'one: canary-one\ntwo: canary-two\n';
    folder = new Folder({ 'a.yaml': await sealed('a.yaml', plain, [mine, maria]) });
    git('init', '-q', '-b', 'main');
    commit();
    assert.ok(nodePlatform.disk);
    const made = await checklistFor({
      leaver: { name: 'Maria', recipients: [maria.recipient] },
      root: folder.path,
      files: [{ path: 'a.yaml', bytes: folder.bytes('a.yaml') }],
      git: nodePlatform.git,
      disk: nodePlatform.disk,
      now: new Date(),
    });
    folder.write('a.yaml', await sealed('a.yaml', plain, [mine]));
    folder.write(list, made?.text ?? '');
    commit();
  }

  let mine: Key;
  before(async () => {
    await start();
    mine = await onlyKey();
  });
  beforeEach(async () => left(await newKey()));
  afterEach(async () => {
    await closeSecrets();
    await cleanUp();
  });

  it('a value that really changes is ticked off, and one that is merely written again is not', async () => {
    await run('showChecklist');
    const secrets = await Secrets.open(folder.uri('a.yaml'));
    await secrets.set('two', 'canary-other');
    await secrets.set('two', 'canary-two');
    await secrets.set('one', 'canary-new');
    await save();
    await until('the tick', () => folder.text(list).includes('- [x] `one`'));
    assert.match(folder.text(list), /- \[x\] `one`: in `[0-9a-f]{10}`; changed on \d{4}-\d\d-\d\d\n- \[ \] `two`/);
    assertUnseen('canary', folder.text(list));
  });

  it('owner and expiry are set for a secret, shown in its row, and go along when it gets another name', async () => {
    const secrets = await Secrets.open(folder.uri('a.yaml'));
    await run('setPolicy', { input: ['Ada', '2020-01-31'] }, folder.uri('a.yaml').toString(), entry('one'));
    assert.match(folder.text(policy), /\na\.yaml:\n {2}one:\n {4}owner: Ada\n {4}expires: "2020-01-31"\n$/);
    await until('the row', () => secrets.row('one').term?.state === 'overdue');
    assert.equal(secrets.row('one').term?.text, 'overdue since 2020-01-31, Ada');
    assert.equal(secrets.row('two').term, undefined);
    await secrets.ask('rename', { row: secrets.row('one').id, name: 'first' });
    await save();
    await until('the policy follows', () => folder.text(policy).includes('\n  first:'));
    await until('the row follows', () => secrets.row('first').term?.state === 'overdue');
    const { document } = await show(folder.uri('a.yaml'), { viewColumn: vscode.ViewColumn.Two });
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, 1),
    );
    const text = hovers.flatMap(({ contents }) => contents.map((one) => (typeof one === 'string' ? one : one.value)));
    assert.match(text.join('\n'), /Owned by Ada · \*\*overdue since 2020\\-01\\-31\*\*/);
    assertUnseen('canary', folder.text(policy), text);
  });
});
