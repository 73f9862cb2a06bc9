import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../core/shared.ts';
import { alice } from '../core/support.ts';

/** The real programs: the runner finds or builds them and says where they are. */
export const sopsPath = process.env.LOCKSTEP_SOPS ?? 'sops';
export const agePath = process.env.LOCKSTEP_AGE ?? 'age';

/** A folder for one test, with its own home so that no key file of the machine plays a part. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'lockstep-interop-'));

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Run sops with one identity; its standard output. Fails with its exit code and standard error. */
  sops(args: readonly string[], identity = alice.identity, env: NodeJS.ProcessEnv = {}): string {
    const result = this.trySops(args, identity, env);
    assert.equal(result.status, 0, `sops ${args[0]} ended with ${result.status}: ${result.stderr}`);
    return result.stdout;
  }

  trySops(
    args: readonly string[],
    identity = alice.identity,
    env: NodeJS.ProcessEnv = {},
  ): { status: number | null; stdout: string; stderr: string } {
    const options = { cwd: this.folder, env: { ...this.#env(identity), ...env }, maxBuffer: 1 << 28 };
    return spawnSync(sopsPath, args, { ...options, encoding: 'utf8' });
  }

  age(args: readonly string[], input: string | Uint8Array): Buffer {
    return execFileSync(agePath, args, { cwd: this.folder, env: this.#env(''), input });
  }

  /** Run age where it can ask for a pass phrase: on a terminal of its own, made by `script`. */
  ageOnTerminal(command: string, answers: string): boolean {
    const args = ['-qec', `${agePath} ${command}`, join(this.folder, 'typescript')];
    return (
      spawnSync('script', args, { cwd: this.folder, env: this.#env(''), input: `${answers}\n`, timeout: 60_000 })
        .status === 0
    );
  }

  /** What sops writes with its questions answered on a terminal of its own. Throws when it fails. */
  sopsOnTerminal(command: string, answers: string, env: NodeJS.ProcessEnv = {}): string {
    return this.onTerminal(`${sopsPath} ${command}`, answers, env);
  }

  /** The same of any command. */
  onTerminal(command: string, answers: string, env: NodeJS.ProcessEnv = {}): string {
    const args = ['-qec', `${command} > output`, join(this.folder, 'typescript')];
    const options = { cwd: this.folder, env: { ...this.#env(''), ...env }, input: `${answers}\n`, timeout: 60_000 };
    assert.equal(spawnSync('script', args, options).status, 0, `${command} failed`);
    return readFileSync(join(this.folder, 'output'), 'utf8');
  }

  #env(identity: string): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, HOME: this.folder, XDG_CONFIG_HOME: this.folder, SOPS_AGE_KEY: identity };
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** identity.ts as it is shipped: what the test runner makes of scrypt's inner loop is twenty times slower. */
export async function bundledIdentity(): Promise<typeof import('../../src/core/age/private/identityfile.ts')> {
  const outfile = join(root, '.cache', 'interop', `identity-${process.pid}.cjs`);
  const entry = join(root, 'src', 'core', 'age', 'private', 'identityfile.ts');
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' });
  return createRequire(outfile)(outfile);
}
