import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { isUnnamed } from '../../src/core/age/plugin/names.ts';
import { usePlugins } from '../../src/core/age/plugin/port.ts';
import { PrivateKey, privateText } from '../../src/core/age/private/privatekey.ts';
import { open } from '../../src/core/open/open.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { readSealed } from '../../src/core/sops/sealed.ts';
import { StandardKeyring } from '../../src/node/identities.ts';
import { startPlugin } from '../../src/node/keys/plugin.ts';
import { pluginKey } from '../core/age/plugin/key.ts';
import { root } from '../core/shared.ts';
import { alice, clock } from '../core/support.ts';
import { installPlugin } from '../fakes/plugin/install.ts';
import { missing, skipFor, windows } from '../skip.ts';
import { agePath, Bench } from './tools.ts';

const source = 'password: hunter2\nport_unencrypted: 1\n';

/** A plugin of other people: post-quantum keys for those programs that lack them. */
const realPlugin = join(root, '.cache', 'bin', 'age-plugin-pq');
const realSource = 'filippo.io/age/extra/age-plugin-pq@v1.3.2';

/** Its path, built with Go when it is not there; undefined where that is not possible. */
function findReal(): string | undefined {
  if (existsSync(realPlugin)) return realPlugin;
  const env = { ...process.env, GOBIN: dirname(realPlugin), GOFLAGS: '-p=2', GOOS: undefined, GOARCH: undefined };
  const { status } = spawnSync('go', ['install', realSource], { env, timeout: 300_000 });
  return status === 0 && existsSync(realPlugin) ? realPlugin : undefined;
}

describe('keys of age plugins, with sops and age', () => {
  let bench: Bench;
  let PATH: string;
  beforeEach(() => {
    bench = new Bench();
    PATH = installPlugin(join(bench.folder, 'bin'));
    usePlugins({
      start: (plugin, machine) =>
        startPlugin({ env: { PATH }, platform: process.platform, home: homedir() }, plugin, machine),
      person: { tell: () => false, confirm: async () => undefined, ask: async () => undefined },
    });
  });
  afterEach(() => bench.dispose());

  const sealed = async (...recipients: string[]) => (await seal(source, 'yaml', { recipients }, clock)).text;
  const opened = async (text: string, env: Record<string, string>) => {
    const keyring = new StandardKeyring(env, bench.folder, 'linux');
    return open(readSealed(text, 'yaml'), keyring);
  };

  it('one of our own: what we write sops and age open, what they write we open', async function () {
    skipFor(this, windows);
    const key = pluginKey('interop');
    const keys = bench.write('keys.txt', key.file);
    bench.write('ours.yaml', await sealed(alice.recipient, key.recipient));
    assert.equal(bench.sops(['decrypt', 'ours.yaml'], '', { PATH, SOPS_AGE_KEY_FILE: keys }), source);
    bench.write('plain.yaml', source);
    const theirs = bench.sops(['encrypt', '--age', key.recipient, 'plain.yaml'], '', { PATH });
    assert.ok((await opened(theirs, { SOPS_AGE_KEY_FILE: keys })).verdict.ok);
    const stanza = /-----BEGIN[\s\S]*-----END AGE ENCRYPTED FILE-----/.exec(
      (await sealed(key.recipient)).replace(/\n */g, '\n'),
    );
    const env = { PATH, HOME: bench.folder };
    const { status, stdout } = spawnSync(agePath, ['-d', '-i', keys], { env, input: `${stanza?.[0]}\n` });
    assert.equal(status, 0);
    assert.equal(stdout.length, 32);
  });

  it('one of others', async function () {
    const real = findReal();
    skipFor(this, windows ?? missing('age-plugin-pq, or Go and a network to build it', real !== undefined));
    PATH = [dirname(real ?? ''), process.env.PATH].join(delimiter);
    const identity = PrivateKey.generate('hybrid');
    const recipient = await identity.recipient();
    const converted = spawnSync(real ?? '', ['-identity'], { input: `${privateText(identity)}\n`, encoding: 'utf8' });
    assert.match(converted.stdout, /^AGE-PLUGIN-PQ-1/m);
    // The program does not say the public key by itself.
    const keys = bench.write('keys.txt', `# public key: ${recipient}\n${converted.stdout}`);
    // We know such recipients ourselves; the private key is used by the plugin alone.
    const text = await sealed(recipient);
    const result = await opened(text, { SOPS_AGE_KEY_FILE: keys });
    assert.ok(result.verdict.ok);
    assert.equal(result.openedBy, recipient);
    assert.ok(isUnnamed((await opened(text, { SOPS_AGE_KEY: converted.stdout })).openedBy));
    bench.write('ours.yaml', text);
    assert.equal(bench.sops(['decrypt', 'ours.yaml'], '', { PATH, SOPS_AGE_KEY_FILE: keys }), source);
    bench.write('plain.yaml', source);
    const theirs = bench.sops(['encrypt', '--age', recipient, 'plain.yaml'], '', { PATH });
    assert.ok((await opened(theirs, { SOPS_AGE_KEY_FILE: keys })).verdict.ok);
    // Somebody else's key is refused by the plugin, not by us.
    const other = spawnSync(real ?? '', ['-identity'], {
      input: `${privateText(PrivateKey.generate('hybrid'))}\n`,
      encoding: 'utf8',
    });
    await assert.rejects(opened(text, { SOPS_AGE_KEY: other.stdout }), { code: 'NOT_A_RECIPIENT' });
  });
});
