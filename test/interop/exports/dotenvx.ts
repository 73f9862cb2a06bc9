import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../core/shared.ts';
import { missing, type WhyNot } from '../../skip.ts';

const version = '2.38.2';
const folder = join(root, '.cache', 'exports', `dotenvx-${version}`);

/** A script for Node. */
export const dotenvxProgram = join(folder, 'node_modules', '@dotenvx', 'dotenvx', 'src', 'cli', 'dotenvx.js');

/** Why dotenvx cannot be run here: it is installed once and kept. With CI that is an error. */
export function cannotRunDotenvx(): WhyNot {
  try {
    if (!existsSync(dotenvxProgram)) install();
    return undefined;
  } catch (error) {
    if (process.env.CI === 'true' || process.env.LOCKSTEP_REQUIRE_INTEROP === '1') throw error;
    return missing('network', false);
  }
}

function install(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `@dotenvx/dotenvx@${version}`];
  const { status, error, stderr } = spawnSync('npm', words, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm install: ${error?.message ?? stderr}`);
}
