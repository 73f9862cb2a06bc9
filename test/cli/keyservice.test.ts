import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { CommandReader, commandText } from '../../src/core/age/plugin/stanzas.ts';
import { PrivateKey } from '../../src/core/age/private/privatekey.ts';
import { wrapKey } from '../../src/core/age/wrap.ts';
import { agentIdentity } from '../../src/core/agent/identity.ts';
import { agentText } from '../../src/node/keyservice/words.ts';
import { alice, bob } from '../core/support.ts';
import { keyRequest } from '../node/keyservice/request.ts';
import { skipFor, windows } from '../skip.ts';
import { type Given, Lab } from './lab.ts';

const dataKey = Buffer.alloc(32, 5);

describe('keyservice', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  async function refused(words: readonly string[], given: Given, what: RegExp): Promise<void> {
    // One that starts after all is ended, and has the wrong code.
    const signals: Given['signals'] = (send) => void setTimeout(() => send('SIGINT'), 100);
    const { code, out, err } = await lab.run(['keyservice', ...words], { ...given, signals });
    assert.equal(code, 1, words.join(' '));
    assert.equal(out, '');
    assert.match(err, what, words.join(' '));
    assert.match(err, /\n.{10}/, 'what to do');
  }

  it('starts nothing that is open to others unless that is said first, and wanted', async () => {
    const open = /every program and every user of this machine/;
    await refused(['--network', 'tcp'], {}, open);
    await refused(['--network', 'tcp'], { answers: ['n'] }, /Nothing was started/);
    assert.match(lab.asked.join(), open);
    for (const address of ['0.0.0.0:5000', '10.0.0.1:5000', ':5000', 'localhost', '127.0.0.1:70000', '::1:5000'])
      await refused(['--network', 'tcp', '--yes', '--address', address], {}, /one of this machine/);
  });

  it('says what there is on Windows', async () => {
    await refused([], { platform: 'win32' }, /every program and every user of this machine/);
    await refused(['--network', 'unix'], { platform: 'win32' }, /On Windows .*socket[\s\S]*age plugin/);
  });

  it('refuses what it cannot do before it starts', async () => {
    await refused([], { platform: 'win32' }, /Use the age plugin, or --yes/);
    await refused(['--network', 'udp'], {}, /unix or tcp/);
    await refused(['--prompt'], {}, /no terminal/);
    await refused(['--address', join('none', 'a.sock')], {}, /Nothing can listen there \(ENOENT\)/);
    lab.write('file', '');
    await refused(['--address', 'file'], {}, /already/);
    assert.ok(existsSync(join(lab.folder, 'file')));
  });

  it('asks before each key with --prompt', async function () {
    skipFor(this, windows);
    let end = () => {};
    const signals: Given['signals'] = (send) => {
      end = () => send('SIGINT');
    };
    const running = lab.run(['keyservice', '--prompt', '--address', 'a.sock'], { answers: ['n', 'y'], signals });
    const enc = await wrapKey(dataKey, alice.recipient);
    while (!existsSync(join(lab.folder, 'a.sock'))) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(await askAt(join(lab.folder, 'a.sock'), enc), agentText('DENIED'));
    assert.equal(await askAt(join(lab.folder, 'a.sock'), enc), dataKey.toString('hex'));
    assert.match(lab.asked[0] ?? '', new RegExp(`wants a file opened with your key ${alice.recipient}`));
    assert.equal(await askAt(join(lab.folder, 'a.sock'), await wrapKey(dataKey, bob.recipient)), agentText('NOT_MINE'));
    end();
    const { code, out } = await running;
    assert.equal(code, 0);
    assert.equal(out, `SOPS_KEYSERVICE=unix://${lab.folder}/a.sock\n`);
    assert.ok(!existsSync(join(lab.folder, 'a.sock')));
    assert.match((await lab.run(['log', 'list'])).out, /answer/);
  });
});

/** A data key in hex, or why there is none. */
function askAt(path: string, enc: string): Promise<string> {
  const client = new Client(`unix:${path}`, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const same = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    const done = (error: ServiceError | null, answer?: Buffer) => {
      client.close();
      resolve(error?.details ?? answer?.subarray(2).toString('hex') ?? '');
    };
    client.makeUnaryRequest('/KeyService/Decrypt', same, same, keyRequest(alice.recipient, enc), done);
  });
}

describe('age-plugin-lockstep', () => {
  let lab: Lab;
  const done = commandText(['done']);
  beforeEach(() => {
    lab = new Lab();
    mkdirSync(join(lab.folder, 'run'), { mode: 0o700 });
  });
  afterEach(() => lab.dispose());
  const plugin = (stdin: string, env: Given['env'] = {}) =>
    lab.run(['--age-plugin=identity-v1'], { stdin, env: { XDG_RUNTIME_DIR: join(lab.folder, 'run'), ...env } });
  const identity = (text: string) => commandText(['add-identity', text]);

  /** The stanza of a file key for somebody, as age hands it over. */
  async function stanza(recipient: string): Promise<string> {
    const text = Buffer.from((await wrapKey(dataKey, recipient)).replace(/-----.*-----|\n/g, ''), 'base64').toString(
      'latin1',
    );
    const reader = new CommandReader();
    reader.add(text.slice(text.indexOf('->')));
    const { args, body } = reader.next() ?? assert.fail('no stanza');
    return commandText(['recipient-stanza', '0', ...args], body);
  }

  it('uses the keys at hand before it asks anybody, and writes it down', async () => {
    const ok = commandText(['ok']);
    const { code, out } = await plugin(`${identity(agentIdentity())}${await stanza(alice.recipient)}${done}${ok}`);
    assert.equal(code, 0);
    assert.match(out, /^-> file-key 0\n[A-Za-z0-9+/]{22}\n-> done\n\n$/);
    assert.match((await lab.run(['log', 'list'])).out, /answer/);
  });

  it('says that nobody holds keys, and what is wrong with an identity', async () => {
    const ok = commandText(['ok']);
    const none = { SOPS_AGE_KEY: agentIdentity() };
    const asked = `${await stanza(alice.recipient)}${done}${ok}`;
    const { out } = await plugin(identity(agentIdentity()) + asked, none);
    assert.equal(out, `${commandText(['error', 'internal'], Buffer.from(agentText('NO_AGENT')))}${done}`);
    for (const text of ['AGE-PLUGIN-LOCKSTEP-1TEST', 'AGE-PLUGIN-OTHER-1Q9SKWETWWS7XY96M'])
      assert.match((await plugin(identity(text) + asked, none)).out, /^-> error identity 0\n/);
  });

  it('is none for what it cannot do', async () => {
    const { code, out, err } = await lab.run(['--age-plugin=recipient-v1'], { stdin: done });
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /identity-v1 only[\s\S]*age1…/);
    assert.equal((await plugin('hello\n\n')).code, 1);
  });

  it('is not started by our own command line, which asks by a way of its own', async () => {
    const env = { SOPS_AGE_KEY: agentIdentity(), XDG_RUNTIME_DIR: join(lab.folder, 'run') };
    lab.write('a.yaml', 'a: b\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.yaml'], { env })).code, 0);
    const { code, err } = await lab.run(['decrypt', 'a.yaml'], { env });
    assert.equal(code, 128);
    assert.doesNotMatch(err, /plugin/i);
    assert.ok(PrivateKey.of(agentIdentity()).plugin === 'lockstep');
  });
});
