import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wrapKey } from '../../src/core/age/wrap.ts';
import type { FormatId } from '../../src/core/format/document.ts';
import { DataKey } from '../../src/core/keys/datakey.ts';
import { seal, sealBytes } from '../../src/core/seal/seal.ts';
import { root } from '../core/shared.ts';
import { alice, bob, clock } from '../core/support.ts';

/** What is mutated: files as people have them, of each kind. */

const yaml = [
  '# top\na: 1 # c\nb:\n    c: "x"\n    l:\n        - 1\n        - k: v\n        # in list\n        - [x, {y: z}]\nt: |\n    one\n    two\nd: 2024-01-01T10:20:30Z\n',
  "a: &a {b: c}\nd: *a\n<<: *a\n? key\n: !!str 5\ne: >-\n  x\n\n  y\n---\nf: .5\n...\n---\n\"q\\u00e9\": 'it''s'\n",
  '%YAML 1.1\n---\r\na:\r\n- 0x1F\r\n- 1_000\r\n- ~\r\n- !!binary aGk=\r\n',
];
const json = [
  '{\n\t"a": "x\\u00e9\\n",\n\t"b": [1, -2.5e3, true, null, {"c": {}}],\n\t"a": "again"\n}\n',
  '{"a":{"b":[[["c"]]]}}',
];
const dotenv = ['# note\nA=1\nB="x y"\nC=a\\nb\nexport D=\n', 'A=1\r\n#c\r\nB=2\r\n'];
const ini = [
  '; c\nglobal = 1\n\n[db] ; s\nuser = me # who\npass = "p#w"\nlong = """a\nb"""\ntick = `x;y`\ncont = a \\\n  b\n',
  '[a]\r\n"q k" : v\r\n',
];
const plain: Readonly<Record<string, readonly string[]>> = { yaml, json, dotenv, ini };

const config = [
  `creation_rules:\n  - path_regex: secrets\\.yaml$\n    age: ${alice.recipient}\n    encrypted_regex: ^(a|b)$\n  - key_groups:\n      - age: [${bob.recipient}]\n        merge:\n          - pgp: ["0123456789ABCDEF0123456789ABCDEF01234567"]\n      - kms:\n          - arn: x\n    shamir_threshold: 2\nstores:\n  yaml:\n    indent: 2\n`,
  `creation_rules: [{path_regex: 'x', age: "${alice.recipient},${bob.recipient}", mac_only_encrypted: true}]\n`,
];
const envelope =
  'ENC[AES256_GCM,data:Lw==,iv:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]';
const values = [
  'str     |x',
  'int     |-12',
  'float   |1.5e3',
  'bool    |True',
  'time    |2024-01-01T10:20:30.5+01:00',
  'comment |x',
];

const sshKeys = Object.values(
  JSON.parse(readFileSync(join(root, 'test/core/age/vectors/sshkeys.json'), 'utf8')) as Record<string, unknown>,
).flatMap(texts);

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

async function sealedOf(format: FormatId): Promise<string[]> {
  const options = { recipients: [alice.recipient, bob.recipient] };
  if (format === 'binary') return [(await sealBytes(Buffer.from('some bytes'), format, options, clock)).text];
  return Promise.all((plain[format] ?? []).map(async (source) => (await seal(source, format, options, clock)).text));
}

const kept = (target: string) => join(root, 'test', 'fuzz', 'corpus', target);

/** Inputs that once were trouble, in the order of their names. */
export function corpusOf(target: string): Uint8Array[] {
  const folder = kept(target);
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((file) => readFileSync(join(folder, file)))
    : [];
}

/** What a target's inputs are made from. */
export async function samplesOf(target: string): Promise<Uint8Array[]> {
  const format = target.replace(/^(?:sealed|round-trip|spelling)-/, '') as FormatId;
  const own = target.startsWith('sealed-') ? await sealedOf(format) : (plain[format] ?? (await others(target)));
  return [...own.map((text) => Buffer.from(text)), ...corpusOf(target)];
}

async function others(target: string): Promise<readonly string[]> {
  const key = `# created: 2024\n# public key: ${alice.recipient}\n${alice.identity}\n\n${bob.identity}\n`;
  switch (target) {
    case 'config':
      return config;
    case 'envelope':
      return [envelope, '2024-01-01T10:20:30Z'];
    case 'value':
      return values;
    case 'key-file':
    case 'key-text':
      return [key, ...sshKeys.filter((text) => text.includes('BEGIN'))];
    case 'recipient':
      return [alice.recipient, ...sshKeys.filter((text) => text.startsWith('ssh-'))];
    case 'ssh-public':
      return sshKeys.filter((text) => text.startsWith('ssh-'));
    case 'ssh-private':
      return sshKeys.filter((text) => text.includes('BEGIN'));
    case 'age-file':
      return [await wrapKey((await DataKey.generate()).raw, alice.recipient)];
    case 'key-path':
      return ['["a"]["b"][0]', "['x y'][12]"];
    case 'json-value':
      return json;
    case 'shell-words':
      return ['code --wait "a b" \'c\' d\\ e # f'];
    case 'pattern':
      return ['^(a|b)$', '(?i)\\bx[[:alpha:]]+\\pL{2,5}'];
    case 'recognise':
      return [...dotenv, ...(await sealedOf('binary'))];
    default:
      return ['x'.repeat(99)];
  }
}

/** What inputs are peppered with. */
export const words: readonly string[] = [
  ...['\n', '\r\n', '\r', '\t', ' ', '  ', '\0', '\u0085', '\u2028', '\ufeff', '\u{1F511}', '\u00e9', '\x80', '\xff'],
  ...[
    '"',
    "'",
    '`',
    '"""',
    '\\',
    '\\n',
    '\\u',
    '\\ud800',
    '#',
    ' #',
    ';',
    ':',
    ': ',
    '- ',
    '-',
    '?',
    '? ',
    '!',
    '!!str ',
    '!!binary ',
    '&a ',
    '*a',
  ],
  ...[
    '<<: ',
    '|',
    '|2-\n',
    '>+\n',
    '---\n',
    '...\n',
    '%YAML 1.2\n',
    '[',
    ']',
    '{',
    '}',
    ',',
    '=',
    '(',
    ')',
    '*',
    '+',
    '.',
    '^',
    '$',
    '/*',
    '//',
  ],
  ...['null', 'true', '~', '0x', '1e999', '-0.0', '9223372036854775808', '2024-01-01', 'NaN', '.inf', '00', '_'],
  ...[
    'sops',
    'sops:\n',
    'sops_',
    'sops_mac=',
    '[sops]\n',
    '"sops": {',
    'age',
    'enc',
    'mac: ',
    'lastmodified',
    'version',
    'key_groups',
    'shamir_threshold',
  ],
  ...[
    '__map_',
    '__list_0',
    '__list_99999999',
    'ENC[AES256_GCM,data:',
    ',iv:',
    ',tag:',
    ',type:str]',
    ',type:comment]',
    'AA==',
    envelope,
  ],
  ...[
    '-----BEGIN AGE ENCRYPTED FILE-----\n',
    '-----END AGE ENCRYPTED FILE-----\n',
    '-----BEGIN OPENSSH PRIVATE KEY-----\n',
    'age1',
    'AGE-SECRET-KEY-1',
    'ssh-ed25519 ',
    'ssh-rsa ',
    'AAAA',
  ],
  ...[
    'creation_rules:',
    'path_regex: ',
    'merge:',
    '_unencrypted',
    'encrypted_regex: "("',
    '(?:a*)*',
    '[[:alpha:]]',
    '\\pL',
    '{1000}',
    '__proto__',
    'constructor',
    'toString',
  ],
];
