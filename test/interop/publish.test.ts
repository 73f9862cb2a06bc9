import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { alice } from '../core/support.ts';
import { builtSops, Place, type Ran, sopsPath } from '../dropin/sops.ts';
import { describeUnless, windows } from '../skip.ts';

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly token: unknown;
  readonly body: unknown;
}

describeUnless(windows, 'publish', () => {
  let program: string;
  let place: Place;
  let heard: Heard[];
  /** As much of Vault as sops asks for. */
  const vault = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    const { method, url, headers } = request;
    heard.push({ method, url, token: headers['x-vault-token'], body: text && JSON.parse(text) });
    response.writeHead(method === 'GET' ? 404 : 200, { 'content-type': 'application/json' }).end('{"data":{}}');
  });

  before(async () => {
    program = await builtSops();
    place = new Place(sopsPath);
    mkdirSync(join(place.folder, 'ours'));
    symlinkSync(program, join(place.folder, 'ours', 'lockstep'));
    await new Promise<void>((resolve) => vault.listen(0, '127.0.0.1', resolve));
    const { port } = vault.address() as AddressInfo;
    place.write(
      '.sops.yaml',
      `creation_rules:\n  - age: ${alice.recipient}\ndestination_rules:\n  - path_regex: ^app\n    vault_address: http://127.0.0.1:${port}\n    vault_path: team/\n`,
    );
    for (const name of ['app.yaml', 'app/one.yaml', 'other.yaml']) {
      place.write(name, 'db:\n    password: kanari!Vault#1\n');
      assert.equal(place.sops(['encrypt', '-i', name]).code, 0);
    }
  });
  after(() => {
    vault.close();
    place?.dispose();
    if (program) rmSync(program, { force: true });
  });
  beforeEach(() => {
    heard = [];
  });

  /** This process answers meanwhile. */
  function run(words: readonly string[], { folders = ['ours', '.bin'], input = '' } = {}): Promise<Ran> {
    const [name = '', ...rest] = words;
    const path = folders.map((folder) => join(place.folder, folder));
    const child = spawn(name, rest, {
      cwd: place.folder,
      env: {
        PATH: [...path, dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
        ...{ HOME: place.folder, XDG_CONFIG_HOME: place.folder, XDG_STATE_HOME: join(place.folder, 'state') },
        ...{ SOPS_AGE_KEY: alice.identity, VAULT_TOKEN: 'kanari-token', VAULT_MAX_RETRIES: '0' },
      },
    });
    const said = { out: '', err: '' };
    child.stdout.on('data', (piece) => {
      said.out += piece;
    });
    child.stderr.on('data', (piece) => {
      said.err += piece;
    });
    child.stdin.on('error', () => undefined).end(input);
    return new Promise((resolve, reject) =>
      child.once('error', reject).once('close', (code) => resolve({ code, ...said })),
    );
  }

  it('sends by sops what sops sends, and says before it what Vault gets', async () => {
    for (const [words, input] of [
      [['--yes', 'app.yaml'], ''],
      [['--yes', '--omit-extensions', 'app.yaml'], ''],
      [['--yes', '--recursive', 'app'], ''],
      [['app.yaml'], 'y\n'],
    ] as const) {
      const theirs = await run(['sops', 'publish', ...words], { input });
      assert.equal(theirs.code, 0, theirs.err);
      const sent = heard;
      heard = [];
      const ours = await run(['lockstep', 'publish', ...words], { input });
      assert.deepEqual({ code: ours.code, out: ours.out, heard }, { code: 0, out: theirs.out, heard: sent }, ours.err);
      assert.match(ours.err, /\/\.bin\/sops publishes this.*Vault gets the values as plaintext/);
      assert.deepEqual(sent.at(-1)?.body, { data: { db: { password: 'kanari!Vault#1' } } });
      heard = [];
    }
  });

  it('sends nothing after a no, or without a destination', async () => {
    const no = await run(['lockstep', 'publish', 'app.yaml'], { input: 'n\n' });
    assert.notEqual(no.code, 0);
    const none = await run(['lockstep', 'publish', '--yes', 'other.yaml']);
    assert.notEqual(none.code, 0);
    assert.deepEqual(heard, []);
  });

  it('is in the access log', async () => {
    await run(['lockstep', 'publish', '--yes', 'app.yaml']);
    const { out } = await run(['lockstep', 'log', 'list', '--purpose', 'export']);
    assert.match(out, /app\.yaml.*sops publish/);
    assert.doesNotMatch(out, /kanari/);
  });

  it('passes over Lockstep under the name of sops, and does not start itself in a disguise', async () => {
    mkdirSync(join(place.folder, 'linked'));
    symlinkSync(program, join(place.folder, 'linked', 'sops'));
    const through = await run(['sops', 'publish', '--yes', 'app.yaml'], { folders: ['linked', '.bin'] });
    assert.equal(through.code, 0, through.err);
    assert.equal(heard.at(-1)?.token, 'kanari-token');
    const alone = await run(['sops', 'publish', '--yes', 'app.yaml'], { folders: ['linked'] });
    assert.equal(alone.code, 1);
    assert.match(alone.err, /there is no sops on your PATH/);

    const script = place.write('wrapped/sops', `#!/bin/sh\nLOCKSTEP_NAME=sops exec '${program}' "$@"\n`);
    chmodSync(script, 0o755);
    const wrapped = await run(['lockstep', 'publish', '--yes', 'app.yaml'], { folders: ['ours', 'wrapped'] });
    assert.equal(wrapped.code, 1);
    assert.match(wrapped.err, /there is no sops on your PATH/);
  });
});
