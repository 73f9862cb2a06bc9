import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getFormat } from '../../src/core/format/which.ts';
import { newIdentity, sealFile } from '../core/format/seal.ts';
import { plainDocuments } from '../core/format/tree.ts';
import vectors from '../core/format/vectors/comments.json';
import { sopsPath } from './tools.ts';

describe('the real sops reads what we seal in place', () => {
  let folder = '';
  let key = { identity: '', recipient: '' };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-format-'));
    key = await newIdentity();
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  function decrypt(text: string, type: string): string {
    const file = join(folder, 'sealed');
    writeFileSync(file, text);
    const env = { ...process.env, SOPS_AGE_KEY: key.identity };
    return execFileSync(sopsPath, ['decrypt', '--input-type', type, '--output-type', type, file], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  it('comments of every shape come back, those in lists too', async () => {
    for (const { name, input, comments } of vectors.cases) {
      const out = decrypt(await sealFile('yaml', input, key.recipient), 'yaml');
      assert.ok(!out.includes('ENC['), `${name}\n${out}`);
      const yaml = getFormat('yaml');
      assert.deepEqual(plainDocuments(yaml.parse(out)), plainDocuments(yaml.parse(input)), name);
      // sops prints no comment above a list in a list.
      const printed = comments.filter(([text]) => name !== 'list in a list' || text !== ' c1');
      for (const [text] of printed) assert.ok(out.includes(`#${text}`), `${name}: ${text}`);
    }
  });

  it('values of every style', async () => {
    const texts = [
      'a: |\n  x\n\n  y\nb: >-\n  x\n  y\nc: "q\\n"\nd: \'s\'\ne: [1, {f: 2.5}, true]\ng: !!str 5\nh: &h\n  i: j\nk: *h\nl:\n- *h\n- ""\n- null\n',
      'plain_unencrypted: 017\ntext_unencrypted: |\n  x\n  y\nsecret: z',
      '{a: 1, b: [x, "y"]}\n',
      '\uFEFFa: 1\r\nb: |\r\n  x\r\n  y\r\nc_unencrypted: |\r\n  x\r\n  y\r\n',
      'a_unencrypted: |\n  cut short',
    ];
    for (const text of texts) {
      const out = decrypt(await sealFile('yaml', text, key.recipient), 'yaml');
      const yaml = getFormat('yaml');
      assert.deepEqual(plainDocuments(yaml.parse(out)), plainDocuments(yaml.parse(text)), text);
    }
  });

  it('JSON and dotenv', async () => {
    const json = '{\n  "a": "x",\n  "b": [1, {"c": -2.5}, true, null, ""],\n  "d_unencrypted": 2.0\n}\n';
    assert.deepEqual(JSON.parse(decrypt(await sealFile('json', json, key.recipient), 'json')), JSON.parse(json));
    const dotenv = '# note\nA=x y\nB=l1\\nl2\nC_unencrypted=z\nD=\n';
    assert.equal(decrypt(await sealFile('dotenv', dotenv, key.recipient), 'dotenv'), dotenv);
    assert.equal(decrypt(await sealFile('dotenv', dotenv.replaceAll('\n', '\r\n'), key.recipient), 'dotenv'), dotenv);
  });
});
