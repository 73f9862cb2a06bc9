import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alice, bob } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const names = ['--', process.execPath, '-e', 'console.log(JSON.stringify(process.env))'];
const where = '.lockstep/environments.yaml';

describe('environments on the command line', () => {
  let lab: Lab;
  const seal = async (name: string, text: string, recipient = alice.recipient) => {
    lab.write(name, text);
    const { code, err } = await lab.run(['encrypt', '-i', '--age', recipient, name]);
    assert.equal(code, 0, err);
  };
  before(async () => {
    lab = new Lab();
    for (const folder of ['.git', '.lockstep', 'config', 'app/src', 'app/.lockstep'])
      mkdirSync(join(lab.folder, folder), { recursive: true });
    await seal('.env', 'DEFAULT=canary-default\n');
    await seal('.env.production', 'BY_NAME=canary-by-name\n');
    await seal('config/prod.env', 'URL="canary url" # of the team\nOTHER=canary-other\nX=$URL/x\n');
    await seal('config/db.yaml', 'db:\n  password: canary-password\n  user: canary-user\nother: canary-later\n');
    await seal('bobs.yaml', 'a: canary-bob\n', bob.recipient);
    await seal('zero.yaml', 'a:\n  b: "canary\\0zero"\n');
    await seal('twice.yaml', 'a:\n  b: canary-1\na_b: canary-2\n');
    lab.write('plain.yaml', 'a: canary-plain\n');
  });
  after(() => lab.dispose());
  beforeEach(() => lab.write(where, ''));

  const runs = async (words: readonly string[], cwd = lab.folder) => {
    const { out, err, code } = await lab.run(['run', '--no-redact', '--pristine', ...words, ...names], { cwd });
    assert.equal(code, 0, err);
    return JSON.parse(out) as Record<string, string>;
  };
  const fails = async (code: number, what: RegExp, ...words: string[]) => {
    const ran = await lab.run(['run', ...words, '--', process.execPath, '-e', 'console.log("it ran")']);
    assert.equal(ran.code, code, ran.err);
    assert.match(ran.err, what);
    assert.doesNotMatch(ran.err + ran.out, /canary|it ran/);
  };
  const production = `# what production is
production:
  files: [config/prod.env, config/db.yaml]
  loader: compose
  variables: { db.password: PGPASSWORD }
`;

  it('take the files, the loader and the variables that are written down', async () => {
    lab.write(where, production);
    assert.deepEqual(await runs(['--env-name', 'production']), {
      ...{ URL: 'canary url', X: 'canary url/x', OTHER: 'canary-later' },
      ...{ PGPASSWORD: 'canary-password', DB_USER: 'canary-user' },
    });
    const literal = await runs(['--env-name', 'prod', '--dotenv=literal', '--rename', 'PGUSER=db.user']);
    assert.equal(literal.URL, '"canary url" # of the team');
    assert.deepEqual(
      [literal.PGUSER, literal.PGPASSWORD, literal.DB_USER],
      ['canary-user', 'canary-password', undefined],
    );
    assert.deepEqual(await runs(['--env-name', 'production', '--secret', 'P=PGPASSWORD', '--secret', 'O=other']), {
      ...{ P: 'canary-password', O: 'canary-later' },
    });
  });

  it('are found from a folder below, and from another one', async () => {
    lab.write(where, `${production}development: { default: true, files: [config/db.yaml] }\n`);
    const below = join(lab.folder, 'app', 'src');
    assert.equal((await runs(['--env-name', 'production'], below)).PGPASSWORD, 'canary-password');
    assert.equal((await runs([], below)).DB_PASSWORD, 'canary-password');
    const elsewhere = mkdtempSync(join(tmpdir(), 'lockstep-elsewhere-'));
    try {
      const found = await runs(['--env-name', 'production', '--env-from', below], elsewhere);
      assert.equal(found.PGPASSWORD, 'canary-password');
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('are listed, without a key', async () => {
    lab.write(where, `${production}qa: { files: [config/db.yaml], default: true }\n`);
    const given = { env: { SOPS_AGE_KEY: undefined } };
    const { out, code } = await lab.run(['environments'], given);
    assert.equal(code, 0);
    assert.equal(
      out,
      [
        '\t.env',
        'production\tconfig/prod.env, config/db.yaml\tcompose, db.password=PGPASSWORD',
        'qa\tconfig/db.yaml\tdefault\n',
      ].join('\n'),
    );
    const json = JSON.parse((await lab.run(['environments', '--json', '--env-from', 'app'], given)).out);
    assert.deepEqual(json[1], {
      ...{ name: 'production', files: ['config/prod.env', 'config/db.yaml'], loader: 'compose' },
      ...{ variables: { 'db.password': 'PGPASSWORD' }, default: false },
    });
  });

  it('have no secret of a wrong name, and none that goes nowhere', async () => {
    await fails(100, /no environment qa here\.\n.*Environments that there are: production\./, '--env-name', 'qa');
    lab.write(where, production.replace('db.password', 'db.pasword'));
    await fails(1, /environments\.yaml: There is no secret db\.pasword in /, '--env-name', 'production');
    lab.write(where, production);
    await fails(
      1,
      /There is no secret db\.pass in .*\n.*There are: /,
      '--env-name',
      'production',
      '--secret',
      'P=db.pass',
    );
    lab.write(where, `${production}"*": { variables: { 'not.everywhere': X } }\n`);
    assert.equal((await runs(['--env-name', 'production'])).PGPASSWORD, 'canary-password', 'what is said of all');
    lab.write(where, production);
    await fails(1, /There is no secret x in /, '--env-name', 'production', '--rename', 'P=x');
    await fails(1, /--rename number 1 is not of the form ENV=NAME/, '--env-name', 'production', '--rename', 'P');
    await fails(1, /--rename P= names no secret/, '--env-name', 'production', '--rename', 'P=');
    await fails(1, /The variable P is given twice/, '--rename', 'P=a', '--rename', 'P=b');
    await fails(
      100,
      /^lockstep: nowhere: There is no such folder/,
      '--env-from',
      'nowhere',
      '--env-name',
      'production',
    );
    await fails(8, /contradict each other/, '--env-name', 'production', '-f', '.env');
  });

  it('start nothing where a file does not open, or a value or a name cannot be handed on', async () => {
    const is = (files: string, more = '') => lab.write(where, `e: { files: [config/db.yaml, ${files}]${more} }\n`);
    const cases: [files: string, code: number, what: RegExp][] = [
      ['bobs.yaml', 128, /bobs\.yaml/],
      ['plain.yaml', 1, /plain\.yaml: .*not encrypted/],
      ['gone.yaml', 100, /gone\.yaml/],
      ['config', 2, /config: This is a folder/],
      ['zero.yaml', 1, /zero\.yaml: a\.b: /],
      ['twice.yaml', 1, /Two entries would be the variable A_B: .*twice\.yaml: a\.b and .*twice\.yaml: a_b/],
    ];
    for (const [files, code, what] of cases) {
      is(files);
      await fails(code, what, '--env-name', 'e');
    }
    is('twice.yaml', ', variables: { a.b: FIRST }');
    assert.deepEqual(Object.keys(await runs(['--env-name', 'e'])).sort(), [
      ...['A_B', 'DB_PASSWORD', 'DB_USER', 'FIRST', 'OTHER'],
    ]);
  });

  it('are refused with the line where they are hostile', async () => {
    const line = (text: string) => `x: {}\ne: { files: [${text}] }\n`;
    for (const file of ['../other/.env', '/etc/passwd', 'a/../../b', '"C:\\\\x"', '"a\\0b"', '"\\e[31mred"', '""']) {
      lab.write(where, line(file));
      await fails(
        1,
        /^lockstep: \.lockstep\/environments\.yaml: line 2: e\.files: .*cannot be named so/,
        '--env-name',
        'e',
      );
    }
    lab.write(
      where,
      `a: &a [${'x, '.repeat(9)}x]\n${Array.from({ length: 9 }, (_, i) => `b${i}: &b${i} [${`*${i ? `b${i - 1}` : 'a'}, `.repeat(9)}]`).join('\n')}\n`,
    );
    await fails(1, /environments\.yaml/, '--env-name', 'e');
    lab.write(where, `# ${'x'.repeat(300_000)}\n${line('.env')}`);
    await fails(1, /environments\.yaml: .*larger/, '--env-name', 'e');
    lab.write(where, Buffer.from([0x65, 0x3a, 0xff, 0xfe]));
    await fails(1, /environments\.yaml/, '--env-name', 'e');
    lab.write(where, '"\\e[31mred": {}\n');
    const { err } = await lab.run(['environments']);
    assert.match(err, /\\u001b\[31mred/);
  });

  it('never lead out of the repository by a link', async function () {
    skipFor(this, windows);
    const elsewhere = mkdtempSync(join(tmpdir(), 'lockstep-elsewhere-'));
    try {
      writeFileSync(join(elsewhere, 'other.env'), lab.read('.env'));
      writeFileSync(join(elsewhere, 'environments.yaml'), 'production: { files: [.env] }\n');
      symlinkSync(join(elsewhere, 'other.env'), join(lab.folder, '.env.linked'));
      await fails(1, /^lockstep: \.env\.linked: .*leads out of the repository/, '--env-name', 'linked');
      lab.write(where, 'e: { files: [.env.linked] }\n');
      await fails(1, /leads out of the repository/, '--env-name', 'e');
      assert.equal((await runs(['-f', '.env.linked'])).DEFAULT, 'canary-default', 'a person may name it');
      symlinkSync(join(elsewhere, 'environments.yaml'), join(lab.folder, 'app', where));
      await fails(1, /environments\.yaml: .*leads out/, '--env-from', 'app', '--env-name', 'production');
    } finally {
      for (const path of [elsewhere, join(lab.folder, '.env.linked'), join(lab.folder, 'app', where)])
        rmSync(path, { recursive: true, force: true });
    }
  });
});
