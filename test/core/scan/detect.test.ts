import assert from 'node:assert/strict';
import { detect } from '../../../src/core/scan/detect.ts';
import { scanFile } from '../../../src/core/scan/scan.ts';
import { chance, corpus } from '../../corpus/corpus.ts';
import { cpuTime } from '../shared.ts';

const parts = (...all: readonly string[]) => all.join('');
const token = parts('gh', 'p_', 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb7d');

describe('hard-coded secrets', () => {
  it('are found in the corpus, and look-alikes are none', () => {
    const all = corpus();
    const right = all.filter(({ secret }) => secret !== undefined);
    assert.ok(right.length >= 300 && all.length - right.length >= 1000);
    const isFound = ({ text, path, secret = '' }: (typeof all)[number]) => {
      const [start, end] = [text.indexOf(secret), text.indexOf(secret) + secret.length];
      // The whole secret and nothing beside it, or a text that has it (a key in several lines, quotes escaped).
      return detect(text, path).some(
        (one) => (one.start === start && one.end === end) || (start === -1 && one.end > one.start),
      );
    };
    const missed = right.filter((one) => !isFound(one)).map(({ kind, path }) => `${kind} ${path}`);
    assert.ok(missed.length <= right.length * 0.01, missed.join('\n'));
    const wrong = all.filter(({ secret, text, path }) => secret === undefined && detect(text, path).length > 0);
    assert.deepEqual(
      wrong.map(({ kind, text }) => `${kind}: ${text}`),
      [],
    );
  });

  it('say where they are, what they are called and by which rule; no value', () => {
    const text = `const githubToken = '${token}';\n`;
    assert.deepEqual(detect(text, 'a.ts'), [
      { rule: 'github-pat', start: text.indexOf(token), end: text.indexOf(token) + token.length, name: 'githubToken' },
    ]);
    assert.deepEqual(detect(`x ${token}`, 'a.md')[0]?.name, undefined);
    for (const [before, name] of [
      ['const stripe: string = "', 'stripe'],
      ['  "mail": "', 'mail'],
      ['MAIL=', 'MAIL'],
      ["$config['mail'] = '", 'mail'],
      ['call("', undefined],
    ] as const)
      assert.equal(detect(`${before}${token}"`, 'a.ts')[0]?.name, name, before);
    assert.equal(detect('URL = "postgres://app:Zx81kQ4m@db/a"', 'a.py')[0]?.name, 'URL');
  });

  it('are found in UTF-16, which PowerShell writes; in other bytes that are no text none is looked for', () => {
    const text = `\ufeffone\r\n$token = '${token}'\r\n`;
    const [le, be] = [Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()];
    for (const bytes of [Buffer.from(text), le, be])
      assert.deepEqual(
        scanFile('a.ps1', bytes).map(({ rule, line }) => [rule, line]),
        [['github-pat', 2]],
      );
    assert.deepEqual(scanFile('a.ps1', le.subarray(2)), []);
  });

  it('are no values that another program encrypted, no hashes, and no names of something else', () => {
    const long = 'Zx81kQ4mTt7'.repeat(12);
    for (const value of [
      `encrypted:B${long}==`,
      `ENC(${long.slice(0, 40)}=)`,
      `{cipher}${long}`,
      `gAAAAABl${long}==`,
      `AQICAH${long}==`,
      parts('$2b', '$12$', long.slice(0, 53)),
      'gs_oauth2_refresh_token',
      '_rb_sess_id',
      'someone-else@example.org',
    ]) {
      for (const text of [`password = "${value}"`, `db_secret: '${value}'`])
        assert.deepEqual(detect(text, 'a.yaml'), [], text);
      assert.deepEqual(detect(`DB_PASSWORD=${value}\n`, '.env'), [], value);
    }
    for (const value of [`encrypted:${long.slice(0, 20)}`, `ENC(${long.slice(0, 12)}`, 'Zx81kQ4m_tT7'])
      assert.equal(detect(`password = "${value}"`, 'a.ts').length, 1, value);
  });

  it('are found in a connection string, and behind the address of a registry', () => {
    const found = (text: string, path: string) => detect(text, path).map((one) => text.slice(one.start, one.end));
    const secret = parts('Zx81', 'kQ4mTt');
    for (const end of ['', ';', ';Encrypt=true;'])
      assert.deepEqual(found(`"App": "Server=db;User Id=sa;Password=${secret}${end}"`, 'a.json'), [secret]);
    assert.deepEqual(found(`//nexus.example.org/npm/:_authToken=${secret}9a\n`, '.npmrc'), [`${secret}9a`]);
    for (const value of ['{0}', 'Your_password123', '%PASSWORD%', 'password', '***'])
      assert.deepEqual(found(`"Server=db;User Id=sa;Password=${value};"`, 'a.json'), [], value);
  });

  it('are no references to other managers', () => {
    const item = parts('Zx81kQ4m', 'Pp27Lq');
    assert.equal(detect(`password = "${item}"`, 'a.py').length, 1);
    for (const scheme of [
      'op://a/b/',
      'vault://a/b#',
      'aws-sm://',
      'gcp-sm://p/',
      'azure-kv://v/',
      'bw://',
      'ref+awsssm://',
    ]) {
      const found = ['password', 'token', 'api_key'].flatMap((name) => detect(`${name} = "${scheme}${item}"`, 'a.py'));
      assert.deepEqual(found, [], scheme);
    }
  });

  it('are each found where several stand in one line, and near the borders of a text', () => {
    const all = detect(`${token} ${token}\n${token}`, 'a.txt');
    assert.deepEqual(
      all.map(({ start }) => start),
      [0, 41, 82],
    );
  });

  it('are found behind letters of any script', () => {
    const text = `пароль ünd 🙂 password = "${'Zx81kQ4m'}Pp27Lq"`;
    const [one] = detect(text, 'a.py');
    assert.equal(text.slice(one?.start, one?.end), 'Zx81kQ4mPp27Lq');
  });

  it('are looked for in a time that no text makes long', () => {
    const c = chance(3);
    const hostile = [
      'password = "'.repeat(20_000),
      `${'a'.repeat(79)}key `.repeat(4_000),
      parts('-----BEGIN RSA ', 'PRIVATE', ' KEY-----\n').repeat(8_000),
      'adafruit ='.repeat(30_000),
      'https://a:'.repeat(30_000),
      'curl -H "Authorization: '.repeat(10_000),
      c.text(1_000_000, 'eyJ._-'),
      'secret secretsecret: '.repeat(20_000),
      `token=${'\\'.repeat(1_000_000)}`,
    ];
    for (const [i, text] of hostile.entries()) {
      const before = cpuTime();
      detect(text, 'a.yaml');
      assert.ok(cpuTime() - before < 3000, `${i}: ${cpuTime() - before}`);
    }
  });
});
