import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { WorkspaceEnvironments } from '../../../src/extension/environments/environments.ts';
import { commands } from '../../../src/extension/ids.ts';
import { createCli } from '../../../src/extension/run/cli.ts';
import { register } from '../../../src/extension/run/register.ts';
import type { Feature, Services, StartedProcess } from '../../../src/extension/services.ts';
import { fake, fakeContext, ProcessExecution, ShellExecution, Task, Uri } from '../../fakes/vscode.ts';
import { describeUnless, windows } from '../../skip.ts';
import { makeStage } from '../session/session.ts';

const canary = 'canary-run-1';
const run = commands.runWithSecrets;

describeUnless(windows, 'programs with secrets', () => {
  let stage: Awaited<ReturnType<typeof makeStage>>;
  let services: Services;
  let feature: Feature;
  let environments: WorkspaceEnvironments;
  /** Process numbers that need no question, and the files. */
  const allowed: [number, string[]][] = [];
  /** Processes that are being started. */
  const waited: Promise<StartedProcess | undefined>[] = [];

  beforeEach(async () => {
    stage = await makeStage();
    allowed.length = 0;
    const context = { ...fakeContext(), globalStorageUri: Uri.file(join(stage.folder, 'storage')) };
    const agent = {
      socketFor: () => '/run/agent.sock',
      keyServiceFor: () => 'unix:///run/agent.sops.sock',
      onDidChange: () => ({ dispose() {} }),
      allowProcess(started: Promise<StartedProcess | undefined>) {
        waited.push(started);
        void started.then((one) => {
          if (one) allowed.push([one.pid, one.files.map(({ path }) => path.slice(stage.folder.length + 1))]);
        });
      },
    };
    const { platform, survey } = stage.services;
    const cli = createCli(context as never, platform, agent.socketFor);
    environments = new WorkspaceEnvironments(context.workspaceState as never, platform, survey);
    services = { ...stage.services, context, cli, agent, environments } as unknown as Services;
    feature = register(services);
    stage.write('package.json', JSON.stringify({ scripts: { start: 'node a.js', '${bad}': 'x', 'build it': 'tsc' } }));
    stage.write('.env', await stage.sealed(`TOKEN=${canary}\n`, 'dotenv'));
    stage.write('.env.production', await stage.sealed(`TOKEN=${canary}-live\n`, 'dotenv'));
  });
  afterEach(() => {
    feature.disposable.dispose();
    environments.dispose();
    stage.end();
  });

  const program = () => join(stage.folder, 'storage', 'bin', 'lockstep');
  /** What is known a moment later; where a permission is expected, when it is there. */
  const settled = async (expected = false) => {
    const wait = () => new Promise((done) => setTimeout(done, 50));
    for (let i = 0; i < (expected ? 100 : 1) && !(expected && allowed.length > 0); i++) await wait();
  };
  const start = async () => {
    await feature.commands[run]?.();
    await settled(fake.started.length > 0);
  };
  const executionOf = (task: Task | undefined) => task?.execution as ProcessExecution;

  it('are started through our command line, by names, and need no question', async () => {
    stage.script.pick = 'npm start';
    await start();
    const [task] = fake.started;
    const { process, args, options } = executionOf(task);
    assert.equal(process, program());
    assert.ok(existsSync(process));
    assert.equal(args[0], 'run');
    assert.deepEqual(args.slice(-3), ['--', 'npm', 'start']);
    assert.equal(options?.cwd, stage.folder);
    assert.deepEqual(options?.env, { LOCKSTEP_AGENT: '/run/agent.sock' });
    assert.deepEqual(task?.definition, { type: 'lockstep', command: 'npm', args: ['start'] });
    assert.deepEqual([...new Set(allowed.map((one) => JSON.stringify(one)))], ['[1001,[".env"]]']);
    assert.doesNotMatch(JSON.stringify([task, services.context.workspaceState]), /canary/);
  });

  it('offers scripts of all packages by their managers, tasks, what ran last, and any line', async () => {
    stage.write('pnpm-lock.yaml', '');
    stage.write('web/package.json', JSON.stringify({ scripts: { dev: 'vite', '-x': 'y' } }));
    stage.write('web/yarn.lock', '');
    stage.write('bad/package.json', '{');
    stage.write('odd/package.json', '{"scripts":{"n":1}}');
    const folder = { uri: Uri.file(stage.folder), name: 'x', index: 0 };
    fake.tasks = [
      new Task({ type: 'shell' }, folder, 'serve', 'Workspace', new ShellExecution('make serve && echo done')),
      new Task({ type: 'process' }, folder, 'check', 'Workspace', new ProcessExecution('make', ['check'])),
      new Task({ type: 'shell' }, folder, 'other', 'npm', new ShellExecution('x')),
    ];
    stage.script.pick = 'serve';
    await start();
    const listed = stage.script.asked.join('\n');
    for (const one of [
      'pnpm start',
      'pnpm run build it',
      'yarn run dev (web)',
      'yarn run -- -x (web)',
      'check',
      'Type a Command…',
    ])
      assert.ok(listed.includes(one), one);
    assert.doesNotMatch(listed, /bad|other/);
    assert.deepEqual(executionOf(fake.started[0]).args.slice(-4), ['--', '/bin/sh', '-c', 'make serve && echo done']);
    stage.script.asked.length = 0;
    stage.script.pick = 'yarn run dev';
    await start();
    assert.match(stage.script.asked.join('\n'), /serve[^\n]*last|serve/);
    assert.equal(executionOf(fake.started[1]).options?.cwd, join(stage.folder, 'web'));
  });

  it('takes a line for the shell', async () => {
    stage.script.pick = 'Type a Command';
    stage.script.input = '  npm run a && echo "$TOKEN" ';
    await start();
    assert.deepEqual(executionOf(fake.started[0]).args.slice(-3), ['/bin/sh', '-c', 'npm run a && echo "$TOKEN"']);
  });

  it('does not start while locked, unless a person unlocks', async () => {
    services.vault.lock();
    Object.assign(stage.script, { pick: 'npm start', gesture: false });
    await start();
    assert.equal(fake.started.length, 0);
    Object.assign(stage.script, { gesture: true });
    await start();
    assert.equal(fake.started.length, 1);
  });

  it('does not start what cannot be opened, and says why', async () => {
    stage.write('.env', 'TOKEN=plain\n');
    stage.script.pick = 'npm start';
    await assert.rejects(async () => start(), { code: 'BAD_ENVIRONMENTS', place: { what: 'plain', path: ['.env'] } });
    assert.equal(fake.started.length, 0);
  });

  it('starts nothing in Restricted Mode', async () => {
    fake.trusted = false;
    for (const id of [run, commands.openTerminal]) await feature.commands[id]?.();
    const [, provider] = [fake.started.length, fake.providers.find(({ kind }) => kind === 'tasks')?.provider];
    assert.deepEqual(await (provider as vscode.TaskProvider).provideTasks({} as never), []);
    assert.deepEqual([fake.started, fake.terminals], [[], []]);
    assert.match(stage.script.asked.join('\n'), /Restricted Mode/);
    await assert.rejects(services.cli.command([], { folder: Uri.file(stage.folder) as never }), {
      code: 'UNTRUSTED_RUN',
    });
  });

  describe('tasks', () => {
    const provider = () => fake.providers.find(({ kind }) => kind === 'tasks')?.provider as vscode.TaskProvider;
    const folder = () => ({ uri: Uri.file(stage.folder), name: 'x', index: 0 });
    const resolve = async (definition: Record<string, unknown>) => {
      const task = new Task({ type: 'lockstep', ...definition }, folder(), 'mine', 'Workspace');
      const resolved = (await provider().resolveTask(task as never, {} as never)) as unknown as Task | undefined;
      assert.ok(!resolved || resolved.definition === task.definition, 'VS Code needs the same object');
      return resolved;
    };

    it('give names of one environment', async () => {
      const secrets = { A: 'TOKEN', B: '#TOKEN', C: 'production#TOKEN', D: 'lockstep:production#TOKEN' };
      const task = await resolve({ command: 'go', args: ['run', '.'], environment: 'production', secrets, cwd: 'api' });
      const { args, options } = executionOf(task);
      const given = args.flatMap((word, i) => (word === '--secret' ? [args[i + 1]] : []));
      assert.deepEqual(given, ['A=TOKEN', 'B=TOKEN', 'C=TOKEN', 'D=TOKEN']);
      assert.deepEqual(args.slice(-4), ['--', 'go', 'run', '.']);
      assert.ok(args.includes('production'));
      assert.equal(options?.cwd, join(stage.folder, 'api'));
      assert.ok(!args.includes('--no-redact'));
    });

    it('of the environment that all their secrets name', async () => {
      const { args } = executionOf(await resolve({ command: 'x', secrets: { C: 'production#TOKEN' } }));
      assert.ok(args.includes('production'));
      assert.ok(args.includes('C=TOKEN'));
    });

    it('leave the output alone where they say so, and not in presentation mode', async () => {
      const plain = { command: 'x', redact: false };
      assert.ok(executionOf(await resolve(plain)).args.includes('--no-redact'));
      services.presentation.set(true);
      assert.ok(!executionOf(await resolve(plain)).args.includes('--no-redact'));
    });

    it('leave it to the command line to say that there is no such environment', async () => {
      const { args } = executionOf(await resolve({ command: 'x', environment: 'gone' }));
      assert.deepEqual(args.slice(0, 3), ['run', '--env-name', 'gone']);
    });

    it('with a property that is wrong do not run, which is told once', async () => {
      const wrong = [
        ['command', {}],
        ['command', { command: 1 }],
        ['args', { command: 'x', args: 'y' }],
        ['args', { command: 'x', args: [1] }],
        ['cwd', { command: 'x', cwd: 1 }],
        ['environment', { command: 'x', environment: [] }],
        ['secrets', { command: 'x', secrets: ['A'] }],
        ['secrets', { command: 'x', secrets: { A: 1 } }],
        ['redact', { command: 'x', redact: 'no' }],
      ] as const;
      for (const [name, definition] of wrong) {
        stage.script.asked.length = 0;
        assert.equal(await resolve(definition), undefined);
        if (name !== 'command' || !('command' in definition))
          assert.match(stage.script.asked.join('\n') || `“${name}”`, new RegExp(`“${name}”`));
      }
      stage.script.asked.length = 0;
      await resolve({ command: 'x', redact: 'no' });
      assert.deepEqual(stage.script.asked, []);
    });

    const begin = async (task: Task, expected = false) => {
      const { tasks } = await import('../../fakes/vscode.ts');
      await tasks.executeTask(task);
      await settled(expected);
    };

    it('need no question where a person wrote them down and they run what they say', async () => {
      const definition = { command: 'npm', args: ['run', 'x'], secrets: { T: 'production#TOKEN' } };
      fake.configure('tasks', { tasks: [{ label: 'mine', type: 'lockstep', ...definition }] });
      fake.settings.set('tasks.tasks', [{ label: 'mine', type: 'lockstep', ...definition }]);
      const task = await resolve(definition);
      assert.ok(task);
      await begin(task, true);
      assert.deepEqual(allowed, [[1001, ['.env.production']]]);
    });

    it('are waited for from their start on: the process may ask before VS Code tells its number', async () => {
      const execution = { task: new Task({ type: 'lockstep' }, 1 as never, 'mine', 'Workspace') };
      waited.length = 0;
      fake.startTask(execution);
      assert.equal(waited.length, 1);
      fake.startProcess(execution, 7);
      assert.equal(waited.length, 1);
      assert.equal(await waited[0], undefined);
      fake.startTask({ task: new Task({ type: 'npm' }, 1 as never, 'other', 'npm') });
      assert.equal(waited.length, 1);
    });

    it('need one where another extension made them up, or changed what they run', async () => {
      const definition = { command: 'npm', args: ['run', 'x'] };
      const made = await resolve(definition);
      assert.ok(made);
      await begin(made);
      fake.settings.set('tasks.tasks', [{ label: 'mine', type: 'lockstep', ...definition }]);
      const { process, args, options } = executionOf(made);
      const others = [
        new ProcessExecution('/bin/evil', args, options),
        new ProcessExecution(process, [...args, 'more'], options),
        new ProcessExecution(process, args, { ...options, env: { ...options?.env, PATH: '/evil' } }),
        new ShellExecution('evil'),
      ];
      for (const other of others) await begin(new Task(made.definition, made.scope, 'mine', 'Workspace', other));
      assert.deepEqual(allowed, []);
    });

    it('list the scripts of packages, where there is an environment', async () => {
      const names = async () => ((await provider().provideTasks({} as never)) ?? []).map(({ name }) => name);
      assert.deepEqual(await names(), ['npm start', 'npm run build it']);
    });
  });

  describe('terminals', () => {
    const open = async () => {
      await feature.commands[commands.openTerminal]?.();
      await settled(fake.terminals.length > 0);
    };

    it('open after a question that says what they mean, and are not brought back', async () => {
      await open();
      const [options] = fake.terminals;
      assert.match(stage.script.asked.join('\n'), /[Oo]ther extensions and AI agents can type/);
      assert.match(JSON.stringify(options?.shellArgs), /"--","\/bin\/sh"\]$/);
      assert.equal(options?.shellPath, program());
      assert.equal(options?.isTransient, true);
      assert.deepEqual(options?.env, { LOCKSTEP_AGENT: '/run/agent.sock' });
      assert.ok(!('pty' in (options ?? {})));
      assert.deepEqual(allowed, [[2001, ['.env']]]);
    });

    it('do not open without it', async () => {
      stage.script.gesture = false;
      await open();
      assert.deepEqual(fake.terminals, []);
    });

    it('take production only where somebody chooses it for this', async () => {
      await services.environments.activate(Uri.file(stage.folder) as never, 'production');
      await open();
      assert.deepEqual(fake.terminals, [], 'nobody chose');
      stage.script.pick = 'production';
      await open();
      assert.equal(fake.terminals.length, 1);
      assert.ok(JSON.stringify(fake.terminals).includes('production'));
    });

    it('are refused in presentation mode, in which programs run', async () => {
      services.presentation.set(true);
      await assert.rejects(async () => open(), { code: 'PRESENTING' });
      stage.script.pick = 'npm start';
      await start();
      assert.equal(fake.started.length, 1);
    });

    it('of VS Code find our programs, and are told a socket and nothing more', async () => {
      await new Promise((done) => setTimeout(done, 100));
      const variables = services.context.environmentVariableCollection as unknown as ReturnType<
        typeof fakeContext
      >['environmentVariableCollection'];
      assert.equal(variables.persistent, false);
      assert.notEqual(variables.description, '');
      const { PATH, SOPS_AGE_KEY, ...more } = Object.fromEntries(variables.set);
      assert.equal(PATH, `…:${join(stage.folder, 'storage', 'bin')}`);
      assert.match(SOPS_AGE_KEY ?? '', /^…\nAGE-PLUGIN-LOCKSTEP-1[A-Z0-9]{10,40}$/);
      assert.deepEqual(more, {});
      const [own] = variables.scoped.values();
      assert.deepEqual(Object.fromEntries(own?.set ?? []), {
        LOCKSTEP_AGENT: '/run/agent.sock',
        SOPS_KEYSERVICE: 'unix:///run/agent.sops.sock',
      });
    });
  });

  it('say so where there is no place for our program', async () => {
    mkdirSync(join(stage.folder, 'elsewhere'));
    const cli = createCli(fakeContext() as never, services.platform, () => undefined);
    await assert.rejects(cli.command([], { folder: Uri.file(stage.folder) as never }), { code: 'NO_PROGRAMS' });
    assert.equal(await cli.shims(), undefined);
  });
});
