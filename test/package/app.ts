import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { alice } from '../core/support.ts';
import { npmEnvironment } from '../run/npm.mjs';
import { packageCli } from '../run/packagecli.mjs';

const runtimes = process.env.LOCKSTEP_RUNTIMES ?? '';
/** A file of what was installed beside the project. */
export const runtime = (...parts: string[]): string => join(runtimes, 'node_modules', ...parts);

/** Each Node that the package is for. */
export const nodes = {
  20: process.execPath,
  22: runtime('node22', 'bin', 'node'),
  24: runtime('node24', 'bin', 'node'),
};

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A program's folder, with the package as npm installs it, in a home of its own. Alice's key is in the environment. */
export class App {
  readonly home = mkdtempSync(join(tmpdir(), 'lockstep-app-'));
  readonly folder = join(this.home, 'app');
  readonly env: NodeJS.ProcessEnv = npmEnvironment({
    added: {
      ...{
        HOME: this.home,
        USERPROFILE: this.home,
        XDG_STATE_HOME: join(this.home, 'state'),
        XDG_CONFIG_HOME: this.home,
      },
      ...{ XDG_RUNTIME_DIR: join(this.home, 'run'), TMPDIR: join(this.home, 'tmp') },
      ...{ npm_config_cache: join(this.home, 'npm'), SOPS_AGE_KEY: alice.identity },
    },
  });

  async install(): Promise<void> {
    for (const name of ['app', 'tmp']) mkdirSync(join(this.home, name));
    mkdirSync(join(this.home, 'run'), { mode: 0o700 });
    // The root of a repository: nothing is looked for above it.
    mkdirSync(join(this.folder, '.git'));
    const file = await packageCli(this.home);
    this.write('package.json', '{ "private": true }\n');
    const { code, err } = this.run('npm', ['install', '--offline', '--install-links', file]);
    if (code !== 0) throw new Error(err);
  }

  /** Another copy of the package, as another dependency brings it. */
  copy(version: string): void {
    const to = join(this.folder, 'node_modules', 'other', 'node_modules', 'lockstep-secrets');
    cpSync(join(this.folder, 'node_modules', 'lockstep-secrets'), to, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(to, 'package.json'), 'utf8'));
    writeFileSync(join(to, 'package.json'), JSON.stringify({ ...manifest, version }));
  }

  link(name: string): void {
    symlinkSync(runtime(name), join(this.folder, 'node_modules', name), 'junction');
  }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  run(program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Ran {
    const { status, stdout, stderr } = spawnSync(program, words, {
      cwd: this.folder,
      env: { ...this.env, ...env },
      encoding: 'utf8',
      shell: process.platform === 'win32' && !program.endsWith('.exe'),
    });
    return { code: status, out: stdout, err: stderr };
  }

  node(words: readonly string[], env: NodeJS.ProcessEnv = {}, node: string = process.execPath): Ran {
    return this.run(node, words, env);
  }

  /** What a program on Node printed; this process goes on meanwhile. */
  async soon(words: readonly string[], env: NodeJS.ProcessEnv = {}, node: string = process.execPath): Promise<string> {
    const options = { cwd: this.folder, env: { ...this.env, ...env } };
    return (await promisify(execFile)(node, words, options)).stdout;
  }

  dispose(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
