import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Configuration } from '../../../src/core/debug/configuration.ts';
import { DebugSecrets } from '../../../src/extension/debug/debugging.ts';
import { lazyDebugging } from '../../../src/extension/debug/lazy.ts';
import { createCli } from '../../../src/extension/run/cli.ts';
import type { Debugging } from '../../../src/extension/services.ts';
import { type FakeSession, fake } from '../../fakes/vscode.ts';
import { notLinux, skipFor } from '../../skip.ts';
import { makeStage, type Stage } from '../session/session.ts';

const url = 'postgres://me:canary-pass-1@db.example/production';
const token = 'canary-token-0123456789';
type Message = Readonly<Record<string, unknown>>;

describe('debug sessions with secrets', () => {
  let stage: Stage;
  let storage: string;
  let secrets: DebugSecrets;
  let lazy: vscode.Disposable;
  let launches: { files: string[]; ended: boolean }[];
  const folder = () => (vscode.workspace.workspaceFolders ?? [])[0];

  beforeEach(async function () {
    // The scripts are those of POSIX.
    skipFor(this, notLinux);
    stage = await makeStage();
    storage = mkdtempSync(join(tmpdir(), 'lockstep-storage-'));
    stage.write('.env.production', await stage.sealed(`TOKEN=${token}\nPORT=3000\n`, 'dotenv'));
    stage.write('secrets.staging.yaml', await stage.sealed(`db:\n  url: ${url}\n  text: "one\\ntwo"\n`, 'yaml'));
    launches = [];
    const { context, platform } = stage.services;
    const globalStorageUri = vscode.Uri.file(storage);
    Object.assign(context, { globalStorageUri });
    Object.assign(stage.services, {
      cli: createCli(context, platform, () => '/run/agent.sock'),
      agent: {
        launch: (files: readonly vscode.Uri[]) => {
          const launch = { files: files.map(({ fsPath }) => fsPath), ended: false };
          launches.push(launch);
          return {
            id: `launch-${launches.length}`,
            end: () => {
              launch.ended = true;
            },
          };
        },
      },
    });
    secrets = new DebugSecrets(stage.services);
    lazy = lazyDebugging(async () => secrets);
  });
  afterEach(() => {
    lazy?.dispose();
    secrets?.dispose();
    stage?.end();
    if (storage) rmSync(storage, { recursive: true, force: true });
  });

  const provider = () =>
    fake.providers.find(({ kind }) => kind === 'debugConfiguration')?.provider as vscode.DebugConfigurationProvider;
  /** Both phases, as VS Code goes through them; other extensions see what comes back from each. */
  async function resolved(configuration: Configuration, written = configuration): Promise<Configuration | undefined> {
    fake.settings.set('launch.configurations', [written]);
    const [one, two] = [
      provider().resolveDebugConfiguration,
      provider().resolveDebugConfigurationWithSubstitutedVariables,
    ];
    const first = await one?.(folder(), configuration as vscode.DebugConfiguration);
    const all = first && (await two?.(folder(), first));
    const isTold = JSON.stringify(all ?? {}).includes('canary');
    assert.ok(!isTold || all?.console === 'internalConsole', 'a value in a configuration');
    return all ?? undefined;
  }
  async function started(configuration: Configuration) {
    const found = await resolved(configuration);
    assert.ok(found, stage.script.asked.join('\n'));
    const session: FakeSession = { type: found.type, name: 'one', configuration: found };
    const tracker = await track(session);
    fake.events.debugStart.fire(session);
    return { found, session, tracker };
  }
  const factory = () =>
    fake.providers.find(({ kind }) => kind === 'debugTracker')?.provider as vscode.DebugAdapterTrackerFactory;
  const track = async (session: FakeSession) =>
    (await factory().createDebugAdapterTracker(session as unknown as vscode.DebugSession)) ?? undefined;
  const shown = (tracker: vscode.DebugAdapterTracker | undefined, output: string) => {
    const message = { type: 'event', event: 'output', body: { output } };
    tracker?.onDidSendMessage?.(message);
    return message.body.output;
  };
  /** What an event began is done. */
  async function until(isSo: () => boolean, what: string): Promise<void> {
    for (let n = 0; !isSo(); n++) {
      assert.ok(n < 300, what);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  const node: Configuration = { type: 'pwa-node', request: 'launch', program: 'a.js' };

  it('start without a question where they are in launch.json, and with one where another extension made them', async () => {
    const written = { ...node, name: 'app', env: { A: '1', T: 'lockstep:production#TOKEN' } };
    const { script } = stage;
    const asks = async (configuration: Configuration) => {
      script.asked.length = 0;
      script.gesture = false;
      const found = await resolved(configuration, written);
      assert.equal(found === undefined, script.asked.length > 0);
      return found === undefined;
    };
    assert.equal(await asks(written), false);
    // What debuggers fill in.
    assert.equal(await asks({ ...written, runtimeExecutable: 'node', args: [], console: 'internalConsole' }), false);
    const script1 = { ...written, program: undefined, runtimeExecutable: 'npm', runtimeArgs: ['run', 'dev'] };
    script.gesture = false;
    assert.ok(await resolved({ ...script1, program: '' }, script1));
    for (const forged of [
      { ...written, name: 'other' },
      { ...written, program: 'b.js' },
      { ...written, runtimeArgs: ['-r', 'evil.js'] },
      { ...written, preLaunchTask: 'evil' },
      { ...written, env: { ...written.env, NODE_OPTIONS: '-r evil.js' } },
      { ...written, env: { ...written.env, P: 'lockstep:production#PORT' } },
      { ...written, secrets: 'production' },
    ])
      assert.ok(await asks(forged), JSON.stringify(forged));
    assert.match(script.asked[0] ?? '', /Debug “app” with secrets/);
    const forged = { ...written, program: 'mine.js' };
    script.gesture = true;
    assert.ok(await resolved(forged, written));
    assert.equal(await asks(forged), false, 'a yes is for this window');
  });

  it('are asked about when another extension asks for secrets on the way', async () => {
    const { script } = stage;
    script.gesture = false;
    const last = provider().resolveDebugConfigurationWithSubstitutedVariables;
    assert.equal(await last?.(folder(), { ...node, name: 'app', secrets: 'production' } as never), undefined);
    assert.match(script.asked[0] ?? '', /Debug “app” with secrets/);
  });

  it('of other people pass by, and load nothing', async () => {
    lazy.dispose();
    lazy = lazyDebugging(async () => assert.fail('it was loaded'));
    for (const configuration of [node, { ...node, env: { A: '1' } }])
      assert.equal(await provider().resolveDebugConfiguration?.(folder(), configuration as never), configuration);
    lazy.dispose();
    lazy = lazyDebugging(async () => secrets);
    const others = { type: 'x', request: 'launch', secrets: 'production', args: ['lockstep:a#b'] };
    assert.deepEqual(await resolved(others), others);
    assert.equal(await track({ type: 'node', name: 'a', configuration: node }), undefined);
  });

  it('start the program by a script that holds names', async () => {
    const { found } = await started({
      ...node,
      env: { A: '1', T: 'lockstep:production#TOKEN' },
      secrets: { DB: 'staging#db.url' },
    });
    assert.deepEqual([found.env, found.secrets, found.runtimeArgs], [{ A: '1' }, undefined, ['node']]);
    const path = String(found.runtimeExecutable);
    const script = readFileSync(path, 'utf8');
    assert.match(
      script,
      /LOCKSTEP_AGENT='\/run\/agent\.sock' LOCKSTEP_LAUNCH='launch-1' exec '.*\/bin\/lockstep' 'run' /,
    );
    assert.match(script, /'--secret' 'DB=db\.url' '--secret' 'T=lockstep:production#TOKEN' '--' {1,2}"\$@"/);
    assert.doesNotMatch(script, /canary/);
    assert.deepEqual([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777], [0o700, 0o700]);
    assert.deepEqual(launches[0]?.files.map((file) => file.split('/').at(-1)).sort(), [
      '.env.production',
      'secrets.staging.yaml',
    ]);
    assert.deepEqual(stage.recorded, [], 'the command line records what it gives');
  });

  it('take a whole environment, with other names beside it', async () => {
    const all = await started({ ...node, secrets: 'production' });
    const script = readFileSync(String(all.found.runtimeExecutable), 'utf8');
    assert.match(script, /'--env-name' 'production' '--env-from' '[^']+' '--' {1,2}"\$@"/);
    const more = await started({ ...node, secrets: 'production', env: { TOKEN: 'lockstep:staging#db.url' } });
    assert.match(
      readFileSync(String(more.found.runtimeExecutable), 'utf8'),
      /'--secret' 'PORT=PORT' '--secret' 'TOKEN=lockstep:staging#db\.url' '--'/,
    );
  });

  it('of Java find the script under the name and beside the file that they look for', async () => {
    stage.write('jdk/release', 'JAVA_VERSION="17"\n');
    const javaExec = join(stage.folder, 'jdk', 'bin', 'java');
    const { found } = await started({
      type: 'java',
      request: 'launch',
      javaExec,
      env: { T: 'lockstep:production#TOKEN' },
    });
    assert.match(String(found.javaExec), /\/bin\/java$/);
    assert.equal(readFileSync(join(dirname(String(found.javaExec)), '..', 'release'), 'utf8'), 'JAVA_VERSION="17"\n');
  });

  it('of LLDB read the values from a pipe, once', async () => {
    const { found } = await started({ type: 'lldb-dap', program: 'a', env: { T: 'lockstep:production#TOKEN' } });
    const path = /"(.*)"/.exec(String((found.preRunCommands as string[])[0]))?.[1] ?? '';
    assert.equal(await readFile(path, 'utf8'), `settings append target.env-vars T="\\"${token}\\""\n`);
    assert.ok(!existsSync(path));
    assert.deepEqual(
      stage.recorded.map(({ purpose, key, to }) => [purpose, key, to]),
      [['exec-env', 'TOKEN', 'LLDB']],
    );
    assert.equal(await resolved({ type: 'lldb', program: 'a', env: { T: 'lockstep:staging#db.text' } }), undefined);
  });

  it('stop with LLDB when the values cannot be had any more', async () => {
    const { found, session } = await started({ type: 'lldb', program: 'a', env: { T: 'lockstep:production#TOKEN' } });
    const path = /"(.*)"/.exec(String((found.preRunCommands as string[])[0]))?.[1] ?? '';
    stage.vault.lock();
    assert.equal(await readFile(path, 'utf8'), '');
    await until(() => fake.executed.length > 0, 'it goes on');
    assert.deepEqual(fake.executed, [['stopDebugging', session]]);
    assert.match(stage.script.asked.join(), /locked/i);
  });

  it('do not start where something is wrong, and say what', async () => {
    stage.write('secrets.twice.yaml', await stage.sealed('a:\n  b: canary-one-1\na_b: canary-two-2\n', 'yaml'));
    for (const [secrets, why] of [
      [{ A: 'production#NOPE' }, /NOPE/],
      [{ A: 'nowhere#TOKEN' }, /nowhere/],
      [{ A: 'production' }, /reference|lockstep:/i],
      ['twice', /Two entries would be the variable “A_B”/],
      [['a'], /“secrets” is the name of an environment/],
    ] as const) {
      stage.script.asked.length = 0;
      assert.equal(await resolved({ ...node, secrets }), undefined);
      assert.match(stage.script.asked.join('\n'), why);
      assert.doesNotMatch(stage.script.asked.join('\n'), /canary/);
    }
    stage.write(
      '.env.production',
      await stage.sealed('TOKEN=x1y2z3\n', 'dotenv', 'age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z'),
    );
    stage.script.asked.length = 0;
    assert.equal(await resolved({ ...node, secrets: 'production' }), undefined);
    assert.notEqual(stage.script.asked.length, 0);
    assert.deepEqual(launches, []);
    assert.ok(!existsSync(join(storage, 'launch')) || readdirSync(join(storage, 'launch')).length === 0);
  });

  it('do not start in a workspace without trust', async () => {
    fake.trusted = false;
    assert.equal(await resolved({ ...node, secrets: 'production' }), undefined);
    assert.notEqual(stage.script.asked.length, 0);
  });

  it('ask to unlock, and do not start when nobody does', async () => {
    stage.vault.lock();
    stage.script.gesture = false;
    assert.equal(await resolved({ ...node, secrets: 'production' }), undefined);
    stage.script.gesture = true;
    assert.ok(await resolved({ ...node, secrets: 'production' }));
  });

  describe('whose debugger knows no way', () => {
    const coreclr: Configuration = {
      type: 'coreclr',
      request: 'launch',
      name: 'Server',
      env: { T: 'lockstep:production#TOKEN' },
      console: 'integratedTerminal',
    };

    it('get values in env after a question that says who can read them, and stay off the terminal', async () => {
      stage.script.choose = 'Put Them There';
      const found = await resolved(coreclr);
      assert.deepEqual([found?.env, found?.console], [{ T: token }, 'internalConsole']);
      assert.match(stage.script.asked.join('\n'), /every extension of this window/);
      assert.deepEqual(
        stage.recorded.map(({ purpose, key, to }) => [purpose, key, to]),
        [['exec-env', 'TOKEN', 'debugger coreclr']],
      );
      stage.script.asked.length = 0;
      assert.ok(await resolved(coreclr));
      assert.deepEqual(stage.script.asked, [], 'agreed to for this window');
      const tracker = await track({ type: 'coreclr', name: 'a', configuration: found ?? {} });
      const terminal = { type: 'request', command: 'runInTerminal', arguments: { env: { T: token } } };
      tracker?.onDidSendMessage?.(terminal);
      assert.equal(terminal.arguments.env.T, '‹lockstep:T›', 'a terminal gets no value, whatever the debugger does');
    });

    it('or do not start', async () => {
      assert.equal(await resolved(coreclr), undefined);
      stage.script.choose = 'Copy Command';
      assert.equal(await resolved(coreclr), undefined);
      assert.match(fake.clipboard, /^lockstep run .*--secret T=TOKEN -- PROGRAM$/);
      assert.deepEqual(stage.recorded, []);
    });

    it('are told how to attach instead, where values in env would reach nobody', async () => {
      for (const configuration of [
        { ...coreclr, type: 'dotnet' },
        { ...node, request: 'attach', env: coreclr.env },
        { type: 'php', request: 'launch', env: coreclr.env },
      ]) {
        stage.script.asked.length = 0;
        assert.equal(await resolved(configuration), undefined);
        assert.match(stage.script.asked.join('\n'), /attach the debugger to it: lockstep run /);
      }
    });
  });

  it('are given no encrypted .env as it is', async () => {
    stage.write('.env', await stage.sealed('A=canary\n', 'dotenv'));
    stage.write('plain.env', 'A=1\n');
    const first = async (more: object) => {
      const configuration = { type: 'debugpy', env: { T: 'lockstep:production#TOKEN' }, ...more };
      return (await provider().resolveDebugConfiguration?.(folder(), configuration as never))?.envFile;
    };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's variable.
    const inFolder = '${workspaceFolder}/';
    assert.equal(await first({}), '');
    assert.equal(await first({ envFile: `${inFolder}.env` }), '');
    assert.equal(await first({ type: 'pwa-node', envFile: join(stage.folder, '.env') }), '');
    assert.equal(await first({ type: 'pwa-node' }), undefined);
    assert.equal(await first({ envFile: `${inFolder}plain.env` }), `${inFolder}plain.env`);
  });

  describe('on the screen', () => {
    it('show labels, in child sessions too', async () => {
      const { tracker, session } = await started({ ...node, secrets: { DB: 'staging#db.url' } });
      assert.equal(shown(tracker, `at ${url}\n`), 'at ‹lockstep:DB›\n');
      const child = await track({
        type: 'pwa-node',
        name: 'child',
        configuration: { type: 'pwa-node' },
        parentSession: session,
      });
      assert.equal(shown(child, 'password canary-pass-1'), 'password ‹lockstep:DB›');
      assert.equal(shown(tracker, 'nothing'), 'nothing');
      fake.configure('lockstep.debug.redactConsole', false);
      assert.equal(shown(tracker, url), url);
    });

    it('show labels for secrets of other managers', async () => {
      stage.write('.env.managed', await stage.sealed('KEY=op://Private/a/b\n', 'dotenv'));
      const fetch = async () => [{ value: 'canary-fetched-1', manager: 'op' }];
      Object.assign(stage.services, { platform: { ...stage.services.platform, managers: { fetch } } });
      const { found, tracker } = await started({ ...node, secrets: { KEY: 'managed#KEY' } });
      assert.equal(shown(tracker, 'at canary-fetched-1\n'), 'at ‹lockstep:KEY›\n');
      assert.doesNotMatch(JSON.stringify(found), /canary/);
    });

    it('show nothing while Lockstep is locked, which holds no value then', async () => {
      const { tracker } = await started({ ...node, secrets: { DB: 'staging#db.url' } });
      stage.vault.lock();
      assert.equal(shown(tracker, `at ${url}\n`), '‹lockstep›');
      stage.vault.unlock();
      await until(() => shown(tracker, url) === '‹lockstep:DB›', 'it stays hidden');
    });
  });

  it('leave nothing behind, and can be started again before that', async () => {
    const { found, session, tracker } = await started({ ...node, secrets: { DB: 'staging#db.url' } });
    const path = String(found.runtimeExecutable);
    const send = (message: Message) => tracker?.onWillReceiveMessage?.(message);
    send({ type: 'request', command: 'launch' });
    assert.equal(launches.length, 1);
    send({ type: 'request', command: 'restart' });
    await until(() => readFileSync(path, 'utf8').includes('launch-2'), 'no new permission');
    assert.deepEqual(
      launches.map(({ ended }) => ended),
      [true, false],
    );
    fake.events.debugEnd.fire(session);
    assert.deepEqual(
      launches.map(({ ended }) => ended),
      [true, true],
    );
    assert.equal(shown(tracker, url), '‹lockstep›');
    // The same configuration, without us being asked.
    const again = await track(session);
    again?.onWillReceiveMessage?.({ type: 'request', command: 'launch' });
    fake.events.debugStart.fire(session);
    await until(() => readFileSync(path, 'utf8').includes('launch-3'), 'no new permission');
    await until(() => shown(again, url) === '‹lockstep:DB›', 'it stays hidden');
    secrets.dispose();
    await until(() => !existsSync(dirname(path)), 'the folder is still there');
  });

  it('are not given to what could not be loaded', async () => {
    lazy.dispose();
    lazy = lazyDebugging(async (): Promise<Debugging | undefined> => undefined);
    assert.equal(await resolved({ ...node, secrets: 'production' }), undefined);
  });
});
