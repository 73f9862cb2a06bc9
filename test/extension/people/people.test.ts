import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ageNames } from '../../../src/core/keys/updatekeys.ts';
import { fingerprintWords } from '../../../src/core/people/fingerprint.ts';
import { readRequest, writeRequest } from '../../../src/core/people/request.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/people/register.ts';
import { alice, bob, carol, clock, reopen } from '../../core/support.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { skipFor, windows } from '../../skip.ts';
import { makeStage, type Stage } from '../session/session.ts';

const carols = (file?: string) =>
  writeRequest({ name: 'Carol', recipient: carol.recipient, file }, ['Compare the words.']);

describe('people', () => {
  let stage: Stage;
  let rules: string;
  beforeEach(async () => {
    stage = await makeStage();
    rules = `# ours\ncreation_rules:\n  - path_regex: ^prod/\n    age:\n      - ${stage.recipient} # Me\n      - ${bob.recipient} # Bob\n  - age: ${stage.recipient},${bob.recipient}\n`;
    stage.write('.sops.yaml', rules);
    for (const name of ['prod/a.yaml', 'prod/b.yaml', 'c.yaml'])
      stage.write(name, await sealed([stage.recipient, bob.recipient]));
  });
  afterEach(() => stage.end());

  const sealed = async (recipients: string[]) =>
    (await seal('k: canary\n', 'yaml', { recipients: [], groups: [ageNames(recipients)] }, clock)).text;
  const disk = (name: string) => readFileSync(join(stage.folder, name), 'utf8');
  const readers = (name: string) => readSealed(disk(name), 'yaml').metadata.recipients;
  const run = (id: (typeof commands)[keyof typeof commands], ...ids: unknown[]) =>
    register(stage.services).commands[id]?.(...ids);
  const asked = () => stage.script.asked.join('\n');
  const state = () => ['.sops.yaml', 'prod/a.yaml', 'prod/b.yaml', 'c.yaml'].map(disk);

  it('ask for access with a text, whose words are told and not sent', async () => {
    Object.assign(stage.script, { input: 'Ada', pick: 'copy' });
    await run(commands.requestAccess);
    const text = fake.clipboard;
    assert.deepEqual(readRequest(text), { name: 'Ada', recipient: stage.recipient, file: undefined });
    const words = fingerprintWords(stage.recipient).join(' ');
    assert.ok(!text.includes(words));
    assert.ok(asked().includes(words));
  });

  it('ask for access with a file for a pull request, which writes over nobody’s', async () => {
    Object.assign(stage.script, { input: 'Ádá X', pick: 'file' });
    await run(commands.requestAccess);
    await run(commands.requestAccess);
    assert.equal(readRequest(disk('.lockstep/requests/ada-x.txt')).name, 'Ádá X');
    assert.ok(existsSync(join(stage.folder, '.lockstep/requests/ada-x-2.txt')));
  });

  it('are granted access by the rules on the disk, of which the system may tell late', async () => {
    unlinkSync(join(stage.folder, '.sops.yaml'));
    const uri = Uri.file(join(stage.folder, 'prod/a.yaml'));
    assert.equal(await stage.services.rules.find(uri), undefined);
    stage.write('.sops.yaml', rules);
    stage.write('.lockstep/requests/carol.txt', carols('prod/a.yaml'));
    Object.assign(stage.script, { pick: 'carol.txt', input: 'Carol', pickMany: 'all' });
    await run(commands.grantAccess);
    assert.ok(readers('prod/a.yaml').includes(carol.recipient), asked());
  });

  it('are granted access to every file of the rules that were checked', async () => {
    stage.write('.lockstep/requests/carol.txt', carols('prod/a.yaml'));
    Object.assign(stage.script, { pick: 'carol.txt', input: 'Carol', pickMany: 'all' });
    await run(commands.grantAccess);
    assert.ok(asked().includes(fingerprintWords(carol.recipient).join(' ')));
    assert.match(asked(), /Let Carol read 2 files\?/);
    assert.equal(disk('.sops.yaml'), rules.replace('# Bob\n', `# Bob\n      - ${carol.recipient} # Carol\n`));
    for (const name of ['prod/a.yaml', 'prod/b.yaml']) {
      assert.deepEqual(readers(name), [stage.recipient, bob.recipient, carol.recipient]);
      (await reopen(disk(name), 'yaml', carol.identity)).dispose();
    }
    assert.deepEqual(readers('c.yaml'), [stage.recipient, bob.recipient]);
    assert.ok(!existsSync(join(stage.folder, '.lockstep/requests/carol.txt')), 'the request is done');
    assert.deepEqual(
      stage.recorded.map(({ purpose, key, to }) => [purpose, key, to]),
      [['grant', carol.recipient, 'Carol']],
    );
    assert.ok(!existsSync(join(stage.folder, '.lockstep/journal')));
  });

  it('are not granted access without a yes, nor by a bad request', async () => {
    const before = state();
    Object.assign(stage.script, { pick: 'clipboard', input: 'Carol', pickMany: ['prod'], gesture: false });
    fake.clipboard = carols();
    await run(commands.grantAccess);
    assert.match(asked(), /Let Carol read 2 files\?/);
    stage.script.gesture = true;
    fake.clipboard = carols().replace(carol.recipient, bob.recipient);
    await assert.rejects(async () => run(commands.grantAccess), { code: 'BAD_REQUEST' });
    fake.clipboard = 'hello';
    await assert.rejects(async () => run(commands.grantAccess), { code: 'BAD_REQUEST' });
    fake.trusted = false;
    await run(commands.grantAccess);
    assert.match(asked(), /Restricted Mode/);
    assert.deepEqual(state(), before);
  });

  it('who send a private key hear of it, and the clipboard can be cleared', async () => {
    Object.assign(stage.script, { pick: 'clipboard', choose: 'Clear the Clipboard' });
    fake.clipboard = `my key\n${carol.identity}`;
    await run(commands.grantAccess);
    assert.match(asked(), /This is a private key/);
    assert.ok(!asked().includes(carol.identity));
    assert.equal(fake.clipboard, '');
  });

  it('keep everything as it is while one file holds it up', async () => {
    stage.write('prod/b.yaml', await sealed([bob.recipient]));
    const before = state();
    fake.clipboard = carols();
    Object.assign(stage.script, { pick: 'clipboard', input: 'Carol', pickMany: ['prod'] });
    await run(commands.grantAccess);
    assert.match(asked(), /nothing was written[\s\S]*prod\/b\.yaml/);
    assert.deepEqual(state(), before);
    assert.deepEqual(stage.recorded, []);
  });

  it('lose access: rules, files, data keys, and a checklist', async () => {
    stage.script.pick = 'Bob';
    const before = state();
    await run(commands.revokeAccess);
    assert.match(asked(), /Revoke the access of Bob \(age1\S+\) to 3 files\?/);
    assert.ok(!disk('.sops.yaml').includes(bob.recipient));
    for (const [i, name] of ['prod/a.yaml', 'prod/b.yaml', 'c.yaml'].entries()) {
      assert.deepEqual(readers(name), [stage.recipient]);
      assert.notEqual(/ENC\[\S+/.exec(disk(name))?.[0], /ENC\[\S+/.exec(before[i + 1] ?? '')?.[0]);
      await assert.rejects(reopen(disk(name), 'yaml', bob.identity));
    }
    assert.match(disk('.lockstep/leavers/bob.md'), /prod\/a\.yaml/);
    assert.ok(!disk('.lockstep/leavers/bob.md').includes('canary'));
    assert.deepEqual(
      stage.recorded.map(({ purpose, to }) => [purpose, to]),
      [['revoke', 'Bob']],
    );
  });

  it('lose access to files of whatever name, and where links lead to files, which stay links', async function () {
    skipFor(this, windows);
    stage.write('notes.txt', await sealed([stage.recipient, bob.recipient]));
    symlinkSync('c.yaml', join(stage.folder, 'link.yaml'));
    stage.script.pick = 'Bob';
    await run(commands.revokeAccess);
    assert.match(asked(), /Revoke the access of Bob \(age1\S+\) to 4 files\?/);
    for (const name of ['c.yaml', 'notes.txt']) assert.deepEqual(readers(name), [stage.recipient]);
    assert.ok(lstatSync(join(stage.folder, 'link.yaml')).isSymbolicLink());
  });

  it('can be named by their key, and are not revoked without a yes', async () => {
    const before = state();
    stage.script.gesture = false;
    await run(commands.revokeAccess, { kind: 'person', recipient: bob.recipient });
    assert.match(asked(), /Revoke the access of Bob/);
    assert.deepEqual(state(), before);
    await run(commands.revokeAccess, alice.recipient);
    assert.doesNotMatch(asked(), new RegExp(alice.recipient));
  });

  it('are asked twice before they lock themselves out', async () => {
    const before = state();
    Object.assign(stage.script, { confirm: false });
    await run(commands.revokeAccess, stage.recipient);
    assert.match(asked(), /This is your own key[\s\S]*Lock yourself out of 3 files/);
    assert.deepEqual(state(), before);
    stage.script.confirm = true;
    await run(commands.revokeAccess, stage.recipient);
    assert.deepEqual(readers('c.yaml'), [bob.recipient]);
  });
});
