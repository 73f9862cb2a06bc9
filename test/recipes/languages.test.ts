import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { agentIdentity } from '../../src/core/agent/identity.ts';
import { agentDoors } from '../../src/node/agent/server.ts';
import { root } from '../core/shared.ts';
import { alice, openerOf } from '../core/support.ts';
import { innerEnvironment } from '../run/environment.mjs';
import { found, hash, recipe, tools, values, World } from './world.ts';

describe('the recipe for Python', () => {
  let world: World;
  before(async function () {
    world = await World.in(this);
    for (const name of ['lockstep_secrets.py', 'app.py']) world.take(`python/${name}`, name);
  });
  after(() => world?.dispose());

  /** Runs a line of Python behind the import, and reads what it prints as JSON. */
  const asked = (line: string, more: NodeJS.ProcessEnv = {}) => {
    const script = `import json\nfrom lockstep_secrets import *\nfrom lockstep_secrets import SecretError\n${line}`;
    return world.run('python3', ['-B', '-c', script], more);
  };
  const json = (line: string) => {
    const { code, out, err } = asked(line);
    assert.equal(code, 0, err);
    return JSON.parse(out);
  };

  it('runs as it stands, with no value in an argument or a file', async () => {
    const { code, out, err } = await world.watched('python3', ['-B', 'app.py']);
    assert.equal(code, 0, err);
    const names = 'API_TOKEN, DB_PASSWORD, DB_USER, REGISTRY_PASSWORD, SIGNING_KEY';
    assert.equal(out, `password: ${values['db.password'].length} characters; variables: ${names}\n`);
  });

  it('has values to the byte', () => {
    assert.equal(json('print(json.dumps(get_secret("db.password", environment="production")))'), values['db.password']);
    assert.deepEqual(json('print(json.dumps(get_secrets(environment="production")))'), {
      DB_USER: values['db.user'],
      DB_PASSWORD: values['db.password'],
      REGISTRY_PASSWORD: values['registry.password'],
      API_TOKEN: values['api.token'],
      SIGNING_KEY: values['signing.key'],
    });
    const elsewhere = `print(json.dumps(get_secret("DB_USER", environment="production", folder=${JSON.stringify(world.folder)})))`;
    assert.equal(json(`import os\nos.chdir("/")\n${elsewhere}`), values['db.user']);
  });

  it('raises what went wrong, and no value', () => {
    const raised = (line: string, more: NodeJS.ProcessEnv = {}) => {
      const { code, out, err } = asked(`try:\n    ${line}\nexcept SecretError as error:\n    print(error)`, more);
      assert.equal(code, 0, err);
      assert.deepEqual(found(out), []);
      return out;
    };
    const where = 'environment="production"';
    assert.match(raised(`get_secret("db.pasword", ${where})`), /There is no secret db\.pasword/);
    assert.match(raised(`get_secret("--help", ${where})`), /There is no secret --help/);
    assert.match(raised(`get_secret("a\\nb", ${where})`), /There is no secret a/);
    assert.match(raised('get_secret("db.password", environment="nowhere")'), /nowhere/);
    assert.match(raised(`get_secrets(${where})`, { XDG_CONFIG_HOME: '/nowhere' }), /none of your keys|No key|key/i);
    const noPath = raised(`get_secret("x", ${where})`, { PATH: '/usr/bin:/bin' });
    assert.match(noPath, /set LOCKSTEP to its path/);
    const byPath = asked(`print(get_secret("db.user", ${where}))`, {
      PATH: `${join(process.execPath, '..')}:/usr/bin:/bin`,
      LOCKSTEP: join(world.installed.bin, 'lockstep'),
    });
    assert.equal(byPath.out, `${values['db.user']}\n`, byPath.err);
  });
});

/** The recipe with a main program around it, in the versions that the stage `dropin` has fetched. */
function built(): string {
  const go = join(root, '.cache', 'others', 'go');
  const parts = [recipe('go/secrets.go'), recipe('go/main.go.txt'), join(go, 'go.mod'), join(go, 'go.sum')];
  const program = join(tools, `app-${hash(parts.map((part) => readFileSync(part, 'utf8')).join()).slice(0, 16)}`);
  if (existsSync(program)) return program;
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-go-'));
  try {
    for (const part of parts) cpSync(part, join(folder, basename(part).replace(/\.txt$/, '')));
    const { status, stderr } = spawnSync('go', ['build', '-ldflags=-s -w', '-o', program, '.'], {
      cwd: folder,
      env: innerEnvironment({ GOFLAGS: '-mod=mod -p=2' }),
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return program;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the recipe for Go', () => {
  let world: World;
  let program: string;
  before(async function () {
    world = await World.in(this);
    program = built();
  });
  after(() => world?.dispose());

  const file = 'secrets.production.yaml';
  const expected = { User: values['db.user'], Password: values['db.password'] };

  it('opens a file with a key of the environment, with no value in an argument or a file', async () => {
    const { code, out, err } = await world.watched(program, [file], { SOPS_AGE_KEY: alice.identity });
    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(out), expected);
  });

  it('opens it with the key of the agent, by the age plugin', async () => {
    const opener = await openerOf(alice.identity);
    const runtime = join(world.home, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    const env = { XDG_RUNTIME_DIR: runtime, XDG_CONFIG_HOME: '/nowhere', SOPS_AGE_KEY: agentIdentity() };
    assert.notEqual((await world.start(program, [file], env)).code, 0, 'nobody is there');
    const doors = agentDoors({ env, platform: process.platform });
    const door = await doors.open(world.folder, async ({ keys: [wanted] }) => {
      const key = wanted && 'stanzas' in wanted ? await opener.fileKey?.(wanted.stanzas) : undefined;
      return { keys: [key && { key, recipient: opener.recipient }] };
    });
    try {
      const { code, out, err } = await world.watched(program, [file], env);
      assert.equal(code, 0, err);
      assert.deepEqual(JSON.parse(out), expected);
    } finally {
      door?.close();
    }
  });

  it('says what is wrong, and no value', () => {
    const key = { SOPS_AGE_KEY: alice.identity };
    const fails = (name: string) => {
      const { code, out, err } = world.run(program, [name], key);
      assert.equal(code, 1, out);
      assert.deepEqual(found(err), []);
      return err;
    };
    world.seal('other.yaml', { db: [values['db.password']] });
    assert.match(fails('other.yaml'), /other entries than/);
    world.write('changed.yaml', readFileSync(join(world.folder, file), 'utf8').replace(/ {4}user: (.*)\n/, ''));
    assert.match(fails('changed.yaml'), /does not open: .*integrity/);
    assert.match(fails('none.yaml'), /does not open/);
  });
});

describe('the recipe for shells', () => {
  let world: World;
  before(async function () {
    world = await World.in(this);
    world.take('shell/deploy.sh', 'deploy.sh');
    world.write('release.tar', 'release\n');
    const got = 'sha256sum | cut -c-64';
    world.stand('psql', `echo "psql $* $(printf %s "$PGPASSWORD" | ${got}) \${DB_USER-no other}"`);
    world.stand('docker', `echo "docker $* $(${got})"`);
  });
  after(() => world?.dispose());

  it('gives each program its secret, none in an argument or a file', async () => {
    const heard: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      heard.push(request.url, request.headers.authorization);
      response.end('done');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const { code, out, err } = await world.watched('bash', ['deploy.sh'], { API: `http://127.0.0.1:${port}` });
      assert.equal(code, 0, err);
      assert.deepEqual(out.split('\n'), [
        `psql -h db.example.com -U app -f migrate.sql ${hash(values['db.password'])} no other`,
        `docker login registry.example.com --username deploy --password-stdin ${hash(values['registry.password'])}`,
        'done',
      ]);
    } finally {
      server.close();
    }
    assert.deepEqual(heard, ['/releases', `Bearer ${values['api.token']}`]);
    const signature = readFileSync(join(world.folder, 'release.sig'));
    assert.ok(verify(null, Buffer.from('release\n'), createPublicKey(values['signing.key']), signature));
  });

  it('ends where a secret cannot be had', () => {
    const { code, out, err } = world.run('bash', ['deploy.sh'], {
      XDG_CONFIG_HOME: '/nowhere',
      API: 'http://127.0.0.1:1',
    });
    assert.notEqual(code, 0);
    assert.equal(out, '');
    assert.match(err, /secrets\.production\.yaml/);
  });
});
