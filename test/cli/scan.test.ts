import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { seal } from '../../src/core/seal/seal.ts';
import { alice, clock } from '../core/support.ts';
import { Lab } from './lab.ts';

const token = ['gh', 'p_', 'Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb7d'].join('');
const canary = 'k7Q+canaryV9/tXw2';

describe('scan', () => {
  let lab: Lab;

  beforeEach(async () => {
    lab = new Lab();
    const sealed = await seal(`db:\n  note: ${canary}\n`, 'yaml', { recipients: [alice.recipient] }, clock);
    lab.write('secrets.yaml', sealed.text);
    mkdirSync(`${lab.folder}/src`);
    mkdirSync(`${lab.folder}/out`);
    lab.write('src/a.ts', `//\nconst githubToken = '${token}';\n`);
    lab.write('src/b.md', `copied: ${canary}\n`);
    lab.write('out/c.ts', `const githubToken = '${token}';\n`);
    lab.write('.gitignore', 'out/\n');
    execFileSync('git', ['init', '-q'], { cwd: lab.folder });
  });
  afterEach(() => lab.dispose());

  it('lists places, rules and names, and ends with 10; no value', async () => {
    const ran = await lab.run(['scan']);
    assert.equal(ran.code, 10);
    assert.deepEqual(ran.out.split('\n').sort(), [
      '',
      'src/a.ts:2:22\tgithub-pat\tgithubToken',
      'src/b.md:1:9\town-secret\tsecrets.yaml: db.note',
    ]);
    const json = await lab.run(['scan', '--json', 'src']);
    assert.deepEqual(JSON.parse(json.out)[0], {
      ...{ file: `${lab.folder}/src/a.ts`, line: 2, column: 22, rule: 'github-pat', name: 'githubToken' },
    });
    for (const { out, err } of [ran, json]) assert.ok(!(out + err).includes(canary) && !(out + err).includes(token));
  });

  it('takes files, also those that git ignores, and refuses what is not there', async () => {
    assert.match((await lab.run(['scan', 'out/c.ts'])).out, /^out\/c\.ts:1:22\tgithub-pat/);
    assert.equal((await lab.run(['scan', 'secrets.yaml', '.gitignore'])).code, 0);
    assert.equal((await lab.run(['scan', 'nothing'])).code, 100);
    execFileSync('mkfifo', [`${lab.folder}/pipe`]);
    lab.write('large.txt', Buffer.alloc(2 * 1024 * 1024 + 1, 'a'));
    assert.match((await lab.run(['scan', 'pipe', 'large.txt'])).err, /2 files were not looked into/);
  });

  it('ends with 1 where a file could not be read, and not for one that was deleted', async () => {
    // Root may read every file, but no process's memory from its beginning.
    if (process.getuid?.() === 0) symlinkSync('/proc/self/mem', `${lab.folder}/shut.txt`);
    else chmodSync(lab.write('shut.txt', 'x'), 0);
    const ran = await lab.run(['scan', 'shut.txt', '.gitignore']);
    assert.deepEqual([ran.code, ran.out], [1, '']);
    assert.match(ran.err, /^lockstep: 1 file could not be read: shut\.txt\.\n$/);
    assert.equal((await lab.run(['scan'])).code, 10);
    rmSync(`${lab.folder}/shut.txt`);
    execFileSync('git', ['add', '-A'], { cwd: lab.folder });
    rmSync(`${lab.folder}/src`, { recursive: true });
    assert.deepEqual({ ...(await lab.run(['scan'])) }, { code: 0, out: '', err: '' });
  });

  it('passes over what somebody said to be none', async () => {
    mkdirSync(`${lab.folder}/.lockstep`);
    lab.write(
      '.lockstep/not-secrets',
      '# comment\nsrc/*.ts | github-pat | githubToken | 2026-11-27 | expired, of the docs\nsrc/b.md | own-secret | * | no date | x\n',
    );
    const { out } = await lab.run(['scan']);
    assert.equal(out, 'src/b.md:1:9\town-secret\tsecrets.yaml: db.note\n');
  });

  it('names a list of what is no secret that it cannot read', async () => {
    mkdirSync(`${lab.folder}/.lockstep`);
    lab.write('.lockstep/not-secrets', Uint8Array.of(0xff, 0xfe));
    const ran = await lab.run(['scan']);
    assert.equal(ran.code, 1);
    assert.match(ran.err, /^lockstep: \.lockstep\/not-secrets: The file is not UTF-8 text\.\nSave it as UTF-8\.\n$/);
  });

  it('says that values were not compared where no key opens them', async () => {
    const ran = await lab.run(['scan'], { env: { SOPS_AGE_KEY: undefined } });
    assert.equal(ran.out, 'src/a.ts:2:22\tgithub-pat\tgithubToken\n');
    assert.match(ran.err, /1 encrypted file does not open here.*: secrets\.yaml\. lockstep why FILE/);
  });

  it('takes no plain file for an encrypted one that does not open', async () => {
    lab.write('.env', 'A="one\ntwo"\n');
    assert.equal((await lab.run(['scan', '.gitignore'])).err, '');
  });
});
