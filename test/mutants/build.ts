import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { lab } from '../e2e/lab.ts';
import { run } from '../run/child.mjs';
import { Copy } from './copy.ts';
import type { Mutant } from './mutants.ts';

/** Builds the extension with a protection taken out, in a copy. Returns the folder of its bundles. */
export async function buildMutant(mutant: Mutant): Promise<string> {
  const copy = new Copy('build', ['src', 'media', 'esbuild.mjs', 'package.json', 'tsconfig.json']);
  const dist = join(lab, 'mutants', mutant.name.replace(/\W+/g, '-'));
  try {
    await copy.without(mutant, () => run(process.execPath, ['esbuild.mjs', '--production'], { cwd: copy.folder }));
    cpSync(join(copy.folder, 'dist'), dist, { recursive: true });
  } finally {
    copy.remove();
  }
  return dist;
}
