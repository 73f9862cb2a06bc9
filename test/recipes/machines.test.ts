import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from './cluster.ts';
import { recipe, tools, values, World } from './world.ts';

describe('the recipe for systemd', () => {
  let world: World;
  before(async function () {
    world = await World.in(this);
  });
  after(() => world?.dispose());

  /** Where the recipe has folders of the machine, the test has its own. */
  const here = (text: string) => text.replaceAll('/etc/credstore.encrypted', join(world.home, 'credstore'));

  it('makes a key that is on the disk in encrypted form alone, and a program that decrypts with it', async () => {
    const seal = world.write('seal.sh', here(readFileSync(recipe('systemd/seal.sh'), 'utf8')), 0o755);
    const made = await world.watched('sh', [seal]);
    assert.equal(made.code, 0, made.err);
    const publicKey = /age1\w+/.exec(made.err)?.[0] ?? '';
    const sealed = readFileSync(join(world.home, 'credstore', 'age-key'), 'utf8');
    assert.doesNotMatch(sealed, /AGE-SECRET-KEY/);
    assert.doesNotMatch(Buffer.from(sealed, 'base64').toString('latin1'), /AGE-SECRET-KEY/);

    world.write('.sops.yaml', `creation_rules:\n  - age: ${publicKey} # server\n`);
    world.seal('secrets.production.yaml', { db: { password: values['db.password'] } });
    rmSync(world.keyFile);

    // What systemd does before it starts the program: the credential in a folder in memory, and %d and %S put in.
    const folder = join(world.home, 'credentials');
    mkdirSync(folder, { mode: 0o700 });
    const opened = world.run('systemd-creds', [
      ...['decrypt', '--name=age-key', join(world.home, 'credstore', 'age-key'), join(folder, 'age-key')],
    ]);
    assert.equal(opened.code, 0, opened.err);
    const unit = readFileSync(recipe('systemd/app.service'), 'utf8');
    const [, environment = ''] = /^Environment=(.*)$/m.exec(unit) ?? [];
    const given = Object.fromEntries(
      environment
        .replaceAll('%d', folder)
        .replaceAll('%S', join(world.home, 'var'))
        .split(' ')
        .map((pair) => pair.split('=', 2)),
    );
    const [, start = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
    const [program = '', ...words] = start.split(' ');
    assert.equal(program, '/usr/local/bin/lockstep');
    world.write('server', '#!/bin/sh\nprintf %s "$DB_PASSWORD" | sha256sum; env | grep -c SOPS_AGE_KEY_FILE\n', 0o755);
    const server = words.map((word) => word.replace('/srv/app', world.folder));
    const ran = await world.watched('lockstep', server, { ...given, HOME: undefined, XDG_CONFIG_HOME: undefined });
    const expected = world.run('sha256sum', [], {}, values['db.password']).out;
    assert.equal(ran.out, `${expected}0\n`, ran.err);
  });

  it('has a unit that systemd takes', () => {
    const unit = readFileSync(recipe('systemd/app.service'), 'utf8');
    // The programs need not be on this machine.
    const text = unit.replace('/usr/local/bin/lockstep', '/usr/bin/env lockstep');
    const path = world.write('app.service', text);
    const { code, out, err } = world.run('systemd-analyze', ['verify', path]);
    assert.deepEqual({ code, said: `${out}${err}` }, { code: 0, said: '' });
    const wrong = world.write(
      'wrong.service',
      text.replace('LoadCredentialEncrypted=age-key', 'LoadCredentialEncrypt=age-key'),
    );
    assert.match(world.run('systemd-analyze', ['verify', wrong]).err, /Unknown key/);
  });
});

describe('the recipe for Kubernetes', () => {
  let world: World;
  before(async function () {
    world = await World.in(this);
    world.take('kubernetes/apply.sh', 'apply.sh');
    world.take('kubernetes/app.yaml', 'app.yaml');
  });
  after(() => world?.dispose());

  it('is taken by kubectl, with no value in an argument, a file or an annotation', async () => {
    const cluster = await Cluster.start();
    try {
      const config = join(world.home, 'kubeconfig');
      writeFileSync(config, JSON.stringify(cluster.config));
      const env = { KUBECONFIG: config, KUBECACHEDIR: join(world.home, 'kube') };
      const { code, out, err } = await world.watched('bash', ['apply.sh'], env);
      assert.equal(code, 0, err);
      assert.match(out, /secret\/app-secrets serverside-applied/);
    } finally {
      cluster.stop();
    }
    const [secret, deployment] = cluster.applied;
    const encoded = Object.entries(values).map(([name, value]) => [
      name.toUpperCase().replace('.', '_'),
      Buffer.from(value).toString('base64'),
    ]);
    assert.deepEqual(secret?.data, Object.fromEntries(encoded));
    assert.deepEqual(secret?.metadata, { name: 'app-secrets', namespace: 'default' });
    assert.equal(deployment?.kind, 'Deployment');
  });

  it('makes a key that only the cluster has', async () => {
    world.take('kubernetes/key.sh', 'key.sh');
    const cluster = await Cluster.start();
    try {
      const config = join(world.home, 'kubeconfig');
      writeFileSync(config, JSON.stringify(cluster.config));
      const { code, out, err } = await world.start('bash', ['key.sh'], { KUBECONFIG: config });
      assert.equal(code, 0, err);
      assert.match(err, /age1/, 'the public key, for the rules');
      assert.doesNotMatch(`${out}${err}`, /AGE-SECRET-KEY/);
    } finally {
      cluster.stop();
    }
    assert.match(String(cluster.applied[0]?.data), /age-key[\s\S]*key\.txt[\s\S]*AGE-SECRET-KEY-1/);
    const search = world.run('grep', ['-rla', 'AGE-SECRET-KEY', world.folder, join(world.home, 'state')]);
    assert.equal(search.out, '');
  });

  it('has manifests by the schema of Kubernetes', () => {
    const made = world.run('lockstep', [
      ...['export', '--format', 'kubernetes', '--name', 'app-secrets', '--env-name', 'production'],
    ]);
    const manifests = [
      made.out,
      ...['app', 'decrypting'].map((name) => readFileSync(recipe(`kubernetes/${name}.yaml`), 'utf8')),
    ];
    const script = [
      'import json, sys, yaml, kubernetes_validate as check',
      'for text in json.load(sys.stdin):',
      '    print(check.validate(yaml.safe_load(text), "1.32", strict=True))',
    ].join('\n');
    const validate = (texts: readonly string[]) =>
      world.run(
        process.env.LOCKSTEP_PYTHON ?? '',
        ['-c', script],
        { PYTHONPATH: join(tools, 'python') },
        JSON.stringify(texts),
      );
    const { code, out, err } = validate(manifests);
    assert.equal(code, 0, err);
    assert.equal(out.trim().split('\n').length, 3);
    assert.notEqual(validate([manifests[1]?.replace('secretRef', 'secretReff') ?? '']).code, 0);
  });
});
