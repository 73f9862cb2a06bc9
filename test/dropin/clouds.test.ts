import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { alice } from '../core/support.ts';
import { missing, skipFor, windows } from '../skip.ts';
import { builtSops, Place, sopsPath } from './sops.ts';

const bin = process.env.LOCKSTEP_AWS;
const region = 'eu-west-1';

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const plains: Readonly<Record<string, string>> = {
  yaml: 'name: swordfish-1\nport: 81\n',
  json: '{\n\t"name": "swordfish-1",\n\t"port": 81\n}\n',
  env: 'NAME=swordfish-1\n',
  ini: '[part]\nname = swordfish-1\n',
  bin: 'swordfish-1\0\n',
};

/** Master keys of AWS KMS (moto) and of Vault's transit engine, by the real sops as a key service. */
describe('keys of clouds and of Vault', () => {
  let cli: string;
  let place: Place;
  let moto: ChildProcess | undefined;
  let vault: Server;
  let aws: NodeJS.ProcessEnv;
  let arns: string[];
  const running: ChildProcess[] = [];

  before(async function () {
    skipFor(this, windows);
    skipFor(this, missing('moto', Boolean(bin)));
    cli = await builtSops();
    place = new Place(sopsPath);
    moto = spawn(join(bin ?? '', 'moto_server'), ['-H', '127.0.0.1', '-p', '0']);
    const endpoint = await said(moto, /http:\/\/127\.0\.0\.1:\d+/);
    vault = createHttp(transit);
    await new Promise<void>((resolve) => vault.listen(0, '127.0.0.1', resolve));
    const secret = {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'canary-credential-1',
      VAULT_TOKEN: 'canary-token-1',
    };
    aws = { ...secret, AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_EC2_METADATA_DISABLED: 'true' };
    arns = [await newKey(endpoint), await newKey(endpoint)];
    const uri = `http://127.0.0.1:${(vault.address() as AddressInfo).port}/v1/transit/keys/main`;
    place.write(
      '.sops.yaml',
      `creation_rules:
  - {path_regex: 'kms\\.', kms: '${arns[0]}'}
  - {path_regex: 'age\\.', age: '${alice.recipient}'}
  - {path_regex: 'vault\\.', hc_vault_transit_uri: '${uri}'}
  - path_regex: 'groups\\.'
    shamir_threshold: 2
    key_groups:
      - kms: [{arn: '${arns[0]}', context: {team: 'a,b:c'}}]
        hc_vault: ['${uri}']
      - age: ['${alice.recipient}']
  - {path_regex: 'two\\.', kms: '${arns.join(',')}'}
`,
    );
  });
  after(() => {
    for (const child of [...running, moto]) child?.kill();
    vault?.close();
    place?.dispose();
    if (cli) rmSync(cli, { force: true });
  });

  /** What a child prints that looks like this. */
  const said = (child: ChildProcess, pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (piece) => {
          text += piece;
          const found = pattern.exec(text)?.[0];
          if (found) resolve(found);
        });
      child.once('error', reject);
      child.once('exit', () => reject(new Error(text)));
    });

  async function newKey(endpoint: string): Promise<string> {
    const headers = {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': 'TrentService.CreateKey',
      Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/kms/aws4_request, SignedHeaders=host, Signature=0`,
    };
    const answer = await fetch(endpoint, { method: 'POST', headers, body: '{}' });
    return ((await answer.json()) as { KeyMetadata: { Arn: string } }).KeyMetadata.Arn;
  }

  /** The two calls of Vault's transit engine that sops makes, with its token. Vault itself is in none of the registries. */
  function transit(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse): void {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      const [, verb] = /^\/v1\/transit\/(encrypt|decrypt)\/main$/.exec(request.url ?? '') ?? [];
      if (request.headers['x-vault-token'] !== 'canary-token-1' || !verb) return void response.writeHead(403).end('{}');
      const { plaintext = '', ciphertext = '' } = JSON.parse(body);
      const turned = (text: string) => [...text].reverse().join('');
      const data =
        verb === 'encrypt'
          ? { ciphertext: `vault:v1:${turned(plaintext)}` }
          : { plaintext: turned(ciphertext.replace('vault:v1:', '')) };
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ data }));
    });
  }

  function start(program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    const PATH = [place.bin, process.env.PATH].join(delimiter);
    const own = { PATH, HOME: place.folder, XDG_CONFIG_HOME: place.folder, XDG_RUNTIME_DIR: place.folder };
    const child = spawn(program, words, {
      cwd: place.folder,
      env: { ...own, ...aws, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    return child;
  }

  function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const child = start(program, words, { SOPS_AGE_KEY: alice.identity, ...env });
    let [out, err] = ['', ''];
    child.stdout?.on('data', (piece) => {
      out += piece;
    });
    child.stderr?.on('data', (piece) => {
      err += piece;
    });
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  }
  const sops = (words: readonly string[], env?: NodeJS.ProcessEnv) => run(sopsPath, words, env);
  const lockstep = (words: readonly string[], env?: NodeJS.ProcessEnv) =>
    run(process.execPath, [cli, ...words], { LOCKSTEP_NAME: 'lockstep', ...env });
  async function fine(ran: Promise<Ran>): Promise<string> {
    const { code, out, err } = await ran;
    assert.equal(code, 0, err);
    for (const secret of ['canary-credential-1', 'canary-token-1', alice.identity])
      assert.ok(!(out + err).includes(secret), 'no credential is printed');
    return out;
  }
  const left = () => readdirSync(place.folder).filter((name) => name.startsWith('lockstep-keys-'));
  const seen = async (sure: () => boolean, what: string) => {
    for (const until = Date.now() + 60_000; Date.now() < until; await new Promise((done) => setTimeout(done, 50)))
      if (sure()) return;
    assert.fail(`${what} did not come`);
  };
  const same = (format: string, text: string) =>
    format === 'json'
      ? assert.deepEqual(JSON.parse(text), JSON.parse(plains.json ?? ''))
      : assert.equal(text, plains[format]);

  it('open in the other program, in every format', async () => {
    const socket = join(place.folder, 'named.sock');
    const service = start(sopsPath, ['keyservice', '--network', 'unix', '--address', socket]);
    await seen(() => existsSync(socket), 'the key service');
    const named = {
      SOPS_KEYSERVICE: `unix://${socket}`,
      SOPS_ENABLE_LOCAL_KEYSERVICE: 'false',
      AWS_SECRET_ACCESS_KEY: '',
      VAULT_TOKEN: '',
    };
    const both = async (keys: string, format: string) => {
      const [theirs, ours] = [`theirs.${keys}.${format}`, `ours.${keys}.${format}`];
      for (const name of [theirs, ours]) place.write(name, plains[format] ?? '');
      await fine(sops(['encrypt', '-i', theirs]));
      // Ours has no credentials itself: the service has.
      await fine(lockstep(['encrypt', '-i', ours], named));
      for (const name of [theirs, ours]) assert.ok(!place.read(name).includes('swordfish'), name);
      same(format, await fine(lockstep(['decrypt', theirs], named)));
      same(format, await fine(sops(['decrypt', ours])));
      same(format, await fine(lockstep(['decrypt', ours], named)));
    };
    for (const keys of ['kms', 'age', 'vault', 'groups'])
      await Promise.all(Object.keys(plains).map((format) => both(keys, format)));
    service.kill();
  });

  it('are changed, rotated and shared by a sops that is started for it and ended after', async () => {
    place.write('kms.work.yaml', plains.yaml ?? '');
    await fine(lockstep(['encrypt', '-i', 'kms.work.yaml']));
    await fine(lockstep(['set', 'kms.work.yaml', '["name"]', '"swordfish-2"']));
    assert.equal(await fine(sops(['decrypt', '--extract', '["name"]', 'kms.work.yaml'])), 'swordfish-2');
    const old = place.read('kms.work.yaml');
    await fine(lockstep(['rotate', '-i', '--yes', '--add-kms', arns[1] ?? '', 'kms.work.yaml']));
    assert.equal(place.read('kms.work.yaml').match(/arn: /g)?.length, 2);
    assert.ok(!place.read('kms.work.yaml').includes(/enc: (\S+)/.exec(old)?.[1] ?? 'enc'));
    await fine(sops(['rotate', '-i', '--rm-kms', arns[0] ?? '', 'kms.work.yaml']));
    assert.equal(await fine(lockstep(['decrypt', '--extract', '["name"]', 'kms.work.yaml'])), 'swordfish-2');
    await fine(lockstep(['updatekeys', '-y', 'kms.work.yaml']));
    assert.ok(place.read('kms.work.yaml').includes(arns[0] ?? ' '));
    await fine(
      lockstep([
        'groups',
        'add',
        '-i',
        '--file',
        'kms.work.yaml',
        '--age',
        alice.recipient,
        '--yes',
        '--shamir-secret-sharing-threshold',
        '2',
      ]),
    );
    assert.equal(await fine(sops(['decrypt', '--extract', '["name"]', 'kms.work.yaml'])), 'swordfish-2');
    assert.match((await lockstep(['decrypt', 'kms.work.yaml'], { SOPS_AGE_KEY: '' })).err, /groups?/);
    await seen(() => left().length === 0, 'the end of every key service');
  });

  it('say what is missing before anything is changed', async () => {
    const before = plains.yaml ?? '';
    place.write('kms.bare.yaml', before);
    const without = { PATH: join(place.folder, 'nothing') };
    const { code, err } = await lockstep(['encrypt', '-i', 'kms.bare.yaml'], without);
    assert.equal(code, 1, err);
    assert.match(err, /needs `sops` 3\.9 or newer for AWS KMS, or a key service/);
    assert.equal(place.read('kms.bare.yaml'), before);
    const old = join(place.folder, 'old');
    mkdirSync(old, { recursive: true });
    writeFileSync(join(old, 'sops'), '#!/bin/sh\necho sops 3.8.1\n');
    chmodSync(join(old, 'sops'), 0o755);
    const tooOld = await lockstep(['encrypt', '-i', 'kms.bare.yaml'], {
      PATH: [old, process.env.PATH].join(delimiter),
    });
    assert.match(tooOld.err, /needs `sops` 3\.9 or newer for AWS KMS, or a key service/);
    assert.equal(place.read('kms.bare.yaml'), before);
    const denied = await lockstep(['encrypt', '-i', 'kms.bare.yaml', '--kms', `arn:aws:kms:${region}:1:key/none`]);
    assert.notEqual(denied.code, 0);
    assert.match(denied.err, /The key service could not use AWS KMS \(it says: .*NotFound/);
    assert.equal(place.read('kms.bare.yaml'), before);
  });

  it('leave no key service behind when Lockstep is killed', async () => {
    await fine(
      sops([
        'encrypt',
        '--output',
        'kms.killed.yaml',
        '--filename-override',
        'kms.killed.yaml',
        place.write('killed.txt.yaml', plains.yaml ?? ''),
      ]),
    );
    // A cloud that never answers.
    const mute = createServer((socket) => running.push({ kill: () => socket.destroy() } as never));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const asked = new Promise<void>((resolve) => mute.once('connection', () => resolve()));
    const endpoint = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const child = start(process.execPath, [cli, 'decrypt', 'kms.killed.yaml'], {
      AWS_ENDPOINT_URL: endpoint,
      LOCKSTEP_NAME: 'lockstep',
    });
    await asked;
    const [folder = ''] = left();
    const { mode } = (await import('node:fs')).statSync(join(place.folder, folder));
    assert.equal(mode & 0o777, 0o700);
    child.kill('SIGKILL');
    await seen(() => left().length === 0, 'the end of the key service');
    if (existsSync('/proc'))
      await seen(() => !readdirSync('/proc').some((pid) => ofProcess(pid).includes(folder)), 'the end of sops');
    mute.close();
  });

  const ofProcess = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  };
});
