import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { matchRule, parseConfig } from '../../../src/core/rules/rules.ts';
import { pathRegex } from '../../../src/core/rules/scopes.ts';
import { mayMatter } from '../../../src/extension/gate.ts';
import { commands } from '../../../src/extension/ids.ts';
import { register } from '../../../src/extension/setup/register.ts';
import { generateIdentity, recipientOf } from '../../core/age/texts.ts';
import { fake, Uri } from '../../fakes/vscode.ts';
import { makeStage, type Stage } from '../session/session.ts';

describe('set-up', () => {
  let stage: Stage;
  let environment: NodeJS.ProcessEnv;
  beforeEach(async () => {
    environment = process.env;
    process.env = {
      ...environment,
      SOPS_AGE_KEY: undefined,
      SOPS_AGE_KEY_FILE: undefined,
      XDG_CONFIG_HOME: '/nowhere',
    };
    stage = await makeStage();
  });
  afterEach(() => {
    process.env = environment;
    stage.end();
  });
  const run = async () => {
    assert.equal(await register(stage.services).commands[commands.setUp]?.(), undefined);
  };
  const disk = (name: string) => readFileSync(join(stage.folder, name), 'utf8');

  it('makes a key, writes the rule, and encrypts what is checked', async () => {
    await stage.vault.remove(stage.recipient);
    stage.write('.env', 'A=canary\n');
    stage.write('.env.example', 'A=\n');
    stage.write('.env.keys', 'DOTENV_PRIVATE_KEY=canary\n');
    stage.write('app.yaml', 'a: 1\n');
    stage.write('deploy/secrets.prod.yaml', 'a: canary\n');
    stage.write('node_modules/x/.env', 'A=1\n');
    stage.write('gcp-service-account.json', '{"private_key": "canary"}');
    stage.script.input = 'ada@laptop';
    stage.script.pickMany = 'all';
    await run();
    const [key] = await stage.vault.keys();
    assert.equal(key?.label, 'ada@laptop');
    for (const name of ['.env', 'deploy/secrets.prod.yaml', 'gcp-service-account.json']) {
      assert.match(disk(name), /ENC\[/, name);
      assert.ok(!disk(name).includes('canary'), name);
    }
    assert.equal(disk('app.yaml'), 'a: 1\n');
    assert.equal(disk('.env.example'), 'A=\n');
    assert.equal(disk('.env.keys'), 'DOTENV_PRIVATE_KEY=canary\n', 'dotenvx reads it');
    assert.equal(disk('node_modules/x/.env'), 'A=1\n');
    assert.match(disk('.sops.yaml'), new RegExp(key?.recipient ?? '-'));
    const offered = stage.script.asked.find((one) => one.includes('Files to Encrypt')) ?? '';
    assert.deepEqual(offered.split('\n').slice(1), [
      '.env 1 plaintext value',
      'deploy/secrets.prod.yaml 1 plaintext value',
      'gcp-service-account.json 1 plaintext value',
    ]);
    assert.match(stage.script.asked.at(-1) ?? '', /^3 files are encrypted\. .*Back up your key next/);
  });

  const pem = '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n';

  it('lists INI files with secrets, private keys and key stores, and takes more when it runs again', async () => {
    stage.write('.env', 'A=canary\n');
    stage.script.pickMany = 'all';
    await run();
    stage.write('app.ini', '[db]\nhost = h\npassword = canary\n');
    stage.write('tox.ini', '[tox]\nenvlist = py3\n');
    stage.write('tls/server.pem', pem);
    stage.write('tls/ca.pem', '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n');
    stage.write('deck.key', 'PK\u0003\u0004 of another program');
    stage.write('id_ed25519', pem.replaceAll('PRIVATE', 'OPENSSH PRIVATE'));
    for (const name of ['store.p12', 'store.jks']) stage.write(name, Uint8Array.of(0x30, 0x82, 0xff, 0));
    await run();
    const offered = stage.script.asked.filter((one) => one.includes('Files to Encrypt')).at(-1) ?? '';
    assert.deepEqual(offered.split('\n').slice(1), [
      'app.ini 2 plaintext values',
      'id_ed25519 a private key',
      'store.jks a key store',
      'store.p12 a key store',
      'tls/server.pem a private key',
    ]);
    for (const name of ['app.ini', 'tls/server.pem', 'id_ed25519', 'store.p12'])
      assert.match(disk(name), /ENC\[/, name);
    assert.ok(!stage.script.asked.join().includes('canary'));
    stage.script.message = 'Encrypt Another File…';
    stage.script.openFile = join(stage.folder, 'tox.ini');
    await run();
    assert.match(stage.script.asked.at(-1) ?? '', /encrypted already/);
    const ran = fake.executed.filter(([id]) => id !== 'setContext');
    assert.deepEqual(ran.at(-1)?.map(String), [commands.encryptFile, `file://${stage.folder}/tox.ini`]);
  });

  it('lists what is masked: a file that is left unticked is', async () => {
    for (const [name, text] of [
      ['secrets.yaml', 'a: canary\n'],
      ['app.ini', 'password = canary\n'],
      ['server.pem', `# a\n${pem}`],
      ['gcp-service-account.json', '{"private_key": "canary"}'],
      ['aws-credentials.json', '{"a": "canary"}'],
    ] as const) {
      const state = await stage.state(stage.open(name, text));
      assert.equal(state.kind, 'plain', name);
      const { leaves } = state as Extract<typeof state, { kind: 'plain' }>;
      assert.ok(
        leaves.some(({ node: { span } }) => text.slice(span.start, span.end).includes('canary')),
        name,
      );
      assert.equal(await mayMatter(stage.document(stage.open(name, text))), true, name);
    }
    for (const [name, text] of [
      ['tox.ini', 'envlist = py3\n'],
      ['ca.pem', pem.replaceAll('PRIVATE KEY', 'CERTIFICATE')],
      ['key.ts', `const pem = \`${pem}\`;`],
      ['templates/secrets.yaml', 'a: {{ .Values.a }}\n{{- end }}\n'],
      ['secrets.example.yaml', 'a: b\n'],
    ] as const)
      assert.equal((await stage.state(stage.open(name, text))).kind, 'none', name);
    assert.equal((await stage.state(stage.open('typing/secrets.yaml', 'a: [canary\n'))).kind, 'broken');
    stage.script.pickMany = 'all';
    await run();
    const offered = stage.script.asked.find((one) => one.includes('Files to Encrypt')) ?? '';
    assert.deepEqual(
      offered
        .split('\n')
        .slice(1)
        .map((line) => line.split(' ')[0]),
      ['app.ini', 'aws-credentials.json', 'gcp-service-account.json', 'secrets.yaml', 'server.pem'],
    );
  });

  it('finds a .env with values of several lines, and writes them on one', async () => {
    stage.write('.env', 'A=1\nKEY="canary\nline"\n');
    stage.script.pickMany = 'all';
    stage.script.confirm = true;
    await run();
    assert.match(disk('.env'), /^A=ENC\[.*\nKEY=ENC\[/m);
    assert.ok(stage.script.asked.some((one) => one.includes('KEY (lines 2–3)')));
    assert.ok(stage.script.asked.some((one) => /read these differently: KEY \(quotes\)/.test(one)));
  });

  it('adds to rules that are there, for the files that none covers, and keeps the rest', async () => {
    const rules = `# ours\ncreation_rules:\n  - path_regex: ^prod/ # keep\n    age: ${stage.recipient}\n`;
    stage.write('.sops.yaml', rules);
    stage.write('.env', 'A=1\n');
    stage.write('prod/.env', 'A=1\n');
    stage.script.pickMany = 'all';
    await run();
    assert.match(disk('.env'), /ENC\[/);
    assert.match(disk('prod/.env'), /ENC\[/);
    const config = disk('.sops.yaml');
    for (const line of rules.split('\n')) assert.ok(config.includes(line.trim()), line);
    assert.equal(matchRule(parseConfig(config), '.env')?.pathRegex, '^\\.env$');
    assert.equal(matchRule(parseConfig(config), 'prod/.env')?.pathRegex, '^prod/');
    assert.equal(matchRule(parseConfig(config), 'other/.env'), undefined);
  });

  it('adds no rule where there is one, of which the system has not told yet', async () => {
    assert.equal(await stage.services.rules.find(Uri.file(join(stage.folder, '.env'))), undefined);
    const rules = `creation_rules:\n  - age: ${stage.recipient}\n`;
    stage.write('.sops.yaml', rules);
    stage.write('.env', 'A=1\n');
    stage.script.pickMany = 'all';
    await run();
    assert.match(disk('.env'), /ENC\[/);
    assert.equal(disk('.sops.yaml'), rules);
  });

  it('asks for whom a rule beside those of a team is', async () => {
    const ada = await recipientOf(await generateIdentity());
    const rules = `creation_rules:\n  - path_regex: ^prod/\n    age: ${stage.recipient},${ada}\n`;
    stage.write('.sops.yaml', rules);
    stage.write('.env', 'A=1\n');
    stage.script.pickMany = 'all';
    await run();
    assert.equal(disk('.env'), 'A=1\n', 'the question was left');
    assert.equal(disk('.sops.yaml'), rules);
    stage.script.pick = 'team0';
    stage.script.confirm = true;
    await run();
    assert.match(disk('.env'), /ENC\[/);
    assert.deepEqual(matchRule(parseConfig(disk('.sops.yaml')), '.env')?.recipients, [stage.recipient, ada]);
  });

  it('writes nothing when it is left', async () => {
    stage.write('.env', 'A=1\n');
    await run();
    assert.equal(existsSync(join(stage.folder, '.sops.yaml')), false);
    assert.equal(disk('.env'), 'A=1\n');
    fake.trusted = false;
    stage.script.pickMany = 'all';
    await run();
    assert.equal(existsSync(join(stage.folder, '.sops.yaml')), false);
    assert.equal(disk('.env'), 'A=1\n');
  });

  it('offers itself once, and takes no for an answer', async () => {
    const offers = () => stage.script.asked.filter((one) => one.includes('This workspace has secrets')).length;
    const { disposable } = register(stage.services);
    stage.script.message = 'Not Here';
    await stage.state(stage.open('a.yaml', 'a: 1\n'));
    assert.equal(offers(), 0);
    await stage.state(stage.open('.env', 'A=1\n'));
    await stage.state(stage.open('.env.local', 'A=1\n'));
    assert.equal(offers(), 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    disposable.dispose();
    register(stage.services);
    await stage.state(stage.open('.env.prod', 'A=1\n'));
    assert.equal(offers(), 1, 'also after a reload');
  });

  it('writes no rule through a link, which may lead anywhere', async () => {
    stage.write('.env', 'A=canary\n');
    stage.write('elsewhere', 'creation_rules: []\n');
    symlinkSync(join(stage.folder, 'elsewhere'), join(stage.folder, '.sops.yaml'));
    stage.script.pickMany = 'all';
    await assert.rejects(run(), { code: 'NOT_A_FILE' });
    assert.equal(disk('elsewhere'), 'creation_rules: []\n');
    assert.equal(disk('.env'), 'A=canary\n');
  });
});

describe('the path_regex of a new rule', () => {
  const covers = (paths: string[], alone: boolean, path: string) => {
    const config = parseConfig(
      `creation_rules:\n  - path_regex: '${pathRegex(paths, alone).replaceAll("'", "''")}'\n    age: age1x\n`,
    );
    return matchRule(config, path) !== undefined;
  };

  it('covers what is chosen, and by name what is to come', () => {
    const chosen = ['a/.env', 'x+(1).json'];
    for (const path of [
      'a/.env',
      '.env',
      'b/.env.prod',
      'prod.env',
      'secrets.yaml',
      'k8s/secrets-prod.yml',
      'x+(1).json',
    ]) {
      assert.ok(covers(chosen, true, path), path);
    }
    for (const path of ['package.json', 'a.env.js', 'env', 'xx(1).json', 'a/x+(1).json', 'my-secrets.txt', '.envrc']) {
      assert.ok(!covers(chosen, true, path), path);
    }
  });

  it('names files exactly beside other rules', () => {
    assert.ok(covers(['a/.env'], false, 'a/.env'));
    for (const path of ['.env', 'b/a/.env', 'a/.env.prod', 'aX.env']) assert.ok(!covers(['a/.env'], false, path), path);
  });
});
