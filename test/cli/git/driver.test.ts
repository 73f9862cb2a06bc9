import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FormatId } from '../../../src/core/format/document.ts';
import { bytesOfText } from '../../../src/core/format/encoding.ts';
import { unsealBytes } from '../../../src/core/open/unseal.ts';
import { sealBytes } from '../../../src/core/seal/seal.ts';
import { editBytes, editText } from '../../core/changes.ts';
import { alice, bob, clock, later, reopen } from '../../core/support.ts';
import { builtCli } from '../built.ts';
import { Lab } from '../lab.ts';

const for1 = [alice.recipient];

async function made(plain: string, format: FormatId = 'yaml', recipients = for1): Promise<string> {
  return Buffer.from((await sealBytes(Buffer.from(plain), format, { recipients }, clock)).bytes).toString('utf8');
}

async function edited(text: string, plain: string, format: FormatId = 'yaml'): Promise<string> {
  const opened = await reopen(text, format);
  const change =
    format === 'binary' ? await editBytes(opened, Buffer.from(plain), later) : await editText(opened, plain, later);
  return Buffer.from(bytesOfText(change.text)).toString('utf8');
}

async function plainOf(text: string, format: FormatId = 'yaml'): Promise<string> {
  const opened = await reopen(text, format);
  assert.deepEqual(opened.verdict, { ok: true });
  return Buffer.from(await unsealBytes(opened)).toString('utf8');
}

const plain = 'a: one\nb: two\nc: three\n';

describe('the merge driver', function () {
  this.timeout(120_000);
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab();
  });
  afterEach(() => lab.dispose());

  /** As git calls it. `after`: what is in the place of ours. */
  async function merge(base: string, ours: string, theirs: string, name = 'x.yaml', env: Record<string, string> = {}) {
    lab.write('O', base);
    lab.write('A', ours);
    lab.write('B', theirs);
    const ran = await lab.run(['merge-driver', '--', 'O', 'A', 'B', name], { env });
    return { ...ran, after: lab.read('A') };
  }

  it('merges files of every format', async () => {
    const all: [FormatId, string, string, string, string, string][] = [
      ['yaml', 'x.yaml', plain, plain.replace('one', '1'), plain.replace('three', '3'), 'a: 1\nb: two\nc: 3\n'],
      [
        'json',
        'x.json',
        '{\n\t"a": "x",\n\t"b": "y"\n}\n',
        '{\n\t"a": "1",\n\t"b": "y"\n}\n',
        '{\n\t"a": "x",\n\t"b": "2"\n}\n',
        '{\n\t"a": "1",\n\t"b": "2"\n}\n',
      ],
      ['dotenv', 'x.env', 'A=1\nB=2\n', 'A=5\nB=2\n', '#c\nA=1\nB=2\nC=3\n', '#c\nA=5\nB=2\nC=3\n'],
      ['ini', 'x.ini', '[s]\na = 1\nb = 2\n', '[s]\na = 5\nb = 2\n', '[s]\na = 1\nb = 6\n', '[s]\na = 5\nb = 6\n'],
      ['binary', 'x.key', 'base', 'base', 'theirs', 'theirs'],
    ];
    for (const [format, name, base, ours, theirs, wanted] of all) {
      const sealed = await made(base, format);
      const { code, err, after } = await merge(
        sealed,
        await edited(sealed, ours, format),
        await edited(sealed, theirs, format),
        name,
      );
      assert.deepEqual([code, err], [0, ''], format);
      assert.equal(await plainOf(after, format), wanted);
    }
  });

  it('leaves ours as it is, and says which version is why, where a version is not what it should be', async () => {
    const base = await made(plain);
    const ours = await edited(base, plain.replace('one', 'canary-1'));
    const theirs = await edited(base, plain.replace('two', 'canary-2'));
    const dotenv = await made('A=canary\n', 'dotenv');
    const damaged = theirs.replace(/data:[^,]{4}/, 'data:AAAA');
    const untouched: [string, string, string, string, RegExp][] = [
      ['a side that is not encrypted', base, ours, plain, /^lockstep: x\.yaml \(theirs\): The file is not encrypted/],
      ['ours is not', base, plain, theirs, /^lockstep: x\.yaml \(ours\): The file is not encrypted/],
      ['a damaged side', base, ours, damaged, /^lockstep: x\.yaml \(theirs\): /],
      ['ours is damaged', base, damaged, theirs, /^lockstep: x\.yaml \(ours\): /],
      [
        'a side of another format',
        base,
        ours,
        dotenv,
        /^lockstep: x\.yaml \(theirs\): This version is dotenv, and ours is yaml/,
      ],
      [
        'conflict markers',
        base,
        ours,
        `<<<<<<< x\n${ours}=======\n${theirs}>>>>>>> y\n`,
        /^lockstep: x\.yaml \(theirs\): line 1: /,
      ],
      [
        'an ancestor in plaintext',
        plain,
        ours,
        theirs,
        /^lockstep: x\.yaml \(the common ancestor\): The file is not encrypted/,
      ],
      [
        'an ancestor that nobody opens',
        await made(plain, 'yaml', [bob.recipient]),
        ours,
        theirs,
        /^lockstep: x\.yaml \(the common ancestor\): /,
      ],
      [
        'a side that nobody opens',
        base,
        ours,
        await made(plain, 'yaml', [bob.recipient]),
        /^lockstep: x\.yaml \(theirs\): /,
      ],
      [
        'a damaged ancestor',
        base.replace(/data:[^,]{4}/, 'data:AAAA'),
        ours,
        theirs,
        /^lockstep: x\.yaml \(the common ancestor\): /,
      ],
      ['a side that is empty', base, ours, '', /^lockstep: x\.yaml \(theirs\): /],
    ];
    for (const [what, o, a, b, wanted] of untouched) {
      const { code, err, out, after } = await merge(o, a, b);
      assert.equal(code, 1, what);
      assert.match(err, wanted, what);
      assert.equal(after, a, what);
      assert.ok(!`${err}${out}`.includes('canary') && !err.includes('ENC['), what);
    }
    assert.equal((await lab.run(['merge-driver', 'O', 'A'])).code, 1);
    assert.equal((await lab.run(['merge-driver', 'O', 'A', 'none', 'x.yaml'])).code, 1);
  });

  it('says what to do where it is not about entries', async () => {
    const base = await made(`# one\n${plain}`);
    const commented = await merge(
      base,
      await edited(base, `# two\n${plain}`),
      await edited(base, `# three\n${plain}`),
      'a b.yaml',
    );
    assert.equal(commented.code, 1);
    assert.match(commented.err, /Both sides changed comments at one place\..*\n.*: git add 'a b\.yaml'$/m);
    const [ours, theirs] = await Promise.all(
      ['a', 'b'].map(async (suffix) => {
        const wish = { recipients: for1, selector: { kind: 'encrypted_suffix', suffix } } as const;
        return Buffer.from((await sealBytes(Buffer.from(plain), 'yaml', wish, clock)).bytes).toString('utf8');
      }),
    );
    const { code, err, after } = await merge(base, ours ?? '', theirs ?? '');
    assert.deepEqual([code, after], [1, ours]);
    assert.match(err, /Both sides changed what is encrypted.*\n.*git checkout --ours x\.yaml, or --theirs/);
  });

  it('opens an ancestor that names other readers by the data key of a side', async () => {
    const base = await made(plain, 'yaml', [bob.recipient]);
    const opened = await reopen(base, 'yaml', bob.identity);
    const { addRecipients } = await import('../../../src/core/keys/updatekeys.ts');
    const ours = (await addRecipients(opened.sealed, opened.dataKey, for1)).text;
    const theirs = await edited(ours, plain.replace('two', '2'));
    const { code, after, err } = await merge(base, await edited(ours, plain.replace('one', '1')), theirs);
    assert.deepEqual([code, err], [0, '']);
    assert.equal(await plainOf(after), 'a: 1\nb: 2\nc: three\n');
  });

  it('lists a thousand entries in conflict, and no value', async () => {
    const rows = (value: string) => Array.from({ length: 1000 }, (_, i) => `KEY_${i}=${value}${i}\n`).join('');
    const base = await made(rows('base-'), 'dotenv');
    const ours = await edited(base, rows('canary-o-'), 'dotenv');
    const theirs = await edited(base, `${rows('canary-t-')}NEW=1\n`, 'dotenv');
    const { code, err, after } = await merge(base, ours, theirs, 'x.env');
    assert.equal(code, 1);
    assert.equal(
      err.split('\n').filter((line) => /^ {2}KEY_\d+\tchanged in ours, changed in theirs$/.test(line)).length,
      1000,
    );
    assert.ok(!err.includes('canary'));
    assert.equal(await plainOf(after, 'dotenv'), `${rows('canary-o-')}NEW=1\n`);
  });

  it('merges binary files as a whole, and files with other line ends', async () => {
    const base = await made('base', 'binary');
    const both = await merge(base, await edited(base, 'o', 'binary'), await edited(base, 't', 'binary'), 'x.key');
    assert.equal(both.code, 1);
    assert.match(both.err, /^ {2}the whole file\tchanged in ours, changed in theirs$/m);
    assert.match(both.err, /--take theirs/);
    assert.equal(await plainOf(both.after, 'binary'), 'o');
    const unix = await made(plain);
    const windows = (await edited(unix, plain.replace('two', '2'))).replaceAll('\n', '\r\n');
    const { code, after } = await merge(unix, await edited(unix, plain.replace('one', '1')), windows);
    assert.equal(code, 0);
    assert.equal(await plainOf(after), 'a: 1\nb: 2\nc: three\n');
    const other = await merge(unix, windows, await edited(unix, plain.replace('one', '1')));
    assert.equal(other.code, 0);
    assert.equal(await plainOf(other.after), 'a: 1\r\nb: 2\r\nc: three\r\n');
  });

  it('leaves ours as it was where the result cannot be written', async () => {
    const base = await made(plain);
    const [ours, theirs] = [
      await edited(base, plain.replace('one', '1')),
      await edited(base, plain.replace('two', '2')),
    ];
    lab.write('O', base);
    lab.write('B', theirs);
    chmodSync(lab.write('A', ours), 0o444);
    const { code } = await lab.run(['merge-driver', 'O', 'A', 'B', 'x.yaml']);
    assert.equal(code, 1);
    assert.equal(lab.read('A'), ours);
  });

  it('leaves ours whole, old or new, wherever it is killed', async () => {
    const cli = await builtCli();
    const base = await made(plain);
    const [ours, theirs] = [
      await edited(base, plain.replace('one', '1')),
      await edited(base, plain.replace('two', '2')),
    ];
    const run = (moment: string) => {
      lab.write('O', base);
      lab.write('A', ours);
      lab.write('B', theirs);
      const env = { HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent', LOCKSTEP_DIE: `${lab.folder}|${moment}` };
      const words = [
        '--require',
        join(__dirname, '..', 'dying.cjs'),
        cli,
        'merge-driver',
        '--',
        'O',
        'A',
        'B',
        'x.yaml',
      ];
      return spawnSync(process.execPath, words, { cwd: lab.folder, env: lab.env(env), encoding: 'utf8' });
    };
    const whole = run('');
    assert.equal(whole.status, 0, whole.stderr);
    const calls = whole.stderr.split('\n').filter((line) => line.startsWith('call ')).length;
    assert.ok(calls >= 8, `${calls}`);
    let isNew = 0;
    // After each call, which is before the next one.
    for (let n = 1; n <= calls; n++) {
      assert.equal(run(`${n}+`).signal, 'SIGKILL');
      const found = lab.read('A');
      if (found === ours) continue;
      isNew++;
      assert.equal(await plainOf(found), 'a: 1\nb: 2\nc: three\n');
    }
    assert.ok(isNew > 0);
    for (const name of readdirSync(lab.folder).filter((one) => one.endsWith('.tmp')))
      assert.ok(!/\b(one|two|three)\b/.test(readFileSync(join(lab.folder, name), 'utf8')));
    rmSync(cli);
  });
});
