import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandId, commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/keys/register.ts';
import type { Services } from '../../../src/extension/services.ts';
import { chooseIdentity } from '../../../src/extension/vault/ownkey.ts';
import { register as why } from '../../../src/extension/why/register.ts';
import { recipientOf } from '../../core/age/texts.ts';
import { fake, fakeContext, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';
import { vaultOn } from '../vault/windows.ts';

const phrase = 'correct horse battery';

describe('one’s own keys', () => {
  let stage: Stage;
  const run = async (id: CommandId, ...ids: unknown[]) => {
    const { commands: handlers } = register(stage.services);
    const { commands: others } = why(stage.services);
    assert.equal(await (handlers[id] ?? others[id])?.(...ids), undefined);
  };
  beforeEach(async () => {
    stage = await makeStage();
    mkdirSync(join(stage.folder, '.git'));
  });
  afterEach(() => stage.end());

  const keyNamed = async (label: string) => {
    const found = (await stage.vault.keys()).find((key) => key.label === label);
    assert.ok(found, label);
    return found;
  };
  const manage = (...picks: string[]) => {
    stage.script.pick = picks;
    return run(commands.manageKeys);
  };
  const told = () => stage.script.asked.join('\n');

  it('are created by kind, place and name', async () => {
    Object.assign(stage.script, { pick: ['x25519', 'anywhere'], input: 'plain' });
    await run(commands.createKey);
    assert.match((await keyNamed('plain')).recipient, /^age1(?!pq)/);
    Object.assign(stage.script, { pick: ['hybrid', 'here'], input: 'shop' });
    await run(commands.createKey);
    const { recipient, places } = await keyNamed('shop');
    assert.match(recipient, /^age1pq1/);
    const text = readFileSync(join(stage.folder, '.lockstep', 'project'), 'utf8');
    assert.equal(text.match(/^id: ([0-9a-f]{32})$/m)?.[1], places?.[0]?.id);
    assert.equal(places?.[0]?.root, Uri.file(stage.folder).toString());
    Object.assign(stage.script, { pick: ['x25519', 'here'], input: 'second' });
    await run(commands.createKey);
    assert.equal(readFileSync(join(stage.folder, '.lockstep', 'project'), 'utf8'), text, 'one id for a repository');
    for (const stop of [{ pick: [] }, { pick: ['x25519'] }, { pick: ['x25519', 'here'], input: ' ' }]) {
      Object.assign(stage.script, { input: 'x', ...stop });
      await run(commands.createKey);
    }
    assert.equal((await stage.vault.keys()).length, 4);
    fake.trusted = false;
    Object.assign(stage.script, { pick: ['x25519'], input: 'untrusted' });
    await run(commands.createKey);
    assert.equal((await keyNamed('untrusted')).places, undefined, 'a repository that nobody trusts is not written to');
  });

  it('are offered for new files as one says', async () => {
    await stage.vault.create('work');
    const chosen = async () => (await chooseIdentity(stage.services, 'x'))?.label;
    stage.script.pick = ['me', 'me'];
    assert.equal(await chosen(), 'me');
    await manage('work', 'Offer for New Files');
    stage.script.pick = 'me';
    assert.equal(await chosen(), 'work', 'without a question');
    await manage('work', 'No Longer Offer');
    stage.script.pick = 'me';
    assert.equal(await chosen(), 'me');
  });

  it('are put under a pass phrase, asked for where a file needs it, once', async () => {
    const { script } = stage;
    script.secret = [phrase, phrase];
    script.gesture = false;
    await manage('me', 'Protect With');
    assert.equal((await keyNamed('me')).wrapped, false, 'whoever fills in the boxes does not answer the question');
    Object.assign(script, { secret: [phrase, phrase], gesture: true });
    await manage('me', 'Protect With');
    assert.equal((await keyNamed('me')).wrapped, true);
    const { secrets } = stage.services.context as unknown as ReturnType<typeof fakeContext>;
    await secrets.store('lockstep.identities.unreadable', 'a copy with AGE-SECRET-KEY-1');
    Object.assign(script, { secret: [phrase, phrase], confirm: [true] });
    await manage('me', 'Change Pass Phrase');
    assert.doesNotMatch([...secrets.values.values()].join(), /AGE-SECRET-KEY/, 'nor in what was put aside');
    const secret = await stage.sealed('password: canary\n', 'yaml');
    const editor = stage.open('x.yaml', secret);
    assert.equal((await stage.state(editor)).kind, 'open');
    stage.vault.lock();
    stage.vault.unlock();
    assert.equal((await stage.state(editor)).kind, 'locked', 'and not “unreadable”: a pass phrase opens it');
    script.asked.length = 0;
    script.secret = ['wrong', phrase];
    await (await import('../../../src/extension/lock/register.ts'))
      .register(stage.services)
      .commands[commands.unlock]?.(editor.document.uri.toString());
    assert.match(told(), /^Pass Phrase of “me”\n[\s\S]*This is not the pass phrase\. Try again \(2 of 5\)/);
    assert.equal((await stage.state(editor)).kind, 'open');
  });

  it('stay as they are after five wrong pass phrases, which is said with the way out', async () => {
    const { askToUnlock } = await import('../../../src/extension/person/gestures.ts');
    await stage.vault.wrap(stage.recipient, phrase);
    stage.vault.lock();
    stage.script.secret = ['1', '2', '3', '4', '5', phrase];
    assert.equal(await askToUnlock(stage.services), false);
    assert.match(told(), /5 wrong pass phrases for “me”\. Nothing was changed, and you can try again\./);
    assert.deepEqual(stage.script.secret, [phrase], 'not asked a sixth time');
    assert.equal(await askToUnlock(stage.services), true);
  });

  it('unlock by a click where no pass phrase is needed, and ask for none that is not', async () => {
    const { askToUnlock } = await import('../../../src/extension/person/gestures.ts');
    const other = await stage.vault.create('other');
    await stage.vault.wrap(other.recipient, phrase);
    const mine = stage.open('mine.yaml', await stage.sealed('a: b\n', 'yaml'));
    const theirs = stage.open('theirs.yaml', await stage.sealed('a: b\n', 'yaml', other.recipient));
    stage.vault.lock();
    stage.script.asked.length = 0;
    assert.equal(await askToUnlock(stage.services, stage.uri(mine)), true);
    assert.match(told(), /^Lockstep is locked\./);
    assert.equal((await stage.state(theirs)).kind, 'locked');
    stage.script.asked.length = 0;
    stage.script.secret = [phrase];
    assert.equal(await askToUnlock(stage.services, stage.uri(theirs)), true);
    assert.match(told(), /^Pass Phrase of “other”/);
    assert.equal((await stage.state(theirs)).kind, 'open');
    assert.equal(await askToUnlock(stage.services, stage.uri(theirs)), true);
    assert.equal(stage.script.asked.length, 1, 'once');
  });

  it('say it when what is stored was cut, and come back from a backup', async () => {
    const { askToUnlock } = await import('../../../src/extension/person/gestures.ts');
    const { secrets } = stage.services.context as unknown as ReturnType<typeof fakeContext>;
    const text = await stage.vault.exportKey(stage.recipient);
    await stage.vault.wrap(stage.recipient, phrase);
    const [stored] = JSON.parse(secrets.values.get('lockstep.identities') ?? '') as { identity: string }[];
    await secrets.store(
      'lockstep.identities',
      JSON.stringify([{ ...stored, identity: stored?.identity.slice(0, 300) }]),
    );
    stage.vault.lock();
    stage.script.secret = [phrase];
    assert.equal(await askToUnlock(stage.services), false);
    assert.match(told(), /The key “me” in SecretStorage is damaged/);
    Object.assign(stage.script, { pick: 'Clipboard', confirm: false });
    fake.clipboard = text;
    await run(commands.importKey);
    assert.equal((await keyNamed('me')).wrapped, true, 'not without a question');
    Object.assign(stage.script, { confirm: true });
    fake.clipboard = text;
    await run(commands.importKey);
    stage.vault.unlock();
    const editor = stage.open('x.yaml', await stage.sealed('a: b\n', 'yaml'));
    assert.equal((await stage.state(editor)).kind, 'open');
    await secrets.store('lockstep.identities', '[{"label":"me","identi');
    stage.script.asked.length = 0;
    await manage();
    assert.equal((await stage.vault.keys()).length, 0);
    assert.match(told(), /Import Key…/);
  });

  it('leave only after a question: to a file that its owner alone can read, or to the clipboard', async () => {
    const file = join(stage.folder, 'keys.txt');
    stage.script.saveFile = file;
    for (const where of ['To a Key File', 'To the Clipboard']) {
      stage.script.gesture = false;
      await manage('me', 'Export', where);
      assert.equal(existsSync(file), false);
      assert.equal(fake.clipboard, '');
      stage.script.gesture = true;
      stage.script.asked.length = 0;
      await manage('me', 'Export', where);
      assert.match(told(), /Whoever has it can read every file that it opens/);
      assert.ok(!told().includes('AGE-SECRET-KEY'));
      const text = where === 'To the Clipboard' ? fake.clipboard : readFileSync(file, 'utf8');
      assert.equal(await recipientOf(text.trim().split('\n').at(-1) ?? ''), stage.recipient);
      if (where !== 'To the Clipboard') {
        assert.equal(statSync(file).mode & 0o777, 0o600);
        assert.match(told(), /in a git repository: do not commit/);
      }
      await stage.services.clipboard.clear();
      rmSync(file, { force: true });
    }
    assert.equal(fake.clipboard, '', 'cleared');
    await stage.vault.wrap(stage.recipient, phrase);
    stage.vault.lock();
    stage.script.secret = [];
    await manage('me', 'Export', 'To the Clipboard');
    assert.equal(fake.clipboard, '', 'nothing leaves a key that is locked');
  });

  it('name the files that become unreadable before they are removed, and no others', async () => {
    const other = await stage.vault.create('other');
    const away = (await vaultOn(fakeContext().secrets).create('away')).recipient;
    const { seal } = await import('../../../src/core/seal/seal.ts');
    const sealed = async (...recipients: string[]) =>
      (await seal('a: b\n', 'yaml', { recipients }, stage.services.clock)).text;
    stage.write('alone.yaml', await sealed(stage.recipient));
    stage.write('shared.yaml', await sealed(stage.recipient, away));
    stage.write('safe.yaml', await sealed(stage.recipient, other.recipient));
    stage.write('foreign.yaml', await sealed(away));
    await manage('me', 'Remove');
    const question = stage.script.asked.at(-1) ?? '';
    assert.match(
      question,
      /nobody could read any more:\nalone\.yaml\n\nFiles here that you could no longer read, but others can:\nshared\.yaml\n\n/,
    );
    assert.doesNotMatch(question, /safe|foreign/);
    assert.equal((await stage.vault.keys()).length, 2);
    await manage('other', 'Remove');
    assert.match(stage.script.asked.at(-1) ?? '', /No file in this workspace becomes unreadable to you\./);
  });

  it('say what is special about each of them, beside the public key', async () => {
    const root = Uri.file(stage.folder).toString();
    const { recipient } = await stage.vault.create('bound', { place: { id: 'x', name: 'shop', root } });
    await stage.vault.wrap(recipient, phrase);
    await stage.vault.offer(recipient);
    await stage.vault.bind(stage.recipient, []);
    const shown: { label: string; description?: string; detail?: string }[] = [];
    const pick = async (items: typeof shown) => void shown.push(...items);
    const services = { ...stage.services, ui: { ...stage.services.ui, pick } } as unknown as Services;
    await register(services).commands[commands.manageKeys]?.();
    const of = (name: string) => shown.find(({ label }) => label === name);
    assert.equal(of('bound')?.description, recipient);
    assert.equal(of('bound')?.detail, 'since 2026-11-21 · under a pass phrase · only in shop · for new files');
    assert.equal(of('me')?.detail, 'since 2026-11-21 · not used anywhere');
  });

  it('are shared with a second repository on purpose, seen, and taken back', async () => {
    const { script } = stage;
    const second = join(stage.folder, 'second');
    mkdirSync(join(second, '.git'), { recursive: true });
    Object.assign(script, { pick: ['x25519', 'here'], input: 'project' });
    await run(commands.createKey);
    const { recipient } = await keyNamed('project');
    const text = await stage.sealed('password: canary\n', 'yaml', recipient);
    const copied = stage.open('second/x.yaml', text);
    assert.equal((await stage.state(copied)).kind, 'unreadable', 'a copy does not open');
    script.gesture = false;
    script.pick = 'Use the Project Key';
    await run(commands.explainFile, copied.document.uri.toString());
    assert.match(told(), /Use the key project in .*second, too\?\nThis is another repository/);
    assert.equal((await stage.state(copied)).kind, 'unreadable');
    script.gesture = true;
    await run(commands.explainFile, copied.document.uri.toString());
    assert.equal((await stage.state(copied)).kind, 'open');
    assert.notEqual(
      readFileSync(join(second, '.lockstep', 'project'), 'utf8'),
      readFileSync(join(stage.folder, '.lockstep', 'project'), 'utf8'),
    );
    script.asked.length = 0;
    script.confirm = true;
    await manage('project', 'Repositories', 'second');
    assert.match(told(), /\n\$\(repo\) second\n/);
    assert.equal((await stage.state(copied)).kind, 'unreadable');
    await manage('project', 'Repositories', 'Everywhere');
    assert.equal((await stage.state(copied)).kind, 'open');
  });
});
