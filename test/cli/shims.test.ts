import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveBack, keptVariables } from '../../src/node/kept.ts';
import { shimsOf } from '../../src/node/shims.ts';
import { alice } from '../core/support.ts';
import { describeUnless, windows } from '../skip.ts';
import { builtCli } from './built.ts';
import { Lab } from './lab.ts';

/** A hook as VS Code's debugger puts it into every Node: it tells which program it is in. */
const hook = "require('node:fs').appendFileSync(process.env.HOOK_LOG, process.argv[1] + '\\n');";
const program = `const { env, argv } = process;
console.log(JSON.stringify({ words: argv.slice(2), names: Object.keys(env), options: env.NODE_OPTIONS, odd: env.NODE_PATH }));`;

describeUnless(windows, 'the program that starts the command line from VS Code', () => {
  let lab: Lab;
  let cli = '';
  const at = (name: string) => join(lab.folder, name);
  const bin = () => at('a folder, with "quotes" and $HOME');
  before(async () => {
    lab = new Lab();
    lab.write('.env', 'TOKEN=canary-shim-1\n');
    assert.equal((await lab.run(['encrypt', '-i', '--age', alice.recipient, '.env'])).code, 0);
    lab.write('hook.cjs', hook);
    lab.write('program.cjs', program);
    cli = await builtCli();
  });
  after(() => lab.dispose());

  const install = (isElectron = false) =>
    shimsOf({ node: process.execPath, isElectron, platform: 'linux' }).install(bin(), cli);
  const start = (path: string, env: NodeJS.ProcessEnv, ...words: string[]) => {
    const all = ['run', '--no-redact', '--', process.execPath, at('program.cjs'), ...words];
    const log = at('hooked');
    writeFileSync(log, '');
    const { status, stdout, stderr } = spawnSync(path, all, {
      cwd: at('.'),
      encoding: 'utf8',
      env: { PATH: process.env.PATH, SOPS_AGE_KEY: alice.identity, HOME: at('.'), HOOK_LOG: log, ...env },
    });
    assert.equal(status, 0, stderr);
    return { hooked: readFileSync(log, 'utf8').split('\n').filter(Boolean), ...JSON.parse(stdout) };
  };

  it('loads nothing that is meant for other programs, and gives it back to the one it starts', async () => {
    const { program } = await install();
    const options = `--require ${at('hook.cjs')}`;
    const odd = `it's "odd" $(touch never) \`x\`\nsecond line\\`;
    const seen = start(program, { NODE_OPTIONS: options, NODE_PATH: odd, VSCODE_INSPECTOR_OPTIONS: '{}' });
    assert.deepEqual(seen.hooked, [at('program.cjs')]);
    assert.equal(seen.options, options);
    assert.equal(seen.odd, odd);
    assert.ok(seen.names.includes('VSCODE_INSPECTOR_OPTIONS'));
    assert.ok(seen.names.includes('TOKEN'));
    assert.deepEqual(
      seen.names.filter((name: string) => name.startsWith('LOCKSTEP')),
      [],
    );
    assert.ok(!existsSync(at('never')));
  });

  it('passes words on as they are', async () => {
    const { program } = await install();
    const words = ['two words', "it's", '"', '$HOME', '', '*', '--', 'é\n'];
    assert.deepEqual(start(program, {}, ...words).words, words);
  });

  it('adds nothing that was not there, and believes nobody who prepared what is given back', async () => {
    const { program } = await install();
    const { names } = start(program, { LOCKSTEP_KEPT_NODE_OPTIONS: '--require ./hook.cjs', LOCKSTEP_KEPT: '1' });
    assert.deepEqual(
      names.filter((name: string) => /^(NODE_|ELECTRON|LOCKSTEP|VSCODE)/.test(name)),
      [],
    );
  });

  it('runs in the program of VS Code on a desktop, which is not told to be Node for anybody else', async () => {
    const { program } = await install(true);
    assert.match(readFileSync(program, 'utf8'), /ELECTRON_RUN_AS_NODE=1/);
    assert.ok(!start(program, {}).names.includes('ELECTRON_RUN_AS_NODE'));
    assert.ok(start(program, { ELECTRON_RUN_AS_NODE: '1' }).names.includes('ELECTRON_RUN_AS_NODE'));
  });

  it('is written once, for this user alone, and mended where it is not as it should be', async () => {
    const { program } = await install();
    const both = readdirSync(bin()).sort();
    assert.deepEqual(both, ['age-plugin-lockstep', 'lockstep']);
    const before = statSync(program);
    await install();
    assert.equal(statSync(program).ino, before.ino);
    assert.equal(before.mode & 0o777, 0o700);
    assert.equal(statSync(bin()).mode & 0o777, 0o700);
    writeFileSync(program, '#!/bin/sh\necho old\n');
    chmodSync(program, 0o644);
    chmodSync(bin(), 0o755);
    await install();
    assert.equal(statSync(program).mode & 0o777, 0o700);
    assert.equal(statSync(bin()).mode & 0o777, 0o700);
    assert.match(readFileSync(program, 'utf8'), /exec/);
  });

  it('says so where it cannot be written', async () => {
    writeFileSync(at('file'), '');
    const shims = shimsOf({ node: process.execPath, isElectron: false, platform: 'linux' });
    await assert.rejects(shims.install(at('file/bin'), cli), /ENOTDIR/);
  });
});

describe('the same on Windows', () => {
  it('is a batch file for terminals, and the program itself for VS Code', async () => {
    const lab = new Lab();
    const bin = join(lab.folder, 'bin');
    mkdirSync(bin);
    const shims = shimsOf({ node: 'C:\\100%\\Code.exe', isElectron: true, platform: 'win32' });
    const { program, args, env } = await shims.install(bin, 'C:\\ext\\dist\\cli.js');
    assert.deepEqual([program, args], ['C:\\100%\\Code.exe', ['C:\\ext\\dist\\cli.js']]);
    assert.equal(env.NODE_OPTIONS, '');
    assert.equal(env.ELECTRON_RUN_AS_NODE, '1');
    const text = readFileSync(join(bin, 'lockstep.cmd'), 'utf8');
    assert.match(text, /^set "NODE_OPTIONS="\r$/m);
    assert.match(text, /^"C:\\100%%\\Code\.exe" "C:\\ext\\dist\\cli\.js" %\*\r$/m);
    lab.dispose();
  });

  it('of Windows is found in a home whose letters the console reads as others', async () => {
    const lab = new Lab();
    const [home, bin] = [join(lab.folder, 'Jürgen'), join(lab.folder, 'Jürgen', 'a b')];
    mkdirSync(bin, { recursive: true });
    const [node, cli] = [join(home, '100%', 'Code.exe'), join(home, 'ext', 'cli.js')];
    await shimsOf({ node, isElectron: true, platform: 'win32' }).install(bin, cli);
    const text = readFileSync(join(bin, 'lockstep.cmd'), 'latin1');
    assert.match(text, /^"%~dp0\.\.\\100%%\\Code\.exe" "%~dp0\.\.\\ext\\cli\.js" %\*\r$/m);
    // From another drive there is no such way.
    await shimsOf({ node: 'D:\\ü\\Code.exe', isElectron: true, platform: 'win32' }).install(bin, cli);
    assert.match(readFileSync(join(bin, 'lockstep.cmd'), 'utf8'), /^"D:\\ü\\Code\.exe" "%~dp0/m);
    lab.dispose();
  });

  it('leaves no variable behind', () => {
    const env = Object.fromEntries([...keptVariables.map((name) => [name, '']), ['LOCKSTEP_KEPT', '1'], ['PATH', 'x']]);
    giveBack(env);
    assert.deepEqual(env, { PATH: 'x' });
  });
});
