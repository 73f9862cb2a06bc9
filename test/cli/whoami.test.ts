import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sealIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { bareRecipient } from '../../src/core/age/sshkey.ts';
import { generateIdentity, recipientOf } from '../core/age/texts.ts';
import { keyFile, sshKeys } from '../core/age/vectors.ts';
import { alice, bob } from '../core/support.ts';
import { Lab } from './lab.ts';

describe('keys on this machine', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  const none = { SOPS_AGE_KEY: undefined };
  const ssh = (name: string, text: string) => {
    mkdirSync(join(lab.folder, '.ssh'), { recursive: true });
    lab.write(`.ssh/${name}`, text);
  };
  const unseen = (...texts: string[]) => {
    for (const text of texts) assert.ok(!/AGE-SECRET-KEY-1\w|BEGIN|canary/i.test(text), text);
  };

  describe('whoami', () => {
    it('lists the public key, the place and the comment of each, one a line', async () => {
      const path = lab.write('keys.txt', `# Ada at work\n${bob.identity}\n# created: 2026\n${alice.identity}\n`);
      ssh('id_ed25519', keyFile('ed25519'));
      ssh('id_ed25519.pub', `${bareRecipient(sshKeys.ed25519.public)} ada@laptop\n`);
      const { code, out, err } = await lab.run(['whoami'], { env: { SOPS_AGE_KEY_FILE: path } });
      assert.equal(code, 0);
      assert.equal(err, '');
      assert.deepEqual(out.split('\n'), [
        `${bareRecipient(sshKeys.ed25519.public)}\t${join(lab.folder, '.ssh/id_ed25519')}\tada@laptop`,
        `${alice.recipient}\tSOPS_AGE_KEY`,
        `${bob.recipient}\tSOPS_AGE_KEY_FILE (${path})\tAda at work`,
        '',
      ]);
      unseen(out);
    });

    it('lists them as JSON', async () => {
      const path = lab.write('keys.txt', `${bob.identity}\n`);
      const { out } = await lab.run(['whoami', '--json'], { env: { SOPS_AGE_KEY_FILE: path } });
      assert.deepEqual(JSON.parse(out), [
        { recipient: alice.recipient, variable: 'SOPS_AGE_KEY', path: null, label: null, locked: false },
        { recipient: bob.recipient, variable: 'SOPS_AGE_KEY_FILE', path, label: null, locked: false },
      ]);
    });

    it('lists what a program prints, and SSH keys under a pass phrase, and asks for none', async () => {
      ssh('id_ed25519', keyFile('ed25519', 'aes256-ctr'));
      const key = await generateIdentity();
      const command = `${process.execPath} -p '"# Grace\\n${key}"'`;
      const { code, out } = await lab.run(['whoami'], { env: { ...none, SOPS_AGE_KEY_CMD: command }, answers: [] });
      assert.equal(code, 0);
      assert.deepEqual(lab.asked, []);
      assert.match(out, /^ssh-ed25519 \S+\t\S+id_ed25519\tunder a pass phrase\n/);
      assert.match(out, new RegExp(`${await recipientOf(key)}\tSOPS_AGE_KEY_CMD\tGrace\n$`));
      unseen(out);
    });

    it('tells of a key file whose pass phrase it would need, and ends with 128 where there is nothing', async () => {
      const path = lab.write('keys.age', await sealIdentityFile(`${bob.identity}\n`, 'example', 10));
      const some = await lab.run(['whoami'], { env: { SOPS_AGE_KEY_FILE: path } });
      assert.equal(some.code, 0);
      assert.match(some.err, new RegExp(`SOPS_AGE_KEY_FILE \\(${path}\\): a key under a pass phrase`));
      const { code, out, err } = await lab.run(['whoami'], { env: none });
      assert.deepEqual([code, out], [128, '']);
      assert.match(err, /Keys were looked for in:[\s\S]*There is no key on this machine\./);
    });

    it('is completed, and stands in the help', async () => {
      assert.match((await lab.run(['--help'])).out, /whoami +print your own public keys/);
      assert.match((await lab.run(['whoami', '--help'])).out, /--json/);
      for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
        assert.match((await lab.run(['completion', shell])).out, /whoami/, shell);
    });
  });

  describe('where none opens a file', () => {
    beforeEach(async () => {
      lab.write('a.yaml', 'a: canary\n');
      assert.equal((await lab.run(['encrypt', '-i', '--age', bob.recipient, 'a.yaml'])).code, 0);
    });
    const looks = async (env: Record<string, string | undefined>, ...more: string[]) => {
      const { code, err } = await lab.run([...more, 'decrypt', 'a.yaml'], { env: { ...none, ...env } });
      assert.equal(code, 128, err);
      unseen(err);
      return err;
    };

    it('are told place by place', async () => {
      assert.equal(
        await looks({ SOPS_AGE_KEY_CMD: '' }),
        [
          'lockstep: Keys were looked for in:',
          '  SOPS_AGE_SSH_PRIVATE_KEY_FILE: not set',
          '  SOPS_AGE_SSH_PRIVATE_KEY_CMD: not set',
          `  ${join(lab.folder, '.ssh/id_ed25519')}: not there`,
          `  ${join(lab.folder, '.ssh/id_rsa')}: not there`,
          '  SOPS_AGE_KEY: not set',
          '  SOPS_AGE_KEY_FILE: not set',
          '  SOPS_AGE_KEY_CMD: set, but empty',
          `  ${join(lab.folder, 'sops/age/keys.txt')}: not there`,
          'lockstep: a.yaml: There is no key on this machine.',
          'Set SOPS_AGE_KEY_FILE to the path of a key file, or put one where the standard one should be.',
          '',
        ].join('\n'),
      );
    });

    it('with the keys that do not fit, by name with --verbose', async () => {
      const path = lab.write('keys.txt', `${alice.identity}\n`);
      const told = await looks({ SOPS_AGE_KEY_FILE: path });
      assert.ok(told.includes(`  SOPS_AGE_KEY_FILE (${path}): 1 key\n`), told);
      const more = await looks({ SOPS_AGE_KEY_FILE: path }, '--verbose');
      assert.ok(more.includes(`  SOPS_AGE_KEY_FILE (${path}): 1 key: ${alice.recipient}\n`), more);
      const opened = await lab.run(['--verbose', 'decrypt', 'a.yaml'], { env: { SOPS_AGE_KEY: bob.identity } });
      assert.ok(opened.err.includes(`  SOPS_AGE_KEY: 1 key: ${bob.recipient}\n`), opened.err);
    });

    for (const [what, env, told] of [
      [
        'a file that is not there',
        { SOPS_AGE_KEY_FILE: '/none/keys.txt' },
        /_FILE \(\/none\/keys\.txt\): There is no such/,
      ],
      ['a path with ~', { SOPS_AGE_KEY_FILE: '~/keys.txt' }, /\(~\/keys\.txt\): .* Only a shell expands ~/],
      ['a public key', { SOPS_AGE_KEY: alice.recipient }, /SOPS_AGE_KEY: line 1: This is a public key, not a private/],
      ['an SSH public key', { SOPS_AGE_KEY: sshKeys.rsa.public }, /SOPS_AGE_KEY: line 1: This is a public key/],
      ['a path', { SOPS_AGE_KEY: '/home/a/keys.txt' }, /SOPS_AGE_KEY: line 1: This looks like the path of a file/],
      [
        'a key where a path should be',
        { SOPS_AGE_KEY_FILE: alice.identity },
        /_FILE: This holds a private key, not the path/,
      ],
      [
        'the same for SSH',
        { SOPS_AGE_SSH_PRIVATE_KEY_FILE: keyFile('rsa') },
        /_FILE: This holds a private key, not the/,
      ],
      ['junk', { SOPS_AGE_KEY: 'canary' }, /SOPS_AGE_KEY: line 1: A key file holds something that is not an age key/],
      [
        'a program that fails',
        { SOPS_AGE_KEY_CMD: 'false canary' },
        /SOPS_AGE_KEY_CMD: A program that should print a key/,
      ],
      [
        'a name that nobody reads',
        { SOPS_AGE_KEYFILE: '/canary' },
        /SOPS_AGE_KEYFILE: set, but no variable of this name/,
      ],
      [
        'another tool’s name',
        { AGE_SECRET_KEY: 'canary' },
        /AGE_SECRET_KEY: set, but no variable of this name is read/,
      ],
    ] as const)
      it(`with what is wrong: ${what}`, async () => assert.match(await looks(env), told));

    it('with what is wrong: a folder, an empty file, one without keys, a folder of settings that is not absolute', async () => {
      const named = (name: string, text: string) => looks({ SOPS_AGE_KEY_FILE: lab.write(name, text) });
      assert.match(await looks({ SOPS_AGE_KEY_FILE: lab.folder }), /not an ordinary file/);
      assert.match(await named('empty', ''), /empty\): There is no key in it\./);
      assert.match(await named('comments', '# canary\n'), /comments\): There is no key in it\./);
      assert.match(
        await looks({ XDG_CONFIG_HOME: 'relative' }),
        /sops\/age\/keys\.txt: XDG_CONFIG_HOME is not absolute/,
      );
    });

    it('with a key under a pass phrase', async () => {
      ssh('id_ed25519', keyFile('ed25519', 'aes256-ctr'));
      assert.match(await looks({}), /id_ed25519: a key under a pass phrase, which was not asked for/);
      const path = lab.write('keys.age', await sealIdentityFile(`${bob.identity}\n`, 'example', 10));
      assert.match(
        await looks({ SOPS_AGE_KEY_FILE: path }),
        /keys\.age\): A key needs its pass phrase, and there is no/,
      );
    });
  });
});
