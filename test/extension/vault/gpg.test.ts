import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { requireKeys, useOthers } from '../../../src/core/keys/others.ts';
import { ageNames } from '../../../src/core/keys/updatekeys.ts';
import { writeRequest } from '../../../src/core/people/request.ts';
import { Gpg } from '../../../src/core/pgp/gpg.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { noticeOf } from '../../../src/extension/editor/notice.ts';
import { register as encrypting } from '../../../src/extension/encrypt/register.ts';
import { commands } from '../../../src/extension/ids.ts';
import { fileTitles } from '../../../src/extension/lens/titles.ts';
import { register as locking } from '../../../src/extension/lock/register.ts';
import { register as people } from '../../../src/extension/people/register.ts';
import { register as values } from '../../../src/extension/values/register.ts';
import { usePgp } from '../../../src/extension/vault/pgp.ts';
import { nodeGpg } from '../../../src/node/pgp/run.ts';
import { bob, carol } from '../../core/support.ts';
import { GpgHome, noGpg } from '../../fakes/gpg.ts';
import { type FakeEditor, fake, Uri } from '../../fakes/vscode.ts';
import { describeUnless, windows } from '../../skip.ts';
import { makeStage, type Stage } from '../session/session.ts';

const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
const text = 'a: canary\nb: two\n';

describeUnless(windows ?? noGpg, 'PGP keys in the editor', function () {
  this.timeout(60_000);
  let home: GpgHome;
  let ada: string;
  let pinned: string;
  let stage: Stage;
  let disposables: vscode.Disposable[];
  before(() => {
    home = new GpgHome();
    ada = home.key('Ada <ada@lockstep.test>');
    pinned = home.key('Pinned <pinned@lockstep.test>', { pin: 'correct horse' });
  });
  after(() => home.end());
  beforeEach(async () => {
    stage = await makeStage();
    disposables = [];
    has();
  });
  afterEach(() => {
    for (const one of disposables) one.dispose();
    useOthers(['pgp'], () => ({ lacks: undefined }));
    stage.end();
  });

  /** The window has this gpg. */
  const has = (env: NodeJS.ProcessEnv | undefined = home.env) =>
    disposables.push(usePgp(nodeGpg({ env, platform: process.platform, home: homedir() }), stage.vault));
  const sealedFor = async (...names: string[]) => {
    const groups = [names.map((name) => ({ kind: 'pgp', name }) as const)];
    return (await seal(text, 'yaml', { recipients: [], groups }, clock)).text;
  };
  const lockCommand = async (id: typeof commands.lock | typeof commands.unlock, ...ids: unknown[]) => {
    const feature = locking(stage.services);
    await feature.commands[id]?.(...ids);
    feature.disposable.dispose();
  };
  const unlock = (editor: FakeEditor) => lockCommand(commands.unlock, editor.document.uri.toString());
  const rule = (body: string) => {
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: .\n${body}`);
    stage.rules.forget();
  };

  it('open a file by themselves where gpg needs nobody for it', async () => {
    const editor = stage.open('x.yaml', await sealedFor(ada));
    const state = await stage.state(editor);
    assert.equal(state.kind, 'open');
    assert.match(fileTitles(state, new Set([stage.recipient]))[0]?.title ?? '', /readable by you only/);
  });

  it('under a pass phrase leave it locked until a person unlocks it, and nobody is asked before', async () => {
    home.person('correct horse');
    const editor = stage.open('x.yaml', await sealedFor(pinned));
    home.person('correct horse');
    const before = home.asked;
    for (let n = 0; n < 2; n++) {
      assert.equal((await stage.state(editor)).kind, 'locked');
      stage.vault.renew();
    }
    assert.equal(home.asked, before);
    await unlock(editor);
    assert.equal(home.asked, before + 1);
    assert.equal((await stage.state(editor)).kind, 'open');
    assert.deepEqual(stage.recorded.at(-1)?.purpose, 'unlock');
    // The agent of gpg forgets; what is open stays so until a lock.
    home.person();
    stage.vault.renew();
    assert.equal((await stage.state(editor)).kind, 'open');
    await lockCommand(commands.lock);
    assert.equal((await stage.state(editor)).kind, 'locked');
    stage.vault.unlock();
    assert.equal((await stage.state(editor)).kind, 'locked');
    await assert.rejects(unlock(editor), { code: 'PGP', place: { what: 'cancelled' } });
    assert.equal((await stage.state(editor)).kind, 'locked');
  });

  it('are not asked for in Restricted Mode, and no gpg is started there', async () => {
    const log = join(home.folder, 'started');
    const sealed = await sealedFor(ada);
    fake.trusted = false;
    has(home.fake(`echo x >> ${log}; exec gpg "$@"`));
    const editor = stage.open('x.yaml', sealed);
    const state = await stage.state(editor);
    assert.ok(state.kind === 'unreadable' && state.error.code === 'NO_AGE_RECIPIENT', state.kind);
    assert.match(noticeOf(stage.uri(editor), state, false)?.text ?? '', /PGP/);
    await assert.rejects(requireKeys([{ kind: 'pgp', name: ada }]), {
      code: 'FOREIGN_MASTER_KEY',
      place: { kind: 'pgp', what: 'trust' },
    });
    assert.ok(!existsSync(log));
    fake.trusted = true;
    stage.vault.renew();
    assert.equal((await stage.state(editor)).kind, 'open');
    assert.ok(existsSync(log));
  });

  it('are named with what they need where no program can be started, before anything is changed', async () => {
    disposables.push(usePgp(undefined, stage.vault));
    rule(`    pgp: ${ada}\n`);
    stage.write('new.yaml', text);
    stage.script.asked = [];
    await encrypting(stage.services).commands[commands.encryptFile]?.(Uri.file(join(stage.folder, 'new.yaml')));
    assert.match(JSON.stringify(stage.script.asked), /PGP.*desktop VS Code/);
    assert.equal(readFileSync(join(stage.folder, 'new.yaml'), 'utf8'), text);
  });

  it('that gpg does not have, or no gpg, are said', async () => {
    const other = new GpgHome();
    try {
      const theirs = other.key('Other <other@lockstep.test>');
      home.gpg(['--import'], other.gpg(['-a', '--export', theirs]));
      const editor = stage.open('x.yaml', await sealedFor(theirs));
      const state = await stage.state(editor);
      assert.ok(state.kind === 'unreadable');
      assert.match(noticeOf(stage.uri(editor), state, false)?.text ?? '', /gpg|GnuPG/);
      has({ PATH: '/nowhere' });
      stage.vault.renew();
      const without = await stage.state(editor);
      assert.match(noticeOf(stage.uri(editor), without, false)?.text ?? '', /gpg|PGP/);
    } finally {
      other.end();
    }
  });

  it('are encrypted for by a rule, alone and in groups with age, and a key that is missing is said before any question', async () => {
    const encrypt = async (name: string) => {
      const feature = encrypting(stage.services);
      await feature.commands[commands.encryptFile]?.(Uri.file(join(stage.folder, name)));
    };
    const disk = (name: string) => readFileSync(join(stage.folder, name), 'utf8');
    const groups = `    shamir_threshold: 2\n    key_groups:\n      - pgp: [${ada}]\n      - age: [${stage.recipient}]\n`;
    for (const [name, body] of [
      ['one.yaml', `    pgp: ${ada}\n`],
      ['two.yaml', groups],
    ] as const) {
      rule(body);
      stage.write(name, text);
      stage.script.confirm = true;
      stage.script.asked = [];
      await encrypt(name);
      assert.deepEqual(stage.script.asked, [`${name} is encrypted.`], 'they are one’s own');
      const { metadata } = readSealed(disk(name), 'yaml');
      assert.deepEqual(metadata.foreign, [{ kind: 'pgp', name: ada }]);
      const editor = stage.open(name, disk(name));
      assert.equal((await stage.state(editor)).kind, 'open');
    }
    rule(`    pgp: ${'F'.repeat(40)}\n`);
    stage.write('bad.yaml', text);
    stage.script.asked = [];
    await encrypt('bad.yaml');
    assert.equal(disk('bad.yaml'), text);
    assert.match(JSON.stringify(stage.script.asked), /gpg --import/);
    assert.equal(stage.script.asked.length, 1);
  });

  it('of others are asked about once, by their kind', async () => {
    const bert = home.key('Bert <bert@lockstep.test>');
    home.gpg(['--yes', '--delete-secret-keys', bert]);
    rule(`    age: ${stage.recipient}\n    pgp: ${bert}\n`);
    stage.write('new.yaml', text);
    const feature = encrypting(stage.services);
    await feature.commands[commands.encryptFile]?.(Uri.file(join(stage.folder, 'new.yaml')));
    assert.match(JSON.stringify(stage.script.asked), new RegExp(`PGP ${bert.slice(0, 8)}`));
    assert.equal(readFileSync(join(stage.folder, 'new.yaml'), 'utf8'), text, 'not without a yes');
  });

  it('come and go by the rule, and get a new data key; one under a pass phrase is asked for then', async () => {
    home.person('correct horse');
    const run = (id: typeof commands.updateReaders | typeof commands.rotateDataKey, editor: FakeEditor) =>
      values(stage.services).commands[id]?.(editor.document.uri.toString());
    const editor = stage.open('x.yaml', await stage.sealed(text, 'yaml'));
    rule(`    pgp: ${pinned}\n`);
    stage.script.confirm = true;
    await run(commands.updateReaders, editor);
    const readers = () => readSealed(editor.document.getText(), 'yaml').metadata;
    assert.deepEqual([readers().recipients, readers().foreign.map(({ name }) => name)], [[], [pinned]]);
    assert.equal((await stage.state(editor)).kind, 'open');
    home.person('correct horse');
    const before = editor.document.getText();
    const asked = home.asked;
    stage.script.asked = [];
    await run(commands.rotateDataKey, editor);
    assert.notEqual(editor.document.getText(), before);
    assert.equal(home.asked, asked + 1);
    assert.match(JSON.stringify(stage.script.asked), /for you only/);
    assert.equal((await stage.state(editor)).kind, 'open');
    // Nobody types it: nothing is changed.
    const now = editor.document.getText();
    home.person();
    await assert.rejects(async () => run(commands.rotateDataKey, editor), {
      code: 'PGP',
      place: { what: 'cancelled' },
    });
    assert.equal(editor.document.getText(), now);
  });

  describe('of many files under a pass phrase', () => {
    const names = ['a.yaml', 'b.yaml', 'c.yaml'];
    const disk = (name: string) => readFileSync(join(stage.folder, name), 'utf8');
    const state = () => ['.sops.yaml', ...names].map(disk);
    const uris = () => names.map((name) => Uri.file(join(stage.folder, name)));
    const readers = () => names.map((name) => readSealed(disk(name), 'yaml').metadata.groups.flat().length);
    beforeEach(async () => {
      home.person('correct horse');
      const groups = [[{ kind: 'pgp', name: pinned } as const, ...ageNames([bob.recipient])]];
      for (const name of names) stage.write(name, (await seal(text, 'yaml', { recipients: [], groups }, clock)).text);
      rule(`    pgp: ${pinned}\n    age:\n      - ${bob.recipient} # Bob\n`);
      stage.script.confirm = true;
    });
    const work = {
      'new data keys': () => values(stage.services).commands[commands.rotateDataKey]?.(uris()[0], uris()),
      'other readers': () => {
        rule(`    pgp: ${pinned}\n    age: ${carol.recipient}\n`);
        return values(stage.services).commands[commands.updateReaders]?.(uris()[0], uris());
      },
      'access for somebody': () => {
        fake.clipboard = writeRequest({ name: 'Carol', recipient: carol.recipient, file: undefined }, []);
        Object.assign(stage.script, { pick: 'clipboard', input: 'Carol', pickMany: 'all' });
        return people(stage.services).commands[commands.grantAccess]?.();
      },
      'no access for somebody': () => {
        stage.script.pick = 'Bob';
        return people(stage.services).commands[commands.revokeAccess]?.();
      },
    };
    for (const [what, run] of Object.entries(work))
      it(`are asked for once, before ${what}; nothing is changed where nobody types it`, async () => {
        for (const name of names) assert.equal((await stage.state(stage.open(name, disk(name)))).kind, 'locked');
        const asked = home.asked;
        home.person();
        const before = state();
        await assert.rejects(async () => run(), { code: 'PGP', place: { what: 'cancelled' } });
        assert.deepEqual(state().slice(1), before.slice(1));
        assert.equal(home.asked, asked + 1);
        home.person('correct horse');
        await run();
        assert.equal(home.asked, asked + 2);
        for (const [i, now] of state().slice(1).entries())
          assert.notEqual(now, before[i + 1], stage.script.asked.join());
        assert.ok(readers().every((count) => count === readers()[0]));
        for (const name of names) assert.equal((await stage.state(stage.open(name, disk(name)))).kind, 'open');
      });

    it('are not asked for where another key opens the files', async () => {
      const groups = [[{ kind: 'pgp', name: pinned } as const, ...ageNames([stage.recipient])]];
      for (const name of names) stage.write(name, (await seal(text, 'yaml', { recipients: [], groups }, clock)).text);
      const asked = home.asked;
      const before = state();
      await work['new data keys']();
      assert.equal(home.asked, asked);
      assert.notDeepEqual(state(), before);
    });
  });

  it('are ended with a lock while they wait', async () => {
    const sealed = await sealedFor(ada);
    has(home.fake('exec sleep 600'));
    const editor = stage.open('x.yaml', sealed);
    const state = stage.state(editor);
    await new Promise((resolve) => setTimeout(resolve, 50));
    stage.vault.lock();
    assert.equal((await state).kind, 'locked');
  });

  it('that another one of the user opens are no reason to change a file', async () => {
    const sealed = (await sealedFor(ada)).replace(`fp: ${ada}`, `fp: ${pinned}`);
    const editor = stage.open('x.yaml', sealed);
    const state = await stage.state(editor);
    assert.ok(state.kind === 'open' && state.opened.mislabelled);
    const gpg = new Gpg(nodeGpg({ env: home.env, platform: process.platform, home: homedir() }).run);
    assert.equal((await gpg.own([{ kind: 'pgp', name: ada }])).length, 1);
    await assert.rejects(
      async () => values(stage.services).commands[commands.rotateDataKey]?.(editor.document.uri.toString()),
      { code: 'MISLABELLED_KEY' },
    );
    assert.equal(editor.document.getText(), sealed);
  });
});
