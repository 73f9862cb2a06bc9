import assert from 'node:assert/strict';
import { alice } from '../core/support.ts';
import { Lab } from './lab.ts';

describe('what encrypt leaves in clear text', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  const plain =
    '# about canary-0\napiVersion: canary-1\ndata:\n  decoy: canary-2\ndb:\n  password: canary-3\n  users: [canary-4, canary-5]\n  empty: ""\n  none: null\n';
  const encrypt = async (flags: readonly string[], text = plain, name = 'a.yaml') => {
    lab.write(name, text);
    const { code, out, err } = await lab.run(['encrypt', '--age', alice.recipient, ...flags, name]);
    assert.equal(code, 0, err);
    assert.match(out, /ENC\[|sops/);
    assert.ok(!err.includes('canary'), err);
    return err;
  };

  it('is named, what looks like a secret first, and one match silences nothing', async () => {
    for (const flags of [
      ['--encrypted-regex', '^decoy$'],
      ['--encrypted-suffix', 'coy'],
      ['--unencrypted-regex', '^(apiVersion|db)$'],
    ]) {
      const setting = `${flags[0]?.slice(2).replaceAll('-', '_')} ${flags[1]}`;
      assert.deepEqual(
        (await encrypt(flags)).split('\n').slice(0, 2),
        [
          `lockstep: a.yaml: Warning: plaintext by ${setting}, though it looks secret: db.password`,
          `lockstep: a.yaml: Plaintext by ${setting}: apiVersion, db.users[0], db.users[1]${flags[0] === '--unencrypted-regex' ? '' : ' and 1 comment'}`,
        ],
        setting,
      );
    }
  });

  it('is named where comments choose', async () => {
    const text = 'a: canary-1\n# secret\nb: canary-2\n# why\nc: canary-3\n';
    lab.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient}\n    encrypted_comment_regex: secret\n`);
    assert.equal(
      await encrypt([], text),
      'lockstep: a.yaml: Plaintext by encrypted_comment_regex secret: a, c and 2 comments\n',
    );
  });

  it('is said to be everything where nothing is chosen', async () => {
    assert.match(
      await encrypt(['--encrypted-regex', '^nothing$']),
      /^lockstep: a\.yaml: Warning: no value is encrypted: all stay plaintext by encrypted_regex \^nothing\$\n/,
    );
  });

  it('is a number where names say so themselves, and nothing where everything is encrypted', async () => {
    assert.equal(await encrypt([]), '');
    assert.equal(
      await encrypt([], 'a_unencrypted: canary-1\nb_unencrypted: {c: canary-2, d: null}\ne: canary-3\n'),
      'lockstep: a.yaml: 2 values stay plaintext by their suffix _unencrypted.\n',
    );
    assert.equal(
      await encrypt(['--unencrypted-suffix', '_public'], 'password_public: canary-1\ne: canary-3\n'),
      'lockstep: a.yaml: 1 value stays plaintext by its suffix _public.\n',
    );
    assert.match(
      await encrypt([], 'a_unencrypted: "postgres://me:canary-1@db/x"\ne: canary-3\n'),
      /Warning: plaintext by unencrypted_suffix _unencrypted, though it looks secret: a_unencrypted\n/,
    );
  });

  it('is cut, in every format, also when the format changes and for a new file of edit', async () => {
    const many = Array.from({ length: 40 }, (_, i) => `k${i}=canary\n`).join('');
    const err = await encrypt(['--encrypted-regex', '^k0$'], many, '.env');
    assert.match(err, /k10 and 29 more\n$/);
    assert.match(
      await encrypt(['--encrypted-regex', '^b$', '--output-type', 'yaml'], '{"a": "canary", "b": "canary"}', 'x.json'),
      /Plaintext by encrypted_regex \^b\$: a\n/,
    );
    assert.equal(await encrypt(['--encrypted-regex', '^b$'], 'canary', 'x.bin'), '');
  });

  it('recognises secrets by names and by what values look like', async () => {
    const text = [
      ...['API_KEY=x', 'DbPassword=x', 'auth-tokens=x', 'connectionString=x', 'WEBHOOK_URL=x', 'DSN=x'],
      ...[
        'A=https://u:p@host/',
        'B=ghp_0123456789abcdef',
        'C=-----BEGIN PRIVATE KEY-----',
        'D=eyJhbGciOiJI.eyJzdWIi.c2ln',
      ],
      ...['E=q7ZkP2mX9vRt4LwB8nYc', 'F=AKIAIOSFODNN7EXAMPLE'],
    ];
    const harmless = [
      'secretName=x',
      'kind=Secret',
      'tokenUrl=https://x/',
      'HOST=https://example.com/a',
      'V=SomeLongCamelCaseNameOfAClass',
      'I=registry.example.com/team/app:1.2.3',
    ];
    const { length } = text;
    const err = await encrypt(['--encrypted-regex', '^z$'], [...text, ...harmless, 'z=1'].join('\n'), 'x.env');
    const [loud = '', calm = ''] = err.split('\n');
    assert.equal(loud.split(': ').at(-1)?.split(', ').length, 10, loud);
    assert.ok(loud.endsWith(` and ${length - 10} more`), loud);
    for (const line of harmless) assert.ok(calm.includes(line.split('=')[0] ?? '-'), calm);
  });
});
