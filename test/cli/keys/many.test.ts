import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { writeJournal } from '../../../src/core/batch/journal.ts';
import { hashOf } from '../../../src/core/hash.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { nodeJournals } from '../../../src/node/disk/journals.ts';
import { alice, bob, carol, reopen } from '../../core/support.ts';
import { itUnless, windows } from '../../skip.ts';
import { builtCli } from '../built.ts';
import { Lab } from '../lab.ts';

const names = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'];

describe('updatekeys of several files', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = new Lab();
    for (const name of names) {
      lab.write(name, `value: canary-${name}\n`);
      const { code } = await lab.run(['encrypt', '-i', '--age', `${alice.recipient},${bob.recipient}`, name]);
      assert.equal(code, 0);
    }
    rules(alice.recipient, carol.recipient);
  });
  afterEach(() => lab.dispose());

  const rules = (...recipients: string[]) =>
    lab.write('.sops.yaml', `creation_rules:\n  - path_regex: ^[a-d]\\.yaml$\n    age: ${recipients.join(',')}\n`);
  const update = (given = {}, ...flags: string[]) => lab.run(['updatekeys', '-y', ...flags, ...names], given);
  const all = () => names.map((name) => lab.read(name));
  const readersOf = (name: string) => readSealed(lab.read(name), 'yaml').metadata.recipients;
  const nothingLeft = () => {
    const left = readdirSync(lab.folder).filter((name) => name === '.lockstep' || name.endsWith('.tmp'));
    assert.deepEqual(left, []);
  };

  it('changes all of them, shows equal changes together, and asks once', async () => {
    const no = await lab.run(['updatekeys', ...names], { answers: ['n'] });
    assert.deepEqual([no.code, lab.asked.length], [0, 1]);
    assert.match(no.out, /the groups of 4 files:\n {2}a\.yaml\n {2}b\.yaml\n {2}c\.yaml\n {2}d\.yaml\nGroup 1\n/);
    assert.equal(no.out.match(/\+\+\+ /g)?.length, 1);
    assert.deepEqual(readersOf('a.yaml'), [alice.recipient, bob.recipient]);
    const { code, err } = await update();
    assert.equal(code, 0, err);
    for (const name of names) assert.deepEqual(readersOf(name), [alice.recipient, carol.recipient]);
    for (const name of names) assert.ok((await reopen(lab.read(name), 'yaml', carol.identity)).verdict.ok);
    assert.match(err, /lockstep updatekeys --rotate FILE…/);
    nothingLeft();
  });

  it('gives them new data keys too, with --rotate', async () => {
    const before = new Set(all().flatMap((text) => text.match(/ENC\[[^\]]*\]/g) ?? []));
    const { code, err } = await update({}, '--rotate');
    assert.equal(code, 0, err);
    for (const text of all()) assert.ok(!text.match(/ENC\[[^\]]*\]/g)?.some((one) => before.has(one)));
    assert.match(err, /may have kept the values/);
  });

  it('says what sops says under that name, file by file', async () => {
    const { code, out, err } = await update({ name: 'sops' });
    assert.equal(code, 0, err);
    assert.equal(out.match(/The following changes will be made to the file's groups:\n/g)?.length, 4);
    for (const name of names) assert.match(err, new RegExp(`Syncing keys for file .*${name}\n`));
    assert.match((await update({ name: 'sops' })).err, /a\.yaml already up to date/);
  });

  const broken: Record<string, [() => Promise<unknown> | unknown, RegExp]> = {
    'that nobody here can open': [
      () => {
        lab.write('c.yaml', 'a: 1\n');
        return lab.run(['encrypt', '-i', '--age', bob.recipient, 'c.yaml']);
      },
      /c\.yaml: None of your keys can open/,
    ],
    'that is read-only': [
      () => chmodSync(join(lab.folder, 'b.yaml'), 0o444),
      /b\.yaml: The file may not be read or written/,
    ],
    'that is not encrypted': [() => lab.write('d.yaml', 'a: 1\n'), /d\.yaml: The file is not encrypted/],
    'in the middle of a conflict': [
      () => lab.write('a.yaml', `<<<<<<< HEAD\n${lab.read('a.yaml')}=======\nx: 1\n>>>>>>> b\n`),
      /a\.yaml.*conflict/i,
    ],
    'that is gone': [() => rmSync(join(lab.folder, 'b.yaml')), /b\.yaml: There is no such file/],
    'that no rule covers': [
      () => lab.write('.sops.yaml', `creation_rules:\n  - path_regex: ^[a-c]\\.yaml$\n    age: ${alice.recipient}\n`),
      /No creation rule matches d\.yaml/,
    ],
  };
  for (const [name, [prepare, said]] of Object.entries(broken)) {
    it(`changes none for one ${name}, and names it`, async () => {
      lab.write('p.yaml', 'a: 1\n');
      await prepare();
      const before = names.map((one) => (existsSync(join(lab.folder, one)) ? lab.read(one) : ''));
      const { code, err } = await update();
      assert.notEqual(code, 0);
      assert.match(err, said);
      assert.match(err, /1 of 4 files cannot be changed, so none was/);
      assert.deepEqual(
        names.map((one) => (existsSync(join(lab.folder, one)) ? lab.read(one) : '')),
        before,
      );
      assert.ok(!err.includes('canary'));
      nothingLeft();
    });
  }

  it('is not begun while git is in the middle of something', async () => {
    const before = all();
    mkdirSync(join(lab.folder, '.git', 'rebase-merge'), { recursive: true });
    const { code, err } = await update();
    assert.equal(code, 1);
    assert.match(err, /A rebase of git is under way\.\nFinish or abort that first/);
    assert.deepEqual(all(), before);
    // One file by itself is as it was before.
    assert.equal((await lab.run(['updatekeys', '-y', 'a.yaml'])).code, 0);
  });

  it('takes a file once that has two names', async () => {
    symlinkSync('a.yaml', join(lab.folder, 'd.yaml.link'));
    rmSync(join(lab.folder, 'd.yaml'));
    renameSync(join(lab.folder, 'd.yaml.link'), join(lab.folder, 'd.yaml'));
    const { code, err } = await update();
    assert.equal(code, 0, err);
    assert.ok(readersOf('a.yaml').includes(carol.recipient));
    assert.ok(readersOf('b.yaml').includes(carol.recipient));
  });

  it('asks before it locks one out of many files', async () => {
    rules(carol.recipient);
    const before = all();
    const alone = await update();
    assert.equal(alone.code, 1);
    assert.match(alone.err, /a\.yaml and 3 more/);
    assert.deepEqual(all(), before);
    assert.equal((await update({}, '--yes-lock-me-out')).code, 0);
  });

  itUnless(windows, 'changes none where the disk is full', async function (this: Mocha.Context) {
    this.timeout(120_000);
    const cli = await builtCli();
    const before = all();
    const script = `trap '' XFSZ; ulimit -f 4; exec "$0" "$@"`;
    const { status, stderr } = spawnSync('bash', ['-c', script, process.execPath, cli, 'updatekeys', '-y', ...names], {
      cwd: lab.folder,
      env: lab.env({}),
      encoding: 'utf8',
    });
    rmSync(cli);
    assert.notEqual(status, 0);
    assert.match(stderr, /The disk is full/);
    assert.deepEqual(all(), before);
    nothingLeft();
  });

  describe('that was interrupted', () => {
    const journals = () => nodeJournals(lab.env(), lab.folder, process.platform);
    const path = () => join(lab.folder, '.lockstep', 'journal');
    /** As a killed process leaves it: the first file is new. @param more changes of the journal. */
    async function interrupted(by = 'gone 1 t0', seal = true, file: object = {}): Promise<string[]> {
      const old = all();
      assert.equal((await update()).code, 0);
      const next = all();
      const root = realpathSync(lab.folder);
      const files = names.map((name, i) => ({
        path: name,
        before: hashOf(old[i] ?? ''),
        after: hashOf(next[i] ?? ''),
        old: Buffer.from(old[i] ?? ''),
        new: Buffer.from(next[i] ?? ''),
        ...(i === 1 ? file : {}),
      }));
      names.forEach((name, i) => void (i > 0 && lab.write(name, old[i] ?? '')));
      const journal = { what: 'updatekeys of 4 files', process: by, started: 'then', files };
      const sealed = await writeJournal(journal, async (body) =>
        seal ? ((await journals().seal(root, body)) ?? '') : 'f'.repeat(64),
      );
      mkdirSync(join(lab.folder, '.lockstep'));
      writeFileSync(path(), sealed);
      return old;
    }

    it('is finished by the next verb, whatever it is, from the folder or by the file, and names the files', async () => {
      for (const given of [{}, { cwd: '/' }]) {
        await interrupted();
        lab.write('.b.yaml.0123456789abcdef.tmp', 'left');
        const { code, err } = await lab.run(['filestatus', join(lab.folder, 'd.yaml')], given);
        assert.equal(code, 0);
        assert.match(err, /\(updatekeys of 4 files\) was interrupted\. It is finished now.*\n.*a\.yaml\n/);
        for (const name of names) assert.deepEqual(readersOf(name), [alice.recipient, carol.recipient]);
        nothingLeft();
        rules(alice.recipient, bob.recipient);
        await update();
        rules(alice.recipient, carol.recipient);
      }
    });

    it('is put back when a file was changed meanwhile', async () => {
      const old = await interrupted();
      lab.write('c.yaml', 'theirs: 1\n');
      const { err } = await lab.run(['whoami']);
      assert.match(err, /Everything was put back[\s\S]*left alone:\n {2}.*c\.yaml/);
      assert.deepEqual(all(), [old[0], old[1], 'theirs: 1\n', old[3]]);
      nothingLeft();
    });

    it('is left to the process that is at it', async () => {
      await interrupted(
        `${nodeJournals({}, '', 'linux').self.replace(/ \d+ .*/, '')} ${process.ppid} ${started(process.ppid)}`,
      );
      const before = all();
      assert.match((await lab.run(['whoami'])).err, /is on its way right now/);
      const { code, err } = await update();
      assert.equal(code, 1);
      assert.match(err, /Another change of many files is on its way here/);
      assert.deepEqual(all(), before);
    });

    const hostile: Record<string, () => Promise<unknown>> = {
      'that came with the repository': () => interrupted('gone 1 t0', false),
      'of another folder': async () => {
        await interrupted();
        const elsewhere = new Lab();
        mkdirSync(join(elsewhere.folder, '.lockstep'));
        renameSync(path(), join(elsewhere.folder, '.lockstep', 'journal'));
        const { err } = await elsewhere.run(['whoami'], { env: { HOME: lab.folder } });
        assert.match(err, /damaged or not yours/);
        elsewhere.dispose();
        writeFileSync(path(), 'x\ny\nz');
      },
      'that is cut': async () => {
        await interrupted();
        writeFileSync(path(), readFileSync(path()).subarray(0, 500));
      },
      'that is empty': async () => {
        await interrupted();
        writeFileSync(path(), '');
      },
      'that names a file outside': () => interrupted('gone 1 t0', true, { path: '../outside.yaml' }),
      'that names a file of git': () => interrupted('gone 1 t0', true, { path: '.git/config' }),
      'that is a link': async () => {
        await interrupted();
        renameSync(path(), join(lab.folder, 'elsewhere'));
        symlinkSync('../elsewhere', path());
      },
      'with a file that became a link': async () => {
        await interrupted();
        writeFileSync(join(lab.folder, 'outside'), lab.read('b.yaml'));
        rmSync(join(lab.folder, 'b.yaml'));
        symlinkSync('outside', join(lab.folder, 'b.yaml'));
      },
    };
    for (const [name, prepare] of Object.entries(hostile)) {
      itUnless(windows, `is not touched on the word of a journal ${name}, and the person is told`, async () => {
        await prepare();
        const before = all();
        const { code, err } = await lab.run(['filestatus', 'a.yaml']);
        assert.equal(code, 0);
        assert.match(err, /unfinished change|This is a link/);
        assert.deepEqual(all(), before);
        assert.ok(existsSync(path()));
        assert.ok(!existsSync(join(lab.folder, '..', 'outside.yaml')));
        assert.ok(!err.includes('canary'));
      });
    }
  });
});

/** As the journal names the start of a process. */
function started(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}@${boot}`;
  } catch {
    return `t${Math.floor(Date.now() / 1000)}`;
  }
}
