import assert from 'node:assert/strict';
import decodeQR from 'qr/decode.js';
import { openIdentityFile, sealIdentityFile } from '../../../src/core/age/private/identityfile.ts';
import { partsOf, scannedArmor } from '../../../src/core/backup/armor.ts';
import { type SheetWords, sheetHtml } from '../../../src/core/backup/sheet.ts';
import { generateIdentity, recipientOf } from '../age/texts.ts';

const words: SheetWords = {
  lang: 'en',
  title: 'Backup',
  made: 'today',
  about: ['Keep it.'],
  keys: 'Keys',
  files: 'Files',
  more: (count) => `and ${count} more`,
  restore: 'Restore',
  steps: ['Scan', 'Open'],
  part: (number, count) => `Part ${number} of ${count}`,
  text: 'The same as text',
};

/** What a phone reads: the modules of a code, each as a square of pixels. */
function scan(svg: string): string {
  const size = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const scale = 4;
  const width = size * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++)
      for (let column = Number(x) * scale; column < (Number(x) + Number(length)) * scale; column++)
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
  }
  return decodeQR({ width, height: width, data });
}

describe('the printable sheet', () => {
  const backUp = async (count: number) => {
    const identities = await Promise.all(Array.from({ length: count }, generateIdentity));
    const keys = await Promise.all(
      identities.map(async (one, i) => ({ label: `key ${i}`, recipient: await recipientOf(one) })),
    );
    const text = identities.map((one, i) => `# key ${i}\n# public key: ${keys[i]?.recipient}\n${one}\n`).join('\n');
    return { identities, keys, armored: await sealIdentityFile(text, 'correct horse', 10) };
  };

  it('brings the keys back from its codes, whether one or several', async () => {
    for (const count of [1, 5]) {
      const { identities, keys, armored } = await backUp(count);
      const html = sheetHtml({ keys, armored, files: ['.env'] }, words);
      const codes = html.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
      assert.equal(codes.length > 1, count > 1);
      assert.equal(html.includes('Part 1 of'), count > 1);
      const text = codes.map(scan).join('\r\n');
      const opened = await openIdentityFile(scannedArmor(text), 'correct horse');
      for (const identity of identities) {
        assert.ok(opened.includes(identity));
        assert.ok(!html.includes(identity));
      }
      assert.ok(html.includes(armored.trim()), 'and as text');
      for (const { recipient } of keys) assert.ok(html.includes(recipient));
    }
  });

  it('loads nothing, runs nothing, and shows names as they are', async () => {
    const { keys, armored } = await backUp(1);
    const evil = '<img src="https://example.com/x" onerror=\'x\'>&\u202e.env';
    const html = sheetHtml(
      { keys: keys.map((key) => ({ ...key, label: evil })), armored, files: [evil] },
      { ...words, title: evil },
    );
    assert.match(html, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/);
    assert.ok(!html.includes('<img'));
    assert.ok(!html.includes('\u202e'));
    assert.ok(!/<(?:script|link|iframe|object)|\b(?:src|href)=["']|url\(|@import/.test(html));
    assert.equal(html.match(/&#60;img src=&#34;https/g)?.length, 4);
  });

  it('names so many files, and counts the rest', async () => {
    const { keys, armored } = await backUp(1);
    const files = Array.from({ length: 75 }, (_, i) => `${i}.env`);
    const html = sheetHtml({ keys, armored, files }, words);
    assert.ok(html.includes('<li>59.env</li>\n<li>and 15 more</li>'));
  });
});

describe('a scanned text', () => {
  it('is the file again, wherever its lines end and whatever stands around it', async () => {
    const armored = await sealIdentityFile('x\n', 'correct horse', 10);
    assert.equal(partsOf(armored).join(''), armored);
    const body = armored.trim().split('\n').slice(1, -1).join('');
    const [begin, end] = [armored.split('\n')[0], armored.trim().split('\n').at(-1)];
    for (const text of [
      armored,
      armored.replaceAll('\n', '\r\n'),
      armored.replaceAll('\n', ' '),
      `Scanned today:\n${begin}\n${body.match(/.{1,50}/g)?.join('\n\n')}\n${end}\nsent from a phone`,
    ])
      assert.equal(scannedArmor(text), armored);
  });

  it('without its begin, its end, or with other signs in it is refused', async () => {
    const armored = await sealIdentityFile('x\n', 'correct horse', 10);
    for (const text of ['', 'x', armored.slice(0, 200), armored.slice(40), armored.replace('\n', '\n?')])
      assert.throws(() => scannedArmor(text), { code: 'BAD_IDENTITY', place: { what: 'sheet' } }, text);
  });
});
