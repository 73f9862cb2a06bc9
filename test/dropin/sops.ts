import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { builtCli } from '../cli/built.ts';
import { alice } from '../core/support.ts';

/** The real one: the runner finds or builds it. */
export const sopsPath = process.env.LOCKSTEP_SOPS ?? 'sops';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder with a `sops` on its PATH: the real one, or ours under that name. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), 'lockstep-dropin-'));
  readonly bin = join(this.folder, '.bin');

  constructor(program: string) {
    mkdirSync(this.bin);
    symlinkSync(program, join(this.bin, 'sops'));
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

  /** Runs any program; alice's key is at hand. */
  run(program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Ran {
    const path = [this.bin, dirname(process.execPath), process.env.PATH].join(delimiter);
    const ran = spawnSync(program, words, {
      cwd: this.folder,
      env: { PATH: path, HOME: this.folder, XDG_CONFIG_HOME: this.folder, SOPS_AGE_KEY: alice.identity, ...env },
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    return { code: ran.status, out: ran.stdout, err: ran.stderr };
  }

  /** Through a shell, whose pipes are such as sops can open by name. */
  sops(words: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Ran {
    const piped = input === '' ? 'exec sops "$@"' : 'cat | sops "$@"';
    return this.run('sh', ['-c', piped, 'sh', ...words], env, input);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Ours, built and ready to be linked to; the file is the caller's to remove. */
export async function builtSops(): Promise<string> {
  const cli = await builtCli();
  chmodSync(cli, 0o755);
  return cli;
}
