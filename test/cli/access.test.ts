import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { alice } from '../core/support.ts';
import { type Given, Lab } from './lab.ts';

const canary = 'canary-example-value';

describe('the access log of the command line', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = new Lab();
    lab.write('a.env', `TOKEN=${canary}\nOTHER=x\n`);
    const { code, err } = await lab.run(['encrypt', '-i', '--age', alice.recipient, 'a.env']);
    assert.equal(code, 0, err);
  });
  afterEach(() => lab.dispose());

  const folder = () => join(lab.state, 'lockstep');
  const log = () => join(folder(), 'access.jsonl');
  const list = async (...flags: string[]) => (await lab.run(['log', 'list', ...flags])).out.trimEnd().split('\n');
  const program = (given: Given = {}): Given => ({ ...given, program: () => 0 });

  it('has every way out of a file, and no value', async () => {
    assert.ok(!existsSync(log()), 'encryption lets nothing out');
    await lab.run(['decrypt', 'a.env']);
    await lab.run(['decrypt', '--extract', '["TOKEN"]', '--output', 'out', 'a.env']);
    await lab.run(['exec-env', 'a.env', `echo ${canary}`], program());
    await lab.run(['exec-file', '--no-fifo', 'a.env', '--', '/bin/cat', '{}'], program());
    await lab.run(['edit', 'a.env'], program({ env: { EDITOR: 'true' } }));
    await lab.run(['-d', 'a.env'], { name: 'sops' });
    await lab.run(['decrypt', '-i', 'a.env']);
    const rows = (await list()).map((line) => line.split('\t'));
    const path = join(lab.folder, 'a.env');
    assert.deepEqual(
      rows.map((row) => row.slice(1, 5)),
      [
        ['decrypt', path, '-', 'standard output'],
        ['decrypt', path, 'TOKEN', 'out'],
        ['exec-env', path, '-', 'a shell'],
        ['exec-file', path, '-', 'cat'],
        ['edit', path, '-', 'an editor'],
        ['decrypt', path, '-', 'standard output'],
        ['decrypt', path, '-', 'in place'],
      ],
    );
    assert.match(rows[0]?.[5] ?? '', /process \d+/);
    assert.ok(!readFileSync(log(), 'utf8').includes(canary));
    assert.equal(statSync(log()).mode & 0o777, 0o600);
  });

  it('has what run, get and export give, whether all of a file or one by its name', async () => {
    const words = ['--', process.execPath, '-e', ''];
    await lab.run(['run', '-f', 'a.env', ...words], program());
    await lab.run(['run', '--no-redact', '-f', 'a.env', ...words], program());
    await lab.run(['run', '-f', 'a.env', '--secret', 'X=TOKEN', ...words], program());
    await lab.run(['run', '-f', 'a.env', '--encryption-keys', ...words], program());
    await lab.run(['get', '-f', 'a.env', 'TOKEN']);
    await lab.run(['export', '-f', 'a.env', '--format', 'json']);
    const rows = (await list()).map((line) => line.split('\t'));
    assert.deepEqual(
      rows.map((row) => [row[1], row[3]]),
      [
        ['exec-env', 'TOKEN, OTHER'],
        ['exec-env', 'TOKEN, OTHER'],
        ['exec-env', 'TOKEN'],
        ['exec-env', 'TOKEN, OTHER'],
        ['decrypt', 'TOKEN'],
        ['export', 'TOKEN, OTHER'],
      ],
    );
  });

  it('has nothing of what was refused', async () => {
    await lab.run(['decrypt', 'a.env'], { env: { SOPS_AGE_KEY: '' } });
    await lab.run(['decrypt', 'nothing.env']);
    await lab.run(['set', 'a.env', '["OTHER"]', '"y"']);
    assert.ok(!existsSync(log()));
  });

  it('is filtered, and written for other programs', async () => {
    await lab.run(['decrypt', 'a.env']);
    await lab.run(['exec-env', 'a.env', 'true'], program());
    assert.equal((await list('--purpose', 'exec-env')).length, 1);
    assert.equal((await list('--file', 'A.ENV', '--since', '1h')).length, 2);
    assert.deepEqual(await list('--until', '1h'), ['']);
    assert.deepEqual(await list('--file', 'other'), ['']);
    const json = await lab.run(['log', 'export']);
    assert.equal(json.out, readFileSync(log(), 'utf8'));
    const csv = await lab.run(['log', 'export', '--csv', '--output', 'log.csv']);
    assert.equal(csv.out, '');
    assert.equal(lab.read('log.csv').split('\r\n').length, 4);
    assert.equal(statSync(join(lab.folder, 'log.csv')).mode & 0o777, 0o600);
    for (const flags of [
      ['--purpose', 'stealing'],
      ['--since', 'yesterday'],
    ]) {
      const { code, err } = await lab.run(['log', 'list', ...flags]);
      assert.equal(code, 1);
      assert.match(err, /takes/);
    }
  });

  it('is verified: cut, changed and gone', async () => {
    for (let i = 0; i < 3; i++) await lab.run(['decrypt', 'a.env']);
    assert.deepEqual(await lab.run(['log', 'verify']), { code: 0, out: '3 records, unchanged\n', err: '' });
    const whole = readFileSync(log(), 'utf8');
    writeFileSync(log(), whole.replace('standard', 'Standard'));
    const changed = await lab.run(['log', 'verify']);
    assert.equal(changed.code, 51);
    assert.match(changed.out, /line 1: this line is not as it was written/);
    assert.match((await lab.run(['log', 'list'])).err, /changed by something other/);
    writeFileSync(log(), whole.split('\n').slice(0, 1).join('\n'));
    assert.match((await lab.run(['log', 'verify'])).out, /removed or replaced \(2 records\)/);
    unlinkSync(log());
    assert.match((await lab.run(['log', 'verify'])).out, /^access\.jsonl, line 1: the last records were removed/);
    writeFileSync(log(), whole.split('\n').slice(0, 2).join('\n'));
    assert.match((await lab.run(['log', 'verify'])).out, /removed or replaced \(1 record\)/);
    writeFileSync(log(), whole.split('\n').slice(0, 1).join('\n'));
    const { code, out, err } = await lab.run(['decrypt', 'a.env']);
    assert.equal(code, 0);
    assert.ok(out.includes(canary));
    assert.match(err, /has lost its last records \(2\)/);
    assert.equal((await lab.run(['decrypt', 'a.env'])).err, '', 'it is said once');
    assert.equal((await lab.run(['log', 'verify'])).code, 51, 'and stays in the log');
  });

  it('that cannot be written is told, and the work goes on', async () => {
    mkdirSync(join(lab.folder, '.local'));
    writeFileSync(join(lab.folder, '.local', 'state'), '');
    const env = { XDG_STATE_HOME: undefined };
    const { code, out, err } = await lab.run(['decrypt', 'a.env'], { env });
    assert.equal(code, 0);
    assert.ok(out.includes(canary));
    assert.match(err, /^lockstep: This access could not be recorded: .*\n.*XDG_STATE_HOME names another one\.\n$/);
    const quiet = await lab.run(['-d', 'a.env'], { name: 'sops', env });
    assert.deepEqual([quiet.code, quiet.err], [0, ''], 'a program takes it for sops');
    const other = join(lab.folder, 'other');
    assert.equal((await lab.run(['decrypt', 'a.env'], { env: { XDG_STATE_HOME: other } })).err, '');
    assert.deepEqual(readdirSync(join(other, 'lockstep')).sort(), ['access.head', 'access.jsonl']);
  });

  it('gives notice in a repository that asks for it', async () => {
    const notices = () => join(lab.folder, '.lockstep', 'extractions');
    mkdirSync(join(lab.folder, '.git'));
    await lab.run(['decrypt', 'a.env']);
    assert.ok(!existsSync(join(lab.folder, '.lockstep')));
    mkdirSync(notices(), { recursive: true });
    await lab.run(['decrypt', '--extract', '["TOKEN"]', 'a.env']);
    await lab.run(['-d', 'a.env'], { name: 'sops' });
    const name = readdirSync(notices()).find((one) => one.endsWith('.tsv')) ?? '';
    assert.match(readFileSync(join(notices(), name), 'utf8'), /^[^\t]+Z\tdecrypt\ta\.env\tTOKEN\t[^\t\n]+\n$/);
    rmSync(notices(), { recursive: true });
    writeFileSync(notices(), '');
    const { code, err } = await lab.run(['decrypt', 'a.env']);
    assert.equal(code, 0);
    assert.match(err, /could not be recorded/);
  });

  it('of another folder can be named', async () => {
    await lab.run(['decrypt', 'a.env']);
    chmodSync(folder(), 0o500);
    assert.equal((await lab.run(['log', 'verify', folder()])).out, '1 record, unchanged\n');
    chmodSync(folder(), 0o700);
    assert.equal((await lab.run(['log', 'list', 'nowhere'])).out, '');
  });
});
