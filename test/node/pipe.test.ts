import assert from 'node:assert/strict';
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type OutputPipe, outputPipes } from '../../src/node/output/pipe.ts';
import { describeUnless, windows } from '../skip.ts';

describeUnless(windows, 'the pipes for the output of a program', () => {
  let folder: string;
  const variables = ['XDG_RUNTIME_DIR', 'TMPDIR'] as const;
  let before: (string | undefined)[];
  const open: OutputPipe[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
    before = variables.map((name) => process.env[name]);
    for (const name of variables) process.env[name] = folder;
  });
  afterEach(() => {
    for (const { read } of open.splice(0)) read.destroy();
    for (const [i, name] of variables.entries()) {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const pipes = () => join(folder, 'lockstep', 'pipes');
  const taken = () => {
    const two = outputPipes() ?? assert.fail('no mkfifo');
    open.push(...two);
    return two;
  };
  /** What comes out of one when this was written into it. */
  const through = ({ read, write }: OutputPipe, bytes: string) => {
    writeSync(write, bytes);
    closeSync(write);
    return text(read);
  };

  it('carry what is written to them, each its own, to the end', async () => {
    const [out, errors] = taken();
    assert.deepEqual(await Promise.all([through(out, 'one'), through(errors, 'two')]), ['one', 'two']);
  });

  /** Takes two; the files that they are. */
  const files = () =>
    taken().map(({ write }) => {
      const { ino } = fstatSync(write);
      closeSync(write);
      return ino;
    });

  it('are made in advance, and each is taken once', () => {
    const first = files();
    const left = readdirSync(pipes());
    assert.ok(left.length > 10, `${left.length}`);
    assert.equal(new Set([...first, ...files()]).size, 4);
    const after = readdirSync(pipes());
    assert.equal(after.length, left.length - 2);
    assert.ok(after.every((name) => left.includes(name)));
  });

  it('are made anew when they are used up', async () => {
    files();
    for (let left = readdirSync(pipes()).length; left > 0; left -= 2) files();
    assert.deepEqual(readdirSync(pipes()), []);
    const [out] = taken();
    assert.equal(await through(out, 'still'), 'still');
    assert.ok(readdirSync(pipes()).length > 10);
  });

  it('are never a file that somebody put there', async () => {
    mkdirSync(pipes(), { recursive: true, mode: 0o700 });
    for (const name of ['0', 'zz']) writeFileSync(join(pipes(), name), '');
    const [out, errors] = taken();
    await Promise.all([through(out, 'canary'), through(errors, 'canary')]);
    for (const name of ['0', 'zz']) assert.equal(readFileSync(join(pipes(), name), 'utf8'), '');
  });

  it('are none that another process could read or write: it would get the values, or put something in', async () => {
    files();
    const before = readdirSync(pipes());
    const opened = (names: readonly string[], how: number) => names.map((name) => openSync(join(pipes(), name), how));
    const readers = opened(before.slice(0, 10), constants.O_RDONLY | constants.O_NONBLOCK);
    // Opened while somebody reads, as it must be.
    const gone = opened(before.slice(10, 20), constants.O_RDONLY | constants.O_NONBLOCK);
    const writers = opened(before.slice(10, 20), constants.O_WRONLY);
    gone.forEach(closeSync);
    // The last ones are not among those any more.
    for (let left = before.length - 20; left >= 0; left -= 2) {
      const [out, errors] = taken();
      assert.deepEqual(await Promise.all([through(out, 'canary'), through(errors, 'canary')]), ['canary', 'canary']);
    }
    for (const reader of readers) assert.equal(readSync(reader, Buffer.alloc(100)), 0);
    [...readers, ...writers].forEach(closeSync);
  });

  it('come from elsewhere where they cannot be kept, and nothing is left of that', async () => {
    mkdirSync(join(folder, 'lockstep'), { mode: 0o700 });
    writeFileSync(pipes(), 'no folder');
    const [out] = taken();
    assert.equal(await through(out, 'all the same'), 'all the same');
    assert.deepEqual(readdirSync(folder), ['lockstep']);
  });
});
