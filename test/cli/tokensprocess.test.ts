import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures } from '../core/shared.ts';
import { notLinux, skipFor } from '../skip.ts';
import { builtCli, runCli } from './built.ts';
import { Lab } from './lab.ts';

const { dotenvx, flet } = (({ dotenvx, flet_600k }) => ({ dotenvx, flet: flet_600k }))(
  JSON.parse(readFileSync(join(fixtures, 'token-vectors.json'), 'utf8')),
);
const secret = 'canary: in a pipe';

/** The built command line, with everything that a process has. */
describe('strings in a process of their own', function () {
  this.timeout(60_000);
  let lab: Lab;
  let cli: string;
  before(async function () {
    skipFor(this, notLinux);
    cli = await builtCli();
    lab = new Lab();
  });
  after(() => lab?.dispose());

  it('go through with packages that are loaded late', () => {
    const env = lab.env({ PUBLIC: dotenvx.public_key, PRIVATE: dotenvx.private_key });
    const sealed = runCli(
      cli,
      ['encrypt-string', '--format', 'dotenvx', '--key-env', 'PUBLIC'],
      lab.folder,
      env,
      secret,
    );
    assert.deepEqual([sealed.status, sealed.stderr], [0, '']);
    const opened = runCli(cli, ['decrypt-string', '--key-env', 'PRIVATE'], lab.folder, env, sealed.stdout);
    assert.deepEqual([opened.status, opened.stdout, opened.stderr], [0, secret, '']);
  });

  it('take the pass phrase from an open file, and from nothing that Node opened for itself', () => {
    const given = openSync(lab.write('phrase', `${flet.secret_key}\n`), 'r');
    const run = (fd: string, stdio: (number | 'pipe')[]) =>
      spawnSync(process.execPath, [cli, 'decrypt-string', '--key-fd', fd], {
        cwd: lab.folder,
        env: lab.env(),
        input: flet.ciphertext,
        stdio,
        encoding: 'utf8',
        timeout: 20_000,
      });
    const { status, stdout } = run('3', ['pipe', 'pipe', 'pipe', given]);
    closeSync(given);
    assert.deepEqual([status, stdout], [0, flet.plaintext]);
    for (let fd = 3; fd < 24; fd += 4) {
      const own = run(String(fd), ['pipe', 'pipe', 'pipe']);
      assert.deepEqual([own.status, own.stdout], [1, ''], `${fd}: ${own.stderr}`);
    }
  });

  it('ask on the terminal where the text comes from a pipe, and show nothing of what is typed', async () => {
    const line = `printf %s ${flet.ciphertext} | '${process.execPath}' '${cli}' decrypt-string > out`;
    const child = spawn('script', ['-q', '-e', '-f', '-c', line, '/dev/null'], {
      cwd: lab.folder,
      env: { ...lab.env(), SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    const asked = new Promise<void>((resolve) =>
      child.stdout.on('data', (data: Buffer) => {
        out += data;
        if (out.includes('nothing is shown')) resolve();
      }),
    );
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await asked;
    child.stdin.write(`${flet.secret_key}\r`);
    assert.equal(await ended, 0, out);
    assert.match(out, /Pass phrase \(nothing is shown\): /);
    assert.ok(!out.includes(flet.secret_key), out);
    assert.equal(lab.read('out'), flet.plaintext);
  });

  it('fail on a full disk and on an input without end, and leave nothing behind', () => {
    const before = readdirSync(lab.folder);
    const sh = (line: string) =>
      spawnSync('sh', ['-c', line], {
        cwd: lab.folder,
        env: { ...lab.env({ KEY: flet.secret_key }), NODE: process.execPath, CLI: cli },
        encoding: 'utf8',
        timeout: 30_000,
      });
    const full = sh(`printf %s ${flet.ciphertext} | "$NODE" "$CLI" decrypt-string --key-env KEY > /dev/full`);
    assert.equal(full.status, 3, full.stderr);
    assert.ok(!full.stderr.includes(flet.plaintext));
    const endless = sh('yes canary | "$NODE" "$CLI" encrypt-string --format flet --key-env KEY');
    assert.equal(endless.status, 1);
    assert.match(endless.stderr, /larger than 1 MB/);
    assert.deepEqual(readdirSync(lab.folder), before);
  });
});
