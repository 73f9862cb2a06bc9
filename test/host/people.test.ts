import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { writeRequest } from '../../src/core/people/request.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { sealedTextOf } from '../../src/core/sops/sealedfile.ts';
import { personOf, type Team, teamOf, writeTeam } from '../fakes/team.ts';
import { cleanUp, show } from './editors.ts';
import { type Folder, watchedFolder } from './files.ts';
import { useKeys } from './keys.ts';
import { assertUnseen, run, start, until } from './support.ts';

/** A repository of 200 files and 12 people, in a folder of the workspace. */
describe('people of a team', () => {
  let team: Team;
  let folder: Folder;
  const shown = () => team.files.find(({ environment }) => environment === 'production')?.path ?? '';
  before(async () => {
    await start();
    team = await teamOf();
    const [ada] = team.people;
    assert.ok(ada);
    await useKeys({ Ada: ada });
    // The folders of a repository that is opened are all there, and watched.
    folder = await watchedFolder(shown());
    writeTeam(folder.path, team);
  });
  after(async () => {
    await cleanUp();
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    rmSync(join(root, '.lockstep'), { recursive: true, force: true });
    await useKeys({});
  });

  const readers = () =>
    new Map(
      team.files.map(({ path }) => {
        const { text, format } = sealedTextOf(path, folder.bytes(path));
        return [path, readSealed(text, format).metadata.recipients];
      }),
    );
  const journal = () => existsSync(join(folder.path, '..', '.lockstep', 'journal'));

  it('is one more of after Grant Access, in the files of the rule that was chosen and in those alone', async () => {
    const nora = await personOf(12);
    await vscode.env.clipboard.writeText(
      writeRequest({ name: 'Nora', recipient: nora.recipient, file: 'production/service-00/secrets.yaml' }, []),
    );
    const before = readers();
    const { document } = await show(folder.uri(shown()));
    const asked = await run(
      'grantAccess',
      { pick: 'clipboard', input: 'Nora', pickMany: ['production'] },
      folder.uri('.sops.yaml').toString(),
    );
    const count = team.files.filter(({ environment }) => environment === 'production').length;
    assert.ok(
      asked.some((one) => one.includes(`Let Nora read ${count} files?`)),
      asked.join('\n'),
    );
    assert.ok(
      asked.some(
        (one) => one.includes(`Nora can read ${count} files more now.`) || one.includes(`Nora can read ${count} files`),
      ),
    );
    const after = readers();
    for (const { path, environment } of team.files) {
      const more = environment === 'production' ? [nora.recipient] : [];
      assert.deepEqual(after.get(path), [...(before.get(path) ?? []), ...more], path);
    }
    assert.match(folder.text('.sops.yaml'), new RegExp(`${nora.recipient} # Nora\n`));
    await until('the editor shows the new text', () => document.getText().includes(nora.recipient));
    assert.ok(!journal());
    assertUnseen('example-password', ...asked);
  });

  it('is one less of after Revoke Access, with new data keys and a checklist', async () => {
    const ben = team.people[2];
    assert.ok(ben);
    const before = readers();
    const asked = await run('revokeAccess', {}, ben.recipient, folder.uri('.sops.yaml').toString());
    assert.ok(
      asked.some((one) => /Revoke the access of Ben \(age1\S+\) to 200 files\?/.test(one)),
      asked.join('\n'),
    );
    for (const [path, now] of readers())
      assert.deepEqual(
        now,
        before.get(path)?.filter((one) => one !== ben.recipient),
        path,
      );
    assert.ok(!folder.text('.sops.yaml').includes(ben.recipient));
    await until(
      'the checklist is shown',
      () => vscode.window.activeTextEditor?.document.uri.path.endsWith('/leavers/ben.md') === true,
    );
    const list = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(list, /production\/service-00/);
    assertUnseen('example-password', list, ...asked);
    assert.ok(!journal());
  });
});
