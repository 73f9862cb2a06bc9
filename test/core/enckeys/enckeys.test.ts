import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { change } from '../../../src/core/change/change.ts';
import { staysBehind } from '../../../src/core/enckeys/given.ts';
import { keyPlaces, keysOf } from '../../../src/core/enckeys/keys.ts';
import { findKey, keyNameAt, keyPathOf } from '../../../src/core/enckeys/names.ts';
import { decryptWithKey, encryptWithKey, keyBytes, keySizes, sizeOf } from '../../../src/core/enckeys/payload.ts';
import { addingKey, newKey, removingKey, resettingKey } from '../../../src/core/enckeys/steps.ts';
import { handedOf } from '../../../src/core/env/nested.ts';
import { withVariables } from '../../../src/core/env/secretnames.ts';
import type { FormatId } from '../../../src/core/format/document.ts';
import { type Opened, open } from '../../../src/core/open/open.ts';
import { unseal } from '../../../src/core/open/unseal.ts';
import { seal } from '../../../src/core/seal/seal.ts';
import { makeSelector } from '../../../src/core/sops/metadata.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { alice, clock, keyringOf, reopen } from '../support.ts';

const key = Buffer.from('0123456789abcdef').toString('base64');
const other = Buffer.from('fedcba9876543210').toString('base64');
const long = Buffer.alloc(32, 9).toString('base64');

const encryptedRegex = makeSelector('encrypted_regex', '^password$');

async function opened(text: string, format: FormatId): Promise<Opened> {
  const sealed = await seal(text, format, { recipients: [alice.recipient] }, clock);
  return open(readSealed(sealed.text, format), await keyringOf(alice.identity));
}

const plainOf = async (file: Opened) => (await unseal(file)).plain.doc.text;

describe('named encryption keys', () => {
  it('are known by their place: a group in YAML, JSON and INI, a variable in a .env', () => {
    assert.equal(keyNameAt('yaml', ['encryption_keys', 'orders']), 'orders');
    assert.equal(keyNameAt('ini', ['encryption_keys', 'orders']), 'orders');
    assert.equal(keyNameAt('json', ['encryption_keys', 'orders', 'old']), 'orders.old');
    assert.equal(keyNameAt('dotenv', ['ENCRYPTION_KEY_ORDERS']), 'ORDERS');
    const none: [FormatId, (string | number)[]][] = [
      ['yaml', ['encryption_keys']],
      ['yaml', ['ENCRYPTION_KEY_ORDERS']],
      ['yaml', ['db', 'encryption_keys', 'orders']],
      ['dotenv', ['ENCRYPTION_KEY_']],
      ['dotenv', ['MY_ENCRYPTION_KEY_ORDERS']],
      ['dotenv', ['encryption_keys']],
    ];
    for (const [format, path] of none) assert.equal(keyNameAt(format, path), undefined, `${format} ${path}`);
  });

  it('are found by one name in every format, and never by a name of two', () => {
    const keys = [{ name: 'orders-v2' }, { name: 'users' }, { name: 'a.b' }, { name: 'A_B' }];
    assert.equal(findKey(keys, 'ORDERS_V2').name, 'orders-v2');
    assert.equal(findKey(keys, 'users').name, 'users');
    assert.equal(findKey(keys, 'A_B').name, 'A_B');
    assert.throws(() => findKey(keys, 'a-b'), { message: 'NO_ENCRYPTION_KEY (several)' });
    assert.throws(() => findKey(keys, 'order'), { message: 'NO_ENCRYPTION_KEY' });
    assert.throws(() => findKey([{ name: 'toString' }], 'constructor'), { code: 'NO_ENCRYPTION_KEY' });
  });

  it('have names that every place holds', () => {
    assert.deepEqual(keyPathOf('dotenv', 'orders-v2'), ['ENCRYPTION_KEY_ORDERS_V2']);
    assert.deepEqual(keyPathOf('yaml', 'orders-v2'), ['encryption_keys', 'orders-v2']);
    for (const name of ['', 'a\nb', 'a=b', '2fa', ' a', 'a b', `a${'b'.repeat(64)}`, 'ключ', '#a', '[a]', '../a'])
      assert.throws(() => keyPathOf('yaml', name), { message: 'BAD_NAME (encryption-key)' }, JSON.stringify(name));
  });

  const texts: Readonly<Record<string, string>> = {
    yaml: '# ours\ndb:\n    password: correct-horse\n',
    json: '{\n\t"db": {\n\t\t"password": "correct-horse"\n\t}\n}\n',
    ini: '[db]\npassword = correct-horse\n',
    dotenv: '# ours\nDB_PASSWORD=correct-horse\n',
  };
  for (const [format, text] of Object.entries(texts) as [FormatId, string][])
    it(`are added, reset and removed in ${format}, and all else stays`, async () => {
      const first = await opened(text, format);
      const one = await change(first, addingKey(first.sealed, 'orders', key), clock);
      assert.equal(one.text.includes(key), false);
      const second = await reopen(one.text, format);
      assert.deepEqual(
        keysOf(second).map((found) => [found.name.toLowerCase(), found.key, found.isClear]),
        [['orders', key, false]],
      );
      assert.throws(() => addingKey(second.sealed, 'Orders', other), { code: 'ENTRY_EXISTS' });
      const two = await change(second, addingKey(second.sealed, 'users', long), clock);
      const third = await reopen(two.text, format);
      const three = await change(third, resettingKey(third.sealed, 'orders', other), clock);
      const fourth = await reopen(three.text, format);
      assert.deepEqual(
        keysOf(fourth).map((found) => found.key),
        [other, long],
      );
      const four = await change(fourth, removingKey(fourth.sealed, 'orders'), clock);
      const fifth = await reopen(four.text, format);
      assert.deepEqual(
        keyPlaces(fifth.sealed).map(({ name }) => name.toLowerCase()),
        ['users'],
      );
      const five = await change(fifth, removingKey(fifth.sealed, 'users'), clock);
      assert.equal((await plainOf(await reopen(five.text, format))).trimEnd(), text.trimEnd());
    });

  it('are never written as plaintext, whatever the rules of the file leave', async () => {
    const { text } = await seal(
      'password: correct-horse\n',
      'yaml',
      { recipients: [alice.recipient], selector: encryptedRegex },
      clock,
    );
    const file = await reopen(text, 'yaml');
    await assert.rejects(change(file, addingKey(file.sealed, 'orders', key), clock), { code: 'NOT_SELECTED' });
    const { text: clear } = await seal(
      `password: correct-horse\nencryption_keys:\n    orders: ${key}\n`,
      'yaml',
      { recipients: [alice.recipient], selector: encryptedRegex },
      clock,
    );
    const there = await reopen(clear, 'yaml');
    assert.equal(keysOf(there)[0]?.isClear, true);
    assert.throws(() => resettingKey(there.sealed, 'orders', other), { code: 'NOT_SELECTED' });
  });

  it('are added beside whatever a file has in their place, or not at all', async () => {
    const add = async (text: string, format: FormatId) => {
      const file = await opened(text, format);
      const made = await change(file, addingKey(file.sealed, 'orders', key), clock);
      return (await unseal(await reopen(made.text, format))).plain.doc.text;
    };
    assert.match(await add('encryption_keys: {}\n', 'yaml'), new RegExp(`orders: ${key}`));
    assert.match(await add('encryption_keys:\r\n    __proto__: x\r\n', 'yaml'), /__proto__: x\r\n {4}orders: /);
    assert.match(await add('{"encryption_keys": {}}', 'json'), /"orders": /);
    assert.match(
      await add('a: 1\n---\nencryption_keys: {other: x}\n', 'yaml'),
      /^a: 1\nencryption_keys:\n {2}orders: /,
    );
    for (const text of ['encryption_keys: text\n', 'encryption_keys: null\n', 'encryption_keys: [a]\n'])
      await assert.rejects(add(text, 'yaml'), { code: 'ENTRY_EXISTS' }, text);
  });

  it('are refused when they are none, and no error has one in it', async () => {
    const file = await opened(texts.yaml ?? '', 'yaml');
    const cases: readonly (readonly [string, string])[] = [
      ['correct-horse!', 'BAD_ENCRYPTION_KEY'],
      ['', 'BAD_ENCRYPTION_KEY (length)'],
      [Buffer.alloc(15, 1).toString('base64'), 'BAD_ENCRYPTION_KEY (length)'],
      [Buffer.alloc(24, 1).toString('base64'), 'BAD_ENCRYPTION_KEY (length)'],
      [Buffer.alloc(33, 1).toString('base64'), 'BAD_ENCRYPTION_KEY (length)'],
    ];
    for (const [bad, message] of cases) {
      assert.throws(() => addingKey(file.sealed, 'orders', bad), { message });
      await assert.rejects(encryptWithKey(bad, 'x'), { message });
      await assert.rejects(decryptWithKey(bad, await encryptWithKey(key, 'x')), { message });
      assert.equal(sizeOf(bad), undefined);
    }
  });

  it('stay behind where a program gets everything, unless a variable is written down for them', async () => {
    const given = async (text: string, format: FormatId, variables: Record<string, string> = {}) => {
      const all = await handedOf(await opened(text, format), 'dotenv', {});
      const { named } = withVariables(all, new Map(Object.entries(variables)));
      return named.filter((one) => !staysBehind(one)).map(({ variable }) => variable);
    };
    const yaml = `db: {password: x}\nencryption_keys: {orders: ${key}, broken: no-key, deep: {er: x}}\n`;
    assert.deepEqual(await given(yaml, 'yaml'), ['DB_PASSWORD']);
    assert.deepEqual(await given(yaml, 'yaml', { 'encryption_keys.orders': 'ORDERS' }), ['DB_PASSWORD', 'ORDERS']);
    const dotenv = `A=1\nENCRYPTION_KEY_ORDERS=${key}\nexport ENCRYPTION_KEY_B="${long}"\nENCRYPTION_KEY_DAYS=30\nENCRYPTION_KEY_C=op://vault/item/key\n`;
    const variables = ['A', ...['ORDERS', 'B', 'DAYS', 'C'].map((name) => `ENCRYPTION_KEY_${name}`)];
    assert.deepEqual(await given(dotenv, 'dotenv'), variables);
    assert.deepEqual(await given(`[encryption_keys]\norders = ${key}\n`, 'ini'), []);
    assert.deepEqual(await given('encryption_keys: a plain entry\n', 'yaml'), ['ENCRYPTION_KEYS']);
  });
});

describe('what a named key encrypts', () => {
  it('is IV, ciphertext and tag, as AES-GCM of 128 or 256 bits has them', async () => {
    for (const [secret, cipher] of [[key, 'aes-128-gcm'] as const, [long, 'aes-256-gcm'] as const]) {
      const raw = Buffer.from(secret, 'base64');
      for (const text of ['', 'Ada Lovelace', 'grüß 🔑\u0000\n']) {
        const value = await encryptWithKey(secret, text);
        const bytes = Buffer.from(value, 'base64');
        assert.equal(bytes.toString('base64'), value);
        const reading = createDecipheriv(cipher, raw, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(-16));
        assert.equal(Buffer.concat([reading.update(bytes.subarray(12, -16)), reading.final()]).toString('utf8'), text);
        const iv = Buffer.alloc(12, 3);
        const writing = createCipheriv(cipher, raw, iv);
        const sealed = Buffer.concat([iv, writing.update(text, 'utf8'), writing.final(), writing.getAuthTag()]);
        assert.equal(await decryptWithKey(secret, ` ${sealed.toString('base64')}\n`), text);
      }
      assert.notEqual(await encryptWithKey(secret, 'x'), await encryptWithKey(secret, 'x'));
    }
  });

  it('does not open with another key, nor changed at any byte, nor cut short', async () => {
    for (const secret of [key, long]) {
      const value = await encryptWithKey(secret, 'Ada Lovelace');
      await assert.rejects(decryptWithKey(secret === key ? other : key, value), { message: 'BAD_TOKEN_KEY' });
      const bytes = Buffer.from(value, 'base64');
      for (let at = 0; at < bytes.length; at++) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        await assert.rejects(decryptWithKey(secret, changed.toString('base64')), { message: 'BAD_TOKEN_KEY' });
      }
      await assert.rejects(decryptWithKey(secret, bytes.subarray(0, 27).toString('base64')), {
        message: 'BAD_TOKEN (truncated)',
      });
      await assert.rejects(decryptWithKey(secret, 'no base64!'), { message: 'BAD_TOKEN (altered)' });
    }
  });

  it('is text of some size', async () => {
    await assert.rejects(encryptWithKey(key, 'a\ud800b'), { message: 'BAD_TOKEN (not-text)' });
    await assert.rejects(encryptWithKey(key, 'a'.repeat(1024 * 1024 + 1)), { code: 'TOO_LARGE' });
    await assert.rejects(decryptWithKey(key, 'A'.repeat(6 * 1024 * 1024)), { code: 'TOO_LARGE' });
  });

  it('has keys by chance, of both sizes', () => {
    for (const bits of keySizes) {
      const made = newKey(bits);
      assert.equal(keyBytes(made).length * 8, bits);
      assert.notEqual(newKey(bits), made);
    }
  });
});
