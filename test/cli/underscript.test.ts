import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { assignments, underScript } from '../../src/cli/run/terminal.ts';
import { skipFor, windows } from '../skip.ts';
import { Lab } from './lab.ts';

const command = { program: 'printf', args: ['<%s>', "it's", '$HOME "x"', ''], verbatim: false };
const around = { shell: "/o'd/fish", apart: false };

describe('the command line of script', () => {
  let lab: Lab;
  before(() => {
    lab = new Lab();
  });
  after(() => lab.dispose());

  /** What script would run, as macOS gives it to the system, without a terminal. */
  function run({ program, args } = command, given: string) {
    const { args: words } = underScript(
      '/usr/bin/script',
      { program, args, verbatim: false },
      { platform: 'darwin', ...around },
    );
    const values = openSync(lab.write('values', given), 'r');
    const nothing = openSync('/dev/null', 'r+');
    try {
      return spawnSync(words[2] ?? '', words.slice(3), {
        stdio: ['ignore', 'pipe', 'pipe', nothing, nothing, values, nothing],
        encoding: 'utf8',
      });
    } finally {
      closeSync(values);
      closeSync(nothing);
    }
  }

  it('is that of the system: words on macOS, one quoted line on Linux', () => {
    const mac = underScript('script', command, { platform: 'darwin', ...around });
    assert.deepEqual(mac.args.slice(0, 4), ['-q', '/dev/null', '/bin/sh', '-c']);
    assert.deepEqual(mac.args.slice(5), ['sh', 'printf', ...command.args]);
    const linux = underScript('script', command, { platform: 'linux', ...around });
    assert.deepEqual(linux.args.slice(0, 4), ['-q', '-e', '-f', '-c']);
    assert.equal(linux.args.length, 6);
    const echoed = spawnSync('/bin/sh', ['-c', (linux.args[4] ?? '').replace(/^exec '\/bin\/sh'/, "printf '%s\\n'")], {
      encoding: 'utf8',
    });
    assert.ok(echoed.stdout.endsWith(`\nsh\nprintf\n<%s>\nit's\n$HOME "x"\n\n`), echoed.stdout);
  });

  it('runs the program with its words, its variables and the shell of the person', function () {
    skipFor(this, windows);
    assert.equal(run(command, assignments({})).stdout, `<it's><$HOME "x"><>`);
    const value = `a 'b' "c" $d \`e\`\n\\ ü`;
    const shown = run({ ...command, args: ['%s', '$1'] }, assignments({ A: value, '1x': 'no', 'a-b': 'no' }));
    assert.equal(shown.stdout, '$1');
    const script = 'printf "%s|%s" "$A" "$SHELL"; exit 7';
    const { stdout, status } = run({ program: 'sh', args: ['-c', script], verbatim: false }, assignments({ A: value }));
    assert.deepEqual([stdout, status], [`${value}|${around.shell}`, 7]);
  });

  it('starts nothing when what is given is cut off anywhere', function () {
    skipFor(this, windows);
    const whole = assignments({ A: "x'y" });
    for (let cut = 0; cut < whole.lastIndexOf('}'); cut += 5) {
      const { stdout, status } = run(command, whole.slice(0, cut));
      assert.equal(stdout, '', whole.slice(0, cut));
      assert.notEqual(status, 0);
    }
  });
});
