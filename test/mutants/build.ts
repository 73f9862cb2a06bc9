import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lab } from '../e2e/lab.ts';
import { run } from '../run/child.mjs';
import { root } from '../run/setup.mjs';
import type { Mutant } from './mutants.ts';

/** Builds the extension with a protection taken out, in a copy. Returns the folder of its bundles. */
export async function buildMutant({ name, edits }: Mutant): Promise<string> {
  const copy = join(lab, 'mutants', name.replace(/\W+/g, '-'));
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const part of ['src', 'media', 'esbuild.mjs', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { file, line, by } of edits) {
    const text = readFileSync(join(copy, file), 'utf8');
    writeFileSync(
      join(copy, file),
      text.replace(line, () => by),
    );
  }
  await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: copy });
  return join(copy, 'dist');
}
