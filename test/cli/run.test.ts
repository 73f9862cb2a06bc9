import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { alice } from '../core/support.ts';
import { notLinux, skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const node = process.execPath;
const print = (name: string) => ['--', node, '-e', `console.log(process.env[${JSON.stringify(name)}])`];
const all = ['--', node, '-e', 'console.log(JSON.stringify(Object.keys(process.env)))'];

describe('run', () => {
  let lab: Lab;
  const files = {
    '.env.production': 'DB_URL=postgres://me:canary-pass-1@host/db\nTOKEN="canary token 2"\nSHORT=abc\nPORT=3000\n',
    'secrets.staging.yaml': 'db:\n  password: canary-nested-3\n  hosts: [canary-host-a, canary-host-b]\n',
    'twice.yaml': 'a:\n  b: canary-one-4\na_b: canary-two-5\n',
    '.env': 'DEFAULT=canary-default-6\n',
    'zero.yaml': 'a:\n  b: "canary\\0seven"\n',
  };
  before(async () => {
    lab = new Lab();
    for (const [name, text] of Object.entries(files)) {
      lab.write(name, text);
      assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, name])).code, 0);
    }
  });
  after(() => lab.dispose());

  const fails = async (code: number, what: RegExp, ...words: string[]) => {
    const ran = await lab.run(['run', ...words]);
    assert.equal(ran.code, code, ran.err);
    assert.match(ran.err, what);
    assert.doesNotMatch(ran.err + ran.out, /canary/);
    assert.equal(ran.out, '');
  };

  it('hides values in the output, under their names', async () => {
    const { out, err, code } = await lab.run(['run', '--env-name', 'production', ...print('DB_URL')]);
    assert.deepEqual([out, code], ['‹lockstep:DB_URL›\n', 0], err);
    const masked = await lab.run(['run', '--mask', '--env-name', 'production', ...print('TOKEN')]);
    assert.equal(masked.out, '********\n');
  });

  it('hides them on standard error and in base64, and leaves the rest', async () => {
    const script =
      'process.stderr.write("e " + process.env.TOKEN + " e"); console.log("o", btoa("x" + process.env.TOKEN), "o")';
    const { out, err } = await lab.run(['run', '--env-name', 'production', '--', node, '-e', script]);
    assert.match(err, /e ‹lockstep:TOKEN› e$/);
    assert.match(out, /^o .{0,3}‹lockstep:TOKEN›.{0,4} o\n$/);
  });

  it('says which values it cannot hide', async () => {
    const { err } = await lab.run(['run', '--env-name', 'production', '--', node, '-e', '']);
    assert.match(err, /shorter than 4 characters: SHORT; common words or numbers: PORT/);
  });

  it('leaves the output alone with --no-redact', async () => {
    const { out } = await lab.run(['run', '--no-redact', '--env-name', 'production', ...print('TOKEN')]);
    assert.equal(out, 'canary token 2\n');
  });

  it('takes the files that speak of no environment, and those of a folder above', async () => {
    assert.equal((await lab.run(['run', '--no-redact', ...print('DEFAULT')])).out, 'canary-default-6\n');
    const stage = await lab.run(['run', '--no-redact', '--env-name', 'stage', ...print('DB_PASSWORD')]);
    assert.equal(stage.out, 'canary-nested-3\n', stage.err);
    const below = join(lab.folder, 'src', 'deep');
    mkdirSync(below, { recursive: true });
    const { out } = await lab.run(['run', '--no-redact', '--env-name', 'Staging', ...print('DB_PASSWORD')], {
      cwd: below,
    });
    assert.equal(out, 'canary-nested-3\n');
  });

  it('gives a secret by its key path or its variable, and no other one', async () => {
    for (const name of ['db.password', 'DB_PASSWORD']) {
      const { out } = await lab.run([
        'run',
        '-f',
        'secrets.staging.yaml',
        '--secret',
        `PW=${name}`,
        '--env',
        'X=1=2',
        ...all,
      ]);
      const names = JSON.parse(out) as string[];
      assert.ok(names.includes('PW') && names.includes('X'), out);
      assert.ok(!names.some((one) => one.startsWith('DB_') || one.startsWith('SOPS_AGE')), out);
    }
    const words = [
      'run',
      '--no-redact',
      '-f',
      'secrets.staging.yaml',
      '--secret',
      'H=db.hosts[1]',
      '--secret',
      'I=db.hosts.0',
    ];
    assert.equal((await lab.run([...words, ...print('H')])).out, 'canary-host-b\n');
    assert.equal((await lab.run([...words, ...print('I')])).out, 'canary-host-a\n');
    assert.equal((await lab.run(['run', '--env', 'X=1=2', ...print('X')])).out, '1=2\n');
  });

  it('gives secrets of several environments, by references', async () => {
    const show = ['--no-redact', '--', node, '-e', 'console.log(process.env.A, process.env.B, process.env.TOKEN)'];
    const run = (...words: string[]) => lab.run(['run', ...words, ...show]);
    const both = await run(
      '--env-name',
      'production',
      '--secret',
      'A=TOKEN',
      '--secret',
      'B=lockstep:staging#db.password',
    );
    assert.equal(both.out, 'canary token 2 canary-nested-3 undefined\n', both.err);
    // Only the files that are named are opened.
    const other = await run('--secret', 'A=lockstep:production#TOKEN', '--secret', 'B=lockstep:staging#DB_PASSWORD');
    assert.equal(other.out, 'canary token 2 canary-nested-3 undefined\n', other.err);
    const own = await run(
      '--env-name',
      'production',
      '--secret',
      'A=lockstep:production#TOKEN',
      '--secret',
      'B=lockstep:#PORT',
    );
    assert.equal(own.out, 'canary token 2 3000 undefined\n', own.err);
  });

  it('takes the files that speak of no environment where both flags say so, as VS Code does', async () => {
    const { out, err } = await lab.run([
      'run',
      '--env-name',
      '',
      '--env-from',
      lab.folder,
      '--no-redact',
      ...print('DEFAULT'),
    ]);
    assert.equal(out, 'canary-default-6\n', err);
    await fails(1, /names no environment/, '--env-name', '', ...print('DEFAULT'));
  });

  it('refuses references that are none, or name what is not there', async () => {
    await fails(1, /--secret A: /, '--secret', 'A=lockstep:production', ...print('A'));
    await fails(1, /--secret A: /, '--secret', 'A=lockstep:production#', ...print('A'));
    await fails(100, /gone/, '--secret', 'A=lockstep:gone#x', ...print('A'));
    await fails(1, /no secret x/, '--secret', 'A=lockstep:staging#x', ...print('A'));
    // As it stands in a task.
    await fails(1, /write lockstep:staging#db\.password\./, '--secret', 'A=staging#db.password', ...print('A'));
  });

  it('lets files of -f replace each other in their order', async () => {
    lab.write('.env.more', 'TOKEN=other\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, '.env.more'])).code, 0);
    const words = ['run', '--no-redact', '-f', '.env.production', '-f', '.env.more', ...print('TOKEN')];
    assert.equal((await lab.run(words)).out, 'other\n');
  });

  it('gives nothing else with --pristine', async () => {
    const { out } = await lab.run(['run', '--pristine', ...all]);
    assert.deepEqual(JSON.parse(out), ['DEFAULT']);
  });

  it('passes exit codes and signals on', async function () {
    assert.equal((await lab.run(['run', '--', node, '-e', 'process.exit(7)'])).code, 7);
    skipFor(this, windows);
    assert.equal((await lab.run(['run', '--', 'sh', '-c', 'kill -TERM $$'])).code, 143);
  });

  it('gives the program real pipes', async function () {
    skipFor(this, windows);
    const { out, err } = await lab.run([
      'run',
      '--',
      'sh',
      '-c',
      'echo "$DEFAULT" > /dev/stdout; echo e > /dev/stderr',
    ]);
    assert.equal(out, '‹lockstep:DEFAULT›\n');
    assert.match(err, /^e\n/m);
  });

  it('takes files from a commit', async () => {
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: lab.folder, stdio: 'pipe' });
    git('init', '-q');
    lab.write('.env.old', 'TOKEN=canary-then-8\n');
    await lab.run(['encrypt', '-i', '--age', alice.recipient, '.env.old']);
    git('add', '.env.old');
    git('commit', '-qm', 'one');
    await lab.run(['set', '.env.old', '["TOKEN"]', '"canary-now-9"']);
    const token = async (...words: string[]) =>
      (await lab.run(['run', '--no-redact', '-f', '.env.old', ...words, ...print('TOKEN')])).out;
    assert.deepEqual([await token(), await token('--rev', 'HEAD')], ['canary-now-9\n', 'canary-then-8\n']);
    await fails(100, /\.env\.old at HEAD~5 is not there/, '--rev', 'HEAD~5', '-f', '.env.old', '--', node);
    await fails(100, /at --output=x is not there/, '--rev=--output=x', '-f', '.env.old', '--', node);
  });

  describe('starts nothing for', () => {
    it('no program, and one that is not there', async () => {
      await fails(1, /No program is named/);
      await fails(1, /No program is named/, '--');
      await fails(1, /No program is named/, '--', '');
      await fails(1, /It takes no words.*\n.*No program is named/, '-f', '.env', 'npm');
      await fails(127, /no-such-program: There is no such program/, '--', 'no-such-program');
    });

    it('a program that the system does not start', async function () {
      skipFor(this, windows);
      lab.write('plain', 'x');
      await fails(126, /\.\/plain: The program could not be started\./, '--', './plain');
    });

    it('a variable that is larger than the system takes', async function () {
      skipFor(this, notLinux);
      lab.write('.env.large', `LARGE=canary${'x'.repeat(131_060)}\n`);
      assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, '.env.large'])).code, 0);
      await fails(126, /variable LARGE would be larger/, '-f', '.env.large', '--', node);
    });

    it('bytes, a NUL, and an entry without a name', async () => {
      lab.write('bytes.bin', Uint8Array.of(0x63, 0xff, 0xfe));
      lab.write('nul.json', '{"a": "can\\u0000ary"}');
      lab.write('nameless.yaml', '"": canary\n');
      for (const name of ['bytes.bin', 'nul.json', 'nameless.yaml'])
        assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, name])).code, 0);
      await fails(1, /bytes\.bin: An environment holds text only/, '-f', 'bytes.bin', '--', node);
      await fails(1, /nul\.json: a: .*no NUL within a text/, '-f', 'nul.json', '--', node);
      await fails(
        1,
        /nameless\.yaml.*An environment variable cannot have this name/,
        '-f',
        'nameless.yaml',
        '--',
        node,
      );
    });

    it('an environment that is not there, with those that are', async () => {
      await fails(1, /--env-name names no environment/, '--env-name', '', '--', node);
      await fails(100, /no environment nope here.*\n.*production, staging/, '--env-name', 'nope', '--', node);
    });

    it('a name that is not there, with those that are', async () => {
      const words = ['-f', 'secrets.staging.yaml', '--secret', 'A=db.nope', '--', node];
      await fails(1, /no secret db\.nope in secrets\.staging\.yaml.*\n.*db\.password, db\.hosts\[0\]/, ...words);
    });

    it('pairs that are none, without what stands behind the sign', async () => {
      const at = ['-f', 'secrets.staging.yaml'];
      await fails(
        1,
        /--secret number 2 is not of the form ENV=NAME/,
        ...at,
        '--secret',
        'A=db.password',
        '--secret',
        'canary',
        '--',
        node,
      );
      await fails(1, /--env number 1 is not of the form/, ...at, '--env', '=canary', '--', node);
      await fails(1, /--env number 1: 1A is no name/, ...at, '--env', '1A=canary', '--', node);
      await fails(1, /--secret A= names no secret/, ...at, '--secret', 'A=', '--', node);
      await fails(1, /variable A is given twice/, ...at, '--secret', 'A=db.password', '--env', 'A=canary', '--', node);
      await fails(
        1,
        /variable DB_PASSWORD is in a file, and is given by --env/,
        ...at,
        '--env',
        'DB_PASSWORD=x',
        '--',
        node,
      );
      await fails(8, /contradict/, ...at, '--mask', '--no-redact', '--', node);
    });

    it('two entries of one variable, a value that no variable holds, a file that does not open', async () => {
      await fails(
        1,
        /would be the variable A_B: twice\.yaml: a\.b and twice\.yaml: a_b/,
        '-f',
        'twice.yaml',
        '--',
        node,
      );
      await fails(1, /zero\.yaml: a\.b/, '-f', 'zero.yaml', '--', node);
      const { code } = await lab.run(['run', '--', node], { env: { SOPS_AGE_KEY: '' } });
      assert.equal(code, 128);
    });
  });

  it('tells two entries of one variable apart by --secret', async () => {
    const words = ['run', '--no-redact', '-f', 'twice.yaml', '--secret', 'X=a_b', '--secret', 'Y=a.b'];
    assert.equal((await lab.run([...words, ...print('X')])).out, 'canary-two-5\n');
    assert.equal((await lab.run([...words, ...print('Y')])).out, 'canary-one-4\n');
  });
});
