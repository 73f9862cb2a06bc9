// Makes the VSIX. Usage: node test/run/package.mjs [file]; imported, `packageExtension(file)`.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './child.mjs';
import { cache, root } from './setup.mjs';
import { step } from './steps.mjs';

export const defaultFile = join(cache, 'package', 'lockstep-secrets.vsix');

/** Builds for production and packages what .vscodeignore lets through. Returns the file's path. */
export async function packageExtension(file = defaultFile, from = process.env.LOCKSTEP_PACKAGE_FROM ?? root) {
  await step('build and package the extension', async () => {
    if (from === root) await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: root });
    rmSync(file, { force: true });
    mkdirSync(dirname(file), { recursive: true });
    const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
    await run(
      process.execPath,
      [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '-o', file],
      {
        cwd: from,
      },
    );
  });
  return file;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  packageExtension(process.argv[2]).then(console.log);
}
