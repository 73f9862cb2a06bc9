// The extensions folder of the tests in a real VS Code: ours as it is packaged, and the spy.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packFolder } from './package.mjs';
import { installExtensions } from './server.mjs';
import { ensureServer, root } from './setup.mjs';

/**
 * Installs both below a folder, once for all processes of a run.
 * @param {string} folder
 * @param {string} vsix
 * @returns {Promise<string>} the extensions folder, to be copied
 */
export async function installAll(folder, vsix) {
  mkdirSync(folder, { recursive: true });
  const server = await ensureServer();
  const spy = join(folder, 'spy.vsix');
  await packFolder(join(root, 'test', 'e2e', 'spy'), spy);
  const extensions = join(folder, 'extensions');
  await installExtensions(server, [vsix, spy], { userData: join(folder, 'install'), extensions });
  return extensions;
}
