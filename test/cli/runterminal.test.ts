import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../src/cli/run/running.ts';
import { startChild } from '../../src/node/spawn.ts';
import { alice, bob } from '../core/support.ts';
import { notLinux, skipFor } from '../skip.ts';
import { builtCli } from './built.ts';
import { Lab } from './lab.ts';

const node = process.execPath;
/** No other program on the machine has it, not one of a test beside this one either. */
const canary = `canary-token-${process.pid}-${Date.now()}`;
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The command line on a terminal, which `script` makes. Keys go to its standard input. */
describe('run on a terminal', () => {
  let lab: Lab;
  let cli: string;
  before(async function () {
    // The terminal of the test is made by `script` of util-linux.
    skipFor(this, notLinux);
    cli = await builtCli();
    lab = new Lab();
    lab.write('.env', `TOKEN=${canary}\n`);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, '.env'])).code, 0);
  });
  after(() => lab?.dispose());

  const command = (script: string, flags: readonly string[] = []) =>
    [node, cli, 'run', ...flags, '--', 'sh', '-c', script].map(quoted).join(' ');
  const start = (script: string, flags: readonly string[] = []) => inTerminal(command(script, flags));

  function inTerminal(line: string) {
    const child = spawn('script', ['-q', '-e', '-f', '-c', line, '/dev/null'], {
      cwd: lab.folder,
      env: { ...lab.env(), SHELL: '/bin/sh', PS1: '$ ' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data;
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const says = async (text: string, times = 1) => {
      for (let n = 0; out.split(text).length <= times; n++) {
        assert.ok(n < 400, `it did not print ${text}, but ${out}`);
        await pause(25);
      }
    };
    return { child, says, ended, output: () => out };
  }

  it('gives the program a terminal, and hides values with their colours', async () => {
    const script =
      'test -t 0 && test -t 1 && test -t 2 && echo all; printf "\\033[31m$TOKEN\\033[0m\\n"; echo "$SHELL"; exit 7';
    const { ended, output } = start(script);
    assert.equal(await ended, 7);
    assert.match(output(), /all\r+\n/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours.
    assert.match(output(), /\x1b\[31m‹lockstep:TOKEN›\x1b\[0m/);
    assert.match(output(), /\/bin\/sh/);
    assert.doesNotMatch(output(), /canary/);
  });

  it('shows a prompt at once, and takes what is typed', async () => {
    const { child, says, ended, output } = start('printf "Password: c"; read x; echo "got $x"');
    // The last letter may be the beginning of the value.
    await says('Password: c');
    child.stdin.write('typed\n');
    assert.equal(await ended, 0);
    assert.match(output(), /got typed/);
  });

  it('lets Ctrl+C end the program', async () => {
    const { child, says, ended } = start('echo ready; sleep 20');
    await says('ready');
    child.stdin.write('\x03');
    assert.equal(await ended, 130);
  });

  it('goes on after Ctrl+Z, since nobody could wake it', async () => {
    const { child, says, ended, output } = start('echo ready; read x; echo "got $x"');
    await says('ready');
    child.stdin.write('\x1a');
    await pause(200);
    child.stdin.write('on\n');
    assert.equal(await ended, 0);
    assert.match(output(), /got on/);
  });

  it('is suspended by Ctrl+Z as any job of a shell, with the terminal as it was, and goes on', async () => {
    const { child, says, ended, output } = inTerminal('sh -i');
    child.stdin.write(`${command('while read x; do echo "got $x $TOKEN"; done; exit 9')}\n`);
    for (const [i, word] of ['one', 'two'].entries()) {
      child.stdin.write(`${word}\n`);
      await says(`got ${word} ‹lockstep:TOKEN›`);
      child.stdin.write('\x1a');
      await says('Stopped', i + 1);
      child.stdin.write(`echo "in shell $((1+${i}))" $(stty -a | grep -ow "[-]*icanon"); fg\n`);
      await says(`in shell ${i + 1} icanon`);
      await pause(300);
    }
    child.stdin.write('three\n');
    await says('got three ‹lockstep:TOKEN›');
    child.stdin.write('\x04');
    await pause(300);
    child.stdin.write('echo "code $?"; exit\n');
    await ended;
    assert.match(output(), /code 9/);
    assert.doesNotMatch(output(), /canary/);
  });

  it('stops again where it is woken in the background, and goes on in the foreground', async () => {
    const { child, says, ended, output } = inTerminal('bash --norc -i');
    const seen = () => output().split('tick ‹').length;
    child.stdin.write(`${command('while :; do echo "tick $TOKEN"; sleep 0.1; done')}\n`);
    await says('tick ‹', 2);
    child.stdin.write('\x1a');
    await says('Stopped', 1);
    const stopped = 'until jobs > jobs.txt; grep -q Stopped jobs.txt; do sleep 0.1; done';
    child.stdin.write(`bg; ${stopped}; echo "again $((1+1))"\n`);
    await says('again 2');
    child.stdin.write('fg; echo "code $?"; exit\n');
    // Nothing is typed meanwhile: it would be what it waits for.
    await says('tick ‹', seen() + 2);
    child.stdin.write('\x03');
    await ended;
    assert.match(output(), /code 130/);
  });

  it('runs in the background of a shell, where its output goes through a pipe', async () => {
    const { child, says, ended, output } = inTerminal('sh -i');
    child.stdin.write(`${command('echo "got $TOKEN"')} & wait $!; echo "code $?"; exit\n`);
    await says('got ‹lockstep:TOKEN›');
    await ended;
    assert.match(output(), /code 0/);
    assert.match(output(), /writes to a pipe/);
    assert.doesNotMatch(output(), /canary/);
  });

  it('leaves the terminal in the background as others have it by then', async () => {
    for (const file of ['ready', 'go']) rmSync(join(lab.folder, file), { force: true });
    // A shell at its prompt echoes no key by itself, and the command that it starts next finds it otherwise.
    const wait = (file: string) => `until test -e ${file}; do sleep 0.1; done`;
    const job = command(`: > ready; ${wait('go')}`);
    const line = `set -m; stty -echo; ${job} & ${wait('ready')}; stty echo; : > go; wait $!; stty -a`;
    const { ended, output } = inTerminal(`bash --norc -c ${quoted(line)}`);
    assert.equal(await ended, 0);
    assert.match(output(), /[^-]echo /);
  });

  for (const flags of [[], ['--no-redact']])
    it(`ends without a dump of its memory when the terminal is closed ${flags.join('')}`, async () => {
      const code = join(lab.folder, 'code');
      rmSync(code, { force: true });
      // The shell that leads the session ends with its terminal, and those that it started are told.
      const line = `trap : HUP; ${command('echo ready; exec sleep 20', flags)}; echo $? > ${quoted(code)}`;
      const { child, says } = inTerminal(`exec 3<&0; (${line}) <&3 3<&- & wait`);
      await says('ready');
      child.kill('SIGKILL');
      for (let n = 0; !existsSync(code) || readFileSync(code, 'utf8') === ''; n++) {
        assert.ok(n < 400, 'it did not end');
        await pause(25);
      }
      assert.equal(readFileSync(code, 'utf8').trim(), '129');
    });

  const rule = `creation_rules:\n  - age: ${alice.recipient}\n`;
  const grant = () => [node, cli, 'people', 'grant', '--name', 'Bob', bob.recipient].map(quoted).join(' ');

  it('lets Ctrl+C end it at a question, and says nothing of an answer', async () => {
    lab.write('.sops.yaml', rule);
    const { child, says, ended, output } = inTerminal(`trap : INT; ${grant()}; echo "code $?"`);
    await says('(y/n): ');
    child.stdin.write('\x03');
    await ended;
    assert.match(output(), /code 130/);
    assert.doesNotMatch(output(), /no answer/);
  });

  it('asks again after Ctrl+Z and fg', async () => {
    lab.write('.sops.yaml', rule);
    const { child, says, ended, output } = inTerminal('bash --norc -i');
    child.stdin.write(`${grant()}\n`);
    await says('(y/n): ');
    child.stdin.write('\x1a');
    await says('Stopped');
    child.stdin.write('fg\n');
    await says('(y/n): ', 2);
    child.stdin.write('n\n');
    await says('Nothing was changed');
    child.stdin.write('exit\n');
    await ended;
    assert.doesNotMatch(output(), /can read/);
  });

  it('leaves the terminal as it was where a signal ends it at a question', async () => {
    lab.write('.sops.yaml', rule);
    const line = `sh -c ${quoted(`echo $$ > asks; exec ${grant()}`)}; echo "code $?"; stty -a`;
    const { says, ended, output } = inTerminal(line);
    await says('(y/n): ');
    process.kill(Number(lab.read('asks')), 'SIGTERM');
    await ended;
    assert.match(output(), /code 143[\s\S]*[^-]icanon/);
  });

  it('asks on the terminal where standard input had the value', async () => {
    const [old, fresh] = [1, 2].map((n) => Buffer.alloc(32, n).toString('base64'));
    lab.write('keys.yaml', `encryption_keys:\n  orders: ${old}\n`);
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, 'keys.yaml'])).code, 0);
    const set = [node, cli, 'set', '--value-stdin', 'keys.yaml', '["encryption_keys"]["orders"]'].map(quoted).join(' ');
    const { child, says, ended, output } = inTerminal(`echo ${quoted(`"${fresh}"`)} | ${set}; echo "code $?"`);
    await says('Go on? (y/n): ');
    child.stdin.write('y\n');
    await ended;
    assert.match(output(), /code 0/);
    assert.ok((await lab.run(['decrypt', 'keys.yaml'])).out.includes(String(fresh)));
  });

  it('tells the program of another size', async () => {
    const resized = '(sleep 1; stty rows 33 cols 99 < /dev/tty) & exec';
    const script = 'trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.1; done';
    const { ended, output } = inTerminal(`stty rows 20 cols 50; ${resized} ${command(script)}`);
    assert.equal(await ended, 0);
    assert.match(output(), /33 99/);
  });

  it('gives values to the program alone: none to the shells and the `script` around it, nor in arguments', async () => {
    const look = `const { readdirSync, readFileSync } = require('fs');
      for (const pid of readdirSync('/proc').filter(Number)) for (const what of ['environ', 'cmdline']) {
        let text = '';
        try { text = readFileSync('/proc/' + pid + '/' + what, 'latin1'); } catch {}
        if (text.includes('canary' + '${canary.slice(6)}')) console.log(what, pid === String(process.pid) ? 'own' : pid);
      }`;
    const { ended, output } = start(`ls /proc/$$/fd | tr '\\n' ' '; echo; exec ${node} -e ${quoted(look)}`);
    assert.equal(await ended, 0);
    assert.deepEqual(output().match(/^(?:environ|cmdline) \w+/gm), ['environ own']);
    // And none of the files that are ours.
    assert.match(output(), /^0 1 2 (?![3-6] )/m);
  });

  it('gives variables that a shell takes for its own, through a pipe', async () => {
    const names = ['--env', 'UID=canary', '--env', 'OPTIND=1:x'];
    const show = 'console.log(process.env.UID, process.env.OPTIND, process.env.TOKEN)';
    const words = [node, cli, 'run', ...names, '--', node, '-e', show];
    const { ended, output } = inTerminal(words.map(quoted).join(' '));
    assert.equal(await ended, 0, output());
    assert.match(output(), /canary 1:x ‹lockstep:TOKEN›/);
    assert.match(output(), /writes to a pipe/);
  });

  it('asks no shell of the person, and gives it back', async () => {
    for (const SHELL of ['/bin/false', "/o'd d/fish"]) {
      const { ended, output } = inTerminal(`SHELL=${quoted(SHELL)}; export SHELL; ${command('echo "shell $SHELL"')}`);
      assert.equal(await ended, 0, output());
      assert.ok(output().includes(`shell ${SHELL}`), output());
    }
  });

  it('has words for variables that are too much for the system', async () => {
    const env = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`V${i}`, 'canary'.repeat(20_000)]));
    const around = { platform: process.platform, interactive: false, onSignals: () => () => {} };
    await assert.rejects(waitFor(around, startChild('true', [], { env }), 'true'), (error: Error) => {
      assert.match(error.message, /^true: The program could not be started: its words and variables are too large/);
      return true;
    });
  });

  it('leaves the terminal alone with --no-redact', async () => {
    const { ended, output } = start('echo "$TOKEN"', ['--no-redact']);
    assert.equal(await ended, 0);
    assert.ok(output().includes(canary), output());
  });
});
