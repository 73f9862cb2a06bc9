import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { change } from '../../../src/core/change/change.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { addRecipients } from '../../../src/core/keys/updatekeys.ts';
import { open } from '../../../src/core/open/open.ts';
import { unsealBytes } from '../../../src/core/open/unseal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/resolve/register.ts';
import type { Feature } from '../../../src/extension/services.ts';
import { readVersionsMessage, type VersionsState } from '../../../src/protocol/versions.ts';
import { bob } from '../../core/support.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

/** Lines between two that change, so that git takes each for itself. */
const far = Array.from({ length: 8 }, (_, i) => `far${i}: canary-far-${i}\n`).join('');
const base = 'a: canary-base-1\nb: canary-base-2\nc: canary-base-3\nd: canary-base-4\n';

describe('Resolve by Secret', () => {
  let stage: Stage;
  let feature: Feature;
  beforeEach(async () => {
    stage = await makeStage();
    git('init', '-q', '-b', 'main');
    feature = register(stage.services);
  });
  afterEach(() => {
    feature.disposable.dispose();
    stage.end();
  });

  const git = (...words: string[]) => {
    const all = ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words];
    const { status, stdout, stderr } = spawnSync('git', all, { cwd: stage.folder, encoding: 'utf8' });
    return { code: status, out: stdout, err: stderr };
  };
  const commit = (message: string) => {
    git('add', '-A');
    assert.equal(git('commit', '-qm', message).code, 0);
  };
  const read = (name: string) => readFileSync(join(stage.folder, name), 'utf8');
  const uri = (name: string) => Uri.file(join(stage.folder, name)) as never;
  const opened = async (text: string, format: FormatId = 'yaml') =>
    open(readSealed(text, format), stage.vault.keysFor(uri('a.yaml')).keyring);
  const plain = async (name: string, format: FormatId = 'yaml') => {
    const file = await opened(read(name), format);
    assert.ok(file.verdict.ok);
    return Buffer.from(await unsealBytes(file)).toString('utf8');
  };
  const edit = async (name: string, how: (text: string) => string, format: FormatId = 'yaml') => {
    const file = await opened(read(name), format);
    const text = how(Buffer.from(await unsealBytes(file)).toString('utf8'));
    stage.write(name, (await change(file, { kind: 'text', text }, stage.services.clock)).text);
  };
  /** Both sides change the file, and git merges as text: markers come into it. */
  const clash = async (
    ours: (text: string) => string,
    theirs: (text: string) => string,
    name = 'a.yaml',
    text = base,
  ) => {
    stage.write(name, await stage.sealed(text, 'yaml'));
    commit('base');
    git('checkout', '-qb', 'side');
    await edit(name, theirs);
    commit('theirs');
    git('checkout', '-q', 'main');
    await edit(name, ours);
    commit('ours');
    assert.equal(git('merge', 'side').code, 1);
    assert.match(read(name), /<<<<<<</);
  };
  const run = async (...ids: unknown[]) => {
    stage.script.asked = [];
    await feature.commands[commands.resolve]?.(...ids);
  };
  const panel = () => {
    const found = fake.panels.at(-1);
    assert.ok(found);
    return found;
  };
  const view = async (): Promise<VersionsState> => {
    await panel().ask('ready');
    const found = panel().sent.findLast(({ type }) => type === 'state') as unknown as VersionsState;
    assert.ok(readVersionsMessage(found));
    return found;
  };
  const row = async (name: string) => {
    const found = (await view()).rows.find((one) => one.name === name);
    assert.ok(found, name);
    return found;
  };
  const choose = async (name: string, column: number) => {
    const { id } = await row(name);
    const { ok, error } = await panel().ask('choose', { row: id, column });
    assert.equal(ok, true, error?.text);
  };
  const act = (action: string, id?: string) => panel().ask('act', id === undefined ? { action } : { action, row: id });
  /** An action that closes the page, which then hears no answer; or the error. */
  const finish = async (action: string): Promise<string | undefined> => {
    const { closed, sent } = panel();
    assert.equal(closed, false);
    const before = sent.length;
    panel().say({ type: 'act', request: 1_000_000, revision: 1, args: { action } });
    for (;;) {
      const answer = panel()
        .sent.slice(before)
        .find(({ request }) => request === 1_000_000);
      if (answer) return answer.error?.code ?? 'answered';
      if (panel().closed) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  const asked = () => stage.script.asked.join('\n');
  const noValue = async () => assert.ok(!/canary/.test(JSON.stringify([await view(), asked()])));

  it('shows three columns without a value, and writes one encrypted file of the choices', async () => {
    await clash(
      (text) => text.replace('base-1', 'ours-1').replace('base-2', 'ours-2').replace('base-3', 'ours-3'),
      (text) => text.replace('base-1', 'theirs-1').replace('base-2', 'theirs-2').replace('base-4', 'theirs-4'),
    );
    await run(uri('a.yaml'));
    const { columns, rows, actions, notes } = await view();
    assert.deepEqual([columns, notes], [['Ancestor', 'Ours', 'Theirs'], []]);
    assert.deepEqual(
      rows.map(({ name, state }) => `${name}: ${state}`),
      [
        'Changed on both sides: 0 of 2 decided',
        'a: changed on both sides',
        'b: changed on both sides',
        'Merged automatically: ',
        'c: from ours',
        'd: from theirs',
      ],
    );
    assert.deepEqual(
      actions.map(({ id }) => id),
      ['restOurs', 'restTheirs'],
    );
    await noValue();
    const a = await row('a');
    const texts = [];
    for (const column of [0, 1, 2]) texts.push(await panel().ask('reveal', { row: a.id, column }));
    assert.deepEqual(
      texts.map(({ result }) => (result as { text: string }).text),
      ['canary-base-1', 'canary-ours-1', 'canary-theirs-1'],
    );
    assert.deepEqual(
      stage.recorded.map(({ purpose, key, by }) => `${purpose} ${key} ${by}`),
      ['base', 'ours', 'theirs'].map((side) => `reveal a (${side}) Resolve by Secret`),
    );
    assert.equal((await act('save')).ok, false);
    await choose('a', 2);
    assert.equal((await row('a')).state, 'theirs is taken');
    await choose('b', 1);
    await noValue();
    assert.equal(await finish('save'), undefined);
    assert.equal(await plain('a.yaml'), 'a: canary-theirs-1\nb: canary-ours-2\nc: canary-ours-3\nd: canary-theirs-4\n');
    assert.equal(panel().closed, true);
    assert.match(asked(), /a\.yaml is merged\. Stage it/);
    // What git has is still in conflict: staging is a person's own step.
    assert.equal(git('ls-files', '-u').out.trim().split('\n').length, 3);
  });

  describe('with a named encryption key', () => {
    const [x, y, z] = [1, 2, 3].map((byte) => Buffer.alloc(16, byte).toString('base64')) as [string, string, string];
    const text = `${base}${far}encryption_keys:\n  orders: ${x}\n`;
    const without = (file: string) => file.slice(0, file.indexOf('encryption_keys'));
    const oneRemoves = () =>
      clash(
        (file) => file.replace('base-1', 'ours-1'),
        (file) => without(file).replace('base-2', 'theirs-2'),
        'a.yaml',
        text,
      );

    it('leaves to the person what one side removed, and asks before it goes', async () => {
      await oneRemoves();
      await run(uri('a.yaml'));
      const { rows, notes } = await view();
      assert.deepEqual(
        rows.slice(0, 2).map(({ name, state }) => `${name}: ${state}`),
        ['Yours to decide: 0 of 1 decided', 'encryption_keys.orders: unchanged in ours, removed in theirs'],
      );
      assert.match(notes.map((one) => one.text).join(), /An encryption key is lost with the side/);
      await choose('encryption_keys.orders', 2);
      const before = read('a.yaml');
      stage.script.gesture = false;
      assert.equal(await finish('save'), 'answered');
      assert.match(asked(), /Save a\.yaml without the encryption key orders of a side\?/);
      assert.ok(!asked().includes(x));
      assert.equal(read('a.yaml'), before);
      stage.script.gesture = true;
      assert.equal(await finish('save'), undefined);
      assert.equal(await plain('a.yaml'), without(text).replace('base-1', 'ours-1').replace('base-2', 'theirs-2'));
    });

    it('asks nothing where it stays', async () => {
      await oneRemoves();
      await run(uri('a.yaml'));
      await choose('encryption_keys.orders', 1);
      stage.script.gesture = false;
      assert.equal(await finish('save'), undefined);
      assert.ok((await plain('a.yaml')).includes(x));
    });

    it('asks whichever side of two new ones is taken, and of a side as a whole', async () => {
      await clash(
        (file) => file.replace(x, y),
        (file) => file.replace(x, z),
        'a.yaml',
        text,
      );
      stage.script.gesture = false;
      for (const column of [1, 2]) {
        await run(uri('a.yaml'));
        await choose('encryption_keys.orders', column);
        assert.equal(await finish('save'), 'answered');
        assert.match(asked(), /Save a\.yaml without the encryption key orders of a side\?/);
      }
      assert.match(read('a.yaml'), /<<<<<<</);
    });
  });

  it('takes a value that is typed, also the one that the common ancestor has', async () => {
    await clash(
      (text) => text.replace('base-1', 'ours-1').replace('base-2', 'ours-2'),
      (text) => text.replace('base-1', 'theirs-1').replace('base-2', 'theirs-2'),
    );
    await run(uri('a.yaml'));
    const type = async (name: string, text: string) => {
      stage.script.secret = text;
      const { ok, error } = await act('type', (await row(name)).id);
      assert.equal(ok, true, error?.text);
    };
    await type('a', 'canary-base-1');
    await type('b', 'canary-typed-2');
    assert.deepEqual([(await row('a')).state, (await row('b')).state], ['typed', 'typed']);
    await noValue();
    // Taken from a side after all.
    await choose('b', 1);
    assert.equal(await finish('save'), undefined);
    assert.equal(await plain('a.yaml'), base.replace('base-2', 'ours-2'));
  });

  it('mends a file in which somebody chose between the markers by hand, and one that is staged', async () => {
    const text = `${base}${far}z: canary-base-9\n`;
    await clash(
      (one) => one.replace('base-1', 'ours-1').replace('base-4', 'ours-4'),
      (one) => one.replace('base-1', 'theirs-1').replace('base-9', 'theirs-9'),
      'a.yaml',
      text,
    );
    const byHand = read('a.yaml').replace(/<<<<<<<.*\n([\s\S]*?)=======\n[\s\S]*?>>>>>>>.*\n/g, '$1');
    stage.write('a.yaml', byHand);
    assert.equal((await opened(byHand)).verdict.ok, false);
    git('add', 'a.yaml');
    await run(uri('a.yaml'));
    await act('restTheirs');
    assert.equal(await finish('save'), undefined);
    const merged = text.replace('base-1', 'theirs-1').replace('base-9', 'theirs-9').replace('base-4', 'ours-4');
    assert.equal(await plain('a.yaml'), merged);
  });

  it('replaces what somebody wrote after the merge only after a question', async () => {
    await clash(
      (text) => text.replace('base-1', 'ours-1'),
      (text) => text.replace('base-1', 'theirs-1'),
    );
    stage.write('a.yaml', git('show', ':2:a.yaml').out);
    await run(uri('a.yaml'));
    assert.deepEqual((await view()).notes, []);
    await edit('a.yaml', (text) => text.replace('ours-1', 'by-hand-1'));
    const own = read('a.yaml');
    await run(uri('a.yaml'));
    assert.match((await view()).notes[0]?.text ?? '', /edited after the merge/);
    await choose('a', 2);
    stage.script.confirm = [false, true];
    assert.equal(await finish('save'), 'answered');
    assert.equal(read('a.yaml'), own);
    assert.equal(await finish('save'), undefined);
    assert.equal(await plain('a.yaml'), base.replace('base-1', 'theirs-1'));
  });

  it('takes a thousand entries in conflict', async () => {
    const many = (value: string) => Array.from({ length: 1000 }, (_, i) => `k${i}: canary-${value}-${i}\n`).join('');
    await clash(
      () => many('ours'),
      () => many('theirs'),
      'a.yaml',
      many('base'),
    );
    await run(uri('a.yaml'));
    assert.equal((await view()).rows.length, 1001);
    await choose('k7', 1);
    await act('restTheirs');
    assert.equal(await finish('save'), undefined);
    assert.equal(await plain('a.yaml'), many('theirs').replace('canary-theirs-7\n', 'canary-ours-7\n'));
  });

  it('finds the file in conflict by itself, or asks which', async () => {
    await run();
    assert.match(asked(), /No encrypted file is in conflict/);
    await clash(
      (text) => text.replace('base-1', 'ours-1'),
      (text) => text.replace('base-1', 'theirs-1'),
      'deep/a.yaml',
    );
    await run();
    assert.equal((await view()).title, 'Resolve: deep/a.yaml');
    await run({ resourceUri: uri('deep/a.yaml') });
    assert.equal(fake.panels.length, 2);
    assert.equal(fake.panels[0]?.closed, true);
  });

  it('lets in more readers than one side says only when a person agrees', async () => {
    stage.write('a.yaml', await stage.sealed(base, 'yaml'));
    commit('base');
    git('checkout', '-qb', 'side');
    const { sealed, dataKey } = await opened(read('a.yaml'));
    stage.write('a.yaml', (await addRecipients(sealed, dataKey, [bob.recipient])).text);
    await edit('a.yaml', (text) => text.replace('base-4', 'theirs-4'));
    commit('bob');
    git('checkout', '-q', 'main');
    await edit('a.yaml', (text) => text.replace('base-1', 'ours-1'));
    commit('ours');
    git('merge', 'side');
    stage.script.gesture = false;
    await run(uri('a.yaml'));
    assert.match(
      (await view()).notes[0]?.text ?? '',
      new RegExp(`More people could read.*${bob.recipient.slice(0, 8)}`),
    );
    await act('readers');
    assert.ok((await view()).actions.some(({ id }) => id === 'readers'));
    stage.script.gesture = true;
    await act('readers');
    assert.equal(await finish('save'), undefined);
    assert.ok(read('a.yaml').includes(bob.recipient));
    assert.equal(await plain('a.yaml'), base.replace('base-1', 'ours-1').replace('base-4', 'theirs-4'));
  });

  it('says why a version cannot be merged, and takes a side as a whole after a question', async () => {
    await clash(
      (text) => text.replace('base-1', 'ours-1'),
      (text) => text.replace('base-1', 'theirs-1'),
    );
    git('merge', '--abort');
    git('checkout', '-q', 'side');
    stage.write('a.yaml', await stage.sealed('a: canary-bobs-1\n', 'yaml', bob.recipient));
    commit('bob alone');
    const theirs = read('a.yaml');
    git('checkout', '-q', 'main');
    git('merge', 'side');
    await run(uri('a.yaml'));
    const { notes, actions, rows } = await view();
    assert.match(notes[0]?.text ?? '', /^Theirs: .*The file stays as git left it\.$/);
    assert.deepEqual([actions.map(({ id }) => id), rows], [['wholeOurs', 'wholeTheirs'], []]);
    stage.script.confirm = false;
    await act('wholeTheirs');
    assert.match(read('a.yaml'), /<<<<<<</);
    stage.script.confirm = true;
    assert.equal(await finish('wholeTheirs'), undefined);
    assert.equal(read('a.yaml'), theirs);
  });

  it('writes over nothing that changed meanwhile or is unsaved', async () => {
    await clash(
      (text) => text.replace('base-1', 'ours-1'),
      (text) => text.replace('base-1', 'theirs-1'),
    );
    await run(uri('a.yaml'));
    await choose('a', 1);
    const before = read('a.yaml');
    stage.write('a.yaml', `${before}# more\n`);
    assert.equal((await act('save')).error?.code, 'CHANGED_ON_DISK');
    assert.equal(read('a.yaml'), `${before}# more\n`);
    assert.equal(panel().closed, false);
    stage.write('a.yaml', before);
    const editor = stage.open('a.yaml', before);
    Object.assign(editor.document, { isDirty: true });
    assert.match((await act('save')).error?.text ?? '', /unsaved edits/);
    assert.equal(read('a.yaml'), before);
  });

  it('shows no value while it is locked, and goes on after', async () => {
    await clash(
      (text) => text.replace('base-1', 'ours-1'),
      (text) => text.replace('base-1', 'theirs-1'),
    );
    stage.vault.lock();
    stage.script.gesture = false;
    await run(uri('a.yaml'));
    const { actions } = await view();
    assert.deepEqual(
      actions.map(({ id }) => id),
      ['unlock'],
    );
    await act('unlock');
    await choose('a', 1);
    stage.vault.lock();
    const { id } = await row('a');
    assert.equal((await panel().ask('reveal', { row: id, column: 1 })).error?.code, 'LOCKED');
    assert.equal((await act('save')).error?.code, 'LOCKED');
    assert.match(read('a.yaml'), /<<<<<<</);
    stage.vault.unlock();
    assert.equal(await finish('save'), undefined);
    assert.equal(await plain('a.yaml'), base.replace('base-1', 'ours-1'));
  });

  it('says in a rebase what ours is, also in a linked work tree', async () => {
    stage.write('a.yaml', await stage.sealed(base, 'yaml'));
    commit('base');
    git('checkout', '-qb', 'side');
    await edit('a.yaml', (text) => text.replace('base-1', 'mine-1'));
    commit('mine');
    git('checkout', '-q', 'main');
    await edit('a.yaml', (text) => text.replace('base-1', 'upstream-1'));
    commit('upstream');
    assert.equal(git('worktree', 'add', '-q', 'linked', 'side').code, 0);
    assert.equal(git('-C', 'linked', 'rebase', 'main').code, 1);
    await run(uri('linked/a.yaml'));
    assert.match((await view()).notes.map(({ text }) => text).join('\n'), /You are rebasing: ours is the branch/);
    assert.equal(git('merge', 'side').code, 1);
    await run(uri('a.yaml'));
    assert.deepEqual((await view()).notes, []);
  });

  it('leaves to git what is no encrypted file, deleted on a side, or in no conflict', async () => {
    await clash(
      (text) => text.replace('base-1', 'ours-1'),
      (text) => text.replace('base-1', 'theirs-1'),
    );
    await run(uri('other.yaml'));
    assert.match(asked(), /no versions of other\.yaml in conflict/);
    git('merge', '--abort');
    git('checkout', '-q', 'side');
    rmSync(join(stage.folder, 'a.yaml'));
    stage.write('plain.txt', 'theirs\n');
    commit('gone');
    git('checkout', '-q', 'main');
    stage.write('plain.txt', 'ours\n');
    commit('plain');
    git('merge', 'side');
    await run(uri('a.yaml'));
    assert.match(asked(), /a\.yaml is deleted in theirs/);
    await run(uri('plain.txt'));
    assert.match(asked(), /plain\.txt is not encrypted in any version/);
    fake.trusted = false;
    await run(uri('a.yaml'));
    assert.match(asked(), /Restricted Mode/);
    assert.equal(fake.panels.length, 0);
  });
});
