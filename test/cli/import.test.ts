import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seal } from '../../src/core/seal/seal.ts';
import { alice, clock } from '../core/support.ts';
import { Lab } from './lab.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
const vectors = JSON.parse(fixture('token-vectors.json').toString());

describe('import', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
    lab.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient}\n`);
  });
  afterEach(() => lab.dispose());

  const plain = async (file: string) => (await lab.run(['decrypt', file])).out;
  const target = async (text: string) =>
    lab.write('secrets.yaml', (await seal(text, 'yaml', { recipients: [alice.recipient] }, clock)).text);
  const source = 'DB_PASSWORD="canary one"\nAPI_KEY=canary-two\n';

  it('makes an encrypted file of a .env, and says what can be deleted', async () => {
    lab.write('.env', source);
    const ran = await lab.run(['import', '.env', 'secrets.yaml', '--yes']);
    assert.equal(ran.code, 0, ran.err);
    assert.equal(ran.out, 'DB_PASSWORD\treadable\tnew\nAPI_KEY\treadable\tnew\n');
    assert.match(ran.err, /2 values were written into secrets\.yaml\. \.env is as it was\./);
    assert.match(ran.err, /To be deleted: \.env, once no program reads it/);
    assert.equal(await plain('secrets.yaml'), 'DB_PASSWORD: canary one\nAPI_KEY: canary-two\n');
    assert.equal(lab.read('.env'), source);
    assert.ok(!(ran.out + ran.err + lab.read('secrets.yaml')).includes('canary'));
    assert.equal((await lab.run(['import', '.env', 'secrets.yaml', '--preview'])).code, 0);
    const again = await lab.run(['import', '.env', 'secrets.yaml', '--yes']);
    assert.match(again.out, /DB_PASSWORD\treadable\tthere already/);
    assert.match(again.err, /Nothing was written into/);
  });

  it('says of a file of dotenvx that it is one, wherever an encrypted file is wanted', async () => {
    const env = `DOTENV_PUBLIC_KEY="${vectors.dotenvx.public_key}"\nHELLO="${vectors.dotenvx.values.HELLO[0]}"\n`;
    lab.write('.env', env);
    lab.write('new.env', source);
    for (const args of [
      ['import', 'new.env', '.env', '--yes'],
      ['decrypt', '.env'],
      ['why', '.env'],
    ]) {
      const ran = await lab.run(args);
      assert.deepEqual([ran.code, lab.read('.env')], [1, env]);
      assert.match(ran.err, /\.env: This is a \.env of dotenvx[^\n]*\nlockstep import FILE/);
    }
  });

  it('takes no empty section of an INI file for a value, and says 100 for a source that is not there', async () => {
    lab.write('a.ini', '[s]\nx=canary-x\n');
    const ran = await lab.run(['import', 'a.ini', 'secrets.yaml', '--yes']);
    assert.equal(ran.out, 's.x\treadable\tnew\n', ran.err);
    assert.equal((await lab.run(['import', 'gone.env', 'secrets.yaml', '--yes'])).code, 100);
  });

  it('asks before it writes, and writes nothing for no, or only to look', async () => {
    lab.write('.env', source);
    const no = await lab.run(['import', '.env', 'secrets.yaml'], { answers: ['n'] });
    assert.deepEqual([no.code, existsSync(join(lab.folder, 'secrets.yaml'))], [1, false]);
    assert.match(no.err, /Nothing was written/);
    const look = await lab.run(['import', '.env', 'secrets.yaml', '--preview']);
    assert.deepEqual([look.code, existsSync(join(lab.folder, 'secrets.yaml'))], [10, false]);
    assert.match(look.out, /API_KEY\treadable\tnew/);
    const silent = await lab.run(['import', '.env', 'secrets.yaml']);
    assert.deepEqual([silent.code, existsSync(join(lab.folder, 'secrets.yaml'))], [1, false]);
    const yes = await lab.run(['import', '.env', 'secrets.yaml'], { answers: ['y'] });
    assert.equal(yes.code, 0, yes.err);
  });

  it('wants each clash decided: by flags', async () => {
    await target('# kept\na: old-one\nb: old-two\nc: old-three\n');
    lab.write('new.json', '{"a": "canary-a", "b": "canary-b", "c": "canary-c", "d": "canary-d"}');
    const before = lab.read('secrets.yaml');
    const open = await lab.run(['import', 'new.json', 'secrets.yaml', '--yes']);
    assert.deepEqual([open.code, lab.read('secrets.yaml')], [1, before]);
    assert.match(open.out, /a\treadable\tclashes with another value\n/);
    assert.match(open.err, /Names clash/);
    const flags = ['--keep', 'a', '--replace', 'b', '--rename', 'c2=c', '--yes'];
    const ran = await lab.run(['import', 'new.json', 'secrets.yaml', ...flags]);
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /c → c2\treadable\tnew, under a new name/);
    assert.equal(
      await plain('secrets.yaml'),
      '# kept\na: old-one\nb: canary-b\nc: old-three\nc2: canary-c\nd: canary-d\n',
    );
    assert.match(ran.err, /In new\.json alone: a\n/);
    assert.match(ran.err, /To be deleted from new\.json, .*: b, c, d \(line 1\)/);
    const unknown = await lab.run(['import', 'new.json', 'secrets.yaml', '--keep', 'zzz', '--yes']);
    assert.deepEqual([unknown.code, /No entry of this name clashes/.test(unknown.err)], [1, true]);
    await target('a: old-one\nb: old-two\nc: old-three\n');
    await lab.run(['import', 'new.json', 'secrets.yaml', '--clashes', 'replace', '--yes']);
    assert.match(await plain('secrets.yaml'), /a: canary-a\nb: canary-b/);
  });

  it('asks a person about each clash', async () => {
    await target('a: old-one\nb: old-two\nc: old-three\ng:\n    in: x\n');
    lab.write('new.yaml', 'a: canary-a\nb: canary-b\nc: canary-c\ng: canary-g\n');
    const answers = ['k', 'what', 'p', 'r', 'a', 'r', 'c3', 'k', 'y'];
    const ran = await lab.run(['import', 'new.yaml', 'secrets.yaml'], { answers });
    assert.equal(ran.code, 0, ran.err);
    assert.equal(await plain('secrets.yaml'), 'a: old-one\nb: canary-b\nc: old-three\ng:\n    in: x\nc3: canary-c\n');
    await target('a: old-one\n');
    const before = lab.read('secrets.yaml');
    const gone = await lab.run(['import', 'new.yaml', 'secrets.yaml'], { answers: ['p', 'r'] });
    assert.deepEqual([gone.code, lab.read('secrets.yaml')], [1, before]);
  });

  it('takes some alone', async () => {
    lab.write('.env', source);
    const ran = await lab.run(['import', '.env', 'secrets.json', '--secret', 'API_KEY', '--yes']);
    assert.deepEqual(JSON.parse(await plain('secrets.json')), { API_KEY: 'canary-two' });
    assert.match(ran.err, /To be deleted from \.env, .*: API_KEY \(line 2\)/);
    const wrong = await lab.run(['import', '.env', 'other.yaml', '--secret', 'NOPE', '--yes']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /There is no such secret/);
  });

  it('opens dotenvx with the keys beside it, and names them for deletion', async () => {
    const [value] = vectors.dotenvx.values.HELLO;
    lab.write('.env', `DOTENV_PUBLIC_KEY="${vectors.dotenvx.public_key}"\nHELLO="${value}"\n`);
    const locked = await lab.run(['import', '.env', 'a.yaml', '--yes']);
    assert.equal(locked.code, 10);
    assert.match(locked.out, /HELLO\tdotenvx\tto be set: there is no key for it/);
    assert.match(locked.err, /To be set: HELLO/);
    lab.write('.env.keys', `DOTENV_PRIVATE_KEY=${vectors.dotenvx.private_key}\n`);
    const ran = await lab.run(['import', '.env', 'b.yaml', '--yes']);
    assert.equal(await plain('b.yaml'), 'HELLO: World\n');
    assert.match(
      ran.err,
      /To be deleted: \.env, once .* The same is true of its keys \(\.env\.keys\), which other files may need, too\./,
    );
    assert.ok(!(ran.out + ran.err).includes(vectors.dotenvx.private_key));
  });

  it('takes keys from a variable, a file, or a hidden question', async () => {
    const { ansible, flowfile } = vectors;
    lab.write('vault.yml', ansible.v11);
    const none = await lab.run(['import', 'vault.yml', 'a.yaml', '--yes']);
    assert.deepEqual([none.code, existsSync(join(lab.folder, 'a.yaml'))], [1, false]);
    assert.match(none.err, /--key-env NAME/);
    const wrong = await lab.run(['import', 'vault.yml', 'a.yaml', '--yes', '--key-env', 'PW'], { env: { PW: 'no' } });
    assert.equal(wrong.code, 128, wrong.err);
    await lab.run(['import', 'vault.yml', 'a.yaml', '--yes', '--key-env', 'PW'], { env: { PW: ansible.password } });
    assert.equal(await plain('a.yaml'), 'db_password: hunter2\n');
    const asked = await lab.run(['import', 'vault.yml', 'b.yaml'], { answers: ['no', ansible.password, 'y'] });
    assert.equal(asked.code, 0, asked.err);
    assert.ok(!(asked.out + asked.err + lab.asked.join()).includes(ansible.password));
    lab.write('catalog.db', fixture('foreign/flowfile-wal.db'));
    lab.write('catalog.db-wal', fixture('foreign/flowfile-wal.db-wal'));
    lab.write('key', `${flowfile.master_key}\n`);
    const before = readdirSync(lab.folder).join();
    const flow = await lab.run(['import', 'catalog.db', 'c.yaml', '--yes', '--key-file', 'key']);
    assert.equal(await plain('c.yaml'), 'db_password: s3cr3t-db-pw\nlate: s3cr3t-db-pw\n');
    assert.match(flow.err, /To be deleted from catalog\.db, .*: db_password, late\n/);
    assert.equal(
      readdirSync(lab.folder)
        .filter((name) => name !== 'c.yaml')
        .join(),
      before,
    );
  });

  it('lists what only Anvil can open, and writes nothing for it', async () => {
    lab.write('anvil.yaml', 'secrets:\n  stripe: {type: secret, value: {ABC: c2VjcmV0}}\n');
    const ran = await lab.run(['import', 'anvil.yaml', 'secrets.yaml', '--yes']);
    assert.deepEqual([ran.code, existsSync(join(lab.folder, 'secrets.yaml'))], [10, false]);
    assert.equal(ran.out, 'stripe\thosted by Anvil, for ABC\tto be set: only Anvil has its key\n');
    assert.match(ran.err, /To be set: stripe/);
  });

  it('refuses what it cannot do, before anything is written', async () => {
    lab.write('.env', source);
    lab.write('locked.env', '\0GITCRYPT\0xxxx');
    lab.write('a.gpg', 'x');
    const code = async (...words: string[]) => (await lab.run(['import', ...words, '--yes'])).code;
    assert.equal(await code('.env'), 100);
    assert.equal(await code('.env', '.env'), 8);
    assert.equal(await code('.env', 'secrets.bin'), 1);
    assert.equal(await code('none', 'secrets.yaml'), 100);
    assert.match((await lab.run(['import', 'locked.env', 's.yaml'])).err, /git-crypt unlock/);
    assert.match((await lab.run(['import', 'a.gpg', 's.yaml'])).err, /blackbox_edit_start/);
    assert.match((await lab.run(['import', '.env', 's.yaml', '--from', 'nonsense'])).err, /--from takes one of/);
    lab.write('plain.yaml', 'a: 1\n');
    const notSealed = await lab.run(['import', '.env', 'plain.yaml', '--yes']);
    assert.deepEqual([notSealed.code, lab.read('plain.yaml')], [1, 'a: 1\n']);
    lab.write('odd.env', 'A=1\ncanary-line without a sign\n');
    const odd = await lab.run(['import', 'odd.env', 's.yaml', '--yes']);
    assert.match(odd.err, /line 2/);
    assert.ok(!odd.err.includes('canary'));
    assert.ok(!existsSync(join(lab.folder, 's.yaml')));
  });

  it('leaves the file as it was where it cannot be written, or changed meanwhile', async () => {
    await target('a: old-one\n');
    lab.write('.env', source);
    const changed = lab.run(['import', '.env', 'secrets.yaml'], { answers: ['y'], heard: () => undefined });
    await changed;
    const before = lab.read('secrets.yaml');
    chmodSync(join(lab.folder, 'secrets.yaml'), 0o444);
    lab.write('more.env', 'C=canary-three\n');
    const ran = await lab.run(['import', 'more.env', 'secrets.yaml', '--yes']);
    assert.deepEqual([ran.code, lab.read('secrets.yaml')], [3, before]);
    mkdirSync(join(lab.folder, 'gone'));
    const into = await lab.run(['import', 'more.env', 'gone/deeper/secrets.yaml', '--yes']);
    assert.notEqual(into.code, 0);
    assert.deepEqual(readdirSync(join(lab.folder, 'gone')), []);
  });

  it('writes into no file that came meanwhile', async () => {
    lab.write('.env', source);
    const io = { answers: ['y'] };
    const asked = lab.asked;
    // The question is the last moment before the file is written.
    const push = asked.push.bind(asked);
    asked.push = (...words) => {
      writeFileSync(join(lab.folder, 'secrets.yaml'), 'of somebody else\n');
      return push(...words);
    };
    const ran = await lab.run(['import', '.env', 'secrets.yaml'], io);
    assert.deepEqual([ran.code, lab.read('secrets.yaml')], [3, 'of somebody else\n']);
    assert.deepEqual(
      readdirSync(lab.folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });
});
