import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { alice } from '../core/support.ts';
import { npmEnvironment } from '../run/npm.mjs';
import { found, hash, recipe, tools, values, World } from './world.ts';

/** What the recipes deploy with: prints what it must not. */
const deploy = '#!/bin/sh\necho "deploys with $DB_PASSWORD"\n';
const deployed = 'deploys with ‹lockstep:DB_PASSWORD›';

/** Where npm installs to in a job. */
const npmIn = (world: World) => ({
  ...npmEnvironment({ added: { npm_config_prefix: join(world.home, 'npm') } }),
  ...world.env({ npm_config_global: undefined, npm_config_offline: 'true' }),
  PATH: [join(world.home, 'npm', 'bin'), world.shims, process.env.PATH].join(':'),
});

describe('the recipe for GitHub Actions', () => {
  let world: World;
  before(async function () {
    world = await World.in(this);
    world.write('deploy.sh', deploy, 0o755);
    world.stand('docker', 'echo "docker $* $(sha256sum | cut -c-64)"');
    world.commit();
  });
  after(() => world?.dispose());

  it('is a workflow, to GitHub’s own reader, whose steps do what they say', async () => {
    const parser = createRequire(import.meta.url)(join(tools, 'workflow-parser.cjs'));
    const content = readFileSync(recipe('github/deploy.yml'), 'utf8');
    const trace = new parser.NoOperationTraceWriter();
    const { context, value } = parser.parseWorkflow({ name: 'deploy.yml', content }, trace);
    const { errors = [], jobs } = await parser.convertWorkflowTemplate(context, value);
    assert.deepEqual([...context.errors.getErrors(), ...errors], []);

    const [{ steps, environment }] = jobs;
    assert.equal(String(environment), 'production');
    assert.equal(String(steps[0].uses), 'actions/checkout@v4');
    const outputs: string[] = [];
    for (const step of steps.slice(1)) {
      // As GitHub starts a script: https://docs.github.com/actions, "defaults.run.shell".
      const shell = step.shell === undefined ? ['-e'] : ['--noprofile', '--norc', '-eo', 'pipefail'];
      const script = join(world.home, 'script.sh');
      writeFileSync(script, String(step.run));
      const key = step.env === undefined ? undefined : alice.identity;
      // The runner has no key of its own.
      const env = { ...npmIn(world), XDG_CONFIG_HOME: '/nowhere', SOPS_AGE_KEY: key };
      const { code, out, err } = await world.watched('bash', [...shell, script], env);
      assert.equal(code, 0, err);
      assert.deepEqual(found(out + err), []);
      outputs.push(out);
    }
    const [install = '', check, ran, login] = outputs;
    assert.match(install, /added 1 package/);
    assert.doesNotMatch(check ?? '', /::error/);
    assert.equal(ran, `${deployed}\n`);
    const words = 'login registry.example.com --username deploy --password-stdin';
    assert.equal(login, `docker ${words} ${hash(values['registry.password'])}\n`);
  });

  it('gives the key to the steps that need it, and to no other', () => {
    const text = readFileSync(recipe('github/deploy.yml'), 'utf8');
    assert.equal(text.split('secrets.SOPS_AGE_KEY').length - 1, 2);
    assert.doesNotMatch(text, /^(env|\s{4}env):/m);
  });
});

describe('the recipe for GitLab CI', () => {
  let world: World;
  before(async function () {
    world = await World.in(this);
    world.write('deploy.sh', deploy, 0o755);
    world.take('gitlab/deploy.gitlab-ci.yml', '.gitlab-ci.yml');
    world.commit();
    world.run('git', ['remote', 'add', 'origin', 'git@gitlab.example.com:group/app.git']);
    // A variable of the type File is the path of one.
    const key = join(world.home, 'key.txt');
    writeFileSync(key, alice.identity, { mode: 0o600 });
    const place = join(world.home, '.gitlab-ci-local');
    mkdirSync(place);
    writeFileSync(join(place, 'variables.yml'), JSON.stringify({ global: { SOPS_AGE_KEY_FILE: key } }));
    rmSync(world.keyFile);
  });
  after(() => world?.dispose());

  it('is a pipeline by GitLab’s schema, and runs', async () => {
    const program = join(tools, 'node_modules', '.bin', 'gitlab-ci-local');
    const env = { ...npmIn(world), XDG_CONFIG_HOME: '/nowhere', NO_COLOR: '1' };
    const { code, out, err } = await world.watched(program, ['--force-shell-executor'], env);
    const said = `${out}\n${err}`;
    assert.equal(code, 0, said);
    assert.match(said, /json schema validated/);
    assert.match(said, /PASS.*check[\s\S]*PASS.*deploy/);
    assert.ok(said.includes(deployed), said);
    assert.deepEqual(found(said), []);
  });
});
