import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  sops(args: readonly string[], identity = alice.identity): string {
    const result = this.trySops(args, identity);
    assert.equal(result.status, 0, `sops ${args[0]} ended with ${result.status}: ${result.stderr}`);
    return result.stdout;
  }

  trySops(args: readonly string[], identity = alice.identity): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(sopsPath, args, { cwd: this.folder, env: this.#env(identity), encoding: 'utf8', maxBuffer: 1 << 28 });
  }

  age(args: readonly string[], input: string | Uint8Array): Buffer {
    return execFileSync(agePath, args, { cwd: this.folder, env: this.#env(''), input });
  }

  #env(identity: string): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, HOME: this.folder, XDG_CONFIG_HOME: this.folder, SOPS_AGE_KEY: identity };
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
