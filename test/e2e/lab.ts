import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installAll } from '../run/installed.mjs';
import { packageExtension } from '../run/package.mjs';
import { cache } from '../run/setup.mjs';

const labs = join(cache, 'e2e');
export const artifacts = join(cache, 'artifacts');

/** The folder of this test run; those of runs that have ended are removed. */
export const lab = join(labs, `run-${process.pid}`);

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function prepare(): void {
  mkdirSync(lab, { recursive: true });
  mkdirSync(artifacts, { recursive: true });
  for (const name of readdirSync(labs)) {
    const pid = Number(/^run-(\d+)$/.exec(name)?.[1]);
    if (!pid || !alive(pid)) rmSync(join(labs, name), { recursive: true, force: true });
  }
}

async function install(): Promise<string> {
  prepare();
  // A run has done it before its processes began.
  if (process.env.LOCKSTEP_INSTALLED) return process.env.LOCKSTEP_INSTALLED;
  const vsix = process.env.LOCKSTEP_VSIX ?? (await packageExtension(join(lab, 'lockstep.vsix')));
  return installAll(lab, vsix);
}

let installed: Promise<string> | undefined;

/**
 * Copies an extensions folder with the packaged extension and the spy, installed once in a run, to `target`. The bundles in
 * `dist` take the place of the extension's own.
 */
export async function installInto(target: string, dist?: string): Promise<void> {
  installed ??= install();
  const source = await installed;
  if (!existsSync(target)) cpSync(source, target, { recursive: true });
  const own = readdirSync(target).find((name) => name.startsWith('lockstep.'));
  if (dist && own) cpSync(dist, join(target, own, 'dist'), { recursive: true });
}

/**
 * A random text that is found nowhere by chance, nor eight characters of it: it has no label, and letters of 62 kinds. Make
 * it at run time only, so that no source holds it.
 */
export function canary(): string {
  const letters = randomBytes(60)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '');
  return `c${letters.slice(0, 31)}`;
}
