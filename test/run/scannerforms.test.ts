import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { canary as makeCanary } from '../e2e/lab.ts';
import { Search, scanBytes } from '../e2e/scanner.ts';
import { root } from './setup.mjs';

const canary = 'k7QvZ9mX&2wLr<4Tb"N8cYh';
/** Long enough that its letters are packed too. */
const text = 'The quick brown fox jumps over the lazy dog, and a value of the file is kept in an entry of it. '.repeat(
  3,
);
const json = `{"name": "${text}", "value": ${JSON.stringify(canary)}, "more": [1, 2, 3]}`;
const bytes = Buffer.from(canary);
const wide = Buffer.from(canary, 'utf16le');
const wideBig = Buffer.from(canary, 'utf16le').swap16();
const between = (inner: Uint8Array) => Buffer.concat([Buffer.from('before it\0'), inner, Buffer.from('behind it')]);
const fixture = (name: string) => readFileSync(join(__dirname, 'fixtures', name));
const every = (text: string, code: (char: number) => string) => [...Buffer.from(text)].map(code).join('');
const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: unknown };

/** Made by Python's `base64.b32encode`: the canary alone, and behind two other letters. */
const base32 = 'NM3VC5S2HFWVQJRSO5GHEPBUKRRCETRYMNMWQ===';
const base32Behind = 'MFRGWN2ROZNDS3KYEYZHOTDSHQ2FIYRCJY4GGWLIMNSA====';

/** A file of a ZIP archive as its local header and what is packed. */
function zipped(name: string, text: string): Buffer {
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04', 'latin1');
  head.writeUInt16LE(8, 8);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name), zlib.deflateRawSync(text)]);
}

/** An answer in Chromium's simple cache: its head, the address, the body. */
function cached(address: string, body: Buffer): Buffer {
  const head = Buffer.alloc(24);
  Buffer.from('305c72a71b6dfbfc', 'hex').copy(head);
  head.writeUInt32LE(5, 8);
  head.writeUInt32LE(address.length, 12);
  return Buffer.concat([head, Buffer.from(address), body, Buffer.from('the end')]);
}

/** What holds the canary, and how the search says that it was found. */
const positive: Readonly<Record<string, readonly [data: string | Uint8Array, form: RegExp]>> = {
  gzip: [between(zlib.gzipSync(json)), /^gzip > json$/],
  'gzip that was cut off': [
    zlib.gzipSync(`${json}${randomBytes(400).toString('base64')}`).subarray(0, 300),
    /^gzip > json$/,
  ],
  'deflate with the head of zlib': [between(zlib.deflateSync(json)), /^zlib > json$/],
  'deflate, fast': [between(zlib.deflateSync(json, { level: 1 })), /^zlib > json$/],
  'deflate, best': [between(zlib.deflateSync(json, { level: 9 })), /^zlib > json$/],
  'deflate, raw': [zlib.deflateRawSync(json), /^deflate > json$/],
  brotli: [zlib.brotliCompressSync(json), /^brotli > json$/],
  'brotli in the cache of a browser': [cached('http://localhost/x', zlib.brotliCompressSync(json)), /^brotli > json$/],
  'a ZIP archive': [between(zipped('a.json', json)), /^zip > json$/],
  'gzip in gzip in base64': [zlib.gzipSync(zlib.gzipSync(json)).toString('base64'), /^base64 > gzip > gzip > json$/],
  'gzip in base64 in JSON': [`{"state":"${zlib.gzipSync(json).toString('base64')}"}`, /^base64 > gzip > json$/],
  'gzip in base64 behind a path': [`a/state/${zlib.gzipSync(json).toString('base64')}`, /^base64 > gzip > json$/],
  'gzip in base64url': [zlib.gzipSync(json).toString('base64url'), /^base64 > gzip > json$/],
  'gzip in lines of base64': [
    zlib.gzipSync(json).toString('base64').replace(/.{76}/g, '$&\r\n'),
    /^base64 > gzip > json$/,
  ],
  'raw deflate in base64': [zlib.deflateRawSync(json).toString('base64'), /^base64 > deflate > json$/],
  'brotli in base64': [`"${zlib.brotliCompressSync(json).toString('base64')}"`, /^base64 > brotli > json$/],
  'gzip in hex': [`x ${zlib.gzipSync(json).toString('hex')} y`, /^hex > gzip > json$/],
  'gzip in a list of bytes': [JSON.stringify(zlib.gzipSync(json)), /^a list of numbers > gzip > json$/],
  'UTF-16 in gzip': [zlib.gzipSync(between(wide)), /^gzip > utf-16le$/],
  'UTF-16 in base64': [between(wide).toString('base64'), /^base64\+\d of utf-16[lb]e$/],
  'UTF-16 of the other order in base64': [between(wideBig).toString('base64'), /^base64\+\d of utf-16[lb]e$/],
  'UTF-16 in hex': [`0x${wide.toString('hex')}`, /^hex of utf-16le$/],
  'UTF-16 of the other order in HEX': [wideBig.toString('hex').toUpperCase(), /^HEX of utf-16be$/],
  'base64 in UTF-16': [between(Buffer.from(bytes.toString('base64'), 'utf16le')), /^utf-16 > base64\+0$/],
  'a list of bytes in UTF-16': [
    Buffer.from(`x${JSON.stringify([...bytes])}`, 'utf16le'),
    /^utf-16 > a list of numbers > utf-8$/,
  ],
  'a JSON array of bytes': [JSON.stringify({ data: [...bytes] }), /^a list of numbers > utf-8$/],
  'a printed array of bytes': [JSON.stringify([...bytes], null, 2), /^a list of numbers > utf-8$/],
  'an array of bytes as an object': [JSON.stringify(new Uint8Array(bytes)), /^a list of numbers > utf-8$/],
  'an array of signed bytes': [
    JSON.stringify([...new Int8Array(Buffer.from('ä-k7QvZ9mX&2wLr'))]),
    /^a list of numbers > a part in utf-8$/,
  ],
  'an array of bytes of UTF-16': [JSON.stringify([...wide]), /^a list of numbers > utf-16le$/],
  'an array of characters': [JSON.stringify([...canary]), /^a list of characters > utf-8$/],
  'a value in two parts': [`{"a":"${canary.slice(0, 8)}","b":"${canary.slice(8)}"}`, /^a part in /],
  'eight characters of it': [`x${canary.slice(9, 17)}x`, /^a part in utf-8$/],
  'eight characters in UTF-16': [Buffer.from(`x${canary.slice(9, 17)}x`, 'utf16le'), /^a part in utf-16/],
  'eight characters in base64': [Buffer.from(`xy${canary.slice(9, 18)}z`).toString('base64'), /^a part in base64/],
  'eight characters in gzip': [zlib.gzipSync(`x${canary.slice(2, 10)}x`), /^gzip > a part in utf-8$/],
  'named entities': [canary.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;'), /^entities$/],
  'decimal entities': [every(canary, (byte) => `&#${byte};`), /^&#$/],
  'hexadecimal entities': [every(canary, (byte) => `&#x${byte.toString(16)};`), /^&#x$/],
  'hexadecimal entities in capitals': [every(canary, (byte) => `&#x${byte.toString(16).toUpperCase()};`), /^&#X$/],
  'percent where it must be': [encodeURIComponent(canary), /^percent$/],
  'percent everywhere': [every(canary, (byte) => `%${hex(byte)}`), /^percent of all, small$/],
  'percent everywhere, in capitals': [every(canary, (byte) => `%${hex(byte).toUpperCase()}`), /^percent of all$/],
  'JSON escapes': [every(canary, (byte) => `\\u00${hex(byte)}`), /^\\u$/],
  'escapes of a program': [every(canary, (byte) => `\\x${hex(byte)}`), /^\\x$/],
  'octal escapes': [every(canary, (byte) => `\\${byte.toString(8).padStart(3, '0')}`), /^octal$/],
  'quoted-printable': [every(canary, (byte) => `=${hex(byte).toUpperCase()}`), /^quoted-printable$/],
  'a dump in hex': [every(canary, (byte) => `${hex(byte)} `).trim(), /^hex with blanks$/],
  base32: [base32, /^base32\+0$/],
  'base32 behind something': [base32Behind, /^base32\+2$/],
  reversed: [[...canary].reverse().join(''), /^reversed$/],
  'small letters': [canary.toLowerCase(), /^lower case$/],
  'capital letters': [canary.toUpperCase(), /^upper case$/],
};

const forms = (data: string | Uint8Array, of = canary) => scanBytes('a', data, [of]).map((one) => one.form);

describe('the scanner finds a value in', () => {
  for (const [name, [data, form]] of Object.entries(positive)) {
    it(`${name}, and nothing else there`, () => {
      assert.match(forms(data).join(), form);
      assert.deepEqual(forms(data, 'm3RtY8pW&5qDs<9Kg"B4vJe'), []);
    });
  }

  it('a table of LevelDB that Snappy has packed', () => {
    const table = fixture('table.ldb');
    assert.ok(!table.includes(Buffer.from('QvZk', 'utf16le')));
    assert.deepEqual(forms(table, 'tableQ7vZk2mX9wLr4TbN8cYh'), ['leveldb > utf-16le']);
    assert.deepEqual(forms(table), []);
  });

  it('a large value of IndexedDB', () => {
    // The block of the table above, as Chromium packs a value of its own.
    const packed = Buffer.concat([Buffer.from('ff1102', 'hex'), fixture('table.ldb').subarray(0, 0x87)]);
    assert.deepEqual(forms(between(packed), 'tableQ7vZk2mX9wLr4TbN8cYh'), ['snappy > utf-16le']);
  });

  it('a frame of Zstandard, where Node opens one', () => {
    // Made by `zstd -19`: the parts come eight times before the whole, which is left in no run of letters.
    const packed =
      'KLUv/WQ4AAUCAMKDDRKg7XD5FFi2HGuVhbAmvP5/BQEttSh8ACR0oLdOzWCYjPUt9UXhHwBP6Dh6e6fmg2GXsb55BQEAzB9KPQEObef0';
    const found = forms(between(Buffer.from(packed, 'base64')), 'zstdQ7vZk2mX9wLr4TbN8cYh');
    assert.deepEqual(found, zstdDecompressSync ? ['zstd > utf-8'] : []);
  });
});

describe('the scanner does not cry wolf', () => {
  const canaries = Array.from({ length: 12 }, () => makeCanary());
  const search = new Search(canaries);
  const nothingIn = (name: string, data: string | Uint8Array) => assert.deepEqual(search.bytes(name, data), [], name);

  it('over seven characters in any form', () => {
    for (const one of canaries.slice(0, 4)) {
      for (let at = 0; at + 7 <= one.length; at++) {
        const part = `(${one.slice(at, at + 7)})`;
        nothingIn('text', part);
        nothingIn('UTF-16', Buffer.from(part, 'utf16le'));
        nothingIn('hex', Buffer.from(part).toString('hex'));
        nothingIn('a list', JSON.stringify([...Buffer.from(part)]));
        nothingIn('gzip', zlib.gzipSync(part));
      }
    }
  });

  it('over bytes by chance, in every code, and over what other programs made', () => {
    const random = randomBytes(1 << 20);
    nothingIn('bytes', random);
    nothingIn('base64', random.toString('base64'));
    nothingIn('hex', random.toString('hex'));
    nothingIn('numbers', JSON.stringify([...random.subarray(0, 1 << 17)]));
    nothingIn('gzip', zlib.gzipSync(random));
    nothingIn('other canaries', Array.from({ length: 5000 }, () => makeCanary()).join(' '));
    nothingIn('a program', readFileSync(join(root, 'node_modules', 'mocha', 'package.json')));
    nothingIn('tables', fixture('table.ldb'));
  });

  it('over what every age key begins with', () => {
    const key = `AGE-SECRET-KEY-1${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2).slice(0, 58)}`;
    assert.deepEqual(scanBytes('a', 'a key begins with AGE-SECRET-KEY-1', [key]), []);
    assert.equal(scanBytes('a', `# ${key}`, [key]).length, 1);
  });

  it('and is quick enough for all that a browser and VS Code write', () => {
    const text = readFileSync(join(root, 'node_modules', 'mocha', 'mocha.js'));
    const megabytes = (text.length + (16 << 20)) / 1e6;
    const from = process.cpuUsage();
    nothingIn('text', text);
    nothingIn('bytes', randomBytes(16 << 20));
    const { user, system } = process.cpuUsage(from);
    const rate = megabytes / ((user + system) / 1e6);
    assert.ok(rate > 5, `${rate.toFixed(0)} MB a second`);
  });
});
