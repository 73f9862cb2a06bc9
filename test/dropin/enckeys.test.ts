import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decryptWithKey, encryptWithKey, keySizes } from '../../src/core/enckeys/payload.ts';
import { newKey } from '../../src/core/enckeys/steps.ts';
import { root } from '../core/shared.ts';
import { missing, skipFor } from '../skip.ts';

const python = process.env.LOCKSTEP_PYTHON;

/** The same as `enckeys.java.txt`, by AESGCM of Python's cryptography. */
const script = `
import base64, os, sys
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
for line in sys.stdin.read().split("\\n"):
    verb, key, value = line.split(" ")
    key, value = base64.b64decode(key, validate=True), base64.b64decode(value, validate=True)
    try:
        if verb == "open":
            found = AESGCM(key).decrypt(value[:12], value[12:], None)
        else:
            iv = os.urandom(12)
            found = iv + AESGCM(key).encrypt(iv, value, None)
        print(base64.b64encode(found).decode())
    except InvalidTag:
        print("refused")
`;

const texts = ['', 'Ada Lovelace', 'häß 🔑 \u0000 \ufeff', 'two\nlines\r\n', 'long '.repeat(10_000)];
const toBase64 = (text: string) => Buffer.from(text).toString('base64');

describe('what a named encryption key makes, other code opens, and the other way round', function () {
  this.timeout(120_000);
  let folder: string;
  before(function () {
    skipFor(this, missing('systems whose values are read', Boolean(python && process.env.LOCKSTEP_SYSTEMS)));
    folder = mkdtempSync(join(tmpdir(), 'lockstep-enckeys-'));
    cpSync(join(root, 'test', 'dropin', 'enckeys.java.txt'), join(folder, 'Enckeys.java'));
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  const programs = {
    'Java’s Cipher, as Anvil calls it': () => ['java', '-Dfile.encoding=UTF-8', join(folder, 'Enckeys.java')],
    'cryptography in Python': () => [python ?? '', '-c', script],
  };
  for (const [name, command] of Object.entries(programs))
    it(name, async () => {
      const keys = keySizes.map(newKey);
      const [other = ''] = keys;
      const lines: string[] = [];
      for (const key of keys)
        for (const text of texts) {
          const own = await encryptWithKey(key, text);
          const changed = Buffer.from(own, 'base64');
          changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
          lines.push(
            `open ${key} ${own}`,
            `seal ${key} ${toBase64(text)}`,
            `open ${key} ${changed.toString('base64')}`,
          );
          lines.push(`open ${key === other ? newKey(128) : other} ${own}`);
        }
      const [program = '', ...words] = command();
      const ran = spawnSync(program, words, { input: lines.join('\n'), encoding: 'utf8', maxBuffer: 1 << 26 });
      assert.equal(ran.status, 0, ran.stderr);
      const answers = ran.stdout.trimEnd().split('\n');
      assert.equal(answers.length, lines.length);
      for (const [i, key] of keys.entries())
        for (const [n, text] of texts.entries()) {
          const [opened, sealed = '', changed, wrong] = answers.slice((i * texts.length + n) * 4);
          assert.deepEqual([opened, changed, wrong], [toBase64(text), 'refused', 'refused']);
          assert.equal(await decryptWithKey(key, sealed), text);
        }
    });
});
