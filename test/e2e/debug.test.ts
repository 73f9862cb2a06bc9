import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { importKey, sealed } from './editorpage.ts';
import { describeLeaks } from './leaksuite.ts';
import { canary, eventually, pictureFailures, Workbench } from './workbench.ts';

/** Where a value is in the processes of this machine: in their words, or in what they were started with. */
function processesWith(secret: string): { pid: number; where: 'cmdline' | 'environ'; words: string }[] {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      // It is gone, or somebody else's.
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) =>
      (['cmdline', 'environ'] as const)
        .filter((where) => read(`/proc/${pid}/${where}`).includes(secret))
        .map((where) => ({ pid: Number(pid), where, words: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') })),
    );
}

/** The real js-debug, in a real VS Code: it stops at a breakpoint with the secret set, and other extensions see names. */
describeLeaks('a debug session with secrets', () => {
  let workbench: Workbench;
  pictureFailures(() => workbench);
  const secret = canary();
  const program = [
    'const { DB } = process.env;',
    "console.log('db', DB);",
    "process.stdout.write('std ' + DB + '\\n');",
    'process.exitCode = DB?.length === 32 ? 0 : 7;',
  ].join('\n');

  const node = { type: 'node', request: 'launch' };
  const here = `\${workspaceFolder}`;
  const app = { ...node, program: `${here}/a pp.js` };
  const configurations = [
    { ...app, name: 'app', env: { DB: 'lockstep:production#DB' }, console: 'internalConsole' },
    {
      ...node,
      name: 'script',
      runtimeExecutable: 'npm',
      runtimeArgs: ['run', 'dev'],
      secrets: { DB: 'production#DB' },
      console: 'integratedTerminal',
      cwd: here,
    },
    { ...app, name: 'wrong', env: { DB: 'lockstep:production#NOPE' } },
  ];

  before(async () => {
    workbench = await Workbench.start({
      files: {
        '.vscode/launch.json': JSON.stringify({ version: '0.2.0', configurations }),
        '.env.production': await sealed('dotenv', `DB=${secret}\n`),
        'a pp.js': `${program}\n`,
        'package.json': '{ "scripts": { "dev": "node \\"a pp.js\\"" } }\n',
      },
    });
    await importKey(workbench);
  });
  after(() => workbench?.close());

  /** What an ordinary other extension can hear and ask. What a debugger says of its program's memory is no secret from it. */
  const listen = () =>
    workbench.spy.evaluate(
      `
      const seen = globalThis.seen = { sessions: [], stopped: [], ended: 0, output: '' };
      const look = (what) => (_folder, configuration) => { spy.saw(what, configuration.name, configuration); return configuration; };
      vscode.debug.registerDebugConfigurationProvider('*', {
        resolveDebugConfiguration: look('debug configuration'),
        resolveDebugConfigurationWithSubstitutedVariables: look('debug configuration, complete'),
      });
      vscode.debug.registerDebugAdapterTrackerFactory('*', { createDebugAdapterTracker: (session) => ({
        onWillReceiveMessage: (message) => spy.saw('to the debugger', session.name, message),
        onDidSendMessage(message) {
          if (message.type === 'request') spy.saw('from the debugger', session.name, message);
          if (message.event === 'stopped') seen.stopped.push({ session, threadId: message.body.threadId });
          if (message.event === 'output') seen.output += message.body.output;
        },
      }) });
      vscode.debug.onDidStartDebugSession((session) => {
        seen.sessions.push([session.name, session.type]);
        spy.saw('debug session', session.name, session.configuration);
      });
      vscode.debug.onDidTerminateDebugSession((session) => { if (!session.parentSession) seen.ended++; });
      vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(
        new vscode.Location(vscode.Uri.file(args), new vscode.Position(1, 0)))]);
    `,
      workbench.path('a pp.js'),
    );
  /** One of launch.json by its name, or one that an extension made. */
  const start = (configuration: string | object) =>
    workbench.spy.evaluate<boolean>(
      `return vscode.debug.startDebugging(vscode.workspace.workspaceFolders[0], args)`,
      configuration,
    );
  const seen = <T>(what: string) => workbench.spy.evaluate<T>(`return globalThis.seen.${what}`);
  const atBreakpoint = (count: number) =>
    eventually(
      () => seen<number>('stopped.length'),
      (stops) => stops === count,
      `stop ${count} at the breakpoint`,
    );
  /** Asks the debugger, as any extension can. */
  const ask = (expression: string) =>
    workbench.spy.evaluate<string>(
      `const { session, threadId } = globalThis.seen.stopped.at(-1);
       const { stackFrames } = await session.customRequest('stackTrace', { threadId, levels: 1 });
       return (await session.customRequest('evaluate', { expression: args, frameId: stackFrames[0].id, context: 'repl' })).result;`,
      expression,
    );
  const goOn = (ended: number) =>
    workbench.spy
      .evaluate(
        `const { session, threadId } = globalThis.seen.stopped.at(-1); await session.customRequest('continue', { threadId })`,
      )
      .then(() =>
        eventually(
          () => seen<number>('ended'),
          (count) => count === ended,
          'the end of the session',
        ),
      );

  it('stops at a breakpoint with the secret set, which no other process and no extension was given', async () => {
    await listen();
    assert.equal(await start('app'), true);
    await atBreakpoint(1);
    assert.equal(await ask('process.env.DB.length'), String(secret.length));
    assert.equal(await ask('process.env.DB'), "'‹lockstep:DB›'");
    const pid = Number(await ask('process.pid'));
    assert.deepEqual(
      processesWith(secret).map((one) => [one.pid, one.where]),
      [[pid, 'environ']],
    );
    await goOn(1);
    assert.deepEqual(await seen('sessions.map(([, type]) => type)'), ['pwa-node', 'pwa-node']);
    const names = await seen<string[]>('sessions.map(([name]) => name)');
    assert.ok(!names.some((name) => /cli(-main)?\.js|lockstep/.test(name)), `our own process: ${names}`);
  });

  it('does so through a script of npm on a terminal, whose output has a label', async () => {
    assert.equal(await start('script'), true);
    await atBreakpoint(2);
    assert.equal(await ask('process.env.DB.length'), String(secret.length));
    assert.ok(
      processesWith(secret).every(({ where, words }) => where === 'environ' && !/cli\.js|watchdog/.test(words)),
    );
    await goOn(2);
    const names = await seen<string[]>('sessions.map(([name]) => name)');
    assert.ok(!names.some((name) => /cli(-main)?\.js/.test(name)), `our own process: ${names}`);
    const screen = await eventually(
      () =>
        workbench.spy.evaluate<string>(
          `await vscode.commands.executeCommand('workbench.action.terminal.focus');
           await vscode.commands.executeCommand('workbench.action.terminal.selectAll');
           await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
           return vscode.env.clipboard.readText();`,
        ),
      (text) => text.includes('std '),
      'the output of the program',
    );
    assert.match(screen, /std ‹lockstep:DB›/);
    assert.ok(!screen.includes(secret));
  });

  it('is asked about when no launch.json has it: another extension can start what it likes', async () => {
    const forged = start({ ...app, name: 'forged', secrets: 'production' });
    const dialog = await workbench.dialog(/Debug “forged” with secrets/);
    await dialog.press('Cancel');
    assert.equal(await forged, false);
  });

  it('does not start when a name is not there', async () => {
    assert.equal(await start('wrong'), false);
    await workbench.waitForNotification(/NOPE/);
  });

  it('leaves the value nowhere', async () => {
    assert.deepEqual((await workbench.spyReport()).find(secret), []);
    assert.deepEqual(await workbench.scan(secret), []);
  });
});
