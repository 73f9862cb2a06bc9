// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the values are what programs put variables into.
import assert from 'node:assert/strict';
import { type TargetName, targetNames } from '../../../src/core/foreign/write/names.ts';
import type { Outgoing } from '../../../src/core/foreign/write/target.ts';
import { exportText, problemsOf } from '../../../src/core/foreign/write/write.ts';

const one = (variable: string, value: string): Outgoing => ({ variable, value, path: [variable] });
const whyOf = (target: TargetName, ...entries: readonly Outgoing[]) =>
  problemsOf(target, entries).map(({ variable, why }) => `${variable}: ${why}`);

describe('what another system cannot hold', () => {
  it('is a name: each target has its own rule', () => {
    const refused: Partial<Record<TargetName, readonly string[]>> = {
      dotenv: ['A B', 'é', ''],
      python: ['A B', '1 '],
      docker: ['A B', '#A', '', 'A=B'],
      systemd: ['1A', 'A.B', 'A-B'],
      shell: ['1A', 'A-B', 'A;id'],
      kubernetes: ['A B', 'a/b', ''],
      'compose-secrets': ['a b'],
      kestra: ['A-B', 'é'],
      github: ['1A', 'A-B'],
      gitlab: ['A-B'],
      tfvars: ['1A', 'a.b'],
      flet: ['A-B'],
      dotenvx: ['A-B', '1'],
    };
    for (const [target, names] of Object.entries(refused))
      for (const name of names)
        assert.deepEqual(whyOf(target as TargetName, one(name, 'x')), [`${name}: name`], `${target} ${name}`);
    assert.deepEqual(whyOf('kubernetes', one('k'.repeat(254), 'x')), [`${'k'.repeat(254)}: length`]);
    for (const target of ['json', 'yaml'] as const) assert.deepEqual(whyOf(target, one('any name: é', 'x')), []);
  });

  it('is a name that means something else there', () => {
    assert.deepEqual(whyOf('shell', one('UID', '1')), ['UID: reserved']);
    assert.deepEqual(whyOf('github', one('github_token', '1')), ['github_token: reserved']);
    assert.deepEqual(whyOf('tfvars', one('source', '1')), ['source: reserved']);
    assert.deepEqual(whyOf('kubernetes', one('..x', '1')), ['..x: reserved']);
    assert.deepEqual(whyOf('dotenvx', one('DOTENV_PUBLIC_KEY_CI', '1'), one('A_PLAIN', '2')), [
      'DOTENV_PUBLIC_KEY_CI: reserved',
      'A_PLAIN: reserved',
    ]);
  });

  it('is a name that is another one there', () => {
    for (const target of ['kestra', 'kestra-macro', 'github'] as const)
      assert.deepEqual(whyOf(target, one('foo', '1'), one('FOO', '2')), ['FOO: clash'], target);
    for (const target of ['dotenv', 'json', 'shell'] as const)
      assert.deepEqual(whyOf(target, one('foo', '1'), one('FOO', '2')), [], target);
    const nested = { variable: 'SECRET_A', value: '1', path: ['secret', 'A'] };
    assert.deepEqual(whyOf('anvil', nested, one('A', '2')), ['A: clash']);
  });

  it('is all values together', () => {
    const half = 'é'.repeat(256 * 1024);
    assert.deepEqual(whyOf('kubernetes', one('A', half), one('B', half)), []);
    assert.deepEqual(whyOf('kubernetes', one('A', half), one('B', half), one('C', 'x')), ['C: sum']);
    assert.deepEqual(whyOf('yaml', one('A', half), one('B', half), one('C', 'x')), []);
  });

  it('is a value', () => {
    const refused: readonly (readonly [TargetName, string, string])[] = [
      ['dotenv', '\'"`#\n', 'sign'],
      ['python', '${HOME}', 'sign'],
      ['docker', 'a\nb', 'line-break'],
      ['docker', 'a\r', 'line-break'],
      ['docker', 'x'.repeat(65_536), 'length'],
      ['systemd', 'a\x1bb', 'sign'],
      ['systemd', '\ufffe', 'sign'],
      ['kestra-macro', 'a\nb', 'line-break'],
      ['kestra-macro', 'a"b', 'sign'],
      ['kestra-macro', '#{x}', 'sign'],
      ['kestra-macro', 'a\\', 'sign'],
      ['github', 'é'.repeat(24_577), 'length'],
      ['github', 'it\'s "', 'sign'],
      ['gitlab', 'x'.repeat(10_001), 'length'],
      ['dotenvx', 'encrypted:x', 'sign'],
      ['kubernetes', 'x'.repeat(1024 * 1024 + 1), 'length'],
    ];
    for (const [target, value, why] of refused)
      assert.deepEqual(whyOf(target, one('A', value)), [`A: ${why}`], `${target} ${JSON.stringify(value.slice(0, 9))}`);
    const key = (value: string) => ({ variable: 'K', value, path: ['encryption-key', 'k'] });
    for (const value of ['', 'short', btoa('fifteen bytes.!')])
      assert.deepEqual(whyOf('anvil', key(value)), ['K: key']);
    assert.deepEqual(whyOf('anvil', key(btoa('sixteen bytes.!!'))), []);
  });

  it('is named whole, with all others, and nothing is written', async () => {
    const entries = [one('A B', 'x'), one('ok', '1'), one('OK', '2'), one('C D', 'y')];
    assert.deepEqual(whyOf('kestra', ...entries), ['A B: name', 'OK: clash', 'C D: name']);
    for (const target of targetNames.filter((name) => problemsOf(name, entries).length > 0))
      await assert.rejects(exportText(target, entries), RangeError);
  });
});

describe('an exported text', () => {
  it('has the form that people know', async () => {
    const entries = [one('DB_URL', 'postgres://app:$p@db/x'), one('PIN', '0123')];
    const texts: Partial<Record<TargetName, string>> = {
      dotenv: "DB_URL='postgres://app:$p@db/x'\nPIN=0123\n",
      docker: 'DB_URL=postgres://app:$p@db/x\nPIN=0123\n',
      systemd: 'DB_URL="postgres://app:\\$p@db/x"\nPIN="0123"\n',
      shell: "export DB_URL='postgres://app:$p@db/x'\nexport PIN='0123'\n",
      json: '{\n  "DB_URL": "postgres://app:$p@db/x",\n  "PIN": "0123"\n}\n',
      yaml: 'DB_URL: postgres://app:$p@db/x\nPIN: "0123"\n',
      'compose-secrets': 'secrets:\n  DB_URL:\n    environment: DB_URL\n  PIN:\n    environment: PIN\n',
      kestra: 'SECRET_DB_URL=cG9zdGdyZXM6Ly9hcHA6JHBAZGIveA==\nSECRET_PIN=MDEyMw==\n',
      'kestra-macro':
        'SECRET_DB_URL={{ "postgres://app:$p@db/x" | base64encode }}\nSECRET_PIN={{ "0123" | base64encode }}\n',
      anvil: 'secret:\n  DB_URL: postgres://app:$p@db/x\n  PIN: "0123"\n',
      github: "DB_URL='postgres://app:$p@db/x'\nPIN=0123\n",
      tfvars: 'DB_URL = "postgres://app:$p@db/x"\nPIN = "0123"\n',
    };
    for (const [target, text] of Object.entries(texts))
      assert.equal(await exportText(target as TargetName, entries), text, target);
  });

  it('is what the documents of Kestra and Anvil show', async () => {
    assert.equal(
      await exportText('kestra', [one('mypassword', 'myPrivateCode')]),
      'SECRET_MYPASSWORD=bXlQcml2YXRlQ29kZQ==\n',
    );
    const entries = [
      { variable: 'SECRET_API', value: 'v', path: ['secret', 'api'] },
      { variable: 'X', value: 'EBESExQVFhcYGRobHB0eHw==', path: ['encryption-key', 'rest'] },
    ];
    assert.equal(
      await exportText('anvil', entries),
      'secret:\n  api: v\nencryption-key:\n  rest: EBESExQVFhcYGRobHB0eHw==\n',
    );
  });

  it('of tokens has what the key makes of each value, in quotes that keep dotenvx from expanding it', async () => {
    const seal = async (value: string) => `sealed:${value.length}`;
    const entries = [one('A', 'x'), one('B', 'a$(id)'), one('C', 'back\\slash')];
    assert.equal(await exportText('fernet', entries, { seal }), 'A=sealed:1\nB=sealed:6\nC=sealed:10\n');
    assert.equal(
      await exportText('dotenvx', entries, { seal, publicKey: '02ab' }),
      'DOTENV_PUBLIC_KEY="02ab"\n\nA="sealed:1"\nB=\'sealed:6\'\nC=\'sealed:10\'\n',
    );
  });
});
