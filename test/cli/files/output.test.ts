import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { alice } from '../../core/support.ts';
import { cannotMount } from '../../mounting.ts';
import { describeUnless, itUnless, notLinux, windows } from '../../skip.ts';
import { builtCli } from '../built.ts';
import { Lab } from '../lab.ts';

/** More than a pipe holds. */
const plain = Array.from({ length: 6000 }, (_, i) => `KEY_${i}=a value of some length ${i}\n`).join('');

describeUnless(windows, 'what the command line writes', function () {
  this.timeout(60_000);
  let cli: string;
  let lab: Lab;
  before(async () => {
    cli = await builtCli();
    lab = new Lab();
    lab.write('plain.env', plain);
    lab.write('a.env', (await lab.run(['encrypt', '--age', alice.recipient, 'plain.env'])).out);
  });
  after(() => {
    rmSync(cli);
    lab.dispose();
  });

  /** A line of bash, where `$L` is the command line. */
  const bash = (line: string) => {
    const env = lab.env({ L: `${process.execPath} ${cli}`, NODE: process.execPath, CLI: cli });
    return spawnSync('bash', ['-c', line], { cwd: lab.folder, env, encoding: 'utf8', maxBuffer: 1 << 26 });
  };
  const verbs = [
    `encrypt --age ${alice.recipient} plain.env`,
    'decrypt a.env',
    'rotate a.env',
    'decrypt --extract \'["KEY_7"]\' a.env',
    'filestatus a.env',
    'recipients list a.env',
    'completion bash',
    'completion fish',
    '--version',
    '--help',
    'help decrypt',
  ];

  for (const verb of verbs)
    itUnless(notLinux, `is exit code 3 where a device is full: ${verb.replace(/age1\w+/, 'age1…')}`, () => {
      const { status, stderr } = bash(`$L ${verb} > /dev/full`);
      assert.equal(status, 3, stderr);
      // `rotate` has named the readers before.
      assert.match(stderr, /^lockstep: Standard output: The disk is full.*\nThe output is incomplete/m);
    });

  itUnless(notLinux, 'is exit code 3 where the message has no room either', () => {
    assert.equal(bash('$L decrypt a.env > /dev/full 2> /dev/full').status, 3);
    assert.equal(bash('$L decrypt none.env 2> /dev/full').status, 100);
  });

  itUnless(notLinux, 'is exit code 3 for a device that --output names', () => {
    const { status, stderr } = bash('$L decrypt --output /dev/full a.env');
    assert.equal(status, 3);
    assert.match(stderr, /^lockstep: \/dev\/full: The disk is full/);
  });

  for (const verb of verbs.slice(0, 3))
    it(`is exit code 3 under a limit on files: ${verb.split(' ')[0]}`, () => {
      const { status, stderr } = bash(`ulimit -f 8; $L ${verb} > cut`);
      assert.equal(status, 3, stderr);
      assert.match(stderr, /disk is full, or a limit/);
      assert.ok(statSync(join(lab.folder, 'cut')).size <= 8192);
      rmSync(join(lab.folder, 'cut'));
    });

  it('is exit code 3 under a limit on files, and nothing is left, for --output and in place', () => {
    const before = lab.read('a.env');
    for (const verb of ['decrypt --output new', 'rotate --output new', 'rotate -i', 'decrypt -i']) {
      const { status, stderr } = bash(`ulimit -f 8; $L ${verb} a.env`);
      assert.equal(status, 3, stderr);
      assert.match(stderr, /disk is full/);
    }
    assert.equal(lab.read('a.env'), before);
    assert.deepEqual(
      readdirSync(lab.folder).filter((name) => name.includes('new') || name.endsWith('.tmp')),
      [],
    );
  });

  itUnless(cannotMount(), 'is exit code 3 on a small disk', () => {
    const disk = join(lab.folder, 'disk');
    mkdirSync(disk);
    assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', disk]).status, 0);
    try {
      const line = `$L encrypt --age ${alice.recipient} plain.env > disk/enc && rm plain.env`;
      assert.equal(bash(line).status, 3);
      assert.equal(lab.read('plain.env'), plain);
      rmSync(join(disk, 'enc'));
      assert.equal(bash('$L rotate --output disk/enc a.env').status, 3);
      assert.deepEqual(readdirSync(disk), []);
    } finally {
      assert.equal(spawnSync('umount', [disk]).status, 0);
      rmSync(disk, { recursive: true });
    }
  });

  it('comes whole through a pipe that is read late, and one that does not wait', () => {
    const late = bash('$L decrypt a.env | (sleep 0.5; cat)');
    assert.deepEqual([late.status, late.stdout], [0, plain]);
    const script = `new (require('node:net').Socket)({ fd: 1 });
      const { spawnSync } = require('node:child_process');
      const { status } = spawnSync(process.execPath, [process.env.CLI, 'decrypt', 'a.env'], { stdio: ['ignore', 1, 2] });
      process.exit(status);`;
    lab.write('impatient.cjs', script);
    const impatient = bash('set -o pipefail; $NODE impatient.cjs | (sleep 0.5; cat)');
    assert.deepEqual([impatient.status, impatient.stdout], [0, plain], impatient.stderr);
  });

  itUnless(notLinux, 'comes whole to a terminal', () => {
    const { status, stdout } = bash('script -qec "$L decrypt a.env" /dev/null < /dev/null');
    assert.equal(status, 0);
    assert.equal(stdout.replaceAll('\r\n', '\n'), plain);
  });

  it('ends in silence, as other programs do, when nobody reads any more', () => {
    for (const verb of ['decrypt a.env', 'decrypt --output /dev/stdout a.env', 'rotate a.env']) {
      const { stdout, stderr } = bash(`$L ${verb} | head -c 4; echo " \${PIPESTATUS[0]}"`);
      // `rotate` has named the readers before.
      const said = stderr.replace(/^lockstep: a\.env: The new data key is for:\n {2}age1\w+ \(yours\)\n/, '');
      assert.deepEqual([stdout, said], ['KEY_ 141\n', ''], verb);
    }
  });

  it('goes on where it stands in an open file, and nothing of a message is lost there', () => {
    const { status } = bash('(echo before; $L decrypt a.env; echo after) > all');
    assert.equal(status, 0);
    assert.equal(lab.read('all'), `before\n${plain}after\n`);
    const file = openSync(join(lab.folder, 'err'), 'w');
    spawnSync(process.execPath, [cli, 'decrypt', 'none.env'], {
      cwd: lab.folder,
      env: lab.env(),
      stdio: ['ignore', 'ignore', file],
    });
    closeSync(file);
    assert.match(lab.read('err'), /^lockstep: none\.env: .*\n$/);
  });

  it('is stricter than its own mode where the umask is', () => {
    const modes = (umask: string) => {
      const { status, stderr } = bash(
        `umask ${umask}; $L encrypt --age ${alice.recipient} --output e plain.env && rm -f d && $L decrypt --output d a.env`,
      );
      assert.equal(status, 0, stderr);
      return ['e', 'd'].map((name) => {
        const path = join(lab.folder, name);
        const mode = (statSync(path).mode & 0o777).toString(8);
        rmSync(path);
        return mode;
      });
    };
    assert.deepEqual(modes('022'), ['644', '600']);
    assert.deepEqual(modes('000'), ['644', '600']);
    assert.deepEqual(modes('027'), ['640', '600']);
    assert.deepEqual(modes('077'), ['600', '600']);
  });
});
