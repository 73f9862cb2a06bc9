import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sealIdentityFile } from '../../src/core/age/private/identityfile.ts';
import { bareRecipient } from '../../src/core/age/sshkey.ts';
import { wrapKey } from '../../src/core/age/wrap.ts';
import type { Opener } from '../../src/core/keys/opener.ts';
import type { WrappedKey } from '../../src/core/sops/masterkey.ts';
import { errnoOf } from '../../src/node/files.ts';
import { type Means, type Question, StandardKeyring } from '../../src/node/identities.ts';
import { keyPlaces, keySpots, standardKeyFile, strayVariables } from '../../src/node/keyplaces.ts';
import { outputOf } from '../../src/node/program.ts';
import { generateIdentity, recipientOf } from '../core/age/texts.ts';
import { keyFile, sshKeys } from '../core/age/vectors.ts';
import { opensFor } from '../core/support.ts';
import { skipFor, windows } from '../skip.ts';

describe('the standard keyring', () => {
  let home: string;
  let identities: string[];
  before(async () => {
    identities = await Promise.all([1, 2, 3].map(() => generateIdentity()));
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lockstep-home-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const write = async (name: string, text: string | Uint8Array) => {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
    return join(home, name);
  };
  const ring = (env: Record<string, string>, means: Means = {}) => new StandardKeyring(env, home, 'linux', means);
  const wrapped = async (recipient: string): Promise<WrappedKey> => ({
    kind: 'age',
    name: bareRecipient(recipient),
    enc: await wrapKey(new Uint8Array(32), recipient),
  });
  /** The identity that an opener, which does not tell it, opens with. */
  const identityOf = async (opener: Opener) => {
    for (const text of [...identities, keyFile('rsa'), keyFile('ed25519')])
      if ((await recipientOf(text)) === opener.recipient && (await opensFor(opener, opener.recipient))) return text;
    return assert.fail('an opener for nobody');
  };
  const taken = async (keyring: ReturnType<typeof ring>, ...recipients: string[]) => {
    const found: string[] = [];
    for await (const entry of keyring.asked?.(await Promise.all(recipients.map(wrapped))) ?? [])
      found.push(await identityOf(entry));
    return found;
  };
  const why = (keyring: ReturnType<typeof ring>) =>
    keyring.problems().map(({ error }) => [error.code, error.place.what ?? errnoOf(error)].filter(Boolean).join(' '));
  /** Answers each question with the next of the words; the list ends in undefined. */
  const answers = (...words: string[]) => {
    const asked: Question[] = [];
    return { asked, ask: async (question: Question) => words[asked.push(question) - 1] };
  };

  it('takes keys by the ways that are pinned alone, in their order', async () => {
    const [one = '', two = '', three = ''] = identities;
    const file = await write('keys.txt', two);
    const env = { SOPS_AGE_KEY: one, SOPS_AGE_KEY_FILE: file, SOPS_AGE_KEY_CMD: `echo ${three}` };
    const other = { kind: 'age', label: '', recipient: 'age1agent', source: { kind: 'agent', name: '' } } as const;
    const agent: Opener = { ...other, unwrap: async () => undefined };
    const means = { run: outputOf, agent: async () => [agent] };
    const of = async (...ways: NonNullable<Means['ways']>) => {
      const keyring = ring(env, { ...means, ways });
      const [hand, asked] = [await keyring.openers(), [] as Opener[]];
      for await (const opener of keyring.asked?.([await wrapped(await recipientOf(one))]) ?? []) asked.push(opener);
      const name = async (opener: Opener) =>
        opener === agent ? 'agent' : identities.indexOf(await identityOf(opener));
      return [await Promise.all(hand.map(name)), await Promise.all(asked.map(name))];
    };
    assert.deepEqual(await of('files', 'environment'), [[1, 0], []]);
    assert.deepEqual(await of('environment', 'agent', 'files'), [[0], ['agent', 1]]);
    assert.deepEqual(await of('agent', 'programs'), [[], ['agent', 2]]);
    assert.deepEqual(await of('programs', 'agent'), [[], [2, 'agent']]);
    assert.deepEqual(await of('agent'), [[], ['agent']]);
    assert.deepEqual(await of('gpg'), [[], []]);
    const looks = await ring(env, { ...means, ways: ['agent'] }).looks();
    assert.ok(looks.every(({ recipients }) => recipients.length === 0));
  });

  it('is empty where nothing is', async () => {
    assert.deepEqual(await ring({}).openers(), []);
    assert.deepEqual(await taken(ring({}), await recipientOf(identities[0] ?? '')), []);
  });

  it('looks where sops looks, in its order', () => {
    const env = {
      SOPS_AGE_KEY_CMD: 'd',
      SOPS_AGE_KEY_FILE: '/c',
      SOPS_AGE_KEY: 'b',
      SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'a',
      SOPS_AGE_SSH_PRIVATE_KEY_FILE: '/a',
    };
    assert.deepEqual(
      keyPlaces(env, '/home/a', 'linux').map((place) => place.source),
      [
        ...['/a', 'SOPS_AGE_SSH_PRIVATE_KEY_CMD', '/home/a/.ssh/id_ed25519', '/home/a/.ssh/id_rsa', 'SOPS_AGE_KEY'],
        ...['/c', 'SOPS_AGE_KEY_CMD', '/home/a/.config/sops/age/keys.txt'],
      ],
    );
  });

  it('reads the variables and files, each identity once', async () => {
    const [a = '', b = '', c = ''] = identities;
    const named = await write('named.txt', `# a comment\n${b}\n${a}\n`);
    const standard = await write('.config/sops/age/keys.txt', `${c}\n`);
    const rsa = await write('.ssh/id_rsa', keyFile('rsa'));
    const found = await ring({ SOPS_AGE_KEY: `${a} ${a}`, SOPS_AGE_KEY_FILE: named }).openers();
    assert.deepEqual(
      await Promise.all(found.map(async (one) => ({ identity: await identityOf(one), source: one.source.name }))),
      [
        { identity: keyFile('rsa'), source: rsa },
        { identity: a, source: 'SOPS_AGE_KEY' },
        { identity: b, source: named },
        { identity: c, source: standard },
      ],
    );
    assert.deepEqual(
      found.slice(0, 2).map((entry) => entry.recipient),
      [bareRecipient(sshKeys.rsa.public), await recipientOf(a)],
    );
  });

  it('reads a pipe', async function () {
    skipFor(this, windows);
    const pipe = join(home, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [reading] = [ring({ SOPS_AGE_KEY_FILE: pipe }).openers(), writeFile(pipe, `${identities[0]}\n`)];
    const [opener] = await reading;
    assert.equal(opener && (await identityOf(opener)), identities[0]);
  });

  it('takes nothing of what is no key file, and tells why without a quote', async () => {
    const large = await write('large', new Uint8Array(16 * 1024 * 1024));
    for (const [env, code] of [
      [{ SOPS_AGE_KEY: 'canary-4711' }, 'BAD_IDENTITY'],
      [{ SOPS_AGE_KEY_FILE: join(home, 'none') }, 'GONE'],
      [{ SOPS_AGE_KEY_FILE: home }, 'NOT_A_FILE EISDIR'],
      [{ SOPS_AGE_KEY_FILE: large }, 'TOO_LARGE key-file'],
    ] as const) {
      const keyring = ring(env);
      assert.deepEqual(await keyring.openers(), []);
      assert.deepEqual(why(keyring), [code]);
      assert.ok(!keyring.problems().some((problem) => String(problem.error.stack).includes('canary-4711')));
    }
  });

  it('passes over a source that fails when another gives an identity, and tells why', async () => {
    const [a = ''] = identities;
    const plugin = 'AGE-PLUGIN-YUBIKEY-1QYPQXPQ9QCRSSJ2LRPC';
    const named = await write('named.txt', `${plugin}\n${a}\n`);
    await write('.ssh/id_ed25519', keyFile('ecdsa'));
    const keyring = ring({ SOPS_AGE_KEY: 'junk', SOPS_AGE_KEY_FILE: named });
    assert.deepEqual(await Promise.all((await keyring.openers()).map(identityOf)), [a]);
    assert.deepEqual(
      keyring.problems().map(({ source, error }) => [source, error.place.what]),
      [
        [join(home, '.ssh/id_ed25519'), 'ssh-kind'],
        ['SOPS_AGE_KEY', undefined],
        [named, 'plugin-public'],
      ],
    );
  });

  it('asks for the pass phrase of an SSH key only for a file that names it, and once', async () => {
    const path = await write('.ssh/id_ed25519', keyFile('ed25519', 'aes256-ctr'));
    const { asked, ask } = answers('wrong', sshKeys.passphrase);
    const keyring = ring({ SOPS_AGE_KEY: identities[0] ?? '' }, { ask });
    assert.equal((await keyring.openers()).length, 1);
    assert.deepEqual(await taken(keyring, sshKeys.rsa.public), []);
    assert.deepEqual(asked, []);
    const [key = ''] = await taken(keyring, sshKeys.ed25519.public, sshKeys.rsa.public);
    assert.equal(await recipientOf(key), bareRecipient(sshKeys.ed25519.public));
    assert.deepEqual(asked, [
      { source: path, kind: 'ssh-key', again: false },
      { source: path, kind: 'ssh-key', again: true },
    ]);
    assert.deepEqual(await taken(keyring, sshKeys.ed25519.public), []);
    assert.equal((await keyring.openers()).length, 2);
    assert.equal(asked.length, 2);
  });

  it('asks once when two files need the same answer at once', async () => {
    await write('.ssh/id_ed25519', keyFile('ed25519', 'aes256-ctr'));
    const { asked, ask } = answers(sshKeys.passphrase);
    const keyring = ring({}, { ask });
    const line = sshKeys.ed25519.public;
    const found = await Promise.all([taken(keyring, line), taken(keyring, line)]);
    assert.deepEqual(
      found.map((list) => list.length),
      [1, 1],
    );
    assert.equal(asked.length, 1);
  });

  it('takes the old form of protected SSH keys with the public key beside it', async () => {
    await write('.ssh/id_rsa', keyFile('rsa', 'pem protected'));
    const alone = ring({});
    assert.deepEqual(await alone.openers(), []);
    assert.deepEqual(why(alone), ['BAD_IDENTITY ssh-public']);
    await write('.ssh/id_rsa.pub', `${sshKeys.rsa.public}\n`);
    const { ask } = answers(sshKeys.passphrase);
    assert.equal((await taken(ring({}, { ask }), sshKeys.rsa.public)).length, 1);
  });

  it('opens an encrypted key file, in armor or not', async () => {
    const [a = ''] = identities;
    const armored = await sealIdentityFile(`# me\n${a}\n`, 'example', 10);
    for (const content of [armored, Buffer.from(armored.split('\n').slice(1, -2).join(''), 'base64')]) {
      const named = await write('keys.age', content);
      const { asked, ask } = answers('example');
      assert.deepEqual(await taken(ring({ SOPS_AGE_KEY_FILE: named }, { ask }), await recipientOf(a)), [a]);
      assert.deepEqual(asked, [{ source: named, kind: 'key-file', again: false }]);
    }
    assert.deepEqual(await taken(ring({ SOPS_AGE_KEY: armored }, answers('example')), await recipientOf(a)), [a]);
  });

  it('gives up after three wrong pass phrases, after none, and where nobody can be asked', async () => {
    const armored = await sealIdentityFile(`${identities[0]}\n`, 'example', 10);
    const recipient = await recipientOf(identities[0] ?? '');
    const wrong = answers('a', 'b', 'c', 'example');
    for (const means of [wrong, answers(), {}]) {
      const keyring = ring({ SOPS_AGE_KEY: armored }, means);
      assert.deepEqual(await keyring.openers(), []);
      assert.deepEqual(await taken(keyring, recipient), []);
      assert.deepEqual(await taken(keyring, recipient), []);
      assert.match(why(keyring).join(), /^BAD_PASSPHRASE( none)?$/);
    }
    assert.equal(wrong.asked.length, 3);
    await write('.ssh/id_ed25519', keyFile('ed25519', 'aes256-ctr'));
    const notForIt = ring({}, answers('example'));
    assert.deepEqual(await taken(notForIt, recipient), []);
    assert.deepEqual(why(notForIt), ['NOT_A_RECIPIENT']);
  });

  it('runs a program for each recipient, without a shell', async () => {
    const [a = '', b = ''] = identities;
    const calls: [readonly string[], string | undefined, string | undefined][] = [];
    const run = async (command: readonly string[], env: Readonly<Record<string, string | undefined>>) => {
      calls.push([command, env.SOPS_AGE_RECIPIENT, env.OTHER]);
      return Buffer.from(command[0] === 'ssh' ? keyFile('rsa') : `# key\n${a}\n`);
    };
    const env = { OTHER: 'x', SOPS_AGE_KEY_CMD: `get "my key" '$HOME'`, SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'ssh' };
    const keyring = ring(env, { run });
    assert.deepEqual(await keyring.openers(), []);
    assert.deepEqual(calls, []);
    const [one, two] = [await recipientOf(a), await recipientOf(b)];
    assert.deepEqual(await taken(keyring, one, two, one), [keyFile('rsa'), a]);
    const get = ['get', 'my key', '$HOME'];
    assert.deepEqual(calls, [
      [['ssh'], one, 'x'],
      [['ssh'], two, 'x'],
      [get, one, 'x'],
      [get, two, 'x'],
    ]);
    assert.deepEqual(await taken(keyring, one), []);
    assert.equal(calls.length, 4);
    assert.deepEqual(await taken(ring(env), one), []);
  });

  it('takes no protected SSH key from a program, as sops does not', async () => {
    const run = async () => Buffer.from(keyFile('ed25519', 'aes256-ctr'));
    const keyring = ring({ SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'x' }, { run, ...answers(sshKeys.passphrase) });
    assert.deepEqual(await taken(keyring, sshKeys.ed25519.public), []);
    assert.deepEqual(why(keyring), ['BAD_IDENTITY ssh-passphrase']);
    const unquoted = ring({ SOPS_AGE_KEY_CMD: '"x' }, { run });
    assert.deepEqual(await taken(unquoted, sshKeys.ed25519.public), []);
    assert.deepEqual(why(unquoted), ['BAD_IDENTITY command']);
  });

  it('knows where each system keeps the file', () => {
    assert.equal(standardKeyFile({}, '/home/a', 'linux'), '/home/a/.config/sops/age/keys.txt');
    assert.equal(standardKeyFile({ XDG_CONFIG_HOME: '/x' }, '/home/a', 'linux'), '/x/sops/age/keys.txt');
    assert.equal(standardKeyFile({ XDG_CONFIG_HOME: 'x' }, '/home/a', 'linux'), undefined);
    assert.equal(standardKeyFile({}, '', 'linux'), undefined);
    assert.equal(standardKeyFile({}, '/Users/a', 'darwin'), '/Users/a/Library/Application Support/sops/age/keys.txt');
    assert.equal(standardKeyFile({ XDG_CONFIG_HOME: '/x' }, '/Users/a', 'darwin'), '/x/sops/age/keys.txt');
    assert.equal(standardKeyFile({ AppData: 'C:\\A' }, 'C:\\U', 'win32'), 'C:\\A\\sops\\age\\keys.txt');
    assert.equal(standardKeyFile({}, 'C:\\U', 'win32'), undefined);
    assert.deepEqual(keySpots({ XDG_CONFIG_HOME: '/x' }, 'C:\\U', 'win32').at(-1), { from: 'homeless' });
  });
});

describe('the output of a program', () => {
  const node = (code: string, env: NodeJS.ProcessEnv = {}) =>
    outputOf([process.execPath, '-e', code], { ...process.env, ...env });
  const failed = { code: 'BAD_IDENTITY', place: { what: 'command' } };

  it('is what it writes to its standard output, with no input and the environment it is given', async () => {
    const code = `console.error('no'); process.stdin.on('data', () => {}).on('end', () => console.log(process.env.X))`;
    assert.equal(Buffer.from(await node(code, { X: 'yes' })).toString(), 'yes\n');
  });

  it('is refused when the program fails, is none, or does not stop writing', async () => {
    await assert.rejects(node(`console.log('canary'); process.exitCode = 1`), failed);
    await assert.rejects(outputOf(['/nowhere/program'], {}), failed);
    await assert.rejects(outputOf([], {}), failed);
    await assert.rejects(outputOf(['echo a; echo b'], process.env), failed);
    await assert.rejects(
      node(`const b = Buffer.alloc(1 << 20); const f = () => process.stdout.write(b, f); f()`),
      failed,
    );
  });
});

describe('looks and own keys', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lockstep-home-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('name every place, what it gave, also what another gave before, and hold nothing private', async () => {
    const key = await generateIdentity();
    const recipient = await recipientOf(key);
    const named = join(home, 'keys.txt');
    await writeFile(named, `# Ada\n${key}\n`);
    const plugin = 'AGE-PLUGIN-YUBIKEY-1QYPQXPQ9QCRSSJ2LRPC';
    const env = { SOPS_AGE_KEY: `${plugin} ${key}`, SOPS_AGE_KEY_FILE: named, SOPS_AGE_SSH_PRIVATE_KEY_FILE: key };
    const ring = new StandardKeyring(env, home, 'linux');
    const looks = await ring.looks();
    assert.deepEqual(
      looks.map(({ spot, recipients, errors, there }) => [
        spot.variable ?? 'file',
        recipients,
        errors.map(({ place }) => place.what),
        there,
      ]),
      [
        ['SOPS_AGE_SSH_PRIVATE_KEY_FILE', [], ['misplaced'], undefined],
        ['SOPS_AGE_SSH_PRIVATE_KEY_CMD', [], [], undefined],
        ['file', [], [], false],
        ['file', [], [], false],
        ['SOPS_AGE_KEY', [recipient], ['plugin-public'], undefined],
        ['SOPS_AGE_KEY_FILE', [recipient], [], true],
        ['SOPS_AGE_KEY_CMD', [], [], undefined],
        ['file', [], [], false],
      ],
    );
    assert.deepEqual(
      (await ring.own()).map(({ recipient, place, label, locked }) => [recipient, place.source, label, locked]),
      [[recipient, 'SOPS_AGE_KEY', undefined, false]],
    );
    const told = JSON.stringify([looks, await ring.own(), ring.problems()]);
    assert.ok(!/AGE-SECRET-KEY-1|AGE-PLUGIN/.test(told), told);
  });

  it('know variables that nobody reads', () => {
    const env = {
      SOPS_AGE_KEY: 'x',
      SOPS_AGE_RECIPIENTS: 'x',
      SOPS_AGE_KEYS: 'x',
      AGE_IDENTITY: 'x',
      SOPS_AGE_EMPTY: '',
    };
    assert.deepEqual(strayVariables({ ...env, PATH: 'x', LANGUAGE_KEY: 'x' }), ['AGE_IDENTITY', 'SOPS_AGE_KEYS']);
  });
});
