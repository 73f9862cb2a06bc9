import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../core/shared.ts';
import { describeUnless, windows } from '../skip.ts';
import { readZip } from './zip.ts';

describeUnless(windows, 'packages that are made twice', function () {
  this.timeout(300_000);
  let base: string;
  before(() => {
    base = mkdtempSync(join(tmpdir(), 'lockstep-twice-'));
  });
  after(() => rmSync(base, { recursive: true, force: true }));

  function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ...env },
      maxBuffer: 1 << 28,
    });
    assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** A checkout of its own, with files of another time. */
  function checkout(folder: string, time: number): void {
    mkdirSync(folder, { recursive: true });
    const listed = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root);
    for (const name of listed.split('\0').filter(Boolean)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      cpSync(join(root, name), join(folder, name), { verbatimSymlinks: true });
      utimesSync(join(folder, name), time, time);
    }
    run('git', ['init', '-q'], folder);
    run('git', ['add', '-A'], folder);
    if (process.platform === 'linux') run('cp', ['-al', join(root, 'node_modules'), folder], folder);
    else cpSync(join(root, 'node_modules'), join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  }

  /** Both packages, made by somebody with these habits. */
  function made(folder: string, umask: string, env: NodeJS.ProcessEnv): Map<string, Buffer> {
    const out = join(folder, 'out');
    mkdirSync(out);
    const node = (...words: string[]) =>
      run('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath, ...words], folder, env);
    node(join('test', 'run', 'package.mjs'), join(out, 'a.vsix'));
    node(join('test', 'run', 'packagecli.mjs'), out);
    return new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
  }

  /** Which files differ; none when it is their modes or times. */
  function differing(...folders: readonly string[]): string {
    const [a, b] = folders.map((folder) => readZip(join(folder, 'out', 'a.vsix')));
    return (
      [...(a ?? [])].flatMap(([name, bytes]) => (b?.get(name)?.equals(bytes) ? [] : name)).join(', ') ||
      'modes or times'
    );
  }

  it('have the same bytes, whoever makes them, wherever and whenever', () => {
    const [one, other] = [join(base, 'a'), join(base, 'another', 'longer folder')];
    checkout(one, 1_000_000_000);
    checkout(other, 1_500_000_000);
    const first = made(one, '022', { TZ: 'America/St_Johns', LC_ALL: 'C', HOME: join(base, 'h1') });
    const second = made(other, '077', { TZ: 'Asia/Kathmandu', LC_ALL: 'sv_SE.UTF-8', HOME: join(base, 'h2') });
    assert.equal(first.size, 2);
    assert.deepEqual([...first.keys()].sort(), [...second.keys()].sort());
    for (const [name, bytes] of first) {
      const same = second.get(name);
      assert.ok(same?.equals(bytes), `${name} differs${name.endsWith('.vsix') ? ` in ${differing(one, other)}` : ''}`);
    }
  });
});
