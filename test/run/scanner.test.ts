import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formsOf, scanBytes, scanFolders } from '../e2e/scanner.ts';

const canary = 'canary-7f3Zq9+/Lmw~ä';

describe('scanner', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'scanner-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const scan = (name: string, data: string | Uint8Array) => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, data);
    const found = scanFolders([folder], [canary]).map((one) => one.form);
    rmSync(path);
    return found;
  };
  const between = (middle: Uint8Array) => Buffer.concat([Buffer.from('before\0'), middle, Buffer.from('after')]);

  it('finds nothing where nothing is', () => {
    assert.deepEqual(scan('a', 'canary-7f3Zq9 and other text'), []);
  });

  it('finds UTF-8 and UTF-16', () => {
    assert.deepEqual(scan('deep/er/a', between(Buffer.from(canary))), ['utf-8']);
    assert.ok(scan('a', between(Buffer.from(canary, 'utf16le'))).includes('utf-16le'));
    assert.ok(scan('a', between(Buffer.from(canary, 'utf16le').swap16())).includes('utf-16be'));
  });

  it('finds hex of both cases', () => {
    assert.deepEqual(scan('a', `x${Buffer.from(canary).toString('hex')}y`), ['hex']);
    assert.deepEqual(scan('a', `x${Buffer.from(canary).toString('hex').toUpperCase()}y`), ['HEX']);
  });

  it('finds base64 at every offset of a longer text', () => {
    for (let before = 0; before < 7; before++) {
      for (let after = 0; after < 4; after++) {
        const text = Buffer.from('x'.repeat(before) + canary + 'y'.repeat(after));
        assert.deepEqual(scan('a', text.toString('base64')), [`base64+${before % 3}`]);
        assert.match(scan('a', text.toString('base64url')).join(), /base64(url)?\+/);
      }
    }
  });

  it('finds percent-encoded and JSON text', () => {
    assert.deepEqual(scan('a', `?q=${encodeURIComponent(canary)}&`), ['percent']);
    const quoted = 'a"b\\c\nd';
    assert.deepEqual(
      scanBytes('a', JSON.stringify({ quoted }), [quoted]).map((one) => one.form),
      ['json'],
    );
  });

  it('finds it in a file name', () => {
    const name = 'plain-canary-4Tq';
    writeFileSync(join(folder, `x${name}.txt`), '');
    assert.equal(scanFolders([folder], [name]).length, 1);
    rmSync(join(folder, `x${name}.txt`));
  });

  it('finds it across the border of two chunks of a large file', () => {
    const data = Buffer.alloc(16 * 1024 * 1024 + 1000, 46);
    for (const at of [16 * 1024 * 1024 - 5, 16 * 1024 * 1024 + 12, data.length - 40]) {
      const copy = Buffer.from(data);
      copy.write(canary, at);
      assert.deepEqual(scan('a', copy), ['utf-8']);
    }
  });

  it('refuses to search a folder that is not there', () => {
    assert.throws(() => scanFolders([join(folder, 'gone')], [canary]));
  });

  it('has no form so short that it is found by chance', () => {
    assert.ok(formsOf('k9XvQ2').every((needle) => needle.bytes.length >= 6));
  });
});
