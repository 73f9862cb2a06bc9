// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are what loaders put variables into.
import assert from 'node:assert/strict';
import { alice } from '../core/support.ts';
import { describeUnless, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const env = `PLAIN=canary1
QUOTED="canary2 two"
export EXPORTED=canary3
TRAILING=canary4 # why
BREAK="canary5\\nmore"
PUT=\${PLAIN}-\${HOME}-\${SOPS_AGE_KEY:-none}
A-B=canary6
`;

describeUnless(windows, 'a .env as repositories have them', function () {
  this.timeout(60_000);
  const lab = new Lab();
  before(async () => {
    for (const [name, text] of [
      ['.env', env],
      ['flat.yaml', 'A: "x"\n'],
      ['simple.env', 'A=1\nB=two words\n'],
    ] as const) {
      lab.write(name, text);
      assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, name])).code, 0);
    }
    lab.write('bytes.env.enc', `${env}LINES="one\ntwo"\n`);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'bytes.env.enc'])).code, 0);
  });
  after(() => lab.dispose());

  const show = ['--', process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.env))'];
  const run = async (...args: string[]) => {
    const { code, out, err } = await lab.run(['exec-env', ...args, ...show]);
    assert.equal(code, 0, err);
    return { found: JSON.parse(out) as Record<string, string>, err };
  };
  const quiet = (err: string) => assert.doesNotMatch(err, /canary|two|more/);

  it('says once, by name, what a loader reads differently: when it is encrypted', async () => {
    lab.write('new.env', env);
    const { code, err } = await lab.run(['encrypt', '--age', alice.recipient, 'new.env']);
    assert.equal(code, 0);
    assert.equal(
      err,
      'lockstep: new.env: sops and exec-env use values as written; a program that loads a .env reads these ' +
        'differently: quotes: QUOTED, BREAK; export: export EXPORTED; comment: TRAILING; interpolation: PUT. ' +
        'exec-env --dotenv reads them as a loader does.\n',
    );
    lab.write('new.env', 'A=1\n');
    assert.equal((await lab.run(['encrypt', '--age', alice.recipient, 'new.env'])).err, '');
  });

  it('gives what sops gives, and says on stderr what a loader would have given instead', async () => {
    const { found, err } = await run('.env');
    assert.equal(found.QUOTED, '"canary2 two"');
    assert.equal(found['export EXPORTED'], 'canary3');
    assert.match(err, /quotes: QUOTED, BREAK; export: export EXPORTED; comment: TRAILING/);
    assert.match(err, /No shell can hold variables of these names, .*: export EXPORTED, A-B\. They are passed on/);
    quiet(err);
    assert.equal((await run('simple.env')).err, '');
    assert.equal((await run('flat.yaml')).err, '');
    assert.doesNotMatch((await run('--dotenv=literal', '.env')).err, /differently/);
  });

  it('gives with --dotenv what the loader gives', async () => {
    for (const words of [['--dotenv'], ['--dotenv=dotenv'], ['-dotenv']]) {
      const { found, err } = await run(...words, '.env');
      assert.deepEqual(
        [found.PLAIN, found.QUOTED, found.EXPORTED, found.TRAILING, found.BREAK, found['A-B']],
        ['canary1', 'canary2 two', 'canary3', 'canary4', 'canary5\nmore', 'canary6'],
      );
      assert.equal(found.PUT, '${PLAIN}-${HOME}-${SOPS_AGE_KEY:-none}');
      assert.match(err, /^lockstep: \.env: No shell can hold variables of these names, .*: A-B\./);
      quiet(err);
    }
    for (const loader of ['compose', 'python'])
      assert.equal((await run(`--dotenv=${loader}`, '.env')).found.PUT, `canary1-${lab.folder}-none`, loader);
    for (const loader of ['compose', 'python'])
      assert.equal((await run(`--dotenv=${loader}`, '--pristine', '.env')).found.PUT, 'canary1--none', loader);
  });

  it('reads a .env in a binary file, with its values of several lines', async () => {
    assert.equal((await run('--dotenv', 'bytes.env.enc')).found.LINES, 'one\ntwo');
  });

  it('refuses what is no .env, and a loader that it does not know', async () => {
    const other = await lab.run(['exec-env', '--dotenv', 'flat.yaml', ...show]);
    assert.deepEqual([other.code, other.out], [1, '']);
    assert.match(other.err, /--dotenv reads \.env files/);
    const unknown = await lab.run(['exec-env', '--dotenv=ruby', '.env', ...show]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.err, /--dotenv takes one of dotenv, compose, python, literal/);
  });

  it('refuses what the loader refuses, by line or name', async () => {
    for (const [text, expected] of [
      ['A=1\nB="canary\n', /line 2: A quoted value has no closing quote/],
      ['A=1\nB C=canary\n', /line 2: This is not a variable name/],
      ['A=${canary\n', /A: A \$\{ is not closed/],
      ['A=${NOT_SET:?canary}\n', /A: A required variable is not set/],
    ] as const) {
      lab.write('bad.env', text);
      await lab.run(['encrypt', '-i', '--age', alice.recipient, 'bad.env']);
      const { code, out, err } = await lab.run(['exec-env', '--dotenv=compose', 'bad.env', ...show]);
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, expected);
      assert.match(err, /docker compose would refuse the file/);
      assert.doesNotMatch(err, /canary/);
    }
  });

  describe('with a value of several lines', () => {
    const text = 'A=1\nKEY="-----BEGIN canary\nMIIcanary==\n-----END"\nB=2\n';

    it('is refused by name and lines, with the way to go', async () => {
      for (const one of [text, 'A=1\nKEY="canary=\nMIIcanary==\nend="\nB=2\n']) {
        lab.write('lines.env', one);
        const { code, out, err } = await lab.run(['encrypt', '--age', alice.recipient, 'lines.env']);
        assert.deepEqual([code, out], [2, '']);
        assert.match(err, /lines\.env: KEY, lines 2-4: The value has several lines/);
        assert.match(err, /encrypt --join-lines writes it on one line, with \\n/);
        assert.doesNotMatch(err, /canary/);
      }
    });

    it('is written on one line with --join-lines, and a loader reads the same', async () => {
      lab.write('lines.env', text);
      const { code, err } = await lab.run(['encrypt', '-i', '--join-lines', '--age', alice.recipient, 'lines.env']);
      assert.equal(code, 0, err);
      assert.match(err, /quotes: KEY\. /);
      assert.equal((await run('--dotenv', 'lines.env')).found.KEY, '-----BEGIN canary\nMIIcanary==\n-----END');
      const plain = (await lab.run(['decrypt', 'lines.env'])).out;
      assert.equal(plain, 'A=1\nKEY="-----BEGIN canary\\nMIIcanary==\\n-----END"\nB=2\n');
      const old = await lab.run(['-e', '--join-lines', '--age', alice.recipient, 'simple.env']);
      assert.equal(old.code, 203, old.err);
    });
  });
});

describe('YAML that a SOPS file cannot be', () => {
  const lab = new Lab();
  after(() => lab.dispose());

  const refused = async (name: string, text: string) => {
    lab.write(name, text);
    const { code, out, err } = await lab.run(['encrypt', '--age', alice.recipient, name]);
    assert.notEqual(code, 0);
    assert.equal(out, '');
    assert.doesNotMatch(err, /canary/);
    return err;
  };

  it('is told of a key that is not text, with its line', async () => {
    for (const text of ['a: canary\n1: canary\n', 'a: canary\ntrue: canary\n', 'a: canary\n? [canary]\n: x\n'])
      assert.match(
        await refused('k.yaml', text),
        /k\.yaml: line 2: A key is not text, such as a number or true\.\nPut it in quotes/,
      );
  });

  it('is told of a list at the top level', async () => {
    for (const [name, text] of [
      ['l.yaml', '- canary\n'],
      ['l.json', '["canary"]'],
    ] as const) {
      const err = await refused(name, text);
      assert.match(
        err,
        /The top level is a list or a single value; a SOPS file has a map there\.\nPut it under a name/,
      );
      assert.match(err, /--input-type binary --output-type binary/);
    }
  });

  it('can be encrypted as the message says', async () => {
    lab.write('l.yaml', '- canary\n');
    const types = ['--input-type', 'binary', '--output-type', 'binary'];
    assert.equal((await lab.run(['encrypt', '-i', ...types, '--age', alice.recipient, 'l.yaml'])).code, 0);
    assert.equal((await lab.run(['decrypt', ...types, 'l.yaml'])).out, '- canary\n');
  });
});
