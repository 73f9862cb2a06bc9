import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { ageOpener } from '../../src/core/age/opener.ts';
import { PrivateKey } from '../../src/core/age/private/privatekey.ts';
import { openAge, sealAge } from '../../src/core/tokens/age.ts';
import { textOf } from '../../src/core/tokens/bytes.ts';
import { tokenFormats } from '../../src/core/tokens/formats.ts';
import { root } from '../core/shared.ts';
import { alice } from '../core/support.ts';
import { missing, skipFor } from '../skip.ts';

const python = process.env.LOCKSTEP_PYTHON;
const systems = process.env.LOCKSTEP_SYSTEMS ?? '';

/** Opens what it is given with each system's own code, and seals texts with it. */
const script = `
import base64, importlib.util, json, os, sys, types
given = json.load(sys.stdin)
os.environ["FLOWFILE_MODE"] = "docker"
os.environ["FLOWFILE_MASTER_KEY"] = given["keys"]["flowfile"]
configs = types.ModuleType("flowfile_worker.configs")
configs.TEST_MODE = False
sys.modules["flowfile_worker"] = types.ModuleType("flowfile_worker")
sys.modules["flowfile_worker.configs"] = configs
def load(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), os.path.join(sys.argv[1], name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
flet, old, flowfile = load("flet"), load("flet-old"), load("flowfile")
from cryptography.fernet import Fernet
from ansible.parsing.vault import VaultLib, VaultSecret
keys = given["keys"]
fernet = Fernet(keys["fernet"])
vault = VaultLib([("default", VaultSecret(keys["ansible"].encode()))])
openers = {
    "flet": lambda value: flet.decrypt(value, keys["flet"]),
    "flet-gcm": lambda value: flet.decrypt_aes_gcm_256(value, keys["flet-gcm"]),
    "fernet": lambda value: fernet.decrypt(value.encode()).decode(),
    "flowfile": lambda value: flowfile.decrypt_secret(value).get_secret_value(),
}
sealers = {
    "flet": lambda text: flet.encrypt(text, keys["flet"]),
    "flet, before 0.27.5": lambda text: old.encrypt(text, keys["flet"]),
    "flet-gcm": lambda text: flet.encrypt_aes_gcm_256(text, keys["flet-gcm"]),
    "flet-gcm, before 0.27.5": lambda text: old.encrypt_aes_gcm_256(text, keys["flet-gcm"]),
    "fernet": lambda text: fernet.encrypt(text.encode()).decode(),
    "flowfile": lambda text: flowfile.encrypt_secret(text, 7),
    "flowfile, before 0.5.4": lambda text: flowfile.encrypt_secret(text),
    "ansible": lambda text: vault.encrypt(text.encode(), VaultSecret(keys["ansible"].encode())).decode(),
    "ansible, with an id": lambda text: vault.encrypt(text.encode(), VaultSecret(keys["ansible"].encode()), "dev").decode(),
}
print(json.dumps({
    "opened": {name: [openers[name](value) for value in values] for name, values in given["sealed"].items()},
    "made": {name: [seal(text) for text in (given["few"] if "flet" in name else given["texts"])] for name, seal in sealers.items()},
}))
`;

type Kind = keyof typeof tokenFormats;
const about = { now: new Date(), user: 7 };
const fernetKey = Buffer.alloc(32, 7).toString('base64url');
const keys = {
  flet: 'correct horse, grüß dich',
  'flet-gcm': 'correct horse',
  fernet: `${fernetKey}=`,
  flowfile: `${Buffer.alloc(32, 9).toString('base64url')}=`,
  ansible: 'vault password',
  anvil: Buffer.alloc(16, 5).toString('base64'),
};
const texts = [
  '',
  'plain',
  'häß 🔑 \u0000 \ufeff',
  'two\nlines\r\n',
  '$(touch hit) $HOME `id` {{ 1 }} "\'\\',
  ...fc.sample(fc.string({ unit: 'binary', maxLength: 300 }), { numRuns: 12 }),
];
/** Of what takes long: 600,000 rounds for each. */
const few = texts.slice(1, 4);

const sealedBy = (kind: Kind, secret: string, of: readonly string[]) =>
  Promise.all(of.map(async (text) => (await tokenFormats[kind].seal?.(Buffer.from(text), secret, about)) ?? ''));
const openedBy = (kind: Kind, secret: string, values: readonly string[]) =>
  Promise.all(values.map(async (value) => textOf(await tokenFormats[kind].open(value, secret))));

describe('what these systems write we read, and what we write they read', function () {
  this.timeout(120_000);
  let folder: string;
  before(function () {
    skipFor(this, missing('systems whose values are read', Boolean(python && systems)));
    folder = mkdtempSync(join(tmpdir(), 'lockstep-systems-'));
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  const run = (program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}, input = '') => {
    const ran = spawnSync(program, words, {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...env },
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    assert.equal(ran.status, 0, ran.stderr);
    return ran.stdout;
  };

  it('Flet, cryptography, Flowfile, ansible-core', async () => {
    const sealed = {
      flet: await sealedBy('flet', keys.flet, few),
      'flet-gcm': await sealedBy('flet-gcm', keys['flet-gcm'], few),
      fernet: await sealedBy('fernet', keys.fernet, texts),
      flowfile: await sealedBy('flowfile', keys.flowfile, texts),
    };
    const input = JSON.stringify({ keys, sealed, texts, few });
    const { opened, made } = JSON.parse(run(python ?? '', ['-c', script, systems], {}, input));
    assert.deepEqual(opened, { flet: few, 'flet-gcm': few, fernet: texts, flowfile: texts });
    assert.equal(Object.keys(made).length, 9);
    for (const [name, values] of Object.entries(made as Record<string, string[]>)) {
      const kind = name.split(',')[0] as Kind & keyof typeof keys;
      const wanted = kind.startsWith('flet') ? few : texts;
      assert.deepEqual(await openedBy(kind, keys[kind], values), wanted, name);
    }
  });

  for (const version of ['dotenvx1', 'dotenvx2'])
    it(`${version === 'dotenvx1' ? '@dotenvx/dotenvx 1' : '@dotenvx/dotenvx 2'}`, async () => {
      const at = join(folder, version);
      mkdirSync(at);
      const program = join(systems, 'npm', 'node_modules', version, 'src', 'cli', 'dotenvx.js');
      const dotenvx = (words: readonly string[], env: NodeJS.ProcessEnv = {}) => {
        const ran = spawnSync(process.execPath, [program, ...words], {
          cwd: at,
          env: { PATH: process.env.PATH, HOME: at, DOTENVX_NO_OPS: 'true', ...env },
          encoding: 'utf8',
        });
        assert.equal(ran.status, 0, ran.stderr + ran.stdout);
        return ran.stdout;
      };
      // Such as a `.env` between single quotes can hold.
      const holds = texts.filter((text) => !/['\0\r]/.test(text) && !text.includes('\ufeff'));
      const lines = holds.map((text, i) => `A${i}='${text}'\n`).join('');
      writeFileSync(join(at, '.env'), lines);
      dotenvx(['encrypt', '-f', '.env']);
      const file = readFileSync(join(at, '.env'), 'utf8');
      const secret =
        /^DOTENV_PRIVATE_KEY="?([\da-f]{64})/m.exec(readFileSync(join(at, '.env.keys'), 'utf8'))?.[1] ?? '';
      const publicKey = /^DOTENV_PUBLIC_KEY="?([\da-f]{66})/m.exec(file)?.[1] ?? '';
      const values = [...file.matchAll(/^A\d+='?(encrypted:[A-Za-z\d+/=]+)/gm)].map(([, value]) => value ?? '');
      assert.equal(values.length, holds.length);
      assert.deepEqual(await openedBy('dotenvx', secret, values), holds);

      const own = await sealedBy('dotenvx', publicKey, texts);
      const plain = texts.map((text) => text.replaceAll('\0', ''));
      const ours = own.map((value, i) => `A${i}='${value}'\n`).join('');
      writeFileSync(join(at, '.env'), `DOTENV_PUBLIC_KEY="${publicKey}"\n${ours}`);
      const got: Record<string, string> = JSON.parse(dotenvx(['get', '-f', '.env', '--format', 'json']));
      for (const [i, text] of plain.entries())
        if (!texts[i]?.includes('\0')) assert.equal(got[`A${i}`], text, `${version}: ${JSON.stringify(text)}`);
    });

  it('Kestra, and the calls of Anvil’s App Server, in Java', async () => {
    const source = join(folder, 'Systems.java');
    cpSync(join(root, 'test', 'dropin', 'systems.java.txt'), source);
    const jars = ['core-0.15.8.jar', 'slf4j-api-2.0.16.jar'].map((jar) => join(systems, 'java', jar));
    const java = (words: readonly string[], env: NodeJS.ProcessEnv = {}) =>
      run('java', ['-Dfile.encoding=UTF-8', '-cp', jars.join(delimiter), source, ...words], env)
        .split('\n')
        .slice(0, -1);
    const decoded = (lines: readonly string[]) => lines.map((line) => Buffer.from(line, 'base64').toString('utf8'));

    const named = await sealedBy('kestra', '', texts);
    const wrapped = named.map((value) => value.replace(/.{8}/g, '$&\n').replace(/=*$/, ''));
    const env = Object.fromEntries([...named, ...wrapped].map((value, i) => [`SECRET_A${i}`, value]));
    const names = Object.keys(env).map((name) => name.slice('SECRET_'.length));
    assert.deepEqual(decoded(java(['kestra', ...names], env)), [...texts, ...texts]);
    assert.deepEqual(await openedBy('kestra', '', wrapped), texts);

    const own = await sealedBy('anvil', keys.anvil, texts);
    const pairs = (values: readonly string[]) => values.flatMap((value) => [keys.anvil, value]);
    assert.deepEqual(decoded(java(['anvil-open', ...pairs(own)])), texts);
    const theirs = java(['anvil-seal', ...pairs(texts.map((text) => Buffer.from(text).toString('base64')))]);
    assert.deepEqual(await openedBy('anvil', keys.anvil, theirs), texts);
  });

  it('age', async () => {
    const age = process.env.LOCKSTEP_AGE || 'age';
    writeFileSync(join(folder, 'key'), `${alice.identity}\n`);
    const opener = ageOpener(PrivateKey.of(alice.identity), {
      label: '',
      recipient: alice.recipient,
      source: { kind: 'environment', name: '' },
    });
    for (const text of few) {
      const sealed = await sealAge(Buffer.from(text), { recipients: [alice.recipient] });
      assert.equal(run(age, ['-d', '-i', 'key'], {}, sealed), text);
      const theirs = run(age, ['-a', '-r', alice.recipient], {}, text);
      assert.equal(textOf(await openAge(theirs, { keyring: { openers: async () => [opener] } })), text);
    }
  });
});
