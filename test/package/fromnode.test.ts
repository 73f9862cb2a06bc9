import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { parse } from 'dotenv';
import type { AgentCode } from '../../src/core/agent/protocol.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { lonelyName } from '../../src/node/agent/place.ts';
import { openDoor } from '../../src/node/agent/server.ts';
import { root } from '../core/shared.ts';
import { alice, bob, clock, keyringOf } from '../core/support.ts';
import { scanFolders } from '../e2e/scanner.ts';
import { type Answer, backwards, startService } from '../node/keyservice/service.ts';
import { Fakes } from '../node/managers/fakes.ts';
import { missing, skipFor, windows } from '../skip.ts';
import { App, nodes, runtime } from './app.ts';

/** They are in the environment of no process that is asked to read them, and in no file but the encrypted ones. */
const canary = 'Kn0pf-4711!~braun';
const pem = '-----BEGIN X-----\\nZeile-eins#1\\nZeile-zwei\\n-----END X-----';
const orders = 'EBESExQVFhcYGRobHB0eHw==';
/** Of Java's cipher. */
const fromAnvil = 'AAECAwQFBgcICQoLsBF19wxygpfeFXMyRw2lm0k42jY5Wx29zjc4Mw==';
const plain = [
  `TOKEN="${canary}"`,
  "SINGLE='a # b \\n'",
  'BARE=two words # a remark',
  `PEM="${pem}"`,
  'ESCAPED="one\\ntwo"',
  'EMPTY=',
  'export EXPORTED=yes',
  `ENCRYPTION_KEY_ORDERS=${orders}`,
  '',
].join('\n');

const sealed = async (text: string, format: 'dotenv' | 'yaml', recipient = alice.recipient) =>
  (await seal(text, format, { recipients: [recipient] }, clock)).text;

/** What a program gets, by every function. */
const everything = `
  const out = {
    one: await getSecret('TOKEN'),
    again: getSecretSync('TOKEN'),
    named: await getSecrets(['BARE', 'lockstep:staging#db.password']),
    path: getSecretSync('db.password', { environment: 'staging' }),
    variable: getSecretSync('DB_PASSWORD', { files: ['secrets.staging.yaml'] }),
    all: Object.keys(getSecretsSync()).join(),
    has: [await hasSecret('TOKEN'), hasSecretSync('NONE'), await hasSecret('toString')],
    turned: decryptWithKeySync('orders', await encryptWithKey('ORDERS', 'Ä 1')),
    back: await decryptWithKey('orders', encryptWithKeySync('orders', 'b')),
    anvil: await decryptWithKey('ORDERS', '${fromAnvil}'),
    same: require('lockstep-secrets').SecretError === SecretError,
  };
  console.log(JSON.stringify(out));`;
const names =
  'getSecret, getSecretSync, getSecrets, getSecretsSync, hasSecret, hasSecretSync, encryptWithKey, encryptWithKeySync, decryptWithKey, decryptWithKeySync, SecretError';
const expected = {
  one: canary,
  again: canary,
  named: { BARE: 'two words', 'lockstep:staging#db.password': 'Vlies~0815?krumm' },
  path: 'Vlies~0815?krumm',
  variable: 'Vlies~0815?krumm',
  all: 'TOKEN,SINGLE,BARE,PEM,ESCAPED,EMPTY,EXPORTED,ENCRYPTION_KEY_ORDERS',
  has: [true, false, false],
  turned: 'Ä 1',
  back: 'b',
  anvil: 'Ada Lovelace',
  same: true,
};

describe('the npm package in a program', () => {
  const app = new App();
  before(async function () {
    skipFor(this, missing('runtimes', existsSync(nodes[22])));
    await app.install();
    app.write('.env', await sealed(plain, 'dotenv'));
    app.write('secrets.staging.yaml', await sealed('db:\n  password: Vlies~0815?krumm\n', 'yaml'));
    app.write(
      'both.mjs',
      `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nimport { ${names} } from 'lockstep-secrets';\n${everything}`,
    );
    app.write('both.cjs', `const { ${names} } = require('lockstep-secrets');\n(async () => {${everything}})();`);
    const beside = 'export const seen = process.env.TOKEN;';
    app.write('beside.mjs', beside);
    app.write('beside.ts', beside);
    const bundled = (ending: string) => `import 'lockstep-secrets/config';
import { getSecret, getSecretSync, SecretError } from 'lockstep-secrets';
import { seen } from './beside.${ending}';
const none = (error: unknown) => error instanceof SecretError && error.code;
const main = async () => console.log(JSON.stringify([seen, await getSecret('TOKEN'), getSecretSync('BARE'), await getSecret('NONE').catch(none)]));
main();`;
    app.write('app.ts', bundled('ts'));
    app.write('app.mjs', bundled('mjs').replace(': unknown', ''));
  });
  after(() => app.dispose());

  const printed = (words: readonly string[], env: NodeJS.ProcessEnv = {}, node?: string) => {
    const { code, out, err } = app.node(words, env, node);
    assert.equal(code, 0, err);
    return JSON.parse(out);
  };
  const show = (text: string) => ['--input-type=module', '-e', text];
  interface Told {
    readonly is: boolean;
    readonly code: string;
    readonly reason: string;
    readonly message: string;
  }
  /** Calls that fail, one after the other in one process: of each what both of its forms say. */
  const failing = (calls: readonly string[]) =>
    show(`import * as s from 'lockstep-secrets';
      const told = (e) => ({ is: e instanceof s.SecretError, code: e.code, reason: e.reason ?? '', message: e.message });
      const out = [];
      for (const [soon, now] of [${calls.map((call) => `[async () => s.${call}, () => s.${call.replace(/^(\w+)/, '$1Sync')}]`)}]) {
        const one = { soon: await soon().then(() => 'none', told), now: 'none' };
        try { now(); } catch (e) { one.now = told(e); }
        out.push(one);
      }
      console.log(JSON.stringify(out));`);
  const failures = (calls: readonly string[], env: NodeJS.ProcessEnv = {}): { soon: Told; now: Told }[] =>
    printed(failing(calls), env);
  type Case = readonly [call: string, code: string, message: RegExp];
  const checkFailures = (cases: readonly Case[], all: readonly { soon: Told; now: Told }[]) => {
    assert.equal(all.length, cases.length);
    cases.forEach(([call, code, message], i) => {
      const { soon, now } = all[i] ?? assert.fail();
      assert.deepEqual(now, soon, `both forms fail alike: ${call}`);
      assert.equal(soon.code, code, soon.message);
      assert.equal(soon.is, true);
      assert.match(soon.message, message);
      assert.ok(!JSON.stringify(soon).includes(canary) && !JSON.stringify(soon).includes(alice.identity.slice(0, 30)));
    });
    return all.map(({ soon }) => soon);
  };
  const fails = (cases: readonly Case[], env: NodeJS.ProcessEnv = {}) =>
    checkFailures(
      cases,
      failures(
        cases.map(([call]) => call),
        env,
      ),
    );

  for (const [version, node] of Object.entries(nodes))
    it(`gives secrets to CommonJS and to modules on Node ${version}`, () => {
      if (version !== '20') assert.match(app.node(['-v'], {}, node).out, new RegExp(`^v${version}\\.`));
      assert.deepEqual(printed(['both.cjs'], {}, node), expected);
      assert.deepEqual(printed(['both.mjs'], {}, node), expected);
    });

  it('stands in for dotenv/config: its reading, before the next module, and variables that are there stay', async () => {
    const wanted = parse(plain);
    const print = `console.log(JSON.stringify(Object.fromEntries(${JSON.stringify(Object.keys(wanted))}.map((n) => [n, process.env[n]]))))`;
    for (const node of Object.values(nodes))
      for (const way of ['--import', '--require'])
        assert.deepEqual(
          printed([way, 'lockstep-secrets/config', '-e', print], { NODE_OPTIONS: '' }, node),
          wanted,
          way,
        );
    const [kept, empty] = printed(
      show(`import 'lockstep-secrets/config'; console.log(JSON.stringify([process.env.TOKEN, process.env.BARE]))`),
      { TOKEN: 'own', BARE: '' },
    );
    assert.deepEqual([kept, empty], ['own', '']);
    app.write('.env.odd', await sealed('constructor=built\n', 'dotenv'));
    app.write('secrets.keys.yaml', await sealed(`a: b\nencryption_keys:\n  one: ${orders}\n`, 'yaml'));
    const own = (name: string) =>
      show(`import 'lockstep-secrets/config'; console.log(JSON.stringify(Object.hasOwn(process.env, '${name}')))`);
    assert.equal(printed(own('constructor'), { LOCKSTEP_ENV_NAME: 'odd' }), true);
    assert.equal(printed(own('A'), { LOCKSTEP_ENV_NAME: 'keys' }), true);
    assert.equal(printed(own('ENCRYPTION_KEYS_ONE'), { LOCKSTEP_ENV_NAME: 'keys' }), false, 'a key stays behind');
    assert.equal(printed(['app.mjs'])[0], canary);
    const staging = show(`import 'lockstep-secrets/config'; console.log(JSON.stringify(process.env.DB_PASSWORD))`);
    assert.equal(printed(staging, { LOCKSTEP_ENV_NAME: 'staging' }), 'Vlies~0815?krumm');
  });

  it('runs the program of docs/code.md', () => {
    app.write('server.mjs', readFileSync(join(root, 'test', 'recipes', 'node', 'server.mjs'), 'utf8'));
    const run = (environment: string) => app.node(['server.mjs'], { LOCKSTEP_ENV_NAME: environment });
    assert.deepEqual(run('staging'), { code: 0, out: 'password: 16 characters\n', err: '' });
    const { code, err } = run('');
    assert.equal(code, 1);
    assert.match(err, /^NO_SUCH_SECRET: There is no secret db\.password in \.env\.\n/);
  });

  it('remembers what it read, so a second call needs no file and no key', () => {
    const program = show(`import { getSecret, getSecretSync, getSecrets } from 'lockstep-secrets';
      import { renameSync } from 'node:fs';
      const [one, two] = await Promise.all([getSecret('TOKEN'), getSecret('BARE')]);
      renameSync('.env', 'gone'); delete process.env.SOPS_AGE_KEY;
      try { console.log(JSON.stringify([one, two, await getSecret('TOKEN'), getSecretSync('BARE'), (await getSecrets()).EXPORTED])); }
      finally { renameSync('gone', '.env'); }`);
    assert.deepEqual(printed(program), [canary, 'two words', canary, 'two words', 'yes']);
    const log = readFileSync(join(app.home, 'state', 'lockstep', 'access.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const last = JSON.parse(log.at(-1) ?? '');
    assert.equal(last.purpose, 'decrypt');
    assert.match(last.by, /\(process \d+\)$/);
    assert.deepEqual(last.key.split(', ').includes('TOKEN'), false, 'what was recorded is not recorded again');
  });

  it('tries again after a failure', () => {
    const program = show(`import { getSecret } from 'lockstep-secrets';
      const key = process.env.SOPS_AGE_KEY; delete process.env.SOPS_AGE_KEY;
      const first = await getSecret('TOKEN').catch((e) => e.code);
      process.env.SOPS_AGE_KEY = key;
      console.log(JSON.stringify([first, await getSecret('TOKEN')]));`);
    assert.deepEqual(printed(program), ['NO_KEY', canary]);
  });

  it('says what is wrong, alike in both forms, without a value', async () => {
    app.write('other.env', await sealed(plain, 'dotenv', bob.recipient));
    app.write('plain.env', plain);
    const text = app.read('.env');
    app.write('cut.env', text.replace(/^BARE=.*\n/m, ''));
    app.write(
      'changed.env',
      text.replace(/^(TOKEN=ENC\[AES256_GCM,data:)(.)/m, (_, head, sign) => head + (sign === 'A' ? 'B' : 'A')),
    );
    app.write('broken.yaml', 'a: [');
    const [name] = fails([
      [`getSecret('a\\nb\\u001b[31m')`, 'NO_SUCH_SECRET', /^There is no secret a\\u\{a\}b\\u\{1b\}\[31m in \.env\.\n/],
      [`getSecret('lockstep:')`, 'NO_SUCH_SECRET', /is no reference/],
      [`getSecret('TOKEN', { environment: 'nowhere' })`, 'NO_FILE', /no environment nowhere here/],
      [`getSecret('TOKEN', { files: ['absent.env'] })`, 'NO_FILE', /^absent\.env: /],
      [`getSecret('TOKEN', { keys: ['gpg', 'files'] })`, 'NO_KEY', /nothing but: gpg, files/],
      [
        `getSecret('TOKEN', { keys: ['enviroment'] })`,
        'FAILED',
        /LOCKSTEP_KEYS names enviroment, by which no key comes/,
      ],
      [`getSecret('TOKEN', { files: ['other.env'] })`, 'NO_KEY', /other\.env/],
      [`getSecret('TOKEN', { files: ['plain.env'] })`, 'NOT_ENCRYPTED', /is not encrypted/],
      [`getSecret('TOKEN', { files: ['cut.env'] })`, 'TAMPERED', /cut\.env/],
      [`getSecret('TOKEN', { files: ['changed.env'] })`, 'TAMPERED', /changed\.env: TOKEN/],
      [`getSecret('a', { files: ['broken.yaml'] })`, 'FAILED', /broken\.yaml/],
    ]);
    rmSync(join(app.folder, 'plain.env'));
    assert.match(name?.message ?? '', /There are: TOKEN, SINGLE/);
    fails([[`getSecret('TOKEN')`, 'NO_KEY', /SOPS_AGE_KEY: not set/]], { SOPS_AGE_KEY: undefined });
    fails([[`getSecret('TOKEN')`, 'NO_KEY', /LOCKSTEP_KEYS: keys come by nothing but: agent/]], {
      LOCKSTEP_KEYS: 'agent',
    });
  });

  it('tells a wrong key and a changed ciphertext as one error, and a bad key as another', async () => {
    const keys =
      'encryption_keys:\n  short: AAAA\n  wrong: AAECAwQFBgcICQoLDA0ODw==\n  long: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n';
    app.write('keys.yaml', await sealed(keys, 'yaml'));
    const changed = `${fromAnvil.slice(0, 20)}${fromAnvil[20] === 'A' ? 'B' : 'A'}${fromAnvil.slice(21)}`;
    const bad = ['', 'no base64!', 'AAAA', fromAnvil.slice(0, -8)];
    fails([
      [
        `decryptWithKey('none', '${fromAnvil}')`,
        'NO_SUCH_KEY',
        /^There is no encryption key none in \.env\.\nThere are: ORDERS\./,
      ],
      [`decryptWithKey('orders', '${changed}')`, 'TAMPERED', /altered|another/],
      ...bad.map((one): Case => [`decryptWithKey('orders', '${one}')`, 'TAMPERED', /./]),
      [
        `encryptWithKey('short', 'a', { files: ['keys.yaml'] })`,
        'BAD_KEY',
        /^Encryption key short: .* wrong length.\n.*16 or 32 bytes/,
      ],
      [`decryptWithKey('wrong', '${fromAnvil}', { files: ['keys.yaml'] })`, 'TAMPERED', /./],
    ]);
    const turned = show(`import * as s from 'lockstep-secrets'; const f = { files: ['keys.yaml'] };
      console.log(JSON.stringify(s.decryptWithKeySync('long', await s.encryptWithKey('long', 'a', f), f)));`);
    assert.equal(printed(turned), 'a');
  });

  it('refuses what is no text as a mistake of the program', () => {
    const texts = [`getSecret(undefined)`, `getSecret('A', { from: 1 })`, `encryptWithKey('orders', 1)`];
    const lists = [`getSecrets('A')`, `getSecret('A', { files: 'a.env' })`, `getSecret('A', { keys: 'agent' })`];
    const all = failures([...texts, ...lists, `getSecret('A', { enviroment: 'staging' })`]);
    assert.equal(all.length, 7);
    all.forEach(({ soon, now }, i) => {
      assert.deepEqual([soon.is, soon.message], [false, now.message]);
      const wanted = i < 3 ? /has to be a text/ : i < 6 ? /has to be a list of texts/ : /no option enviroment/;
      assert.match(soon.message, wanted);
    });
  });

  it('works in threads, and loads the variables once for all of them', () => {
    app.write(
      'thread.mjs',
      `import { Worker, isMainThread, parentPort } from 'node:worker_threads';
      import { getSecret, getSecretSync } from 'lockstep-secrets';
      const got = [process.env.TOKEN, await getSecret('TOKEN'), getSecretSync('BARE')];
      if (isMainThread) new Worker(new URL(import.meta.url)).on('message', (there) => console.log(JSON.stringify([got, there])));
      else parentPort.postMessage(got);`,
    );
    const wanted = [canary, canary, 'two words'];
    for (const node of Object.values(nodes)) {
      const log = join(app.home, 'state', 'lockstep', 'access.jsonl');
      rmSync(log, { force: true });
      assert.deepEqual(printed(['--import', 'lockstep-secrets/config', 'thread.mjs'], {}, node), [wanted, wanted]);
      const loaded = readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"exec-env"'));
      assert.equal(loaded.length, 1);
    }
  });

  it('starts a thread only for what has to be waited for', () => {
    const program = show(`import 'lockstep-secrets/config';
      import { encryptWithKeySync, getSecretSync, getSecretsSync, hasSecretSync } from 'lockstep-secrets';
      const encrypted = () => { try { return typeof encryptWithKeySync('orders', 'a'); } catch (e) { return e.message; } };
      console.log(JSON.stringify([process.env.TOKEN, encrypted(), getSecretSync('db.password', { environment: 'staging' }),
        hasSecretSync('NONE', { files: ['.env'] }), getSecretsSync().BARE, await Promise.resolve('soon')]));`);
    for (const [version, node] of Object.entries(nodes)) {
      const permission = version === '24' ? '--permission' : '--experimental-permission';
      const run = (...more: string[]) =>
        printed([permission, '--allow-fs-read=*', '--allow-fs-write=*', ...more, ...program], {}, node);
      const [token, message, ...others] = run();
      const rest = ['Vlies~0815?krumm', false, 'two words', 'soon'];
      assert.deepEqual([token, ...others], [canary, ...rest], `on Node ${version}`);
      assert.match(message, /This process may start no thread.*--allow-worker/s);
      assert.deepEqual(run('--allow-worker'), [canary, 'string', ...rest]);
    }
  });

  it('shares a process with another version of itself', () => {
    app.copy('0.0.9');
    const program = show(`import { createRequire } from 'node:module';
      import * as one from 'lockstep-secrets';
      const other = createRequire(process.cwd() + '/node_modules/other/')('lockstep-secrets');
      const errors = await Promise.all([one, other].map((s) => s.getSecret('NONE').catch((e) => e)));
      console.log(JSON.stringify([one.SecretError === other.SecretError, errors.map((e) => [e instanceof one.SecretError, e instanceof other.SecretError]),
        new Error('') instanceof one.SecretError, await one.getSecret('TOKEN'), other.getSecretSync('TOKEN')]));`);
    assert.deepEqual(printed(program), [
      false,
      [
        [true, true],
        [true, true],
      ],
      false,
      canary,
      canary,
    ]);
  });

  it('does not load itself into the programs that keys come from', () => {
    app.write(
      'key.mjs',
      `import { appendFileSync } from 'node:fs'; appendFileSync('asked', 'x'); console.log('${alice.identity}');`,
    );
    const env = {
      SOPS_AGE_KEY: undefined,
      SOPS_AGE_KEY_CMD: `"${process.execPath}" key.mjs`,
      NODE_OPTIONS: '--import lockstep-secrets/config',
    };
    assert.equal(printed(['-p', 'JSON.stringify(process.env.TOKEN)'], env), canary);
    assert.equal(app.read('asked'), 'x');
  });

  it('is silent where there is nothing to load, but for a warning, and stops the program where it cannot', () => {
    mkdirSync(join(app.home, 'bare', '.git'), { recursive: true });
    const config = join(app.folder, 'node_modules', 'lockstep-secrets', 'dist', 'npm', 'config.js');
    const words = ['-r', config, '-e', `process.chdir('/'); console.log('ran')`];
    const bare = app.node([
      '-e',
      `process.chdir(${JSON.stringify(join(app.home, 'bare'))}); require(${JSON.stringify(config)}); console.log('ran')`,
    ]);
    assert.equal(bare.out, 'ran\n', bare.err);
    assert.match(bare.err, /LockstepWarning: No secret file is in this folder/);
    const locked = app.node(words, { SOPS_AGE_KEY: undefined });
    assert.equal(locked.out, '');
    assert.notEqual(locked.code, 0);
    assert.match(locked.err, /SecretError\]?: \.env: /);
    const named = app.node(words, { LOCKSTEP_ENV_NAME: 'nowhere' });
    assert.match(named.err, /There is no environment nowhere here/);
    assert.equal(named.out, '');
  });

  it('gets a secret that another manager has, once, and says which did not come', async () => {
    const fakes = new Fakes();
    try {
      app.write(
        'managed.yaml',
        await sealed('a: op://Private/db/braun-item\nb: op://Private/db/nothing-there\n', 'yaml'),
      );
      const env = { PATH: `${fakes.bin}:${app.env.PATH}` };
      const program = show(`import * as s from 'lockstep-secrets'; const f = { files: ['managed.yaml'] };
        console.log(JSON.stringify([await s.getSecret('a', f), s.getSecretSync('a', f), s.hasSecretSync('b', f)]));`);
      assert.deepEqual(printed(program, env), ['canary-braun-item', 'canary-braun-item', true]);
      assert.equal(fakes.calls.length, 1);
      fails([[`getSecret('b', { files: ['managed.yaml'] })`, 'MANAGER', /managed\.yaml: b: /]], env);
    } finally {
      fakes.dispose();
    }
  });

  it('asks an agent in the order that is pinned, and says what it answered', async () => {
    const codes: AgentCode[] = ['LOCKED', 'LOCKED', 'DENIED', 'DENIED'];
    let count = 0;
    const around = { env: app.env, platform: process.platform };
    const door = await openDoor(around, lonelyName, async ({ keys }) => {
      count++;
      const code = codes.shift();
      if (code) return { code };
      const [opener] = await (await keyringOf(alice.identity)).openers();
      const open = async (enc: string) => opener?.unwrap({ kind: 'age', name: alice.recipient, enc });
      const opened = await Promise.all(keys.map(async (one) => ('enc' in one ? open(one.enc) : undefined)));
      return { keys: opened.map((key) => key && { key, recipient: alice.recipient }) };
    });
    const program = (...options: string[]) =>
      show(`import * as s from 'lockstep-secrets'; const f = { ${options.join()} }; const code = (e) => e.code;
        const now = () => { try { return s.getSecretSync('TOKEN', f); } catch (e) { return e.code; } };
        console.log(JSON.stringify([await s.getSecret('TOKEN', f).catch(code), now()]));`);
    const got = async (words: readonly string[], env: NodeJS.ProcessEnv = {}) => JSON.parse(await app.soon(words, env));
    try {
      const env = { SOPS_AGE_KEY: undefined };
      assert.deepEqual(await got(program(), env), ['LOCKED', 'LOCKED']);
      assert.deepEqual(await got(program(), env), ['DENIED', 'DENIED']);
      assert.deepEqual([await got(program(), env), count], [[canary, canary], 5]);
      assert.deepEqual([await got(program()), count], [[canary, canary], 5], 'the key of the environment comes first');
      assert.deepEqual(
        [await got(program(`keys: ['agent', 'environment']`)), count],
        [[canary, canary], 6],
        'unless another does',
      );
    } finally {
      door?.close();
    }
  });

  describe('with keys of a cloud', () => {
    const arn = 'arn:aws:kms:eu-west-1:111122223333:key/one';
    const importing = `import * as s from 'lockstep-secrets'; import { readFileSync } from 'node:fs';`;
    const values = `[await s.getSecret('a', { files: ['kms.yaml'] }), s.getSecretSync('a', { files: ['kms2.yaml'], keys: ['keyservice'] })]`;
    const both = show(`${importing} console.log(JSON.stringify(${values}));`);
    const got = async (words: readonly string[], env: NodeJS.ProcessEnv, node?: string) =>
      JSON.parse(await app.soon(words, env, node));
    let asked = 0;
    let answer: Answer = backwards;
    let service: Awaited<ReturnType<typeof startService>>;
    let env: NodeJS.ProcessEnv;

    before(async () => {
      service = await startService((method, request) => {
        asked++;
        return answer(method, request);
      }, 'tcp');
      env = { SOPS_AGE_KEY: undefined, SOPS_KEYSERVICE: service.uri, SOPS_ENABLE_LOCAL_KEYSERVICE: 'false' };
      const cli = join(app.folder, 'node_modules', 'lockstep-secrets', 'dist', 'cli.js');
      for (const name of ['kms.yaml', 'kms2.yaml']) {
        app.write(name, `a: ${canary}\n`);
        app.write(name, await app.soon([cli, 'encrypt', '--kms', arn, name], env));
        assert.ok(!app.read(name).includes(canary));
      }
    });
    beforeEach(() => {
      asked = 0;
      answer = backwards;
    });
    after(() => service?.close());

    it('asks the key service that the environment names, once for each file', async () => {
      for (const node of Object.values(nodes)) {
        asked = 0;
        assert.deepEqual([await got(both, env, node), asked], [[canary, canary], 2]);
      }
      assert.deepEqual(
        [
          printed(
            show(
              `import { getSecret } from 'lockstep-secrets'; console.log(JSON.stringify(await getSecret('TOKEN')));`,
            ),
            { SOPS_KEYSERVICE: service.uri },
          ),
          asked,
        ],
        [canary, 2],
        'a file of age asks none',
      );
    });

    it('does so in a bundle', async () => {
      app.write('clouds.mjs', both.at(-1) ?? '');
      const words = ['--bundle', '--platform=node', '--format=esm', '--minify', '--outfile=clouds.made.mjs'];
      assert.equal(
        app.node([runtime('esbuild', 'bin', 'esbuild'), 'clouds.mjs', '--log-level=warning', ...words]).err,
        '',
      );
      assert.deepEqual(await got(['clouds.made.mjs'], env), [canary, canary]);
    });

    it('says what the service said, and what is missing without one', async () => {
      const cases = (message: RegExp): Case[] => [[`getSecret('a', { files: ['kms.yaml'] })`, 'NO_KEY', message]];
      const call = cases(/./).map(([one]) => one);
      answer = () => ({ code: status.UNKNOWN, details: 'AccessDeniedException' });
      checkFailures(
        cases(/^kms\.yaml: .*could not use AWS KMS \(it says: AccessDeniedException\)/),
        await got(failing(call), env),
      );
      answer = () => ({ code: status.UNIMPLEMENTED, details: '' });
      checkFailures(cases(/uses no keys of AWS KMS\.\n.*SOPS_KEYSERVICE/), await got(failing(call), env));
      fails(cases(/No key service answers for AWS KMS\.\n.*SOPS_KEYSERVICE/), {
        ...env,
        SOPS_KEYSERVICE: 'http://127.0.0.1:1',
      });
      fails(cases(/opens only with AWS KMS, and that needs `sops` 3\.9 or newer/), {
        ...env,
        SOPS_KEYSERVICE: undefined,
      });
    });

    it('starts the sops of the user, and ends it when the file is open', async function () {
      skipFor(this, windows);
      // It listens where it is told, and hands all on.
      const { port } = new URL(service.uri.replace('tcp:', 'http:'));
      app.write(
        'hand.cjs',
        `require('node:fs').appendFileSync('${app.folder}/started', process.pid + ' ');
        const { createServer, connect } = require('node:net');
        createServer((one) => one.pipe(connect(${port}, '127.0.0.1')).pipe(one)).listen(process.argv[2]);`,
      );
      app.write(
        'bin/sops',
        `#!/bin/sh\n[ "$1" = --version ] && echo "sops 3.13.3" && exit\nexec "${process.execPath}" "${app.folder}/hand.cjs" "$5"\n`,
      );
      chmodSync(join(app.folder, 'bin', 'sops'), 0o755);
      const ended = show(`${importing} const got = ${values};
        const pids = readFileSync('started', 'utf8').trim().split(' ').map(Number);
        const lives = (pid) => { try { return process.kill(pid, 0); } catch { return false; } };
        for (let i = 0; i < 500 && pids.some(lives); i++) await new Promise((r) => setTimeout(r, 20));
        console.log(JSON.stringify([got, pids.length, pids.some(lives)]));`);
      const own = { SOPS_AGE_KEY: undefined, PATH: `${join(app.folder, 'bin')}:${app.env.PATH}` };
      assert.deepEqual(await got(ended, own), [[canary, canary], 2, false]);
    });
  });

  const bundled = [canary, canary, 'two words', 'NO_SUCH_SECRET'];
  const clean = (name: string) => assert.ok(!app.read(name).includes(canary), `${name} has the value`);

  it('has types that a strict program compiles with', () => {
    const used = `import { getSecret, getSecretsSync, SecretError, type SecretCode } from 'lockstep-secrets';
import 'lockstep-secrets/config';
export const one: Promise<string> = getSecret('a', { keys: ['agent'] });
export const all: Record<string, string> = getSecretsSync(['a']);
export const code = (e: unknown): SecretCode | undefined => (e instanceof SecretError ? e.code : undefined);
`;
    app.write('typed.mts', used);
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const compile = () =>
      app.node([tsc, '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', 'typed.mts']);
    assert.deepEqual(compile(), { code: 0, out: '', err: '' });
    app.write('typed.mts', used.replace(`'agent'`, `'agents'`));
    assert.match(compile().out, /'"agents"' is not assignable/);
  });

  it('runs under tsx', () => {
    assert.deepEqual(printed([runtime('tsx', 'dist', 'cli.mjs'), 'app.ts']), bundled);
    assert.equal(app.node([runtime('tsx', 'dist', 'cli.mjs'), 'app.ts']).err, '', 'and warns of nothing');
  });

  it('is bundled by esbuild, for both kinds of modules, and for no browser', () => {
    const esbuild = (...words: string[]) =>
      app.node([runtime('esbuild', 'bin', 'esbuild'), 'app.ts', '--bundle', '--log-level=warning', ...words]);
    for (const format of ['cjs', 'esm']) {
      const name = `made.${format === 'cjs' ? 'cjs' : 'mjs'}`;
      const made = esbuild('--platform=node', `--format=${format}`, '--minify', `--outfile=${name}`);
      assert.deepEqual(made, { code: 0, out: '', err: '' });
      clean(name);
      for (const node of Object.values(nodes)) assert.deepEqual(printed([name], {}, node), bundled, name);
    }
    const browser = esbuild('--outfile=browser.js');
    assert.notEqual(browser.code, 0);
    assert.match(browser.err, /"lockstep-secrets" because it was explicitly disabled/);
  });

  it('warns a script that bundles, and refuses a bundler', () => {
    app.link('esbuild');
    app.write(
      'build.mjs',
      `import { build } from 'esbuild'; import { getSecretSync } from 'lockstep-secrets';
      await build({ stdin: { contents: 'X' }, write: false, define: { X: JSON.stringify(getSecretSync('TOKEN')) } }); console.log('1');`,
    );
    assert.match(
      app.node(['build.mjs']).err,
      /LockstepWarning: esbuild is loaded in this process\. A secret that is read here must not go into a bundle/,
    );
    assert.equal(app.node(['build.mjs'], { LOCKSTEP_AT_BUILD: 'allow' }).err, '');
    const config = (more: string) =>
      `const { getSecretSync } = require('lockstep-secrets');
       module.exports = { mode: 'production', entry: './app.mjs', output: { path: __dirname, filename: 'webpacked.js' }, cache: { type: 'filesystem' }, ${more} };`;
    app.write('webpack.config.cjs', config(`target: 'node'`).replace(/^const.*/, ''));
    const webpack = (env: NodeJS.ProcessEnv = {}) =>
      app.node([runtime('webpack-cli', 'bin', 'cli.js'), '-c', 'webpack.config.cjs'], env);
    const made = webpack();
    assert.equal(made.code, 0, made.out + made.err);
    assert.doesNotMatch(made.out, /WARNING/);
    clean('webpacked.js');
    for (const node of Object.values(nodes)) assert.deepEqual(printed(['webpacked.js'], {}, node), bundled);
    app.write('webpack.config.cjs', config(`target: 'web'`).replace(/^const.*/, ''));
    assert.match(webpack().out, /"\." is not exported under the conditions/);
    app.write(
      'webpack.config.cjs',
      config(
        `plugins: [new (require('${runtime('webpack').replaceAll('\\', '/')}')).DefinePlugin({ X: getSecretSync('TOKEN') })]`,
      ),
    );
    const refused = webpack();
    assert.notEqual(refused.code, 0);
    assert.match(refused.out + refused.err, /webpack-cli makes a bundle, and would write the value into it/);
  });

  it('runs under vitest, in processes and in threads', () => {
    app.link('vitest');
    app.write(
      'a.test.mjs',
      `import { expect, it } from 'vitest'; import { createHash } from 'node:crypto';
      import { getSecret, getSecretSync } from 'lockstep-secrets'; import { seen } from './app2.mjs';
      it('reads', async () => expect([seen.length, (await getSecret('TOKEN')).length, getSecretSync('BARE')]).toEqual([${canary.length}, ${canary.length}, 'two words']));`,
    );
    app.write('app2.mjs', `import 'lockstep-secrets/config'; export const seen = process.env.TOKEN;`);
    for (const pool of ['forks', 'threads']) {
      const { code, out, err } = app.node([runtime('vitest', 'vitest.mjs'), 'run', `--pool=${pool}`], {}, nodes[22]);
      assert.equal(code, 0, out + err);
    }
  });

  it('leaves no value on the disk: in caches, logs of npm, or what Node keeps of compiled code', () => {
    const env = { NODE_COMPILE_CACHE: join(app.home, 'compiled') };
    assert.deepEqual(printed(['both.mjs'], env, nodes[24]), expected);
    assert.ok(existsSync(join(app.home, 'compiled')));
    app.write(
      'package.json',
      '{ "private": true, "scripts": { "start": "node --import lockstep-secrets/config fail.mjs" } }\n',
    );
    app.write(
      'fail.mjs',
      `import { getSecret } from 'lockstep-secrets'; await getSecret('TOKEN'); await getSecret('NONE');`,
    );
    const { code } = app.run('npm', ['start']);
    assert.notEqual(code, 0);
    assert.ok(existsSync(join(app.home, 'npm', '_logs')), 'npm has logs');
    assert.deepEqual(scanFolders([app.home], [canary, 'Vlies~0815?krumm', 'Zeile-eins#1']), []);
  });
});
