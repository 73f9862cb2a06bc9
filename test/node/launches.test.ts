import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellScript } from '../../src/core/debug/launchscript.ts';
import type { LaunchFolder } from '../../src/core/platform/launches.ts';
import { nodeLaunches } from '../../src/node/disk/launches.ts';
import { pidSpace } from '../../src/node/private.ts';
import { skipFor, windows } from '../skip.ts';

describe('the folder of a debug session', () => {
  let place: string;
  let folder: LaunchFolder;
  beforeEach(async function () {
    skipFor(this, windows);
    place = join(mkdtempSync(join(tmpdir(), 'lockstep-launch-')), "it's here");
    folder = await nodeLaunches.make(place);
  });
  afterEach(async () => {
    await folder?.remove();
    if (place) rmSync(place, { recursive: true, force: true });
  });

  /** Runs the script with a program of the system in the place of ours, which shows its words and variables. */
  async function run(
    more: Partial<Parameters<typeof shellScript>[0]>,
    words: string[],
    stdio: number[] = [],
    env = {},
  ) {
    const shows = await folder.script('our program', '#!/bin/sh\nprintf "<%s>" "$LOCKSTEP_LAUNCH" "$@"\n');
    const text = shellScript({ env: { LOCKSTEP_LAUNCH: '7' }, words: [shows, 'run', '--'], real: undefined, ...more });
    const path = await folder.script('bin/java', text);
    const ran = spawnSync(path, words, {
      stdio: ['ignore', 'pipe', 'pipe', ...stdio],
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    assert.equal(ran.stderr, '');
    return ran.stdout;
  }

  it('has a script that passes every word on, whatever shell a person has', async () => {
    const words = ['node', '--inspect-brk=0', 'a b.js', "it's", '$HOME', '', '"*"', '\n'];
    assert.equal(await run({}, words, [], { SHELL: '/usr/bin/fish' }), `<7><run><--><${words.join('><')}>`);
    assert.equal(
      await run({ real: ['/opt/my jdk/bin/java', '-x'] }, ['Main']),
      '<7><run><--></opt/my jdk/bin/java><-x><Main>',
    );
  });

  it('has one that answers what a debugger asks a program, without us', async () => {
    const real = ['printf', '[%s]'];
    for (const one of ['--version', '-version', '-V', 'version', '--util=gen-sockpath'])
      assert.equal(await run({ real }, [one]), `[${one}]`);
    assert.equal(await run({ real }, ['--util=list', '-n']), '[--util=list][-n]');
    // These start the program.
    for (const words of [['--version', 'a'], ['-V', 'a.py'], ['a', '--version'], []])
      assert.match(await run({ real }, words), /^<7><run>/);
  });

  it('has one that passes on the third file, where the debugger gave it', async () => {
    assert.equal(await run({ passes: 3, real: ['dlv'] }, ['dap']), '<7><run><--><dlv><dap>');
    const file = openSync(join(place, 'log'), 'w');
    assert.equal(await run({ passes: 3, real: ['dlv'] }, ['dap'], [file]), '<7><run><--pass-fd><3><--><dlv><dap>');
    closeSync(file);
  });

  it('is for this user alone, and goes with everything in it', async () => {
    const path = await folder.script('bin/java', 'text');
    await folder.copy('/no/such/file', 'release');
    const own = join(place, readdirSync(place)[0] ?? '');
    for (const one of [place, own, path]) assert.equal(statSync(one).mode & 0o777, 0o700, one);
    await folder.remove();
    assert.deepEqual(readdirSync(place), []);
    await folder.remove();
  });

  it('goes with a later one when its process is gone', async () => {
    const { pid } = spawnSync('true');
    const gone = join(place, `${pidSpace()}-${pid}-0123456789abcdef`);
    const other = join(place, 'else');
    for (const path of [gone, other]) mkdirSync(path);
    writeFileSync(join(gone, 'lockstep-run'), '');
    await (await nodeLaunches.make(place)).remove();
    assert.deepEqual([existsSync(gone), existsSync(other), readdirSync(place).length], [false, true, 2]);
  });

  it('has a pipe that is answered once, when somebody reads', async () => {
    let asked = 0;
    const long = 'x'.repeat(300_000);
    const path = await folder.pipe('commands', async () => {
      asked++;
      return long;
    });
    assert.deepEqual([statSync(path).isFIFO(), statSync(path).mode & 0o777], [true, 0o600]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(asked, 0);
    assert.equal(await readFile(path, 'utf8'), long);
    assert.deepEqual([asked, existsSync(path)], [1, false]);
    // The session starts again; nobody reads this time.
    assert.equal(await folder.pipe('commands', async () => ''), path);
    assert.equal(await folder.pipe('commands', async () => 'new'), path);
    assert.equal(await readFile(path, 'utf8'), 'new');
  });
});
