import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alice } from '../../core/support.ts';
import { type Given, Lab } from '../lab.ts';

const key = Buffer.from('0123456789abcdef').toString('base64');
const long = Buffer.alloc(32, 9).toString('base64');

describe('encryption-key', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = new Lab();
    lab.write('secrets.yaml', 'db:\n    password: correct-horse\n');
    await encrypt('secrets.yaml');
  });
  afterEach(() => lab.dispose());

  const encrypt = async (file: string) => ok(['encrypt', '-i', '--age', alice.recipient, file]);
  const ok = async (args: readonly string[], given: Given = {}) => {
    const ran = await lab.run(args, given);
    assert.equal(ran.code, 0, ran.err);
    return ran;
  };
  const keys = (...words: string[]) => ['encryption-key', ...words];
  const extract = async (file: string, path: string) => (await ok(['decrypt', '--extract', path, file])).out;

  it('adds a key from standard input, lists it without its value, and removes it', async () => {
    const before = (await ok(['decrypt', 'secrets.yaml'])).out;
    const added = await ok(keys('add', 'orders'), { stdin: `${key}\n` });
    assert.equal(added.out, '');
    assert.match(added.err, /The encryption key orders was added to secrets\.yaml/);
    assert.equal(await extract('secrets.yaml', '["encryption_keys"]["orders"]'), key);
    await ok(keys('generate', '--bits', '256', 'users'));
    const { out } = await ok(keys('list'));
    assert.equal(out, 'orders\t128\tsecrets.yaml\nusers\t256\tsecrets.yaml\n');
    const listed = JSON.parse((await ok(keys('list', '--json'))).out);
    assert.deepEqual(listed[0], { name: 'orders', bits: 128, file: 'secrets.yaml', encrypted: true });
    await ok(keys('remove', '--yes', 'orders'));
    await ok(keys('remove', '--yes', 'users'));
    assert.equal((await ok(['decrypt', 'secrets.yaml'])).out, before);
  });

  it('resets a key after a question that says what becomes unreadable', async () => {
    await ok(keys('generate', '--bits', '256', 'orders'));
    const old = await extract('secrets.yaml', '["encryption_keys"]["orders"]');
    const file = lab.read('secrets.yaml');
    for (const given of [{}, { answers: ['n'] }]) {
      const { code, err } = await lab.run(keys('reset', 'orders'), given);
      assert.equal(code, 1);
      assert.match(err, /cannot be decrypted without it/);
      assert.match(err, /Nothing was changed/);
      assert.equal(lab.read('secrets.yaml'), file);
    }
    await ok(keys('reset', 'orders'), { answers: ['y'] });
    const fresh = await extract('secrets.yaml', '["encryption_keys"]["orders"]');
    assert.notEqual(fresh, old);
    assert.equal(fresh.length, old.length);
    assert.equal((await lab.run(keys('remove', 'orders'))).code, 1);
  });

  it('says what becomes unreadable where set and unset put another value in its place, and refuses what is no key', async () => {
    await ok(keys('add', 'orders'), { stdin: key });
    const at = '["encryption_keys"]["orders"]';
    const file = lab.read('secrets.yaml');
    for (const value of ['"swordfish"', '"aGVsbG8="']) {
      const { code, err } = await lab.run(['set', 'secrets.yaml', at, value]);
      assert.equal(code, 1, err);
      assert.match(err, /secrets\.yaml: encryption_keys\.orders: This (?:is no|encryption key)/);
      assert.ok(!err.includes('swordfish'), err);
    }
    const verbs = [
      ['set', 'secrets.yaml', at, JSON.stringify(long)],
      ['set', 'secrets.yaml', '["encryption_keys"]', '{}'],
      ['unset', 'secrets.yaml', at],
      ['unset', 'secrets.yaml', '["encryption_keys"]'],
    ];
    for (const words of verbs) {
      const { code, err } = await lab.run(words, { answers: ['n'] });
      assert.equal(code, 1, err);
      assert.match(
        err,
        /encryption key orders in secrets\.yaml[\s\S]*cannot be decrypted without it[\s\S]*Nothing was changed/,
      );
    }
    assert.equal(lab.read('secrets.yaml'), file);
    assert.equal((await ok(['set', 'secrets.yaml', at, JSON.stringify(key)])).err, '', 'it is the same key');
    assert.match((await ok(['set', 'secrets.yaml', at, JSON.stringify(long)])).err, /cannot be decrypted without it/);
    assert.equal((await ok(['set', 'secrets.yaml', '["db"]["password"]', '"swordfish"'])).err, '');
    assert.equal((await ok(['set', 'secrets.yaml', '["encryption_keys"]["mine"]', '"swordfish"'])).err, '');
    assert.equal((await ok(['set', 'secrets.yaml', '["encryption_keys"]["mine"]', '"trout"'])).err, '');
    assert.equal(await extract('secrets.yaml', at), long);
  });

  describe('in an edit', () => {
    const edit = (script: string, given: Given = {}, args = ['edit', 'secrets.yaml']) => {
      const runtime = lab.folder;
      const file = lab.write(
        'editor.cjs',
        `const fs = require('fs'); const path = process.argv[2]; const text = fs.readFileSync(path, 'utf8');
         const save = (text) => fs.writeFileSync(path, text); ${script}`,
      );
      const env = { SOPS_EDITOR: `"${process.execPath}" '${file}'`, XDG_RUNTIME_DIR: runtime };
      return lab.run(args, { ...given, env });
    };
    const replaced = `save(text.replace(/orders: .*/, 'orders: ${long}'))`;
    beforeEach(async () => {
      await ok(keys('add', 'orders'), { stdin: key });
      await ok(keys('add', 'users'), { stdin: long });
    });

    it('is lost only after a question; a no keeps what was typed', async () => {
      const before = lab.read('secrets.yaml');
      const no = await edit(replaced, { answers: ['n', 'q'] });
      assert.equal(no.code, 1, no.err);
      assert.match(
        no.err,
        /encryption key orders in secrets\.yaml is replaced[\s\S]*cannot be decrypted without it[\s\S]*You did not agree/,
      );
      assert.match(no.err, /not saved; it is kept beside the file, encrypted: secrets\.yaml\.lockstep-edit\n/);
      assert.equal(lab.read('secrets.yaml'), before);
      assert.ok(!no.err.includes(key) && !no.err.includes(long));
      assert.match((await ok(['decrypt', 'secrets.yaml.lockstep-edit'])).out, new RegExp(`orders: ${long}`));
      const again = await edit('', { answers: ['', 'y'] });
      assert.equal(again.code, 0, again.err);
      assert.equal(await extract('secrets.yaml', '["encryption_keys"]["orders"]'), long);
    });

    it('is asked about once more after a way back to the editor, and goes where nobody is there', async () => {
      const gone = "save(text.includes('users:') ? text.replace(/ *users: .*\\n/, '') : text)";
      const { code, err } = await edit(gone, { answers: ['n', '', 'y'] });
      assert.equal(code, 0, err);
      assert.equal(err.match(/encryption key users/g)?.length, 2);
      const silent = await edit(`save(text.replace(/orders: .*/, 'orders: ${long}'))`);
      assert.equal(silent.code, 0, silent.err);
      assert.match(
        silent.err,
        /encryption key orders in secrets\.yaml is replaced[\s\S]*cannot be decrypted without it/,
      );
    });

    it('asks nothing where it gets another name, and says what is broken first', async () => {
      const renamed = await edit("save(text.replace('orders:', 'orders_old:'))", { answers: [] });
      assert.equal(renamed.code, 0, renamed.err);
      assert.equal(renamed.err, '');
      const broken = await edit("save('a: [1\\n')", { answers: ['discard'] });
      assert.match(broken.err, /^lockstep: secrets\.yaml: line \d/);
      assert.ok(!broken.err.includes('encryption key'), broken.err);
    });

    it('asks nothing where the key stays, in any format', async () => {
      const files = { '.env': 'A=word\n', 'a.ini': '[db]\npassword=word\n', 'a.json': '{"a": "word"}\n' };
      for (const [file, text] of Object.entries(files)) {
        lab.write(file, text);
        await encrypt(file);
        await ok(keys('add', 'orders', '-f', file), { stdin: long });
        const { code, err } = await edit("save(text.replace('word', 'words'))", { answers: [] }, ['edit', file]);
        assert.equal(code, 0, err);
        assert.ok(!err.includes('encryption key'), err);
        assert.match((await ok(['decrypt', file])).out, /words/);
      }
    });

    it('asks nothing of who takes it for sops', async () => {
      const { code, err } = await edit(replaced, { name: 'sops' }, ['edit', 'secrets.yaml']);
      assert.deepEqual([code, err], [0, '']);
    });
  });

  it('is lost by a choice in a conflict of git only after a question', async () => {
    const git = (...words: string[]) =>
      spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: lab.folder });
    const commit = () => [git('add', 'secrets.yaml'), git('commit', '-qm', 'x')];
    await ok(keys('add', 'orders'), { stdin: key });
    git('init', '-q', '-b', 'main');
    commit();
    git('checkout', '-qb', 'side');
    await ok(keys('remove', '--yes', 'orders'));
    commit();
    git('checkout', '-q', 'main');
    await ok(['set', 'secrets.yaml', '["db"]["password"]', '"battery"']);
    commit();
    assert.equal(git('merge', 'side').status, 1);
    const before = lab.read('secrets.yaml');
    const repair = ['git', 'repair', 'secrets.yaml', '--theirs', 'encryption_keys.orders'];
    const no = await lab.run(repair, { answers: ['n'] });
    assert.equal(no.code, 1);
    assert.match(no.err, /orders in secrets\.yaml is replaced or removed by this[\s\S]*Nothing was changed/);
    assert.equal(lab.read('secrets.yaml'), before);
    await ok(repair, { answers: ['y'] });
    assert.equal((await ok(['decrypt', 'secrets.yaml'])).out, 'db:\n    password: battery\n');
  });

  it('says what becomes unreadable where an import replaces it, and refuses what is no key', async () => {
    await ok(keys('add', 'orders'), { stdin: key });
    const before = lab.read('secrets.yaml');
    const source = (value: string) => lab.write('new.json', JSON.stringify({ encryption_keys: { orders: value } }));
    const words = ['import', 'new.json', 'secrets.yaml', '--clashes', 'replace'];
    source(long);
    const no = await lab.run(words, { answers: ['n'] });
    assert.equal(no.code, 1, no.err);
    assert.match(no.err, /encryption key orders in secrets\.yaml is replaced[\s\S]*cannot be decrypted without it/);
    source('swordfish');
    const refused = await lab.run([...words, '--yes']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /secrets\.yaml: encryption_keys\.orders: This (?:is no|encryption key)/);
    assert.ok(!refused.err.includes('swordfish'));
    assert.equal(lab.read('secrets.yaml'), before);
    source(long);
    assert.match((await ok([...words, '--yes'])).err, /cannot be decrypted without it/);
    assert.equal(await extract('secrets.yaml', '["encryption_keys"]["orders"]'), long);
  });

  it('knows a key in a .env, an INI and a JSON file', async () => {
    const files = { '.env': 'A=correct-horse\n', 'a.ini': '[db]\npassword=x\n', 'a.json': '{"a": "x"}\n' };
    for (const [file, text] of Object.entries(files)) {
      lab.write(file, text);
      await encrypt(file);
      await ok(keys('add', 'orders', '-f', file), { stdin: key });
      assert.match((await ok(keys('list', '-f', file))).out, /^orders\t128\t/i);
      await ok(keys('reset', 'orders', '-f', file, '--yes'));
      await ok(keys('remove', 'orders', '-f', file, '--yes'));
      assert.equal((await ok(keys('list', '-f', file))).out, '');
    }
  });

  it('leaves a variable alone that is only called like a key', async () => {
    lab.write('.env', 'ENCRYPTION_KEY_DAYS=30\n');
    await encrypt('.env');
    for (const verb of ['reset', 'remove']) {
      const { code, err } = await lab.run(keys(verb, 'days', '-f', '.env', '--yes'));
      assert.equal(code, 1, verb);
      assert.match(err, /There is no encryption key of this name/);
    }
    assert.equal((await ok(['decrypt', '.env'])).out, 'ENCRYPTION_KEY_DAYS=30\n');
  });

  it('come with the configuration of an Anvil App Server', async () => {
    lab.write('server.yaml', `app: A\nsecret: {token: canary}\nencryption-key: {Orders: ${key}}\n`);
    lab.write('.env', 'A=1\n');
    await encrypt('.env');
    for (const [file, name] of Object.entries({ 'secrets.yaml': 'Orders', '.env': 'ORDERS' })) {
      await ok(['import', '--yes', 'server.yaml', file]);
      assert.equal((await ok(keys('list', '-f', file))).out, `${name}\t128\t${file}\n`);
    }
  });

  it('asks for a key where nothing shows it, and takes none from the command line', async () => {
    const { code, err } = await lab.run(keys('add', 'orders', key));
    assert.doesNotMatch(err, /passed over/);
    assert.equal(code, 1);
    assert.equal(err.includes(key), false, err);
    assert.match(err, /-f names the file\. A key that there is already comes on standard input, or is asked for/);
  });

  it('refuses what is no key, a bad name, and a name that is taken', async () => {
    const before = lab.read('secrets.yaml');
    const bad = [
      [Buffer.alloc(24, 1).toString('base64'), 'orders', /wrong length/],
      ['correct-horse!', 'orders', /This is no encryption key/],
      [key, 'or\nders', /cannot have this name/],
    ] as const;
    for (const [stdin, name, message] of bad) {
      const { code, err } = await lab.run(keys('add', name), { stdin });
      assert.equal(code, 1);
      assert.match(err, message);
      assert.equal(err.includes(stdin), false);
    }
    for (const verb of ['reset', 'remove']) {
      const { code, err } = await lab.run(keys(verb, '--yes', 'orders'));
      assert.equal(code, 1);
      assert.match(err, /There is no encryption key of this name/);
    }
    assert.equal(lab.read('secrets.yaml'), before);
    await ok(keys('generate', 'orders'));
    const { err } = await lab.run(keys('generate', 'ORDERS'));
    assert.match(err, /already exists/);
  });

  it('asks which file, where an environment has several', async () => {
    lab.write('.env', 'A=1\n');
    await encrypt('.env');
    const { code, err } = await lab.run(keys('generate', 'orders'));
    assert.equal(code, 1);
    assert.match(err, /-f \.env or -f secrets\.yaml/);
    await ok(keys('generate', 'orders', '-f', '.env'));
    await ok(keys('reset', 'orders', '--yes'));
    await ok(keys('generate', 'orders', '-f', 'secrets.yaml'));
    assert.match((await lab.run(keys('reset', 'orders', '--yes'))).err, /More than one encryption key/);
  });

  describe('and programs', () => {
    const shown = ['node', '-e', 'console.log(JSON.stringify(process.env))'];
    beforeEach(async () => {
      await ok(keys('add', 'orders'), { stdin: key });
      lab.write('.env', `A=correct-horse\nENCRYPTION_KEY_USERS=${long}\nENCRYPTION_KEY_DAYS=30\n`);
      await encrypt('.env');
    });

    it('run leaves the keys out, unless they are asked for', async () => {
      const env = async (...flags: string[]) => {
        const { out, err } = await ok(['run', '--no-redact', ...flags, '--', ...shown]);
        return { env: JSON.parse(out) as Record<string, string>, out, err };
      };
      const usual = await env();
      assert.equal(usual.out.includes(key), false);
      const { DB_PASSWORD, A, ENCRYPTION_KEY_USERS, ENCRYPTION_KEY_DAYS } = usual.env;
      assert.deepEqual([DB_PASSWORD, A], ['correct-horse', 'correct-horse']);
      // What is in a .env is a variable, also when it is a key.
      assert.deepEqual([ENCRYPTION_KEY_USERS, ENCRYPTION_KEY_DAYS], [long, '30']);
      assert.equal((await env('--encryption-keys')).env.ENCRYPTION_KEYS_ORDERS, key);
      const one = await env('--secret', 'ORDERS=encryption_keys.orders');
      assert.equal(one.env.ORDERS, key);
      const renamed = await env('--rename', 'ORDERS=encryption_keys.orders');
      assert.equal(renamed.env.ORDERS, key);
    });

    it('get finds one by its name, and exec-env gives every value, as sops does', async () => {
      assert.equal((await ok(['get', 'encryption_keys.orders'])).out, key);
      const { out } = await ok(['exec-env', '.env', '--', ...shown]);
      assert.equal(JSON.parse(out).ENCRYPTION_KEY_USERS, long);
    });

    it('export leaves the keys out, but for Anvil, which has a place for them', async () => {
      for (const format of ['dotenv', 'json', 'kubernetes', 'shell']) {
        const { out } = await ok(['export', '--format', format, 'secrets.yaml', '.env']);
        assert.equal(out.includes(key) || out.includes(Buffer.from(key).toString('base64')), false, format);
        assert.match(out, /ENCRYPTION_KEY_USERS/);
      }
      const { out } = await ok(['export', '--format', 'anvil', 'secrets.yaml', '.env']);
      assert.match(out, new RegExp(`encryption-key:\\s+orders: ["']?${key}["']?\\s+USERS: ["']?${long}`));
      const all = await ok(['export', '--format', 'json', '--encryption-keys', 'secrets.yaml']);
      assert.equal(JSON.parse(all.out).ENCRYPTION_KEYS_ORDERS, key);
    });

    it('scan finds a key that is written down, check and diff name it, and none prints it', async () => {
      execFileSync('git', ['init', '-q'], { cwd: lab.folder });
      lab.write('app.py', `orders = decrypt("${key}")\n`);
      const found = await lab.run(['scan']);
      assert.equal(found.code, 10, found.err);
      assert.match(found.out, /app\.py.*encryption_keys\.orders/);
      const checked = await lab.run(['check']);
      assert.match(checked.out + checked.err, /encryption_keys\.orders/);
      lab.write('before.yaml', lab.read('secrets.yaml'));
      await ok(keys('reset', 'orders', '--yes', '-f', 'secrets.yaml'));
      const diff = await lab.run(['diff', '--no-index', 'before.yaml', 'secrets.yaml']);
      assert.match(diff.out, /^ +encryption_keys\.orders\tchanged/m);
      for (const { out, err } of [found, checked, diff]) assert.ok(!(out + err).includes(key));
    });

    it('no key is in the access log', async () => {
      await ok(['get', 'encryption_keys.orders']);
      const files = readdirSync(lab.state, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      assert.ok(files.length > 0);
      for (const { parentPath, name } of files)
        assert.equal(readFileSync(join(parentPath, name), 'utf8').includes(key), false);
    });
  });
});
