// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are what loaders put variables into.
import assert from 'node:assert/strict';
import { LockstepError } from '../../../src/core/errors.ts';
import type { Entry } from '../../../src/core/foreign/found.ts';
import { readAnvil, readAppServer } from '../../../src/core/foreign/read/anvil.ts';
import { readCompose } from '../../../src/core/foreign/read/compose.ts';
import { readDotenv } from '../../../src/core/foreign/read/dotenv.ts';
import { decodeKestra, looksLikeKestra } from '../../../src/core/foreign/read/kestra.ts';
import { readProperties } from '../../../src/core/foreign/read/properties.ts';
import { systemOfTree } from '../../../src/core/foreign/read/recognise.ts';
import { parseTree, readTree } from '../../../src/core/foreign/read/tree.ts';
import { fingerprint } from '../../../src/core/format/nodevalue.ts';

/** Each entry in one line: `line path = value`. */
const told = (entries: readonly Entry[]) =>
  entries.map(({ line, path, value, why }) => {
    const text = value.kind === 'scalar' && 'value' in value.scalar ? String(value.scalar.value) : fingerprint(value);
    return `${line} ${path.join('.')} = ${JSON.stringify(text)}${why ? ` (${why})` : ''}`;
  });

const yaml = (text: string) => parseTree(text, 'yaml');

const fails = (code: string, work: () => unknown, line?: number) =>
  assert.throws(work, (error) => error instanceof LockstepError && error.code === code && error.place.line === line);

describe('reading what others wrote', () => {
  it('reads a .env without its quotes, and puts nothing in for a dollar sign', () => {
    const text =
      '# comment\r\nexport A="one two" # behind\r\nB=\'$HOME $(id)\'\r\nC=${A}\r\nD="first\r\nsecond"\r\n\r\nE=\r\nDOTENV_PUBLIC_KEY_CI="03aa"\r\n';
    assert.deepEqual(told(readDotenv(text)), [
      '2 A = "one two"',
      '3 B = "$HOME $(id)"',
      '4 C = "${A}"',
      '5 D = "first\\nsecond"',
      '8 E = ""',
    ]);
    assert.equal(readDotenv(text)[0]?.spelled, '"one two"');
  });

  it('refuses a .env with a line that no loader reads, and says which', () => {
    fails('SYNTAX', () => readDotenv('A=1\nwhat is this\nB=2\n'), 2);
    for (const cut of ['B=a#b', 'B=#b', 'B=a# b', 'export B: a#b', 'B="a#b', "B='a'b#c"])
      fails('SYNTAX', () => readDotenv(`A=1\n${cut}\n`), 2);
    for (const whole of ['B=a #b', 'B="a"#b', "B='a#b'", 'B= # b', 'B=# b', '#B=#b', 'B=`a`#'])
      assert.equal(readDotenv(`A=1\n${whole}\nC=2\n`).at(-1)?.path[0], 'C', whole);
    fails('SYNTAX', () => readDotenv('A="open\nB=2\n"tail" x\n'), 3);
  });

  it('reads trees with the names that lead to a value; lists are whole, documents and aliases are read', () => {
    const text = 'db: &db\n  port: 5432\n  hosts: [a, b]\nother: *db\nempty: {}\n---\nsecond: ~\n';
    assert.deepEqual(told(readTree(yaml(text))), [
      '2 db.port = "5432"',
      `3 db.hosts = ${JSON.stringify('{"kind":"list","items":[{"kind":"scalar","scalar":{"type":"str","value":"a"}},{"kind":"scalar","scalar":{"type":"str","value":"b"}}]}')}`,
      '2 other.port = "5432"',
      `3 other.hosts = ${JSON.stringify('{"kind":"list","items":[{"kind":"scalar","scalar":{"type":"str","value":"a"}},{"kind":"scalar","scalar":{"type":"str","value":"b"}}]}')}`,
      `5 empty = ${JSON.stringify('{"kind":"map","members":[]}')}`,
      `7 second = ${JSON.stringify('{"kind":"scalar","scalar":{"type":"null"}}')}`,
    ]);
    assert.deepEqual(told(readTree(parseTree('{"a": {"b": true}}', 'json'))), ['1 a.b = "true"']);
    assert.deepEqual(told(readTree(parseTree('x = 1\n[s]\ny = 2\n', 'ini'))), ['1 DEFAULT.x = "1"', '3 s.y = "2"']);
  });

  it('acts on no tag', () => {
    const text = 'a: !!python/object/apply:os.system ["id"]\nb: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n';
    const [, b] = readTree(yaml(text));
    assert.equal(
      b?.value.kind === 'scalar' && 'value' in b.value.scalar && b.value.scalar.value,
      '$ANSIBLE_VAULT;1.1;AES256\n6162\n',
    );
  });

  it('refuses a file of SOPS', () => {
    fails('ALREADY_ENCRYPTED', () => yaml('a: ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]\nsops:\n  version: 3.9.0\n'));
  });

  it('reads properties as Java does', () => {
    const text =
      '# a\n! b\nplain=value\n spaced key : v\nkey\\ with\\ blanks = x\ncolon:y\nwords z and more  \nlong = one, \\\n    two\\\n\nunicode=\\u00e9\\t\\q\nodd=a\\\\\nempty\n=nameless\n';
    assert.deepEqual(told(readProperties(text)), [
      '3 plain = "value"',
      '4 spaced = "key : v"',
      '5 key with blanks = "x"',
      '6 colon = "y"',
      '7 words = "z and more  "',
      '8 long = "one, two"',
      '11 unicode = "é\\tq"',
      '12 odd = "a\\\\"',
      '13 empty = ""',
      '14  = "nameless"',
    ]);
    fails('SYNTAX', () => readProperties('a=1\nb=\\u12\n'), 2);
  });

  it('reads the variables of compose services, but none that compose puts together', () => {
    const text =
      'services:\n  web:\n    environment:\n      A: one\n      B: 5\n      C: ${X}\n      D: a$$b\n      E:\n  db:\n    environment:\n      - F=x=y\n      - G\n      - H=$$$X\n  none:\n    image: x\n';
    assert.deepEqual(told(readCompose(yaml(text))), [
      '4 A = "one"',
      '5 B = "5"',
      '6 C = "${X}" (reference)',
      '7 D = "a$b"',
      '8 E = "" (reference)',
      '11 F = "x=y"',
      '12 G = "" (reference)',
      '13 H = "$$X" (reference)',
    ]);
  });

  it('reads what is merged into the variables of a service, or with them into the service', () => {
    const text =
      'x-a: &a {A: one, B: two}\nx-s: &s\n  environment: &e\n    <<: *a\n    B: mine\nservices:\n  web:\n    <<: *s\n  db:\n    environment:\n      <<: [{C: three}, *e, *a]\n';
    assert.deepEqual(told(readCompose(yaml(text))), [
      ...['5 B = "mine"', '1 A = "one"'],
      ...['11 C = "three"', '5 B = "mine"', '1 A = "one"'],
    ]);
    assert.equal(systemOfTree(yaml('x: &s {environment: {A: b}}\nservices:\n  web:\n    <<: *s\n')), 'compose');
  });

  it('lists names and apps of an anvil.yaml, and reads the maps of an App Server', () => {
    const hosted = yaml(
      'secrets:\n  key: {type: secret, value: {APP1: aaaa, APP2: bbbb}}\n  other: {type: secret, value: {}}\n',
    );
    assert.deepEqual(
      readAnvil(hosted).map(({ path, kind, why, apps, line }) => [line, path.join('.'), kind, why, apps]),
      [
        [2, 'key', 'anvil-hosted', 'hosted', ['APP1', 'APP2']],
        [3, 'other', 'anvil-hosted', 'hosted', []],
      ],
    );
    const server = yaml(
      'app: MyApp\nsecret:\n  stripe: sk-canary\nencryption-key:\n  main: EBESExQVFhcYGRobHB0eHw==\n',
    );
    assert.deepEqual(
      readAppServer(server).map(({ path, kind }) => [path.join('.'), kind]),
      [
        ['secret.stripe', 'plain'],
        ['encryption_keys.main', 'anvil-key'],
      ],
    );
  });

  it('decodes what is meant for Kestra, as Java does', () => {
    const entries = readDotenv('SECRET_MYPASSWORD=bXlQcml2YXRlQ29kZQ==\nSECRET_short=bXlQcml2YXRlQ29kZQ\nPORT=8080\n');
    assert.ok(looksLikeKestra(entries));
    assert.deepEqual(told(decodeKestra(entries)), [
      '1 MYPASSWORD = "myPrivateCode"',
      '2 SHORT = "myPrivateCode"',
      '3 PORT = "8080"',
    ]);
    assert.deepEqual(told(decodeKestra(readDotenv('SECRET_A=not base64\n'))), ['1 A = "not base64" (damaged)']);
    for (const value of ['deadbeefdeadbeefdeadbeef', 'plain-text-value', 'hunter2hunter2'])
      assert.ok(!looksLikeKestra(readDotenv(`SECRET_KEY=${value}\n`)), value);
  });
});
