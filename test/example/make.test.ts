import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { makeExample, oldValues } from './make.mjs';

const script = fileURLToPath(new URL('make.mjs', import.meta.url));
const encrypted = ['.env', 'config/secrets.production.yaml', 'service-account.json'];

describe('example workspace', function () {
  this.timeout(30_000);

  let base: string;
  let target: string;
  const git = (...args: string[]) => execFileSync('git', args, { cwd: target, encoding: 'utf8' });
  const read = (path: string) => readFileSync(join(target, path), 'utf8');

  before(async () => {
    base = mkdtempSync(join(tmpdir(), 'lockstep-example-'));
    target = join(base, 'orders');
    await makeExample(target);
  });

  after(() => rmSync(base, { recursive: true, force: true, maxRetries: 3 }));

  it('has a short history on main and only the service account outside it', () => {
    assert.equal(git('symbolic-ref', '--short', 'HEAD').trim(), 'main');
    assert.equal(git('rev-list', '--count', 'HEAD').trim(), '5');
    assert.equal(git('status', '--porcelain').trim(), '?? service-account.json');
  });

  it('keeps an older plain value of .env and of the YAML file in the history only', () => {
    assert.match(git('show', 'HEAD~4:.env'), new RegExp(`^STRIPE_KEY=${oldValues.STRIPE_KEY}$`, 'm'));
    assert.ok(git('show', 'HEAD~3:config/secrets.production.yaml').includes(oldValues['database.password']));
    for (const value of Object.values(oldValues)) {
      for (const path of encrypted) assert.ok(!read(path).includes(value), path);
    }
  });

  it('holds no encrypted file yet', () => {
    for (const path of encrypted) assert.doesNotMatch(read(path), /ENC\[|sops/);
  });

  it('holds a key of PEM shape that opens nothing', () => {
    const key = JSON.parse(read('service-account.json')).private_key;
    assert.match(key, /^-----BEGIN PRIVATE KEY-----\n([A-Za-z0-9+/=]{1,64}\n)+-----END PRIVATE KEY-----\n$/);
    assert.throws(() => createPrivateKey(key));
  });

  it('is the same again under settings that would get in the way, and without an identity', () => {
    const home = join(base, 'home');
    mkdirSync(home);
    writeFileSync(join(home, 'ignore'), '.env\n');
    writeFileSync(
      join(home, '.gitconfig'),
      '[commit]\n\tgpgsign = true\n[core]\n\tautocrlf = true\n\texcludesFile = ~/ignore\n[init]\n\tdefaultBranch = trunk\n' +
        '[user]\n\tuseConfigOnly = true\n',
    );
    const env = {
      ...process.env,
      HOME: home,
      USERPROFILE: home,
      XDG_CONFIG_HOME: home,
      GIT_DIR: join(base, 'elsewhere'),
    };
    const again = join(base, 'again');
    execFileSync(process.execPath, [script, again], { env });
    const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: again, encoding: 'utf8' });
    assert.equal(head, git('rev-parse', 'HEAD'));
  });

  it('refuses a folder that is not empty', async () => {
    await assert.rejects(makeExample(target), /not empty/);
  });

  for (const mode of ['development', 'production']) {
    it(`runs in ${mode}`, async () => {
      const service = spawn(process.execPath, ['src/server.js'], {
        cwd: target,
        env: { ...process.env, NODE_ENV: mode, PORT: '0' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        const url = await firstUrl(service.stdout);
        const health = await (await fetch(`${url}/health`)).json();
        assert.match(health.database, mode === 'production' ? /internal\.example:5432$/ : /^localhost:5432$/);
      } finally {
        service.kill();
      }
    });
  }
});

async function firstUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const url = /http:\S+/.exec(line)?.[0];
    if (url) return url;
  }
  throw new Error('the service ended without a line that names its address');
}
