import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/core/ports.ts';
import { seal } from '../../src/core/seal/seal.ts';
import { alice } from '../core/support.ts';
import { oneStory } from '../story.ts';
import { importKey } from './editorpage.ts';
import { describeLeaks } from './leaksuite.ts';
import { lineOf, Search } from './scanner.ts';
import { act, canary, eventually, pictureFailures, Workbench } from './workbench.ts';

/** Says what it was given without saying it, prints it in vain, and stays. */
const server = `const { createHash } = require('node:crypto');
const { env, pid } = process;
require('node:fs').writeFileSync(env.REPORT || 'started.json', JSON.stringify({ pid, token: createHash('sha256').update(env.TOKEN).digest('hex') }));
console.log('visible-output of the server, token ' + env.TOKEN);
setInterval(() => undefined, 1000);
`;
const tasks = {
  version: '2.0.0',
  tasks: [
    {
      label: 'report',
      type: 'lockstep',
      command: 'node',
      args: ['server.cjs'],
      secrets: { TOKEN: '#TOKEN', REPORT: 'FILE' },
    },
  ],
};

describeLeaks('programs with secrets', function () {
  oneStory(this);
  let workbench: Workbench;
  pictureFailures(() => workbench);
  const secret = canary();
  const hash = createHash('sha256').update(secret).digest('hex');

  before(async () => {
    const sealed = await seal(
      `TOKEN=${secret}\nFILE=task.json\n`,
      'dotenv',
      { recipients: [alice.recipient] },
      systemClock,
    );
    workbench = await Workbench.start({
      files: {
        '.env': sealed.text,
        '.env.local': 'LOCAL=plain-example-1\n',
        'server.cjs': server,
        'package.json': JSON.stringify({ scripts: { start: 'node server.cjs' } }),
        '.vscode/tasks.json': JSON.stringify(tasks),
      },
      settings: { 'lockstep.offerSetUp': false },
    });
  });
  after(() => workbench?.close());

  const started = async (name: string) => {
    await eventually(
      async () => existsSync(workbench.path(name)) && readFileSync(workbench.path(name), 'utf8').endsWith('}'),
      (there) => there,
      `${name} of the program`,
      60_000,
    );
    const { pid, token } = JSON.parse(readFileSync(workbench.path(name), 'utf8'));
    assert.equal(token, hash);
    return pid as number;
  };
  const asked = () => workbench.page.locator('.monaco-dialog-box:visible').count();
  const screens = async (wanted: RegExp) =>
    eventually(
      async () => {
        await workbench.spy.evaluate('await spy.copyScreens()');
        const seen = await workbench.spy.evaluate<{ what: string; text: string }[]>('return spy.entries');
        return seen.filter(({ what }) => what === 'terminal screen').map(({ text }) => text);
      },
      (texts) => texts.some((text) => wanted.test(text)),
      `${wanted} in a terminal`,
    );

  it('run in two clicks from the last message of Set Up, and no question', async () => {
    await workbench.openFile('.env');
    await importKey(workbench);
    await workbench.palette('Lockstep: Set Up Secrets in This Workspace');
    await eventually(
      () => workbench.choices(),
      (items) => items.some((item) => /plaintext value/.test(item)),
      'the files',
    );
    await workbench.accept();
    const sum = await workbench.waitForNotification(/Your programs get their values by Run With Secrets…/);
    await sum.press('Run With Secrets…');
    await workbench.choose(/npm start/);
    await started('started.json');
    assert.equal(await asked(), 0);
    await workbench.screenshot('run-with-secrets');
  });

  it('show labels where they print a value, to other extensions too', async () => {
    const texts = await screens(/visible-output of the server, token ‹lockstep:TOKEN›/);
    assert.deepEqual(
      texts.flatMap((text) => new Search([secret]).bytes('screen', text)),
      [],
    );
  });

  it('are alone in having the values', () => {
    const { pid } = JSON.parse(readFileSync(workbench.path('started.json'), 'utf8'));
    const parents = ancestors(pid);
    const holders = processes().filter(({ environment, words }) => `${environment}${words}`.includes(secret));
    assert.ok(holders.some((one) => one.pid === pid));
    // npm and its shell; the command line above them has them in memory only.
    const others = holders.filter((one) => one.pid !== pid && !(parents.includes(one.pid) && /npm|sh/.test(one.words)));
    assert.deepEqual(others, []);
    assert.deepEqual(
      processes().filter(({ words }) => words.includes(secret)),
      [],
    );
    const cli = processes().find(({ pid, words }) => parents.includes(pid) && /dist\/cli\.js/.test(words));
    assert.ok(cli, 'our command line is above the program');
    assert.ok(!holders.some((one) => one.pid === cli.pid));
  });

  it('run as tasks that a person wrote down, without a question', async () => {
    await workbench.setSetting('debug.javascript.autoAttachFilter', 'always');
    await eventually(
      () => workbench.statusBar(),
      (items) => items.some((item) => item.includes('Auto Attach: Always')),
      'the debugger for every Node',
    );
    await workbench.spy.evaluate(`await vscode.commands.executeCommand('workbench.action.tasks.runTask', 'report')`);
    await started('task.json');
    assert.equal(await asked(), 0);
  });

  it('are debugged where a person wants every Node debugged, and our command line is not', async () => {
    const sessions = await eventually(
      () => workbench.spy.evaluate<{ what: string; where: string }[]>('return spy.entries'),
      (entries) => entries.some(({ what, where }) => what === 'debug session' && /server\.cjs/.test(where)),
      'the debugger of the program',
    );
    const names = sessions.filter(({ what }) => what === 'debug session').map(({ where }) => where);
    assert.deepEqual(
      names.filter((name) => /cli|lockstep/.test(name)),
      [],
    );
    await workbench.setSetting('debug.javascript.autoAttachFilter', 'disabled');
  });

  it('are asked about where another extension makes up a task', async () => {
    await workbench.spy.evaluate(`
      const { task } = vscode.tasks.taskExecutions.find(({ task }) => task.definition.type === 'lockstep');
      const { process, options } = task.execution;
      const words = ['run', '--', 'node', '-e', 'require("fs").writeFileSync("stolen", process.env.TOKEN)'];
      const own = new vscode.ProcessExecution(process, words, options);
      await vscode.tasks.executeTask(new vscode.Task(task.definition, task.scope, task.name, task.source, own));`);
    const question = await workbench.dialog(/\.env/);
    await workbench.screenshot('run-forged');
    assert.ok(question.buttons.length > 0);
    await act(
      () => workbench.page.keyboard.press('Escape'),
      async () => (await asked()) === 0,
      'Escape in the question',
    );
    await screens(/told not to open this/);
    assert.ok(!existsSync(workbench.path('stolen')));
  });

  it('find our command line in every terminal', async () => {
    await workbench.spy.evaluate(`
      const terminal = vscode.window.createTerminal('plain');
      terminal.show();
      terminal.sendText('lockstep --version > version.txt; env > variables.txt; echo done > done.txt');`);
    await eventually(
      async () => existsSync(workbench.path('done.txt')),
      (there) => there,
      'the plain terminal',
    );
    assert.match(readFileSync(workbench.path('version.txt'), 'utf8'), /^lockstep /);
    const variables = readFileSync(workbench.path('variables.txt'), 'utf8');
    assert.match(variables, /^LOCKSTEP_AGENT=\/.+\.sock$/m);
    assert.doesNotMatch(variables, /AGE-SECRET-KEY/);
  });

  it('are a shell after a question, whose output is hidden', async () => {
    await workbench.palette('Lockstep: Open Terminal With Secrets');
    const question = await workbench.dialog(/Open a terminal that has the secrets of \.env/);
    assert.match(question.text, /Other extensions and AI agents/);
    await workbench.screenshot('open-terminal');
    await question.press('Open Terminal');
    await eventually(
      () => workbench.spy.evaluate<string[]>('return vscode.window.terminals.map(({ name }) => name)'),
      (names) => names.includes('Secrets: .env'),
      'the terminal',
    );
    await workbench.spy.evaluate(
      `vscode.window.terminals.find(({ name }) => name === 'Secrets: .env').sendText('echo "T=$TOKEN"')`,
    );
    await screens(/T=‹lockstep:TOKEN›/);
  });

  it('leave no value with other extensions, on the disk, or in the history of a shell', async () => {
    const log = readFileSync(join(workbench.folders.home, '.local/state/lockstep/access.jsonl'), 'utf8');
    assert.match(log, /exec-env/);
    await workbench.spy.evaluate(`for (const terminal of vscode.window.terminals) terminal.dispose()`);
    const report = await workbench.spyReport();
    for (const kind of ['task', 'terminal', 'terminal screen', 'debug session'])
      assert.ok(report.kinds().includes(kind), kind);
    assert.deepEqual(report.find(secret, alice.identity), []);
    assert.deepEqual((await workbench.scan(secret, alice.identity)).map(lineOf), []);
  });
});

function processes(): { pid: number; words: string; environment: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const read = (file: string) => readFileSync(join('/proc', name, file), 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), words: read('cmdline'), environment: read('environ') }];
      } catch {
        // Gone meanwhile, or of somebody else.
        return [];
      }
    });
}

function ancestors(pid: number): number[] {
  const found: number[] = [];
  for (let at = pid; at > 1 && !found.includes(at); ) {
    found.push(at);
    at = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${at}/stat`, 'latin1'))?.[1] ?? 0);
  }
  return found;
}
