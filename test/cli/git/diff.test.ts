import assert from 'node:assert/strict';
import { mkdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { bob } from '../../core/support.ts';
import { builtCli } from '../built.ts';
import { Repo } from './repo.ts';

/** Letters and signs that base64 has not. */
const canary = (n: number) => `canary!${n}?value`;

describe('lockstep diff', function () {
  this.timeout(120_000);
  let cli: string;
  let repo: Repo;
  before(async () => {
    cli = await builtCli();
  });
  after(() => rmSync(cli));
  beforeEach(async () => {
    repo = new Repo(cli);
    await repo.seal('a.enc.yaml', `db:\n  password: ${canary(1)}\n  port: 5432\nold: ${canary(2)}\n`);
    repo.write('src/code.ts', 'export {};\n');
    repo.commit('base');
  });
  afterEach(() => repo.dispose());

  /** What it prints, without fingerprints, which are other ones each time. */
  const diff = (...args: string[]) => {
    const { code, out, err } = repo.lockstep('diff', ...args);
    assert.ok(!`${out}${err}`.includes('canary'), out);
    return {
      code,
      err,
      lines: out
        .replace(/\b[0-9a-f]{8}\b/g, '#')
        .split('\n')
        .filter(Boolean),
    };
  };
  const change = (n: number) => repo.edit('a.enc.yaml', (plain) => plain.replace(canary(1), canary(n)));

  it('says which flags and words do not go together, and counts no values where there are none', async () => {
    const two = diff('--staged', 'HEAD', 'HEAD');
    assert.deepEqual([two.code, two.lines], [8, []]);
    assert.match(two.err, /--staged compares one commit with the index/);
    await repo.seal('b.enc.yaml', 'other: "words of another file"\n');
    const { lines } = diff('--no-index', 'a.enc.yaml', 'b.enc.yaml');
    assert.ok(lines.includes('  data key\tnew'), lines.join('\n'));
  });

  it('compares index, working tree, HEAD, commits and ranges, as git does', async () => {
    const changed = ['a.enc.yaml', '  db.password\tchanged\tstr #\tstr #'];
    assert.deepEqual(diff().lines, []);
    await change(3);
    repo.write('src/code.ts', 'export const changed = 1;\n');
    assert.deepEqual(diff().lines, changed);
    assert.deepEqual(diff('--staged').lines, []);
    assert.deepEqual(diff('HEAD').lines, changed);
    repo.done('add', '-A');
    assert.deepEqual(diff().lines, []);
    assert.deepEqual(diff('--staged').lines, changed);
    repo.commit('two');
    repo.done('tag', '-a', '-m', 'x', 'v2');
    for (const words of [
      ['HEAD~1', 'HEAD'],
      ['HEAD~1..v2'],
      ['HEAD~1..'],
      ['--staged', 'HEAD~1'],
      ['HEAD~1', '--', 'a.enc.yaml'],
    ])
      assert.deepEqual(diff(...words).lines, changed, words.join(' '));
    assert.deepEqual(diff('HEAD~1..HEAD', '--', 'src').lines, []);
    assert.deepEqual(diff('v2', 'HEAD').lines, []);
    for (const words of [
      ['nothing'],
      ['HEAD', 'HEAD~1', 'v2'],
      ['HEAD...v2'],
      ['--staged', 'HEAD', 'v2'],
      ['HEAD', '--', '../out'],
    ])
      assert.notEqual(diff(...words).code, 0, words.join(' '));
    mkdirSync(repo.path('v2'));
    assert.match(diff('v2').err, /is a commit and a file/);
    assert.deepEqual(diff('HEAD~1', 'v2', '--').lines, changed);
  });

  it('shows renames, readers, a new data key, files that come and go, and what is decrypted in place', async () => {
    repo.done('mv', 'a.enc.yaml', 'b.enc.yaml');
    await repo.edit('b.enc.yaml', (plain) => plain.replace(`old: ${canary(2)}`, `new: ${canary(2)}`), true);
    await repo.addReader('b.enc.yaml', bob.recipient);
    repo.done('add', '-A');
    const { lines } = diff('--staged');
    // git sees no rename where every ciphertext is another one.
    const whole = lines[0] === 'a.enc.yaml → b.enc.yaml';
    assert.ok(whole || lines.includes('a.enc.yaml'), lines.join('\n'));
    repo.commit('two');
    await repo.addReader('b.enc.yaml', 'age16mmk6jzu25g62m4jvc7pkaz50ydu75znmsmgs58hn9muyaj3ldlqy94zvq');
    await repo.edit('b.enc.yaml', (plain) => plain, true);
    assert.deepEqual(diff().lines, [
      'b.enc.yaml',
      '  reader\tadded\tage16mmk6jzu25g62m4jvc7pkaz50ydu75znmsmgs58hn9muyaj3ldlqy94zvq',
      '  data key\tnew; 3 values encrypted anew without a change',
    ]);
    repo.write('b.enc.yaml', await repo.plain('b.enc.yaml'));
    assert.ok(diff().lines.includes('  file\tin clear text now'));
    assert.ok(diff().lines.some((line) => /^ {2}db\.password\tin clear text now\tstr #\tstr #$/.test(line)));
    unlinkSync(repo.path('b.enc.yaml'));
    assert.deepEqual(diff().lines.slice(0, 2), ['b.enc.yaml', '  file\tremoved']);
  });

  it('compares two files that git need not know, and sees equal values in them', async () => {
    await repo.seal('staging.enc.yaml', `db:\n  password: ${canary(9)}\n  port: 5432\nold: ${canary(2)}\n`);
    const { lines, code } = diff('--no-index', 'a.enc.yaml', 'staging.enc.yaml');
    assert.equal(code, 0);
    assert.deepEqual(lines, [
      'a.enc.yaml → staging.enc.yaml',
      '  data key\tnew; 2 values encrypted anew without a change',
      '  db.password\tchanged\tstr #\tstr #',
    ]);
    assert.equal(diff('--no-index', 'a.enc.yaml').code, 1);
  });

  it('prints names and kinds as JSON, and no fingerprint', async () => {
    await change(3);
    const { out } = repo.lockstep('diff', '--json');
    const [file] = JSON.parse(out);
    assert.deepEqual(file.entries, [
      {
        ...{ entry: 'db.password', document: 0, path: ['db', 'password'] },
        changes: ['value'],
        before: 'str',
        after: 'str',
      },
    ]);
    assert.deepEqual([file.file, file.by, file.dataKey], ['a.enc.yaml', 'values', false]);
    assert.doesNotMatch(out, /[0-9a-f]{8}/);
    repo.done('checkout', '-q', '.');
    assert.equal(repo.lockstep('diff', '--json').out, '[]\n');
  });

  it('compares ciphertext without a key, and says so; damaged files and markers are named', async () => {
    await change(3);
    delete repo.env.SOPS_AGE_KEY;
    const blind = diff();
    assert.deepEqual([blind.code, blind.lines], [0, ['a.enc.yaml', '  db.password\tother ciphertext\tstr\tstr']]);
    assert.match(blind.err, /a\.enc\.yaml \(the index\): No key here opens it/);
    const { out } = repo.lockstep('diff', '--json');
    assert.equal(JSON.parse(out)[0].by, 'ciphertext');
    const text = repo.read('a.enc.yaml');
    repo.write('a.enc.yaml', `<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`);
    const broken = diff();
    assert.equal(broken.code, 1);
    assert.match(broken.err, /conflict/);
  });

  it('compares our side of a file in conflict, and says what a clone does not have', async () => {
    repo.done('config', 'uploadpack.allowFilter', 'true');
    await change(3);
    repo.commit('ours');
    repo.done('checkout', '-q', '-b', 'side', 'HEAD~1');
    await change(4);
    repo.commit('theirs');
    repo.done('checkout', '-q', 'main');
    assert.notEqual(repo.git('merge', 'side').code, 0);
    const staged = diff('--staged', 'HEAD~1');
    assert.deepEqual(staged.lines, ['a.enc.yaml', '  db.password\tchanged\tstr #\tstr #']);
    assert.match(staged.err, /a\.enc\.yaml: It is in conflict: our side of it is compared/);
    assert.match(diff().err, /in conflict[\s\S]*conflict markers|in conflict[\s\S]*merge/i);
    repo.done('merge', '--abort');
    const clone = join(repo.home, 'clone');
    const local = ['-c', 'protocol.file.allow=always'];
    repo.done(...local, 'clone', '-q', '--filter=blob:none', '--no-checkout', `file://${repo.folder}`, clone);
    repo.folder = clone;
    const partial = diff('HEAD~1', 'HEAD');
    assert.deepEqual([partial.code, partial.lines], [1, []]);
    assert.match(partial.err, /This clone does not have the content of that version/);
  });

  it('runs nothing that the repository names, in a linked work tree, and writes nothing', async () => {
    repo.write('trap.sh', `#!/bin/sh\ntouch '${repo.path('trapped')}'\ncat "$@"\n`);
    repo.write('.gitattributes', '*.yaml filter=trap diff=trap\n');
    repo.commit('trap');
    for (const name of [
      'filter.trap.clean',
      'filter.trap.smudge',
      'diff.trap.textconv',
      'diff.trap.command',
      'core.fsmonitor',
    ])
      repo.done('config', name, `sh '${repo.path('trap.sh')}'`);
    await change(3);
    const before = repo.done('-c', 'core.fsmonitor=', 'count-objects', '-v');
    assert.equal(diff('HEAD').lines.length, 2);
    assert.equal(diff().lines.length, 2);
    assert.equal(diff('--staged').lines.length, 0);
    assert.ok(!repo.has('trapped'));
    assert.equal(repo.done('-c', 'core.fsmonitor=', 'count-objects', '-v'), before);
    const linked = join(repo.home, 'linked');
    repo.done('-c', 'filter.trap.smudge=', '-c', 'filter.trap.clean=', 'worktree', 'add', '-q', linked, 'HEAD');
    repo.folder = linked;
    assert.deepEqual(diff('HEAD').lines, []);
  });
});

describe('git diff through lockstep textconv', function () {
  this.timeout(120_000);
  let cli: string;
  let repo: Repo;
  before(async () => {
    cli = await builtCli();
  });
  after(() => rmSync(cli));
  beforeEach(async () => {
    repo = new Repo(cli);
    await repo.seal('a.enc.yaml', `db:\n  password: ${canary(1)}\nold: ${canary(2)}\n`);
    repo.commit('base');
    assert.equal(repo.lockstep('git', 'install', '--diff', '--yes').code, 0);
    repo.commit('set up');
    await repo.edit('a.enc.yaml', (plain) => plain.replace(canary(1), canary(3)));
  });
  afterEach(() => repo.dispose());

  it('shows names, kinds and fingerprints, on each side the same for what is the same', () => {
    const shown = repo
      .done('diff')
      .split('\n')
      .filter((line) => /^[ +-]\S/.test(line));
    assert.ok(!shown.join('\n').includes('canary') && !shown.join('\n').includes('ENC['), shown.join('\n'));
    assert.deepEqual(
      shown.filter((line) => /^[+-][a-z]/.test(line)).map((line) => line.replace(/[0-9a-f]{8}$/, '#')),
      ['-db.password\tstr\t#', '+db.password\tstr\t#'],
    );
    assert.ok(shown.some((line) => /^ old\tstr\t[0-9a-f]{8}$/.test(line)));
    assert.ok(shown.some((line) => /^ reader age1/.test(line)));
    assert.equal(repo.done('for-each-ref', 'refs/notes'), '');
    assert.ok(!repo.lockstep('git', 'status').err.includes('textconv'), 'it is no leak');
  });

  it('gives the git of VS Code the ciphertext, byte for byte', () => {
    repo.env.VSCODE_GIT_COMMAND = 'show';
    assert.equal(repo.done('show', '--textconv', ':a.enc.yaml'), repo.done('cat-file', 'blob', ':a.enc.yaml'));
  });

  it('without a key shows ciphertext by fingerprints; without the program, as it is; a plain file without its values', async () => {
    const key = repo.env.SOPS_AGE_KEY;
    delete repo.env.SOPS_AGE_KEY;
    assert.match(repo.done('diff'), /-db\.password\tstr\t[0-9a-f]{8}\n\+db\.password\tstr\t[0-9a-f]{8}/);
    await repo.seal('c.enc.yaml', `a: ${canary(8)}\nnote_unencrypted: canary-old\n`);
    repo.done('add', 'c.enc.yaml');
    await repo.edit('c.enc.yaml', (plain) => plain.replace('canary-old', 'canary-new'));
    const clear = repo.done('diff', '--', 'c.enc.yaml');
    assert.match(
      clear,
      /-note_unencrypted\tstr\t([0-9a-f]{8})\tnot encrypted\n\+note_unencrypted\tstr\t(?!\1)[0-9a-f]{8}\tnot encrypted/,
    );
    assert.match(clear, /^ a\tstr\t[0-9a-f]{8}$/m);
    assert.ok(!clear.includes('canary'));
    repo.env.SOPS_AGE_KEY = key;
    repo.write('b.enc.yaml', `plain: ${canary(7)}\n`);
    repo.done('add', '-N', 'b.enc.yaml');
    const shown = repo.done('diff', '--', 'b.enc.yaml');
    assert.ok(shown.includes('+plain\tstr') && !shown.includes('canary'), shown);
    repo.env.PATH = (repo.env.PATH ?? '').split(':').slice(1).join(':');
    assert.match(repo.done('diff', '--', 'a.enc.yaml'), /^\+ +password: ENC\[/m);
  });

  it('is undone by git uninstall, and kept by git install', () => {
    const before = repo.read('.gitattributes');
    assert.match(before, /\*\.enc\.\* merge=lockstep diff=lockstep/);
    assert.match(repo.lockstep('git', 'install', '--yes').err, /Nothing changes/);
    assert.equal(repo.read('.gitattributes'), before);
    assert.equal(repo.lockstep('git', 'uninstall', '--yes').code, 0);
    assert.equal(repo.git('config', '--get-regexp', 'lockstep').code, 1);
    repo.done('config', 'diff.lockstep.textconv', 'sops decrypt');
    repo.write('.gitattributes', before);
    assert.match(repo.lockstep('git', 'status').err, /diff\.lockstep\.textconv/);
  });
});
