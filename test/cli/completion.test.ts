import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { verbs } from '../../src/cli/verbs.ts';
import { missing, skipFor } from '../skip.ts';
import { Lab } from './lab.ts';

describe('help and completion', () => {
  let lab: Lab;
  before(() => {
    lab = new Lab();
  });
  after(() => lab.dispose());

  it('know every verb', async () => {
    const heads = [...new Set(Object.keys(verbs).map((name) => name.split(' ')[0] ?? ''))];
    for (const args of [
      ['--help'],
      ['help'],
      ['completion', 'bash'],
      ['completion', 'zsh'],
      ['completion', 'fish'],
      ['completion', 'powershell'],
    ]) {
      const { code, out } = await lab.run(args);
      assert.equal(code, 0);
      for (const head of heads) assert.match(out, new RegExp(`\\b${head}\\b`), `${args.join(' ')}: ${head}`);
    }
  });

  it('tell each verb', async () => {
    for (const name of Object.keys(verbs)) {
      const { code, out } = await lab.run([...name.split(' '), '--help']);
      assert.equal(code, 0);
      assert.ok(out.startsWith(`Usage: lockstep ${name} [flags]`), out);
    }
  });

  it('say of a flag what it is for in this verb alone', async () => {
    const help = async (verb: string) => (await lab.run([verb, '--help'])).out.replace(/\s+/g, ' ');
    assert.match(await help('check'), /--format <format> text, json, sarif, or github/);
    assert.match(await help('encrypt-string'), /--format <format> the system that reads it: flet, .* kestra --/);
    assert.match(await help('decrypt-string'), /--format <format> auto, or the system that wrote it: .* rails, kestra/);
    assert.match(await help('diff'), /--staged compare HEAD, or the commit that is named/);
    assert.match(await help('import'), /--secret <name> take this one alone/);
    assert.match(await help('import'), /--rename <NEW=name> give this one a new name/);
    // No verb says what a flag is for in another one.
    for (const verb of Object.keys(verbs)) {
      const flags = (await help(verb)).replace(/^.*?Options:/, '');
      assert.doesNotMatch(flags, /\b(?:import|export|check|init|log|request): /, verb);
    }
  });

  it('suggest a verb for a slip of the finger', async () => {
    const { code, err } = await lab.run(['decypt', 'a.yaml']);
    assert.equal(code, 1);
    assert.match(err, /Did you mean decrypt\?/);
  });

  it('complete in bash', async function () {
    skipFor(this, missing('bash', spawnSync('bash', ['--version']).status === 0));
    const scripts = {
      lockstep: (await lab.run(['completion', 'bash'])).out,
      sops: (await lab.run(['completion', 'bash'], { name: 'sops' })).out,
    };
    const complete = (...words: string[]) => {
      const name = words[0] as keyof typeof scripts;
      const given = `${scripts[name]}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _${name}; echo "\${COMPREPLY[*]}"`;
      const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', given], { encoding: 'utf8' });
      assert.equal(stderr, '');
      return stdout.trim().split(' ');
    };
    assert.deepEqual(complete('lockstep', 'dec'), ['decrypt', 'decrypt-string']);
    assert.deepEqual(complete('lockstep', 'decrypt', '--ext'), ['--extract']);
    assert.deepEqual(complete('lockstep', 'groups', ''), ['add', 'delete']);
    assert.deepEqual(complete('lockstep', 'decrypt', 'a'), ['']);
    const formats = ['yaml', 'json', 'dotenv', 'ini', 'binary'];
    for (const name of ['lockstep', 'sops']) {
      assert.deepEqual(complete(name, 'decrypt', '--output-type', ''), formats);
      assert.deepEqual(complete(name, 'decrypt', '--output-type', '=', 'ya'), ['yaml']);
      assert.deepEqual(complete(name, 'decrypt', '--output-type', '='), formats);
      assert.deepEqual(complete(name, 'decrypt', '--output-type=js'), ['--output-type=json'], 'as zsh has it');
      assert.deepEqual(complete(name, '--config', 'x', 'decrypt', '--decryption-order', ''), ['age']);
      assert.deepEqual(complete(name, 'help', 'dec'), ['decrypt', 'decrypt-string']);
      assert.deepEqual(complete(name, 'help', 'groups', ''), ['add', 'delete']);
      assert.ok(!complete(name, 'help', '').includes('help'));
      assert.deepEqual(complete(name, '--config', 'x', 'dec'), ['decrypt', 'decrypt-string'], 'a value is no verb');
      assert.deepEqual(complete(name, 'decrypt', '--config', ''), [''], 'files');
      assert.deepEqual(complete(name, '--set'), ['--set']);
      assert.deepEqual(complete(name, 'check', '--format', ''), ['text', 'json', 'sarif', 'github']);
      assert.deepEqual(complete(name, 'export', '--format', 'k'), ['kubernetes', 'kestra', 'kestra-macro']);
      assert.deepEqual(complete(name, 'decrypt-string', '--format=an'), ['--format=anvil', '--format=ansible']);
      assert.deepEqual(complete(name, 'encrypt-string', '--format', 'an'), ['anvil']);
      assert.deepEqual(complete(name, 'encrypt', '--k'), ['--kms', '--keyservice']);
      assert.deepEqual(complete(name, 'exec-file', '--b'), [''], 'nothing that is refused');
    }
  });

  it('complete the environments of the folder', async function () {
    skipFor(this, missing('bash', spawnSync('bash', ['--version']).status === 0));
    const script = (await lab.run(['completion', 'bash'])).out;
    const answer = String.raw`lockstep() { [ "$*" = environments ] && printf '\t.env\nproduction\t.env.production\tdefault\nqa\tx\n'; }`;
    const given = `${script}\n${answer}\nCOMP_WORDS=(lockstep run --env-name ''); COMP_CWORD=3; _lockstep; echo "\${COMPREPLY[*]}"`;
    assert.equal(spawnSync('bash', ['--norc', '-c', given], { encoding: 'utf8' }).stdout, 'production qa\n');
    assert.match(
      (await lab.run(['completion', 'fish'])).out,
      /-l env-name -x -a '\(lockstep environments 2>\/dev\/null\)'/,
    );
    assert.match(
      (await lab.run(['completion', 'powershell'])).out,
      /'--env-name' = \{ lockstep environments 2>\$null \|/,
    );
  });

  it('complete values and verbs in fish and PowerShell', async () => {
    const script = async (shell: string, name: 'lockstep' | 'sops') =>
      (await lab.run(['completion', shell], { name })).out;
    for (const name of ['lockstep', 'sops'] as const) {
      const fish = await script('fish', name);
      const from = `complete -c ${name} -n '__fish_seen_subcommand_from`;
      assert.ok(fish.includes(`${from} decrypt' -l output-type -x -a 'yaml json dotenv ini binary'`));
      assert.ok(fish.includes(`${from} decrypt' -l output -s o -r -F`));
      assert.ok(fish.includes(`${from} help' -f -a decrypt`));
      assert.match(
        await script('powershell', name),
        /'--output-type' = @\('yaml', 'json', 'dotenv', 'ini', 'binary'\)/,
      );
      assert.match(await script('powershell', name), new RegExp(`-CommandName ${name} `));
      assert.match(await script('zsh', name), new RegExp(`complete -o default -F _${name} ${name}\n`));
    }
  });

  it('list no flag that is refused, and say how older scripts do it', async () => {
    for (const name of ['lockstep', 'sops'] as const) {
      for (const verb of Object.keys(verbs)) {
        const { out } = await lab.run([...verb.split(' '), '--help'], { name });
        assert.doesNotMatch(out, /needs sops|refused:(?! needs a network)/, verb);
        assert.ok(
          out.split('\n').every((line) => line.length <= 100),
          verb,
        );
      }
      const { out } = await lab.run(['--help'], { name });
      // Each has its line: verbs, and words that others stand behind.
      const list = (out.split('\nCommands:\n')[1] ?? '').split('\n\n')[0] ?? '';
      for (const line of list.split('\n').filter((line) => /^ {2}\S/.test(line)))
        assert.match(line, /^ {2}\S+ {2,}\S/, line);
      for (const flag of ['-d', '-e', '-r', '--set']) assert.ok(out.includes(`  ${name} ${flag} `), flag);
    }
    for (const args of [
      ['encrypt', '--pgp', 'X', 'a'],
      ['exec-env', '--user', 'x', 'a', 'b'],
      ['exec-file', '--background', 'a', 'b'],
    ]) {
      lab.write('a', '');
      const { code, err } = await lab.run(args);
      assert.equal(code, 1, 'and it still says why');
      assert.match(err, /\n.{10}/);
    }
  });
});
