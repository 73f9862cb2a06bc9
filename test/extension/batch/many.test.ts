import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { BatchFile, Machine } from '../../../src/core/batch/file.ts';
import { writeAll } from '../../../src/core/batch/transaction.ts';
import { contentOf } from '../../../src/core/platform/disk.ts';
import { sealedBytes } from '../../../src/core/seal/prove.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { register as recovering } from '../../../src/extension/batch/recovering.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/values/register.ts';
import { nodePlatform } from '../../../src/node/platform.ts';
import { bob, carol, clock, reopen } from '../../core/support.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

const names = Array.from({ length: 5 }, (_, i) => `service-${i}/secrets.yaml`);

describe('a change of many files in the editor', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
    for (const name of names) stage.write(name, await sealed([stage.recipient, bob.recipient]));
    rules(stage.recipient, carol.recipient);
  });
  afterEach(() => stage.end());

  const sealed = async (recipients: string[]) =>
    (await seal('a: canary-value\nb: two\n', 'yaml', { recipients }, clock)).text;
  const rules = (...recipients: string[]) =>
    stage.write('.sops.yaml', `creation_rules:\n  - path_regex: ^service\n    age: [${recipients}]\n`);
  const read = (name: string) => readFileSync(join(stage.folder, name), 'utf8');
  const all = () => names.map(read);
  const uriOf = (name: string) => Uri.file(join(stage.folder, name)) as unknown as vscode.Uri;
  const run = (id: keyof typeof commands, files = names) =>
    register(stage.services).commands[commands[id]]?.(uriOf(files[0] ?? ''), files.map(uriOf));
  const readersOf = (name: string) => readSealed(read(name), 'yaml').metadata.recipients;
  const asked = () => JSON.stringify(stage.script.asked);

  it('is shown first, and done as one after a yes', async () => {
    const before = all();
    await run('updateReaders');
    assert.deepEqual(all(), before, 'not without a yes');
    assert.match(asked(), /Added: age16mmk[^"]*: 5 files/);
    assert.match(asked(), /Removed: age14zu[^"]*: 5 files/);
    assert.match(asked(), /No value changes\. Whoever is removed may have kept the data keys/);
    stage.script.confirm = true;
    await run('updateReaders');
    for (const name of names) assert.deepEqual(readersOf(name), [stage.recipient, carol.recipient], name);
    for (const name of names) assert.ok((await reopen(read(name), 'yaml', carol.identity)).verdict.ok);
    assert.match(asked(), /5 files changed/);
    assert.ok(!existsSync(join(stage.folder, '.lockstep')));
    assert.ok(!asked().includes('canary'));
    await run('updateReaders');
    assert.match(asked(), /Nothing to change/);
  });

  it('says nothing about who is removed where nobody is', async () => {
    rules(stage.recipient, bob.recipient, carol.recipient);
    await run('updateReaders');
    assert.match(asked(), /No value changes\.\\n\\nAdded: /);
  });

  it('gives many files new data keys', async () => {
    const before = all();
    stage.script.confirm = true;
    await run('rotateDataKey');
    assert.match(asked(), /A new data key: 5 files/);
    for (const [i, name] of names.entries()) {
      assert.deepEqual(readersOf(name), [stage.recipient, bob.recipient]);
      const old = new Set(before[i]?.match(/ENC\[[^\]]*\]/g));
      assert.ok(
        !read(name)
          .match(/ENC\[[^\]]*\]/g)
          ?.some((one) => old.has(one)),
        name,
      );
      assert.ok((await reopen(read(name), 'yaml', bob.identity)).verdict.ok);
    }
  });

  it('does not write under unsaved edits: the file is named, and the others can be changed', async () => {
    const editor = stage.open(names[2] ?? '', read(names[2] ?? ''));
    editor.document.isDirty = true;
    const before = read(names[2] ?? '');
    await run('updateReaders');
    assert.match(asked(), /service-2\/secrets\.yaml: The file has unsaved edits/);
    assert.match(asked(), /Change the Other 4 files/);
    stage.script.confirm = true;
    await run('updateReaders');
    assert.equal(read(names[2] ?? ''), before);
    assert.ok(readersOf(names[3] ?? '').includes(carol.recipient));
    await run('updateReaders', [names[2] ?? '', names[2] ?? '']);
    assert.match(asked(), /None of the files can be changed/);
  });

  it('writes nothing when one becomes unsaved while the person is asked, or changes on the disk', async () => {
    const before = all();
    for (const meanwhile of [
      () => {
        fake.documents.length = 0;
        stage.open(names[4] ?? '', read(names[4] ?? '')).document.isDirty = true;
      },
      () => {
        fake.documents.length = 0;
        stage.write(names[1] ?? '', 'theirs: 1\n');
      },
    ]) {
      Object.defineProperty(stage.script, 'confirm', {
        configurable: true,
        get: () => {
          meanwhile();
          return true;
        },
      });
      await run('updateReaders');
      assert.match(asked(), /nothing was written/);
    }
    for (const i of [0, 2, 3, 4]) assert.equal(all()[i], before[i]);
    assert.ok(!existsSync(join(stage.folder, '.lockstep')));
  });

  it('names every file that cannot be opened, is no secret file, or has no rule', async () => {
    stage.write(names[0] ?? '', await sealed([bob.recipient]));
    stage.write(names[1] ?? '', 'plain: 1\n');
    stage.write('other/x.yaml', await sealed([stage.recipient]));
    const before = all();
    stage.script.confirm = true;
    await run('updateReaders', [...names, 'other/x.yaml']);
    assert.match(asked(), /service-1\/secrets\.yaml: /);
    assert.match(asked(), /other\/x\.yaml: /);
    // Whether a key opens a file is known only when it is tried.
    assert.match(asked(), /nothing was written[^"]*service-0\/secrets\.yaml/);
    assert.deepEqual(all(), before);
  });

  it('asks once more before one is locked out of many files', async () => {
    rules(carol.recipient);
    const before = all();
    stage.script.confirm = true;
    Object.defineProperty(stage.script, 'confirm', {
      configurable: true,
      get: () => !/Lock yourself out/.test(String(stage.script.asked.at(-1))),
    });
    await run('updateReaders');
    assert.match(asked(), /Lock yourself out of 5 files/);
    assert.deepEqual(all(), before);
  });

  it('is not begun while git is in the middle of something, nor in Restricted Mode, nor while locked', async () => {
    const before = all();
    stage.script.confirm = true;
    mkdirSync(join(stage.folder, '.git'));
    for (const [sign, state] of [
      ['MERGE_HEAD', 'merge'],
      ['rebase-merge', 'rebase'],
      ['CHERRY_PICK_HEAD', 'cherry-pick'],
      ['REVERT_HEAD', 'revert'],
    ] as const) {
      writeFileSync(join(stage.folder, '.git', sign), 'x');
      await assert.rejects(async () => run('updateReaders'), { code: 'IN_PROGRESS', place: { what: state } });
      rmSync(join(stage.folder, '.git', sign));
    }
    fake.trusted = false;
    await run('updateReaders');
    fake.trusted = true;
    stage.script.gesture = false;
    stage.vault.lock();
    await run('updateReaders');
    assert.deepEqual(all(), before);
  });

  describe('that was interrupted', () => {
    /** Killed after two of the files. */
    async function interrupted(): Promise<void> {
      const { disk, journals } = nodePlatform;
      assert.ok(disk && journals);
      let left = 2;
      const machine: Machine = {
        journals,
        disk: {
          ...disk,
          stage: async (path, bytes, how) => {
            const staged = await disk.stage(path, bytes, how);
            const commit = async (expected?: string) => {
              if (left-- === 0) throw new Error('killed');
              return staged.commit(expected);
            };
            return { ...staged, commit };
          },
        },
      };
      const text = await sealed([stage.recipient, carol.recipient]);
      const files = names.map(
        (name): BatchFile => ({
          path: join(stage.folder, name),
          before: contentOf(readFileSync(join(stage.folder, name))),
          sealed: sealedBytes(text),
        }),
      );
      await assert.rejects(writeAll(machine, { root: stage.folder, what: 'Grant access', files }, clock), /killed/);
      assert.ok(existsSync(join(stage.folder, '.lockstep', 'journal')));
    }
    const changed = () => names.filter((name) => readersOf(name).includes(carol.recipient)).length;
    const started = async () => {
      const { disposable } = recovering(stage.services);
      for (let n = 0; n < 200 && !asked().includes('interrupted'); n++)
        await new Promise((done) => setTimeout(done, 10));
      return disposable;
    };

    it('is finished at the next start, and the person is told which files', async () => {
      await interrupted();
      assert.equal(changed(), 2);
      (await started()).dispose();
      assert.equal(changed(), 5);
      assert.match(asked(), /was interrupted: Grant access\. It is finished now: service-0/);
      assert.ok(!existsSync(join(stage.folder, '.lockstep')));
    });

    it('is put back when somebody changed a file meanwhile', async () => {
      await interrupted();
      stage.write(names[3] ?? '', 'theirs: 1\n');
      (await started()).dispose();
      assert.match(asked(), /Everything was put back/);
      assert.equal(read(names[3] ?? ''), 'theirs: 1\n');
      for (const i of [0, 1, 2, 4]) assert.deepEqual(readersOf(names[i] ?? ''), [stage.recipient, bob.recipient]);
    });

    it('waits for a file with unsaved edits until that is saved', async () => {
      await interrupted();
      const { document } = stage.open(names[4] ?? '', read(names[4] ?? ''));
      document.isDirty = true;
      const disposable = await started();
      assert.match(asked(), /It waits[^"]*service-4/);
      assert.equal(changed(), 2);
      await fake.saveAs(document);
      for (let n = 0; n < 200 && changed() < 5; n++) await new Promise((done) => setTimeout(done, 10));
      assert.equal(changed(), 5);
      disposable.dispose();
    });

    it('is left alone in Restricted Mode until the workspace is trusted', async () => {
      await interrupted();
      fake.trusted = false;
      const { disposable } = recovering(stage.services);
      await new Promise((done) => setTimeout(done, 100));
      assert.equal(changed(), 2);
      fake.trust();
      for (let n = 0; n < 200 && changed() < 5; n++) await new Promise((done) => setTimeout(done, 10));
      assert.equal(changed(), 5);
      disposable.dispose();
    });

    it('by somebody else is told and not touched', async () => {
      mkdirSync(join(stage.folder, '.lockstep'));
      const path = join(stage.folder, '.lockstep', 'journal');
      writeFileSync(
        path,
        `lockstep journal 1\n${'0'.repeat(64)}\n{"what":"x","process":"p","started":"s","files":[]}\n`,
      );
      const before = all();
      const { disposable } = recovering(stage.services);
      for (let n = 0; n < 200 && !asked().includes('journal'); n++) await new Promise((done) => setTimeout(done, 10));
      assert.match(asked(), /its journal is damaged or not yours/);
      assert.deepEqual(all(), before);
      assert.ok(existsSync(path));
      disposable.dispose();
    });
  });
});
