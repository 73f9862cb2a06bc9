// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are what dotenvx puts variables into.
import assert from 'node:assert/strict';
import { change } from '../../../src/core/change/change.ts';
import type { Intent, Step } from '../../../src/core/change/intent.ts';
import { isDotenvxFile, readDotenvx } from '../../../src/core/dotenvx/file.ts';
import { keysPathIn, privateName, readKeysFile, secretFor, withoutKey } from '../../../src/core/dotenvx/keys.ts';
import { openDotenvxFile } from '../../../src/core/dotenvx/open.ts';
import { handedOf } from '../../../src/core/env/nested.ts';
import { readNpm } from '../../../src/core/env/npm.ts';
import { applyEdits } from '../../../src/core/format/document.ts';
import type { Opened } from '../../../src/core/open/open.ts';
import { unseal, unsealBytes } from '../../../src/core/open/unseal.ts';
import { proveDotenvx } from '../../../src/core/seal/prove.ts';
import { dotenvxPublicKey, openDotenvx } from '../../../src/core/tokens/dotenvx.ts';
import { text as textScalar } from '../../../src/core/tree/value.ts';
import { clock } from '../support.ts';

const secret = '28c1e9e79b1c4d24baf184721e7529280db78c753f5cf69f77f11205be5ec689';
const publicKey = '035ebb7ead231b800741c666773c1985f8387f20f715f8a4f07557718e42405d92';
const other = '1'.repeat(64);
const world =
  'encrypted:BBLxhr0KJ9bWhlCdMsB21BqXZEip+cpST7SCMmrrPc2pI2xzDdF+uihviNRygcBefSTzERAhedRUIt2zKyc7iOQg3M/CulS9z1RCnRLENwcA4M3gAKdb0UCy5PdJ1JnaBPHePFfF';
const file = `#/-------------------[DOTENV_PUBLIC_KEY]--------------------/
#/            public-key encryption for .env files          /
DOTENV_PUBLIC_KEY="${publicKey}"

# .env
HELLO="${world}" # greets
export PORT=3000 # plain
SIGN='pa$$word #1'
`;

describe('a .env of dotenvx', () => {
  const openFile = (text: string, key: string | undefined = secret) => openDotenvxFile(readDotenvx(text), key);
  const values = (opened: Opened) =>
    Object.fromEntries(
      opened.sealed.leaves.map(({ id, path }) => {
        const value = opened.value(id);
        return [String(path[0]), value?.type === 'str' ? value.value : undefined];
      }),
    );
  const idOf = (name: string) => `[0,${JSON.stringify(name)}]`;
  async function changed(wanted: Intent | readonly Step[], text = file, key: string | undefined = secret) {
    const opened = await openDotenvxFile(readDotenvx(text), key);
    const made = await change(opened, wanted, clock);
    assert.equal(applyEdits(text, made.edits), made.text);
    return made.text;
  }
  const set = (name: string, value: string): Intent => ({ kind: 'set', id: idOf(name), value: textScalar(value) });
  const add = (name: string, value: string): Intent => ({
    kind: 'add',
    to: { group: '[0]' },
    members: [{ key: name, value: { kind: 'scalar', scalar: textScalar(value) } }],
  });
  const refused = (code: string, wanted: Intent | readonly Step[], text = file) =>
    assert.rejects(changed(wanted, text), { code }, JSON.stringify(wanted));
  /** What dotenvx gets before it decrypts. */
  const read = async (text: string, name: string) => {
    const value = readNpm(text).get(name) ?? '';
    return value.startsWith('encrypted:') ? Buffer.from(await openDotenvx(value, secret)).toString() : value;
  };

  it('is known by its name and its public key', () => {
    assert.ok(isDotenvxFile('/a/.env', file));
    assert.ok(isDotenvxFile('/a/.env.ci', 'A=1\nexport DOTENV_PUBLIC_KEY_CI=x\n'));
    assert.ok(!isDotenvxFile('/a/notes.txt', file));
    assert.ok(!isDotenvxFile('/a/.env', '# DOTENV_PUBLIC_KEY=x\nA=1\n'));
  });

  it('opens value by value, and what is not encrypted is as a loader has it', async () => {
    const opened = await openFile(file);
    assert.deepEqual(values(opened), { HELLO: 'World', 'export PORT': '3000', SIGN: 'pa$$word #1' });
    assert.deepEqual(
      opened.sealed.leaves.map(({ encrypted, selected }) => [encrypted, selected]),
      [
        [true, true],
        [false, false],
        [false, false],
      ],
    );
    opened.dispose();
    assert.deepEqual(values(opened), { HELLO: undefined, 'export PORT': undefined, SIGN: undefined });
  });

  it('without its private key, or with another one, has no values that are encrypted', async () => {
    for (const key of [undefined, other])
      assert.deepEqual(values(await openDotenvxFile(readDotenvx(file), key)), {
        HELLO: undefined,
        'export PORT': '3000',
        SIGN: 'pa$$word #1',
      });
    assert.equal(values(await openFile(file, `${other},${secret}`)).HELLO, 'World');
  });

  it('takes a new value in its own format, by the public key alone; every other line keeps its bytes', async () => {
    const text = await changed(set('HELLO', 'canary-new-1'), file, undefined);
    assert.equal(await read(text, 'HELLO'), 'canary-new-1');
    const rest = (all: string) => all.replace(/^HELLO=.*$/m, '');
    assert.equal(rest(text), rest(file));
    assert.match(text, /^HELLO="encrypted:[A-Za-z0-9+/=]+" # greets$/m);
    const more = await changed(add('NEW', 'canary-2'), text, undefined);
    assert.ok(more.startsWith(text));
    assert.match(more, /\nNEW="encrypted:[^"]+"\n$/);
    assert.doesNotMatch(text + more, /canary/);
  });

  it('keeps a value that is set to what it is', async () => {
    assert.equal(await changed(set('HELLO', 'World')), file);
    assert.notEqual(await changed(set('export PORT', '3000')), file, 'what is plaintext is encrypted');
  });

  it('has values with a dollar sign or a backslash in single quotes, where dotenvx expands nothing', async () => {
    for (const value of ['a$(id)', '${HOME}', '$HOME', 'back\\nslash']) {
      const text = await changed(set('HELLO', value));
      assert.match(text, /^HELLO='encrypted:[^']+' # greets$/m, value);
      assert.equal(await read(text, 'HELLO'), value);
      assert.equal(values(await openFile(text)).HELLO, value);
    }
  });

  it('takes every text', async () => {
    for (const value of ['', ' ', "it's", '"', '`', '#', 'a\nb', 'a\r\nb\\', 'héllo 🔑', 'x'.repeat(10_000)]) {
      const text = await changed([set('HELLO', value) as Step, add('MORE', value) as Step]);
      const found = values(await openFile(text));
      assert.deepEqual([found.HELLO, found.MORE], [value, value]);
      assert.equal(await read(text, 'MORE'), value);
    }
  });

  it('leaves values of names that end in _PLAIN plain', async () => {
    assert.match(await changed(add('URL_PLAIN', 'http://x?a=b#c d')), /\nURL_PLAIN='http:\/\/x\?a=b#c d'\n$/);
    assert.match(await changed(add('ID_PLAIN', '12')), /\nID_PLAIN=12\n$/);
    for (const value of ["it's", 'a\nb', 'a\\b']) await refused('BAD_VALUE', add('ID_PLAIN', value));
  });

  it('moves, renames, removes and copies entries, and changes comments', async () => {
    assert.match(
      await changed({ kind: 'rename', id: idOf('HELLO'), key: 'HI' }),
      new RegExp(`^HI="${world.replaceAll('+', '\\+')}" # greets$`, 'm'),
    );
    const removed = await changed({ kind: 'remove', ids: [idOf('HELLO')] });
    assert.doesNotMatch(removed, /HELLO|encrypted:/);
    const copied = await changed({ kind: 'duplicate', id: idOf('HELLO'), key: 'HELLO2' });
    assert.equal(await read(copied, 'HELLO2'), 'World');
    const moved = await changed({ kind: 'move', id: idOf('SIGN'), to: { group: '[0]', before: idOf('HELLO') } });
    assert.match(moved, /SIGN='pa\$\$word #1'\n(?:# \.env\n)?HELLO=/);
    const told = await changed({ kind: 'comment', id: idOf('SIGN'), text: 'rotate in May' });
    assert.match(told, /\n# ?rotate in May\nSIGN=/);
    for (const text of [removed, copied, moved, told]) assert.ok(text.includes(`DOTENV_PUBLIC_KEY="${publicKey}"`));
  });

  it('puts several, those that are there too', async () => {
    const entries = [
      { name: 'HELLO', value: textScalar('one') },
      { name: 'NEXT', value: textScalar('two') },
    ];
    const found = values(await openFile(await changed({ kind: 'put', entries })));
    assert.deepEqual([found.HELLO, found.NEXT], ['one', 'two']);
  });

  it('refuses names that are its own or none, and what is there for files of SOPS alone', async () => {
    for (const name of ['DOTENV_PUBLIC_KEY', 'DOTENV_PRIVATE_KEY_CI', 'A B', '1A', 'é', 'sops_x', 'A=B', '#A']) {
      await refused('BAD_NAME', add(name, 'x'));
      await refused('BAD_NAME', { kind: 'rename', id: idOf('HELLO'), key: name });
    }
    await refused('BAD_VALUE', set('HELLO', 'encrypted:x'));
    await refused('ENTRY_EXISTS', add('HELLO', 'x'));
    await refused('NO_SUCH_ENTRY', set('DOTENV_PUBLIC_KEY', 'x'));
    await refused('UNSUPPORTED_FORMAT', { kind: 'rotate' });
    await refused('UNSUPPORTED_FORMAT', { kind: 'text', text: file });
    await refused('UNSUPPORTED_FORMAT', { kind: 'markPlain', id: idOf('HELLO'), on: true });
    await refused('UNSUPPORTED_FORMAT', { kind: 'readers', groups: [], threshold: 0 });
    const opened = await openFile(file);
    await assert.rejects(unseal(opened), { code: 'UNSUPPORTED_FORMAT' });
    await assert.rejects(unsealBytes(opened), { code: 'UNSUPPORTED_FORMAT' });
  });

  it('is proved: no value gets out as plaintext, and the public key stays', () => {
    const proves = (after: string, made: readonly string[] = []) => proveDotenvx(file, after, new Set(made));
    assert.equal(proves(file), file);
    const bad = { code: 'UNSUPPORTED_VALUE' };
    assert.throws(() => proves(`${file}NEW=plain\n`), bad);
    assert.throws(() => proves(`${file}NEW=plain\n`, ['plain']), bad);
    assert.throws(() => proves(`${file}NEW="encrypted:x"\n`, ['"encrypted:x"']), bad);
    assert.throws(() => proves(file.replace(publicKey, dotenvxPublicKey(other))), bad);
    assert.throws(() => proves(`${file}DOTENV_PUBLIC_KEY_CI="${publicKey}"\n`), bad);
    assert.throws(() => proves(file.replace(/^DOTENV.*\n/m, '')), bad);
    assert.equal(proves(`${file}A_PLAIN=x\n`, ['x']), `${file}A_PLAIN=x\n`);
  });

  it('keeps the line ends and a value that stands between others', async () => {
    const text = file.replaceAll('\n', '\r\n');
    const made = await changed(set('HELLO', 'new'), text);
    assert.doesNotMatch(made, /[^\r]\n/);
    assert.equal(values(await openFile(made)).HELLO, 'new');
  });

  it('with a broken line, or without a public key that is one, cannot be read', () => {
    assert.throws(() => readDotenvx(`${file}no sign\n`), { code: 'SYNTAX' });
    assert.throws(() => readDotenvx(file.replace(publicKey, 'ab')), { code: 'BAD_METADATA' });
  });

  it('is handed to a program, or exported, under the names that a loader knows', async () => {
    const handed = await handedOf(await openFile(file), 'dotenv', {});
    assert.deepEqual(
      handed.map(({ variable, value }) => [variable, value]),
      [
        ['HELLO', 'World'],
        ['PORT', '3000'],
        ['SIGN', 'pa$$word #1'],
      ],
    );
    await assert.rejects(handedOf(await openFile(file, other), 'dotenv', {}), { code: 'BAD_VALUE' });
  });

  describe('and its .env.keys', () => {
    const keys = `#/---[DOTENV_PRIVATE_KEYS]---/\n# .env\nDOTENV_PRIVATE_KEY="${secret}"\n# .env.ci\nDOTENV_PRIVATE_KEY_CI=${other}\nX=1\n`;

    it('are read by the public key that belongs to each, not by names', () => {
      assert.deepEqual(
        readKeysFile(keys).map(({ name, publicKeys }) => [name, publicKeys]),
        [
          ['DOTENV_PRIVATE_KEY', [publicKey]],
          ['DOTENV_PRIVATE_KEY_CI', [dotenvxPublicKey(other)]],
        ],
      );
      assert.equal(secretFor(keys, publicKey), secret);
      assert.equal(secretFor(`DOTENV_PRIVATE_KEY_X='${other},${secret}'\n`, publicKey), `${other},${secret}`);
      assert.equal(secretFor('DOTENV_PRIVATE_KEY=xyz\nDOTENV_PRIVATE_KEY=\n', publicKey), undefined);
    });

    it('lose one line, and every other stays', () => {
      const { text, left } = withoutKey(keys, publicKey);
      assert.equal(text, keys.replace(/^DOTENV_PRIVATE_KEY=.*\n/m, ''));
      assert.ok(left);
      assert.ok(withoutKey(text, dotenvxPublicKey(other)).left, 'X is no key, and somebody put it there');
      assert.ok(!withoutKey(text.replace('X=1', ''), dotenvxPublicKey(other)).left);
      assert.equal(withoutKey(keys, publicKey.replace('03', '02')).text, keys);
    });

    it('are where the file says, and under the name that its public key has', () => {
      assert.equal(keysPathIn(`DOTENV_PUBLIC_KEY="${publicKey}" # -fk ../.env.keys\n`), '../.env.keys');
      assert.equal(keysPathIn(file), undefined);
      assert.equal(keysPathIn(`DOTENV_PUBLIC_KEY=x # -fk ../id_rsa\n`), undefined);
      assert.equal(privateName('A=1\nDOTENV_PUBLIC_KEY_CI_STAGING="x"\n'), 'DOTENV_PRIVATE_KEY_CI_STAGING');
    });
  });
});
