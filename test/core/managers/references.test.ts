import assert from 'node:assert/strict';
import { base64, utf8 } from '../../../src/core/bytes.ts';
import { LockstepError } from '../../../src/core/errors.ts';
import type { Manager } from '../../../src/core/managers/kinds.ts';
import { literalOf, lookupOf, managerOf, whereOf } from '../../../src/core/managers/reference.ts';
import { reasonOf } from '../../../src/core/managers/refused.ts';

const lookup = (value: string) => {
  const manager = managerOf(value);
  assert.ok(manager, value);
  return lookupOf(value, manager);
};

function refused(work: () => unknown, what: string): void {
  assert.throws(work, (error) => {
    assert.ok(error instanceof LockstepError && error.code === 'MANAGER', String(error));
    assert.equal(error.place.what, what);
    assert.doesNotMatch(error.message, /canary/);
    return true;
  });
}

describe('references to other managers', () => {
  it('are known by their beginning, as a whole value', () => {
    const kinds: readonly (readonly [string, Manager])[] = [
      ['op://Private/db/password', 'op'],
      ['op://My Vault/my item/one-time password?attribute=otp', 'op'],
      ['vault://secret/app#password', 'vault'],
      ['aws-sm://app/prod#password', 'aws-sm'],
      ['gcp-sm://my-project/db', 'gcp-sm'],
      ['azure-kv://my-vault/db', 'azure-kv'],
      ['bw://GitHub Bot#username', 'bw'],
      ['ref+awsssm://a/b', 'vals'],
    ];
    for (const [value, manager] of kinds) assert.equal(managerOf(value), manager, value);
    assert.equal(whereOf('op://Private/db/password', 'op'), 'Private/db/password');
  });

  it('are no other text', () => {
    const others = [
      'https://example.com',
      'see vault://secret/app#password',
      ' op://a/b/c',
      '"op://a/b/c"',
      'vault://secret/app#password and more',
      'ref+vault://a then ref+vault://b',
      'OP://a/b/c',
      'lockstep:production#db.url',
      'postgres://me:vault://x@host/db',
      'op:/a/b/c',
      'aws-sm:x',
      '',
    ];
    for (const value of others) {
      assert.equal(managerOf(value), undefined, value);
      assert.equal(literalOf(value), value);
    }
  });

  it('are text behind literal:, which is taken off then and only then', () => {
    assert.equal(managerOf('literal:op://a/b/c'), undefined);
    assert.equal(literalOf('literal:op://a/b/c'), 'op://a/b/c');
    assert.equal(literalOf('literal:literal:op://a/b/c'), 'literal:op://a/b/c');
    for (const value of ['literal:', 'literal:https://a', 'literal:a', 'literal: op://a/b/c', 'op://a/b/c'])
      assert.equal(literalOf(value), value);
  });

  it('become words of the program', () => {
    const words: readonly (readonly [string, readonly string[]])[] = [
      ['op://My Vault/db/password', ['read', '--no-newline', 'op://My Vault/db/password']],
      ['op://v/i/s/f?attribute=otp', ['read', '--no-newline', 'op://v/i/s/f?attribute=otp']],
      ['vault://secret/team/app#db_pass', ['kv', 'get', '-field=db_pass', 'secret/team/app']],
      ['aws-sm://app/prod', ['secretsmanager', 'get-secret-value', '--secret-id', 'app/prod', '--output', 'json']],
      [
        'aws-sm://arn:aws:secretsmanager:eu-central-1:1234:secret:app-AbCdEf?region=eu-central-1#k',
        [
          ...['secretsmanager', 'get-secret-value', '--secret-id'],
          ...['arn:aws:secretsmanager:eu-central-1:1234:secret:app-AbCdEf', '--output', 'json'],
          ...['--region', 'eu-central-1'],
        ],
      ],
      [
        'gcp-sm://my-project/db_pass/3',
        [
          ...['secrets', 'versions', 'access', '3', '--secret=db_pass', '--project=my-project'],
          ...['--format=json', '--quiet'],
        ],
      ],
      [
        'azure-kv://my-vault/db-pass',
        [
          ...['keyvault', 'secret', 'show', '--vault-name', 'my-vault', '--name', 'db-pass'],
          ...['--output', 'json', '--only-show-errors'],
        ],
      ],
      ['bw://GitHub Bot#username', ['get', 'item', 'GitHub Bot', '--nointeraction']],
      ['ref+vault://secret/app?x=y#/key', ['get', 'ref+vault://secret/app?x=y#/key']],
    ];
    for (const [value, args] of words) assert.deepEqual(lookup(value).args, args, value);
  });

  it('that cannot be one are refused, whatever they would do to a command line or a path', () => {
    const bad = [
      ...[
        'op://',
        'op://a/b',
        'op://a/b/c/d/e',
        'op://a//c',
        'op://a/b/c\n',
        'op://a/b/c\0',
        'op://a/ b/c',
        'op://a/b/c#d',
      ],
      ...['op://a/../c', 'op://a/./c', 'op://-a/b/c', 'op://a/--account=x/c', 'op://a/b/ -c', 'op://a/b/\u202ec'],
      ...['vault://localhost:8200', 'vault://secret/app', 'vault://secret/app#', 'vault://secret#x', 'vault://-x/y#z'],
      ...[
        'vault://secret/../sys/raw#x',
        'vault://secret/%2e%2e/raw#x',
        'vault://secret//a#x',
        'vault://secret/a?x=1#y',
      ],
      ...['vault://secret/a#-x', 'vault://secret/app#a\nb', 'vault:///secret/a#b', 'vault://secret/a/#b'],
      ...['aws-sm://', 'aws-sm://a$b', 'aws-sm://--profile', 'aws-sm://a?region=evil.example/', 'aws-sm://a?region=-x'],
      ...['aws-sm://a?endpoint-url=x', 'aws-sm://a/../b'],
      ...['gcp-sm://p', 'gcp-sm://p/s/v/w', 'gcp-sm://p/-s', 'gcp-sm://-p/s', 'gcp-sm://P/s', 'gcp-sm://p/s/--x'],
      ...['azure-kv://v/s/1', 'azure-kv://evil.example/s', 'azure-kv://v/s_t', 'azure-kv://v1', 'azure-kv://v/-s'],
      ...['bw://', 'bw://-x', 'bw://a#', 'bw://#a', 'bw://a\nb', 'bw:// a'],
      ...['ref+', 'ref+x', 'ref+-x://a', 'ref+x://', 'ref+file://../a', 'ref+x://"a'],
      `op://a/b/${'c'.repeat(2100)}`,
      'op://a/b/\ud800',
    ];
    for (const value of bad) refused(() => lookup(value), 'reference');
  });

  it('of which nothing is taken for a file or an address by aws', () => {
    // awscli reads words that begin with file:// or https:// from there.
    for (const value of ['aws-sm://file://etc/passwd', 'aws-sm://https://evil.example', 'aws-sm://fileb:///x'])
      refused(() => lookup(value), 'reference');
  });
});

describe('what a manager prints', () => {
  it('is taken as it is, or out of its JSON', () => {
    assert.equal(lookup('op://a/b/c').read(' two\nlines \n'), ' two\nlines \n');
    assert.equal(lookup('vault://a/b#c').read('x\n'), 'x\n');
    assert.equal(lookup('aws-sm://a').read('{"Name":"a","SecretString":"{\\"k\\":1}"}\n'), '{"k":1}');
    assert.equal(lookup('aws-sm://a#k').read('{"SecretString":"{\\"k\\":\\"ü \\\\n\\"}"}'), 'ü \n');
    const data = (text: string) =>
      JSON.stringify({ payload: { data: base64(utf8(text)).replaceAll('+', '-').replaceAll('/', '_') } });
    assert.equal(lookup('gcp-sm://p/s').read(data('~~~???ÿ\n')), '~~~???ÿ\n');
    assert.equal(lookup('gcp-sm://p/s#on').read(data('{"on":true}')), 'true');
    assert.equal(lookup('azure-kv://my-v/s#port').read('{"value":"{\\"port\\":5432}"}'), '5432');
    const item = JSON.stringify({
      login: { username: 'me', password: 'pw' },
      notes: 'a\nb',
      fields: [{ name: 'api key', value: 'k', type: 1 }],
    });
    assert.equal(lookup('bw://x').read(item), 'pw');
    assert.equal(lookup('bw://x#username').read(item), 'me');
    assert.equal(lookup('bw://x#notes').read(item), 'a\nb');
    assert.equal(lookup('bw://x#api key').read(item), 'k');
    assert.equal(lookup('ref+echo://x').read('x\n'), 'x');
  });

  it('is refused where it is no text, or not there, without a word of it', () => {
    refused(() => lookup('aws-sm://a').read('canary'), 'failed');
    refused(() => lookup('aws-sm://a').read('{"SecretBinary":"Y2FuYXJ5"}'), 'bytes');
    refused(() => lookup('aws-sm://a#k').read('{"SecretString":"canary"}'), 'field');
    refused(() => lookup('aws-sm://a#k').read('{"SecretString":"{\\"canary\\":1}"}'), 'field');
    refused(() => lookup('aws-sm://a#k').read('{"SecretString":"{\\"k\\":1.5}"}'), 'field');
    refused(() => lookup('aws-sm://a#k').read('{"SecretString":"{\\"k\\":12345678901234567890}"}'), 'field');
    refused(() => lookup('aws-sm://a#k').read('{"SecretString":"{\\"k\\":null}"}'), 'field');
    refused(() => lookup('aws-sm://a#__proto__').read('{"SecretString":"{}"}'), 'field');
    refused(() => lookup('gcp-sm://p/s').read('{"payload":{"data":"_w=="}}'), 'bytes');
    refused(() => lookup('gcp-sm://p/s').read('{"payload":{"data":"a"}}'), 'bytes');
    refused(() => lookup('azure-kv://my-v/s').read('[]'), 'bytes');
    refused(() => lookup('bw://x#canary').read('{"login":{"password":"x"}}'), 'field');
    refused(() => lookup('bw://x').read('{"login":null,"fields":null}'), 'field');
  });
});

describe('why a manager failed', () => {
  it('is told by its error output', () => {
    const said = [
      ['signed-out', '[ERROR] 2026/11/27 you are not currently signed in. Please run `op signin --help`'],
      ['signed-out', 'You are not logged in.'],
      ['signed-out', 'Vault is locked.'],
      ['signed-out', "ERROR: Please run 'az login' to setup account."],
      ['signed-out', 'Unable to locate credentials. You can configure credentials by running "aws configure".'],
      ['signed-out', 'The security token included in the request is expired (ExpiredTokenException)'],
      ['signed-out', 'ERROR: (gcloud.secrets) You do not currently have an active account selected.'],
      ['signed-out', 'Error: missing client token'],
      ['denied', 'An error occurred (AccessDeniedException) when calling the GetSecretValue operation'],
      ['denied', 'Code: 403. Errors:\n* permission denied'],
      ['none', 'An error occurred (ResourceNotFoundException)'],
      ['none', 'ERROR: (SecretNotFound) A secret with (name/id) x was not found in this key vault.'],
      ['none', 'No value found at secret/data/x'],
      ['none', '"x" isn\'t an item in the "Private" vault.'],
      ['none', 'Not found.'],
      ['failed', 'Segmentation fault'],
      ['failed', ''],
    ] as const;
    for (const [reason, text] of said) assert.equal(reasonOf(text), reason, text);
  });
});
