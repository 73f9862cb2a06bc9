import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtCli } from '../cli/built.ts';
import { alice, bob } from '../core/support.ts';
import { type Case, cases, encName, encrypted, plainFiles } from './commandlines.ts';
import { sopsPath } from './tools.ts';

interface Result {
  readonly code: number | null;
  readonly out: Buffer;
  readonly err: string;
}

const shortened = (word: string) => (word.startsWith('age1') && word.length > 30 ? 'age1…' : word);

describe('the command lines of sops', function () {
  this.timeout(600_000);
  let cli: string;
  let lab: string;
  before(async () => {
    cli = await builtCli();
    lab = mkdtempSync(join(tmpdir(), 'lockstep-lines-'));
    prepare(join(lab, 'files'));
  });
  after(() => {
    rmSync(lab, { recursive: true, force: true });
    rmSync(cli, { force: true });
  });

  const run = (program: string, words: readonly string[], cwd: string, one: Partial<Case> = {}): Result => {
    // What is compiled, and the access log, are kept out of the folder that is compared.
    const apart = { XDG_CACHE_HOME: join(lab, 'cache'), XDG_STATE_HOME: join(lab, 'state') };
    const places = { HOME: cwd, XDG_CONFIG_HOME: cwd, ...apart };
    const env = { PATH: process.env.PATH, ...places, SOPS_AGE_KEY: alice.identity, ...one.env };
    const input = one.from ? readFileSync(join(cwd, one.from)) : (one.stdin ?? '');
    const ran = spawnSync(program, words, { cwd, env, input, timeout: 20_000, maxBuffer: 1 << 26 });
    return { code: ran.status, out: ran.stdout, err: ran.stderr.toString() };
  };
  const sops = (cwd: string, ...words: string[]) => run(sopsPath, words, cwd);

  function prepare(folder: string): void {
    mkdirSync(join(folder, 'rules'), { recursive: true });
    for (const [name, text] of Object.entries(plainFiles)) writeFileSync(join(folder, name), text);
    for (const name of encrypted) {
      const { code, err } = sops(folder, 'encrypt', '--age', alice.recipient, '--output', encName(name), name);
      assert.equal(code, 0, err);
    }
    const text = readFileSync(join(folder, 'enc.yaml'), 'utf8');
    const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
    const broken: Record<string, string> = {
      'badmac.yaml': text.replace('seen', 'other'),
      'nomac.yaml': text.replace(/^ {4}mac: .*\n/m, ''),
      'moved.yaml': text.replace(line('name'), line('port')),
      'added.yaml': `added: plain\n${text}`,
      'rules/a.yaml': `creation_rules:\n  - path_regex: plain\\.yaml$\n    age: ${alice.recipient}\n    encrypted_regex: ^(name|list)$\n  - path_regex: \\.json$\n    age: [${alice.recipient}, ${bob.recipient}]\n    mac_only_encrypted: true\n`,
      'rules/both.yaml': `creation_rules:\n  - age: ${bob.recipient},${alice.recipient}\n`,
      'rules/groups.yaml': `creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n      - age: [${alice.recipient}]\n      - age: [${bob.recipient}]\n`,
      'rules/none.yaml': 'creation_rules: []\n',
      'rules/broken.yaml': 'creation_rules: "\n',
      'rules/keys.yaml': 'creation_rules:\n  - path_regex: plain\n',
    };
    for (const [name, content] of Object.entries(broken)) writeFileSync(join(folder, name), content);
  }

  const both = `${alice.identity}\n${bob.identity}`;
  /** What sops makes of an encrypted file; undefined when it is none. */
  const meaning = (folder: string, name: string): { text: string; metadata: unknown } | undefined => {
    const one = { env: { SOPS_AGE_KEY: both } };
    const { code, out } = run(sopsPath, ['decrypt', name], folder, one);
    if (code !== 0) return undefined;
    return { text: out.toString('latin1'), metadata: metadataOf(readFileSync(join(folder, name), 'utf8')) };
  };

  const listing = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
      .sort();

  function sameFiles(theirs: string, ours: string, metadata: boolean): void {
    assert.deepEqual(listing(ours), listing(theirs));
    for (const name of listing(theirs)) {
      const [their, our] = [theirs, ours].map((folder) => readFileSync(join(folder, name)));
      if (their?.equals(our as Buffer)) continue;
      const [theirMeaning, ourMeaning] = [meaning(theirs, name), meaning(ours, name)];
      assert.equal(ourMeaning?.text ?? our?.toString('latin1'), theirMeaning?.text ?? their?.toString('latin1'), name);
      if (metadata) assert.deepEqual(ourMeaning?.metadata, theirMeaning?.metadata, name);
    }
  }

  for (const [i, one] of cases.entries()) {
    const given = [...Object.entries(one.env ?? {}).map(([name]) => `${name}=…`), ...one.args.map(shortened)].join(' ');
    it(`${i + 1}. ${given}${one.from ? ` < ${one.from}` : ''}`, () => {
      const [theirs, ours] = ['sops', 'lockstep'].map((name) => join(lab, `${name}-${i}`)) as [string, string];
      for (const folder of [theirs, ours]) cpSync(join(lab, 'files'), folder, { recursive: true });
      const their = run(sopsPath, one.args, theirs, one);
      const our = run(process.execPath, [cli, ...one.args], ours, one);
      const told = `sops ${their.code}: ${their.err}\nlockstep ${our.code}: ${our.err}`;
      assert.equal(our.code, one.ours?.code ?? their.code, told);
      if (one.sealed) {
        writeFileSync(join(theirs, one.sealed), their.out);
        writeFileSync(join(ours, one.sealed), our.out);
        assert.ok(meaning(ours, one.sealed), told);
      } else if (one.ours?.out instanceof RegExp) assert.match(our.out.toString(), one.ours.out, told);
      else if (our.code === 0 || our.out.length > 0 || one.args.some((word) => word.startsWith('exec')))
        assert.equal(our.out.toString('latin1'), one.ours?.out ?? their.out.toString('latin1'), told);
      if (one.ours?.files !== 'any') sameFiles(theirs, ours, one.ours?.files === undefined);
      for (const folder of [theirs, ours]) rmSync(folder, { recursive: true });
    });
  }
});

/** The metadata of a file without what is new at each write, as sorted lines. */
function metadataOf(text: string): string[] {
  const fresh = /lastmodified|\bmac\b|version/;
  const known =
    /(age1[a-z0-9]{50,}|(?:un)?encrypted_(?:suffix|regex|comment_regex)|mac_only_encrypted|shamir_threshold)[^\n]{0,40}/g;
  return [...text.matchAll(known)]
    .map((match) => match[0].replace(/["',:= ]+/g, ' ').trim())
    .filter((line) => !fresh.test(line) || line.startsWith('mac_only'))
    .sort();
}
