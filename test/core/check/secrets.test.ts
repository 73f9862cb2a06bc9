import assert from 'node:assert/strict';
import { referencesIn, variablesIn } from '../../../src/core/check/named.ts';
import { missingIn } from '../../../src/core/check/revision.ts';
import { alice } from '../support.ts';
import { lines, Memory } from './memory.ts';

const rules = `creation_rules:\n  - age: ${alice.recipient} # Alice\n`;

describe('names of secrets in code', () => {
  it('are the references in a text, each with its line', () => {
    const text = `{\n  "env": {\n    "A": "lockstep:production#db.url",\n    "B": "lockstep:#API_KEY", "C": "\${lockstep:dev#hosts[1]}"\n  }\n}`;
    assert.deepEqual(referencesIn(text), [
      { line: 3, environment: 'production', name: 'db.url' },
      { line: 4, environment: undefined, name: 'API_KEY' },
      { line: 4, environment: 'dev', name: 'hosts[1]' },
    ]);
    assert.deepEqual(referencesIn('lockstep: nothing, lockstep:x, xlockstep:#a'), []);
  });

  it('are the variables that programs read, in each language', () => {
    const programs = {
      'a.ts': 'process.env.A1 + process.env["A2"] + import.meta.env.A3 + Bun.env.A4 + Deno.env.get("A5")',
      'a.py': `os.environ["A1"], os.environ.get('A2'), os.getenv("A3")`,
      'a.rb': `ENV["A1"] + ENV.fetch('A2')`,
      'a.php': `$_ENV['A1']; getenv('A2'); env('A3'); $_SERVER["A4"]`,
      'a.go': 'os.Getenv("A1"); os.LookupEnv("A2")',
      'a.java': 'System.getenv("A1")',
      'a.cs': 'Environment.GetEnvironmentVariable("A1")',
      'a.rs': 'env::var("A1"); std::env::var_os("A2"); env!("A3")',
      'services.yaml': `url: '%env(A1)%'\nkey: '%env(base64:A2)%'`,
      'compose.yaml': 'a: $+{A1}\nb: $+{A2:-x}\nc: $+{A3?}'.replaceAll('+', ''),
      '.github/workflows/ci.yml': 'a: $+{{ secrets.A1 }}'.replaceAll('+', ''),
      '.env.example': '# B\nA1=\nexport A2=x\n',
    };
    for (const [path, text] of Object.entries(programs)) {
      const names = variablesIn(path, text).map(({ name }) => name);
      assert.deepEqual(
        [...new Set(names)].sort(),
        names.map((_, i) => `A${i + 1}`).slice(0, new Set(names).size),
        path,
      );
      assert.ok(names.length > 0, path);
    }
    assert.deepEqual(variablesIn('a.sh', `echo $A {A} $\{{A}} # none`), []);
  });
});

describe('looking for names', () => {
  it('takes no longer for texts that are made for it', () => {
    const began = performance.now();
    for (const text of [
      '\n'.repeat(1e6),
      'lockstep:#'.repeat(1e5),
      `lockstep:a#${'.'.repeat(1e6)}`,
      `%env(${'a:'.repeat(5e5)}`,
      `os.getenv(${' '.repeat(1e6)}`,
    ]) {
      referencesIn(text);
      for (const path of ['.env.example', 'a.py']) variablesIn(path, text);
    }
    assert.ok(performance.now() - began < 5_000, `${performance.now() - began}`);
  });
});

describe('secrets that are named and not there', () => {
  let memory: Memory;
  beforeEach(async () => {
    memory = new Memory({ '.sops.yaml': rules });
    await memory.seal('.env.production', 'DB_URL=canary\nAPI_KEY=canary\n');
    await memory.seal('secrets.staging.yaml', 'db:\n  url: canary\n');
  });

  it('are told at their lines: references, and what .lockstep/environments.yaml names', async () => {
    memory.texts.set(
      '.vscode/launch.json',
      '{"env": {\n"A": "lockstep:production#DB_URL",\n"B": "lockstep:production#GONE",\n"C": "lockstep:staging#db.url",\n"D": "lockstep:nowhere#db.url",\n"E": "lockstep:#ANY"}}\n',
    );
    memory.texts.set(
      '.lockstep/environments.yaml',
      'production:\n  files: [.env.production, lost.env]\n  variables: { DB_URL: A, LOST: B }\n"*":\n  variables: { db.url: C }\n',
    );
    const { findings } = await memory.check();
    assert.deepEqual(lines(findings), [
      '.lockstep/environments.yaml:2 missing lost.env',
      '.lockstep/environments.yaml:3 missing LOST',
      '.vscode/launch.json:3 missing GONE',
      '.vscode/launch.json:5 missing db.url',
    ]);
    assert.deepEqual(lines((await memory.check((path) => path === 'x')).findings), []);
    assert.equal((await memory.check((path) => path === '.env.production')).findings.length, 4);
    memory.texts.set('.lockstep/environments.yaml', 'production:\n  surprise: 1\n');
    assert.deepEqual(lines((await memory.check()).findings), [
      '.lockstep/environments.yaml:2 bad-environments production.surprise',
    ]);
    memory.texts.set('.lockstep/environments.yaml', 'production: [\n');
    assert.deepEqual(lines((await memory.check()).findings)[0], '.lockstep/environments.yaml:2 bad-environments');
  });

  it('of a version: what its code names and is a secret now', async () => {
    memory.texts.set('main.py', 'import os\nos.environ["DB_URL"]\nos.environ["NEW_TOKEN"]\nos.environ["PATH"]\n');
    memory.texts.set('.env.example', 'NEW_TOKEN=\nOTHER=\n');
    memory.texts.set('README.md', 'Set `process.env.NEW_TOKEN`, or lockstep:nowhere#x.\n');
    memory.texts.set('tasks.toml', 'a = "lockstep:production#NEW_TOKEN"\n');
    const now = new Memory({ '.sops.yaml': rules });
    await now.seal('.env.production', 'NEW_TOKEN=canary\n');
    const of = async (one: Memory) => ({ files: one, secret: await one.secret() });
    const { findings } = await missingIn(await of(memory), await of(now));
    assert.deepEqual(lines(findings), [
      '.env.example:1 missing NEW_TOKEN',
      'main.py:3 missing NEW_TOKEN',
      'tasks.toml:1 missing NEW_TOKEN',
    ]);
    memory.texts.delete('tasks.toml');
    assert.deepEqual((await missingIn(await of(memory), await of(memory))).findings, []);
  });
});
