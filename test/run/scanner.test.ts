import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanBytes, scanFolders } from '../e2e/scanner.ts';
import { formsOf } from '../e2e/search/forms.ts';

const canary = 'canary-7f3Zq9+/Lmw~ä';
const table = readFileSync(join(__dirname, 'fixtures', 'table.ldb'));

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
    assert.deepEqual(scan('a', 'canary- and other text'), []);
  });

  it('finds eight characters and more, and not seven', () => {
    assert.deepEqual(scan('a', 'x-7f3Zq9+y'), ['a part in utf-8']);
    assert.deepEqual(scan('a', 'x-7f3Zq9y'), []);
    assert.deepEqual(scan('a', `${canary.slice(0, 7)}\n${canary.slice(7, 14)}\n${canary.slice(14)}`), []);
    assert.deepEqual(scan('a', `${canary.slice(0, 12)}\n${canary.slice(12)}`), ['a part in utf-8']);
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

  it('finds it in the target of a link', () => {
    symlinkSync('/nowhere/plain-canary-4Tq', join(folder, 'link'));
    writeFileSync(join(folder, 'a'), '');
    assert.deepEqual(
      scanFolders([folder], ['plain-canary-4Tq']).map(({ path }) => path),
      [`${join(folder, 'link')} (link)`],
    );
    rmSync(join(folder, 'link'));
    rmSync(join(folder, 'a'));
  });

  it('refuses to search nothing: no folder, no file in it, none in a part of it', () => {
    assert.throws(() => scanFolders([join(folder, 'gone')], [canary]), /ENOENT/);
    assert.throws(() => scanFolders([folder], [canary]), /nothing was searched in/);
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'a'), '');
    assert.deepEqual(scanFolders([folder], [canary]), []);
    for (const part of ['empty', 'gone']) {
      const searched = [join(folder, part)];
      assert.throws(() => scanFolders([folder], [canary], { searched }), /nothing was searched in .*(empty|gone)$/);
    }
    rmSync(join(folder, 'empty'), { recursive: true });
    rmSync(join(folder, 'a'));
  });

  it('refuses to leave out what cannot be read, and nothing else but what has vanished', () => {
    writeFileSync(join(folder, 'a'), '');
    writeFileSync(join(folder, 'b'), '');
    const failing = (code: string) => (path: string) => {
      if (path.endsWith('a')) throw Object.assign(new Error(code), { code });
      return Buffer.from('');
    };
    for (const code of ['EACCES', 'EIO', 'EISDIR', 'ENXIO', 'EMFILE']) {
      assert.throws(
        () => scanFolders([folder], [canary], { read: failing(code) }),
        new RegExp(`a could not be searched: ${code}`),
      );
    }
    assert.deepEqual(scanFolders([folder], [canary], { read: failing('ENOENT') }), []);
    // A table of which a part is not searched.
    writeFileSync(join(folder, 'a'), Buffer.from(table).fill(0xff, 2, 8));
    assert.throws(() => scanFolders([folder], [canary]), /a could not be searched/);
    rmSync(join(folder, 'a'));
    rmSync(join(folder, 'b'));
  });

  it('refuses a search for nothing', () => {
    assert.throws(() => scanBytes('a', 'text', []));
    assert.throws(() => scanBytes('a', 'text', ['abc']));
  });

  it('has no form so short that it is found by chance', () => {
    assert.ok(formsOf('k9XvQ2').every((needle) => needle.bytes.length >= 6));
  });
});
