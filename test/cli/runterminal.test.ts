import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { alice } from '../core/support.ts';
import { notLinux, skipFor } from '../skip.ts';
import { builtCli } from './built.ts';
import { Lab } from './lab.ts';

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
    lab.write('.env', 'TOKEN=canary-token-1\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, '.env'])).code, 0);
  });
  after(() => lab?.dispose());

  function start(script: string, flags: readonly string[] = []) {
    const words = [process.execPath, cli, 'run', ...flags, '--', 'sh', '-c', script].map(quoted).join(' ');
    const child = spawn('script', ['-q', '-e', '-f', '-c', words, '/dev/null'], {
      cwd: lab.folder,
      env: { ...lab.env(), SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data;
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const says = async (text: string) => {
      for (let n = 0; !out.includes(text); n++) {
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

  it('leaves the terminal alone with --no-redact', async () => {
    const { ended, output } = start('echo "$TOKEN"', ['--no-redact']);
    assert.equal(await ended, 0);
    assert.match(output(), /canary-token-1/);
  });
});
