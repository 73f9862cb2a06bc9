import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Context } from 'mocha';
import { root } from '../core/shared.ts';
import { alice } from '../core/support.ts';
import { npmEnvironment } from '../run/npm.mjs';
import { packageCli } from '../run/packagecli.mjs';
import { missing, skipFor } from '../skip.ts';

/** What the recipes were made to run with; '' where this machine cannot have it. */
export const tools = process.env.LOCKSTEP_RECIPES ?? '';

export const recipe = (name: string): string => join(root, 'test', 'recipes', name);

/** None of them is found by chance, in base64 neither. */
export const values = {
  'db.user': 'kanari~user~1',
  'db.password': "kanari!Vogel'#Db&7 $x",
  'registry.password': 'kanari|Registry|9',
  'api.token': 'kanari.Token.5%',
  'signing.key': generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
} as const;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Installed {
  readonly tgz: string;
  readonly bin: string;
  readonly prefix: string;
}

let installing: Promise<Installed> | undefined;

/** The command line from its npm package, as a person installs it; once for all tests of a process. */
function installed(): Promise<Installed> {
  installing ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-recipes-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const tgz = await packageCli(folder);
    const { status, stderr } = spawnSync('npm', ['install', '--offline', '--global', tgz], {
      env: { ...npmEnvironment(), npm_config_global: undefined, npm_config_prefix: folder },
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return { tgz, bin: join(folder, 'bin'), prefix: folder };
  })();
  return installing;
}

/** A repository with encrypted files of an environment `production`, with `lockstep` on the PATH and its key in a key file. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'lockstep-recipe-'));
  readonly home = mkdtempSync(join(tmpdir(), 'lockstep-home-'));
  readonly shims = join(this.home, 'bin');
  readonly keyFile = join(this.home, '.config', 'sops', 'age', 'keys.txt');
  readonly installed: Installed;

  private constructor(there: Installed) {
    this.installed = there;
  }

  /** Skips the suite where the machine has not what recipes need. */
  static async in(context: Context): Promise<World> {
    skipFor(context, missing('programs of the recipes', Boolean(tools)));
    context.timeout(120_000);
    const world = new World(await installed());
    mkdirSync(world.shims);
    mkdirSync(dirname(world.keyFile), { recursive: true });
    writeFileSync(world.keyFile, `${alice.identity}\n`, { mode: 0o600 });
    world.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient} # CI\n`);
    world.seal('secrets.production.yaml', {
      db: { user: values['db.user'], password: values['db.password'] },
      registry: { password: values['registry.password'] },
      api: { token: values['api.token'] },
      signing: { key: values['signing.key'] },
    });
    mkdirSync(join(world.folder, 'tools'));
    cpSync(world.installed.tgz, join(world.folder, 'tools', 'lockstep-secrets.tgz'));
    return world;
  }

  write(name: string, text: string, mode = 0o644): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  /** Writes an encrypted file; the plaintext is in no file at any time. */
  seal(name: string, content: unknown, type = 'yaml'): void {
    const words = ['encrypt', '--filename-override', name, '--input-type', 'json', '--output-type', type];
    const { code, out, err } = this.run('lockstep', words, {}, JSON.stringify(content));
    assert.equal(code, 0, err);
    this.write(name, out);
  }

  /** A program that recipes start, in the place of a real one that would need a server. */
  stand(name: string, script: string): void {
    const path = join(this.shims, name);
    writeFileSync(path, `#!/bin/bash\n${script}\n`);
    chmodSync(path, 0o755);
  }

  /** The recipe, in the repository under this name. */
  take(name: string, as: string): string {
    const path = join(this.folder, as);
    mkdirSync(dirname(path), { recursive: true });
    cpSync(recipe(name), path);
    return path;
  }

  commit(): void {
    const git = (...words: string[]) =>
      assert.equal(this.run('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...words]).code, 0);
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'first');
  }

  env(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const folders = [this.shims, this.installed.bin, dirname(process.execPath), process.env.PATH];
    const made = { PATH: folders.join(delimiter), HOME: this.home, XDG_STATE_HOME: join(this.home, 'state') };
    return { ...made, XDG_CONFIG_HOME: join(this.home, '.config'), ...more };
  }

  run(program: string, words: readonly string[], more: NodeJS.ProcessEnv = {}, input = ''): Ran {
    const ran = spawnSync(program, words, {
      cwd: this.folder,
      env: this.env(more),
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    return { code: ran.status, out: ran.stdout, err: ran.stderr };
  }

  /** The same while this process has something to answer. */
  async start(program: string, words: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const child = spawn(program, words, { cwd: this.folder, env: this.env(more), stdio: ['ignore', 'pipe', 'pipe'] });
    const heard: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (data) => heard[0].push(data));
    child.stderr.on('data', (data) => heard[1].push(data));
    const code = await new Promise<number | null>((resolve, reject) =>
      child.once('error', reject).once('close', resolve),
    );
    return { code, out: Buffer.concat(heard[0]).toString(), err: Buffer.concat(heard[1]).toString() };
  }

  /**
   * As `start`, watched: fails where a value is a word of any program that is started, or is written to a file. Then nothing in the
   * folders holds one. @param writes false for what writes hundreds of megabytes: its files are looked at when it has ended
   */
  async watched(
    program: string,
    words: readonly string[],
    more: NodeJS.ProcessEnv = {},
    { writes = true } = {},
  ): Promise<Ran> {
    const trace = join(this.home, 'trace');
    const made = madeBefore();
    const calls = `execve,execveat${writes ? ',write,pwrite64,writev,pwritev,pwritev2,mknod,mknodat' : ''}`;
    const strace = ['-f', '-qq', '-y', '-x', '-s', '1000000', '-e', `trace=${calls}`, '-o', trace];
    const ran = await this.start('strace', [...strace, program, ...words], more);
    const lines = readFileSync(trace, 'utf8').split('\n');
    rmSync(trace);
    assert.ok(
      lines.some((line) => line.includes('execve(')),
      'something was seen',
    );
    // What goes through a pipe with a name is on no disk.
    const pipes = [...made, ...lines.flatMap((line) => /mknod(?:at)?\(.*"(.+)", S_IFIFO/.exec(line)?.[1] ?? [])];
    for (const line of lines) {
      const file = /write\w*\(\d+<(\/(?!dev\/)[^>]*)>/.exec(line)?.[1];
      if (file === undefined ? !/execve(at)?\(/.test(line) : pipes.includes(file)) continue;
      assert.deepEqual(found(unescaped(line)), [], file === undefined ? 'in the words of a program' : `in ${file}`);
    }
    this.assertClean();
    return ran;
  }

  /** No file of the repository or the home has a value. */
  assertClean(): void {
    for (const folder of [this.folder, this.home])
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        assert.deepEqual(found(readFileSync(path, 'latin1')), [], path);
      }
  }

  dispose(): void {
    for (const folder of [this.folder, this.home]) rmSync(folder, { recursive: true, force: true });
  }
}

/** The pipes that Lockstep made in an earlier run, and keeps for later ones. */
function madeBefore(): string[] {
  const user = process.getuid?.();
  const folders = [`/run/user/${user}/lockstep`, `/tmp/lockstep-${user}`].map((folder) => join(folder, 'pipes'));
  const all = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { withFileTypes: true }));
  return all.flatMap((one) => (one.isFIFO() ? join(one.parentPath, one.name) : []));
}

/** Names of the values that are in a text: as they are, line by line, or in base64. */
export function found(text: string): string[] {
  const forms = (value: string) => [
    Buffer.from(value).toString('base64'),
    ...value.split('\n').filter((line) => line !== '' && !line.startsWith('-----')),
  ];
  return Object.entries(values).flatMap(([name, value]) =>
    forms(value).some((form) => text.includes(form)) ? [name] : [],
  );
}

/** What stand-ins print in the place of what they got. */
export const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** As strace writes quotes and backslashes. */
const unescaped = (line: string) => line.replace(/\\(["\\])/g, '$1');
